// Every operation of the client, with a correct answer from the Hub.
import { type HubClient } from "../../provider/src/client/hubClient";
import { type Transport, type TransportRequest } from "../../provider/src/client/transport";

const ID = "0123456789abcdef01234567";
const OTHER_ID = "76543210fedcba9876543210";
const TIME = "2026-01-02T03:04:05.678Z";

/** An answer of a scripted Hub. */
export interface Scripted {
  status?: number;
  headers?: Record<string, string>;
  /** Raw bytes, or a text. */
  body: string | Uint8Array[];
}

/** A Hub in this process: it answers what `script` returns, and records the requests. */
export function scriptedTransport(script: (request: TransportRequest) => Scripted): Transport & {
  requests: TransportRequest[];
} {
  const requests: TransportRequest[] = [];
  return {
    requests,
    send(request) {
      requests.push(request);
      const { status = 200, headers = {}, body } = script(request);
      const chunks = typeof body === "string" ? [Buffer.from(body, "utf8")] : body;
      return Promise.resolve({
        status,
        headers,
        body: (async function* () {
          for (const chunk of chunks) yield await Promise.resolve(chunk);
        })(),
        cancel() {},
      });
    },
    close() {},
  };
}

/** An operation of the Hub, called in the same way as a program calls it. */
export interface Operation {
  name: string;
  call(client: HubClient): Promise<unknown>;
  /** `undefined` if the body of the answer does not matter. */
  answer?: object;
}

const account = {
  _id: ID,
  user: "acme-ci",
  name: "ci",
  email: "ci@acme.example",
  description: "builds [0123abcd-0f0f]",
  createdAt: TIME,
};
const tokenInfo = {
  _id: OTHER_ID,
  displayName: "ci [0123abcd-0f0f]",
  createdAt: TIME,
  permissions: ["org.read"],
  repoIds: [ID],
  repoPermissions: ["repo.content.read"],
  endpointPatterns: ["acme/*"],
  skipNetworkSecurity: false,
  last4: "WXYZ",
};
const event = {
  _id: ID,
  createdAt: TIME,
  type: "repo.update_settings",
  message: "alice made acme/m public",
  data: { repo: "acme/m", visibility: "public" },
  author: { _id: OTHER_ID, user: "alice", type: "user", avatarUrl: "" },
  token: { type: "access_token", id: ID, last4: "WXYZ", deleted: false },
};
const sso = {
  provider: "saml",
  enabled: true,
  ssoUrl: "https://idp.acme.example/sso",
  certificate: "MIIB",
  clientId: "hub",
  updatedAt: TIME,
};

