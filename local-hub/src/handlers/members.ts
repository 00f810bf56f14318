import { badRequest, forbidden, notFound } from "../errors.js";
import { type Answer, type Call, ok } from "../route.js";
import { type Membership, type OrgRole } from "../store/records.js";
import { countAdmins, groupChanges, memberKey, setMemberRole } from "../store/members.js";
import { hasPlan, isRefusedIn, requireOrganization, roleOf } from "./access.js";
import { byId, paginate } from "./paging.js";
import { checkNoScimGroup } from "./resource-groups.js";

export interface MembersQuery {
  search?: string;
  email?: string;
  cursor?: string;
  limit: number;
}

/** Lists the members. Everyone can see the list, members also see roles, and administrators also see account data. */
export function listMembers(call: Call<{ org: string }, MembersQuery>): Answer {
  const { store, params, query, principal } = call;
  const organization = store.organizations.get(params.org);
  if (!organization) throw notFound("Organization not found");
  const { isMember, isAdmin } = standing(call, organization.name);
  if (query.email !== undefined && !isAdmin) {
    throw forbidden("Only administrators of the organization can search by email address.");
  }
  const search = query.search?.toLowerCase();
  const email = query.email?.toLowerCase();
  const found = store.membersOf
    .all(organization.name)
    .map((member) => ({ member, user: store.users.get(member.user) }))
    .filter((entry): entry is { member: Membership; user: NonNullable<typeof entry.user> } => !!entry.user)
    .filter(({ user }) => !search || `${user.name} ${user.fullname}`.toLowerCase().includes(search))
    .filter(({ user }) => email === undefined || user.email.toLowerCase() === email)
    .sort((a, b) => byId(a.user, b.user) || (a.user.name < b.user.name ? -1 : 1));
  const page = paginate(call, found, query.limit, ({ user }) => user.name);
  const groups = principal && isMember ? store.groupsOf.all(organization.name) : [];
  const members = page.items.map(({ member, user }) => ({
    _id: user.id,
    user: user.name,
    fullname: user.fullname,
    type: "user",
    isPro: user.isPro,
    avatarUrl: user.avatarUrl,
    ...(isMember && {
      role: member.role,
      resourceGroups: groups.flatMap((group) => {
        const entry = group.users.find((candidate) => candidate.user === user.name);
        return entry
          ? [{ id: group.id, name: group.name, numUsers: group.users.length, role: entry.role }]
          : [];
      }),
    }),
    ...(isAdmin && {
      twoFaEnabled: user.twoFaEnabled,
      ...(hasPlan(organization, "team") && { verifiedEmail: user.email }),
      isExternalCollaborator: false,
    }),
  }));
  return ok(members, page.headers);
}

function standing(call: Call, organization: string): { isMember: boolean; isAdmin: boolean } {
  const { principal } = call;
  if (!principal) return { isMember: false, isAdmin: false };
  if (principal.kind === "serviceAccount") {
    const { permissions } = principal.token;
    const isOurs = principal.account.organization === organization;
    const isAdmin = isOurs && permissions.includes("org.write");
    return { isMember: isAdmin || (isOurs && permissions.includes("org.read")), isAdmin };
  }
  const isRefused = isRefusedIn(call.store, principal, organization);
  const role = isRefused ? undefined : roleOf(call.store, organization, principal.user.name);
  return { isMember: role !== undefined, isAdmin: role === "admin" };
}

export interface RoleBody {
  role: OrgRole;
  resourceGroups?: { id: string; role: OrgRole }[];
}

export function putMemberRole(call: Call<{ org: string; username: string }, unknown, RoleBody>): Answer {
  const { store, params, body, actor } = call;
  requireOrganization(call, params.org, { role: "admin", permissions: ["org.write"], plan: "team" });
  const member = store.memberships.get(memberKey(params.org, params.username));
  if (!member) throw notFound("Member not found");
  const groups = (body.resourceGroups ?? []).map(({ id, role }) => ({ id: id.toLowerCase(), role }));
  for (const [index, group] of groups.entries()) {
    if (store.resourceGroups.get(group.id)?.organization !== params.org) {
      throw forbidden(
        `resourceGroups.${index}.id: no resource group of organization ${params.org} has this id`,
      );
    }
  }
  if (member.role === "admin" && body.role !== "admin" && countAdmins(store, params.org) === 1) {
    throw badRequest("role: an organization needs at least one administrator");
  }
  for (const { group } of groupChanges(store, member, groups)) checkNoScimGroup(group);
  setMemberRole(store, member, body.role, groups, actor);
  return ok({ success: true });
}
