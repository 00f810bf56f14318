// A call of every method of the client, in an order that works on a Hub with its usual contents: an object is created
// before it is deleted.
import { type HubClient } from "../../provider/src/client";
import { type ConfigurableRepoType } from "../../provider/src/client/types";
import { makeCertificate } from "../support/certificate";
import { groupCalls, spaceCalls } from "./groupCalls";
import { type ClientCall, KERNEL, madeWith, ORGANIZATION, REPOS } from "./subjects";

let certificate: Promise<string> | undefined;

/** One certificate for all calls, because creating one takes long. */
export function sampleCertificate(): Promise<string> {
  certificate ??= makeCertificate({
    notBeforeDate: new Date("2026-01-01T00:00:00Z"),
    notAfterDate: new Date("2028-01-01T00:00:00Z"),
  }).then((made) => made.certificate);
  return certificate;
}

const organization = "/api/organizations/{name}";
const accounts = `${organization}/service-accounts`;
const account = `${accounts}/{serviceAccountId}`;
const token = `${account}/tokens/{tokenId}`;
const sso = `${organization}/settings/sso`;

const SETTINGS = {
  displayName: "contract",
  permissions: ["org.read" as const, "job.write" as const],
  repoIds: [],
  repoPermissions: ["repo.content.read" as const],
  endpointPatterns: ["acme/*"],
  skipNetworkSecurity: false,
};

/** The calls, in the order in which they must run. */
export const clientCalls: ClientCall[] = [
  { method: "whoami", operation: "GET /api/whoami-v2", run: (c) => c.whoami() },
  { method: "myOrgRole", operation: "GET /api/whoami-v2", run: (c) => c.myOrgRole(ORGANIZATION) },
  { method: "hasOrgRole", operation: "GET /api/whoami-v2", run: (c) => c.hasOrgRole(ORGANIZATION, "read") },
  {
    method: "listMembers",
    operation: `GET ${organization}/members`,
    run: (c) => c.listMembers(ORGANIZATION),
  },
  {
    method: "auditLogs",
    operation: `GET ${organization}/audit-log/export`,
    run: (c) => c.auditLogs(ORGANIZATION),
  },
  {
    method: "streamAuditLogs",
    operation: `GET ${organization}/audit-log/export`,
    run: async (c) => {
      const entries = [];
      for await (const entry of c.streamAuditLogs(ORGANIZATION)) entries.push(entry);
      return entries;
    },
  },
  {
    method: "createServiceAccount",
    operation: `POST ${accounts}`,
    run: async (c) => {
      const created = await c.createServiceAccount(ORGANIZATION, { name: "contract", description: "a test" });
      madeWith(c).account = created._id;
      return created;
    },
  },
  {
    method: "listServiceAccounts",
    operation: `GET ${accounts}`,
    run: (c) => c.listServiceAccounts(ORGANIZATION),
  },
  {
    method: "createServiceAccountToken",
    operation: `POST ${account}/tokens`,
    run: async (c) => {
      const issued = await c.createServiceAccountToken(ORGANIZATION, madeWith(c).account, SETTINGS);
      madeWith(c).token = issued.tokenInfo._id;
      return issued;
    },
  },
  {
    method: "updateServiceAccountToken",
    operation: `PATCH ${token}`,
    run: (c) => c.updateServiceAccountToken(ORGANIZATION, madeWith(c).account, madeWith(c).token, SETTINGS),
  },
  {
    method: "rotateServiceAccountToken",
    operation: `POST ${token}/rotate`,
    run: (c) => c.rotateServiceAccountToken(ORGANIZATION, madeWith(c).account, madeWith(c).token),
  },
  {
    method: "getServiceAccount",
    operation: `GET ${account}`,
    run: (c) => c.getServiceAccount(ORGANIZATION, madeWith(c).account),
  },
  {
    method: "deleteServiceAccountToken",
    operation: `DELETE ${token}`,
    run: (c) => c.deleteServiceAccountToken(ORGANIZATION, madeWith(c).account, madeWith(c).token),
  },
  {
    method: "deleteServiceAccount",
    operation: `DELETE ${account}`,
    run: (c) => c.deleteServiceAccount(ORGANIZATION, madeWith(c).account),
  },
  {
    method: "listMemberTokens",
    operation: `GET ${organization}/settings/tokens`,
    run: async (c) => {
      const tokens = await c.listMemberTokens(ORGANIZATION);
      // A Hub does not let a client revoke the token that it uses, so this is another person's token.
      const { name } = await c.whoami();
      const other = tokens.find(({ owner }) => owner.name !== name);
      if (other) madeWith(c).memberToken = other._id;
      return tokens;
    },
  },
  {
    method: "revokeMemberToken",
    operation: `POST ${organization}/settings/tokens/{tokenId}/revoke`,
    run: (c) => c.revokeMemberToken(ORGANIZATION, madeWith(c).memberToken),
  },
  {
    method: "revokeLeakedCredentials",
    operation: "POST /api/credentials/revoke",
    run: (c) => c.revokeLeakedCredentials(["hf_noSuchTokenNoSuchTokenNoSuchToken0"]),
  },
  ...groupCalls,
  ...repositoryCalls(),
  ...spaceCalls,
  {
    method: "updateSsoConfig",
    operation: `PUT ${sso}`,
    run: async (c) =>
      c.updateSsoConfig(ORGANIZATION, {
        provider: "saml",
        enabled: true,
        ssoUrl: "https://idp.acme.example/sso",
        certificate: await sampleCertificate(),
      }),
  },
  {
    method: "updateSsoCredential",
    operation: `PUT ${sso}/credentials`,
    run: async (c) => c.updateSsoCredential(ORGANIZATION, { certificate: await sampleCertificate() }),
  },
  {
    method: "updateSsoConfig",
    operation: `PUT ${sso}`,
    run: (c) =>
      c.updateSsoConfig(ORGANIZATION, {
        provider: "oidc",
        enabled: true,
        ssoUrl: "https://login.acme.example",
        clientId: "hub",
        clientSecret: "correct-horse",
      }),
  },
  {
    method: "updateSsoCredential",
    operation: `PUT ${sso}/credentials`,
    run: (c) => c.updateSsoCredential(ORGANIZATION, { clientSecret: "battery-staple" }),
  },
  { method: "getSsoConfig", operation: `GET ${sso}`, run: (c) => c.getSsoConfig(ORGANIZATION) },
  { method: "deleteSsoConfig", operation: `DELETE ${sso}`, run: (c) => c.deleteSsoConfig(ORGANIZATION) },
  {
    method: "createToken",
    operation: "POST /api/settings/tokens",
    run: (c) =>
      c.createToken({ name: madeWith(c).ownToken, role: "read", expiresAt: "2099-01-01T00:00:00.000Z" }),
  },
  { method: "listTokens", operation: "GET /api/settings/tokens", run: (c) => c.listTokens() },
  {
    method: "revokeToken",
    operation: "DELETE /api/settings/tokens/{name}",
    run: (c) => c.revokeToken(madeWith(c).ownToken),
  },
];

