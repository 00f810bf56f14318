import {
  forbidden,
  loginRequired,
  notFound,
  planRequired,
  repoNeedsLogin,
  repoNotFound,
  tokenCutOff,
  tokenNotApproved,
} from "../errors.js";
import { type Call, type Principal } from "../route.js";
import {
  ORG_ROLES,
  type Organization,
  type OrgRole,
  type Plan,
  type Repository,
  type RepoPermission,
  type RepoType,
  type ResourceGroup,
  type TokenPermission,
  type User,
  type UserToken,
} from "../store/records.js";
import { memberKey } from "../store/members.js";
import { type Store } from "../store/store.js";

const PLAN_RANK: Record<Plan, number> = { free: 0, academia: 1, team: 1, enterprise: 2, plus: 3 };

/** Whether a role is the same as another role, or higher. */
export function atLeast(role: OrgRole, wanted: OrgRole): boolean {
  return ORG_ROLES.indexOf(role) >= ORG_ROLES.indexOf(wanted);
}

/** A user's role in an organization. Undefined for non-members. */
export function roleOf(store: Store, organization: string, user: string): OrgRole | undefined {
  return store.memberships.get(memberKey(organization, user))?.role;
}

/** Something that can be in a resource group. */
export interface Grouped {
  namespace: string;
  resourceGroupId?: string;
}

/** A user's role for a repository or collection: from its resource group if it has one, otherwise from its organization. */
export function roleFor(store: Store, subject: Grouped, user: string): OrgRole | undefined {
  if (subject.namespace === user) return "admin";
  const role = roleOf(store, subject.namespace, user);
  if (role === undefined || role === "admin") return role;
  const group = subject.resourceGroupId ? store.resourceGroups.get(subject.resourceGroupId) : undefined;
  return group ? group.users.find((entry) => entry.user === user)?.role : role;
}

/** Returns the caller. Throws 401 if the request has no token. */
export function requirePrincipal(call: Call): Principal {
  if (!call.principal) throw loginRequired();
  return call.principal;
}

/** Returns the caller if it is a person. Throws 401 without a token, 403 for a service account. */
export function requireUser(call: Call): { user: User; token: UserToken } {
  const principal = requirePrincipal(call);
  if (principal.kind !== "user") throw forbidden("Service accounts have no settings of their own.");
  return principal;
}

/** The requirements of an operation on an organization. */
export interface OrganizationNeeds {
  /** The lowest role that a member needs. */
  role: OrgRole;
  /** A service account's token needs one of these permissions instead. */
  permissions: readonly TokenPermission[];
  /** The lowest plan that the organization needs. */
  plan?: Plan;
}

/** Returns the organization if it and the caller meet the requirements. Otherwise throws 401, 402, 403 or 404. */
export function requireOrganization(call: Call, name: string, needs: OrganizationNeeds): Organization {
  const { store } = call;
  const organization = store.organizations.get(name);
  if (!organization) throw notFound("Organization not found");
  const principal = requirePrincipal(call);
  if (principal.kind === "user") {
    const role = roleOf(store, name, principal.user.name);
    if (role === undefined) throw forbidden(`You are not a member of organization ${name}.`);
    checkTokenPolicy(store, organization, principal.token);
    if (!atLeast(role, needs.role))
      throw forbidden(`You need the role ${needs.role} in organization ${name}.`);
  } else {
    if (principal.account.organization !== name)
      throw forbidden(`You are not a member of organization ${name}.`);
    const { permissions } = principal.token;
    if (!needs.permissions.some((permission) => permissions.includes(permission))) {
      throw forbidden(`This token needs the permission ${needs.permissions.join(" or ")}.`);
    }
  }
  requirePlan(organization, needs.plan);
  return organization;
}

/** Throws 402 if the organization has a lower plan. */
export function requirePlan(organization: Organization, plan: Plan | undefined): void {
  if (plan && !hasPlan(organization, plan)) throw planRequired(plan);
}

