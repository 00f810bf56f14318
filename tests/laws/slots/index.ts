import { accountSlot } from "./accounts";
import { organizationSlot } from "./organizations";
import { groupMemberSlots, memberSlots, repoGroupSlots } from "./members";
import { groupSlot, openGroupSlot } from "./groups";
import { repositorySlots } from "./repositories";
import { type Slot } from "./slot";
import { accountTokenSlot, ownTokenSlot } from "./tokens";
import { secretSlots, variableSlots } from "./spaces";
import { ssoCredentialSlot, ssoSlot } from "./sso";

/** Objects that share a Hub, by the type of the resource. */
export const slots: Record<string, readonly Slot[]> = {
  RepoVisibility: repositorySlots,
  OrganizationVisibility: [organizationSlot],
  SsoConfig: [ssoSlot],
  SsoCredential: [ssoCredentialSlot],
  ResourceGroup: [groupSlot, openGroupSlot],
  ServiceAccount: [accountSlot],
  MemberRole: memberSlots,
  ResourceGroupMember: groupMemberSlots,
  RepoResourceGroup: repoGroupSlots,
  SpaceSecret: secretSlots,
  SpaceVariable: variableSlots,
  HubToken: [accountTokenSlot, ownTokenSlot],
};
