import assert from "node:assert/strict";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { hubTokenDefinition } from "../../provider/src/resources/hubToken/lifecycle";
import { startHub, type Hub } from "../support/hub";
import { Clock, ResourceHarness } from "../support/lifecycle";
import { HubClient } from "../../provider/src/client";

const OWNER = "0123abcd";
const ORGANIZATION = "acme";

describe("HubToken on a Hub", () => {
  let hub: Hub;
  let clock: Clock;
  let account: string;

  beforeEach(async () => {
    clock = new Clock();
    hub = await startHub({ now: () => clock.now });
    const client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    account = (await client.createServiceAccount(ORGANIZATION, { name: "ci" }))._id;
  });
  afterEach(() => hub.close());

  const slot = (surroundings: { token?: string; rotation?: "auto" | "defer" } = {}) =>
    new ResourceHarness(hubTokenDefinition, { hub, clock, ...surroundings });
  const args = (changes: object = {}) => ({
    owner: OWNER,
    organization: ORGANIZATION,
    serviceAccount: account,
    name: "ci",
    permissions: ["org.read"],
    ...changes,
  });
  const userArgs = (changes: object = {}) => ({ owner: OWNER, name: "mine", ...changes });
  const live = () => hub.store.tokensOf(account);
  const one = () => {
    assert.equal(live().length, 1);
    return live()[0]!;
  };
  const byHand = (token = hub.tokens.admin) => new HubClient({ endpoint: hub.endpoint, token });
  const writes = () => hub.store.requests.filter(({ method }) => method !== "GET").length;
  const created = async (changes: object = {}, surroundings = {}) => {
    const token = slot(surroundings);
    await token.up(args(changes));
    return token;
  };

  describe("a service account's token", () => {
    it("is created with the mark in its name, keeps its value and needs no further update", async () => {
      const token = await created({ repos: ["acme/llm-private"], repoPermissions: ["repo.content.read"] });
      const onHub = one();
      assert.equal(token.id, `${ORGANIZATION}/${account}/${OWNER}`);
      assert.match(onHub.displayName, new RegExp(`^ci \\[${OWNER}-[0-9a-f]{4}\\]$`));
      assert.deepEqual(onHub.repoIds, [hub.store.repository("acme/llm-private")!.id]);
      assert.equal(hub.store.findToken(token.kept.token!)?.token.id, onHub.id);
      const { tokenId, hubName, last4, createdAt, status, expiryEnforced, rotateAt, expiresAt } = token.kept;
      assert.deepEqual(
        { tokenId, hubName, last4, createdAt, status, expiryEnforced, rotateAt, expiresAt },
        {
          tokenId: onHub.id,
          hubName: onHub.displayName,
          last4: onHub.last4,
          createdAt: onHub.createdAt,
          status: "active",
          expiryEnforced: false,
          rotateAt: undefined,
          expiresAt: undefined,
        },
      );
      const same = args({ repos: ["acme/llm-private"], repoPermissions: ["repo.content.read"] });
      assert.equal(token.preview(same), "same");
      assert.deepEqual(await token.refresh(), []);
      assert.equal(token.preview(same), "same");
      assert.equal(
        hub.store.findToken(token.kept.token!)?.token.id,
        onHub.id,
        "the value survives a refresh",
      );
    });

    it("changes its name, permissions, repositories, endpoints and network rules without a new value", async () => {
      hub.store.setPlan(ORGANIZATION, "plus");
      const token = await created();
      const { id, hash } = one();
      const inputs = args({
        name: "ci-2",
        permissions: ["org.read", "job.write"],
        repos: ["acme/llm-private", "datasets/acme/customer-tickets"],
        repoPermissions: ["repo.write"],
        endpointPatterns: ["acme/*"],
        skipNetworkSecurity: true,
      });
      assert.equal(await token.up(inputs), "update");
      const onHub = one();
      assert.deepEqual([onHub.id, onHub.hash], [id, hash]);
      assert.match(onHub.displayName, /^ci-2 \[0123abcd-/);
      assert.deepEqual([...onHub.permissions].sort(), ["job.write", "org.read"]);
      assert.equal(onHub.repoIds.length, 2);
      assert.deepEqual(onHub.endpointPatterns, ["acme/*"]);
      assert.equal(onHub.skipNetworkSecurity, true);
      assert.equal(token.preview(inputs), "same");
      assert.deepEqual(await token.refresh(), []);
    });

    it("may be widened by a later change of the program, even if the program had followed a narrowing on the Hub", async () => {
      const both = ["org.read", "job.write"];
      const token = await created({ permissions: both });
      await byHand().updateServiceAccountToken(ORGANIZATION, account, one().id, {
        permissions: ["org.read"],
      });
      assert.deepEqual(await token.refresh(), ["permissions"]);
      const before = writes();
      assert.equal(await token.up(args()), "update", "the decision is saved");
      assert.equal(writes(), before, "nothing is sent");
      assert.equal(token.preview(args()), "same");
      assert.equal(await token.up(args({ permissions: both })), "update");
      assert.deepEqual([...one().permissions].sort(), [...both].sort());
    });

    it("is replaced only for another account or organization", async () => {
      const token = await created();
      assert.equal(token.preview(args({ serviceAccount: "0".repeat(24) })), "replace");
      assert.equal(token.preview(args({ organization: "globex" })), "replace");
      assert.equal(token.preview(args({ serviceAccount: UNKNOWN })), "replace");
    });

    it("is revoked by a destroy, which also succeeds if the token is already gone", async () => {
      const token = await created();
      await token.destroy();
      assert.equal(live().length, 0);
      const other = await created();
      hub.store.revokeToken(other.kept.tokenId);
      await other.destroy();
      const orphan = await created();
      await byHand().deleteServiceAccount(ORGANIZATION, account);
      await orphan.destroy();
    });

    it("is not considered gone if a 404 means that the credentials cannot see it", async () => {
      const token = await created();
      const path = new RegExp(`service-accounts/${account}`);
      for (const step of [
        () => token.refresh(),
        () => token.destroy(),
        () => token.up(args({ permissions: [] })),
      ]) {
        hub.inject({
          path,
          effect: { status: 404, body: { error: "Service account not found" } },
          times: 2,
        });
        await assert.rejects(step, /404|not found/i);
        hub.clearFaults();
        assert.equal(token.kept.status, "active");
        assert.equal(live().length, 1);
      }
      token.surroundings.token = hub.tokens.read;
      await assert.rejects(() => token.refresh(), { status: 403 });
      assert.equal(token.kept.status, "active");
    });

    it("is found by its mark, its id or its name, without a value", async () => {
      const token = await created({ name: "ci" });
      const ids = [OWNER, token.kept.tokenId, token.kept.hubName];
      for (const id of ids.map((last) => `${ORGANIZATION}/${account}/${last}`)) {
        const read = await hubTokenDefinition.read(id, undefined, token.context());
        assert.equal(read?.state.tokenId, token.kept.tokenId, id);
        assert.equal(read?.state.token, undefined);
        assert.equal(read?.state.status, "active");
        assert.deepEqual([read?.inputs.name, read?.inputs.owner], ["ci", OWNER], "the mark is stripped");
      }
      const read = (id: string) => hubTokenDefinition.read(id, undefined, token.context());
      assert.equal(await read(`${ORGANIZATION}/${account}/ffffffff`), undefined);
      assert.equal(await read(`${ORGANIZATION}/${"0".repeat(24)}/${OWNER}`), undefined);
      await assert.rejects(() => read("acme/ci"), /organization\/accountId\/slot/);
      token.surroundings.token = hub.tokens.read;
      await assert.rejects(() => read(`${ORGANIZATION}/${account}/${OWNER}`), { status: 403 });
    });
  });

  describe("a rotation", () => {
    it("falls due by the clock, happens in place and leaves the predecessor valid", async () => {
      const token = await created({ rotateEveryDays: 30 });
      const first = token.kept;
      clock.pass(30 * 24 - 1);
      assert.equal(token.preview(args({ rotateEveryDays: 30 })), "same");
      clock.pass(1);
      assert.equal(token.preview(args({ rotateEveryDays: 30 })), "update");
      assert.equal(await token.up(args({ rotateEveryDays: 30 })), "update");
      assert.notEqual(token.kept.token, first.token);
      assert.deepEqual(
        live()
          .map(({ id }) => id)
          .sort(),
        [first.tokenId, token.kept.tokenId].sort(),
      );
      assert.ok(hub.store.findToken(first.token!), "both tokens are accepted");
      assert.deepEqual(token.kept.predecessors, [
        { tokenId: first.tokenId, supersededAt: clock.now.toISOString() },
      ]);
      assert.equal(token.kept.createdAt, clock.now.toISOString());
      assert.equal(token.preview(args({ rotateEveryDays: 30 })), "same");
      assert.equal(JSON.stringify(token.kept.predecessors).includes(first.token!), false);
    });

    it("happens once for each change of the triggers", async () => {
      const token = await created({ rotationTriggers: { release: "1" } });
      const before = token.kept.tokenId;
      assert.equal(token.preview(args({ rotationTriggers: { release: "1" } })), "same");
      assert.equal(token.preview(args({ rotationTriggers: { release: UNKNOWN } })), "update");
      assert.equal(await token.up(args({ rotationTriggers: { release: "2" } })), "update");
      assert.notEqual(token.kept.tokenId, before);
      assert.equal(token.preview(args({ rotationTriggers: { release: "2" } })), "same");
      assert.equal(await token.up(args()), "update", "removing all triggers is also a change");
      assert.equal(live().length, 3);
    });

    it("leaves no predecessor after a destroy, whether the child knows it or not", async () => {
      const token = await created();
      await token.up(args({ rotationTriggers: { n: "1" } }));
      assert.equal(live().length, 2);
      await token.destroy();
      assert.equal(live().length, 0);
    });
  });

  describe("a token that was revoked on the Hub", () => {
    for (const how of ["revoked", "value rotated by hand"]) {
      it(`(${how}) causes a warning, and is not issued again by the clock or an unrelated change`, async () => {
        const token = await created({ rotateEveryDays: 30 });
        const { tokenId, token: value } = token.kept;
        if (how === "revoked") hub.store.revokeToken(tokenId);
        else await byHand().rotateServiceAccountToken(ORGANIZATION, account, tokenId);
        assert.deepEqual(await token.refresh(), []);
        assert.equal(token.kept.status, "revoked");
        assert.ok(token.warnings().some((message) => /revoked on the Hub/.test(message)));
        assert.equal(token.kept.token, value, "a read never loses the value");
        clock.pass(31 * 24);
        const before = hub.store.requests.length;
        token.said.length = 0;
        assert.equal(token.preview(args({ rotateEveryDays: 30 })), "same");
        assert.ok(token.warnings().some((message) => /recreateIfInvalid/.test(message)));
        assert.equal(hub.store.requests.length, before);
        assert.equal(await token.up(args({ rotateEveryDays: 30, overlapHours: 2, name: "other" })), "update");
        assert.equal(token.kept.tokenId, tokenId);
        assert.equal(live().length, how === "revoked" ? 0 : 1);
        assert.equal(token.preview(args({ rotateEveryDays: 30, overlapHours: 2, name: "other" })), "same");
      });
    }

    it("is noticed by an update without a refresh, so a due rotation issues nothing", async () => {
      const token = await created({ rotateEveryDays: 30 });
      hub.store.revokeToken(token.kept.tokenId);
      clock.pass(31 * 24);
      assert.equal(await token.up(args({ rotateEveryDays: 30 })), "update");
      assert.equal(token.kept.status, "revoked");
      assert.equal(live().length, 0);
      assert.equal(token.preview(args({ rotateEveryDays: 30 })), "same");
    });

    it("is issued again with recreateIfInvalid or a changed trigger", async () => {
      for (const change of [{ recreateIfInvalid: true }, { rotationTriggers: { incident: "7" } }]) {
        const token = await created();
        hub.store.revokeToken(token.kept.tokenId);
        await token.refresh();
        assert.equal(await token.up(args(change)), "update");
        assert.equal(token.kept.status, "active");
        assert.deepEqual(token.kept.predecessors, []);
        assert.equal(one().id, token.kept.tokenId);
        assert.equal(token.preview(args(change)), "same");
        await token.destroy();
      }
    });
  });

  describe("a token that was changed on the Hub", () => {
    const change = (tokenId: string, settings: object) =>
      byHand().updateServiceAccountToken(ORGANIZATION, account, tokenId, settings);

    it("is narrowed again if someone widened it, which shows as drift", async () => {
      hub.store.setPlan(ORGANIZATION, "plus");
      const token = await created();
      await change(token.kept.tokenId, {
        permissions: ["org.read", "org.write"],
        skipNetworkSecurity: true,
        repoIds: [hub.store.repository("acme/llm-private")!.id],
      });
      assert.deepEqual((await token.refresh()).toString(), "permissions,repos,skipNetworkSecurity");
      assert.equal(await token.up(args()), "update");
      assert.deepEqual(one().permissions, ["org.read"]);
      assert.deepEqual(one().repoIds, []);
      assert.equal(one().skipNetworkSecurity, false);
      assert.deepEqual(await token.refresh(), []);
    });

    it("is not widened again if someone narrowed it, with or without a refresh", async () => {
      const wide = { permissions: ["org.read", "org.write"], rotateEveryDays: 30 };
      const token = await created(wide);
      await change(token.kept.tokenId, { permissions: ["org.read"] });
      await assert.rejects(() => token.up(args({ ...wide, overlapHours: 2 })), /narrowed on the Hub/);
      assert.equal(token.preview(args(wide)), "update", "the refused change is shown again");
      assert.deepEqual(await token.refresh(), ["permissions", "overlapHours"]);
      assert.equal(token.preview(args(wide)), "update", "the preview shows it");
      await assert.rejects(() => token.up(args(wide)), /permissions/);
      // Neither a new permission nor a shorter list is an intent to restore what was removed.
      await assert.rejects(() =>
        token.up(args({ ...wide, permissions: ["job.write", "org.read", "org.write"] })),
      );
      assert.deepEqual(one().permissions, ["org.read"]);
      await assert.rejects(() => token.up(args({ ...wide, permissions: ["org.write"] })));
      assert.deepEqual(one().permissions, [], "what the program does not ask for is removed anyway");
    });

    for (const seen of [true, false]) {
      it(`gets a successor by the clock that is not wider, if a refresh has ${seen ? "" : "not "}seen it narrowed`, async () => {
        const wide = { permissions: ["org.read", "org.write"], rotateEveryDays: 30 };
        const token = await created(wide);
        const first = token.kept.tokenId;
        await change(first, { permissions: ["org.read"] });
        if (seen) await token.refresh();
        clock.pass(31 * 24);
        assert.equal(await token.up(args(wide)), "update");
        const { tokenId } = token.kept;
        assert.notEqual(tokenId, first);
        const permissions = () => hub.store.serviceAccountTokens.get(token.kept.tokenId)!.permissions;
        assert.deepEqual(permissions(), ["org.read"]);
        assert.ok(token.warnings().some((message) => /give rotationTriggers a new value/.test(message)));
        assert.deepEqual(token.kept.permissions, ["org.read"], "the difference stays visible");
        assert.equal(token.preview(args(wide)), "update");
        await assert.rejects(() => token.up(args(wide)), /narrowed on the Hub/);
        assert.equal(token.kept.tokenId, tokenId);
        assert.equal(await token.up(args({ ...wide, rotationTriggers: { again: "1" } })), "update");
        assert.deepEqual(permissions(), wide.permissions);
      });
    }

    it("does not get back by recreateIfInvalid what was removed before it ended", async () => {
      const wide = { permissions: ["org.read", "org.write"] };
      for (const how of ["value rotated by hand", "revoked"]) {
        const token = await created(wide);
        const { tokenId } = token.kept;
        await change(tokenId, { permissions: ["org.read"] });
        await token.refresh();
        if (how === "revoked") hub.store.revokeToken(tokenId);
        else await byHand().rotateServiceAccountToken(ORGANIZATION, account, tokenId);
        // It settles, even if the program changes other settings.
        for (const more of [{}, { overlapHours: 3 }]) {
          await token.refresh();
          assert.equal(await token.up(args({ ...wide, ...more })), "update", how);
          await token.refresh();
          assert.equal(token.preview(args({ ...wide, ...more })), "same", how);
        }
        assert.equal(await token.up(args({ ...wide, recreateIfInvalid: true })), "update");
        const successor = hub.store.serviceAccountTokens.get(token.kept.tokenId)!;
        assert.notEqual(successor.id, tokenId);
        assert.deepEqual(successor.permissions, ["org.read"], how);
        await token.up(args({ ...wide, recreateIfInvalid: true, rotationTriggers: { again: "1" } }));
        assert.deepEqual(
          hub.store.serviceAccountTokens.get(token.kept.tokenId)!.permissions,
          wide.permissions,
        );
      }
    });

    it("is only limited to what the program asks for once its value was rotated on the Hub", async () => {
      const token = await created();
      const { tokenId } = token.kept;
      await byHand().rotateServiceAccountToken(ORGANIZATION, account, tokenId);
      const settles = async (inputs: object) => {
        assert.deepEqual(await token.refresh(), []);
        assert.equal(token.preview(args(inputs)), "same");
      };
      const wide = { permissions: ["org.read", "org.write"], name: "other" };
      await token.refresh();
      assert.equal(await token.up(args(wide)), "update");
      assert.deepEqual(one().permissions, ["org.read"]);
      assert.match(one().displayName, /^ci \[/);
      await settles(wide);

      await change(tokenId, { permissions: ["job.write", "org.read"] });
      assert.deepEqual(await token.refresh(), ["permissions"]);
      assert.equal(await token.up(args(wide)), "update");
      assert.match(token.warnings().at(-1) ?? "", /it was only narrowed to what the program still declares/);
      assert.deepEqual(one().permissions, ["org.read"]);
      await settles(wide);

      // No one removed what the program added in between.
      await token.up(args({ ...wide, recreateIfInvalid: true }));
      assert.deepEqual(
        [...hub.store.serviceAccountTokens.get(token.kept.tokenId)!.permissions].sort(),
        wide.permissions,
      );
      assert.equal(token.kept.seen, undefined);
    });
  });

  describe("a lost answer", () => {
    for (const kind of ["account", "user"] as const) {
      it(`to a creation (${kind}) leaves one token: the unknown one is found by its name and revoked first`, async () => {
        const token = slot();
        hub.inject({ method: "POST", path: /tokens$/, effect: "lose-answer" });
        await token.up(kind === "account" ? args() : userArgs());
        const all =
          kind === "account"
            ? hub.store.tokensOf(account, { deleted: true })
            : hub.store
                .tokensOfUser("ada-admin", { deleted: true })
                .filter(({ name }) => name.startsWith("mine ["));
        assert.equal(all.length, 2);
        assert.equal(all.filter(({ deletedAt }) => !deletedAt).length, 1);
        const order = hub.store.requests
          .filter(({ path, method }) => /tokens/.test(path) && method !== "GET")
          .map(({ method }) => method);
        // The Hub records only requests that it answered, so the first creation is missing.
        assert.deepEqual(order.slice(-2), ["DELETE", "POST"]);
        assert.ok(hub.store.findToken(token.kept.token!));
      });
    }

    it("to a rotation leaves one successor and the predecessor", async () => {
      const token = await created();
      const first = token.kept.tokenId;
      hub.inject({ method: "POST", path: /tokens$/, effect: "lose-answer" });
      await token.up(args({ rotationTriggers: { n: "1" } }));
      assert.deepEqual(
        live()
          .map(({ id }) => id)
          .sort(),
        [first, token.kept.tokenId].sort(),
      );
    });
  });

  describe("a user's own token", () => {
    const mine = () => hub.store.tokensOfUser("ada-admin").filter(({ name }) => name.startsWith("mine"));

    it("is created, gets a successor for another name or role, and is revoked", async () => {
      const token = slot();
      await token.up(userArgs());
      assert.equal(token.id, `user/${OWNER}`);
      assert.equal(mine()[0]!.role, "read", "read is the default");
      assert.equal(token.preview(userArgs()), "same");
      assert.deepEqual(await token.refresh(), []);
      assert.equal(token.preview(userArgs({ role: "read" })), "update");
      const first = token.kept;
      assert.equal(await token.up(userArgs({ role: "write" })), "update");
      assert.equal(mine().length, 2);
      assert.equal(token.kept.predecessors[0]?.tokenId, first.hubName);
      assert.equal(await token.up(userArgs({ role: "write", name: "mine2" })), "update");
      assert.match(token.kept.tokenId, /^mine2 \[/);
      await token.destroy();
      assert.equal(mine().length, 0);
    });

    it("has an expiry that the Hub enforces, and gets a successor for another expiry", async () => {
      const token = slot();
      const expiresAt = "2026-12-01T00:00:00Z";
      await token.up(userArgs({ expiresAt }));
      assert.deepEqual([token.kept.expiresAt, token.kept.expiryEnforced], [expiresAt, true]);
      assert.equal(token.preview(userArgs({ expiresAt: "2026-12-01T01:00:00+01:00" })), "same");
      assert.deepEqual(await token.refresh(), []);
      assert.equal(token.preview(userArgs({ expiresAt: "2026-12-02T00:00:00Z" })), "update");
      clock.pass(24 * 12);
      // The expiry has passed and is not sent again: there is a warning, but no error. A successor would expire
      // immediately.
      assert.equal(token.preview(userArgs({ expiresAt })), "same");
      assert.ok(token.warnings().some((message) => /is in the past/.test(message)));
      await token.refresh();
      assert.equal(token.kept.status, "expired");
      assert.equal(await token.up(userArgs({ expiresAt, overlapHours: 3 })), "update");
      assert.deepEqual([token.kept.status, token.kept.expiryEnforced], ["expired", true]);
      assert.equal(await token.up(userArgs({ expiresAt: "2027-01-01T00:00:00Z" })), "update");
      assert.equal(token.kept.status, "active");
    });

    it("is neither treated as revoked by the credentials of another user nor issued to them", async () => {
      const token = slot();
      await token.up(userArgs({ recreateIfInvalid: true }));
      token.surroundings.token = hub.tokens.outsider;
      for (const step of [
        () => token.refresh(),
        () => token.up(userArgs({ recreateIfInvalid: true, rotationTriggers: { n: "1" } })),
        () => token.destroy(),
      ]) {
        await assert.rejects(step, /token of the user ada-admin.*a token of otto-outsider/);
      }
      assert.equal(mine().length, 1);
      assert.equal(hub.store.tokensOfUser("otto-outsider").length, 1);
      token.surroundings.token = hub.tokens.admin;
      await token.destroy();
      assert.equal(mine().length, 0);
    });

    it("can be refreshed and revoked after its user was renamed, even if an earlier release created it", async () => {
      const token = slot();
      await token.up(userArgs());
      const { userId, ...earlier } = token.kept;
      token.state = earlier;
      await token.refresh();
      assert.equal(token.kept.userId, userId);
      token.state = { ...token.kept, user: "ada-before" };
      await token.refresh();
      assert.equal(token.kept.user, "ada-admin");
      token.state = { ...token.kept, user: "ada-before" };
      assert.equal(await token.up(userArgs({ rotationTriggers: { n: "1" } })), "update");
      token.state = { ...token.kept, user: "ada-before" };
      await token.destroy();
      assert.equal(mine().length, 0);
    });

    it("fails with a clear error on a Hub without this API", async () => {
      const bare = await startHub({ profile: "public" });
      try {
        const token = new ResourceHarness(hubTokenDefinition, { hub: bare, clock });
        await assert.rejects(
          () => token.up(userArgs()),
          (error: Error) => {
            assert.match(error.message, /service account/i);
            assert.match(error.message, /does not offer|not offer|no .*API|public/i);
            return true;
          },
        );
      } finally {
        await bare.close();
      }
    });
  });
});