/** Whether the organization has this plan or a higher one. */
export function hasPlan(organization: Organization, plan: Plan): boolean {
  return PLAN_RANK[organization.plan] >= PLAN_RANK[plan];
}

/** Throws 403 if the organization rejects this token. With the policy `approval`, the first use of a token requests approval. */
export function checkTokenPolicy(store: Store, organization: Organization, token: UserToken): void {
  const status = token.authorizations[organization.name]?.status;
  if (status === "revoked") throw tokenCutOff();
  if (organization.tokenPolicy === "none" || status === "approved") return;
  if (status === undefined) {
    store.authorizeToken(organization.name, token.id, { status: "pending", requestedAt: store.timestamp() });
  }
  throw tokenNotApproved();
}

/** Whether an organization rejects this token. Unlike {@link checkTokenPolicy}, it does not request approval. */
export function isRefused(organization: Organization, token: UserToken): boolean {
  const status = token.authorizations[organization.name]?.status;
  return status === "revoked" || (organization.tokenPolicy === "approval" && status !== "approved");
}

/** Whether the organization of a namespace rejects the caller's token. */
export function isRefusedIn(store: Store, principal: Principal | undefined, namespace: string): boolean {
  const organization = store.organizations.get(namespace);
  return principal?.kind === "user" && !!organization && isRefused(organization, principal.token);
}

function holdsRepoPermission(
  principal: Principal & { kind: "serviceAccount" },
  repo: Repository,
  permission: RepoPermission,
): boolean {
  const { token, account } = principal;
  if (account.organization !== repo.namespace) return false;
  const grants = (held: readonly string[]): boolean =>
    held.includes(permission) || (permission === "repo.content.read" && held.includes("repo.write"));
  // For the repositories in `repoIds`, `repoPermissions` override the organization-wide permissions.
  return grants(token.repoIds.includes(repo.id) ? token.repoPermissions : token.permissions);
}

function isOpen({ visibility }: Repository): boolean {
  return visibility === "public" || visibility === "protected";
}

/** Whether the caller can see a repository. A token that the organization rejects has the access of a non-member. */
export function canSee(store: Store, principal: Principal | undefined, repo: Repository): boolean {
  return isOpen(repo) || (!isRefusedIn(store, principal, repo.namespace) && mayRead(store, principal, repo));
}

/** Whether the caller can read a repository that is not public, if the organization accepts the token. */
function mayRead(store: Store, principal: Principal | undefined, repo: Repository): boolean {
  if (!principal) return false;
  if (principal.kind === "serviceAccount") return holdsRepoPermission(principal, repo, "repo.content.read");
  const user = principal.user.name;
  // All members can read internal repositories, even with the role no_access.
  if (repo.visibility === "internal" && roleOf(store, repo.namespace, user) !== undefined) return true;
  const role = roleFor(store, repo, user);
  return role !== undefined && atLeast(role, "read");
}

/** Whether the caller can change a repository's settings, move it or delete it. */
export function canChange(store: Store, principal: Principal | undefined, repo: Repository): boolean {
  if (!principal) return false;
  if (principal.kind === "serviceAccount") return holdsRepoPermission(principal, repo, "repo.write");
  const user = principal.user.name;
  const role = roleFor(store, repo, user);
  if (role === undefined) return false;
  return atLeast(role, "write") || (role === "contributor" && repo.author === user);
}

/** Returns a repository that the caller can see. Otherwise throws 401 without a token, 403 or 404 with a token. */
export function requireRepository(call: Call, type: RepoType, namespace: string, name: string): Repository {
  const { store, principal } = call;
  const repo = store.repository(`${namespace}/${name}`, type);
  if (!repo || !(isOpen(repo) || mayRead(store, principal, repo))) {
    throw principal ? repoNotFound() : repoNeedsLogin();
  }
  if (!isOpen(repo)) checkNamespacePolicy(call, namespace);
  return repo;
}

