import { badRequest, forbidden, notFound } from "../errors.js";
import { type Answer, type Call, ok } from "../route.js";
import { type GroupRole, type Repository, type RepoType, type ResourceGroup } from "../store/records.js";
import { memberKey } from "../store/members.js";
import { repoKey, repoName } from "../store/repositories.js";
import * as groups from "../store/resource-groups.js";
import { type Store } from "../store/store.js";
import { requireOrganization } from "./access.js";
import { byId } from "./paging.js";

export interface GroupParams {
  org: string;
  id: string;
}

interface GroupUser {
  user: string;
  role: GroupRole;
}

export type AutoJoin = { enabled: true; role: GroupRole; scope?: "all" | "read_plus" } | { enabled: false };

export interface NewGroup {
  name: string;
  description?: string;
  users?: GroupUser[];
  repos?: { name: string; type: RepoType }[];
  autoJoin?: AutoJoin;
}

export interface GroupUpdate {
  name?: string;
  description?: string;
  spendLimits?: Record<string, number | null>;
}

function requireManager(call: Call<{ org: string }>): string {
  const { org } = call.params;
  requireOrganization(call, org, { role: "admin", permissions: ["resourceGroup.write"], plan: "team" });
  return org;
}

function findGroup(store: Store, { org, id }: GroupParams): ResourceGroup {
  const group = store.resourceGroups.get(id);
  if (group?.organization !== org) throw notFound("Resource group not found");
  return group;
}

function checkMember(store: Store, org: string, user: string): void {
  if (!store.memberships.has(memberKey(org, user)))
    throw badRequest(`${user} is not a member of organization ${org}`);
}

export function listGroups(call: Call<{ org: string }>): Answer {
  const { org } = call.params;
  requireOrganization(call, org, {
    role: "read",
    permissions: ["org.read", "resourceGroup.write"],
    plan: "team",
  });
  return ok(
    call.store.groupsOf
      .all(org)
      .sort(byId)
      .map((group) => describe(call.store, group)),
  );
}

export function createGroup(call: Call<{ org: string }, unknown, NewGroup>): Answer {
  const org = requireManager(call);
  const { store, body, actor } = call;
  for (const { user } of body.users ?? []) checkMember(store, org, user);
  const repos = (body.repos ?? []).map(({ name, type }): Repository => {
    const repo = store.tables.repositories.get(
      repoKey({ type, namespace: org, name: name.replace(`${org}/`, "") }),
    );
    if (!repo) throw badRequest(`${name} is not a ${type} of organization ${org}`);
    return repo;
  });
  return ok(describe(store, groups.createGroup(store, org, body, repos, actor)));
}

export function getGroup(call: Call<GroupParams>): Answer {
  requireOrganization(call, call.params.org, {
    role: "read",
    permissions: ["org.read", "resourceGroup.write"],
    plan: "team",
  });
  return ok(describe(call.store, findGroup(call.store, call.params)));
}

export function updateGroup(call: Call<GroupParams, unknown, GroupUpdate>): Answer {
  requireManager(call);
  const { store, params, body, actor } = call;
  return ok(describe(store, groups.updateGroup(store, findGroup(store, params), body, actor)));
}

export function deleteGroup(call: Call<GroupParams>): Answer {
  requireManager(call);
  groups.deleteGroup(call.store, findGroup(call.store, call.params), call.actor);
  return ok({ success: true });
}

export function setGroupSettings(call: Call<GroupParams, unknown, { autoJoin: AutoJoin }>): Answer {
  requireManager(call);
  const { store, params, body, actor } = call;
  const autoJoin = body.autoJoin.enabled ? body.autoJoin : undefined;
  return ok(describe(store, groups.updateGroup(store, findGroup(store, params), { autoJoin }, actor)));
}

export function addGroupUsers(call: Call<GroupParams, unknown, { users: GroupUser[] }>): Answer {
  const org = requireManager(call);
  const { store, params, body, actor } = call;
  const group = findGroup(store, params);
  for (const { user } of body.users) {
    checkMember(store, org, user);
    if (group.users.some((entry) => entry.user === user))
      throw forbidden(`${user} is in this resource group already.`);
  }
  return ok(describe(store, groups.addUsers(store, group, body.users, actor)));
}

export function changeGroupUser(
  call: Call<GroupParams & { username: string }, unknown, { role: GroupRole }>,
): Answer {
  requireManager(call);
  const { store, params, body, actor } = call;
  const group = findGroup(store, params);
  requireInGroup(group, params.username);
  return ok(describe(store, groups.changeUser(store, group, params.username, body.role, actor)));
}

export function removeGroupUser(call: Call<GroupParams & { username: string }>): Answer {
  requireManager(call);
  const { store, params, actor } = call;
  const group = findGroup(store, params);
  requireInGroup(group, params.username);
  return ok(describe(store, groups.removeUser(store, group, params.username, actor)));
}

function requireInGroup(group: ResourceGroup, user: string): void {
  if (!group.users.some((entry) => entry.user === user))
    throw notFound("This user is not in the resource group");
}

function describe(store: Store, group: ResourceGroup): unknown {
  return {
    id: group.id,
    name: group.name,
    description: group.description,
    autoJoin: group.autoJoin,
    spendLimits: group.spendLimits,
    users: group.users.map(({ user, role, addedBy }) => {
      const record = store.users.get(user);
      return { _id: record?.id, name: user, fullname: record?.fullname ?? user, role, addedBy };
    }),
    resources: store.repositoriesInGroup
      .all(group.id)
      .sort(byId)
      .map((repo) => ({ type: repo.type, name: repoName(repo), private: repo.visibility !== "public" })),
  };
}
