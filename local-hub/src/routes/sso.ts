import { type OrganizationParams } from "../handlers/service-accounts.js";
import * as handlers from "../handlers/sso.js";
import { type Route, route } from "../route.js";
import { either, flag, input, object, oneOf, text, time } from "../schema.js";
import { type SsoUpdate } from "../store/sso.js";

const path = "/api/organizations/:org/settings/sso";
const params = object({ org: text() });
const provider = oneOf("saml", "oidc");
const url = { type: "string", format: "http-url" };

const configuration = object({
  provider,
  enabled: flag,
  "ssoUrl?": url,
  "clientId?": text(),
  "certificate?": text(),
  updatedAt: time,
});

export const ssoRoutes: Route[] = [
  route<OrganizationParams, unknown, { clientSecret: string } | { x509Cert: string }>({
    method: "PUT",
    url: `${path}/credentials`,
    params,
    body: either(
      input({ clientSecret: text({ min: 1, max: 1024 }) }),
      input({ x509Cert: text({ min: 1, max: 10_000 }) }),
    ),
    answers: { 200: null },
    handle: handlers.putSsoCredential,
  }),
  route<OrganizationParams>({
    method: "GET",
    url: path,
    extended: true,
    params,
    answers: { 200: configuration },
    handle: handlers.getSso,
  }),
  route<OrganizationParams, unknown, SsoUpdate>({
    method: "PUT",
    url: path,
    extended: true,
    params,
    body: input({
      "provider?": provider,
      "enabled?": flag,
      "ssoUrl?": url,
      "certificate?": text({ min: 1, max: 10_000 }),
      "clientId?": text({ min: 1, max: 1024 }),
      "clientSecret?": text({ min: 1, max: 1024 }),
    }),
    answers: { 200: configuration },
    handle: handlers.putSso,
  }),
  route<OrganizationParams>({
    method: "DELETE",
    url: path,
    extended: true,
    params,
    answers: { 204: null },
    handle: handlers.removeSso,
  }),
];
