import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { hubTokenDefinition } from "../../provider/src/resources/hubToken/lifecycle";
import { hubTokenPredecessorsDefinition as definition } from "../../provider/src/resources/hubTokenPredecessors/lifecycle";
import { withMark } from "../../provider/src/rules/mark";
import { startHub, type Hub } from "../support/hub";
import { Clock, ResourceHarness } from "../support/lifecycle";

const OWNER = "0123abcd";

describe("HubTokenPredecessors on a Hub", () => {
  let hub: Hub;
  let clock: Clock;
  let account: string;

  beforeEach(async () => {
    clock = new Clock();
    hub = await startHub({ now: () => clock.now });
    account = (await byHand().createServiceAccount("acme", { name: "ci" }))._id;
  });
  afterEach(() => hub.close());

  const byHand = () => new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  const live = () =>
    hub.store
      .tokensOf(account)
      .map(({ id }) => id)
      .sort();
  const marked = async (owner = OWNER) =>
    (
      await byHand().createServiceAccountToken("acme", account, {
        displayName: withMark("ci", { owner, random: "beef" }),
      })
    ).tokenInfo._id;

  /** A token with its child, as the class declares them. */
  class Pair {
    readonly token = new ResourceHarness(hubTokenDefinition, { hub, clock });
    readonly child = new ResourceHarness(definition, { hub, clock });

    constructor(
      public changes: object = {},
      readonly place: object = { organization: "acme", serviceAccount: account, permissions: ["org.read"] },
      claims?: Set<string>,
    ) {
      this.token.surroundings.claims = this.child.surroundings.claims = claims;
    }

    /** The next run is another process, which does not know what the last one has seen. */
    startRun(claims = new Set<string>()): void {
      this.token.surroundings.claims = this.child.surroundings.claims = claims;
      this.child.surroundings.reported = new Map();
    }

    childArgs(): object {
      const { tokenId, status, predecessors, organization, serviceAccount } = this.token.kept;
      const { overlapHours, idleMinutes, revokeStrays } = this.token.kept;
      return {
        owner: OWNER,
        tokenId,
        status,
        predecessors,
        organization,
        serviceAccount,
        overlapHours,
        idleMinutes,
        revokeStrays,
      };
    }

    /** One `up`; returns what happened to the child. */
    async up(changes: object = {}): Promise<string> {
      this.changes = { ...this.changes, ...changes };
      await this.token.up({ owner: OWNER, name: "ci", ...this.place, ...this.changes });
      return this.child.up(this.childArgs());
    }

    /** One `up --refresh`. */
    async upRefresh(changes: object = {}): Promise<string> {
      this.startRun();
      await this.refresh();
      return this.up(changes);
    }

    preview(): string {
      return this.child.preview(this.childArgs());
    }

    async refresh(): Promise<void> {
      await this.token.refresh();
      await this.child.refresh();
    }

    rotate(n: string): Promise<string> {
      return this.up({ rotationTriggers: { n } });
    }
  }

  it("has nothing to do for a token without predecessors", async () => {
    const pair = new Pair();
    assert.equal(await pair.up(), "create");
    assert.equal(await pair.up(), "same");
    assert.equal(pair.child.id, `acme/${account}/${OWNER}/predecessors`);
    assert.deepEqual(await pair.child.refresh(), []);
  });

  it("revokes a predecessor in the first `up` after the overlap, and reports it", async () => {
    const pair = new Pair();
    await pair.up();
    const first = pair.token.kept.tokenId;
    assert.equal(await pair.rotate("1"), "update");
    assert.deepEqual(pair.child.kept.pending, [{ tokenId: first, supersededAt: clock.now.toISOString() }]);
    clock.pass(23.9);
    assert.equal(pair.preview(), "same", "nothing to do while both are meant to be valid");
    assert.equal(await pair.up(), "same");
    assert.equal(live().length, 2);
    clock.pass(0.1);
    assert.equal(pair.preview(), "update");
    assert.equal(await pair.up(), "update");
    assert.deepEqual(live(), [pair.token.kept.tokenId]);
    assert.ok(pair.child.said.some(({ message }) => /^revoked the predecessor ci \[/.test(message)));
    assert.equal(await pair.up(), "same");
  });

  it("may revoke in the next run with 0 hours and 0 minutes, but never in the run that rotates", async () => {
    const pair = new Pair({ overlapHours: 0, idleMinutes: 0 });
    await pair.up();
    const first = pair.token.kept.tokenId;
    await pair.rotate("1");
    assert.equal(live().length, 2, "dependents may not have the successor yet");
    hub.store.markTokenUsed(first, clock.now);
    assert.equal(await pair.up(), "update");
    assert.deepEqual(live(), [pair.token.kept.tokenId]);
  });

  it("keeps a predecessor if someone revoked its successor on the Hub", async () => {
    const pair = new Pair();
    await pair.up();
    const first = pair.token.kept.tokenId;
    await pair.rotate("1");
    hub.store.revokeToken(pair.token.kept.tokenId);
    clock.pass(25);
    assert.equal(await pair.up(), "update");
    assert.match(pair.child.warnings().join("\n"), /stays valid: its successor is not on the Hub/);
    for (const plan of ["update", "same"]) assert.equal(await pair.upRefresh(), plan);
    assert.match(pair.child.warnings().join("\n"), /stays valid: its successor is revoked/);
    assert.deepEqual(live(), [first]);
    await pair.rotate("2");
    clock.pass(23.9);
    await pair.up();
    assert.deepEqual(
      live(),
      [first, pair.token.kept.tokenId].sort(),
      "users of the predecessor may not have the new token yet",
    );
    clock.pass(0.1);
    assert.equal(await pair.up(), "update");
    assert.deepEqual(live(), [pair.token.kept.tokenId]);
  });

  it("revokes a predecessor whose successor has expired", async () => {
    const pair = new Pair({}, {});
    await pair.up();
    const first = pair.token.kept.tokenId;
    const isLive = () =>
      [...hub.store.userTokens.values()].some((each) => each.name === first && !each.deletedAt);
    await pair.up({ expiresAt: new Date(clock.now.getTime() + 30 * 86_400_000).toISOString() });
    clock.pass(31 * 24);
    await pair.upRefresh();
    assert.deepEqual([pair.token.kept.status, isLive()], ["expired", false]);
  });

  it("keeps a predecessor, and restarts its overlap, if its successor lost its value to a rotation by hand", async () => {
    const pair = new Pair();
    await pair.up();
    const first = pair.token.kept.tokenId;
    await pair.rotate("1");
    const second = pair.token.kept.tokenId;
    const { tables } = hub.store;
    tables.serviceAccountTokens.put(second, {
      ...hub.store.serviceAccountTokens.get(second)!,
      last4: "zzzz",
    });
    clock.pass(25);
    await pair.upRefresh();
    assert.deepEqual(live(), [first, second].sort());
    await pair.upRefresh({ rotationTriggers: { n: "2" } });
    clock.pass(23.9);
    await pair.upRefresh();
    assert.equal(live().length, 3);
    clock.pass(0.1);
    await pair.upRefresh();
    assert.deepEqual(live(), [pair.token.kept.tokenId]);
  });

  it("later revokes what a run that was interrupted after the rotation has left", async () => {
    const pair = new Pair();
    await pair.up();
    await pair.token.up({ owner: OWNER, name: "ci", ...pair.place, rotationTriggers: { n: "1" } });
    // The child never ran; a refresh sees a token that it does not know, which is the current one.
    await pair.refresh();
    clock.pass(48);
    await pair.up({ rotationTriggers: { n: "1" } });
    assert.ok(live().includes(pair.token.kept.tokenId), "the current token is never touched");
    await pair.up();
    assert.deepEqual(live(), [pair.token.kept.tokenId]);
  });

  it("is not misled by a 404 that means that the credentials cannot see the account", async () => {
    const pair = new Pair();
    await pair.up();
    await pair.rotate("1");
    clock.pass(25);
    for (const step of [() => pair.child.refresh(), () => pair.up(), () => pair.child.destroy()]) {
      hub.inject({
        path: /service-accounts\//,
        effect: { status: 404, body: { error: "Service account not found" } },
        times: 2,
      });
      await assert.rejects(step, /not found/);
      hub.clearFaults();
      assert.equal(live().length, 2);
      assert.equal(pair.child.kept.pending.length, 1);
    }
  });

  describe("strays", () => {
    it("are reported by each run, and revoked only if the program asks for it", async () => {
      const stray = await marked();
      const pair = new Pair();
      await pair.up();
      for (let night = 1; night <= 3; night++) {
        clock.pass(24);
        const before = pair.child.warnings().length;
        await pair.refresh();
        assert.equal(pair.preview(), "same");
        const said = pair.child.warnings().slice(before);
        assert.ok(said.length > 0);
        for (const text of said) assert.match(text, /\((?:24 h|2 days|3 days) old, never used\)/);
        assert.ok(live().includes(stray));
      }
      await pair.child.destroy();
      await pair.token.destroy();
      assert.deepEqual(live(), [stray]);
    });

    it("are recorded by one run, and revoked by a later one after the overlap if the program asks for it", async () => {
      const stray = await marked();
      const pair = new Pair({ revokeStrays: true });
      await pair.up();
      assert.deepEqual(pair.child.kept.strays, [
        {
          ...{ tokenId: stray, hubName: withMark("ci", { owner: OWNER, random: "beef" }) },
          ...{ createdAt: clock.now.toISOString(), used: false },
        },
      ]);
      assert.equal(await pair.upRefresh(), "same", "the stray is too young");
      clock.pass(24);
      pair.startRun();
      assert.equal(pair.preview(), "same", "without a refresh");
      pair.startRun();
      await pair.refresh();
      assert.equal(pair.preview(), "update");
      await pair.up();
      assert.deepEqual(live(), [pair.token.kept.tokenId]);
      assert.deepEqual(pair.child.kept.strays, []);
      assert.equal(pair.preview(), "same");
    });

    it("that an earlier version recorded are not revoked by the update to this one", async () => {
      const stray = await marked();
      const pair = new Pair();
      await pair.up();
      clock.pass(48);
      pair.child.kept.strays = [{ tokenId: stray, hubName: "ci", used: false }];
      assert.equal(pair.preview(), "same");
      await pair.up({ overlapHours: 1 });
      assert.ok(live().includes(stray));
      pair.child.kept.strays = [{ tokenId: stray, hubName: "ci", used: false }];
      await pair.upRefresh({ revokeStrays: true });
      assert.ok(
        live().includes(stray),
        "without a creation time it may have been another token of that name",
      );
      await pair.upRefresh();
      assert.deepEqual(live(), [pair.token.kept.tokenId]);
    });

    it("with the name of one that an earlier run recorded are only recorded", async () => {
      const pair = new Pair({ revokeStrays: true, overlapHours: 0 }, {});
      const mine = () =>
        hub.store.tokensOfUser("ada-admin").filter(({ name }) => name.includes(OWNER)).length;
      const name = withMark("ci", { owner: OWNER, random: "beef" });
      await pair.up();
      await byHand().createToken({ name, role: "read" });
      await pair.refresh();
      await byHand().revokeToken(name);
      clock.pass(1);
      await byHand().createToken({ name, role: "read" });
      await pair.upRefresh();
      assert.equal(mine(), 2);
      await pair.upRefresh();
      assert.equal(mine(), 1);
    });

    it("do not include the tokens and predecessors of another resource with the same mark", async () => {
      let claims = new Set<string>();
      const settings = { idleMinutes: 0, revokeStrays: true };
      const one = new Pair({ overlapHours: 1, ...settings }, undefined, claims);
      const other = new Pair({ overlapHours: 100, ...settings }, undefined, claims);
      const run = async (...steps: (() => Promise<unknown>)[]) => {
        claims = new Set();
        one.startRun(claims);
        other.startRun(claims);
        for (const step of steps) await step();
      };
      await one.up();
      await run(
        () => one.token.up({ owner: OWNER, name: "ci", ...one.place, ...one.changes }),
        () => other.up(),
      );
      const kept = () => [one.token.kept.tokenId, other.token.kept.tokenId];
      const before = other.token.kept.tokenId;
      await run(
        () => one.token.refresh(),
        () => other.token.refresh(),
        () => one.child.refresh(),
        () => other.rotate("1"),
      );
      clock.pass(2);
      for (let night = 0; night < 3; night++) {
        await run(
          () => one.token.refresh(),
          () => other.token.refresh(),
          () => one.child.refresh(),
          () => other.child.refresh(),
          () => one.up(),
          () => other.up(),
        );
      }
      assert.deepEqual(live(), [...kept(), before].sort());
      assert.deepEqual([...one.child.warnings(), ...other.child.warnings()], []);
      assert.deepEqual([...one.child.kept.strays, ...other.child.kept.strays], []);
    });

    it("do not include tokens without a mark or with another owner's", async () => {
      const others = [
        (await byHand().createServiceAccountToken("acme", account, { displayName: "ci" })).tokenInfo._id,
        await marked("ffffffff"),
      ];
      const pair = new Pair();
      await pair.up();
      await pair.refresh();
      await pair.up();
      assert.deepEqual(pair.child.kept.strays, []);
      await pair.child.destroy();
      await pair.token.destroy();
      assert.deepEqual(live(), others.sort());
    });
  });

  it("works for a user's own tokens, but only with that user's credentials", async () => {
    const pair = new Pair({ revokeStrays: true }, {});
    const names = () =>
      hub.store
        .tokensOfUser("ada-admin")
        .map(({ name }) => name)
        .filter((name) => name.startsWith("ci ["))
        .sort();
    await pair.up();
    const stray = withMark("ci", { owner: OWNER, random: "beef" });
    await byHand().createToken({ name: stray, role: "read" });
    const first = pair.token.kept.tokenId;
    await pair.rotate("1");
    clock.pass(25);
    pair.child.surroundings.token = hub.tokens.outsider;
    await assert.rejects(() => pair.child.refresh(), /token of the user ada-admin/);
    await assert.rejects(() => pair.child.up(pair.childArgs()), /token of the user ada-admin/);
    await assert.rejects(() => pair.child.destroy(), /token of the user ada-admin/);
    pair.child.surroundings.token = undefined;
    assert.deepEqual(names(), [first, stray, pair.token.kept.tokenId].sort());
    await pair.upRefresh();
    assert.deepEqual(names(), [pair.token.kept.tokenId]);
  });
});
