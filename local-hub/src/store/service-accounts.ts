import { makeTokenValue, sha256 } from "./ids.js";
import { type ServiceAccount, type ServiceAccountToken } from "./records.js";
import { type Actor, type Store } from "./store.js";

/** The settings of a service account's token. */
export type TokenSettings = Partial<
  Pick<
    ServiceAccountToken,
    "displayName" | "permissions" | "repoIds" | "repoPermissions" | "endpointPatterns" | "skipNetworkSecurity"
  >
>;

/** A token with its value, which is shown only once. */
export interface Issued<T> {
  value: string;
  token: T;
}

/** Returns a unique user name for a service account: the organization, the account's name, and random digits. */
function accountUser(store: Store, organization: string, name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return `${organization}-${slug || "account"}-${store.hex(4)}`;
}

export function createServiceAccount(
  store: Store,
  organization: string,
  settings: { name: string; description?: string },
  actor: Actor,
): ServiceAccount {
  return store.transact(() => {
    const user = accountUser(store, organization, settings.name);
    const account: ServiceAccount = {
      id: store.newId(),
      organization,
      user,
      name: settings.name,
      email: `${user}@service-accounts.invalid`,
      ...(settings.description !== undefined && { description: settings.description }),
      createdAt: store.timestamp(),
    };
    store.tables.serviceAccounts.put(account.id, account);
    store.log(organization, actor, "org.service_account.create", `Created service account ${account.name}`, {
      serviceAccount: describeAccount(account),
    });
    return account;
  });
}

/** Deletes the account and all its tokens. */
export function deleteServiceAccount(store: Store, account: ServiceAccount, actor: Actor): void {
  store.transact(() => {
    const deletedAt = store.timestamp();
    for (const token of store.tokensOf(account.id)) {
      store.tables.serviceAccountTokens.put(token.id, { ...token, deletedAt });
    }
    store.tables.serviceAccounts.delete(account.id);
    store.log(
      account.organization,
      actor,
      "org.service_account.delete",
      `Deleted service account ${account.name}`,
      {
        serviceAccount: describeAccount(account),
      },
    );
  });
}

export function createServiceAccountToken(
  store: Store,
  account: ServiceAccount,
  settings: TokenSettings,
  actor: Actor,
): Issued<ServiceAccountToken> {
  return store.transact(() => {
    const value = makeTokenValue();
    const token: ServiceAccountToken = {
      id: store.newId(),
      accountId: account.id,
      displayName: settings.displayName ?? "API Token",
      permissions: settings.permissions ?? [],
      repoIds: settings.repoIds ?? [],
      repoPermissions: settings.repoPermissions ?? [],
      endpointPatterns: settings.endpointPatterns ?? [],
      skipNetworkSecurity: settings.skipNetworkSecurity ?? false,
      hash: sha256(value),
      last4: value.slice(-4),
      createdAt: store.timestamp(),
    };
    store.tables.serviceAccountTokens.put(token.id, token);
    logTokenChange(store, account, token, actor, "create", "Created");
    return { value, token };
  });
}

export function updateServiceAccountToken(
  store: Store,
  account: ServiceAccount,
  token: ServiceAccountToken,
  settings: TokenSettings,
  actor: Actor,
): ServiceAccountToken {
  return store.transact(() => {
    const updated = store.tables.serviceAccountTokens.put(token.id, { ...token, ...settings });
    logTokenChange(store, account, updated, actor, "update", "Updated");
    return updated;
  });
}

/** Replaces the value of the token. The Hub rejects the old value from now on. */
export function rotateServiceAccountToken(
  store: Store,
  account: ServiceAccount,
  token: ServiceAccountToken,
  actor: Actor,
): Issued<ServiceAccountToken> {
  return store.transact(() => {
    const value = makeTokenValue();
    const rotated = store.tables.serviceAccountTokens.put(token.id, {
      ...token,
      hash: sha256(value),
      last4: value.slice(-4),
      rotatedAt: store.timestamp(),
      // The new value was not used yet.
      lastUsedAt: undefined,
    });
    logTokenChange(store, account, rotated, actor, "rotate", "Rotated");
    return { value, token: rotated };
  });
}

export function deleteServiceAccountToken(
  store: Store,
  account: ServiceAccount,
  token: ServiceAccountToken,
  actor: Actor,
  reason?: "leaked",
): void {
  store.transact(() => {
    const deleted = { ...token, deletedAt: store.timestamp() };
    store.tables.serviceAccountTokens.put(token.id, deleted);
    logTokenChange(store, account, deleted, actor, "delete", "Deleted", reason && { reason });
  });
}

function describeAccount(account: ServiceAccount): Record<string, unknown> {
  return { _id: account.id, name: account.name, user: account.user };
}

function logTokenChange(
  store: Store,
  account: ServiceAccount,
  token: ServiceAccountToken,
  actor: Actor,
  action: "create" | "update" | "rotate" | "delete",
  verb: string,
  more: Record<string, unknown> = {},
): void {
  store.log(
    account.organization,
    actor,
    `org.service_account.token.${action}`,
    `${verb} token ${token.displayName} of service account ${account.name}`,
    {
      serviceAccount: describeAccount(account),
      token: { _id: token.id, displayName: token.displayName, last4: token.last4 },
      ...more,
    },
  );
}
