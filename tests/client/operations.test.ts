// Covers the requests of each operation, and how it reads the Hub's answers.
import assert from "node:assert/strict";
import { inspect } from "node:util";
import fc from "fast-check";
import { type HubClient } from "../../provider/src/client/hubClient";
import { HubError } from "../../provider/src/client/errors";
import { ORG_ROLES, type OrgRole } from "../../provider/src/client/types";
import { type ScriptedServer, startScriptedServer } from "../support/scriptedServer";
import { ID } from "./answers";
import { failure } from "./failure";
import { GROUP_OPERATIONS, type Operation, SPACE_OPERATIONS } from "./groupsAndSpaces";
import { quickClient } from "./quickClient";

const TIME = "2026-01-01T00:00:00.000Z";
const ACCOUNT = { _id: ID, user: "acme-bot", fullname: "bot", createdAt: TIME };
const TOKEN_INFO = {
  _id: ID,
  displayName: "ci",
  createdAt: TIME,
  repoIds: [],
  repoPermissions: [],
  endpointPatterns: [],
};
const ISSUED = { token: "hf_valuevaluevaluevalue", tokenInfo: TOKEN_INFO };
const ME = {
  type: "user",
  id: ID,
  name: "ada",
  auth: { type: "access_token", accessToken: { displayName: "x", role: "write" } },
  orgs: ORG_ROLES.map((role, index) => ({
    type: "org",
    id: String(index + 1),
    name: `org-${role}`,
    roleInOrg: role,
  })),
};

