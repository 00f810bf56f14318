/** The role of a member in an organization. `no_access` is the lowest role, `admin` the highest. */
export type OrgRole = "no_access" | "read" | "contributor" | "write" | "admin";

/** The roles of an organization in ascending order. */
export const ORG_ROLES: readonly OrgRole[] = ["no_access", "read", "contributor", "write", "admin"];

/** The type of a repository. */
export type RepoType = "model" | "dataset" | "space" | "bucket" | "kernel";

/** All types of repository, in the order in which messages name them. */
export const REPO_TYPES: readonly RepoType[] = ["model", "dataset", "space", "bucket", "kernel"];

/** A type of repository whose settings the Hub's API can change. It cannot change those of kernels. */
export type ConfigurableRepoType = Exclude<RepoType, "kernel">;

/**
 * Who may see a repository.
 *
 * - `private`: members of the organization who have access to it
 * - `internal`: all members of the organization; needs a Hub with the extended API
 * - `protected`: only for Spaces
 * - `public`: everyone
 */
export type Visibility = "private" | "internal" | "protected" | "public";

/** All visibilities of repositories, from the most to the least restrictive. */
export const VISIBILITIES: readonly Visibility[] = ["private", "internal", "protected", "public"];

/**
 * Who gets access to the content of a repository.
 *
 * - `false`: everyone who may see the repository
 * - `"auto"`: everyone who requests access
 * - `"manual"`: everyone whose request someone approves
 */
export type Gated = false | "auto" | "manual";

/** A message for the user during a call. It never contains a secret. */
export interface HubNotice {
  /** `warning` if the call may fail, else `info`. */
  severity: "info" | "warning";
  /** One line of text. */
  message: string;
}

/** Options of a {@link HubClient}. */
export interface HubClientOptions {
  /**
   * The address of the Hub. It must use https, or http on a loopback address, and have no user name, query or fragment.
   *
   * Default: `HF_ENDPOINT`, else `https://huggingface.co`. If you set `token` and the environment sets `HF_ENDPOINT`, this option is
   * required.
   */
  endpoint?: string;
  /**
   * The access token, a secret.
   *
   * Default: `HF_TOKEN`, else `HUGGING_FACE_HUB_TOKEN`, else the token file of the Hub's tools.
   */
  token?: string;
  /** Where the token comes from, for error messages, such as "the environment variable X". */
  tokenSource?: string;
  /**
   * Timeout in seconds for connecting, and again for the complete answer; more than 0, default 30.
   *
   * For a stream, it is the longest time without a byte.
   */
  timeoutSeconds?: number;
  /** How many times a failed request is sent again if that is safe; 0 to 20, default 5. */
  maxRetries?: number;
  /**
   * The longest wait in seconds before one attempt, for example for the Hub's rate limit or `Retry-After`; 1 to 3600, default 310,
   * which is slightly more than a window of the rate limit.
   *
   * A request that would have to wait longer fails, and the error contains the time to wait. One call may wait several times if others use
   * the same rate limit.
   */
  maxWaitSeconds?: number;
  /** The most bytes of an answer that is not a stream, after decompression; up to 512 MiB, default 64 MiB. */
  maxBodyBytes?: number;
  /** The most bytes of one entry of a streamed answer; up to 512 MiB, default 1 MiB. */
  maxEntryBytes?: number;
  /** Called with messages for the user, such as `rate limited, resuming in 41 s`. Default: no messages. */
  onNotice?: (notice: HubNotice) => void;
  /** The `User-Agent` of requests. Default: the name and version of this package. */
  userAgent?: string;
  /** Cancels all requests and waits of the client when it is aborted. */
  signal?: AbortSignal;
}

/** An organization of the token's owner. */
export interface WhoAmIOrganization {
  /** The type of the account, such as `org`. */
  type?: string;
  /** The Hub's id of the organization. */
  id: string;
  /** The name of the organization, as in its address on the Hub. */
  name: string;
  /** The display name. */
  fullname?: string;
  /** `team`, `enterprise`, `plus` or `academia`; absent without a paid plan. */
  plan?: string;
  /** The owner's role, unchanged from the Hub. {@link HubClient.myOrgRole} checks it. */
  roleInOrg?: string;
  /** Why the token cannot access the organization now: `mfa`, `token-policy`, `token-revoked`, `sso`, `ip`. */
  securityRestrictions?: string[];
  /** The resource groups of the owner in the organization. */
  resourceGroups?: { id: string; name: string; role?: string }[];
}

