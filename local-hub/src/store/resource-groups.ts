import { type GroupRole, type Repository, type ResourceGroup } from "./records.js";
import { setResourceGroup } from "./repositories.js";
import { type Actor, type Store } from "./store.js";

/** Settings of a new resource group. */
export interface GroupSettings {
  name: string;
  description?: string;
  users?: { user: string; role: GroupRole }[];
  autoJoin?: ResourceGroup["autoJoin"] | { enabled: false };
}

export function createGroup(
  store: Store,
  organization: string,
  settings: GroupSettings,
  repos: Repository[],
  actor: Actor,
): ResourceGroup {
  return store.transact(() => {
    const { name, description, autoJoin } = settings;
    const group: ResourceGroup = {
      id: store.newId(),
      organization,
      name,
      description,
      autoJoin: autoJoin?.enabled ? autoJoin : undefined,
      users: (settings.users ?? []).map((user) => ({ ...user, addedBy: actor.author.user })),
    };
    store.tables.resourceGroups.put(group.id, group);
    logGroup(store, group, actor, "create", "Created", {});
    for (const repo of repos) setResourceGroup(store, repo, group.id, actor);
    return group;
  });
}

export function updateGroup(
  store: Store,
  group: ResourceGroup,
  update: Partial<Pick<ResourceGroup, "name" | "description" | "spendLimits" | "autoJoin">>,
  actor: Actor,
): ResourceGroup {
  return change(store, { ...group, ...update }, actor, "settings", "Updated settings of", {
    changed: Object.keys(update),
  });
}

/** Takes the group away; its repositories stay, in no group. */
export function deleteGroup(store: Store, group: ResourceGroup, actor: Actor): void {
  store.transact(() => {
    for (const repo of store.repositoriesInGroup.all(group.id)) setResourceGroup(store, repo, null, actor);
    store.tables.resourceGroups.delete(group.id);
    logGroup(store, group, actor, "delete", "Deleted", {});
  });
}

export function addUsers(
  store: Store,
  group: ResourceGroup,
  users: { user: string; role: GroupRole }[],
  actor: Actor,
): ResourceGroup {
  const added = users.map((user) => ({ ...user, addedBy: actor.author.user }));
  return change(
    store,
    { ...group, users: [...group.users, ...added] },
    actor,
    "add_users",
    "Added users to",
    { users },
  );
}

export function changeUser(
  store: Store,
  group: ResourceGroup,
  user: string,
  role: GroupRole,
  actor: Actor,
): ResourceGroup {
  const users = group.users.map((entry) => (entry.user === user ? { ...entry, role } : entry));
  return change(store, { ...group, users }, actor, "change_role", `Changed the role of ${user} in`, {
    user,
    role,
  });
}

export function removeUser(store: Store, group: ResourceGroup, user: string, actor: Actor): ResourceGroup {
  const users = group.users.filter((entry) => entry.user !== user);
  return change(store, { ...group, users }, actor, "remove_users", `Removed ${user} from`, { users: [user] });
}

function change(
  store: Store,
  group: ResourceGroup,
  actor: Actor,
  action: string,
  verb: string,
  data: Record<string, unknown>,
): ResourceGroup {
  return store.transact(() => {
    store.tables.resourceGroups.put(group.id, group);
    logGroup(store, group, actor, action, verb, data);
    return group;
  });
}

function logGroup(
  store: Store,
  group: ResourceGroup,
  actor: Actor,
  action: string,
  verb: string,
  data: Record<string, unknown>,
): void {
  const resourceGroup = { _id: group.id, name: group.name };
  store.log(group.organization, actor, `resource_group.${action}`, `${verb} resource group ${group.name}`, {
    resourceGroup,
    ...data,
  });
}
