import { expiredToken, invalidToken } from "./errors.js";
import { type Principal } from "./route.js";
import { type Actor, SYSTEM, type Store } from "./store/store.js";

/**
 * Finds the owner of a token. Returns undefined if the request has no token.
 *
 * @throws 401 if the token is unknown, revoked or expired.
 */
export function authenticate(store: Store, authorization: string | undefined): Principal | undefined {
  if (authorization === undefined) return undefined;
  const [, value] = /^Bearer (\S+)$/i.exec(authorization) ?? [];
  const found = value === undefined ? undefined : store.findToken(value);
  if (!found) throw invalidToken();
  if (found.kind === "serviceAccount") {
    const account = store.serviceAccounts.get(found.token.accountId);
    if (!account) throw invalidToken();
    return { kind: "serviceAccount", account, token: found.token };
  }
  const user = store.users.get(found.token.owner);
  if (!user) throw invalidToken();
  const { expiresAt } = found.token;
  if (expiresAt !== undefined && Date.parse(expiresAt) <= store.now().getTime()) throw expiredToken();
  return { kind: "user", user, token: found.token };
}

/** The audit log has no admin role: an admin token counts as a write token. */
const AUDIT_ROLE = { read: "read", write: "write", admin: "write" } as const;

/** Describes the caller for the audit log. */
export function actorOf(
  principal: Principal | undefined,
  request: { ip: string; userAgent: string | undefined },
): Actor {
  const from = { ip: request.ip, ...(request.userAgent && { userAgent: request.userAgent.slice(0, 300) }) };
  if (!principal) return { ...SYSTEM, ...from };
  const { id, last4 } = principal.token;
  if (principal.kind === "user") {
    const { user, token } = principal;
    const author = { id: user.id, user: user.name, avatarUrl: user.avatarUrl, type: "user" as const };
    return { ...from, author, token: { id, role: AUDIT_ROLE[token.role], last4 } };
  }
  const { account } = principal;
  const author = { id: account.id, user: account.user, avatarUrl: "", type: "user" as const };
  return { ...from, author, token: { id, role: "fineGrained", last4 } };
}