/** The account that owns a token, and its organizations. */
export interface WhoAmI {
  /** `user` for a user or a service account. */
  type: string;
  /** The Hub's id of the account. */
  id: string;
  /** The user name. */
  name: string;
  /** The display name. */
  fullname?: string;
  /** Whether the account has a PRO subscription. */
  isPro?: boolean;
  /** How the request was authenticated. */
  auth?: {
    /** The type of the credentials, such as `access_token`. */
    type?: string;
    /** When the credentials expire. ISO 8601; `null` for never. */
    expiresAt?: string | null;
    /** The token, without its value. */
    accessToken?: {
      /** The name of the token. */
      displayName?: string;
      /** `read`, `write`, `god` or `fineGrained`. */
      role?: string;
      /** When the token was created. */
      createdAt?: string;
      /** The permissions of a fine-grained token, unchanged from the Hub. */
      fineGrained?: unknown;
    };
  };
  /** The organizations of the account. */
  orgs: WhoAmIOrganization[];
}

/** A member of an organization. */
export interface Member {
  /** The Hub's id of the user. */
  _id: string;
  /** The user name. */
  user: string;
  /** The display name. */
  fullname?: string;
  /** The type of the account, such as `user`. */
  type?: string;
  /** Whether the member has a PRO subscription. */
  isPro?: boolean;
  /** The address of the member's picture. */
  avatarUrl?: string;
  /** Whether the token's owner follows the member. */
  isFollowing?: boolean;
  /** The role, unchanged from the Hub. Absent if the token may not see it. */
  role?: string;
  /** The resource groups of the member in the organization. */
  resourceGroups?: { id: string; name: string; numUsers?: number; role?: string }[];
  /** Whether the member uses two-factor authentication. Absent if the token may not see it. */
  twoFaEnabled?: boolean;
  /** The member's verified email address. Absent or `null` if there is none or the token may not see it. */
  verifiedEmail?: string | null;
  /** Whether the member is an external collaborator. */
  isExternalCollaborator?: boolean;
}

/** Filters for a list of members. The Hub applies them. */
export interface ListMembersOptions {
  /** The text that the Hub searches for. */
  search?: string;
  /** The email address of the member. */
  email?: string;
}

/** Settings of a new token of a user. */
export interface CreateTokenOptions {
  /** The name: 1 to 100 characters, without `/` and `\`. */
  name: string;
  /** The role of the token. */
  role: "read" | "write" | "admin";
  /** When the token expires. ISO 8601. Default: the token does not expire. */
  expiresAt?: string;
}

/** A user's own token, without its value. */
export interface UserToken {
  /** The name of the token. */
  name: string;
  /** `read`, `write` or `admin`. */
  role: string;
  /** When the token was created. ISO 8601. */
  createdAt: string;
  /** When the token was last used. ISO 8601; `null` for never. */
  lastUsed: string | null;
  /** When the token expires. ISO 8601. Absent or `null` if it does not expire. */
  expiresAt?: string | null;
}

/** A user's new token with its value. The Hub shows the value only once. */
export interface CreatedToken {
  /** The name of the token. */
  name: string;
  /** `read`, `write` or `admin`. */
  role: string;
  /** When the token was created. ISO 8601. */
  createdAt: string;
  /** When the token expires. ISO 8601. Absent or `null` if it does not expire. */
  expiresAt?: string | null;
  /** The value, a secret. */
  token: string;
}

/** A service account of an organization. */
export interface ServiceAccountInfo {
  /** The Hub's id of the service account. */
  _id: string;
  /** The user name on the Hub. */
  user: string;
  /** The display name, set by the organization. */
  name: string;
  /** The email address of the service account. */
  email?: string;
  /** The description, set by the organization. */
  description?: string;
  /** When the account was created: in a list ISO 8601 in UTC; in the answer to a creation the Hub promises no format. */
  createdAt: string;
}

/** A service account with its tokens. */
export interface ServiceAccountDetails extends ServiceAccountInfo {
  /** The tokens of the account. Absent if the Hub does not list them; that does not mean that there are none. */
  accessTokens?: ServiceAccountToken[];
}