const OPERATIONS: Operation[] = [
  { name: "whoami", call: (c) => c.whoami(), answer: ME, sends: "GET /api/whoami-v2" },
  {
    name: "listMembers",
    call: (c) => c.listMembers("acme", { search: "a&b", email: "x@y.example" }),
    answer: [{ _id: ID, user: "ada", role: "admin" }],
    sends: "GET /api/organizations/acme/members?search=a%26b&email=x%40y.example&limit=1000",
  },
  {
    name: "auditLogs",
    call: (c) => c.auditLogs("acme"),
    answer: [{ _id: ID, type: "repo.create", createdAt: TIME }],
    sends: "GET /api/organizations/acme/audit-log/export",
  },
  {
    name: "createToken",
    call: (c) => c.createToken({ name: "ci", role: "write", expiresAt: TIME }),
    answer: { name: "ci", role: "write", createdAt: TIME, expiresAt: TIME, token: "hf_valuevaluevaluevalue" },
    sends: "POST /api/settings/tokens",
    body: { name: "ci", role: "write", expiresAt: TIME },
  },
  {
    name: "listTokens",
    call: (c) => c.listTokens(),
    answer: [{ name: "ci", role: "read", createdAt: TIME, lastUsed: null }],
    sends: "GET /api/settings/tokens",
  },
  {
    name: "revokeToken",
    call: (c) => c.revokeToken("ci [ab-cd]"),
    sends: "DELETE /api/settings/tokens/ci%20%5Bab-cd%5D",
  },
  {
    name: "listServiceAccounts",
    call: (c) => c.listServiceAccounts("acme"),
    answer: [{ ...ACCOUNT, fullname: undefined, name: "bot", email: "x" }],
    sends: "GET /api/organizations/acme/service-accounts",
  },
  {
    name: "createServiceAccount",
    call: (c) => c.createServiceAccount("acme", { name: "bot", description: "d" }),
    answer: ACCOUNT,
    sends: "POST /api/organizations/acme/service-accounts",
    body: { name: "bot", description: "d" },
  },
  {
    name: "getServiceAccount",
    call: (c) => c.getServiceAccount("acme", ID),
    answer: {
      ...ACCOUNT,
      name: "bot",
      accessTokens: [{ ...TOKEN_INFO, lastUsedAt: null, role: "fineGrained", permissions: [] }],
    },
    sends: `GET /api/organizations/acme/service-accounts/${ID}`,
  },
  {
    name: "deleteServiceAccount",
    call: (c) => c.deleteServiceAccount("acme", ID),
    sends: `DELETE /api/organizations/acme/service-accounts/${ID}`,
  },
  {
    name: "createServiceAccountToken",
    call: (c) => c.createServiceAccountToken("acme", ID, { displayName: "ci", permissions: ["org.read"] }),
    answer: ISSUED,
    sends: `POST /api/organizations/acme/service-accounts/${ID}/tokens`,
    body: { displayName: "ci", permissions: ["org.read"] },
  },
  {
    name: "updateServiceAccountToken",
    call: (c) => c.updateServiceAccountToken("acme", ID, ID, { skipNetworkSecurity: true }),
    answer: TOKEN_INFO,
    sends: `PATCH /api/organizations/acme/service-accounts/${ID}/tokens/${ID}`,
    body: { skipNetworkSecurity: true },
  },
  {
    name: "rotateServiceAccountToken",
    call: (c) => c.rotateServiceAccountToken("acme", ID, ID),
    answer: ISSUED,
    sends: `POST /api/organizations/acme/service-accounts/${ID}/tokens/${ID}/rotate`,
  },
  {
    name: "deleteServiceAccountToken",
    call: (c) => c.deleteServiceAccountToken("acme", ID, ID),
    sends: `DELETE /api/organizations/acme/service-accounts/${ID}/tokens/${ID}`,
  },
  {
    name: "listMemberTokens",
    call: (c) => c.listMemberTokens("acme", { query: "status:all -owner:bob" }),
    answer: [{ _id: ID, displayName: "x", role: "read", createdAt: TIME, owner: { _id: ID, name: "bob" } }],
    sends: "GET /api/organizations/acme/settings/tokens?q=status%3Aall+-owner%3Abob&limit=100",
  },
  {
    name: "revokeMemberToken",
    call: (c) => c.revokeMemberToken("acme", ID),
    sends: `POST /api/organizations/acme/settings/tokens/${ID}/revoke`,
  },
  {
    name: "revokeLeakedCredentials",
    call: (c) => c.revokeLeakedCredentials(["hf_a", "hf_b"]),
    sends: "POST /api/credentials/revoke",
    body: { credentials: ["hf_a", "hf_b"] },
  },
  {
    name: "getSsoConfig",
    call: (c) => c.getSsoConfig("acme"),
    answer: {
      provider: "saml",
      enabled: true,
      ssoUrl: "https://idp.example",
      certificate: "PEM",
      updatedAt: TIME,
    },
    sends: "GET /api/organizations/acme/settings/sso",
  },
  {
    name: "updateSsoConfig",
    call: (c) => c.updateSsoConfig("acme", { provider: "oidc", clientId: "id", clientSecret: "secret" }),
    answer: { provider: "oidc", enabled: false, clientId: "id" },
    sends: "PUT /api/organizations/acme/settings/sso",
    body: { provider: "oidc", clientId: "id", clientSecret: "secret" },
  },
  {
    name: "deleteSsoConfig",
    call: (c) => c.deleteSsoConfig("acme"),
    sends: "DELETE /api/organizations/acme/settings/sso",
  },
  {
    name: "updateSsoCredential (OIDC)",
    call: (c) => c.updateSsoCredential("acme", { clientSecret: "secret" }),
    sends: "PUT /api/organizations/acme/settings/sso/credentials",
    body: { clientSecret: "secret" },
  },
  {
    name: "updateSsoCredential (SAML)",
    call: (c) => c.updateSsoCredential("acme", { certificate: "PEM" }),
    sends: "PUT /api/organizations/acme/settings/sso/credentials",
    body: { x509Cert: "PEM" },
  },
  {
    name: "getRepo",
    call: (c) => c.getRepo("acme/d", "dataset"),
    answer: { _id: ID, id: "acme/d", private: true, gated: "auto" },
    sends: "GET /api/datasets/acme/d",
  },
  {
    name: "listRepositories",
    call: (c) => c.listRepositories("acme", { search: "m", type: "model", limit: 5 }),
    answer: [
      {
        id: "acme/m",
        type: "model",
        visibility: "private",
        updatedAt: TIME,
        storage: 1,
        storagePercent: 0.1,
      },
    ],
    sends: "GET /api/organizations/acme/settings/repositories?search=m&type=model&limit=5",
  },
  {
    name: "listReposOf",
    call: (c) => c.listReposOf("acme", { type: "space", search: "s" }),
    answer: [{ _id: ID, id: "acme/s", createdAt: TIME, private: true }],
    sends: "GET /api/spaces?author=acme&search=s&limit=1000",
  },
  {
    name: "listReposOf",
    call: (c) => c.listReposOf("acme", { type: "dataset", gates: true }),
    answer: [{ _id: ID, id: "acme/d", createdAt: TIME, private: false, gated: "manual" }],
    sends: "GET /api/datasets?author=acme&limit=1000&expand=gated&expand=private&expand=createdAt",
  },
  {
    name: "listBuckets",
    call: (c) => c.listBuckets("acme", { search: "b" }),
    answer: [{ id: "acme/b", createdAt: TIME, private: true }],
    sends: "GET /api/buckets/acme?search=b",
  },
  {
    name: "updateRepoSettings",
    call: (c) => c.updateRepoSettings("acme/m", { visibility: "public", gated: "manual" }),
    answer: { visibility: "public", private: false, gated: "manual" },
    sends: "PUT /api/models/acme/m/settings",
    body: { visibility: "public", gated: "manual" },
  },
  {
    name: "setRepoVisibility",
    call: (c) => c.setRepoVisibility("acme/s", { private: false, repoType: "space" }),
    sends: "PUT /api/spaces/acme/s/settings",
    body: { visibility: "public" },
  },
  {
    name: "setRepoInternalVisibility",
    call: (c) => c.setRepoInternalVisibility("acme/m", { visibility: "internal" }),
    sends: "PUT /api/models/acme/m/settings",
    body: { visibility: "internal" },
  },
  ...GROUP_OPERATIONS,
  ...SPACE_OPERATIONS,
];

