import { accountSlot } from "./accounts";
import { repositorySlots } from "./repositories";
import { type Slot } from "./slot";
import { accountTokenSlot, ownTokenSlot } from "./tokens";
import { secretSlots, variableSlots } from "./spaces";
import { ssoCredentialSlot, ssoSlot } from "./sso";

/** Objects that share a Hub, by the type of the resource. */
export const slots: Record<string, readonly Slot[]> = {
  RepoVisibility: repositorySlots,
  SsoConfig: [ssoSlot],
  SsoCredential: [ssoCredentialSlot],
  ServiceAccount: [accountSlot],
  SpaceSecret: secretSlots,
  SpaceVariable: variableSlots,
  HubToken: [accountTokenSlot, ownTokenSlot],
};