/** A permission of a service account's token in the whole organization. */
export type ServiceAccountPermission =
  | "repo.content.read"
  | "repo.write"
  | "inference.serverless.write"
  | "inference.endpoints.infer.write"
  | "inference.endpoints.write"
  | "org.read"
  | "org.write"
  | "collection.read"
  | "collection.write"
  | "resourceGroup.write"
  | "job.write"
  | "org.serviceAccounts.read"
  | "org.serviceAccounts.write"
  | "org.auditLog.write";

/** A permission of a service account's token for selected repositories. */
export type RepoPermission = "repo.content.read" | "repo.write";

/**
 * Settings of a service account's token.
 *
 * In a change, missing settings keep their values. In a creation, they get the Hub's defaults.
 */
export interface ServiceAccountTokenSettings {
  /** The name: 1 to 100 characters. The Hub's default is `API Token`. */
  displayName?: string;
  /** The permissions in the whole organization. */
  permissions?: ServiceAccountPermission[];
  /** The ids (`_id`) of the repositories to which `repoPermissions` apply. */
  repoIds?: string[];
  /** The permissions for the repositories in `repoIds`. */
  repoPermissions?: RepoPermission[];
  /**
   * Patterns of inference endpoints that the token may use: at most 20, each with 1 to 256 characters and without `.`, `?`, `\` and
   * brackets.
   */
  endpointPatterns?: string[];
  /** Whether the token works from outside the organization's allowed networks. `true` needs the Enterprise Plus plan. */
  skipNetworkSecurity?: boolean;
}

/** A service account's token in the Hub's answer to a change, without its value. */
export interface ChangedServiceAccountToken {
  /** The Hub's id of the token. */
  _id: string;
  /** The name of the token. */
  displayName: string;
  /** The permissions in the whole organization. */
  permissions?: string[];
  /** The ids of the repositories to which `repoPermissions` apply. */
  repoIds?: string[];
  /** The permissions for the repositories in `repoIds`. */
  repoPermissions?: string[];
  /** The patterns of inference endpoints that the token may use. */
  endpointPatterns?: string[];
  /** Whether the token works from outside the organization's allowed networks. */
  skipNetworkSecurity?: boolean;
}

/** A service account's token in the Hub's answer to a creation or rotation, without its value. */
export interface ServiceAccountTokenInfo extends ChangedServiceAccountToken {
  /** When the token was created: in a list ISO 8601 in UTC; after a creation or rotation the Hub promises no format. */
  createdAt: string;
  /** The last four characters of the value. */
  last4?: string;
}

/** A service account's token in a list, without its value. */
export interface ServiceAccountToken extends ServiceAccountTokenInfo {
  /** When the token was last used. ISO 8601; `null` for never. */
  lastUsedAt?: string | null;
  /** When the token expires on the Hub. ISO 8601; `null` for never. */
  expiration?: string | null;
  /** `read`, `write` or `fineGrained`. */
  role?: string;
}

/** A service account's token with a new value. The Hub shows the value only once. */
export interface IssuedServiceAccountToken {
  /** The value, a secret. */
  token: string;
  /** The token without its value. */
  tokenInfo: ServiceAccountTokenInfo;
}

/** A member's own token, as the organization sees it, without its value. */
export interface MemberToken {
  /** The Hub's id of the token. */
  _id: string;
  /** The name of the token. */
  displayName: string;
  /** `read`, `write` or `fineGrained`. */
  role: string;
  /** The last four characters of the value. */
  last4?: string;
  /** When the token was created. ISO 8601. */
  createdAt: string;
  /** When the token was last used. ISO 8601; `null` for never. */
  lastUsedAt?: string | null;
  /** The member who owns the token. */
  owner: { _id: string; name: string; fullname?: string; avatarUrl?: string };
  /** The organization's decision about the token. Only if the organization requires approval of tokens. */
  authorization?: {
    /** `pending`, `approved`, `revoked` or `denied`. */
    status: string;
    /** When the approval was requested. ISO 8601. */
    requestedAt?: string;
    /** When the token was approved. ISO 8601; `null` if it was not. */
    authorizedAt?: string | null;
    /** The administrator who decided. */
    authorizer?: { name: string; fullname?: string; avatarUrl?: string };
  };
  /** The permissions of a fine-grained token, by organization, user or repository. */
  fineGrained?: { scoped: { entity: { _id: string; type: string }; permissions: string[] }[] };
}

