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
   * Patterns of inference endpoints that the token may use: at most 20, each with 1 to 256 characters and without `.`, `?`, backslashes, parentheses, brackets and braces.
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
