// Runs every operation against the local Hub, with both of its profiles.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client/hubClient";
import { type Hub, startHub } from "../support/hub";
import { failure } from "./failure";

describe("client on a Hub with the extended API", () => {
  let hub: Hub;
  let client: HubClient;
  const as = (name: keyof Hub["tokens"]): HubClient =>
    new HubClient({ endpoint: hub.endpoint, token: hub.tokens[name] });
  before(async () => {
    hub = await startHub();
    client = as("admin");
  });
  after(() => hub.close());

  it("exchanges compatible roles", async () => {
    for (const role of ["admin", "write", "contributor", "read"] as const) {
      assert.equal(await as(role).myOrgRole("acme"), role);
    }
    assert.equal(await as("outsider").myOrgRole("acme"), null);
    assert.equal(await client.hasOrgRole("acme", "write"), true);
    assert.equal(await as("read").hasOrgRole("acme", "contributor"), false);
  });

  it("lists members and repositories", async () => {
    assert.ok((await client.listMembers("acme")).length >= 4);
    const repositories = await client.listRepositories("acme");
    assert.ok(repositories.length > 3);
    assert.equal((await client.listRepositories("acme", { limit: 2 })).length, 2);
    assert.ok(
      (await client.listRepositories("acme", { type: "dataset" })).every(({ type }) => type === "dataset"),
    );
  });

  it("creates, lists, uses and revokes a user's own token", async () => {
    const name = "ci [ab12cd34-9f0e]";
    const created = await client.createToken({ name, role: "read" });
    assert.ok((await client.listTokens()).some((token) => token.name === name));
    assert.equal((await failure(client.createToken({ name, role: "read" }))).status, 409);
    await new HubClient({ endpoint: hub.endpoint, token: created.token }).whoami();
    await client.revokeToken(name);
    assert.equal(
      (await failure(new HubClient({ endpoint: hub.endpoint, token: created.token }).whoami())).status,
      401,
    );
    assert.equal((await failure(client.revokeToken(name))).status, 404);
  });

  it("manages a service account and its token from creation to deletion", async () => {
    const account = await client.createServiceAccount("acme", { name: "bot", description: "for tests" });
    assert.equal(account.name, "bot");
    assert.ok((await client.listServiceAccounts("acme")).some(({ _id }) => _id === account._id));
    const first = await client.createServiceAccountToken("acme", account._id, {
      displayName: "ci",
      permissions: ["org.read"],
    });
    const changed = await client.updateServiceAccountToken("acme", account._id, first.tokenInfo._id, {
      permissions: ["repo.content.read"],
    });
    assert.deepEqual(changed.permissions, ["repo.content.read"]);
    await new HubClient({ endpoint: hub.endpoint, token: first.token }).whoami();
    const second = await client.rotateServiceAccountToken("acme", account._id, first.tokenInfo._id);
    assert.notEqual(second.token, first.token);
    assert.equal(
      (await failure(new HubClient({ endpoint: hub.endpoint, token: first.token }).whoami())).status,
      401,
    );
    const { accessTokens = [] } = await client.getServiceAccount("acme", account._id);
    assert.equal(accessTokens.length, 1);
    await client.deleteServiceAccountToken("acme", account._id, accessTokens[0]?._id ?? "");
    await client.deleteServiceAccount("acme", account._id);
    assert.equal((await failure(client.getServiceAccount("acme", account._id))).status, 404);
  });

  it("configures single sign-on", async () => {
    assert.equal((await failure(client.getSsoConfig("acme"))).code, "SsoNotConfigured");
    const settings = await client.updateSsoConfig("acme", {
      provider: "oidc",
      enabled: false,
      ssoUrl: "https://idp.example",
      clientId: "id",
      clientSecret: "a-secret-of-oidc",
    });
    assert.equal(settings.provider, "oidc");
    assert.ok(!JSON.stringify(await client.getSsoConfig("acme")).includes("a-secret-of-oidc"));
    await client.updateSsoCredential("acme", { clientSecret: "another-secret" });
    await client.deleteSsoConfig("acme");
  });

  it("changes a repository's visibility in every way", async () => {
    const [repo] = await client.listRepositories("acme", { type: "model" });
    assert.ok(repo);
    const visibility = async (): Promise<string | undefined> =>
      (await client.listRepositories("acme", { type: "model" })).find(({ id }) => id === repo.id)?.visibility;
    await client.setRepoVisibility(repo.id, { private: true });
    assert.equal(await visibility(), "private");
    assert.equal((await client.getRepo(repo.id)).private, true);
    await client.setRepoInternalVisibility(repo.id, { visibility: "internal" });
    assert.equal(await visibility(), "internal");
    await client.updateRepoSettings(repo.id, { visibility: "public", gated: "manual" });
    assert.equal(await visibility(), "public");
    assert.equal((await client.getRepo(repo.id)).gated, "manual");
    assert.equal((await failure(as("read").setRepoVisibility(repo.id, { private: true }))).status, 403);
  });

  it("reads these changes from the audit log, as a list and as a stream", async () => {
    const [latest] = await client.auditLogs("acme", { action: "repo.visibility", limit: 1 });
    assert.equal(latest?.event.type, "repo.update_settings");
    assert.equal(latest?.resourceType, "model");
    assert.match(latest?.resource ?? "", /^acme\//);
    const [token] = await client.auditLogs("acme", { action: "token.create", limit: 1 });
    assert.equal(token?.resource, "ci");
    assert.equal(token?.resourceType, "token");
    const all = await client.auditLogs("acme", { limit: 100_000 });
    assert.deepEqual(
      all.map(({ timestamp }) => timestamp),
      all
        .map(({ timestamp }) => timestamp)
        .sort()
        .reverse(),
    );
    let streamed = 0;
    for await (const entry of client.streamAuditLogs("acme", { resourceType: "repo" })) {
      assert.match(entry.event.type, /^repo\./);
      streamed += 1;
    }
    assert.ok(streamed > 10);
    assert.equal((await failure(as("read").auditLogs("acme"))).status, 403);
  });

  it("manages a resource group from creation to deletion", async () => {
    const group = await client.createResourceGroup("acme", {
      name: "ml",
      description: "models",
      users: [{ user: "wim-write", role: "write" }],
      repos: [{ name: "acme/speech-base", type: "model" }],
    });
    const { id } = group;
    assert.deepEqual([group.name, group.description, group.autoJoin], ["ml", "models", undefined]);
    assert.deepEqual(
      group.users.map(({ name, role, addedBy }) => [name, role, addedBy]),
      [["wim-write", "write", "ada-admin"]],
    );
    assert.deepEqual(
      group.resources.map(({ type, name }) => [type, name]),
      [["model", "acme/speech-base"]],
    );
    assert.deepEqual(await client.getResourceGroup("acme", id), group);
    assert.ok((await client.listResourceGroups("acme")).some((each) => each.id === id));

    const limited = await client.updateResourceGroup("acme", id, { spendLimits: { total: 5000, jobs: 0 } });
    assert.deepEqual([limited.name, limited.spendLimits], ["ml", { total: 5000, jobs: 0 }]);
    const unlimited = await client.updateResourceGroup("acme", id, {
      spendLimits: { total: null, jobs: null },
    });
    assert.equal(unlimited.spendLimits, undefined);

    await client.addResourceGroupUsers("acme", id, [{ user: "rex-read", role: "read" }]);
    const again = client.addResourceGroupUsers("acme", id, [{ user: "rex-read", role: "read" }]);
    assert.equal((await failure(again)).status, 403);
    const raised = await client.updateResourceGroupUser("acme", id, {
      user: "rex-read",
      role: "contributor",
    });
    assert.equal(raised.users.find(({ name }) => name === "rex-read")?.role, "contributor");
    const left = await client.removeResourceGroupUser("acme", id, "rex-read");
    assert.deepEqual(
      left.users.map(({ name }) => name),
      ["wim-write"],
    );

    const joined = await client.setResourceGroupAutoJoin("acme", id, { role: "read", scope: "read_plus" });
    assert.deepEqual(joined.autoJoin, { enabled: true, role: "read", scope: "read_plus" });
    const closed = await client.setResourceGroupAutoJoin("acme", id, null);
    assert.notEqual(closed.autoJoin?.enabled, true);
    assert.equal(closed.users.length, joined.users.length);

    await client.deleteResourceGroup("acme", id);
    assert.equal((await failure(client.getResourceGroup("acme", id))).status, 404);
    assert.equal((await failure(client.getRepoResourceGroup("acme/speech-base"))).status, 404);
  });

  it("moves a repository into a resource group and out of it", async () => {
    const { id } = await client.createResourceGroup("acme", { name: "data" });
    for (const [repo, repoType] of [
      ["acme/telemetry", "dataset"],
      ["acme/checkpoints", "bucket"],
    ] as const) {
      await client.setRepoResourceGroup(repo, { groupId: id, repoType });
      assert.deepEqual(await client.getRepoResourceGroup(repo, repoType), { id, name: "data", numUsers: 0 });
      await client.setRepoResourceGroup(repo, { groupId: null, repoType });
      const error = await failure(client.getRepoResourceGroup(repo, repoType));
      assert.equal(error.status, 404);
      assert.match(error.advice ?? "", /^The repository is not in a resource group; or/);
    }
    await client.deleteResourceGroup("acme", id);
  });

  it("changes the role of a member and keeps the resource groups that it sends", async () => {
    const { id } = await client.createResourceGroup("acme", {
      name: "kept",
      users: [{ user: "cora-contributor", role: "read" }],
    });
    const cora = async () =>
      (await client.listMembers("acme", { search: "cora" })).find(({ user }) => user === "cora-contributor");
    const resourceGroups = [{ id, role: "write" as const }];
    await client.updateMemberRole("acme", "cora-contributor", { role: "read", resourceGroups });
    const changed = await cora();
    assert.equal(changed?.role, "read");
    assert.deepEqual(changed?.resourceGroups, [{ id, name: "kept", numUsers: 1, role: "write" }]);
    await client.updateMemberRole("acme", "cora-contributor", { role: "contributor", resourceGroups: [] });
    assert.deepEqual((await cora())?.resourceGroups, []);
    const stranger = client.updateMemberRole("acme", "otto-outsider", { role: "read", resourceGroups: [] });
    assert.match((await failure(stranger)).advice ?? "", /not a member/);
    await client.deleteResourceGroup("acme", id);
  });

  it("lists members' tokens and revokes leaked ones", async () => {
    const tokens = await client.listMemberTokens("acme");
    assert.ok(tokens.length > 0);
    const own = await as("write").createToken({ name: "leaked", role: "read" });
    await client.revokeLeakedCredentials([own.token]);
    assert.equal(
      (await failure(new HubClient({ endpoint: hub.endpoint, token: own.token }).whoami())).status,
      401,
    );
  });
});

describe("client on a Hub with the public API only", () => {
  let hub: Hub;
  let client: HubClient;
  before(async () => {
    hub = await startHub({ profile: "public" });
    client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  });
  after(() => hub.close());

  it("reports what this Hub does not offer", async () => {
    assert.match((await failure(client.listTokens())).message, /does not offer/);
    assert.match((await failure(client.getSsoConfig("acme"))).message, /SsoCredential/);
    const [repo] = await client.listRepositories("acme", { type: "model" });
    const error = await failure(client.setRepoInternalVisibility(repo?.id ?? "", { visibility: "internal" }));
    assert.match(error.message, /does not offer internal visibility/);
  });
});

describe("client with a strict rate limit", () => {
  it("finishes over several windows without a 429", async () => {
    const hub = await startHub({ rateLimit: 5, rateLimitWindowSeconds: 1 });
    try {
      const notices: string[] = [];
      const client = new HubClient({
        endpoint: hub.endpoint,
        token: hub.tokens.admin,
        onNotice: ({ message }) => notices.push(message),
      });
      await Promise.all(Array.from({ length: 12 }, () => client.listServiceAccounts("acme")));
      assert.equal(hub.store.requests.length, 12);
      assert.ok(hub.store.requests.every(({ status }) => status === 200));
      assert.ok(notices.length >= 1);
      assert.match(notices[0] ?? "", /^rate limited, resuming in \d s$/);
    } finally {
      await hub.close();
    }
  });
});