/** Filters for a list of members' tokens. */
export interface ListMemberTokensOptions {
  /**
   * Search terms of the Hub: `owner:`, `role:`, `status:` and `token:<last4>`. A `-` before a term negates it.
   *
   * The Hub's default is `-status:revoked`. `status:all` returns all tokens.
   */
  query?: string;
}

/** The single sign-on of an organization, without the client secret. */
export interface SsoSettings {
  /** The protocol. */
  provider: "saml" | "oidc";
  /** Whether single sign-on is turned on. */
  enabled: boolean;
  /** The SAML sign-on address, or the OIDC issuer. */
  ssoUrl?: string;
  /** OIDC: the client id. */
  clientId?: string;
  /** SAML: the X.509 certificate in PEM. */
  certificate?: string;
  /** When the configuration was last changed. ISO 8601. */
  updatedAt?: string;
}

/** A change of an organization's single sign-on. Missing fields keep their values. */
export interface SsoUpdate {
  /** The protocol. */
  provider?: "saml" | "oidc";
  /** Whether single sign-on is turned on. */
  enabled?: boolean;
  /** The SAML sign-on address, or the OIDC issuer. */
  ssoUrl?: string;
  /** SAML: the X.509 certificate in PEM. */
  certificate?: string;
  /** OIDC: the client id. */
  clientId?: string;
  /** OIDC: the client secret, a secret. */
  clientSecret?: string;
}

/** The new credential of an existing single sign-on: a client secret (OIDC) or a certificate (SAML). */
export type SsoCredentialUpdate =
  | {
      /** OIDC: the client secret, 1 to 1024 characters. Secret. */
      clientSecret: string;
      /** Not allowed together with `clientSecret`. */
      certificate?: undefined;
    }
  | {
      /** SAML: the X.509 certificate in PEM, at most 10,000 characters. */
      certificate: string;
      /** Not allowed together with `certificate`. */
      clientSecret?: undefined;
    };

/** A region of the CDN that serves a bucket. */
export interface CdnRegion {
  /** `gcp` or `aws`. */
  provider: string;
  /** `us` or `eu`. */
  region: string;
}

/** A repository that was looked up by its name. */
export interface RepoInfo {
  /** The Hub's id, for the `repoIds` of a token. The Hub does not return it for buckets and kernels. */
  _id?: string;
  /** The full name: `namespace/name`. */
  id: string;
  /** When the repository was created. ISO 8601. It distinguishes a bucket from an earlier bucket of the same name. */
  createdAt?: string;
  /** `false` if the repository is public. Absent if the Hub does not return it; then the visibility is not known. */
  private?: boolean;
  /** Who gets access to the content. */
  gated?: Gated;
  /** The CDN regions; only for buckets. */
  cdnRegions?: CdnRegion[];
  /** The exact visibility; only some Hubs return it here. */
  visibility?: Visibility;
}

/** A repository in the list of an organization. */
export interface OrgRepository {
  /** The full name: `namespace/name`. */
  id: string;
  /** `model`, `dataset`, `space`, `bucket`, `kernel`, or a newer type. */
  type: string;
  /** When the repository was last changed. */
  updatedAt?: string;
  /** `public`, `private`, `protected`, `internal`, or a newer visibility. */
  visibility: string;
  /** The used storage in bytes. */
  storage?: number;
  /** The used storage in percent, as the Hub returns it. */
  storagePercent?: number;
}

/** A repository in the list of an author, or in the list of a namespace's buckets. */
export interface AuthoredRepo {
  /** The Hub's id. The Hub does not return it for buckets. */
  _id?: string;
  /** The full name: `namespace/name`. */
  id: string;
  /** When the repository was created. ISO 8601. */
  createdAt?: string;
  /** `false` if the repository is public, `true` if it has any other visibility. */
  private?: boolean;
}

/** Filters and the limit for a list of an organization's repositories. */
export interface ListRepositoriesOptions {
  /** A part of the name. */
  search?: string;
  /** The type of the repositories. Default: all types. */
  type?: RepoType;
  /** The most repositories to return; at least 1. Default: all. */
  limit?: number;
}

/** Filters for a list of an author's repositories. */
export interface ListReposOfOptions {
  /** The type of the repositories. Default: `model`. */
  type?: "model" | "dataset" | "space";
  /** A part of the name. */
  search?: string;
}

