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

/** Whether a role is at least another one. */
export function atLeast(role: OrgRole, wanted: OrgRole): boolean {
  return ORG_ROLES.indexOf(role) >= ORG_ROLES.indexOf(wanted);
}

/** A user's role in an organization; undefined for no member. */
export function roleOf(store: Store, organization: string, user: string): OrgRole | undefined {
  return store.memberships.get(memberKey(organization, user))?.role;
}

/** Something that can be in a resource group. */
export interface Grouped {
  namespace: string;
  resourceGroupId?: string;
}

/** A user's role for something, from its resource group if it has one, otherwise from its organization. */
export function roleFor(store: Store, subject: Grouped, user: string): OrgRole | undefined {
  if (subject.namespace === user) return "admin";
  const role = roleOf(store, subject.namespace, user);
  if (role === undefined || role === "admin") return role;
  const group = subject.resourceGroupId ? store.resourceGroups.get(subject.resourceGroupId) : undefined;
  return group ? group.users.find((entry) => entry.user === user)?.role : role;
}

/** Whoever asks, or 401. */
export function requirePrincipal(call: Call): Principal {
  if (!call.principal) throw loginRequired();
  return call.principal;
}

/** The person who asks; 403 for a service account. */
export function requireUser(call: Call): { user: User; token: UserToken } {
  const principal = requirePrincipal(call);
  if (principal.kind !== "user") throw forbidden("Service accounts have no settings of their own.");
  return principal;
}

/** What an operation on an organization asks of whoever calls it. */
export interface OrganizationNeeds {
  /** Least role of a member. */
  role: OrgRole;
  /** A service account's token needs one of these instead. */
  permissions: readonly TokenPermission[];
  /** Least plan of the organization. */
  plan?: Plan;
}

/** The organization, if whoever asks may do this there: else 401, 402, 403 or 404. */
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

/** 402 unless the organization's plan is at least this one. */
export function requirePlan(organization: Organization, plan: Plan | undefined): void {
  if (plan && PLAN_RANK[organization.plan] < PLAN_RANK[plan]) throw planRequired(plan);
}

/** 403 if the organization refuses this token; with a policy of approval, using a token is what asks for it. */
export function checkTokenPolicy(store: Store, organization: Organization, token: UserToken): void {
  const status = token.authorizations[organization.name]?.status;
  if (status === "revoked") throw tokenCutOff();
  if (organization.tokenPolicy === "none" || status === "approved") return;
  if (status === undefined) {
    store.authorizeToken(organization.name, token.id, { status: "pending", requestedAt: store.timestamp() });
  }
  throw tokenNotApproved();
}

/** Whether an organization refuses this token, without asking it for anything. */
export function isRefused(organization: Organization, token: UserToken): boolean {
  const status = token.authorizations[organization.name]?.status;
  return status === "revoked" || (organization.tokenPolicy === "approval" && status !== "approved");
}

/** Whether the caller's token is one that a namespace's organization refuses. */
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
  // For the repositories that a token names, `repoPermissions` override its organization-wide permissions.
  return grants(token.repoIds.includes(repo.id) ? token.repoPermissions : token.permissions);
}

function isOpen({ visibility }: Repository): boolean {
  return visibility === "public" || visibility === "protected";
}

/** Whether the caller can see a repository. A token that the organization refuses sees what outsiders see. */
export function canSee(store: Store, principal: Principal | undefined, repo: Repository): boolean {
  return isOpen(repo) || (!isRefusedIn(store, principal, repo.namespace) && mayRead(store, principal, repo));
}

/** Whether the caller can read a repository that is not public, if the organization accepts the token. */
function mayRead(store: Store, principal: Principal | undefined, repo: Repository): boolean {
  if (!principal) return false;
  if (principal.kind === "serviceAccount") return holdsRepoPermission(principal, repo, "repo.content.read");
  const user = principal.user.name;
  // Everybody in the organization, those too whose role shows them nothing else.
  if (repo.visibility === "internal" && roleOf(store, repo.namespace, user) !== undefined) return true;
  const role = roleFor(store, repo, user);
  return role !== undefined && atLeast(role, "read");
}

/** Whether whoever asks can change a repository's settings, move it or delete it. */
export function canChange(store: Store, principal: Principal | undefined, repo: Repository): boolean {
  if (!principal) return false;
  if (principal.kind === "serviceAccount") return holdsRepoPermission(principal, repo, "repo.write");
  const user = principal.user.name;
  const role = roleFor(store, repo, user);
  if (role === undefined) return false;
  return atLeast(role, "write") || (role === "contributor" && repo.author === user);
}

/** A repository that whoever asks can see; else what the Hub says instead: 401 without a token, 404 with one. */
export function requireRepository(call: Call, type: RepoType, namespace: string, name: string): Repository {
  const { store, principal } = call;
  const repo = store.repository(`${namespace}/${name}`, type);
  if (!repo || !(isOpen(repo) || mayRead(store, principal, repo))) {
    throw principal ? repoNotFound() : repoNeedsLogin();
  }
  if (!isOpen(repo)) checkNamespacePolicy(call, namespace);
  return repo;
}

/** A repository that whoever asks can change: else 403, or what {@link requireRepository} says. */
export function requireChangeable(call: Call, type: RepoType, namespace: string, name: string): Repository {
  const repo = requireRepository(call, type, namespace, name);
  requirePrincipal(call);
  checkNamespacePolicy(call, namespace);
  if (!canChange(call.store, call.principal, repo)) {
    throw forbidden(`You don't have the rights to change ${type} ${namespace}/${name}.`);
  }
  return repo;
}

/** What the caller wants to create, and in which resource group. */
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

/** Whether the caller is a service account of an organization, with a permission for all of it. */
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

/** Throws 403 unless the caller can move something in and out of these resource groups. */
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

/** The token policy of the organization that a namespace is, for its members. */
export function checkNamespacePolicy(call: Call, namespace: string): void {
  const organization = call.store.organizations.get(namespace);
  if (!organization || call.principal?.kind !== "user") return;
  if (roleOf(call.store, namespace, call.principal.user.name) === undefined) return;
  checkTokenPolicy(call.store, organization, call.principal.token);
}
