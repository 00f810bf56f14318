/** What a member may do in an organization, from nothing to everything. */
export type OrgRole = "no_access" | "read" | "contributor" | "write" | "admin";

/** The roles of an organization in ascending order. */
export const ORG_ROLES: readonly OrgRole[] = ["no_access", "read", "contributor", "write", "admin"];

/** The kinds of repository. */
export type RepoType = "model" | "dataset" | "space" | "bucket" | "kernel";

/** The kinds of repository in the order in which messages name them. */
export const REPO_TYPES: readonly RepoType[] = ["model", "dataset", "space", "bucket", "kernel"];

/** The kinds of repository whose settings the Hub's API can change: it has no such operation for kernels. */
export type ConfigurableRepoType = Exclude<RepoType, "kernel">;

/** Who may see a repository. `protected` is for Spaces; `internal` exists only on a Hub that offers it. */
export type Visibility = "private" | "internal" | "protected" | "public";

/** Who may see a repository, from the fewest to the most. */
export const VISIBILITIES: readonly Visibility[] = ["private", "internal", "protected", "public"];

/** How access to a public repository is granted: `false` to everybody, `auto` on request, `manual` by a person. */
export type Gated = false | "auto" | "manual";

/** Something that a person at the terminal should know while a call goes on. Never holds a secret. */
export interface HubNotice {
  severity: "info" | "warning";
  message: string;
}

/** How a {@link HubClient} talks to a Hub. */
export interface HubClientOptions {
  /**
   * The Hub's address: https, or http on a loopback address; no user name, query or fragment.
   * Default: `HF_ENDPOINT`, else `https://huggingface.co`.
   */
  endpoint?: string;
  /** The access token. Default: `HF_TOKEN`, then `HUGGING_FACE_HUB_TOKEN`, then the token file of the Hub's tools. */
  token?: string;
  /** What the token came from, in words for a person ("the environment variable X"): errors about the token name it. */
  tokenSource?: string;
  /**
   * Seconds, above 0, default 30: the limit on connecting, and then again on the whole answer. A stream has no limit
   * in whole: there it is the longest time without a byte.
   */
  timeoutSeconds?: number;
  /** How often a request that is safe to repeat is repeated after a failure; 0 to 20, default 5. */
  maxRetries?: number;
  /**
   * The longest wait in seconds before one try, as the Hub's rate limit or `Retry-After` may ask for; 1 to 3600, default 310:
   * a whole window of the rate limit and a little. What would have to wait longer fails, and says how long. Where others have used the
   * limit up again at the end of a wait, another one may follow.
   */
  maxWaitSeconds?: number;
  /** The most bytes of an ordinary answer, after decompression; default 64 MiB. */
  maxBodyBytes?: number;
  /** The most bytes of one entry of a streamed answer; default 1 MiB. */
  maxEntryBytes?: number;
  /** Called for what is worth saying while a call goes on, such as `rate limited, resuming in 41 s`. */
  onNotice?: (notice: HubNotice) => void;
  /** Sent as `User-Agent`; default: this package's name and version. */
  userAgent?: string;
  /** Ends every request and wait of this client when it is aborted. */
  signal?: AbortSignal;
}

/** An organization as the token's owner sees it. */
export interface WhoAmIOrganization {
  type?: string;
  id: string;
  name: string;
  fullname?: string;
  /** `team`, `enterprise`, `plus` or `academia`; absent without a paid plan. */
  plan?: string;
  /** The owner's role. Kept as the Hub says it; {@link HubClient.myOrgRole} checks it. */
  roleInOrg?: string;
  /** Why this token cannot reach the organization now: `mfa`, `token-policy`, `token-revoked`, `sso`, `ip`. */
  securityRestrictions?: string[];
  resourceGroups?: { id: string; name: string; role?: string }[];
}

