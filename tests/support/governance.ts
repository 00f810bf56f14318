// What people do by hand with members, resource groups and repositories of the local Hub's organization acme.
import assert from "node:assert/strict";
import { HubClient, type ConfigurableRepoType, type OrgRole } from "../../provider/src/client";
import { type Hub } from "./hub";
import { request } from "./request";

export const ORGANIZATION = "acme";

/** Changes by hand, and what the Hub's own store has. */
export function governance(hub: Hub) {
  const client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  const { store } = hub;
  const groupsOf = (user: string) =>
    store.groupsOf
      .all(ORGANIZATION)
      .flatMap(({ name, users }) =>
        users.filter((each) => each.user === user).map(({ role }) => `${name} ${role}`),
      )
      .sort();
  const ask = async (method: string, path: string, body: object): Promise<void> => {
    const { status } = await request(hub.endpoint, hub.tokens.admin, method, path, body);
    assert.equal(status, 200, path);
  };
  return {
    client,
    /** The id of a new resource group. */
    group: async (name: string, users: { user: string; role: OrgRole }[] = []) =>
      (await client.createResourceGroup(ORGANIZATION, { name, users })).id,
    /** The person's role in the organization. */
    roleOf: (user: string) => store.membersOf.all(ORGANIZATION).find((member) => member.user === user)?.role,
    /** The person's resource groups, as "name role". */
    groupsOf,
    /** The person's role in a resource group. */
    roleIn: (groupId: string, user: string) =>
      store.resourceGroups.get(groupId)?.users.find((each) => each.user === user)?.role,
    /** The resource group of a repository. */
    groupOfRepo: (repo: string, type: ConfigurableRepoType = "model") =>
      store.repository(repo, type)?.resourceGroupId,
    setRole: async (user: string, role: OrgRole) => {
      const [member] = await client.listMembers(ORGANIZATION, { search: user });
      const groups = (member?.resourceGroups ?? []).map((each) => ({
        id: each.id,
        role: each.role as OrgRole,
      }));
      await client.updateMemberRole(ORGANIZATION, user, { role, resourceGroups: groups });
    },
    /** The person leaves the organization. */
    leave: (user: string) => {
      store.tables.memberships.delete(`${ORGANIZATION}/${user}`);
      for (const group of store.groupsOf.all(ORGANIZATION)) {
        const users = group.users.filter((each) => each.user !== user);
        store.tables.resourceGroups.put(group.id, { ...group, users });
      }
    },
    /** A person with this name joins the organization. */
    join: (user: string, role: OrgRole) =>
      store.tables.memberships.put(`${ORGANIZATION}/${user}`, { organization: ORGANIZATION, user, role }),
    /** Another person gets the user name. */
    reuseName: (user: string) => {
      const before = store.users.get(user);
      if (before) store.tables.users.put(user, { ...before, id: store.newId() });
    },
    /** Deletes a model. */
    remove: (repo: string) => ask("DELETE", "/api/repos/delete", { ...partsOf(repo), type: "model" }),
    /** Creates a model, in a resource group if one is given. */
    create: (repo: string, resourceGroupId?: string) =>
      ask("POST", "/api/repos/create", { ...partsOf(repo), type: "model", private: true, resourceGroupId }),
    /** Renames a model. */
    move: (fromRepo: string, toRepo: string) =>
      ask("POST", "/api/repos/move", { fromRepo, toRepo, type: "model" }),
    /** The changes that the Hub was asked to make so far, as "METHOD path". */
    writes: () =>
      store.requests.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`),
  };
}

function partsOf(repo: string): { organization: string; name: string } {
  const [organization = "", name = ""] = repo.split("/");
  return { organization, name };
}
