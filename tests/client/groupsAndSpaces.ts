// The operations about resource groups, roles and Spaces: the call, the request that the Hub expects, and its answer.
import { type HubClient } from "../../provider/src/client/hubClient";
import { ID } from "./answers";

/** An operation, the request that it sends, and the answer that it reads. */
export interface Operation {
  name: string;
  call: (client: HubClient) => Promise<unknown>;
  answer?: unknown;
  /** Whether the fields of the answer are names that someone has chosen. */
  keyed?: boolean;
  sends: string;
  body?: unknown;
}

const TIME = "2026-01-01T00:00:00.000Z";
const GROUPS = "/api/organizations/acme/resource-groups";

/** A resource group with everything that the Hub may show. */
export const GROUP = {
  id: ID,
  name: "ml",
  description: "models",
  autoJoin: { enabled: true, role: "read", scope: "read_plus" },
  spendLimits: { total: 5000, jobs: 0 },
  users: [{ type: "user", _id: ID, name: "bob", fullname: "Bob", avatarUrl: "", role: "write" }],
  resources: [
    { type: "model", name: "acme/llm", private: true, addedBy: "ada" },
    { type: "collection", id: ID, slug: "acme/c", title: "C", private: false },
  ],
};

export const GROUP_OPERATIONS: Operation[] = [
  {
    name: "listResourceGroups",
    call: (c) => c.listResourceGroups("acme"),
    answer: [GROUP],
    sends: `GET ${GROUPS}`,
  },
  {
    name: "getResourceGroup",
    call: (c) => c.getResourceGroup("acme", ID),
    answer: GROUP,
    sends: `GET ${GROUPS}/${ID}`,
  },
  {
    name: "createResourceGroup",
    call: (c) =>
      c.createResourceGroup("acme", {
        name: "ml",
        description: "d",
        users: [{ user: "bob", role: "write" }],
        repos: [{ name: "acme/llm", type: "model" }],
        autoJoin: { role: "read", scope: "all" },
      }),
    answer: GROUP,
    sends: `POST ${GROUPS}`,
    body: {
      name: "ml",
      description: "d",
      users: [{ user: "bob", role: "write" }],
      repos: [{ name: "acme/llm", type: "model" }],
      autoJoin: { enabled: true, role: "read", scope: "all" },
    },
  },
  {
    name: "createResourceGroup (only a name)",
    call: (c) => c.createResourceGroup("acme", { name: "ml" }),
    answer: GROUP,
    sends: `POST ${GROUPS}`,
    body: { name: "ml", users: [], repos: [] },
  },
  {
    name: "updateResourceGroup",
    call: (c) =>
      c.updateResourceGroup("acme", ID, { description: "", spendLimits: { total: null, jobs: 5 } }),
    answer: GROUP,
    sends: `PATCH ${GROUPS}/${ID}`,
    body: { description: "", spendLimits: { total: null, jobs: 5 } },
  },
  {
    name: "setResourceGroupAutoJoin",
    call: (c) => c.setResourceGroupAutoJoin("acme", ID, { role: "write" }),
    answer: GROUP,
    sends: `POST ${GROUPS}/${ID}/settings`,
    body: { autoJoin: { enabled: true, role: "write" } },
  },
  {
    name: "setResourceGroupAutoJoin (disabled)",
    call: (c) => c.setResourceGroupAutoJoin("acme", ID, null),
    answer: { ...GROUP, autoJoin: { enabled: false } },
    sends: `POST ${GROUPS}/${ID}/settings`,
    body: { autoJoin: { enabled: false } },
  },
  {
    name: "deleteResourceGroup",
    call: (c) => c.deleteResourceGroup("acme", ID),
    sends: `DELETE ${GROUPS}/${ID}`,
  },
  {
    name: "addResourceGroupUsers",
    call: (c) => c.addResourceGroupUsers("acme", ID, [{ user: "bob", role: "read" }]),
    answer: GROUP,
    sends: `POST ${GROUPS}/${ID}/users`,
    body: { users: [{ user: "bob", role: "read" }] },
  },
  {
    name: "updateResourceGroupUser",
    call: (c) => c.updateResourceGroupUser("acme", ID, { user: "bob", role: "admin" }),
    answer: GROUP,
    sends: `PATCH ${GROUPS}/${ID}/users/bob`,
    body: { role: "admin" },
  },
  {
    name: "removeResourceGroupUser",
    call: (c) => c.removeResourceGroupUser("acme", ID, "bob"),
    answer: GROUP,
    sends: `DELETE ${GROUPS}/${ID}/users/bob`,
  },
  {
    name: "getRepoResourceGroup",
    call: (c) => c.getRepoResourceGroup("acme/s", "space"),
    answer: { id: ID, name: "ml", numUsers: 2 },
    sends: "GET /api/spaces/acme/s/resource-group",
  },
  {
    name: "setRepoResourceGroup",
    // The Hub accepts this id in lower case only.
    call: (c) => c.setRepoResourceGroup("acme/llm", { groupId: ID.toUpperCase() }),
    sends: "POST /api/models/acme/llm/resource-group",
    body: { resourceGroupId: ID },
  },
  {
    name: "setRepoResourceGroup (none)",
    call: (c) => c.setRepoResourceGroup("acme/b", { groupId: null, repoType: "bucket" }),
    sends: "POST /api/buckets/acme/b/resource-group",
    body: { resourceGroupId: null },
  },
  {
    name: "updateMemberRole",
    call: (c) =>
      c.updateMemberRole("acme", "bob", { role: "read", resourceGroups: [{ id: ID, role: "write" }] }),
    sends: "PUT /api/organizations/acme/members/bob/role",
    body: { role: "read", resourceGroups: [{ id: ID, role: "write" }] },
  },
];

