import { type Membership, type OrgRole } from "./records.js";
import { type Actor, type Store } from "./store.js";

/** A member's key in the store: `organization/user`. */
export function memberKey(organization: string, user: string): string {
  return `${organization}/${user}`;
}

/** Counts the administrators of an organization. */
export function countAdmins(store: Store, organization: string): number {
  return store.membersOf.all(organization).filter((member) => member.role === "admin").length;
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
    const wanted = new Map(groups.map((group) => [group.id, group.role]));
    for (const group of store.groupsOf.all(organization)) {
      const others = group.users.filter((entry) => entry.user !== user);
      const groupRole = wanted.get(group.id);
      if (!groupRole && others.length === group.users.length) continue;
      const users = groupRole ? [...others, { user, role: groupRole, addedBy: actor.author.user }] : others;
      store.tables.resourceGroups.put(group.id, { ...group, users });
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