/** Whose token it is, and what that account belongs to. */
export interface WhoAmI {
  /** `user` for a person or a service account. */
  type: string;
  id: string;
  name: string;
  fullname?: string;
  isPro?: boolean;
  auth?: {
    type?: string;
    expiresAt?: string | null;
    accessToken?: {
      displayName?: string;
      /** `read`, `write`, `god` or `fineGrained`. */
      role?: string;
      createdAt?: string;
      fineGrained?: unknown;
    };
  };
  orgs: WhoAmIOrganization[];
}

/** A member of an organization. */
export interface Member {
  _id: string;
  /** The user name. */
  user: string;
  fullname?: string;
  type?: string;
  isPro?: boolean;
  avatarUrl?: string;
  /** Whether the token's owner follows this person. */
  isFollowing?: boolean;
  /** As the Hub says it; absent where the token may not know. */
  role?: string;
  resourceGroups?: { id: string; name: string; numUsers?: number; role?: string }[];
  twoFaEnabled?: boolean;
  verifiedEmail?: string | null;
  isExternalCollaborator?: boolean;
}

/** What narrows a listing of members; both are looked up by the Hub. */
export interface ListMembersOptions {
  search?: string;
  email?: string;
}

/** What a user's own new token is to be. */
export interface CreateTokenOptions {
  /** 1 to 100 characters, without `/` and `\`. */
  name: string;
  role: "read" | "write" | "admin";
  /** ISO 8601; absent: the token does not end by itself. */
  expiresAt?: string;
}

/** One of the user's own tokens; never its value. */
export interface UserToken {
  name: string;
  /** `read`, `write` or `admin`. */
  role: string;
  createdAt: string;
  /** When it was used last; `null` for never. */
  lastUsed: string | null;
  expiresAt?: string | null;
}

/** A new token of the user, with its value: the only time that the Hub shows it. */
export interface CreatedToken {
  name: string;
  role: string;
  createdAt: string;
  expiresAt?: string | null;
  /** The value. Secret. */
  token: string;
}

/** A service account of an organization. */
export interface ServiceAccountInfo {
  _id: string;
  /** Its user name on the Hub. */
  user: string;
  /** The name that people gave it. */
  name: string;
  email?: string;
  description?: string;
  /** In a listing ISO 8601 in UTC; in the answer to a creation in a form that the Hub does not promise. */
  createdAt: string;
}

/** A service account with its tokens. */
export interface ServiceAccountDetails extends ServiceAccountInfo {
  /** Absent if the Hub does not say which tokens the account has, which is not the same as none. */
  accessTokens?: ServiceAccountToken[];
}

/** What a service account's token may be allowed to do. */
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

/** What a service account's token may be allowed to do in single repositories. */
export type RepoPermission = "repo.content.read" | "repo.write";

/** What can be set of a service account's token. What is left out keeps its value, or gets the Hub's default. */
export interface ServiceAccountTokenSettings {
  /** 1 to 100 characters; the Hub's default is `API Token`. */
  displayName?: string;
  permissions?: ServiceAccountPermission[];
  /** Ids (`_id`) of the repositories that `repoPermissions` are about. */
  repoIds?: string[];
  repoPermissions?: RepoPermission[];
  /** At most 20, each 1 to 256 characters without `.`, `?`, `\` and brackets. */
  endpointPatterns?: string[];
  /** Whether the token works from outside the organization's allowed networks. `true` needs the Enterprise Plus plan. */
  skipNetworkSecurity?: boolean;
}

/** A service account's token as the Hub answers a change; never its value. */
export interface ChangedServiceAccountToken {
  _id: string;
  displayName: string;
  permissions?: string[];
  repoIds?: string[];
  repoPermissions?: string[];
  endpointPatterns?: string[];
  skipNetworkSecurity?: boolean;
}

/** A service account's token as the Hub answers a creation or rotation; never its value. */
export interface ServiceAccountTokenInfo extends ChangedServiceAccountToken {
  /** In a listing ISO 8601 in UTC; in the answer to a creation or rotation in a form that the Hub does not promise. */
  createdAt: string;
  last4?: string;
}

