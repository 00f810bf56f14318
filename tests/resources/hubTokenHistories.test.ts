// What happens to a token between two runs, and how the next runs handle it.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { hubTokenDefinition } from "../../provider/src/resources/hubToken/lifecycle";
import { type HubTokenInputs, type HubTokenState } from "../../provider/src/resources/hubToken/model";
import { startHub, type Hub } from "../support/hub";
import { Clock, ResourceHarness } from "../support/lifecycle";

const OWNER = "0123abcd";
const ORGANIZATION = "acme";
const [READ, WRITE, JOB] = ["org.read", "org.write", "job.write"];
const WIDE = { permissions: [READ, WRITE] };
const REPO = "acme/llm-private";

describe("a HubToken between runs", () => {
  let hub: Hub;
  let clock: Clock;
  let account: string;
  let byHand: HubClient;

  beforeEach(async () => {
    clock = new Clock();
    hub = await startHub({ now: () => clock.now });
    byHand = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    account = (await byHand.createServiceAccount(ORGANIZATION, { name: "ci" }))._id;
  });
  afterEach(() => hub.close());

  type Token = ResourceHarness<HubTokenInputs, HubTokenState>;
  const created = async (args: object): Promise<Token> => {
    const token = new ResourceHarness(hubTokenDefinition, { hub, clock });
    await token.up(args);
    return token;
  };
  const args = (changes: object = {}) => ({
    owner: OWNER,
    organization: ORGANIZATION,
    serviceAccount: account,
    name: "ci",
    permissions: [READ],
    ...changes,
  });
  const onHub = (token: Token) => hub.store.serviceAccountTokens.get(token.kept.tokenId)!;
  const permissions = (token: Token) => [...onHub(token).permissions].sort();
  const narrow = (token: Token, settings: object = { permissions: [READ] }) =>
    byHand.updateServiceAccountToken(ORGANIZATION, account, token.kept.tokenId, settings);
  const noIssue = (times = 1) =>
    hub.inject({
      method: "POST",
      path: /tokens$/,
      effect: { status: 403, body: { error: "not today" } },
      times,
    });
  const triggers = (value: string) => ({ rotationTriggers: { incident: value } });

  describe("whose mark someone replaced", () => {
    const FOREIGN = "[deadbeef-1111]";
    const renamed = async (name: string) => {
      const token = await created(args());
      const { hubName } = token.kept;
      await narrow(token, { displayName: name });
      await token.refresh();
      return { token, hubName };
    };
    it("shows that as a change, and gets its own mark back", async () => {
      const { token } = await renamed(`ci ${FOREIGN}`);
      assert.equal(token.preview(args()), "update");
      await token.up(args());
      assert.match(onHub(token).displayName, new RegExp(`^ci \\[${OWNER}-`));
      assert.equal(token.preview(args()), "same");
    });
    it("has only its own mark after the program renames it", async () => {
      const { token } = await renamed(`other ${FOREIGN}`);
      await token.up(args({ name: "build" }));
      assert.match(onHub(token).displayName, new RegExp(`^build \\[${OWNER}-`));
    });
    it("gets its former name back if the state still has it", async () => {
      const token = await created(args());
      const { hubName } = token.kept;
      await narrow(token, { displayName: `other ${FOREIGN}` });
      await token.up(args({ name: "ci", overlapHours: 2 }));
      assert.equal(onHub(token).displayName, hubName);
    });
  });

  describe("that someone narrowed", () => {
    it("does not get back by recreateIfInvalid what only a refused run has seen removed", async () => {
      const token = await created(args(WIDE));
      await narrow(token);
      await assert.rejects(() => token.up(args({ ...WIDE, overlapHours: 2 })), /narrowed on the Hub/);
      hub.store.revokeToken(token.kept.tokenId);
      assert.equal(await token.up(args({ ...WIDE, recreateIfInvalid: true })), "update");
      assert.deepEqual(permissions(token), [READ]);
      assert.match(token.warnings().join("\n"), /has no more access than its predecessor/);
    });

    it("is refused in the preview and in the run, after a run has found the narrowing", async () => {
      const token = await created(args({ ...WIDE, name: "ci" }));
      await narrow(token);
      const wanted = args({ ...WIDE, name: "other" });
      await assert.rejects(() => token.up(wanted), /narrowed on the Hub/);
      token.said.length = 0;
      assert.equal(token.preview(wanted), "update");
      assert.match(token.warnings().join("\n"), /`pulumi up` will refuse this\. .*narrowed on the Hub/);
      await assert.rejects(() => token.up(wanted), /narrowed on the Hub/);
      // To declare what the Hub has resolves this in one run.
      assert.equal(await token.up(args({ name: "other" })), "update");
      assert.match(onHub(token).displayName, /^other \[/);
      assert.equal(token.preview(args({ name: "other" })), "same");
    });

    it("is widened by new triggers, but not by old ones that return", async () => {
      const token = await created(args({ ...WIDE, ...triggers("1") }));
      await token.up(args({ ...WIDE, ...triggers("2") }));
      await narrow(token);
      const before = token.kept.tokenId;
      assert.equal(await token.up(args({ ...WIDE, ...triggers("1") })), "update");
      assert.notEqual(token.kept.tokenId, before, "a successor is issued anyway");
      assert.deepEqual(permissions(token), [READ]);
      assert.match(token.warnings().join("\n"), /rotationTriggers are not new/);
      await assert.rejects(() => token.up(args({ ...WIDE, ...triggers("1"), overlapHours: 2 })));
      assert.equal(await token.up(args({ ...WIDE, ...triggers("3") })), "update");
      assert.deepEqual(permissions(token), [READ, WRITE]);
    });

    it("is widened by a trigger whose first run failed, even if that run narrowed it further", async () => {
      const token = await created(args(WIDE));
      await narrow(token, { permissions: [READ, JOB] });
      noIssue();
      const wanted = args({ ...WIDE, ...triggers("1") });
      await assert.rejects(() => token.up(wanted), /403/);
      assert.deepEqual(permissions(token), [READ], "what the program does not ask for is removed");
      assert.equal(await token.up(wanted), "update");
      assert.deepEqual(permissions(token), [READ, WRITE]);
      assert.equal(token.preview(wanted), "same");
    });

    it("gets a successor that is not wider if it was narrowed after the trigger's first run failed", async () => {
      const token = await created(args({ permissions: [READ, WRITE, JOB] }));
      noIssue();
      const wanted = args({ permissions: [READ, WRITE, JOB], ...triggers("1") });
      await assert.rejects(() => token.up(wanted), /403/);
      await narrow(token);
      assert.equal(await token.up(wanted), "update");
      assert.deepEqual(permissions(token), [READ]);
    });

    it("gets no successor by the clock if nothing expresses what both sides allow", async () => {
      const wide = { endpointPatterns: ["acme/*"], rotateEveryDays: 30 };
      const token = await created(args(wide));
      const { tokenId } = token.kept;
      await narrow(token, { endpointPatterns: ["other/*"] });
      clock.pass(31 * 24);
      await assert.rejects(
        () => token.up(args(wide)),
        /\(endpointPatterns\).*give rotationTriggers a new value/,
      );
      token.said.length = 0;
      token.preview(args(wide));
      assert.match(token.warnings().join("\n"), /`pulumi up` will refuse this/);
      assert.equal(token.kept.tokenId, tokenId);
      assert.equal(await token.up(args({ ...wide, ...triggers("1") })), "update");
      assert.deepEqual(onHub(token).endpointPatterns, ["acme/*"]);
    });

    it("is not widened because of an unanswered change that did not touch what was narrowed", async () => {
      const wide = { ...WIDE, endpointPatterns: ["a", "b"] };
      for (const effect of ["lose-answer", { status: 503 }] as const) {
        const token = await created(args(wide));
        await narrow(token, { permissions: [READ, JOB], endpointPatterns: ["a"] });
        hub.inject({ method: "PATCH", path: /tokens/, effect, times: 9 });
        await assert.rejects(() => token.up(args({ ...wide, idleMinutes: 5 })));
        hub.clearFaults();
        await assert.rejects(
          () => token.up(args({ ...wide, idleMinutes: 6 })),
          /narrowed on the Hub \(permissions, endpointPatterns\)/,
        );
        assert.deepEqual([permissions(token), onHub(token).endpointPatterns], [[READ], ["a"]]);
        await token.destroy();
      }
    });

    it("keeps what an unanswered change has achieved", async () => {
      const token = await created(args(WIDE));
      hub.inject({ method: "PATCH", path: /tokens/, effect: "lose-answer", times: 9 });
      await assert.rejects(() => token.up(args({ permissions: [READ, JOB] })));
      hub.clearFaults();
      assert.deepEqual(permissions(token), [JOB, READ]);
      // No one removed anything: the program itself made this change.
      assert.equal(await token.up(args(WIDE)), "update");
      assert.deepEqual(permissions(token), [READ, WRITE]);
    });
  });

  it("is not issued again by an old trigger if it was revoked in between", async () => {
    const token = await created(args());
    noIssue();
    const wanted = args(triggers("1"));
    await assert.rejects(() => token.up(wanted), /403/);
    hub.store.revokeToken(token.kept.tokenId);
    assert.equal(await token.up(wanted), "update");
    assert.equal(token.kept.status, "revoked");
    assert.equal(hub.store.tokensOf(account).length, 0);
    assert.match(token.warnings().join("\n"), /rotationTriggers are not new/);
    assert.equal(await token.up(args(triggers("2"))), "update");
    assert.equal(token.kept.status, "active");
  });

  it("is not issued for a service account that is gone, with or without a trigger", async () => {
    const token = await created(args());
    await byHand.deleteServiceAccount(ORGANIZATION, account);
    assert.equal(await token.up(args({ overlapHours: 2 })), "update");
    assert.equal(token.kept.status, "missing");
    const before = hub.store.requests.length;
    await assert.rejects(
      () => token.up(args(triggers("1"))),
      /the service account \w{24} no longer exists on the Hub\. Declare another/,
    );
    const later = hub.store.requests.slice(before);
    assert.deepEqual(
      later.filter(({ method }) => method !== "GET"),
      [],
    );
  });

  it("keeps a rotation pending after a failed run, even if a refresh comes in between", async () => {
    for (const refreshes of [false, true]) {
      const token = await created(args());
      const before = token.kept.tokenId;
      noIssue();
      const wanted = args(triggers("1"));
      await assert.rejects(() => token.up(wanted), /403/);
      if (refreshes) await token.refresh();
      assert.equal(token.preview(wanted), "update");
      assert.equal(await token.up(wanted), "update");
      assert.notEqual(token.kept.tokenId, before);
      assert.equal(token.preview(wanted), "same");
      await token.destroy();
    }
  });

  it("is neither replaced nor issued again because its organization is written in another case", async () => {
    const token = await created(args());
    const wanted = args({ organization: "Acme" });
    assert.equal(token.preview(wanted), "same");
    hub.store.revokeToken(token.kept.tokenId);
    await token.refresh();
    assert.equal(token.preview(wanted), "same");
    const context = { ...token.context(), former: token.kept };
    const again = new ResourceHarness(hubTokenDefinition, { hub, clock }).check(wanted);
    await assert.rejects(hubTokenDefinition.create(again, context), /is revoked on the Hub/);
  });

  describe("with repositories by name", () => {
    const inRepo = { repos: [REPO], repoPermissions: ["repo.content.read"], rotateEveryDays: 30 };
    const recreate = (): { former: string; later: string } => {
      const repository = hub.store.repository(REPO)!;
      const later = "5".repeat(24);
      hub.store.tables.repositories.put(`model/${REPO}`, { ...repository, id: later, author: "mallory" });
      return { former: repository.id, later };
    };

    it("gets access to another repository of that name only by a new trigger, with a warning", async () => {
      const token = await created(args({ ...inRepo, ...triggers("1") }));
      const { former, later } = recreate();
      clock.pass(31 * 24);
      for (const change of [
        { ...triggers("1") },
        { ...triggers("1"), overlapHours: 2 },
        { ...triggers("1"), permissions: [READ, JOB] },
      ]) {
        assert.equal(await token.up(args({ ...inRepo, ...change })), "update");
        assert.deepEqual(onHub(token).repoIds, []);
        assert.equal(token.preview(args({ ...inRepo, ...change })), "same");
      }
      assert.match(
        token.warnings().join("\n"),
        new RegExp(`${later}, and was ${former}.*gets no access to it`),
      );
      assert.equal(await token.up(args({ ...inRepo, ...triggers("2") })), "update");
      assert.deepEqual(onHub(token).repoIds, [later]);
      assert.match(token.warnings().join("\n"), new RegExp(`${later}\\. The new token gets access to it`));
      await token.up(args({ ...inRepo, ...triggers("1") }));
      assert.deepEqual(onHub(token).repoIds, [later]);
    });

    it("gets no access to it after someone removed its access and a refresh has seen that", async () => {
      const token = await created(args(inRepo));
      recreate();
      await narrow(token, { repoIds: [] });
      assert.deepEqual(await token.refresh(), ["repos"]);
      await assert.rejects(() => token.up(args(inRepo)), /\(repoIds\)/);
      assert.deepEqual(onHub(token).repoIds, []);
      // Not even if it counts as revoked and is issued again.
      hub.store.revokeToken(token.kept.tokenId);
      assert.equal(await token.up(args({ ...inRepo, recreateIfInvalid: true })), "update");
      assert.deepEqual(onHub(token).repoIds, []);
    });

    describe("after another repository took a name,", () => {
      const lookUpFails = (status: number) =>
        hub.inject({ method: "GET", path: /models\/acme/, effect: { status, body: { error: "no" } } });
      const notFor = async (token: Token, later: string, wanted: object) => {
        await token.up(wanted);
        assert.ok(!onHub(token).repoIds.includes(later));
        assert.equal(token.preview(wanted), "same");
      };
      it("gets no access to it after a rotation in which the look-up failed", async () => {
        const token = await created(args(inRepo));
        clock.pass(31 * 24);
        lookUpFails(503);
        await assert.rejects(() => token.up(args(inRepo)), /503/);
        const { later } = recreate();
        await notFor(token, later, args(inRepo));
      });
      it("gets no access to it after a trigger whose look-up failed was withdrawn", async () => {
        const token = await created(args(inRepo));
        const { later } = recreate();
        lookUpFails(503);
        await assert.rejects(() => token.up(args({ ...inRepo, ...triggers("1") })), /503/);
        await notFor(token, later, args({ ...inRepo, overlapHours: 2 }));
      });
      it("gets no access to it after a trigger whose token was refused was withdrawn", async () => {
        const token = await created(args(inRepo));
        const { later } = recreate();
        noIssue();
        await assert.rejects(() => token.up(args({ ...inRepo, ...triggers("1") })), /403/);
        await notFor(token, later, args({ ...inRepo, overlapHours: 2 }));
      });
      it("gets no access to it after an update without the name failed and was withdrawn", async () => {
        const token = await created(args(inRepo));
        const { former, later } = recreate();
        await assert.rejects(() => token.up(args({ ...inRepo, repos: ["acme/missing"] })), /acme\/missing/);
        await notFor(token, later, args(inRepo));
        assert.deepEqual(onHub(token).repoIds, [former]);
      });
      it("gets no access to it after an update without the name was refused, however the name is written then", async () => {
        const token = await created(args(inRepo));
        const { later } = recreate();
        hub.inject({ method: "PATCH", path: /tokens/, effect: { status: 403, body: { error: "no" } } });
        await assert.rejects(() => token.up(args()), /403/);
        await notFor(token, later, args({ ...inRepo, repos: [`models/${REPO}`] }));
      });
      it("gets access to it if a run removed the name and a later one declares it again", async () => {
        const token = await created(args(inRepo));
        const { later } = recreate();
        await token.up(args());
        assert.equal(token.kept.resolved, undefined);
        await token.up(args(inRepo));
        assert.deepEqual(onHub(token).repoIds, [later]);
      });
      it("gets no access to it by another way of writing its name", async () => {
        const token = await created(args(inRepo));
        const { later } = recreate();
        clock.pass(31 * 24);
        await notFor(token, later, args(inRepo));
        for (const name of [REPO.toUpperCase().replace("ACME", "acme"), `models/${REPO}`])
          await notFor(token, later, args({ ...inRepo, repos: [name] }));
      });
    });

    it("predicts the refusal of a name that is written in another way", async () => {
      const token = await created(args(inRepo));
      await narrow(token, { repoIds: [] });
      await token.refresh();
      const wanted = args({ ...inRepo, repos: [`models/${REPO}`] });
      token.preview(wanted);
      assert.match(token.warnings().join("\n"), /will refuse this\..*\(repoIds\)/);
      await assert.rejects(() => token.up(wanted), /\(repoIds\)/);
    });

    it("is narrowed even if its repository is gone and the Hub no longer accepts it", async () => {
      const token = await created(args(inRepo));
      const { former } = recreate();
      await narrow(token, { permissions: [READ, WRITE] });
      await token.refresh();
      assert.equal(await token.up(args(inRepo)), "update");
      assert.deepEqual(permissions(token), [READ]);
      assert.deepEqual(onHub(token).repoIds, [former]);
      assert.equal(await token.up(args({ ...inRepo, permissions: [READ, JOB] })), "update");
      assert.deepEqual(permissions(token), [JOB, READ]);
    });

    it("is narrowed even if another name cannot be found", async () => {
      const token = await created(args(inRepo));
      await narrow(token, { permissions: [READ, WRITE] });
      const wanted = args({ ...inRepo, repos: [REPO, "acme/missing"] });
      await assert.rejects(() => token.up(wanted), /acme\/missing/);
      assert.deepEqual(permissions(token), [READ]);
      assert.equal(onHub(token).repoIds.length, 1);
      assert.equal(await token.up(args(inRepo)), "update");
      assert.equal(token.preview(args(inRepo)), "same");
    });
  });

  for (const change of [{ name: "mine2" }, { role: "write" }, { expiresAt: "2027-06-01T00:00:00Z" }]) {
    for (const isSeen of [true, false]) {
      const how = isSeen ? "after a refresh" : "without a refresh";
      it(`is not issued again if it was revoked and only ${Object.keys(change)[0]} changed, ${how}`, async () => {
        const own = (changes: object = {}) => ({ owner: OWNER, name: "mine", role: "read", ...changes });
        const mine = () => hub.store.tokensOfUser("ada-admin").filter(({ name }) => name.startsWith("mine"));
        const token = await created(own({ expiresAt: "2027-01-01T00:00:00Z" }));
        await byHand.revokeToken(token.kept.tokenId);
        if (isSeen) await token.refresh();
        const wanted = own({ expiresAt: "2027-01-01T00:00:00Z", ...change });
        await token.up(wanted);
        assert.equal(mine().length, 0);
        assert.equal(token.kept.status, "revoked");
        token.said.length = 0;
        assert.equal(token.preview(wanted), "same");
        assert.match(
          token.warnings().join("\n"),
          /set recreateIfInvalid to true, or give rotationTriggers a new value/,
        );
        await token.refresh();
        assert.equal(token.preview(wanted), "same");
        assert.equal(await token.up({ ...wanted, ...triggers("1") }), "update");
        assert.equal(mine().length, 1);
        assert.equal(token.preview({ ...wanted, ...triggers("1") }), "same");
      });
    }
  }

  describe("that is a user's own, and was revoked and created again under its name", () => {
    const own = (changes: object = {}) => ({ owner: OWNER, name: "mine", ...changes });
    const mine = () => hub.store.tokensOfUser("ada-admin").filter(({ name }) => name.startsWith("mine"));
    const madeAgain = async (token: Token, role: "read" | "write" | "admin" = "read") => {
      const { tokenId } = token.kept;
      await byHand.revokeToken(tokenId);
      clock.pass(1);
      await byHand.createToken({ name: tokenId, role });
      return tokenId;
    };

    it("counts as revoked, with a warning about the other token", async () => {
      const token = await created(own());
      await madeAgain(token, "write");
      await token.refresh();
      assert.equal(token.kept.status, "revoked");
      assert.match(
        token.warnings().join("\n"),
        /is revoked on the Hub\. Someone created another token with that name/,
      );
      assert.equal(token.preview(own()), "same");
      assert.equal(await token.up(own({ overlapHours: 3 })), "update");
      assert.equal(mine().length, 1, "another role does not cause a new token");
      clock.pass(40 * 24);
      assert.equal(await token.up(own({ rotateEveryDays: 30 })), "update");
      assert.equal(mine().length, 1, "the clock does not cause one either");
    });

    it("is still the same token if the list shows its creation time without fractions of a second, or with others", async () => {
      clock.now = new Date("2026-11-20T08:00:00.789Z");
      const token = await created(own());
      const listing = (createdAt: string): void => {
        const body = mine().map(({ name, role }) => ({ name, role, createdAt }));
        hub.inject({ method: "GET", path: /settings\/tokens$/, effect: { status: 200, body } });
      };
      for (const listed of [
        "2026-11-20T08:00:00Z",
        "2026-11-20T08:00:01.123456Z",
        "2026-11-20T09:00:00.5+01:00",
      ]) {
        listing(listed);
        await token.refresh();
        assert.equal(token.kept.status, "active", listed);
      }
      listing("2026-11-20T08:00:03Z");
      await token.refresh();
      assert.equal(token.kept.status, "revoked");
    });

    it("is still the same token after a state of version 1, whatever the fractions", async () => {
      clock.now = new Date("2026-11-20T08:00:00.789Z");
      const token = await created(own());
      const { born: _born, ...rest } = token.kept;
      token.state = hubTokenDefinition.migrate!(
        { ...rest, createdAt: "2026-11-20T08:00:00.000Z" },
        1,
      ) as unknown as HubTokenState;
      assert.equal(token.kept.born, "2026-11-20T08:00:00.000Z");
      await token.refresh();
      assert.equal(token.kept.status, "active");
    });

    it("is not a predecessor of a successor, and a destroy leaves it alone", async () => {
      const token = await created(own());
      const name = await madeAgain(token);
      assert.equal(await token.up(own(triggers("1"))), "update");
      assert.deepEqual(token.kept.predecessors, []);
      await token.destroy();
      assert.deepEqual(
        mine().map((each) => each.name),
        [name],
      );
    });

    it("is not confused with a predecessor that was created before the Hub's clock was set back", async () => {
      const token = await created(own());
      const { tokenId } = token.kept;
      const made = clock.now.toISOString();
      clock.pass(-1);
      await token.up(own(triggers("1")));
      assert.deepEqual(token.kept.predecessors, [{ tokenId, supersededAt: made }]);
      await token.up(own({ ...triggers("1"), overlapHours: 2 }));
      assert.equal(token.kept.predecessors.length, 1);
      await token.destroy();
      assert.deepEqual(mine(), []);
    });

    it("is left alone by a destroy, which logs that", async () => {
      const token = await created(own());
      await madeAgain(token);
      token.said.length = 0;
      await token.destroy();
      assert.equal(mine().length, 1);
      assert.match(token.said.map(({ message }) => message).join(), /already gone\. Someone created another/);
    });

    it("is left alone by a destroy if it has the name of a predecessor", async () => {
      const token = await created(own());
      const first = token.kept.tokenId;
      await token.up(own({ role: "write" }));
      await byHand.revokeToken(first);
      clock.pass(1);
      await byHand.createToken({ name: first, role: "read" });
      await token.destroy();
      assert.deepEqual(
        mine().map((each) => each.name),
        [first],
      );
    });
  });
});
