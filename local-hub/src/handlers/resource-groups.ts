import { badRequest, forbidden, notFound } from "../errors.js";
import { type Answer, type Call, ok } from "../route.js";
import {
  type AutoJoin,
  type Collection,
  type OrgRole,
  type Repository,
  type RepoType,
  type ResourceGroup,
} from "../store/records.js";
import { collectionSlug } from "../store/collections.js";
import { memberKey } from "../store/members.js";
import { repoName } from "../store/repositories.js";
import * as groups from "../store/resource-groups.js";
import { type Store } from "../store/store.js";
import { requireOrganization, roleOf } from "./access.js";
import { byId } from "./paging.js";

export interface GroupParams {
  org: string;
  id: string;
}

/** The Hub accepts a user name in either of two fields. */
type GroupUser = ({ user: string } | { name: string }) & { role: OrgRole };

type AutoJoinBody =
  { enabled: true | "true"; role: OrgRole; scope?: "all" | "read_plus" } | { enabled: false | "false" };

export interface NewGroup {
  name: string;
  description?: string;
  users?: GroupUser[];
  repos?: { name: string; type: RepoType }[];
  autoJoin?: AutoJoinBody;
}

export interface GroupUpdate {
  name?: string;
  description?: string;
  spendLimits?: Record<string, number | null>;
}

const TO_READ = {
  role: "no_access",
  permissions: ["org.read", "resourceGroup.write"],
  plan: "team",
} as const;
const TO_MANAGE = { role: "admin", permissions: ["resourceGroup.write"], plan: "team" } as const;

/** Whether the caller sees all groups of the organization. Other callers see only their own groups. */
function seesAll(call: Call, org: string): boolean {
  const { principal, store } = call;
  return principal?.kind !== "user" || roleOf(store, org, principal.user.name) === "admin";
}

function isIn(call: Call, group: ResourceGroup, role?: OrgRole): boolean {
  const name = call.principal?.kind === "user" ? call.principal.user.name : undefined;
  return group.users.some((entry) => entry.user === name && (role === undefined || entry.role === role));
}

/** Returns a group that the caller can see. Throws 404 otherwise. */
function visibleGroup(call: Call<GroupParams>): ResourceGroup {
  const { org, id } = call.params;
  requireOrganization(call, org, TO_READ);
  const group = call.store.resourceGroups.get(id.toLowerCase());
  if (group?.organization !== org || !(seesAll(call, org) || isIn(call, group))) {
    throw notFound("Resource group not found");
  }
  return group;
}

/** Returns a group if the caller is an administrator of the group or of the organization. */
function managedGroup(call: Call<GroupParams>): ResourceGroup {
  const { store, params, principal } = call;
  const own = store.resourceGroups.get(params.id.toLowerCase());
  if (principal?.kind === "user" && own && isIn(call, own, "admin")) return visibleGroup(call);
  requireManager(call);
  return visibleGroup(call);
}

function requireManager(call: Call<{ org: string }>): string {
  const { org } = call.params;
  requireOrganization(call, org, TO_MANAGE);
  return org;
}

/** Resolves the users to add. Throws 400 for unknown or repeated users, 403 for non-members and users already in the group. */
function checkUsers(
  store: Store,
  org: string,
  asked: GroupUser[],
  present: ResourceGroup["users"] = [],
): { user: string; role: OrgRole }[] {
  const users = asked.map((entry) => ({
    user: store.canonicalName("name" in entry ? entry.name : entry.user),
    role: entry.role,
  }));
  const names = users.map(({ user }) => user);
  const unknown = names.find((name) => !store.users.has(name));
  if (unknown !== undefined) throw badRequest(`User ${unknown} does not exist`);
  if (new Set(names).size < names.length) throw badRequest("users: contains the same user twice");
  const stranger = names.find((name) => !store.memberships.has(memberKey(org, name)));
  if (stranger !== undefined) throw forbidden(`${stranger} is not a member of organization ${org}`);
  const already = names.find((name) => present.some(({ user }) => user === name));
  if (already !== undefined) throw forbidden(`${already} is already in the resource group`);
  return users;
}

/** Throws 403 if a SCIM group decides who is in the group. */
export function checkNoScimGroup(group: ResourceGroup): void {
  if (group.scimGroup === undefined) return;
  throw forbidden(`The people in resource group ${group.name} are managed by SCIM`);
}

function toAutoJoin(body: AutoJoinBody | undefined): AutoJoin | undefined {
  return body && "role" in body ? { ...body, enabled: true } : undefined;
}

export function listGroups(call: Call<{ org: string }>): Answer {
  const { store, params } = call;
  requireOrganization(call, params.org, TO_READ);
  const all = seesAll(call, params.org);
  const found = store.groupsOf.all(params.org).filter((group) => all || isIn(call, group));
  return ok(found.sort(byId).map((group) => describe(store, group)));
}