/** Correct answers, also used for the lifecycles of the resources. */
export const answers = {
  whoami: {
    type: "user",
    id: ID,
    name: "alice",
    fullname: "Alice",
    isPro: false,
    auth: {
      type: "access_token",
      expiresAt: null,
      accessToken: { displayName: "a", role: "write", createdAt: TIME },
    },
    orgs: [
      {
        type: "org",
        id: ID,
        name: "acme",
        fullname: "Acme",
        plan: "enterprise",
        roleInOrg: "admin",
        securityRestrictions: [],
        resourceGroups: [{ id: ID, name: "g", role: "read" }],
      },
    ],
  },
  members: [
    {
      _id: ID,
      user: "bob",
      fullname: "Bob",
      type: "user",
      isPro: true,
      avatarUrl: "",
      role: "write",
      resourceGroups: [{ id: ID, name: "g", numUsers: 2, role: "read" }],
      twoFaEnabled: true,
      verifiedEmail: "b@acme.example",
    },
  ],
  events: [event, { ...event, type: "org.invite_user", data: { user: { name: "carol" } } }],
  userTokens: [
    {
      name: "me [0123abcd-0f0f]",
      role: "write",
      createdAt: TIME,
      lastUsed: TIME,
      expiresAt: "2099-01-31T00:00:00Z",
    },
  ],
  createdToken: {
    name: "me",
    role: "write",
    createdAt: TIME,
    expiresAt: "2099-01-31T00:00:00Z",
    token: `hf_${"N".repeat(34)}`,
  },
  accounts: [account],
  account,
  createdAccount: { _id: ID, user: "acme-ci", fullname: "ci", createdAt: TIME },
  accountDetails: {
    ...account,
    accessTokens: [{ ...tokenInfo, _id: ID, lastUsedAt: TIME, expiration: null, role: "fineGrained" }],
  },
  issued: { token: `hf_${"N".repeat(34)}`, tokenInfo },
  tokenInfo,
  memberTokens: [
    {
      _id: ID,
      displayName: "laptop",
      role: "read",
      last4: "WXYZ",
      createdAt: TIME,
      lastUsedAt: TIME,
      owner: { _id: ID, name: "bob", fullname: "Bob", avatarUrl: "" },
      authorization: {
        status: "approved",
        requestedAt: TIME,
        authorizedAt: TIME,
        authorizer: { name: "ada" },
      },
      fineGrained: { scoped: [{ entity: { _id: ID, type: "org" }, permissions: ["org.read"] }] },
    },
  ],
  sso,
  repo: { _id: ID, id: "acme/llm", private: true, gated: "auto", visibility: "private", siblings: [] },
  group: {
    id: ID,
    name: "ml",
    description: null,
    autoJoin: { enabled: true, role: "read", scope: "all" },
    spendLimits: { total: 5000 },
    users: [{ type: "user", _id: ID, name: "bob", fullname: "Bob", avatarUrl: "", role: "write" }],
    resources: [{ type: "model", name: "acme/llm", private: true, addedBy: "alice" }],
  },
  repoGroup: { id: ID, name: "ml", numUsers: 1 },
  spaceSecrets: { API_KEY: { key: "API_KEY", description: "d", updatedAt: TIME } },
  spaceVariables: { MODE: { key: "MODE", value: "fast", updatedAt: TIME } },
  scan: { scansDone: true, filesWithIssues: [{ path: "a.pkl", level: "unsafe" }] },
  repositories: [
    {
      id: "acme/llm",
      type: "model",
      updatedAt: TIME,
      visibility: "private",
      storage: 1,
      storagePercent: 0.5,
    },
    {
      id: "acme/demo",
      type: "space",
      updatedAt: TIME,
      visibility: "protected",
      storage: 1,
      storagePercent: 0.5,
    },
  ],
};

const a = answers;

/** The names that an operation is called with. A test replaces one of them with a hostile name. */
export interface Names {
  organization: string;
  id: string;
  otherId: string;
  name: string;
  repo: string;
}

/** Ordinary names. */
export const NAMES: Names = {
  organization: "acme",
  id: ID,
  otherId: OTHER_ID,
  name: "ci token",
  repo: "acme/llm",
};

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** All operations, called with these names. */
export function operationsWith(names: Names): Operation[] {
  const { organization: org, id, otherId, name, repo } = names;
  const settings = { displayName: name, permissions: ["org.read" as const] };
  return [
    { name: "whoami", call: (c) => c.whoami(), answer: a.whoami },
    { name: "myOrgRole", call: (c) => c.myOrgRole(org), answer: a.whoami },
    { name: "hasOrgRole", call: (c) => c.hasOrgRole(org, "write"), answer: a.whoami },
    {
      name: "listMembers",
      call: (c) => c.listMembers(org, { search: name, email: name }),
      answer: a.members,
    },
    { name: "auditLogs", call: (c) => c.auditLogs(org, { limit: 5 }), answer: a.events },
    { name: "streamAuditLogs", call: (c) => all(c.streamAuditLogs(org)), answer: a.events },
    { name: "createToken", call: (c) => c.createToken({ name, role: "read" }), answer: a.createdToken },
    { name: "listTokens", call: (c) => c.listTokens(), answer: a.userTokens },
    { name: "revokeToken", call: (c) => c.revokeToken(name) },
    { name: "listServiceAccounts", call: (c) => c.listServiceAccounts(org), answer: a.accounts },
    {
      name: "createServiceAccount",
      call: (c) => c.createServiceAccount(org, { name }),
      answer: a.createdAccount,
    },
    { name: "getServiceAccount", call: (c) => c.getServiceAccount(org, id), answer: a.accountDetails },
    { name: "deleteServiceAccount", call: (c) => c.deleteServiceAccount(org, id) },
    {
      name: "createServiceAccountToken",
      call: (c) => c.createServiceAccountToken(org, id, settings),
      answer: a.issued,
    },
    {
      name: "updateServiceAccountToken",
      call: (c) => c.updateServiceAccountToken(org, id, otherId, settings),
      answer: a.tokenInfo,
    },
    {
      name: "rotateServiceAccountToken",
      call: (c) => c.rotateServiceAccountToken(org, id, otherId),
      answer: a.issued,
    },
    { name: "deleteServiceAccountToken", call: (c) => c.deleteServiceAccountToken(org, id, otherId) },
    {
      name: "listMemberTokens",
      call: (c) => c.listMemberTokens(org, { query: name }),
      answer: a.memberTokens,
    },
    { name: "revokeMemberToken", call: (c) => c.revokeMemberToken(org, id) },
    { name: "revokeLeakedCredentials", call: (c) => c.revokeLeakedCredentials([name]) },
    { name: "getSsoConfig", call: (c) => c.getSsoConfig(org), answer: a.sso },
    { name: "updateSsoConfig", call: (c) => c.updateSsoConfig(org, { enabled: true }), answer: a.sso },
    { name: "deleteSsoConfig", call: (c) => c.deleteSsoConfig(org) },
    { name: "updateSsoCredential", call: (c) => c.updateSsoCredential(org, { clientSecret: name }) },
    { name: "getRepo", call: (c) => c.getRepo(repo, "dataset"), answer: a.repo },
    {
      name: "listRepositories",
      call: (c) => c.listRepositories(org, { search: name, type: "model" }),
      answer: a.repositories,
    },
    { name: "updateRepoSettings", call: (c) => c.updateRepoSettings(repo, { visibility: "private" }) },
    {
      name: "setRepoVisibility",
      call: (c) => c.setRepoVisibility(repo, { private: true, repoType: "space" }),
    },
    {
      name: "setRepoInternalVisibility",
      call: (c) => c.setRepoInternalVisibility(repo, { visibility: "internal" }),
    },
    { name: "listReposOf", call: (c) => c.listReposOf(org, { search: name }), answer: [a.repo] },
    { name: "listBuckets", call: (c) => c.listBuckets(org, { search: name }), answer: [a.repo] },
    ...groupOperations(names),
    ...spaceOperations(names),
  ];
}

