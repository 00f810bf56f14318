import { whoAmI } from "../handlers/whoami.js";
import { type Route, route } from "../route.js";
import { constant, flag, id, listOf, nullable, object, oneOf, text, time } from "../schema.js";
import { ORG_ROLES, REPO_TYPES } from "../store/records.js";

/** What a fine-grained token can be scoped to. */
export const SCOPED_TYPES = [...REPO_TYPES, "collection", "org", "user", "resource-group", "oauth-app"];

const organization = object({
  type: constant("org"),
  id,
  name: text(),
  fullname: text(),
  email: nullable(text()),
  canPay: flag,
  avatarUrl: text(),
  periodEnd: nullable({ type: "integer" }),
  "plan?": oneOf("team", "enterprise", "plus", "academia"),
  "roleInOrg?": oneOf(...ORG_ROLES),
  "securityRestrictions?": listOf(oneOf("mfa", "token-policy", "token-revoked", "sso", "ip")),
  "resourceGroups?": listOf(object({ id, name: text(), role: oneOf(...ORG_ROLES) })),
});

const auth = object({
  type: text(),
  "expiresAt?": time,
  "accessToken?": object({
    displayName: text(),
    role: oneOf("read", "write", "god", "fineGrained"),
    createdAt: time,
    "fineGrained?": object({
      scoped: listOf(
        object({
          entity: object({ _id: id, "name?": text(), type: oneOf(...SCOPED_TYPES) }),
          permissions: listOf(text()),
        }),
      ),
      "global?": listOf(oneOf("discussion.write", "post.write")),
      "canReadGatedRepos?": flag,
    }),
  }),
});

export const whoAmIRoutes: Route[] = [
  route({
    method: "GET",
    url: "/api/whoami-v2",
    answers: {
      200: object({
        type: constant("user"),
        id,
        name: text(),
        fullname: text(),
        email: text(),
        emailVerified: flag,
        isPro: flag,
        canPay: flag,
        avatarUrl: text(),
        periodEnd: nullable({ type: "integer" }),
        auth,
        orgs: listOf(organization),
      }),
    },
    handle: whoAmI,
  }),
];
