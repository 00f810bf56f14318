import { type Answer, type Call, ok } from "../route.js";
import {
  type Organization,
  type OrgRole,
  type ServiceAccountToken,
  type User,
  type UserToken,
} from "../store/records.js";
import { type Store } from "../store/store.js";
import { isRefused, requirePrincipal, roleOf } from "./access.js";

const WIRE_ROLE = { read: "read", write: "write", admin: "god" } as const;

export function whoAmI(call: Call): Answer {
  const principal = requirePrincipal(call);
  if (principal.kind === "user") return ok(describeUser(call.store, principal.user, principal.token));
  const { account, token } = principal;
  const organization = call.store.organizations.get(account.organization);
  return ok({
    type: "user",
    id: account.id,
    name: account.user,
    fullname: account.name,
    email: account.email,
    emailVerified: true,
    isPro: false,
    canPay: false,
    avatarUrl: "",
    periodEnd: null,
    auth: {
      type: "access_token",
      accessToken: {
        displayName: token.displayName,
        role: "fineGrained",
        createdAt: token.createdAt,
        fineGrained: describeScopes(call.store, organization, token),
      },
    },
    orgs: organization ? [{ ...describeOrganization(organization), roleInOrg: accountRole(token) }] : [],
  });
}

function describeUser(store: Store, user: User, token: UserToken): unknown {
  const orgs = store.organizationsOf
    .all(user.name)
    .map((member) => store.organizations.get(member.organization))
    .filter((organization) => organization !== undefined)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((organization) => ({
      ...describeOrganization(organization),
      roleInOrg: roleOf(store, organization.name, user.name),
      ...(isRefused(organization, token) && { securityRestrictions: [restriction(organization, token)] }),
      resourceGroups: store.groupsOf
        .all(organization.name)
        .flatMap((group) =>
          group.users
            .filter((entry) => entry.user === user.name)
            .map((entry) => ({ id: group.id, name: group.name, role: entry.role })),
        ),
    }));
  return {
    type: "user",
    id: user.id,
    name: user.name,
    fullname: user.fullname,
    email: user.email,
    emailVerified: true,
    isPro: user.isPro,
    canPay: false,
    avatarUrl: user.avatarUrl,
    periodEnd: null,
    auth: {
      type: "access_token",
      ...(token.expiresAt && { expiresAt: token.expiresAt }),
      accessToken: { displayName: token.name, role: WIRE_ROLE[token.role], createdAt: token.createdAt },
    },
    orgs,
  };
}

function describeOrganization(organization: Organization): Record<string, unknown> {
  const { id, name, fullname, avatarUrl, plan } = organization;
  return {
    type: "org",
    id,
    name,
    fullname,
    email: null,
    canPay: false,
    avatarUrl,
    periodEnd: null,
    ...(plan !== "free" && { plan }),
  };
}

function restriction(organization: Organization, token: UserToken): string {
  return token.authorizations[organization.name]?.status === "revoked" ? "token-revoked" : "token-policy";
}

/** A service account has no role. Returns the role that corresponds to its token's permissions. */
function accountRole(token: ServiceAccountToken): OrgRole {
  if (token.permissions.includes("org.write")) return "admin";
  if (token.permissions.includes("repo.write")) return "write";
  return token.permissions.length ? "read" : "no_access";
}

function describeScopes(
  store: Store,
  organization: Organization | undefined,
  token: ServiceAccountToken,
): unknown {
  const scoped = [];
  if (organization && token.permissions.length) {
    const { id, name } = organization;
    scoped.push({ entity: { _id: id, type: "org", name }, permissions: token.permissions });
  }
  for (const repoId of token.repoIds) {
    const repo = store.repositoryById.one(repoId);
    if (!repo) continue;
    const entity = { _id: repo.id, type: repo.type, name: `${repo.namespace}/${repo.name}` };
    scoped.push({ entity, permissions: token.repoPermissions });
  }
  return { canReadGatedRepos: false, global: [], scoped };
}
