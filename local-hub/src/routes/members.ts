import * as handlers from "../handlers/members.js";
import { type MembersQuery, type RoleBody } from "../handlers/members.js";
import { type Route, route } from "../route.js";
import {
  anyId,
  constant,
  count,
  email,
  flag,
  id,
  input,
  listOf,
  nullable,
  object,
  oneOf,
  text,
} from "../schema.js";
import { ORG_ROLES } from "../store/records.js";

const role = oneOf(...ORG_ROLES);

export const memberRoutes: Route[] = [
  route<{ org: string }, MembersQuery>({
    method: "GET",
    url: "/api/organizations/:org/members",
    auth: "optional",
    params: object({ org: text() }),
    query: input({
      "search?": text(),
      "email?": email,
      "cursor?": text(),
      limit: { type: "integer", minimum: 10, maximum: 10_000, default: 500 },
    }),
    answers: {
      200: listOf(
        object({
          _id: id,
          user: text(),
          fullname: text(),
          type: constant("user"),
          isPro: flag,
          avatarUrl: text(),
          "isFollowing?": flag,
          "role?": role,
          "resourceGroups?": listOf(object({ id, name: text(), numUsers: count, role })),
          "twoFaEnabled?": flag,
          "verifiedEmail?": nullable(text()),
          "isExternalCollaborator?": flag,
        }),
      ),
    },
    handle: handlers.listMembers,
  }),
  route<{ org: string; username: string }, unknown, RoleBody>({
    method: "PUT",
    url: "/api/organizations/:org/members/:username/role",
    params: object({ org: text(), username: text() }),
    body: input({ role, "resourceGroups?": listOf(input({ id: anyId, role })) }),
    // The document describes no answer, so this follows the Hub's guide.
    answers: { 200: object({ success: constant(true) }) },
    handle: handlers.putMemberRole,
  }),
];
