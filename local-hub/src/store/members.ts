import { type Membership, type OrgRole, type ResourceGroup } from "./records.js";
import { addUsers, changeUser, removeUser } from "./resource-groups.js";
import { type Actor, type Store } from "./store.js";

/** A member's key in the store: `organization/user`. */
export function memberKey(organization: string, user: string): string {
  return `${organization}/${user}`;
}

/** Counts the administrators of an organization. */
export function countAdmins(store: Store, organization: string): number {
  return store.membersOf.all(organization).filter((member) => member.role === "admin").length;
}

/** The change of a member's role in a resource group. Undefined means that the member is not in the group. */
export interface GroupChange {
  group: ResourceGroup;
  before?: OrgRole;
  after?: OrgRole;
}

/** Returns what changes if a member is in exactly these groups. */
export function groupChanges(
  store: Store,
  { organization, user }: Membership,
  groups: { id: string; role: OrgRole }[],
): GroupChange[] {
  const wanted = new Map(groups.map(({ id, role }) => [id, role]));
  return store.groupsOf
    .all(organization)
    .map((group) => {
      const before = group.users.find((entry) => entry.user === user)?.role;
      return { group, before, after: wanted.get(group.id) };
    })
    .filter(({ before, after }) => before !== after);
}

/** Changes the role of a member and replaces their resource groups. */
export function setMemberRole(
  store: Store,
  member: Membership,
  role: OrgRole,
  groups: { id: string; role: OrgRole }[],
  actor: Actor,
): void {
  store.transact(() => {
    const { organization, user } = member;
    store.tables.memberships.put(memberKey(organization, user), { ...member, role });
    for (const { group, before, after } of groupChanges(store, member, groups)) {
      if (after === undefined) removeUser(store, group, user, actor);
      else if (before === undefined) addUsers(store, group, [{ user, role: after }], actor);
      else changeUser(store, group, user, after, actor);
    }
    store.log(
      organization,
      actor,
      "org.change_role",
      `Changed the role of ${user} from ${member.role} to ${role}`,
      {
        user,
        role,
        previous: { role: member.role },
        resourceGroups: groups,
      },
    );
  });
}