describe("HubClient", () => {
  let server: ScriptedServer;
  afterEach(() => server.close());

  async function refusal(
    status: number,
    call: (client: HubClient) => Promise<unknown>,
    headers = {},
  ): Promise<HubError> {
    server = await startScriptedServer({ status, headers, body: { error: "no" } });
    return failure(call(quickClient(server.endpoint).client));
  }

  for (const { name, call, answer, keyed, sends, body } of OPERATIONS) {
    it(`${name} sends the request that the Hub expects`, async () => {
      server = await startScriptedServer(answer === undefined ? { status: 204 } : { body: answer });
      const result = await call(quickClient(server.endpoint).client);
      const [seen] = server.requests;
      assert.equal(`${seen?.method} ${seen?.url}`, sends);
      assert.deepEqual(seen?.body ? JSON.parse(seen.body) : undefined, body);
      assert.equal(seen?.headers["content-type"], body === undefined ? undefined : "application/json");
      assert.equal(result === undefined, answer === undefined);
    });

    if (answer === undefined) continue;
    it(`${name} fails cleanly on malformed answers and ignores unknown fields`, async () => {
      let body: unknown;
      server = await startScriptedServer((_request, response) => void response.end(JSON.stringify(body)));
      const { client } = quickClient(server.endpoint);
      const mangled = fc.oneof(
        fc.jsonValue(),
        // One field of a correct answer is missing or has another type.
        fc.tuple(fc.nat(), fc.oneof(fc.jsonValue(), fc.constant(undefined))).map(([at, value]) => {
          const copy = structuredClone(answer);
          const target = (Array.isArray(copy) ? copy[0] : copy) as Record<string, unknown>;
          const keys = Object.keys(target);
          target[keys[at % keys.length] as string] = value;
          return copy;
        }),
      );
      await fc.assert(
        fc.asyncProperty(mangled, async (value) => {
          body = value;
          try {
            await call(client);
          } catch (error) {
            assert.ok(error instanceof HubError, inspect(error));
            assert.equal(error.code, "invalid_response");
          }
        }),
        { numRuns: 60 },
      );
      body = JSON.parse(
        JSON.stringify(answer)
          .replace(keyed ? /(?<=.)\{/g : /\{/g, '{"__proto__":{"polluted":1},"novelField":{"x":[1]},')
          .replace(/,\}/g, "}"),
      );
      const result = await call(quickClient(server.endpoint).client);
      const first = (Array.isArray(result) ? (result[0] as object) : result) as object;
      if (name !== "auditLogs") assert.ok(!Object.hasOwn(first, "__proto__"));
      assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
    });
  }

  it("names the wrong field but not its value", async () => {
    server = await startScriptedServer({
      body: [{ name: "ci", role: "read", createdAt: { hf: "hf_leakleakleak" }, lastUsed: null }],
    });
    const error = await failure(quickClient(server.endpoint).client.listTokens());
    assert.match(error.message, /\[0\]\.createdAt should be a time/);
    assert.ok(!error.message.includes("leak"));
  });

  it("requests whoami once for concurrent calls, but does not cache a failure", async () => {
    server = await startScriptedServer({ status: 403, body: { error: "no" } }, { body: ME });
    const { client } = quickClient(server.endpoint);
    await Promise.all([failure(client.whoami()), failure(client.myOrgRole("org-read"))]);
    assert.equal(server.requests.length, 1);
    await Promise.all([
      client.whoami(),
      client.myOrgRole("org-read"),
      client.hasOrgRole("org-admin", "read"),
    ]);
    await client.whoami();
    assert.equal(server.requests.length, 2);
  });

  it("orders the roles", async () => {
    server = await startScriptedServer({ body: ME });
    const { client } = quickClient(server.endpoint);
    for (const [has, role] of ORG_ROLES.entries()) {
      assert.equal(await client.myOrgRole(`ORG-${role}`), role);
      for (const [wanted, other] of ORG_ROLES.entries()) {
        assert.equal(await client.hasOrgRole(`org-${role}`, other), has >= wanted);
      }
    }
    assert.equal(await client.myOrgRole("elsewhere"), null);
    assert.equal(await client.hasOrgRole("elsewhere", "no_access"), false);
    assert.equal(
      (await failure(client.hasOrgRole("org-admin", "owner" as OrgRole))).code,
      "invalid_argument",
    );
  });

  it("does not guess the rank of an unknown role", async () => {
    server = await startScriptedServer({
      body: {
        ...ME,
        orgs: [
          { id: "1", name: "acme", roleInOrg: "superuser" },
          { id: "2", name: "b" },
        ],
      },
    });
    const { client } = quickClient(server.endpoint);
    assert.match((await failure(client.hasOrgRole("acme", "read"))).message, /unknown role "superuser"/);
    assert.match((await failure(client.myOrgRole("b"))).message, /no role/);
  });

  it("names the plan that an exemption from the network rules needs", async () => {
    const exempt = await refusal(402, (c) =>
      c.createServiceAccountToken("acme", ID, { skipNetworkSecurity: true }),
    );
    assert.match(exempt.advice ?? "", /skipNetworkSecurity needs the Enterprise Plus plan/);
    await server.close();
    const plain = await refusal(402, (c) =>
      c.createServiceAccountToken("acme", ID, { skipNetworkSecurity: false }),
    );
    assert.equal(plain.advice, "Service accounts need the Enterprise plan.");
  });

  it("returns a created service account with the same name as in the list", async () => {
    server = await startScriptedServer({ status: 201, body: ACCOUNT });
    const account = await quickClient(server.endpoint).client.createServiceAccount("acme", { name: "bot" });
    assert.equal(account.name, "bot");
  });

  it("removes a secret that a Hub returns by mistake from the SSO settings", async () => {
    server = await startScriptedServer({ body: { provider: "oidc", enabled: true, clientSecret: "oops" } });
    assert.deepEqual(await quickClient(server.endpoint).client.getSsoConfig("acme"), {
      provider: "oidc",
      enabled: true,
    });
  });

  for (const status of [400, 422, 405, 501]) {
    it(`reports that a Hub does not offer internal visibility (${status})`, async () => {
      const error = await refusal(status, (c) =>
        c.setRepoInternalVisibility("acme/m", { visibility: "internal" }),
      );
      assert.match(error.message, /does not offer internal visibility/);
      await server.close();
      const other = await refusal(status, (c) =>
        c.setRepoInternalVisibility("acme/m", { visibility: "private" }),
      );
      assert.doesNotMatch(other.message, /internal visibility/);
    });
  }

  it("reports that a Hub may not offer the extended operations", async () => {
    for (const call of [
      (c: HubClient) => c.listTokens(),
      (c: HubClient) => c.createToken({ name: "ci", role: "read" }),
      (c: HubClient) => c.revokeToken("ci"),
    ]) {
      assert.match((await refusal(404, call)).advice ?? "", /does not offer the API for a user's own tokens/);
      await server.close();
    }
    assert.match((await refusal(404, (c) => c.getSsoConfig("acme"))).advice ?? "", /SsoCredential/);
    await server.close();
    const error = await refusal(404, (c) => c.getSsoConfig("acme"), { "X-Error-Code": "SsoNotConfigured" });
    assert.equal(error.code, "SsoNotConfigured");
    assert.match(error.advice ?? "", /no single sign-on yet/);
  });

  it("refuses impossible arguments before it sends a request", async () => {
    server = await startScriptedServer({ body: {} });
    const { client } = quickClient(server.endpoint);
    for (const call of [
      () => client.updateRepoSettings("acme/m", {}),
      () => client.updateRepoSettings("acme/k", { repoType: "kernel" as "model", visibility: "private" }),
      () => client.updateRepoSettings("acme/m", { visibility: "protected" }),
      () => client.updateRepoSettings("acme/m", { visibility: "secret" as "private" }),
      () => client.updateRepoSettings("acme/m", { gated: "maybe" as "auto" }),
      () => client.updateRepoSettings("acme/s", { repoType: "space", gated: "auto" }),
      () => client.updateRepoSettings("acme/b", { repoType: "bucket", visibility: "internal" }),
      () => client.updateRepoSettings("acme/b", { repoType: "bucket", gated: "auto" }),
      () => client.setRepoVisibility("acme/m", {} as { private: boolean }),
      () => client.setRepoInternalVisibility("acme/m", {} as { visibility: "internal" }),
      () => client.updateSsoCredential("acme", {} as { clientSecret: string }),
      () =>
        client.updateSsoCredential("acme", { clientSecret: "a", certificate: "b" } as unknown as {
          clientSecret: string;
        }),
      () => client.revokeLeakedCredentials([]),
      () => client.createServiceAccountToken("acme", ID, { endpointPatterns: ["a.b"] }),
      () => client.updateServiceAccountToken("acme", ID, ID, { endpointPatterns: ["a.b"] }),
      () => client.createToken({ name: "", role: "read" }),
      () => client.createToken({ name: "x".repeat(101), role: "read" }),
      () => client.createToken({ name: "x", role: "god" as "admin" }),
      () => client.deleteServiceAccount("acme", "../x"),
      () => client.deleteServiceAccount("acme", ""),
      () => client.listMembers("acme/../x"),
      () => client.listMembers("acme", { serch: "bob" } as object),
      () => client.listRepositories("acme", { limit: 0 }),
      () => client.listReposOf("acme", { type: "kernel" as "model" }),
      () => client.listReposOf("acme/m"),
      () => client.listBuckets("acme/m"),
      () => client.auditLogs("acme", { limit: 0 }),
      () => client.getRepo("acme"),
    ]) {
      assert.equal((await failure(call())).code, "invalid_argument");
    }
    assert.equal(server.requests.length, 0);
  });
});
