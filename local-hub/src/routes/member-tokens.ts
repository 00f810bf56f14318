import * as handlers from "../handlers/member-tokens.js";
import { type MemberTokensQuery } from "../handlers/member-tokens.js";
import { type Route, route } from "../route.js";
import { anyId, anyObject, id, input, listOf, object, oneOf, text, time } from "../schema.js";

const path = "/api/organizations/:org/settings/tokens";

export const memberTokenRoutes: Route[] = [
  route<{ org: string }, MemberTokensQuery>({
    method: "GET",
    url: path,
    params: object({ org: text() }),
    query: input({
      "cursor?": anyId,
      limit: { type: "integer", minimum: 1, maximum: 100, default: 100 },
      q: { type: "string", default: "-status:revoked" },
    }),
    answers: {
      200: listOf(
        object({
          _id: id,
          displayName: text(),
          role: oneOf("read", "write", "fineGrained"),
          "last4?": text(),
          createdAt: time,
          "lastUsedAt?": time,
          owner: object({ _id: id, name: text(), fullname: text(), avatarUrl: text() }),
          "authorization?": object({
            status: oneOf("pending", "approved", "revoked", "denied"),
            requestedAt: time,
            "authorizedAt?": time,
            "authorizer?": object({ name: text(), fullname: text(), avatarUrl: text() }),
          }),
          // Users cannot create fine-grained tokens on this Hub.
          "fineGrained?": anyObject,
        }),
      ),
    },
    handle: handlers.listMemberTokens,
  }),
  route<{ org: string; id: string }>({
    method: "POST",
    url: `${path}/:id/revoke`,
    params: object({ org: text(), id: text() }),
    // The document describes no answer.
    answers: { 200: null },
    handle: handlers.revokeMemberToken,
  }),
  route<unknown, unknown, { credentials: string[] }>({
    method: "POST",
    url: "/api/credentials/revoke",
    auth: "none",
    body: input({ credentials: listOf(text({ min: 1, max: 200 }), { min: 1, max: 1000 }) }),
    answers: { 202: null },
    handle: handlers.revokeCredentials,
  }),
];
