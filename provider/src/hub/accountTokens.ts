// The tokens of a service account.
import {
  type HubClient,
  type ServiceAccountToken,
  type ServiceAccountTokenInfo,
  type ServiceAccountTokenSettings,
} from "../client";
import { LifecycleError } from "../model/definition";
import { sameSet } from "../model/plain";
import { momentOf } from "../rules/moment";
import { type SeenReach, type TokenReach } from "../rules/permissions";
import { ensureFullView, isGoneFromListing } from "./absence";
import { endAll } from "./endTokens";
import { type TokenPlace, UntoldTokensError } from "./token";

/** The tokens of a service account as a {@link TokenPlace}. */
export function serviceAccountPlace(client: HubClient, organization: string, account: string): TokenPlace {
  const place: TokenPlace = {
    user: () => Promise.resolve({}),
    async list() {
      try {
        const tokens = await tokensOfAccount(client, organization, account);
        return tokens.map((token) => ({
          tokenId: token._id,
          hubName: token.displayName,
          createdAt: token.createdAt,
          lastUsedAt: token.lastUsedAt,
          expiresAt: token.expiration ?? undefined,
          last4: token.last4,
          reach: reachOf(token),
        }));
      } catch (error) {
        const isListed = async (): Promise<boolean> =>
          (await client.listServiceAccounts(organization)).some(({ _id }) => _id === account);
        if (await isGoneFromListing(error, isListed)) return undefined;
        throw error;
      }
    },
    async issue(hubName, request) {
      const { token, tokenInfo } = await client.createServiceAccountToken(organization, account, {
        displayName: hubName,
        ...settingsOf(request.reach),
      });
      const createdAt = momentOf(tokenInfo.createdAt);
      const told = toldReach(tokenInfo);
      return {
        tokenId: tokenInfo._id,
        hubName,
        value: token,
        ...(createdAt !== undefined && { createdAt }),
        last4: token.slice(-4),
        ...(told && { reach: told }),
      };
    },
    async change(tokenId, hubName, reach, before) {
      const settings = settingsOf(reach);
      // A list that stays the same is not sent. The Hub might refuse it now, for example if it names a deleted repository.
      for (const part of LISTS) if (sameSet(reach[part], before[part])) delete settings[part];
      // The Hub may not show that someone removed the exemption, so another change must not restore it.
      // guard: kept-exemption
      if (before.skipNetworkSecurity && reach.skipNetworkSecurity) delete settings.skipNetworkSecurity;
      const changed = await client.updateServiceAccountToken(organization, account, tokenId, {
        displayName: hubName,
        ...settings,
      });
      const told = toldReach(changed);
      return told && { hubName: changed.displayName, reach: told };
    },
    revoke: async (tokenId) => (await place.revokeAll([tokenId])).has(tokenId),
    revokeAll: (tokenIds) =>
      endAll(place, tokenIds, (tokenId) => client.deleteServiceAccountToken(organization, account, tokenId)),
  };
  return place;
}

/**
 * The tokens of a service account. An answer without a list means that there are none only if the token would see them.
 *
 * @throws UntoldTokensError if the token may not see them
 */
export async function tokensOfAccount(
  client: HubClient,
  organization: string,
  account: string,
): Promise<ServiceAccountToken[]> {
  const { accessTokens } = await client.getServiceAccount(organization, account);
  // guard: untold-tokens
  if (accessTokens !== undefined) return accessTokens;
  const message = `The Hub does not list the tokens of the service account ${account} of ${organization}.`;
  await ensureFullView(client, organization, { message }, "it has none or they are only hidden").catch(
    (error: unknown) => {
      throw error instanceof LifecycleError ? new UntoldTokensError(error.message) : error;
    },
  );
  return [];
}

/** The reach of a service account's token in the Hub's answer. */
export function reachOf(token: Partial<ServiceAccountTokenInfo>): SeenReach {
  return {
    permissions: token.permissions ?? [],
    repoPermissions: token.repoPermissions ?? [],
    repoIds: token.repoIds ?? [],
    endpointPatterns: token.endpointPatterns ?? [],
    skipNetworkSecurity: token.skipNetworkSecurity,
  };
}

/** The Hub's settings for a token with this reach. */
export function settingsOf(reach: TokenReach | undefined): ServiceAccountTokenSettings {
  return reach === undefined
    ? {}
    : {
        permissions: [...reach.permissions] as ServiceAccountTokenSettings["permissions"],
        repoPermissions: [...reach.repoPermissions] as ServiceAccountTokenSettings["repoPermissions"],
        repoIds: [...reach.repoIds],
        endpointPatterns: [...reach.endpointPatterns],
        skipNetworkSecurity: reach.skipNetworkSecurity,
      };
}

const LISTS = ["permissions", "repoPermissions", "repoIds", "endpointPatterns"] as const;

/** The reach of a token in the answer to a change; `undefined` if a part is missing. */
function toldReach(token: Partial<ServiceAccountTokenInfo>): SeenReach | undefined {
  const { permissions, repoPermissions, repoIds, endpointPatterns } = token;
  const isWhole = permissions && repoPermissions && repoIds && endpointPatterns;
  return isWhole ? reachOf(token) : undefined;
}
