import * as handlers from "../handlers/member-tokens.js";
import { type MemberTokensQuery } from "../handlers/member-tokens.js";
import { type Route, route } from "../route.js";
import { anyObject, constant, id, listOf, object, oneOf, text, time } from "../schema.js";

const path = "/api/organizations/:org/settings/tokens";

export const memberTokenRoutes: Route[] = [
  route<{ org: string }, MemberTokensQuery>({
    method: "GET",
    url: path,
    params: object({ org: text() }),
    query: object({
      "cursor?": text(),
      limit: { type: "integer", minimum: 1, maximum: 100, default: 20 },
      q: { type: "string", default: "-status:revoked" },
    }),
    answers: {
      200: listOf(
        object({
          _id: id,
          displayName: text(),
          role: oneOf("read", "write", "fineGrained"),
          "last4?": text({ min: 4, max: 4 }),
          createdAt: time,
          "lastUsedAt?": time,
          owner: object({ _id: id, name: text(), fullname: text(), avatarUrl: text() }),
          "authorization?": object({
            status: oneOf("pending", "approved", "revoked", "denied"),
            requestedAt: time,
            "authorizedAt?": time,
            "authorizer?": text(),
          }),
          "fineGrained?": anyObject,
        }),
      ),
    },
    handle: handlers.listMemberTokens,
  }),
  route<{ org: string; id: string }>({
    method: "POST",
    url: `${path}/:id/revoke`,
    params: object({ org: text(), id }),
    answers: { 200: object({ success: constant(true) }) },
    handle: handlers.revokeMemberToken,
  }),
  route<unknown, unknown, { credentials: string[] }>({
    method: "POST",
    url: "/api/credentials/revoke",
    auth: "none",
    body: object({ credentials: listOf(text({ min: 1 }), { min: 1, max: 1000 }) }),
    answers: { 202: null },
    handle: handlers.revokeCredentials,
  }),
];
