// One reader for each answer of the Hub. It checks the fields that this library uses and converts the answer to the public type.
import {
  boolean,
  filled,
  list,
  nullable,
  number,
  object,
  oneOf,
  optional,
  type Reader,
  ShapeError,
  string,
  time,
} from "./shape";
import type {
  AuditLogEvent,
  AuthoredRepo,
  ChangedServiceAccountToken,
  CreatedToken,
  IssuedServiceAccountToken,
  Member,
  MemberToken,
  OrgRepository,
  RepoInfo,
  RepoSettings,
  ServiceAccountDetails,
  ServiceAccountInfo,
  ServiceAccountToken,
  SsoSettings,
  UserToken,
  WhoAmI,
} from "./types";

/** `GET /api/whoami-v2` */
export const readWhoAmI: Reader<WhoAmI> = (value, where) => {
  const base = object({
    type: filled,
    id: filled,
    name: filled,
    fullname: optional(string),
    isPro: optional(boolean),
    auth: optional(
      object({
        type: optional(string),
        expiresAt: nullable(time),
        accessToken: optional(
          object({ displayName: optional(string), role: optional(string), createdAt: optional(string) }),
        ),
      }),
    ),
    orgs: optional(
      list(
        object({
          type: optional(string),
          id: filled,
          name: filled,
          fullname: optional(string),
          plan: optional(string),
          roleInOrg: optional(string),
          securityRestrictions: optional(list(string)),
          resourceGroups: optional(list(object({ id: filled, name: string, role: optional(string) }))),
        }),
      ),
    ),
  })(value, where);
  // Only accounts that are not users have no list. For a user, a missing list must not mean "not a member".
  if (base.orgs === undefined && base.type === "user")
    throw new ShapeError("orgs should be a list, but is missing");
  return { ...base, orgs: base.orgs ?? [] };
};

/** One of `GET /api/organizations/{org}/members` */
export const readMember: Reader<Member> = object({
  _id: filled,
  user: filled,
  fullname: optional(string),
  type: optional(string),
  isPro: optional(boolean),
  avatarUrl: optional(string),
  isFollowing: optional(boolean),
  role: optional(string),
  resourceGroups: optional(
    list(object({ id: filled, name: string, numUsers: optional(number), role: optional(string) })),
  ),
  twoFaEnabled: optional(boolean),
  verifiedEmail: nullable(string),
  isExternalCollaborator: optional(boolean),
});

/** One of `GET /api/settings/tokens` */
export const readUserToken: Reader<UserToken> = object({
  name: filled,
  role: filled,
  createdAt: time,
  lastUsed: nullable(time),
  expiresAt: optional(time),
});

/** `POST /api/settings/tokens` */
export const readCreatedToken: Reader<CreatedToken> = object({
  name: filled,
  role: filled,
  createdAt: time,
  expiresAt: optional(time),
  token: filled,
});

const accountFields = {
  _id: filled,
  user: filled,
  email: optional(string),
  description: optional(string),
};

/** A service account in a listing. */
export const readServiceAccount: Reader<ServiceAccountInfo> = object({
  ...accountFields,
  name: string,
  createdAt: time,
});

/** `POST /api/organizations/{org}/service-accounts`, which calls `fullname` what a listing calls `name`. */
export const readCreatedServiceAccount: Reader<ServiceAccountInfo> = (value, where) => {
  // The Hub promises the form of a time only in listings, and a creation must not fail because of it.
  const { fullname, ...account } = object({ ...accountFields, fullname: string, createdAt: string })(
    value,
    where,
  );
  return { ...account, name: fullname };
};

const tokenSettings = {
  _id: filled,
  displayName: string,
  permissions: optional(list(string)),
  repoIds: optional(list(string)),
  repoPermissions: optional(list(string)),
  endpointPatterns: optional(list(string)),
  skipNetworkSecurity: optional(boolean),
};

/** `PATCH …/service-accounts/{id}/tokens/{tokenId}` */
export const readChangedServiceAccountToken: Reader<ChangedServiceAccountToken> = object(tokenSettings);

const readServiceAccountToken: Reader<ServiceAccountToken> = object({
  ...tokenSettings,
  createdAt: time,
  last4: optional(string),
  // A missing list must not count as an empty list, because the token would seem to have fewer permissions.
  permissions: list(string),
  repoIds: list(string),
  repoPermissions: list(string),
  endpointPatterns: list(string),
  lastUsedAt: nullable(time),
  expiration: nullable(time),
  role: optional(string),
});

/** `GET …/service-accounts/{id}` */
export const readServiceAccountDetails: Reader<ServiceAccountDetails> = object({
  ...accountFields,
  name: string,
  createdAt: time,
  accessTokens: optional(list(readServiceAccountToken)),
});

/** `POST …/tokens` and `POST …/tokens/{tokenId}/rotate` */
export const readIssuedServiceAccountToken: Reader<IssuedServiceAccountToken> = object({
  token: filled,
  // The Hub does not promise the form of this time, and the token's value must not be lost because of it.
  // guard: dates-of-new-tokens
  tokenInfo: object({ ...tokenSettings, createdAt: string, last4: optional(string) }),
});

