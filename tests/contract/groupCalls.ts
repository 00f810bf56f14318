// A call of every method about resource groups, roles, and the settings and scans of repositories.
import { type HubClient } from "../../provider/src/client";
import { type ConfigurableRepoType } from "../../provider/src/client/types";
import { type ClientCall, madeWith, MEMBER, ORGANIZATION, REPOS } from "./subjects";

const organization = "/api/organizations/{name}";
const groups = `${organization}/resource-groups`;
const group = `${groups}/{resourceGroupId}`;
const user = `${group}/users/{username}`;
const space = "/api/spaces/{namespace}/{repo}";

const groupOf = (client: HubClient): string => madeWith(client).group;

export const groupCalls: ClientCall[] = [
  {
    method: "createResourceGroup",
    operation: `POST ${groups}`,
    run: async (c) => {
      const made = await c.createResourceGroup(ORGANIZATION, { name: "contract", description: "a test" });
      madeWith(c).group = made.id;
      return made;
    },
  },
  {
    method: "listResourceGroups",
    operation: `GET ${groups}`,
    run: (c) => c.listResourceGroups(ORGANIZATION),
  },
  {
    method: "updateResourceGroup",
    operation: `PATCH ${group}`,
    run: (c) =>
      c.updateResourceGroup(ORGANIZATION, groupOf(c), {
        description: "",
        spendLimits: { total: 5000, jobs: null },
      }),
  },
  {
    method: "addResourceGroupUsers",
    operation: `POST ${group}/users`,
    run: (c) => c.addResourceGroupUsers(ORGANIZATION, groupOf(c), [{ user: MEMBER, role: "read" }]),
  },
  {
    method: "updateResourceGroupUser",
    operation: `PATCH ${user}`,
    run: (c) => c.updateResourceGroupUser(ORGANIZATION, groupOf(c), { user: MEMBER, role: "write" }),
  },
  {
    method: "updateMemberRole",
    operation: `PUT ${organization}/members/{username}/role`,
    run: (c) =>
      c.updateMemberRole(ORGANIZATION, MEMBER, {
        role: "contributor",
        resourceGroups: [{ id: groupOf(c), role: "read" }],
      }),
  },
  {
    method: "removeResourceGroupUser",
    operation: `DELETE ${user}`,
    run: (c) => c.removeResourceGroupUser(ORGANIZATION, groupOf(c), MEMBER),
  },
  {
    method: "setResourceGroupAutoJoin",
    operation: `POST ${group}/settings`,
    run: (c) => c.setResourceGroupAutoJoin(ORGANIZATION, groupOf(c), { role: "read", scope: "read_plus" }),
  },
  {
    method: "setResourceGroupAutoJoin",
    operation: `POST ${group}/settings`,
    run: (c) => c.setResourceGroupAutoJoin(ORGANIZATION, groupOf(c), null),
  },
  {
    method: "getResourceGroup",
    operation: `GET ${group}`,
    run: (c) => c.getResourceGroup(ORGANIZATION, groupOf(c)),
  },
  ...(Object.entries(REPOS) as [ConfigurableRepoType, string][]).flatMap(([repoType, repo]) =>
    bindingCalls(repoType, repo),
  ),
  {
    method: "deleteResourceGroup",
    operation: `DELETE ${group}`,
    run: (c) => c.deleteResourceGroup(ORGANIZATION, groupOf(c)),
  },
];

function bindingCalls(repoType: ConfigurableRepoType, repo: string): ClientCall[] {
  const path = `/api/${repoType}s/{namespace}/{repo}/resource-group`;
  return [
    {
      method: "setRepoResourceGroup",
      operation: `POST ${path}`,
      run: (c) => c.setRepoResourceGroup(repo, { groupId: groupOf(c), repoType }),
    },
    {
      method: "getRepoResourceGroup",
      operation: `GET ${path}`,
      run: (c) => c.getRepoResourceGroup(repo, repoType),
    },
    {
      method: "setRepoResourceGroup",
      operation: `POST ${path}`,
      run: (c) => c.setRepoResourceGroup(repo, { groupId: null, repoType }),
    },
  ];
}

export const spaceCalls: ClientCall[] = [
  {
    method: "setSpaceSecret",
    operation: `POST ${space}/secrets`,
    run: (c) =>
      c.setSpaceSecret(REPOS.space, { key: "CONTRACT_KEY", value: "correct-horse", description: "d" }),
  },
  {
    method: "listSpaceSecrets",
    operation: `GET ${space}/secrets`,
    run: (c) => c.listSpaceSecrets(REPOS.space),
  },
  {
    method: "deleteSpaceSecret",
    operation: `DELETE ${space}/secrets`,
    run: (c) => c.deleteSpaceSecret(REPOS.space, "CONTRACT_KEY"),
  },
  {
    method: "setSpaceVariable",
    operation: `POST ${space}/variables`,
    run: (c) => c.setSpaceVariable(REPOS.space, { key: "CONTRACT_MODE", value: "test" }),
  },
  {
    method: "listSpaceVariables",
    operation: `GET ${space}/variables`,
    run: (c) => c.listSpaceVariables(REPOS.space),
  },
  {
    method: "deleteSpaceVariable",
    operation: `DELETE ${space}/variables`,
    run: (c) => c.deleteSpaceVariable(REPOS.space, "CONTRACT_MODE"),
  },
  ...(["model", "dataset", "space"] as const).map((type): ClientCall => ({
    method: "getRepoScan",
    operation: `GET /api/${type}s/{namespace}/{repo}/scan`,
    run: (c) => c.getRepoScan(REPOS[type], type),
  })),
];
