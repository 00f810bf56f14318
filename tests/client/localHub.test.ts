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