/** One of `GET /api/organizations/{org}/settings/tokens` */
export const readMemberToken: Reader<MemberToken> = object({
  _id: filled,
  displayName: string,
  role: filled,
  last4: optional(string),
  createdAt: time,
  lastUsedAt: nullable(time),
  owner: object({ _id: filled, name: filled, fullname: optional(string), avatarUrl: optional(string) }),
  authorization: optional(
    object({
      status: filled,
      requestedAt: optional(time),
      authorizedAt: nullable(time),
      authorizer: optional(object({ name: string, fullname: optional(string), avatarUrl: optional(string) })),
    }),
  ),
  fineGrained: optional(
    object({
      scoped: list(object({ entity: object({ _id: string, type: string }), permissions: list(string) })),
    }),
  ),
});

/** `GET /api/organizations/{org}/settings/sso`. If a Hub sends a secret by mistake, it is dropped. */
export const readSsoSettings: Reader<SsoSettings> = (value, where) => {
  const { provider, enabled, ssoUrl, clientId, certificate, updatedAt } = object({
    provider: oneOf("saml", "oidc"),
    enabled: boolean,
    ssoUrl: optional(string),
    clientId: optional(string),
    certificate: optional(string),
    updatedAt: optional(time),
  })(value, where);
  return {
    provider,
    enabled,
    ...(ssoUrl !== undefined && { ssoUrl }),
    ...(clientId !== undefined && { clientId }),
    ...(certificate !== undefined && { certificate }),
    ...(updatedAt !== undefined && { updatedAt }),
  };
};

const readGated = optional(oneOf<false | "auto" | "manual">(false, "auto", "manual"));

/** `GET /api/{models|datasets|spaces|buckets|kernels}/{ns}/{repo}` */
export const readRepo: Reader<RepoInfo> = (value, where) => {
  const {
    _id,
    id,
    createdAt,
    private: isPrivate,
    gated,
    visibility,
    cdnRegions,
  } = object({
    _id: optional(filled),
    id: filled,
    createdAt: optional(string),
    private: optional(boolean),
    gated: readGated,
    visibility: optional(oneOf("private", "internal", "protected", "public")),
    cdnRegions: optional(list(object({ provider: string, region: string }))),
  })(value, where);
  // The answer also lists every file, so only the needed fields are kept.
  return {
    ...(_id !== undefined && { _id }),
    id,
    ...(createdAt !== undefined && { createdAt }),
    ...(isPrivate !== undefined && { private: isPrivate }),
    ...(cdnRegions && { cdnRegions: cdnRegions.map(({ provider, region }) => ({ provider, region })) }),
    ...(gated !== undefined && { gated }),
    ...(visibility !== undefined && { visibility }),
  };
};

/** One of `GET /api/{models|datasets|spaces}?author=` or `GET /api/buckets/{ns}`. Only the needed fields, as there may be thousands. */
export const readAuthoredRepo: Reader<AuthoredRepo> = (value, where) => {
  const { _id, id, createdAt, private: isPrivate } = authoredRepo(value, where);
  return {
    ...(_id !== undefined && { _id }),
    id,
    ...(createdAt !== undefined && { createdAt }),
    ...(isPrivate !== undefined && { private: isPrivate }),
  };
};

const authoredRepo = object({
  _id: optional(filled),
  id: filled,
  createdAt: optional(string),
  private: optional(boolean),
});

/** The same with the gate, in a list that was requested with it. */
export const readGatedRepo: Reader<AuthoredRepo> = (value, where) => {
  const { gated } = object({ gated: readGated })(value, where);
  return { ...readAuthoredRepo(value, where), ...(gated !== undefined && { gated }) };
};

/** `PUT /api/{models|datasets|spaces|buckets}/{ns}/{repo}/settings` */
export const readRepoSettings: Reader<RepoSettings> = (value, where) => {
  const { visibility, private: isPrivate, gated } = repoSettings(value, where);
  return {
    ...(visibility !== undefined && { visibility }),
    ...(isPrivate !== undefined && { private: isPrivate }),
    ...(gated !== undefined && { gated }),
  };
};

const repoSettings = object({
  visibility: optional(string),
  private: optional(boolean),
  gated: readGated,
});

/** One of `GET /api/organizations/{org}/settings/repositories` */
export const readOrgRepository: Reader<OrgRepository> = object({
  id: filled,
  type: filled,
  updatedAt: optional(string),
  visibility: filled,
  storage: optional(number),
  storagePercent: optional(number),
});

const auditEvent = {
  _id: (value: unknown): value is string => typeof value === "string" && value !== "",
  type: (value: unknown): value is string => typeof value === "string" && value !== "",
  createdAt: (value: unknown): value is string =>
    typeof value === "string" && !Number.isNaN(Date.parse(value)),
};

/**
 * One event of the audit log. It is checked in place and not copied, because there may be a hundred thousand events. Fields that are not
 * needed to find and sort events are not checked.
 */
export const readAuditEvent: Reader<AuditLogEvent> = (value, where) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ShapeError(`${where} should be an object`);
  }
  const event = value as Record<string, unknown>;
  for (const field of ["_id", "type", "createdAt"] as const) {
    if (!auditEvent[field](event[field])) {
      throw new ShapeError(
        `${where}.${field} should be ${field === "createdAt" ? "a time (ISO 8601)" : "a non-empty string"}`,
      );
    }
  }
  return event as AuditLogEvent;
};
