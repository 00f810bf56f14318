// Changes the role of a member, and keeps the member's resource groups.
import { type HubClient, ORG_ROLES, type OrgRole } from "../../client";
import { outcomeIsUnknown } from "../../client/errors";
import { SentError } from "../../hub/managedValue/send";
import { type MemberAddress, notShown } from "../../hub/members";
import { LifecycleError } from "../../model/definition";
import { sameName } from "../../model/plain";
import { messageOf } from "../../model/words";
import { type MemberRoleInputs } from "./model";
import { type SeenMember, seenMember } from "./observe";

/**
 * Changes the role. The Hub removes the member from every resource group that the request leaves out, so all are read first, sent again, and
 * put back if they are missing afterwards. Another process can still change the member in between.
 *
 * @throws LifecycleError if the Hub does not show what the request needs, and for a demotion that the program does not allow
 */
export async function changeRole(
  client: HubClient,
  inputs: Pick<MemberRoleInputs, "organization" | "user" | "role" | "allowOwnDemotion">,
): Promise<SeenMember | undefined> {
  const { organization, user, role } = inputs;
  const before = await presentMember(client, inputs);
  // guard: groups-before-role
  if (!before.resourceGroups)
    throw new LifecycleError(notShown(`the resource groups of ${user}`, organization));
  if (isLower(role, before.role)) await refuseDemotion(client, inputs, before.role);
  const resourceGroups = before.resourceGroups.map((group) => ({ id: group.id, role: group.role }));
  await client
    .updateMemberRole(organization, user, { role, resourceGroups })
    .catch(async (error: unknown) => {
      if (!outcomeIsUnknown(error)) throw error;
      // guard: lost-role
      const seen = await seenMember(client, inputs).catch(() => undefined);
      if (seen?.role !== role) throw error;
    });
  return putBack(client, inputs, before);
}

/**
 * Puts the member back into resource groups that the change of the role has dropped.
 *
 * @returns the member after the change
 * @throws SentError if the member cannot be put back, or the Hub does not show whether that is necessary
 */
async function putBack(
  client: HubClient,
  address: Parameters<typeof changeRole>[1],
  before: SeenMember,
): Promise<SeenMember> {
  const { organization, user, role } = address;
  const look = (): Promise<SeenMember | undefined> => seenMember(client, address).catch(() => undefined);
  const after = (await look()) ?? (await look());
  // guard: groups-seen-again
  if (!after) throw new SentError(groupsUnclear(address, before), { value: role, identity: before._id });
  const sent = { value: after.role, identity: after._id };
  const { resourceGroups: present } = after;
  if (!present) throw new SentError(groupsUnclear(address, before), sent);
  const dropped = (before.resourceGroups ?? []).filter(({ id }) => !present.some((each) => each.id === id));
  // guard: groups-put-back
  for (const { id, name, role } of dropped) {
    await client.addResourceGroupUsers(organization, id, [{ user, role }]).catch((error: unknown) => {
      throw new SentError(
        `The role of ${user} in ${organization} was changed, but the Hub dropped ${user} from the resource group ${name} and did not take ` +
          `${user} back: ${messageOf(error)} Add ${user} to ${name} with the role ${role} on the Hub.`,
        sent,
      );
    });
  }
  return after;
}

function groupsUnclear({ organization, user }: MemberAddress, { resourceGroups = [] }: SeenMember): string {
  const names = resourceGroups.map(({ name, role }) => `${name} (${role})`).join(", ");
  return (
    `The role of ${user} in ${organization} was changed, but the Hub no longer shows the resource groups of ${user} to these credentials. Check ` +
    `on the Hub that ${user} is still in ${names || "no resource group"}.`
  );
}

async function presentMember(client: HubClient, address: MemberAddress): Promise<SeenMember> {
  const member = await seenMember(client, address);
  if (!member) throw new LifecycleError(notMember(address));
  return member;
}

function isLower(role: OrgRole, than: OrgRole): boolean {
  return ORG_ROLES.indexOf(role) < ORG_ROLES.indexOf(than);
}

/** @throws LifecycleError for the last administrator, and for the owner of the token without `allowOwnDemotion` */
async function refuseDemotion(
  client: HubClient,
  { organization, user, role, allowOwnDemotion }: Parameters<typeof changeRole>[1],
  before: OrgRole,
): Promise<void> {
  if (before === "admin") {
    const members = await client.listMembers(organization);
    // guard: last-administrator
    if (!members.some((each) => each.role === "admin" && !sameName(each.user, user))) {
      throw new LifecycleError(
        `${user} is the last administrator of ${organization}, so the role was not changed to ${role}. Make another member an administrator first.`,
      );
    }
  }
  // guard: own-role
  if (!allowOwnDemotion && sameName((await client.whoami()).name, user)) {
    throw new LifecycleError(
      `${user} is the owner of the token that this run uses, so the role was not lowered from ${before} to ${role}: later runs may not be able to ` +
        "change it back. Use the token of another administrator, or set allowOwnDemotion to true.",
    );
  }
}

/** The user is not a member. */
export function notMember({ organization, user }: MemberAddress): string {
  return (
    `${user} is not a member of ${organization}, so there is no role to manage. The Hub's API cannot add members: invite ${user} on the Hub, or ` +
    "remove this resource from the program. A person who joins later is not given a higher role automatically."
  );
}

/** The deletion sent the role, but does not see it. */
export function notLowered({ organization, user }: MemberAddress): string {
  return (
    `The Hub accepted the role read for ${user} in ${organization} but does not show it. Run the command again; if that does not help, change the ` +
    "role on the Hub."
  );
}
