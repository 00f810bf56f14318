import { driftedArguments, type DriftRules } from "../model/drift";
import { DRIFTED_KEY } from "../model/hiddenKeys";
import { type Properties } from "../model/plain";
import { isResourceType, type ResourceType } from "./registry";

/** Rules for a state of any type. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each resource has its own state
export type AnyDriftRules = DriftRules<any>;

// Apart from the definitions, because the engine's process needs only few of them.
const rules: Record<ResourceType, () => AnyDriftRules> = {
  HubToken: () => (require("./hubToken/drift") as typeof import("./hubToken/drift")).hubTokenDrift,
  HubTokenPredecessors: () =>
    (require("./hubTokenPredecessors/drift") as typeof import("./hubTokenPredecessors/drift"))
      .hubTokenPredecessorsDrift,
  MemberRole: () => (require("./memberRole/drift") as typeof import("./memberRole/drift")).memberRoleDrift,
  OrganizationVisibility: () =>
    (require("./organizationVisibility/drift") as typeof import("./organizationVisibility/drift"))
      .organizationVisibilityDrift,
  RepoResourceGroup: () =>
    (require("./repoResourceGroup/drift") as typeof import("./repoResourceGroup/drift"))
      .repoResourceGroupDrift,
  RepoVisibility: () =>
    (require("./repoVisibility/drift") as typeof import("./repoVisibility/drift")).repoVisibilityDrift,
  ResourceGroup: () =>
    (require("./resourceGroup/drift") as typeof import("./resourceGroup/drift")).resourceGroupDrift,
  ResourceGroupMember: () =>
    (require("./resourceGroupMember/drift") as typeof import("./resourceGroupMember/drift"))
      .resourceGroupMemberDrift,
  ServiceAccount: () =>
    (require("./serviceAccount/drift") as typeof import("./serviceAccount/drift")).serviceAccountDrift,
  SpaceSecret: () =>
    (require("./spaceSecret/drift") as typeof import("./spaceSecret/drift")).spaceSecretDrift,
  SpaceVariable: () =>
    (require("./spaceVariable/drift") as typeof import("./spaceVariable/drift")).spaceVariableDrift,
  SsoConfig: () => (require("./ssoConfig/drift") as typeof import("./ssoConfig/drift")).ssoConfigDrift,
  // The Hub never shows a credential.
  SsoCredential: () => ({}),
};

/** What a drift check needs to know about a resource type. */
export function driftRulesOf(type: ResourceType): AnyDriftRules {
  return rules[type]();
}

/** The output that a refresh stores if it finds a difference, and what was applied is encrypted in the state. */
export function driftedOutput(
  { type, secrets }: { type: string; secrets: readonly string[] },
  found: { inputs: object; state: object },
): Properties {
  if (!secrets.includes("applied") || !isResourceType(type)) return {};
  const drifted = driftedArguments(driftRulesOf(type), found);
  return drifted ? { [DRIFTED_KEY]: drifted } : {};
}
