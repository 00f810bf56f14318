/**
 * The records of the local Hub, as plain data. They are replaced and never changed in place, so a record that a test has read
 * does not change later.
 *
 * All times are ISO 8601 in UTC. All ids have 24 hex digits.
 */

import { type AuditType } from "./audit-types.js";

export { AUDIT_TYPES, type AuditType } from "./audit-types.js";
export * from "./collection-records.js";
export * from "./space-setting-records.js";

/** Roles inside an organization, lowest first. */
export const ORG_ROLES = ["no_access", "read", "contributor", "write", "admin"] as const;
/** A role inside an organization. */
export type OrgRole = (typeof ORG_ROLES)[number];

/** Plans of an organization, lowest first. `free` is the absence of a paid plan. */
export const PLANS = ["free", "academia", "team", "enterprise", "plus"] as const;
/** The plan of an organization. */
export type Plan = (typeof PLANS)[number];

/** The types of repositories. */
export const REPO_TYPES = ["model", "dataset", "space", "bucket", "kernel"] as const;
/** The type of a repository. */
export type RepoType = (typeof REPO_TYPES)[number];

/** SDKs of Spaces. New Spaces cannot use `streamlit`. */
export const SPACE_SDKS = ["gradio", "docker", "static", "streamlit"] as const;
/** The SDK of a Space. */
export type SpaceSdk = (typeof SPACE_SDKS)[number];

/** Visibilities, from the narrowest to the widest. */
export const VISIBILITIES = ["private", "internal", "protected", "public"] as const;
/** Who can see a repository. `internal`: every member of its organization. `protected`: only for Spaces. */
export type Visibility = (typeof VISIBILITIES)[number];

/** Whether users must request access. `auto` approves requests automatically; `manual` needs a person's decision. */
export type Gated = false | "auto" | "manual";

/** Permissions that a service account's token can have for the whole organization. */
export const TOKEN_PERMISSIONS = [
  "repo.content.read",
  "repo.write",
  "inference.serverless.write",
  "inference.endpoints.infer.write",
  "inference.endpoints.write",
  "org.read",
  "org.write",
  "collection.read",
  "collection.write",
  "resourceGroup.write",
  "job.write",
  "org.serviceAccounts.read",
  "org.serviceAccounts.write",
  "org.auditLog.write",
] as const;
/** A permission of a service account's token. */
export type TokenPermission = (typeof TOKEN_PERMISSIONS)[number];

/** Permissions that a service account's token can have for single repositories. */
export const REPO_PERMISSIONS = ["repo.content.read", "repo.write"] as const;
/** A permission of a service account's token for the repositories in `repoIds`. */
export type RepoPermission = (typeof REPO_PERMISSIONS)[number];

/** Roles of a user's own token, lowest first. Who-am-I shows `admin` as `god`. */
export const USER_TOKEN_ROLES = ["read", "write", "admin"] as const;
/** The role of a user's own token. */
export type UserTokenRole = (typeof USER_TOKEN_ROLES)[number];

/** An organization. */
export interface Organization {
  id: string;
  name: string;
  fullname: string;
  plan: Plan;
  avatarUrl: string;
  /** `approval`: the organization rejects a member's token until an administrator approves it. */
  tokenPolicy: "none" | "approval";
}

/** A person. */
export interface User {
  id: string;
  name: string;
  fullname: string;
  email: string;
  isPro: boolean;
  avatarUrl: string;
  twoFaEnabled: boolean;
}

/** A person's membership in an organization. */
export interface Membership {
  organization: string;
  user: string;
  role: OrgRole;
}

/** An organization's decision about a member's token. */
export interface TokenAuthorization {
  status: "pending" | "approved" | "revoked" | "denied";
  requestedAt: string;
  authorizedAt?: string;
  authorizer?: string;
}

/** A user's own token. Only a hash of the value is stored. */
export interface UserToken {
  id: string;
  owner: string;
  name: string;
  role: UserTokenRole;
  hash: string;
  last4: string;
  createdAt: string;
  lastUsedAt?: string;
  expiresAt?: string;
  /** Set once the token is revoked; the record stays, because the audit log speaks of it. */
  deletedAt?: string;
  /** By organization. */
  authorizations: Record<string, TokenAuthorization>;
}

/** An account of an organization for programs instead of a person. */
export interface ServiceAccount {
  id: string;
  organization: string;
  /** The account's user name on the Hub. */
  user: string;
  name: string;
  email: string;
  description?: string;
  createdAt: string;
}

/** A token of a service account. Only a hash of the value is stored. */
export interface ServiceAccountToken {
  id: string;
  accountId: string;
  displayName: string;
  permissions: TokenPermission[];
  repoIds: string[];
  repoPermissions: RepoPermission[];
  endpointPatterns: string[];
  skipNetworkSecurity: boolean;
  hash: string;
  last4: string;
  createdAt: string;
  /** When the value was last replaced. Undefined if it never was. */
  rotatedAt?: string;
  lastUsedAt?: string;
  /** Set once the token is revoked; the record stays, because the audit log speaks of it. */
  deletedAt?: string;
}

