import * as handlers from "../handlers/network-security.js";
import { type NetworkSecurityUpdate } from "../handlers/network-security.js";
import { type Route, route } from "../route.js";
import { constant, either, flag, input, listOf, object, oneOf, text } from "../schema.js";
import { REPO_TYPES } from "../store/records.js";

const url = "/api/organizations/:org/settings/network-security";
const params = object({ org: text() });
const rule = { resource: oneOf(...REPO_TYPES, "*"), scope: text({ min: 1 }) };

const answer = object({
  enforceAuth: either(flag, constant("pending")),
  enforceIpRestriction: flag,
  highRateLimits: flag,
  ipRanges: listOf(text()),
  blockedContents: listOf(object(rule)),
  allowedContents: listOf(object(rule)),
  keepReposMetadataVisible: flag,
});

const update = input({
  "enforceAuth?": flag,
  "enforceIpRestriction?": flag,
  "highRateLimits?": flag,
  "ipRanges?": listOf({ type: "string", format: "cidr" }),
  "blockedContents?": listOf(input(rule)),
  "allowedContents?": listOf(input(rule)),
  "keepReposMetadataVisible?": flag,
});

export const networkSecurityRoutes: Route[] = [
  route<{ org: string }>({
    method: "GET",
    url,
    params,
    answers: { 200: answer },
    handle: handlers.getNetworkSecurity,
  }),
  route<{ org: string }, unknown, NetworkSecurityUpdate>({
    method: "PATCH",
    url,
    params,
    body: update,
    answers: { 200: answer },
    handle: handlers.patchNetworkSecurity,
  }),
];
