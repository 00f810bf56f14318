import { badRequest, forbidden, notFound } from "../errors.js";
import { type Answer, type Call, created, noContent, ok } from "../route.js";
import { type ServiceAccount, type ServiceAccountToken } from "../store/records.js";
import * as accounts from "../store/service-accounts.js";
import { type TokenSettings } from "../store/service-accounts.js";
import { type Store } from "../store/store.js";
import { type OrganizationNeeds, requireOrganization, requirePlan } from "./access.js";
import { byId } from "./paging.js";

export interface OrganizationParams {
  org: string;
}
export interface AccountParams extends OrganizationParams {
  id: string;
}
export interface TokenParams extends AccountParams {
  tokenId: string;
}

function toRead(call: Call, org: string): void {
  requireOrganization(call, org, {
    role: "admin",
    permissions: ["org.serviceAccounts.read", "org.serviceAccounts.write"],
    plan: "enterprise",
  });
}

const TO_WRITE: OrganizationNeeds = {
  role: "admin",
  permissions: ["org.serviceAccounts.write"],
  plan: "enterprise",
};

function toWrite(call: Call, org: string): void {
  requireOrganization(call, org, TO_WRITE);
}

function findAccount(store: Store, { org, id }: AccountParams): ServiceAccount {
  const account = store.serviceAccounts.get(id.toLowerCase());
  if (account?.organization !== org) throw notFound("Service account not found");
  return account;
}

function findToken(store: Store, account: ServiceAccount, tokenId: string): ServiceAccountToken {
  const token = store.serviceAccountTokens.get(tokenId.toLowerCase());
  if (token?.accountId !== account.id || token.deletedAt) throw notFound("Service account token not found");
  return token;
}

/** Validates a token's settings. Throws 400, 402 or 403. */
function checkSettings(call: Call, org: string, asked: TokenSettings): TokenSettings {
  const { store } = call;
  const repoIds = asked.repoIds?.map((repoId) => repoId.toLowerCase());
  for (const [index, repoId] of (repoIds ?? []).entries()) {
    const repo = store.repositoryById.one(repoId);
    if (repo?.namespace !== org && repo?.visibility !== "public") {
      throw badRequest(`repoIds.${index}: is neither a public repository nor one of organization ${org}`);
    }
  }
  if (asked.skipNetworkSecurity) {
    requirePlan(requireOrganization(call, org, TO_WRITE), "plus");
    // A service account's token cannot have the permission that this setting needs.
    if (call.principal?.kind === "serviceAccount") {
      throw forbidden("skipNetworkSecurity: this token needs the permission org.networkSecurity.write.");
    }
  }
  return repoIds ? { ...asked, repoIds } : asked;
}

export function listServiceAccounts(call: Call<OrganizationParams>): Answer {
  const { org } = call.params;
  toRead(call, org);
  return ok(call.store.serviceAccountsOf(org).sort(byId).map(describeAccount));
}

export function createServiceAccount(
  call: Call<OrganizationParams, unknown, { name: string; description?: string }>,
): Answer {
  const { org } = call.params;
  toWrite(call, org);
  const account = accounts.createServiceAccount(call.store, org, call.body, call.actor);
  const { _id, user, name, description, createdAt } = describeAccount(account);
  // This answer has the account's name as `fullname`, unlike the two other answers.
  return created({ _id, user, fullname: name, description, createdAt });
}

export function getServiceAccount(call: Call<AccountParams>): Answer {
  toRead(call, call.params.org);
  const account = findAccount(call.store, call.params);
  const accessTokens = call.store.tokensOf(account.id).sort(byId).map(describeToken);
  return ok({ ...describeAccount(account), accessTokens });
}

export function deleteServiceAccount(call: Call<AccountParams>): Answer {
  toWrite(call, call.params.org);
  accounts.deleteServiceAccount(call.store, findAccount(call.store, call.params), call.actor);
  return noContent();
}

export function createServiceAccountToken(call: Call<AccountParams, unknown, TokenSettings>): Answer {
  const { store, params, body, actor } = call;
  toWrite(call, params.org);
  const account = findAccount(store, params);
  const settings = checkSettings(call, params.org, body);
  const { value, token } = accounts.createServiceAccountToken(store, account, settings, actor);
  return created({ token: value, tokenInfo: { ...describeSettings(token), createdAt: token.createdAt } });
}

export function updateServiceAccountToken(call: Call<TokenParams, unknown, TokenSettings>): Answer {
  const { store, params, body, actor } = call;
  toWrite(call, params.org);
  const account = findAccount(store, params);
  const token = findToken(store, account, params.tokenId);
  const settings = checkSettings(call, params.org, body);
  return ok(describeSettings(accounts.updateServiceAccountToken(store, account, token, settings, actor)));
}

export function rotateServiceAccountToken(call: Call<TokenParams>): Answer {
  const { store, params, actor } = call;
  toWrite(call, params.org);
  const account = findAccount(store, params);
  const issued = accounts.rotateServiceAccountToken(
    store,
    account,
    findToken(store, account, params.tokenId),
    actor,
  );
  const { id, displayName, createdAt, last4 } = issued.token;
  return ok({ token: issued.value, tokenInfo: { _id: id, displayName, createdAt, last4 } });
}

export function deleteServiceAccountToken(call: Call<TokenParams>): Answer {
  const { store, params, actor } = call;
  toWrite(call, params.org);
  const account = findAccount(store, params);
  accounts.deleteServiceAccountToken(store, account, findToken(store, account, params.tokenId), actor);
  return noContent();
}

function describeAccount(account: ServiceAccount) {
  const { id, user, name, email, description, createdAt } = account;
  return { _id: id, user, name, email, description, createdAt };
}

function describeSettings(token: ServiceAccountToken) {
  const { id, displayName, permissions, repoIds, repoPermissions, endpointPatterns } = token;
  const { skipNetworkSecurity } = token;
  return {
    _id: id,
    displayName,
    permissions,
    repoIds,
    repoPermissions,
    endpointPatterns,
    skipNetworkSecurity,
  };
}

function describeToken(token: ServiceAccountToken) {
  const { createdAt, lastUsedAt, last4 } = token;
  return {
    ...describeSettings(token),
    createdAt,
    role: "fineGrained",
    last4,
    ...(lastUsedAt && { lastUsedAt }),
  };
}
