import { whoAmI } from "../handlers/whoami.js";
import { type Route, route } from "../route.js";
import { anyObject, constant, flag, id, listOf, nullable, object, oneOf, text, time } from "../schema.js";
import { ORG_ROLES } from "../store/records.js";

const organization = object({
  type: constant("org"),
  id,
  name: text(),
  fullname: text(),
  email: nullable(text()),
  canPay: flag,
  avatarUrl: text(),
  periodEnd: nullable({ type: "integer" }),
  isEnterprise: flag,
  "plan?": oneOf("team", "enterprise", "plus", "academia"),
  "roleInOrg?": oneOf(...ORG_ROLES),
  "securityRestrictions?": listOf(oneOf("mfa", "token-policy", "token-revoked", "sso", "ip")),
  "resourceGroups?": listOf(
    object({ id, name: text(), role: oneOf("read", "contributor", "write", "admin") }),
  ),
});

const auth = object({
  type: text(),
  "expiresAt?": time,
  "accessToken?": object({
    displayName: text(),
    role: oneOf("read", "write", "god", "fineGrained"),
    createdAt: time,
    "fineGrained?": anyObject,
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
