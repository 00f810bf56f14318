import { memberRole, repoResourceGroup, resourceGroupMember } from "./members";
import { resourceGroup } from "./groups";
import { repoVisibility } from "./repositories";
import { spaceSecret, spaceVariable } from "./spaces";
import { ssoConfig, ssoCredential } from "./sso";
import { type Subject } from "./subject";

export type { Look, Subject } from "./subject";

/** By the type of the resource. */
export const subjects: Record<string, Subject> = Object.fromEntries(
  [
    memberRole,
    repoResourceGroup,
    repoVisibility,
    resourceGroup,
    resourceGroupMember,
    spaceSecret,
    spaceVariable,
    ssoConfig,
    ssoCredential,
  ].map((subject) => [subject.type, subject]),
);
