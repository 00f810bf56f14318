// What a run found before it failed is known to later runs, even if it sent nothing.
import assert from "node:assert/strict";
import sinon from "sinon";
import {
  HubClient,
  type ServiceAccountPermission,
  type ServiceAccountTokenSettings,
} from "../../provider/src/client";
import { hubTokenDefinition } from "../../provider/src/resources/hubToken/lifecycle";
import { type HubTokenInputs, type HubTokenState } from "../../provider/src/resources/hubToken/model";
import { startHub, type Hub } from "../support/hub";
import { Clock, ResourceHarness } from "../support/lifecycle";

const REPO = "acme/llm-private";
const [READ, WRITE, JOB] = ["org.read", "org.write", "job.write"] as const;
const WIDE = { permissions: [READ, WRITE] };

describe("a HubToken whose run has failed", () => {
  let hub: Hub;
  let clock: Clock;
  let account: string;
  let byHand: HubClient;
  let token: ResourceHarness<never, never>;

  beforeEach(async () => {
    clock = new Clock();
    hub = await startHub({ now: () => clock.now });
    byHand = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    account = (await byHand.createServiceAccount("acme", { name: "ci" }))._id;
    token = new ResourceHarness(hubTokenDefinition, { hub, clock }) as unknown as typeof token;
  });
  afterEach(() => hub.close());

  const args = (changes: object) => ({
    ...{ owner: "0123abcd", organization: "acme", serviceAccount: account, name: "ci" },
    ...changes,
  });
  const ordered = (incident: string, changes: object = WIDE) =>
    args({ ...changes, rotationTriggers: { incident } });
  const kept = () => token.kept as { tokenId: string; status: string };
  const onHub = () => hub.store.serviceAccountTokens.get(kept().tokenId)!;
  const permissions = () => [...onHub().permissions].sort();
  const set = (settings: ServiceAccountTokenSettings) =>
    byHand.updateServiceAccountToken("acme", account, kept().tokenId, settings);
  /** The Hub refuses what the run sends. */
  const fails = async (method: "POST" | "PATCH", inputs: object) => {
    hub.inject({ method, path: /tokens/, effect: { status: 403, body: { error: "no" } } });
    await assert.rejects(() => token.up(inputs), /no/);
  };

  /** The Hub changes more than it is asked to, once. */
  const andMore = (permission: ServiceAccountPermission) => {
    const change = sinon
      .stub(HubClient.prototype, "updateServiceAccountToken")
      .callsFake((organization, serviceAccount, tokenId, settings) => {
        change.restore();
        const permissions = [...(settings.permissions ?? []), permission];
        return byHand.updateServiceAccountToken(organization, serviceAccount, tokenId, {
          ...settings,
          permissions,
        });
      });
  };

  it("does not get back a permission that was found as declared and then removed by hand", async () => {
    await token.up(args({ permissions: [READ] }));
    await set({ permissions: [READ, WRITE] });
    const wanted = args({ permissions: [READ, WRITE, JOB] });
    await fails("PATCH", wanted);
    await set({ permissions: [READ] });
    await token.refresh();
    await assert.rejects(() => token.up(wanted), /narrowed on the Hub \(permissions\)/);
    assert.deepEqual(permissions(), [READ]);
  });

  it("does not get such a permission back if the run failed because a repository does not exist", async () => {
    const inRepo = { repos: [REPO], repoPermissions: ["repo.content.read"] };
    await token.up(args({ ...inRepo, permissions: [READ] }));
    const { repoIds } = onHub();
    await set({ permissions: [READ, WRITE] });
    const wanted = { ...inRepo, permissions: [READ, WRITE] };
    await assert.rejects(() => token.up(args({ ...wanted, repos: [REPO, "acme/nowhere"] })), /nowhere/);
    await set({ permissions: [READ] });
    await assert.rejects(() => token.up(args(wanted)), /narrowed on the Hub \(permissions\)/);
    assert.deepEqual([permissions(), onHub().repoIds], [[READ], repoIds]);
  });

  it("does not get back a repository that was found as declared together with one that does not exist", async () => {
    const inRepo = (...repos: string[]) =>
      args({ permissions: [], repos, repoPermissions: ["repo.content.read"] });
    const first = hub.store.repository(REPO)!.id;
    const other = hub.store.repository("acme/llm")!.id;
    await token.up(inRepo(REPO));
    await set({ repoIds: [first, other] });
    await assert.rejects(() => token.up(inRepo(REPO, "acme/llm", "acme/nowhere")), /nowhere/);
    await set({ repoIds: [first] });
    await assert.rejects(() => token.up(inRepo(REPO, "acme/llm")), /narrowed on the Hub \(repoIds\)/);
    assert.deepEqual(onHub().repoIds, [first]);
  });

  it("may get back what that run itself removed, although the Hub did more than it was asked to", async () => {
    await token.up(args(WIDE));
    andMore(JOB);
    await assert.rejects(() => token.up(args({ permissions: [READ] })), /still differs \(permissions\)/);
    assert.deepEqual(permissions(), [JOB, READ]);
    await token.up(args(WIDE));
    assert.deepEqual(permissions(), [READ, WRITE]);
  });

  describe("with a trigger that was given because someone narrowed it,", () => {
    beforeEach(async () => {
      await token.up(args(WIDE));
      await set({ permissions: [READ] });
      await fails("POST", ordered("1"));
    });

    it("is widened by the next run, even after a refresh", async () => {
      await token.refresh();
      await token.up(ordered("1"));
      assert.deepEqual(permissions(), [READ, WRITE]);
    });

    it("is widened although an earlier run narrowed it only in part", async () => {
      await set({ permissions: [READ, JOB, "inference.serverless.write"] });
      andMore(JOB);
      await assert.rejects(() => token.up(ordered("2")), /still differs/);
      await token.up(ordered("2"));
      assert.deepEqual(permissions(), [READ, WRITE]);
    });

    it("is not widened if a refresh saw it as declared and someone narrowed it again", async () => {
      await set(WIDE);
      await token.refresh();
      await set({ permissions: [READ] });
      await token.refresh();
      await token.up(ordered("1"));
      assert.deepEqual(permissions(), [READ]);
    });
  });

  it("gets no access to a repository that was created again after that run", async () => {
    const inRepo = { permissions: [], repos: [REPO], repoPermissions: ["repo.content.read"] };
    const again = (digit: string): string => {
      const repository = { ...hub.store.repository(REPO)!, id: digit.repeat(24) };
      hub.store.tables.repositories.put(`model/${REPO}`, repository);
      return repository.id;
    };
    await token.up(args(inRepo));
    again("5");
    await fails("POST", ordered("1", inRepo));
    const later = again("6");
    await token.up(ordered("1", inRepo));
    assert.deepEqual(onHub().repoIds, []);
    assert.match(token.warnings().join("\n"), new RegExp(`${later}.* gets no access to it`));
    await token.up(ordered("2", inRepo));
    assert.deepEqual(onHub().repoIds, [later]);
  });
});

