/**
 * What the local Hub remembers, as plain data. Records are replaced, never changed in place, so that a record read
 * in a test keeps showing what it showed.
 *
 * All times are ISO 8601 in UTC; all ids are 24 hex digits.
 */

import { type AuditType } from "./audit-types.js";

export { AUDIT_TYPES, type AuditType } from "./audit-types.js";
export * from "./collection-records.js";

/** Roles inside an organization, lowest first. */
export const ORG_ROLES = ["no_access", "read", "contributor", "write", "admin"] as const;
/** A role inside an organization. */
export type OrgRole = (typeof ORG_ROLES)[number];

/** Plans of an organization, lowest first. `free` is the absence of a paid plan. */
export const PLANS = ["free", "academia", "team", "enterprise", "plus"] as const;
/** The plan of an organization. */
export type Plan = (typeof PLANS)[number];

/** Types of repositories that this Hub holds. */
export const REPO_TYPES = ["model", "dataset", "space", "bucket", "kernel"] as const;
/** The type of a repository. */
export type RepoType = (typeof REPO_TYPES)[number];

/** SDKs of Spaces. New Spaces cannot use `streamlit`. */
export const SPACE_SDKS = ["gradio", "docker", "static", "streamlit"] as const;
/** The SDK of a Space. */
export type SpaceSdk = (typeof SPACE_SDKS)[number];

/** Visibilities, narrowest first. */
export const VISIBILITIES = ["private", "internal", "protected", "public"] as const;
/** Who can see a repository: `internal` is every member of its organization; `protected` is for Spaces. */
export type Visibility = (typeof VISIBILITIES)[number];

/** Whether access to a public repository has to be asked for, and who answers. */
export type Gated = false | "auto" | "manual";

/** Permissions that a service account's token can hold for the whole organization. */
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

/** Permissions that a service account's token can hold for single repositories. */
export const REPO_PERMISSIONS = ["repo.content.read", "repo.write"] as const;
/** A permission of a service account's token for the repositories it names. */
export type RepoPermission = (typeof REPO_PERMISSIONS)[number];

/** Roles of a user's own token, lowest first. `admin` reads as `god` in who-am-I. */
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
  /** `approval`: a member's token is refused by this organization until an administrator approves it. */
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

/** A person's place in an organization. */
export interface Membership {
  organization: string;
  user: string;
  role: OrgRole;
}

/** What an organization has decided about one token of one member. */
export interface TokenAuthorization {
  status: "pending" | "approved" | "revoked" | "denied";
  requestedAt: string;
  authorizedAt?: string;
  authorizer?: string;
}

/** A token that a person made for themselves. The value is kept as a hash only. */
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

/** An account of an organization that is no person. */
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

/** A token of a service account. The value is kept as a hash only. */
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
  /** When the value was last replaced, if ever. */
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
  /** Hash of the client secret; the secret itself is not kept. */
  clientSecretHash?: string;
  updatedAt: string;
}

/** Settings of a repository that no operation reads back. */
export interface RepositorySettings {
  discussionsDisabled?: boolean;
  discussionsSorting?: "recently-created" | "trending" | "reactions";
  /** Whether members other than administrators must request access too. */
  orgMembersGated?: boolean;
  gatedNotificationsEmail?: string;
  gatedNotificationsMode?: "bulk" | "real-time";
}

/** A region in which a bucket's content is cached. */
export interface CdnRegion {
  provider: "gcp" | "aws";
  region: "us" | "eu";
}

/** A repository, whatever its type. */
export interface Repository extends RepositorySettings {
  id: string;
  type: RepoType;
  namespace: string;
  name: string;
  visibility: Visibility;
  gated: Gated;
  /** User name of whoever made it. */
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

/** Repositories of an organization, and who among its members has them. */
export interface ResourceGroup {
  id: string;
  organization: string;
  name: string;
  description?: string;
  autoJoin?: AutoJoin;
  /** In cents a month, by product. */
  spendLimits?: Record<string, number>;
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
  /** Exceptions to what is blocked. */
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

/** A user's webhook. It is kept, and never called. */
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
  /** The token that was used; whether it is deleted by now is looked up when the log is read. */
  token?: { id: string; role?: "read" | "write" | "fineGrained"; last4?: string };
}

/** One of the tokens that the Hub prints when it starts. Its value is kept, so that a restart can print it again. */
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
  /** Without the query. */
  path: string;
  /** The query as it was sent, without the `?`; empty if there was none. */
  query: string;
  /** 0 if the connection was broken on purpose before the answer. */
  status: number;
  requestId: string;
  /** Id of the token that was used, if it was a valid one. */
  tokenId?: string;
}
