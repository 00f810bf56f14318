import { makeTokenValue, sha256 } from "./ids.js";
import { type UserToken, type UserTokenRole } from "./records.js";
import { type Issued, deleteServiceAccountToken } from "./service-accounts.js";
import { SYSTEM, type Actor, type Store } from "./store.js";

/** Writes no audit event, because the Hub has no event type for a user's own tokens. */
export function createUserToken(
  store: Store,
  owner: string,
  settings: { name: string; role: UserTokenRole; expiresAt?: string },
): Issued<UserToken> {
  const value = makeTokenValue();
  const token: UserToken = {
    id: store.newId(),
    owner,
    name: settings.name,
    role: settings.role,
    hash: sha256(value),
    last4: value.slice(-4),
    createdAt: store.timestamp(),
    ...(settings.expiresAt !== undefined && { expiresAt: settings.expiresAt }),
    authorizations: {},
  };
  store.tables.userTokens.put(token.id, token);
  return { value, token };
}

export function deleteUserToken(store: Store, token: UserToken): void {
  store.tables.userTokens.put(token.id, { ...token, deletedAt: store.timestamp() });
}

/** Permanently revokes the access of a member's token to one organization. */
export function revokeForOrganization(
  store: Store,
  organization: string,
  token: UserToken,
  actor: Actor,
): void {
  store.transact(() => {
    const now = store.timestamp();
    store.authorizeToken(organization, token.id, {
      requestedAt: token.authorizations[organization]?.requestedAt ?? now,
      status: "revoked",
      authorizedAt: now,
      authorizer: actor.author.user,
    });
    store.log(
      organization,
      actor,
      "org.token_approval.authorization_request.revoked",
      `Revoked the access of ${token.owner}'s token ${token.name}`,
      { token: { _id: token.id, displayName: token.name, last4: token.last4 }, user: token.owner },
    );
  });
}

/** Revokes every token that has one of these values. Ignores unknown values. */
export function revokeLeaked(store: Store, values: string[]): void {
  store.transact(() => {
    for (const value of new Set(values)) {
      const found = store.findToken(value);
      if (found?.kind === "user") deleteUserToken(store, found.token);
      if (found?.kind !== "serviceAccount") continue;
      const account = store.serviceAccounts.get(found.token.accountId);
      if (account) deleteServiceAccountToken(store, account, found.token, SYSTEM, "leaked");
    }
  });
}
