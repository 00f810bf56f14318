/**
 * A Pulumi provider for the security of an organization on the Hugging Face Hub.
 *
 * @packageDocumentation
 */
export * from "./client";
export { ConfigurationError } from "./client/environment";
export {
  Provider,
  type ProviderArgs,
  type ProviderCommonArgs,
  type ProviderTokenArgs,
  type ProviderTokenEnvArgs,
} from "./program/provider";
export * from "./functions";
export { type Permission, PERMISSIONS, permissionSets, REPO_PERMISSIONS } from "./rules/permissions";
export {
  HubToken,
  type HubTokenArgs,
  type ServiceAccountTokenArgs,
  type TokenArgs,
  type TokenStatus,
  type UserTokenArgs,
} from "./resources/hubToken";
export { MemberRole, type MemberRoleArgs } from "./resources/memberRole";
export { type KnownPredecessor } from "./resources/hubTokenPredecessors";
export { RepoResourceGroup, type RepoResourceGroupArgs } from "./resources/repoResourceGroup";
export {
  OrganizationVisibility,
  type OrganizationVisibilityArgs,
  type DeclaredVisibility,
  type VisibilityException,
  type VisibilityViolation,
} from "./resources/organizationVisibility";
export {
  RepoVisibility,
  type RepoVisibilityArgs,
  type RepoVisibilityCommonArgs,
  type RepoVisibilityMembersArgs,
  type RepoVisibilityNotPrivateArgs,
  type RepoVisibilityOpenArgs,
  type RepoVisibilityPrivateArgs,
  type RepoVisibilityStatus,
} from "./resources/repoVisibility";
export { ResourceGroupMember, type ResourceGroupMemberArgs } from "./resources/resourceGroupMember";
export {
  ResourceGroup,
  type ResourceGroupArgs,
  type ResourceGroupAutoJoin,
  type ResourceGroupMemberEntry,
  type ResourceGroupRepositoryEntry,
  type ResourceGroupSpendLimits,
  type ResourceGroupStatus,
} from "./resources/resourceGroup";
export {
  ServiceAccount,
  type ServiceAccountArgs,
  type ServiceAccountStatus,
} from "./resources/serviceAccount";
export { SpaceSecret, type SpaceSecretArgs, type SpaceSecretStatus } from "./resources/spaceSecret";
export { SpaceVariable, type SpaceVariableArgs } from "./resources/spaceVariable";
export {
  SsoConfig,
  type SsoConfigArgs,
  type SsoConfigCommonArgs,
  type SsoConfigOidcArgs,
  type SsoConfigSamlArgs,
  type SsoConfigSamlCommonArgs,
  type SsoConfigSamlMetadataArgs,
} from "./resources/ssoConfig";
export {
  type SsoCertificateArgs,
  type SsoClientSecretArgs,
  SsoCredential,
  type SsoCredentialArgs,
  type SsoCredentialCommonArgs,
  type SsoMetadataArgs,
  type SsoSamlArgs,
} from "./resources/ssoCredential";
