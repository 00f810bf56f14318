/** The role of a member in an organization. `no_access` is the lowest role, `admin` the highest. */
export type OrgRole = "no_access" | "read" | "contributor" | "write" | "admin";

/** The roles of an organization in ascending order. */
export const ORG_ROLES: readonly OrgRole[] = ["no_access", "read", "contributor", "write", "admin"];

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
