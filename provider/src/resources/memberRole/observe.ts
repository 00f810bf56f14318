// A member as the Hub shows it.
import { type HubClient, type OrgRole } from "../../client";
import { type MemberAddress, memberOf, notShown } from "../../hub/members";
import { LifecycleError } from "../../model/definition";
import { roleFrom } from "../../rules/roles";

/** A member, with everything that a change of the role needs. */
export interface SeenMember {
  _id: string;
  role: OrgRole;
  /** All resource groups of the member; absent if the Hub does not show them. */
  resourceGroups?: { id: string; name: string; role: OrgRole }[] | undefined;
}

/**
 * Reads a member; `undefined` if the user is not a member.
 *
 * @throws LifecycleError if the Hub does not show the role
 */
export async function seenMember(client: HubClient, address: MemberAddress): Promise<SeenMember | undefined> {
  const { organization, user } = address;
  const member = await memberOf(client, address);
  if (!member) return undefined;
  const { _id, role, resourceGroups } = member;
  // guard: role-shown
  if (role === undefined) throw new LifecycleError(notShown(`the role of ${user}`, organization));
  const groups = resourceGroups?.map((group) => {
    if (group.role !== undefined) return { id: group.id, name: group.name, role: roleFrom(group.role, user) };
    throw new LifecycleError(notShown(`the roles of ${user} in the resource groups`, organization));
  });
  return { _id, role: roleFrom(role, user), resourceGroups: groups };
}