function repositoryCalls(): ClientCall[] {
  const calls: ClientCall[] = [
    {
      method: "listRepositories",
      operation: `GET ${organization}/settings/repositories`,
      run: (c) => c.listRepositories(ORGANIZATION),
    },
    ...(["model", "dataset", "space"] as const).map((type) => ({
      method: "listReposOf" as const,
      operation: `GET /api/${type}s`,
      run: (c: HubClient) => c.listReposOf(ORGANIZATION, { type }),
    })),
    {
      method: "listBuckets",
      operation: "GET /api/buckets/{namespace}",
      run: (c) => c.listBuckets(ORGANIZATION),
    },
    {
      method: "getRepo",
      operation: "GET /api/kernels/{namespace}/{repo}",
      run: (c) => c.getRepo(KERNEL, "kernel"),
    },
  ];
  for (const [repoType, repo] of Object.entries(REPOS) as [ConfigurableRepoType, string][]) {
    const path = `/api/${repoType}s/{namespace}/{repo}`;
    const change = `PUT ${path}/settings`;
    const gated = repoType === "model" || repoType === "dataset";
    calls.push(
      {
        method: "updateRepoSettings",
        operation: change,
        run: (c) =>
          c.updateRepoSettings(repo, { repoType, visibility: "private", ...(gated && { gated: "auto" }) }),
      },
      { method: "getRepo", operation: `GET ${path}`, run: (c) => c.getRepo(repo, repoType) },
      {
        method: "setRepoVisibility",
        operation: change,
        run: (c) => c.setRepoVisibility(repo, { private: true, repoType }),
      },
    );
    // A bucket can only be public or private.
    if (repoType !== "bucket") {
      calls.push({
        method: "setRepoInternalVisibility",
        operation: change,
        run: (c) => c.setRepoInternalVisibility(repo, { visibility: "internal", repoType }),
      });
    }
  }
  return calls;
}