function groupOperations({ organization: org, id, otherId, name, repo }: Names): Operation[] {
  const answer = a.group;
  const user = { user: org, role: "read" as const };
  return [
    { name: "listResourceGroups", call: (c) => c.listResourceGroups(org), answer: [a.group] },
    { name: "getResourceGroup", call: (c) => c.getResourceGroup(org, id), answer },
    {
      name: "createResourceGroup",
      call: (c) =>
        c.createResourceGroup(org, { name, users: [user], repos: [{ name: repo, type: "model" }] }),
      answer,
    },
    { name: "updateResourceGroup", call: (c) => c.updateResourceGroup(org, id, { name }), answer },
    {
      name: "setResourceGroupAutoJoin",
      call: (c) => c.setResourceGroupAutoJoin(org, id, { role: "read" }),
      answer,
    },
    { name: "deleteResourceGroup", call: (c) => c.deleteResourceGroup(org, id) },
    { name: "addResourceGroupUsers", call: (c) => c.addResourceGroupUsers(org, id, [user]), answer },
    { name: "updateResourceGroupUser", call: (c) => c.updateResourceGroupUser(org, id, user), answer },
    { name: "removeResourceGroupUser", call: (c) => c.removeResourceGroupUser(org, id, org), answer },
    { name: "getRepoResourceGroup", call: (c) => c.getRepoResourceGroup(repo), answer: a.repoGroup },
    { name: "setRepoResourceGroup", call: (c) => c.setRepoResourceGroup(repo, { groupId: id }) },
    {
      name: "updateMemberRole",
      call: (c) =>
        c.updateMemberRole(org, org, { role: "read", resourceGroups: [{ id: otherId, role: "read" }] }),
    },
  ];
}

function spaceOperations({ name, repo }: Names): Operation[] {
  const setting = { key: "KEY", value: name };
  return [
    { name: "listSpaceSecrets", call: (c) => c.listSpaceSecrets(repo), answer: a.spaceSecrets },
    { name: "setSpaceSecret", call: (c) => c.setSpaceSecret(repo, setting) },
    { name: "deleteSpaceSecret", call: (c) => c.deleteSpaceSecret(repo, "KEY") },
    { name: "listSpaceVariables", call: (c) => c.listSpaceVariables(repo), answer: a.spaceVariables },
    { name: "setSpaceVariable", call: (c) => c.setSpaceVariable(repo, setting) },
    { name: "deleteSpaceVariable", call: (c) => c.deleteSpaceVariable(repo, "KEY") },
    { name: "getRepoScan", call: (c) => c.getRepoScan(repo, "space"), answer: a.scan },
  ];
}
