import { type AutoJoin, type OrgRole, type Repository, type ResourceGroup } from "./records.js";
import { setCollectionGroup } from "./collections.js";
import { setResourceGroup } from "./repositories.js";
import { type Actor, type Store } from "./store.js";

type GroupAction = "create" | "delete" | "settings" | "add_users" | "remove_users" | "change_role";

/** Settings of a new resource group. */
export interface GroupSettings {
  name: string;
  description?: string;
  users?: { user: string; role: OrgRole }[];
  autoJoin?: AutoJoin;
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
      autoJoin,
      users: (settings.users ?? []).map((user) => ({ ...user, addedBy: actor.author.user })),
    };
    store.tables.resourceGroups.put(group.id, group);
    logGroup(store, group, actor, "create", "Created", {});
    for (const repo of repos) setResourceGroup(store, repo, group.id, actor);
    return joinPresentMembers(store, group, actor);
  });
}

export function updateGroup(
  store: Store,
  group: ResourceGroup,
  update: Partial<Pick<ResourceGroup, "name" | "description" | "spendLimits">>,
  actor: Actor,
): ResourceGroup {
  return change(store, { ...group, ...update }, actor, "settings", "Updated settings of", {
    changed: Object.keys(update),
  });
}

/** Changes automatic joining. Enabling it adds the current members; disabling it removes no members. */
export function setAutoJoin(
  store: Store,
  group: ResourceGroup,
  autoJoin: AutoJoin | undefined,
  actor: Actor,
): ResourceGroup {
  return store.transact(() => {
    const updated = change(store, { ...group, autoJoin }, actor, "settings", "Updated settings of", {
      changed: ["autoJoin"],
    });
    return joinPresentMembers(store, updated, actor);
  });
}

function joinPresentMembers(store: Store, group: ResourceGroup, actor: Actor): ResourceGroup {
  const { autoJoin } = group;
  if (!autoJoin) return group;
  const present = new Set(group.users.map(({ user }) => user));
  const joining = store.membersOf
    .all(group.organization)
    .filter((member) => autoJoin.scope !== "read_plus" || member.role !== "no_access")
    .filter((member) => !present.has(member.user))
    .map(({ user }) => ({ user, role: autoJoin.role }));
  if (!joining.length) return group;
  const users = [...group.users, ...joining];
  return change(store, { ...group, users }, actor, "add_users", "Added users to", { users: joining });
}

/** Deletes the group. Its repositories and collections stay, without a group. */
export function deleteGroup(store: Store, group: ResourceGroup, actor: Actor): void {
  store.transact(() => {
    for (const repo of store.repositoriesInGroup.all(group.id)) setResourceGroup(store, repo, null, actor);
    for (const collection of store.collectionsInGroup.all(group.id)) {
      setCollectionGroup(store, collection, null, actor);
    }
    store.tables.resourceGroups.delete(group.id);
    logGroup(store, group, actor, "delete", "Deleted", {});
  });
}

export function addUsers(
  store: Store,
  group: ResourceGroup,
  users: { user: string; role: OrgRole }[],
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
  role: OrgRole,
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
  action: GroupAction,
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
  action: GroupAction,
  verb: string,
  data: Record<string, unknown>,
): void {
  const resourceGroup = { _id: group.id, name: group.name };
  store.log(group.organization, actor, `resource_group.${action}`, `${verb} resource group ${group.name}`, {
    resourceGroup,
    ...data,
  });
}