/** A service account's token as the Hub lists it. */
export interface ServiceAccountToken extends ServiceAccountTokenInfo {
  lastUsedAt?: string | null;
  /** The end that the Hub itself enforces. */
  expiration?: string | null;
  /** `read`, `write` or `fineGrained`. */
  role?: string;
}

/** A new value of a service account's token: the only time that the Hub shows it. */
export interface IssuedServiceAccountToken {
  /** The value. Secret. */
  token: string;
  tokenInfo: ServiceAccountTokenInfo;
}

/** A member's own token, as the organization sees it; never its value. */
export interface MemberToken {
  _id: string;
  displayName: string;
  /** `read`, `write` or `fineGrained`. */
  role: string;
  last4?: string;
  createdAt: string;
  lastUsedAt?: string | null;
  owner: { _id: string; name: string; fullname?: string; avatarUrl?: string };
  /** Where the organization approves tokens. */
  authorization?: {
    /** `pending`, `approved`, `revoked` or `denied`. */
    status: string;
    requestedAt?: string;
    authorizedAt?: string | null;
    /** The administrator who decided. */
    authorizer?: { name: string; fullname?: string; avatarUrl?: string };
  };
  /** What a fine-grained token may do, by what it concerns. */
  fineGrained?: { scoped: { entity: { _id: string; type: string }; permissions: string[] }[] };
}

/** What narrows a listing of members' tokens. */
export interface ListMemberTokensOptions {
  /**
   * Terms of the Hub: `owner:`, `role:`, `status:`, `token:<last4>`, each negated by `-`. The Hub's default is
   * `-status:revoked`; `status:all` shows every one.
   */
  query?: string;
}

/** An organization's single sign-on. The client secret is never part of it. */
export interface SsoSettings {
  provider: "saml" | "oidc";
  enabled: boolean;
  /** The SAML sign-on address, or the OIDC issuer. */
  ssoUrl?: string;
  clientId?: string;
  /** PEM (SAML). */
  certificate?: string;
  updatedAt?: string;
}

/** What is to change in an organization's single sign-on. What is left out stays. */
export interface SsoUpdate {
  provider?: "saml" | "oidc";
  enabled?: boolean;
  ssoUrl?: string;
  certificate?: string;
  clientId?: string;
  /** Secret. */
  clientSecret?: string;
}

/** The new credential of a working single sign-on: one of the two. */
export type SsoCredentialUpdate =
  | {
      /** OIDC: 1 to 1024 characters. Secret. */
      clientSecret: string;
      certificate?: undefined;
    }
  | {
      /** SAML: an X.509 certificate in PEM, at most 10 000 characters. */
      certificate: string;
      clientSecret?: undefined;
    };

/** Where copies of a bucket are served from. */
export interface CdnRegion {
  /** `gcp` or `aws`. */
  provider: string;
  /** `us` or `eu`. */
  region: string;
}

/** What the Hub says about a repository by its name. */
export interface RepoInfo {
  /** The id that a token's `repoIds` want. The Hub does not say it of buckets and kernels. */
  _id?: string;
  /** `namespace/name`. */
  id: string;
  /** ISO 8601. What tells a bucket from an earlier one of its name, because a bucket has no `_id`. */
  createdAt?: string;
  /** Absent if the Hub does not say: then it is neither known to be public nor to be private. */
  private?: boolean;
  gated?: Gated;
  /** Buckets only. */
  cdnRegions?: CdnRegion[];
  /** Only from a Hub that says it here. `private` alone cannot tell `protected` and `internal` apart. */
  visibility?: Visibility;
}

/** A repository in the organization's settings. */
export interface OrgRepository {
  /** `namespace/name`. */
  id: string;
  /** `model`, `dataset`, `space`, `bucket`, `kernel`, or one that is newer than this library. */
  type: string;
  updatedAt?: string;
  /** `public`, `private`, `protected`, `internal`, or one that is newer than this library. */
  visibility: string;
  /** Bytes. */
  storage?: number;
  storagePercent?: number;
}