/** The settings of a repository in the Hub's answer to a change. Settings that the Hub does not return are absent. */
export interface RepoSettings {
  /** `public`, `private`, `protected`, `internal`, or a newer visibility. */
  visibility?: string;
  /** `false` if the repository is public, `true` if it has any other visibility. */
  private?: boolean;
  /** Who gets access to the content. */
  gated?: Gated;
}

/** A change of a repository's settings. Set `visibility`, `gated` or both. */
export interface RepoSettingsUpdate {
  /** The type of the repository. Default: `model`. */
  repoType?: ConfigurableRepoType;
  /** The new visibility. `protected` is only for Spaces; buckets can only be `public` or `private`. */
  visibility?: Visibility;
  /** Who gets access to the content. Only for models and datasets. */
  gated?: Gated;
}

/** Filters for the audit log. The client applies them, because the Hub always exports the whole log. */
export interface AuditLogFilter {
  /** The user name of the author, in any case. */
  user?: string;
  /**
   * One of {@link AUDIT_ACTIONS}, such as `repo.visibility`, or an event type of the Hub, such as `org.invite_user`.
   *
   * Each event of the type `repo.update_settings` has the action `repo.visibility` or `repo.update`, but not both.
   */
  action?: string;
  /**
   * A family or a kind of resource.
   *
   * A family is the first part of the Hub's event type, such as `repo`, `org`, `resource_group`, `spaces`, `jobs` or `billing`. The kinds
   * are `model`, `dataset`, `space`, `bucket` and `kernel` (if the event contains the type of its repository), `token`,
   * `service_account`, `member` and `sso`.
   */
  resourceType?: string;
  /** The earliest time of an event. ISO 8601; UTC if it has no time zone. */
  startDate?: string | Date;
  /** The latest time of an event. ISO 8601; UTC if it has no time zone. A date without a time includes the whole day. */
  endDate?: string | Date;
}

/** Filters and limits of {@link HubClient.auditLogs} and of the function `getAuditLogs`. */
export interface AuditLogOptions extends AuditLogFilter {
  /** The most entries to return; 1 to 100000, default 100. */
  limit?: number;
  /** How many of the newest entries to skip; 0 to 1000000, default 0. */
  offset?: number;
}

/** Filters and limits of {@link HubClient.streamAuditLogs} and of the function `streamAuditLogs`. */
export interface AuditLogStreamOptions extends AuditLogFilter {
  /** The most entries to yield; at least 1, or `Infinity`. Default: all. */
  limit?: number;
  /** How many entries to skip, in the Hub's order; default 0. */
  offset?: number;
}

/** One entry of an organization's audit log. */
export interface AuditLogEntry {
  /** The Hub's id of the event. */
  id: string;
  /** The user name of the author; `null` if the event has none. */
  user: string | null;
  /** One of {@link AUDIT_ACTIONS} if there is one for the event, else the Hub's event type. */
  action: string;
  /** The time of the event, unchanged from the Hub: ISO 8601 in UTC. */
  timestamp: string;
  /** The name of the repository, member, token or group that the event is about. Absent if the event does not contain it. */
  resource?: string;
  /** The kind of the resource (`model`, `member`, `token`, …) if the event contains it, else the family of the event's type. */
  resourceType: string;
  /** The Hub's text about the event; may be empty. */
  message: string;
  /** The Hub's own event, unchanged. */
  event: AuditLogEvent;
}

/** An event of the audit log in the Hub's own form. It may have fields that are newer than this package. */
export interface AuditLogEvent {
  /** The Hub's id of the event. */
  _id: string;
  /** The time of the event. ISO 8601. */
  createdAt: string;
  /** The Hub's event type, such as `org.invite_user`. */
  type: string;
  /** The Hub's text about the event. */
  message?: string;
  /** Details that depend on the event type. */
  data?: unknown;
  /** The IP address of the author. */
  ip?: string;
  /** The location of the author. */
  location?: unknown;
  /** The user agent of the author's request. */
  userAgent?: string;
  /** The account that caused the event. */
  author?: { _id?: string; user?: string; type?: string; avatarUrl?: string; deleted?: boolean };
  /** The token that was used. */
  token?: unknown;
  /** The OAuth session that was used. */
  oauth?: unknown;
  /** Other fields of the Hub. */
  [field: string]: unknown;
}