/** Returns a repository that the caller can change. Otherwise throws 403 or the errors of {@link requireRepository}. */
export function requireChangeable(call: Call, type: RepoType, namespace: string, name: string): Repository {
  const repo = requireRepository(call, type, namespace, name);
  requirePrincipal(call);
  checkNamespacePolicy(call, namespace);
  if (!canChange(call.store, call.principal, repo)) {
    throw forbidden(`You don't have the rights to change ${type} ${namespace}/${name}.`);
  }
  return repo;
}

/** A new repository or collection. */
export interface NewSubject extends Grouped {
  type: RepoType | "collection";
}

/** Throws 403 if the caller cannot create something in this namespace or resource group. */
export function requireCreation(call: Call, { type, namespace, resourceGroupId }: NewSubject): void {
  const { store } = call;
  const principal = requirePrincipal(call);
  const refusal = forbidden(
    `You don't have the rights to create a ${type} under the namespace "${namespace}".`,
  );
  if (principal.kind === "serviceAccount") {
    const needed: TokenPermission[] = [
      type === "collection" ? "collection.write" : "repo.write",
      ...(resourceGroupId ? (["resourceGroup.write"] as const) : []),
    ];
    if (!needed.every((permission) => hasPermission(principal, namespace, permission))) throw refusal;
    return;
  }
  const user = principal.user.name;
  if (namespace === user) return;
  if (roleOf(store, namespace, user) === undefined) throw refusal;
  checkNamespacePolicy(call, namespace);
  const isOurs = resourceGroupId && store.resourceGroups.get(resourceGroupId)?.organization === namespace;
  const role = roleFor(store, { namespace, ...(isOurs && { resourceGroupId }) }, user);
  if (role === undefined || !atLeast(role, "contributor")) throw refusal;
}

/** Whether the caller is a service account of the organization whose token has this permission for the whole organization. */
export function hasPermission(
  principal: Principal | undefined,
  organization: string,
  permission: TokenPermission,
): boolean {
  if (principal?.kind !== "serviceAccount" || principal.account.organization !== organization) return false;
  return principal.token.permissions.includes(permission);
}

/** Whether the caller can see a resource group. */
export function canSeeGroup(store: Store, principal: Principal | undefined, group: ResourceGroup): boolean {
  const { organization } = group;
  if (!principal || isRefusedIn(store, principal, organization)) return false;
  if (principal.kind === "serviceAccount") {
    return (["org.read", "resourceGroup.write"] as const).some((permission) =>
      hasPermission(principal, organization, permission),
    );
  }
  const role = roleOf(store, organization, principal.user.name);
  const isIn = group.users.some(({ user }) => user === principal.user.name);
  return role === "admin" || (role !== undefined && isIn);
}

/** Throws 403 unless the caller can add things to, and remove things from, these resource groups. */
export function requireGroupAdmin(
  call: Call,
  organization: string,
  groupIds: readonly (string | null | undefined)[],
): void {
  const { store } = call;
  const principal = requirePrincipal(call);
  const isAllowed =
    principal.kind === "serviceAccount"
      ? hasPermission(principal, organization, "resourceGroup.write")
      : groupIds
          .filter((id) => typeof id === "string")
          .map((resourceGroupId) => ({ namespace: organization, resourceGroupId }))
          .every((subject) => roleFor(store, subject, principal.user.name) === "admin");
  if (!isAllowed) throw forbidden("You need the role admin in the resource group or in its organization.");
}

/** Applies the token policy of the namespace's organization if the caller is a member. */
export function checkNamespacePolicy(call: Call, namespace: string): void {
  const organization = call.store.organizations.get(namespace);
  if (!organization || call.principal?.kind !== "user") return;
  if (roleOf(call.store, namespace, call.principal.user.name) === undefined) return;
  checkTokenPolicy(call.store, organization, call.principal.token);
}
