import * as handlers from "../handlers/user-tokens.js";
import { type Route, route } from "../route.js";
import { input, listOf, nullable, object, oneOf, text, time } from "../schema.js";
import { USER_TOKEN_ROLES, type UserTokenRole } from "../store/records.js";

const path = "/api/settings/tokens";
const role = oneOf(...USER_TOKEN_ROLES);
const name = text({ min: 1, max: 100 });
const shown = { name, role, createdAt: time, "expiresAt?": time };

export const userTokenRoutes: Route[] = [
  route({
    method: "GET",
    url: path,
    extended: true,
    answers: { 200: listOf(object({ ...shown, lastUsed: nullable(time) })) },
    handle: handlers.listOwnTokens,
  }),
  route<unknown, unknown, { name: string; role: UserTokenRole; expiresAt?: string }>({
    method: "POST",
    url: path,
    extended: true,
    body: input({ name, role, "expiresAt?": time }),
    answers: { 201: object({ ...shown, token: { type: "string", pattern: "^hf_[A-Za-z0-9]{34}$" } }) },
    handle: handlers.createOwnToken,
  }),
  route<{ name: string }>({
    method: "DELETE",
    url: `${path}/:name`,
    extended: true,
    params: object({ name: text() }),
    answers: { 204: null },
    handle: handlers.deleteOwnToken,
  }),
];