/** An organization's single sign-on. */
export interface SsoSettings {
  organization: string;
  provider: "saml" | "oidc";
  enabled: boolean;
  ssoUrl?: string;
  clientId?: string;
  certificate?: string;
  /** Hash of the client secret. The secret itself is not stored. */
  clientSecretHash?: string;
  updatedAt: string;
}

/** Settings of a repository that no operation returns. */
export interface RepositorySettings {
  discussionsDisabled?: boolean;
  discussionsSorting?: "recently-created" | "trending" | "reactions";
  /** Whether members other than administrators must request access too. */
  orgMembersGated?: boolean;
  gatedNotificationsEmail?: string;
  gatedNotificationsMode?: "bulk" | "real-time";
}

/** A region that caches the content of a bucket. */
export interface CdnRegion {
  provider: "gcp" | "aws";
  region: "us" | "eu";
}

/** Results of the security scan of a file. */
export const SCAN_LEVELS = [
  "unscanned",
  "safe",
  "queued",
  "error",
  "caution",
  "suspicious",
  "unsafe",
] as const;

/** The result of a repository's security scan. */
export interface Scan {
  /** Whether all files are scanned. */
  scansDone: boolean;
  filesWithIssues: { path: string; level: (typeof SCAN_LEVELS)[number] }[];
}

/** A repository of any type. */
export interface Repository extends RepositorySettings {
  id: string;
  type: RepoType;
  namespace: string;
  name: string;
  visibility: Visibility;
  gated: Gated;
  /** User name of its creator. */
  author: string;
  createdAt: string;
  updatedAt: string;
  /** Bytes. */
  storage: number;
  downloads: number;
  likes: number;
  tags: string[];
  /** Spaces only. */
  sdk?: string;
  /** Buckets only. */
  cdnRegions?: CdnRegion[];
  /** Default: all files are scanned, without issues. */
  scan?: Scan;
  resourceGroupId?: string;
  /** Name of the user who added it to its resource group. */
  groupedBy?: string;
}

/** Which members join a resource group automatically. */
export interface AutoJoin {
  enabled: true;
  role: OrgRole;
  /** `read_plus`: members with at least the role `read`. Default: all members. */
  scope?: "all" | "read_plus";
}

/** A group of an organization's repositories and collections, and the members with access to them. */
export interface ResourceGroup {
  id: string;
  organization: string;
  name: string;
  description?: string;
  autoJoin?: AutoJoin;
  /** Limits in cents per month, by product. */
  spendLimits?: Record<string, number>;
  /** Name of the SCIM group that alone decides who is in the group. No operation shows it. */
  scimGroup?: string;
  users: { user: string; role: OrgRole; addedBy?: string }[];
}

/** An organization's network security. */
export interface NetworkSecurity {
  organization: string;
  enforceAuth: boolean | "pending";
  enforceIpRestriction: boolean;
  highRateLimits: boolean;
  ipRanges: string[];
  blockedContents: { resource: string; scope: string }[];
  /** Exceptions to `blockedContents`. */
  allowedContents: { resource: string; scope: string }[];
  keepReposMetadataVisible: boolean;
}

/** The job that a webhook starts. Only the names of its secrets are stored. */
export interface WebhookJob {
  flavor: string;
  spaceId?: string;
  dockerImage?: string;
  command?: string[];
  arguments?: string[];
  environment: Record<string, string>;
  timeoutSeconds: number | null;
  labels?: Record<string, string>;
  secrets?: string[];
}

/** A user's webhook. It is stored but never called. */
export interface Webhook {
  id: string;
  owner: string;
  /** Either `url` or `job` is set. */
  url?: string;
  job?: WebhookJob;
  jobSourceId?: string;
  watched: { type: string; name: string }[];
  domains: string[];
  disabled: boolean | "suspended-after-failure";
  secretHash?: string;
}

/** One entry of an organization's audit log. */
export interface AuditEvent {
  id: string;
  organization: string;
  createdAt: string;
  type: AuditType;
  message: string;
  data?: Record<string, unknown>;
  ip?: string;
  location?: { formatted: string; country?: string; city?: string };
  userAgent?: string;
  author: { id: string; user: string; avatarUrl: string; type: "user" | "system" };
  /** The token that was used. Reading the log looks up whether it is deleted. */
  token?: { id: string; role?: "read" | "write" | "fineGrained"; last4?: string };
}

/** A token that the Hub prints when it starts. Its value is stored, so that a restart can print it again. */
export interface Starter {
  name: StarterName;
  tokenId: string;
  value: string;
}

/** Names of the tokens that the Hub prints when it starts. */
export const STARTER_NAMES = ["admin", "write", "contributor", "read", "outsider"] as const;
/** The name of a token that the Hub prints when it starts. */
export type StarterName = (typeof STARTER_NAMES)[number];

/** One request that the Hub has answered. */
export interface RequestRecord {
  at: string;
  method: string;
  /** The path without the query. */
  path: string;
  /** The original query without the `?`. Empty if there was none. */
  query: string;
  /** The status of the answer. 0 if a fault closed the connection before the answer. */
  status: number;
  requestId: string;
  /** Id of the token that was used, if it was valid. */
  tokenId?: string;
}
