/** Settings of a new token of a user. */
export interface CreateTokenOptions {
  /** The name: 1 to 100 characters, without slashes and backslashes. */
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