describe("a user's own HubToken whose run has failed", () => {
  let hub: Hub;
  let token: ResourceHarness<HubTokenInputs, HubTokenState>;
  beforeEach(async () => {
    hub = await startHub();
    token = new ResourceHarness(hubTokenDefinition, { hub, clock: new Clock() });
    await token.up(args({}));
  });
  afterEach(() => hub.close());

  const args = (changes: object) => ({ owner: "0123abcd", name: "mine", ...changes });
  const noIssue = () =>
    hub.inject({ method: "POST", path: /tokens/, effect: { status: 403, body: { error: "no" } } });

  it("is issued by the next run with the role that the failed run could not set", async () => {
    const wanted = args({ role: "write" });
    for (let runs = 0; runs < 2; runs++) {
      noIssue();
      await assert.rejects(() => token.up(wanted), /no/);
    }
    await token.up(wanted);
    assert.ok(
      [...hub.store.userTokens.values()].some(
        ({ role, name }) => role === "write" && name === token.kept.tokenId,
      ),
    );
  });

  it("is not issued again with a role that was found as declared and then changed by hand", async () => {
    const { tokenId } = token.kept;
    const stored = [...hub.store.userTokens.values()].find(({ name }) => name === tokenId)!;
    const make = (role: "read" | "write") => hub.store.tables.userTokens.put(stored.id, { ...stored, role });
    make("write");
    noIssue();
    await assert.rejects(() => token.up(args({ name: "other", role: "write" })), /no/);
    make("read");
    await token.refresh();
    await assert.rejects(() => token.up(args({ name: "mine", role: "write" })), /has the role read/);
    assert.equal(token.kept.tokenId, tokenId);
  });
});
