import * as handlers from "../handlers/service-accounts.js";
import {
  type AccountParams,
  type OrganizationParams,
  type TokenParams,
} from "../handlers/service-accounts.js";
import { type Route, route } from "../route.js";
import { anyId, flag, id, input, listOf, object, oneOf, text, time } from "../schema.js";
import { REPO_PERMISSIONS, TOKEN_PERMISSIONS } from "../store/records.js";
import { type TokenSettings } from "../store/service-accounts.js";

const path = "/api/organizations/:org/service-accounts";
const inOrganization = object({ org: text() });
const inAccount = object({ org: text(), id: text() });
const inToken = object({ org: text(), id: text(), tokenId: text() });

const permissions = listOf(oneOf(...TOKEN_PERMISSIONS));
const repoPermissions = listOf(oneOf(...REPO_PERMISSIONS));

const account = {
  _id: id,
  user: text(),
  name: text(),
  email: text(),
  "description?": text(),
  createdAt: time,
};

const settings = input({
  "displayName?": text({ min: 1, max: 100 }),
  "permissions?": permissions,
  "repoIds?": listOf(anyId),
  "repoPermissions?": repoPermissions,
  "endpointPatterns?": listOf(text({ max: 256, pattern: "^[^.?()\\]\\\\[{}]+$" }), { max: 20 }),
  "skipNetworkSecurity?": flag,
});

/** The answer to an update has no `createdAt`. */
const changed = {
  _id: id,
  displayName: text(),
  permissions,
  repoIds: listOf(id),
  repoPermissions,
  endpointPatterns: listOf(text()),
  skipNetworkSecurity: flag,
};
const tokenInfo = { ...changed, createdAt: time };

const listedToken = object({
  ...tokenInfo,
  role: oneOf("read", "write", "fineGrained"),
  "lastUsedAt?": time,
  "expiration?": time,
  "last4?": text(),
});

const value = { type: "string", pattern: "^hf_[A-Za-z0-9]{34}$" };

export const serviceAccountRoutes: Route[] = [
  route<OrganizationParams>({
    method: "GET",
    url: path,
    params: inOrganization,
    answers: { 200: listOf(object(account)) },
    handle: handlers.listServiceAccounts,
  }),
  route<OrganizationParams, unknown, { name: string; description?: string }>({
    method: "POST",
    url: path,
    params: inOrganization,
    body: input({ name: text({ min: 1, max: 50 }), "description?": text({ max: 500 }) }),
    answers: {
      201: object({ _id: id, user: text(), fullname: text(), "description?": text(), createdAt: time }),
    },
    handle: handlers.createServiceAccount,
  }),
  route<AccountParams>({
    method: "GET",
    url: `${path}/:id`,
    params: inAccount,
    answers: { 200: object({ ...account, "accessTokens?": listOf(listedToken) }) },
    handle: handlers.getServiceAccount,
  }),
  route<AccountParams>({
    method: "DELETE",
    url: `${path}/:id`,
    params: inAccount,
    answers: { 204: null },
    handle: handlers.deleteServiceAccount,
  }),
  route<AccountParams, unknown, TokenSettings>({
    method: "POST",
    url: `${path}/:id/tokens`,
    params: inAccount,
    body: settings,
    answers: { 201: object({ token: value, tokenInfo: object(tokenInfo) }) },
    handle: handlers.createServiceAccountToken,
  }),
  route<TokenParams, unknown, TokenSettings>({
    method: "PATCH",
    url: `${path}/:id/tokens/:tokenId`,
    params: inToken,
    body: settings,
    answers: { 200: object(changed) },
    handle: handlers.updateServiceAccountToken,
  }),
  route<TokenParams>({
    method: "POST",
    url: `${path}/:id/tokens/:tokenId/rotate`,
    params: inToken,
    answers: {
      200: object({
        token: value,
        tokenInfo: object({
          _id: id,
          displayName: text(),
          createdAt: time,
          "last4?": text(),
        }),
      }),
    },
    handle: handlers.rotateServiceAccountToken,
  }),
  route<TokenParams>({
    method: "DELETE",
    url: `${path}/:id/tokens/:tokenId`,
    params: inToken,
    answers: { 204: null },
    handle: handlers.deleteServiceAccountToken,
  }),
];
