import * as handlers from "../handlers/network-security.js";
import { type NetworkSecurityUpdate } from "../handlers/network-security.js";
import { type Route, route } from "../route.js";
import { constant, either, flag, listOf, object, oneOf, text } from "../schema.js";

const url = "/api/organizations/:org/settings/network-security";
const params = object({ org: text() });
const contents = listOf(
  object({ resource: oneOf("dataset", "model", "space", "bucket", "kernel", "*"), scope: text({ min: 1 }) }),
);
const ipRanges = listOf({
  type: "string",
  pattern: "^([0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:]+)/[0-9]{1,3}$",
});

const settings = {
  enforceIpRestriction: flag,
  highRateLimits: flag,
  ipRanges,
  "blockedContents?": contents,
  "allowedContents?": contents,
  keepReposMetadataVisible: flag,
};
const answer = object({ enforceAuth: either(flag, constant("pending")), ...settings });

export const networkSecurityRoutes: Route[] = [
  route<{ org: string }>({
    method: "GET",
    url,
    params,
    query: object({}),
    answers: { 200: answer },
    handle: handlers.getNetworkSecurity,
  }),
  route<{ org: string }, unknown, NetworkSecurityUpdate>({
    method: "PATCH",
    url,
    params,
    body: object({
      "enforceAuth?": flag,
      "enforceIpRestriction?": flag,
      "highRateLimits?": flag,
      "ipRanges?": ipRanges,
      "blockedContents?": contents,
      "allowedContents?": contents,
      "keepReposMetadataVisible?": flag,
    }),
    answers: { 200: answer },
    handle: handlers.patchNetworkSecurity,
  }),
];
