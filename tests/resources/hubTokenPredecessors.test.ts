import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { hubTokenDefinition } from "../../provider/src/resources/hubToken/lifecycle";
import { hubTokenPredecessorsDefinition } from "../../provider/src/resources/hubTokenPredecessors/lifecycle";
import { withMark } from "../../provider/src/rules/mark";
import { startHub, type Hub } from "../support/hub";
import { Clock, Slot } from "../support/lifecycle";

const OWNER = "0123abcd";

describe("HubTokenPredecessors", () => {
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
    readonly token = new Slot(hubTokenDefinition, { hub, clock });
    readonly child = new Slot(hubTokenPredecessorsDefinition, { hub, clock });

    constructor(
      public changes: object = {},
      readonly place: object = { organization: "acme", serviceAccount: account, permissions: ["org.read"] },
      claims?: Set<string>,
    ) {
      this.token.surroundings.claims = this.child.surroundings.claims = claims;
    }

    /** The run goes on in another process, which knows nothing of what the last one has seen. */
    startRun(claims: Set<string>): void {
      this.token.surroundings.claims = this.child.surroundings.claims = claims;
    }

    childArgs(): object {
      const { tokenId, predecessors, organization, serviceAccount, overlapHours, idleMinutes } =
        this.token.kept;
      return {
        owner: OWNER,
        tokenId,
        predecessors,
        organization,
        serviceAccount,
        overlapHours,
        idleMinutes,
      };
    }

    /** One `up`; gives what happened to the child. */
    async up(changes: object = {}): Promise<string> {
      this.changes = { ...this.changes, ...changes };
      await this.token.up({ owner: OWNER, name: "ci", ...this.place, ...this.changes });
      return this.child.up(this.childArgs());
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

  it("has nothing to do beside a token without predecessors", async () => {
    const pair = new Pair();
    assert.equal(await pair.up(), "create");
    assert.equal(await pair.up(), "same");
    assert.equal(pair.child.id, `acme/${account}/${OWNER}/predecessors`);
    assert.deepEqual(await pair.child.refresh(), []);
  });

  it("revokes a predecessor in the first up after the overlap, and says so", async () => {
    const pair = new Pair();
    await pair.up();
    const first = pair.token.kept.tokenId;
    assert.equal(await pair.rotate("1"), "update");
    assert.deepEqual(pair.child.kept.pending, [{ tokenId: first, supersededAt: clock.now.toISOString() }]);
    clock.pass(23.9);
    assert.equal(pair.preview(), "same", "nothing to see while both are meant to live");
    assert.equal(await pair.up(), "same");
    assert.equal(live().length, 2);
    clock.pass(0.1);
    assert.equal(pair.preview(), "update");
    assert.equal(await pair.up(), "update");
    assert.deepEqual(live(), [pair.token.kept.tokenId]);
    assert.ok(pair.child.said.some(({ message }) => /^revoked the predecessor ci \[/.test(message)));
    assert.equal(await pair.up(), "same");
  });

  it("waits until the predecessor has been idle, and says that too", async () => {
    const pair = new Pair({ idleMinutes: 60 });
    await pair.up();
    const first = pair.token.kept.tokenId;
    await pair.rotate("1");
    clock.pass(25);
    hub.store.markTokenUsed(first, new Date(clock.now.getTime() - 59 * 60_000));
    assert.equal(await pair.up(), "update");
    assert.equal(live().length, 2);
    assert.ok(pair.child.warnings().some((message) => /was used 59 min ago/.test(message)));
    clock.pass(1 / 60);
    assert.equal(await pair.up(), "update");
    assert.deepEqual(live(), [pair.token.kept.tokenId]);
  });

  it("asks nothing with 0 minutes, and ends at once with 0 hours, but never in the run that rotates", async () => {
    const pair = new Pair({ overlapHours: 0, idleMinutes: 0 });
    await pair.up();
    const first = pair.token.kept.tokenId;
    await pair.rotate("1");
    assert.equal(live().length, 2, "dependents may not have the successor yet");
    hub.store.markTokenUsed(first, clock.now);
    assert.equal(await pair.up(), "update");
    assert.deepEqual(live(), [pair.token.kept.tokenId]);
  });

  it("keeps several apart, each with an overlap of its own", async () => {
    const pair = new Pair();
    await pair.up();
    const first = pair.token.kept.tokenId;
    await pair.rotate("1");
    clock.pass(12);
    const second = pair.token.kept.tokenId;
    await pair.rotate("2");
    clock.pass(13);
    await pair.up();
    assert.deepEqual(live(), [second, pair.token.kept.tokenId].sort());
    assert.ok(!live().includes(first));
    clock.pass(12);
    await pair.up();
    assert.deepEqual(live(), [pair.token.kept.tokenId]);
  });

  it("takes up later what a run that was cut off after the rotation has left", async () => {
    const pair = new Pair();
    await pair.up();
    await pair.token.up({ owner: OWNER, name: "ci", ...pair.place, rotationTriggers: { n: "1" } });
    // The child never ran; a refresh sees a token that it does not know: the current one.
    await pair.refresh();
    clock.pass(48);
    await pair.up({ rotationTriggers: { n: "1" } });
    assert.ok(live().includes(pair.token.kept.tokenId), "the current token is never touched");
    await pair.up();
    assert.deepEqual(live(), [pair.token.kept.tokenId]);
  });

  it("finds no predecessor that was revoked by hand, and no account that is gone", async () => {
    const pair = new Pair();
    await pair.up();
    const first = pair.token.kept.tokenId;
    await pair.rotate("1");
    hub.store.revokeToken(first);
    assert.deepEqual(await pair.child.refresh(), []);
    assert.deepEqual(pair.child.kept.pending, []);
    assert.equal(pair.preview(), "same");
    await byHand().deleteServiceAccount("acme", account);
    await pair.refresh();
    await pair.child.destroy();
  });

  it("ends pending ones in a destroy", async () => {
    const pair = new Pair();
    await pair.up();
    await pair.rotate("1");
    await pair.child.destroy();
    assert.deepEqual(live(), [pair.token.kept.tokenId]);
  });

  it("takes a 404 that means `not for you` for an error", async () => {
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
    it("are recorded by one run, and revoked by a later one if they were never used", async () => {
      const stray = await marked();
      const pair = new Pair();
      await pair.up();
      assert.deepEqual(
        pair.child.kept.strays.map(({ tokenId, used }) => [tokenId, used]),
        [[stray, false]],
      );
      assert.ok(pair.child.warnings().some((message) => /is in no state/.test(message)));
      assert.ok(live().includes(stray), "not in the run that finds it");
      assert.equal(pair.preview(), "update");
      await pair.up();
      assert.deepEqual(live(), [pair.token.kept.tokenId]);
      assert.deepEqual(pair.child.kept.strays, []);
      assert.equal(pair.preview(), "same");
    });

    it("are found by a refresh too", async () => {
      const pair = new Pair();
      await pair.up();
      const stray = await marked();
      assert.equal(pair.preview(), "same");
      await pair.refresh();
      assert.equal(pair.preview(), "update");
      await pair.up();
      assert.ok(!live().includes(stray));
    });

    it("are only reported once they were used, also if that came between finding and revoking", async () => {
      const used = await marked();
      hub.store.markTokenUsed(used, clock.now);
      const late = await marked();
      const pair = new Pair();
      await pair.up();
      hub.store.markTokenUsed(late, clock.now);
      assert.equal(pair.preview(), "update");
      await pair.up();
      assert.deepEqual(live(), [used, late, pair.token.kept.tokenId].sort());
      assert.equal(pair.preview(), "same", "nothing more can be done by itself");
      pair.child.said.length = 0;
      pair.preview();
      assert.equal(pair.child.warnings().length, 2);
      // Not even in a destroy.
      await pair.child.destroy();
      assert.deepEqual(live(), [used, late, pair.token.kept.tokenId].sort());
    });

    it("never are the tokens of another resource that carries the same mark, nor its predecessors", async () => {
      let claims = new Set<string>();
      const one = new Pair({ overlapHours: 1, idleMinutes: 0 }, undefined, claims);
      const other = new Pair({ overlapHours: 100, idleMinutes: 0 }, undefined, claims);
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
    });

    it("are not revoked where the resource that holds them makes itself known only later", async () => {
      const one = new Pair();
      const other = new Pair();
      await other.up();
      await one.up();
      assert.equal(one.child.kept.strays.length, 1, "in this run nothing was known of the other");
      assert.equal(one.preview(), "update");
      one.startRun(new Set([other.token.kept.tokenId]));
      assert.equal(one.preview(), "same");
      one.child.state = { ...one.child.kept, overlapHours: 3 };
      assert.equal(await one.up(), "update");
      assert.deepEqual(live(), [one.token.kept.tokenId, other.token.kept.tokenId].sort());
      assert.deepEqual(one.child.kept.strays, []);
    });

    it("are left by a destroy that finds them first: another resource may hold them", async () => {
      const pair = new Pair();
      await pair.up();
      const unknown = await marked();
      await pair.child.destroy();
      assert.ok(live().includes(unknown));
      assert.ok(pair.child.warnings().some((message) => /not known to this stack/.test(message)));
    });

    it("never are tokens without a mark, or with another owner's", async () => {
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

  it("does all of it for a user's own tokens, and only with that user's credentials", async () => {
    const pair = new Pair({}, {});
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
    await pair.up();
    assert.deepEqual(names(), [pair.token.kept.tokenId]);
  });
});