export const SPACE_OPERATIONS: Operation[] = [
  {
    name: "listSpaceSecrets",
    call: (c) => c.listSpaceSecrets("acme/demo"),
    answer: { API_KEY: { key: "API_KEY", description: "d", updatedAt: TIME } },
    keyed: true,
    sends: "GET /api/spaces/acme/demo/secrets",
  },
  {
    name: "setSpaceSecret",
    call: (c) => c.setSpaceSecret("acme/demo", { key: "API_KEY", value: "a b", description: "d" }),
    sends: "POST /api/spaces/acme/demo/secrets",
    body: { key: "API_KEY", value: "a b", description: "d" },
  },
  {
    name: "deleteSpaceSecret",
    call: (c) => c.deleteSpaceSecret("acme/demo", "API_KEY"),
    sends: "DELETE /api/spaces/acme/demo/secrets",
    body: { key: "API_KEY" },
  },
  {
    name: "listSpaceVariables",
    call: (c) => c.listSpaceVariables("acme/demo"),
    answer: { MODE: { key: "MODE", value: "", updatedAt: TIME } },
    keyed: true,
    sends: "GET /api/spaces/acme/demo/variables",
  },
  {
    name: "setSpaceVariable",
    call: (c) => c.setSpaceVariable("acme/demo", { key: "MODE", value: "" }),
    sends: "POST /api/spaces/acme/demo/variables",
    body: { key: "MODE", value: "" },
  },
  {
    name: "deleteSpaceVariable",
    call: (c) => c.deleteSpaceVariable("acme/demo", "MODE"),
    sends: "DELETE /api/spaces/acme/demo/variables",
    body: { key: "MODE" },
  },
  {
    name: "getRepoScan",
    call: (c) => c.getRepoScan("acme/d", "dataset"),
    answer: { scansDone: true, filesWithIssues: [{ path: "a.pkl", level: "unsafe" }] },
    sends: "GET /api/datasets/acme/d/scan",
  },
];
