import assert from "node:assert/strict";
import { ask, expectStatus } from "./ask";
import { startHub, type Hub } from "../support/hub";

const PATH = "/api/organizations/acme/service-accounts";

interface Issued {
  token: string;
  tokenInfo: { _id: string; displayName: string; last4?: string };
}

describe("local Hub: service accounts and their tokens", () => {
  let hub: Hub;
  beforeEach(async () => (hub = await startHub()));
  afterEach(() => hub.close());

  async function makeAccount(name = "deployer", description?: string): Promise<string> {
    const { body } = await expectStatus<{ _id: string }>(201, hub, "POST", PATH, {
      body: { name, description },
    });
    return body._id;
  }

  async function makeToken(account: string, settings: object = {}): Promise<Issued> {
    const { body } = await expectStatus<Issued>(201, hub, "POST", `${PATH}/${account}/tokens`, {
      body: settings,
    });
    return body;
  }

  it("creates, lists, shows and deletes an account", async () => {
    const id = await makeAccount("deployer", "Deploys");
    const { body: list } = await expectStatus<{ _id: string; name: string }[]>(200, hub, "GET", PATH);
    assert.deepEqual(
      list.map((each) => [each._id, each.name]),
      [[id, "deployer"]],
    );
    const { body } = await expectStatus(200, hub, "GET", `${PATH}/${id}`);
    assert.equal(body.description, "Deploys");
    assert.deepEqual(body.accessTokens, []);
    await expectStatus(204, hub, "DELETE", `${PATH}/${id}`);
    await expectStatus(404, hub, "GET", `${PATH}/${id}`);
    await expectStatus(404, hub, "DELETE", `${PATH}/${id}`);
    assert.deepEqual(
      hub.store
        .auditEventsOf("acme")
        .slice(-2)
        .map((event) => event.type),
      ["org.service_account.create", "org.service_account.delete"],
    );
  });

  it("returns the new account's name as fullname", async () => {
    const { body } = await expectStatus(201, hub, "POST", PATH, { body: { name: "deployer" } });
    assert.deepEqual(Object.keys(body).sort(), ["_id", "createdAt", "fullname", "user"]);
  });

  it("shows a token's value once, accepts it, and stores only its hash", async () => {
    const account = await makeAccount();
    const { token, tokenInfo } = await makeToken(account, { permissions: ["org.read"] });
    assert.match(token, /^hf_[A-Za-z0-9]{34}$/);
    assert.equal(tokenInfo.displayName, "API Token");
    const { body } = await expectStatus<{
      auth: { accessToken: { role: string } };
      orgs: { name: string }[];
    }>(200, hub, "GET", "/api/whoami-v2", { token });
    assert.equal(body.auth.accessToken.role, "fineGrained");
    assert.deepEqual(
      body.orgs.map((org) => org.name),
      ["acme"],
    );
    const shown = await ask(hub, "GET", `${PATH}/${account}`);
    assert.ok(!JSON.stringify(shown.body).includes(token));
    assert.ok(!JSON.stringify([...hub.store.serviceAccountTokens.values()]).includes(token));
    const [listed] = shown.body.accessTokens as { last4: string; lastUsedAt: string; role: string }[];
    assert.equal(listed?.last4, token.slice(-4));
    assert.equal(listed?.role, "fineGrained");
    assert.ok(listed?.lastUsedAt);
  });

  it("revokes the old value immediately when a token is rotated", async () => {
    const account = await makeAccount();
    const { token, tokenInfo } = await makeToken(account);
    const { body } = await expectStatus<Issued>(
      200,
      hub,
      "POST",
      `${PATH}/${account}/tokens/${tokenInfo._id}/rotate`,
    );
    assert.equal(body.tokenInfo._id, tokenInfo._id);
    await expectStatus(401, hub, "GET", "/api/whoami-v2", { token });
    await expectStatus(200, hub, "GET", "/api/whoami-v2", { token: body.token });
  });

  it("updates only the given fields, and keeps the token's value", async () => {
    const account = await makeAccount();
    const { token, tokenInfo } = await makeToken(account, { displayName: "a", permissions: ["org.read"] });
    const { body } = await expectStatus(200, hub, "PATCH", `${PATH}/${account}/tokens/${tokenInfo._id}`, {
      body: { displayName: "b" },
    });
    assert.equal(body.displayName, "b");
    assert.deepEqual(body.permissions, ["org.read"]);
    assert.ok(!("createdAt" in body));
    await expectStatus(200, hub, "GET", "/api/whoami-v2", { token });
  });

  it("refuses a token after the token or its account was deleted", async () => {
    const account = await makeAccount();
    const first = await makeToken(account);
    const second = await makeToken(account);
    await expectStatus(204, hub, "DELETE", `${PATH}/${account}/tokens/${first.tokenInfo._id}`);
    await expectStatus(404, hub, "DELETE", `${PATH}/${account}/tokens/${first.tokenInfo._id}`);
    await expectStatus(401, hub, "GET", "/api/whoami-v2", { token: first.token });
    await expectStatus(204, hub, "DELETE", `${PATH}/${account}`);
    await expectStatus(401, hub, "GET", "/api/whoami-v2", { token: second.token });
    assert.equal(hub.store.tokensOf(account).length, 0);
    assert.equal(hub.store.tokensOf(account, { deleted: true }).length, 2);
  });

  it("allows a token only what its permissions allow", async () => {
    const account = await makeAccount();
    const { token: reads } = await makeToken(account, { permissions: ["org.serviceAccounts.read"] });
    await expectStatus(200, hub, "GET", PATH, { token: reads });
    await expectStatus(403, hub, "POST", PATH, { token: reads, body: { name: "x" } });
    await expectStatus(403, hub, "GET", "/api/organizations/acme/audit-log/export", { token: reads });
    await expectStatus(403, hub, "GET", "/api/organizations/globex/service-accounts", { token: reads });
    await expectStatus(404, hub, "GET", "/api/models/acme/llm-private", { token: reads });
    const { token: writes } = await makeToken(account, { permissions: ["org.serviceAccounts.write"] });
    await expectStatus(201, hub, "POST", PATH, { token: writes, body: { name: "x" } });
  });

  it("limits repository permissions to the named repositories", async () => {
    const account = await makeAccount();
    const id = hub.store.repository("acme/llm-private")?.id;
    const { token } = await makeToken(account, { repoIds: [id], repoPermissions: ["repo.write"] });
    await expectStatus(200, hub, "GET", "/api/models/acme/llm-private", { token });
    await expectStatus(200, hub, "PUT", "/api/models/acme/llm-private/settings", {
      token,
      body: { private: true },
    });
    await expectStatus(404, hub, "GET", "/api/models/acme/fraud-detector", { token });
    await expectStatus(403, hub, "PUT", "/api/models/acme/llm-public/settings", {
      token,
      body: { private: true },
    });
  });

  it("refuses ids of private repositories of other organizations", async () => {
    const account = await makeAccount();
    const foreign = hub.store.repository("globex/forecast")?.id;
    const body = { repoIds: [foreign], repoPermissions: ["repo.write"] };
    const reply = await expectStatus<{ error: string }>(400, hub, "POST", `${PATH}/${account}/tokens`, {
      body,
    });
    assert.match(reply.body.error, /^repoIds\.0: /);
  });

  for (const [what, body] of [
    ["an unknown permission", { permissions: ["everything"] }],
    ["too many endpoint patterns", { endpointPatterns: Array.from({ length: 21 }, (_, i) => `e${i}`) }],
    ["an empty name", { displayName: "" }],
    ["a text for a flag", { skipNetworkSecurity: "yes" }],
    ["an endpoint pattern with a dot", { endpointPatterns: ["a.b"] }],
    ["an endpoint pattern with a bracket", { endpointPatterns: ["a[b"] }],
    ["an empty endpoint pattern", { endpointPatterns: [""] }],
    ["an endpoint pattern that is too long", { endpointPatterns: ["x".repeat(257)] }],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const account = await makeAccount();
      await expectStatus(400, hub, "POST", `${PATH}/${account}/tokens`, { body });
      assert.equal(hub.store.tokensOf(account).length, 0);
    });
  }

  it("accepts endpoint patterns with wildcards, and ids in upper case", async () => {
    const account = await makeAccount();
    const id = hub.store.repository("acme/llm-private")?.id ?? "";
    const settings = { endpointPatterns: ["gpt2-*", "x".repeat(256)], repoIds: [id.toUpperCase()] };
    const { tokenInfo } = await makeToken(account, settings);
    assert.deepEqual(hub.store.serviceAccountTokens.get(tokenInfo._id)?.repoIds, [id]);
    await expectStatus(200, hub, "GET", `${PATH}/${account.toUpperCase()}`);
  });

  it("ignores an expiry date, which the Hub does not support", async () => {
    const { token } = await makeToken(await makeAccount(), { expiresAt: "2020-01-01T00:00:00Z" });
    await expectStatus(200, hub, "GET", "/api/whoami-v2", { token });
  });

  it("exempts a token from network security only on Enterprise Plus, and only if a person asks", async () => {
    const account = await makeAccount();
    const { tokenInfo } = await makeToken(account);
    const one = `${PATH}/${account}/tokens`;
    const body = { skipNetworkSecurity: true };
    await expectStatus(402, hub, "POST", one, { body });
    await expectStatus(402, hub, "PATCH", `${one}/${tokenInfo._id}`, { body });
    hub.store.setPlan("acme", "plus");
    await expectStatus(200, hub, "PATCH", `${one}/${tokenInfo._id}`, { body });
    assert.equal(hub.store.serviceAccountTokens.get(tokenInfo._id)?.skipNetworkSecurity, true);
    const { token } = await makeToken(account, { permissions: ["org.serviceAccounts.write"] });
    await expectStatus(403, hub, "POST", one, { token, body });
  });

  it("lets repoPermissions override the organization-wide permissions", async () => {
    const account = await makeAccount();
    const id = hub.store.repository("acme/llm-private")?.id;
    const { token } = await makeToken(account, {
      permissions: ["repo.write"],
      repoIds: [id],
      repoPermissions: ["repo.content.read"],
    });
    const body = { private: true };
    await expectStatus(403, hub, "PUT", "/api/models/acme/llm-private/settings", { token, body });
    await expectStatus(200, hub, "PUT", "/api/models/acme/llm-public/settings", { token, body });
  });

  it("accepts public repositories of other owners", async () => {
    const id = hub.store.repository("globex/forecast-mini")?.id;
    await makeToken(await makeAccount(), { repoIds: [id], repoPermissions: ["repo.content.read"] });
  });

  it("requires an administrator and the Enterprise plan", async () => {
    for (const role of ["write", "contributor", "read", "outsider"] as const) {
      await expectStatus(403, hub, "GET", PATH, { token: hub.tokens[role] });
    }
    hub.store.setPlan("acme", "team");
    await expectStatus(402, hub, "GET", PATH);
  });

  it("logs the author, the author's token and the created token", async () => {
    const account = await makeAccount();
    const { tokenInfo } = await makeToken(account, { displayName: "ci" });
    const event = hub.store.auditEventsOf("acme").at(-1);
    assert.equal(event?.type, "org.service_account.token.create");
    assert.equal(event?.author.user, "ada-admin");
    assert.equal(event?.token?.last4, hub.tokens.admin.slice(-4));
    assert.equal((event?.data?.token as { _id: string })._id, tokenInfo._id);
  });
});
