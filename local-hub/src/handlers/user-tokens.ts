import { badRequest, conflict, forbidden, notFound } from "../errors.js";
import { type Answer, type Call, created, noContent, ok } from "../route.js";
import { USER_TOKEN_ROLES, type UserToken, type UserTokenRole } from "../store/records.js";
import { createUserToken, deleteUserToken } from "../store/user-tokens.js";
import { requireUser } from "./access.js";
import { byId } from "./paging.js";

function isExpired(token: UserToken, now: Date): boolean {
  return token.expiresAt !== undefined && Date.parse(token.expiresAt) <= now.getTime();
}

export function listOwnTokens(call: Call): Answer {
  const { user } = requireUser(call);
  const tokens = call.store.tokensOfUser(user.name).filter((token) => !isExpired(token, call.store.now()));
  return ok(tokens.sort(byId).map((token) => ({ ...describe(token), lastUsed: token.lastUsedAt ?? null })));
}

export function createOwnToken(
  call: Call<unknown, unknown, { name: string; role: UserTokenRole; expiresAt?: string }>,
): Answer {
  const { store, body } = call;
  const { user, token: own } = requireUser(call);
  // Otherwise a token could be used to get a higher role.
  if (USER_TOKEN_ROLES.indexOf(body.role) > USER_TOKEN_ROLES.indexOf(own.role)) {
    throw forbidden(`A token with the role ${own.role} cannot create one with the role ${body.role}.`);
  }
  const now = store.now();
  if (body.expiresAt !== undefined && Date.parse(body.expiresAt) <= now.getTime()) {
    throw badRequest("expiresAt: must be in the future");
  }
  const namesake = store
    .tokensOfUser(user.name)
    .find((token) => token.name === body.name && !isExpired(token, now));
  if (namesake) throw conflict("A token with this name already exists");
  const expiresAt = body.expiresAt && new Date(body.expiresAt).toISOString();
  const issued = createUserToken(store, user.name, { ...body, expiresAt });
  return created({ ...describe(issued.token), token: issued.value });
}

export function deleteOwnToken(call: Call<{ name: string }>): Answer {
  const { user } = requireUser(call);
  const now = call.store.now();
  const token = call.store
    .tokensOfUser(user.name)
    .find((candidate) => candidate.name === call.params.name && !isExpired(candidate, now));
  if (!token) throw notFound("Token not found");
  deleteUserToken(call.store, token);
  return noContent();
}

function describe(token: UserToken): Record<string, unknown> {
  const { name, role, createdAt, expiresAt } = token;
  return { name, role, createdAt, ...(expiresAt && { expiresAt }) };
}
