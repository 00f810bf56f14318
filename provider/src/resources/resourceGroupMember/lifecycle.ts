import { type HubClient, type OrgRole, type ResourceGroupInfo } from "../../client";
import { isNotFound } from "../../client/errors";
import { ensureFullView, isGoneFromListing } from "../../hub/absence";
import { type ManagedValue } from "../../hub/managedValue/kind";
import { managing } from "../../hub/managedValue/lifecycle";
import { memberOf } from "../../hub/members";
import { withOrganizationLock } from "../../hub/organizationLock";
import { authorOfChange, changeKey } from "../../hub/outsideChange";
import { LifecycleError, type ResourceDefinition } from "../../model/definition";
import { sameName } from "../../model/plain";
import { IN_LIST, isInList, refuseBesideList } from "../../rules/groupDeclarations";
import { type HubValue } from "../../rules/managedValue";
import { MEMBERSHIP, roleFrom } from "../../rules/roles";
import {
  type GroupMemberAddress,
  parseId,
  type ResourceGroupMemberInputs,
  resourceGroupMemberModel,
  type ResourceGroupMemberState,
} from "./model";

const groupMember: ManagedValue<ResourceGroupMemberInputs, ResourceGroupMemberState> = {
  model: resourceGroupMemberModel,
  rule: { facet: MEMBERSHIP, declared: ({ role }) => role },
  words: {
    subject: (inputs) => `the role of ${inputs.user} in ${groupOf(inputs)}`,
    value: (role) => role ?? "none (not in the resource group)",
    keep: (role) => (role === null ? "Remove this resource from the program" : `Declare role: "${role}"`),
    missing: ({ user, organization, groupId }) =>
      `the resource group ${groupId} does not exist, or ${user} is not a member of ${organization}, so nothing was sent. Run \`pulumi refresh\` to see ` +
      "which. Nothing is added automatically if it changes later.",
  },

  label: ({ user, groupId }) => `of ${user ?? ""} in ${groupId ?? ""}`,
  id: ({ organization, groupId, user }) => `${organization}/${groupId}/${user}`,
  scope: ({ organization = "", groupId = "" }) => `${organization}/${groupId}`,
  parseId,

  async observe({ organization = "", groupId = "", user = "" }, { client }) {
    const group = await existingGroup(client, { organization, groupId });
    if (!group) return { missing: noSuchGroup({ organization, groupId, user }) };
    const found = valueIn(group, user);
    if (found.value !== null) return found;
    // The person who was in the resource group may have left, and another one may have the name now.
    const member = await memberOf(client, { organization, user });
    // guard: members-only
    if (!member) return { missing: notInOrganization({ organization, groupId, user }) };
    return { value: null, identity: member._id };
  },

  send: ({ organization, groupId, user, role }, { value }, { client }) =>
    withOrganizationLock(client, organization, async () => {
      const group =
        value === null
          ? await client.addResourceGroupUsers(organization, groupId, [{ user, role }])
          : await client.updateResourceGroupUser(organization, groupId, { user, role });
      return valueIn(group, user);
    }),

  shown: ({ value }) => ({ role: (value ?? undefined) as OrgRole | undefined }),

  author: ({ organization, groupId, user }, _current, between, { client }) =>
    authorOfChange(client, organization, changeKey.groupMember(groupId, user), between),

  async end(state, _current, { client, log }) {
    const group = await remove(client, state);
    // guard: taken-out
    if (group && valueIn(group, state.user).value !== null) throw new LifecycleError(notRemoved(state));
    log.info(`removed ${state.user} from the resource group.`);
  },
};

const managed = managing(groupMember);

/** The lifecycle of a member of a resource group, without Pulumi. */
export const resourceGroupMemberDefinition: ResourceDefinition<
  ResourceGroupMemberInputs,
  ResourceGroupMemberState
> = {
  ...managed,
  async delete(id, state, context) {
    // guard: member-in-list
    if (isInList("members", state.groupId, context.declaredBy)) return context.log.info(IN_LIST);
    await managed.delete(id, state, context);
  },
  check: ({ groupId }, _previous, { declaredBy }) => refuseBesideList("members", groupId, declaredBy),
};

function valueIn({ users }: ResourceGroupInfo, user: string): HubValue {
  const found = users.find(({ name }) => sameName(name, user));
  return { value: found ? roleFrom(found.role, user) : null, identity: found?._id };
}

/** The resource group; `undefined` if it certainly does not exist. */
async function existingGroup(
  client: HubClient,
  { organization, groupId }: Omit<GroupMemberAddress, "user">,
): Promise<ResourceGroupInfo | undefined> {
  try {
    return await client.getResourceGroup(organization, groupId);
  } catch (error) {
    const isListed = async (): Promise<boolean> =>
      (await client.listResourceGroups(organization)).some(({ id }) => id === groupId);
    if (!(await isGoneFromListing(error, isListed))) throw error;
    // The listing has only the resource groups that the token may see.
    await ensureFullView(client, organization, error as Error);
    return undefined;
  }
}

/** Returns the resource group afterwards; `undefined` if it no longer exists. */
function remove(client: HubClient, address: GroupMemberAddress): Promise<ResourceGroupInfo | undefined> {
  const { organization, groupId, user } = address;
  return withOrganizationLock(client, organization, async () => {
    try {
      return await client.removeResourceGroupUser(organization, groupId, user);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      // Someone else may have removed the person since the last look.
      const group = await existingGroup(client, address);
      if (group && valueIn(group, user).value !== null) throw error;
      return group;
    }
  });
}

function groupOf({ organization, groupId }: GroupMemberAddress): string {
  return `the resource group ${groupId} of ${organization}`;
}

function noSuchGroup({ organization, groupId, user }: GroupMemberAddress): string {
  return (
    `${organization} has no resource group ${groupId} on the Hub, so nothing was sent. Declare the groupId of an existing resource group, or remove ` +
    `this resource from the program. ${user} is not added automatically if the resource group appears again.`
  );
}

function notInOrganization({ organization, user }: GroupMemberAddress): string {
  return (
    `${user} is not a member of ${organization}, and only its members can be in a resource group. The Hub's API cannot add members to an ` +
    `organization: invite ${user} on the Hub, or remove this resource from the program. A person who joins later is not added automatically.`
  );
}

function notRemoved(address: GroupMemberAddress): string {
  return (
    `The Hub accepted the removal of ${address.user} from ${groupOf(address)} but did not make it. Run the command again; if that does not ` +
    "help, remove the person on the Hub."
  );
}
