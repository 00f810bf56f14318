import { type ResourceDefinition } from "../model/definition";

// Each definition is loaded when it is first needed, so a process that serves one type does not load the others. None of them loads
// Pulumi's SDK.
const definitions = {
  HubToken: () =>
    (require("./hubToken/lifecycle") as typeof import("./hubToken/lifecycle")).hubTokenDefinition,
  HubTokenPredecessors: () =>
    (require("./hubTokenPredecessors/lifecycle") as typeof import("./hubTokenPredecessors/lifecycle"))
      .hubTokenPredecessorsDefinition,
  MemberRole: () =>
    (require("./memberRole/lifecycle") as typeof import("./memberRole/lifecycle")).memberRoleDefinition,
  OrganizationVisibility: () =>
    (require("./organizationVisibility/lifecycle") as typeof import("./organizationVisibility/lifecycle"))
      .organizationVisibilityDefinition,
  RepoResourceGroup: () =>
    (require("./repoResourceGroup/lifecycle") as typeof import("./repoResourceGroup/lifecycle"))
      .repoResourceGroupDefinition,
  RepoVisibility: () =>
    (require("./repoVisibility/lifecycle") as typeof import("./repoVisibility/lifecycle"))
      .repoVisibilityDefinition,
  ResourceGroupMember: () =>
    (require("./resourceGroupMember/lifecycle") as typeof import("./resourceGroupMember/lifecycle"))
      .resourceGroupMemberDefinition,
  ResourceGroup: () =>
    (require("./resourceGroup/lifecycle") as typeof import("./resourceGroup/lifecycle"))
      .resourceGroupDefinition,
  ServiceAccount: () =>
    (require("./serviceAccount/lifecycle") as typeof import("./serviceAccount/lifecycle"))
      .serviceAccountDefinition,
  SpaceSecret: () =>
    (require("./spaceSecret/lifecycle") as typeof import("./spaceSecret/lifecycle")).spaceSecretDefinition,
  SpaceVariable: () =>
    (require("./spaceVariable/lifecycle") as typeof import("./spaceVariable/lifecycle"))
      .spaceVariableDefinition,
  SsoConfig: () =>
    (require("./ssoConfig/lifecycle") as typeof import("./ssoConfig/lifecycle")).ssoConfigDefinition,
  SsoCredential: () =>
    (require("./ssoCredential/lifecycle") as typeof import("./ssoCredential/lifecycle"))
      .ssoCredentialDefinition,
};

/** The resource types of this package, by the last part of their type tokens. */
export type ResourceType = keyof typeof definitions;

/** All resource types. */
export const resourceTypes = Object.keys(definitions) as ResourceType[];

/** Whether this release has a resource of this type. */
export function isResourceType(type: string): type is ResourceType {
  return Object.hasOwn(definitions, type);
}

/** A definition with arguments and state of any type. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each definition has its own types
export type AnyDefinition = ResourceDefinition<any, any>;

/**
 * The definition of a resource.
 *
 * @throws Error if this release has no such resource
 */
export function definitionOf(type: string): AnyDefinition {
  if (isResourceType(type)) return definitions[type]();
  throw new Error(
    `This release of pulumi-huggingface has no resource ${type}. The state was written by another release: install that release or a later one.`,
  );
}