/** A repository in the listing of an author, or of a namespace's buckets. */
export interface AuthoredRepo {
  /** The Hub does not say it of buckets. */
  _id?: string;
  /** `namespace/name`. */
  id: string;
  /** ISO 8601. */
  createdAt?: string;
  /** `false` says that it is public, `true` only that it is not. */
  private?: boolean;
}

/** What narrows a listing of an organization's repositories. */
export interface ListRepositoriesOptions {
  search?: string;
  type?: RepoType;
  /** The most repositories to return; default: all. */
  limit?: number;
}

/** What narrows a listing of an author's repositories. */
export interface ListReposOfOptions {
  /** Default `model`. */
  type?: "model" | "dataset" | "space";
  /** Part of the name. */
  search?: string;
}

/** What a repository's settings are after a change, as far as the Hub's answer says. */
export interface RepoSettings {
  /** `public`, `private`, `protected`, `internal`, or one that is newer than this library. */
  visibility?: string;
  /** `false` says that it is public, `true` only that it is not. */
  private?: boolean;
  gated?: Gated;
}

/** What is to change in a repository's settings; at least one of `visibility` and `gated`. */
export interface RepoSettingsUpdate {
  /** Default `model`. */
  repoType?: ConfigurableRepoType;
  visibility?: Visibility;
  /** Models and datasets only. */
  gated?: Gated;
}

/** What the audit log can be narrowed by. All of it is applied on this side: the Hub exports everything. */
export interface AuditLogFilter {
  /** The author's user name, whatever its case. */
  user?: string;
  /**
   * A name of {@link AUDIT_ACTIONS} (`member.invite`, `repo.visibility`, …) or a type of the Hub (`org.invite_user`).
   * `repo.update` and `repo.visibility` are disjoint; `repo.update_settings` means both.
   */
  action?: string;
  /**
   * A family, the first part of the Hub's type (`repo`, `org`, `resource_group`, `spaces`, `jobs`, `billing`, …), or a
   * kind: `model`, `dataset`, `space`, `bucket`, `kernel` (where the event says the kind of its repository), `token`,
   * `service_account`, `member`, `sso`.
   */
  resourceType?: string;
  /** Events at this time or later. ISO 8601; without a zone it is UTC. */
  startDate?: string | Date;
  /** Events at this time or earlier. ISO 8601; without a zone it is UTC, and a day alone means the whole day. */
  endDate?: string | Date;
}

/** Which entries {@link HubClient.auditLogs} returns. */
export interface AuditLogOptions extends AuditLogFilter {
  /** The most entries; 1 to 100000, default 100. */
  limit?: number;
  /** How many of the newest to pass over; 0 to 1000000, default 0. */
  offset?: number;
}

/** Which entries {@link HubClient.streamAuditLogs} hands over. */
export interface AuditLogStreamOptions extends AuditLogFilter {
  /** The most entries, at least 1; default: all. */
  limit?: number;
  /** How many to pass over, in the Hub's order; default 0. */
  offset?: number;
}

/** One event of an organization's audit log. */
export interface AuditLogEntry {
  id: string;
  /** The author's user name; `null` where the event names none. */
  user: string | null;
  /** A name of {@link AUDIT_ACTIONS} where there is one for the Hub's type, else that type as it is. */
  action: string;
  /** ISO 8601 in UTC, as the Hub wrote it. */
  timestamp: string;
  /** The repository, member, token or group that it is about, as far as the event says. */
  resource?: string;
  /** The kind where the event says it (`model`, `member`, `token`, …), else the family of its type. */
  resourceType: string;
  /** The Hub's sentence about it; may be empty. */
  message: string;
  /** The Hub's own event, untouched. */
  event: AuditLogEvent;
}

/** An event in the Hub's own form. Fields that this library does not know are there as well. */
export interface AuditLogEvent {
  _id: string;
  createdAt: string;
  type: string;
  message?: string;
  data?: unknown;
  ip?: string;
  location?: unknown;
  userAgent?: string;
  author?: { _id?: string; user?: string; type?: string; avatarUrl?: string; deleted?: boolean };
  token?: unknown;
  oauth?: unknown;
  [field: string]: unknown;
}