export function createGroup(call: Call<{ org: string }, unknown, NewGroup>): Answer {
  const org = requireManager(call);
  const { store, body, actor } = call;
  const users = checkUsers(store, org, body.users ?? []);
  const repos = (body.repos ?? []).map(({ name, type }): Repository => {
    const repo = store.repository(name.includes("/") ? name : `${org}/${name}`, type);
    if (repo?.namespace !== org) throw badRequest(`${name} is not a ${type} of organization ${org}`);
    return repo;
  });
  const { name, description } = body;
  const settings = { name, description, users, autoJoin: toAutoJoin(body.autoJoin) };
  return ok(describe(store, groups.createGroup(store, org, settings, repos, actor)));
}

export function getGroup(call: Call<GroupParams>): Answer {
  return ok(describe(call.store, visibleGroup(call)));
}

export function updateGroup(call: Call<GroupParams, unknown, GroupUpdate>): Answer {
  const { store, body, actor } = call;
  const group = managedGroup(call);
  const { spendLimits, ...update } = body;
  const merged = spendLimits && { spendLimits: mergeLimits(group.spendLimits, spendLimits) };
  if (!Object.keys(body).length) return ok(describe(store, group));
  return ok(describe(store, groups.updateGroup(store, group, { ...update, ...merged }, actor)));
}

/** Merges limits. Limits that were not sent keep their value; `null` removes a limit. */
function mergeLimits(
  before: Record<string, number> | undefined,
  sent: Record<string, number | null>,
): Record<string, number> {
  const merged: Record<string, number | null> = { ...before, ...sent };
  const left = Object.entries(merged).filter((entry): entry is [string, number] => entry[1] !== null);
  return Object.fromEntries(left);
}

export function deleteGroup(call: Call<GroupParams>): Answer {
  requireManager(call);
  groups.deleteGroup(call.store, visibleGroup(call), call.actor);
  return ok({ success: true });
}

export function setGroupSettings(call: Call<GroupParams, unknown, { autoJoin?: AutoJoinBody }>): Answer {
  const { store, body, actor } = call;
  const group = managedGroup(call);
  if (!body.autoJoin) return ok(describe(store, group));
  const autoJoin = toAutoJoin(body.autoJoin);
  if (autoJoin) checkNoScimGroup(group);
  return ok(describe(store, groups.setAutoJoin(store, group, autoJoin, actor)));
}

export function addGroupUsers(call: Call<GroupParams, unknown, { users: GroupUser[] }>): Answer {
  const { store, params, body, actor } = call;
  const group = managedGroup(call);
  checkNoScimGroup(group);
  const users = checkUsers(store, params.org, body.users, group.users);
  return ok(describe(store, groups.addUsers(store, group, users, actor)));
}

export function changeGroupUser(
  call: Call<GroupParams & { username: string }, unknown, { role: OrgRole }>,
): Answer {
  const { store, params, body, actor } = call;
  const group = managedGroup(call);
  checkNoScimGroup(group);
  requireInGroup(group, params.username);
  return ok(describe(store, groups.changeUser(store, group, params.username, body.role, actor)));
}

export function removeGroupUser(call: Call<GroupParams & { username: string }>): Answer {
  const { store, params, actor } = call;
  const group = managedGroup(call);
  checkNoScimGroup(group);
  requireInGroup(group, params.username);
  return ok(describe(store, groups.removeUser(store, group, params.username, actor)));
}

function requireInGroup(group: ResourceGroup, user: string): void {
  if (!group.users.some((entry) => entry.user === user))
    throw notFound("This user is not in the resource group");
}

function describe(store: Store, group: ResourceGroup): unknown {
  const { id, name, description, autoJoin, spendLimits } = group;
  return {
    id,
    name,
    description,
    autoJoin,
    ...(spendLimits && Object.keys(spendLimits).length && { spendLimits }),
    users: group.users.flatMap(({ user, role, addedBy }) => {
      const record = store.users.get(user);
      if (!record) return [];
      const { fullname, avatarUrl } = record;
      return [{ type: "user", _id: record.id, name: user, fullname, avatarUrl, role, addedBy }];
    }),
    resources: [
      ...store.repositoriesInGroup.all(id).sort(byId).map(describeRepository),
      ...store.collectionsInGroup.all(id).sort(byId).map(describeCollection),
    ],
  };
}

function describeRepository(repo: Repository): unknown {
  const isPrivate = repo.visibility !== "public";
  return { type: repo.type, name: repoName(repo), private: isPrivate, addedBy: repo.groupedBy };
}

function describeCollection(collection: Collection): unknown {
  const { id, title, private: isPrivate, groupedBy } = collection;
  const slug = collectionSlug(collection);
  return { type: "collection", id, slug, title, private: isPrivate, addedBy: groupedBy };
}
