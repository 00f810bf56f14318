import {
  type HubClient,
  type HubError,
  type ServiceAccountToken,
  type ServiceAccountTokenInfo,
  type ServiceAccountTokenSettings,
} from "../client";
import { isConflict, isNotFound, outcomeIsUnknown } from "../client/errors";
import { LifecycleError } from "../model/definition";
import { sameSet } from "../model/plain";
import { WRONG_CLOCK } from "../rules/clocks";
import { momentOf } from "../rules/moment";
import { splitMark, withMark } from "../rules/mark";
import { ensureFullView, isGoneFromListing } from "./absence";
import { type SeenReach, type TokenReach } from "../rules/permissions";

/** Whose own tokens they are; empty for a service account's. */
export interface TokenUser {
  /** The user name, which can change. */
  user?: string;
  /** The Hub's id of the user; absent in states of earlier releases. */
  userId?: string;
}

/**
 * Where a token lives: in a service account of an organization, or with the user whose token the provider has. If the user is known
 * already, anybody else's credentials are refused.
 */
export interface TokenAddress extends TokenUser {
  organization?: string;
  serviceAccount?: string;
}

/** A token as the Hub lists it; never its value. */
export interface LiveToken {
  /** The Hub's id; for a user's own token, which has none, its full name on the Hub. */
  tokenId: string;
  /** The name on the Hub, with the mark if it has one. */
  hubName: string;
  createdAt: string;
  lastUsedAt?: string | null;
  /** The end that the Hub itself enforces. */
  expiresAt?: string;
  last4?: string;
  /** Of a user's own token. */
  role?: string;
  /** Of a service account's token. */
  reach?: SeenReach;
}

/** What a new token is to be. */
export interface TokenRequest {
  role?: string;
  expiresAt?: string;
  reach?: TokenReach;
}

/** A new token, with its value: the only time that the Hub shows it. */
export interface IssuedToken {
  tokenId: string;
  hubName: string;
  value: string;
  /** Absent if the Hub's answer has no time in it. */
  createdAt?: string;
  expiresAt?: string;
  last4: string;
  /** What it can do, as far as the answer says; see {@link LiveToken}. */
  role?: string;
  reach?: SeenReach;
}

/** What the Hub shows of a token after a change. */
export type ChangedToken = Pick<LiveToken, "hubName" | "reach">;

/** A place that tokens live in, behind one face for both kinds. */
export interface TokenPlace {
  /** The user whose own tokens these are. */
  user(): Promise<TokenUser>;
  /** All tokens of the place; `undefined` where the place itself is certainly gone. */
  list(): Promise<LiveToken[] | undefined>;
  issue(hubName: string, request: TokenRequest): Promise<IssuedToken>;
  /**
   * Renames a service account's token and sets what it can do, without a new value. `before` is what it can do now. Gives what the Hub
   * answers; `undefined` if the answer does not say all of it.
   */
  change(
    tokenId: string,
    hubName: string,
    reach: TokenReach,
    before: SeenReach,
  ): Promise<ChangedToken | undefined>;
  /** Ends a token; `false` if it was gone already. See {@link TokenPlace.revokeAll}. */
  revoke(tokenId: string): Promise<boolean>;
  /**
   * Ends tokens, and makes sure that the Hub lists none of them any more.
   *
   * @returns the ids of those that were not gone already
   * @throws LifecycleError if the Hub has accepted a revocation and still lists the token
   */
  revokeAll(tokenIds: readonly string[]): Promise<Set<string>>;
}

/** The place that an address means. */
export function tokenPlace(client: HubClient, address: TokenAddress): TokenPlace {
  return address.organization !== undefined && address.serviceAccount !== undefined
    ? serviceAccountPlace(client, address.organization, address.serviceAccount)
    : userPlace(client, address);
}

/**
 * Issues a token under a marked name. Where the answer to a creation is lost, the token may exist although nobody
 * has its value: it is found by its exact name and revoked before another is made.
 */
export async function issueMarked(
  place: TokenPlace,
  name: string,
  owner: string,
  request: TokenRequest,
  randomHex: (length: number) => string,
): Promise<IssuedToken> {
  const attempts = 3;
  for (let attempt = 1; ; attempt++) {
    const hubName = withMark(name, { owner, random: randomHex(4) });
    try {
      return await place.issue(hubName, request);
    } catch (error) {
      if (isConflict(error) && attempt < attempts) continue;
      if (!outcomeIsUnknown(error)) throw error;
      await revokeLost(place, hubName, error);
      if (attempt === attempts) throw error;
    }
  }
}

async function revokeLost(place: TokenPlace, hubName: string, cause: HubError): Promise<void> {
  try {
    // guard: lost-token-by-name
    const lost = (await place.list())?.find((token) => token.hubName === hubName && !token.lastUsedAt);
    // guard: lost-token-revoked
    if (lost) await place.revoke(lost.tokenId);
  } catch (error) {
    throw new LifecycleError(
      `${cause.message} Whether the token was created is not known, and the Hub could not be asked: ${(error as Error).message} ` +
        `If it exists, it is named "${hubName}"; the next \`pulumi up\` reports it. No one has its value: revoke it on the Hub.`,
    );
  }
}

/** Marked tokens of one owner, newest first. */
export function tokensOf(owner: string, tokens: readonly LiveToken[]): LiveToken[] {
  return (
    tokens
      // guard: tokens-by-owner
      .filter((token) => splitMark(token.hubName).mark?.owner === owner)
      .sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))
  );
}

/**
 * Whether a listed token is the predecessor that is meant. A user's own token has only its name as an id, and someone may have made another
 * one under that name since.
 */
export function isPredecessor(
  token: LiveToken,
  { tokenId, supersededAt }: { tokenId: string; supersededAt: string },
): boolean {
  if (token.tokenId !== tokenId) return false;
  const isOwn = token.reach === undefined;
  // guard: predecessor-of-that-time
  return !isOwn || Date.parse(token.createdAt) <= Date.parse(supersededAt) + WRONG_CLOCK;
}

/** A time that the Hub gives for the creation of a token, or the time of the request if the Hub's is absurd. */
export function saneMoment(told: string | undefined, requested: Date, answered: Date): string {
  const moment = told === undefined ? NaN : Date.parse(told);
  const isSane = moment >= requested.getTime() - WRONG_CLOCK && moment <= answered.getTime() + WRONG_CLOCK;
  // guard: sane-creation
  return isSane ? (told as string) : answered.toISOString();
}

function serviceAccountPlace(client: HubClient, organization: string, account: string): TokenPlace {
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
      // The Hub may hold what it would not take today, such as a repository that is gone, and that must not keep the rest from being narrowed.
      for (const part of LISTS) if (sameSet(reach[part], before[part])) delete settings[part];
      // The Hub need not show whether someone has ended the exemption, so it is not given back with another change.
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

/** Which tokens a service account has cannot be told. */
export class UntoldTokensError extends LifecycleError {}

/**
 * The tokens of a service account. If the Hub says nothing of them, the account has none only where these credentials
 * would see them.
 *
 * @throws UntoldTokensError where that cannot be told
 */
export async function tokensOfAccount(
  client: HubClient,
  organization: string,
  account: string,
): Promise<ServiceAccountToken[]> {
  const { accessTokens } = await client.getServiceAccount(organization, account);
  // guard: untold-tokens
  if (accessTokens !== undefined) return accessTokens;
  const message = `The Hub shows no list of the tokens of the service account ${account} of ${organization}.`;
  await ensureFullView(client, organization, { message }, "it has none or they are only hidden").catch(
    (error: unknown) => {
      throw error instanceof LifecycleError ? new UntoldTokensError(error.message) : error;
    },
  );
  return [];
}

const RENAMED =
  " If that user has another name by now, correct `user` in the state with `pulumi stack export` and `pulumi stack import`.";

function userPlace(client: HubClient, known: TokenUser): TokenPlace {
  const place: TokenPlace = {
    async user() {
      const { id, name } = await client.whoami();
      const isSame = known.userId === undefined ? (known.user ?? name) === name : known.userId === id;
      // The Hub shows a user's own tokens to that user alone. To anybody else they look revoked, and are not.
      if (!isSame) {
        throw new LifecycleError(
          `This is a token of the user ${known.user}, but the credentials are those of ${name}, who cannot see it. Nothing was changed; ` +
            `use a token of ${known.user}.${known.userId === undefined ? RENAMED : ""}`,
        );
      }
      return { user: name, userId: id };
    },
    async list() {
      await place.user();
      const tokens = await client.listTokens();
      return tokens.map((token) => ({
        tokenId: token.name,
        hubName: token.name,
        createdAt: token.createdAt,
        lastUsedAt: token.lastUsed,
        expiresAt: token.expiresAt ?? undefined,
        role: token.role,
      }));
    },
    async issue(hubName, request) {
      await place.user();
      const created = await client.createToken({
        name: hubName,
        role: (request.role ?? "read") as "read" | "write" | "admin",
        // The Hub takes times in UTC only.
        expiresAt: request.expiresAt && new Date(request.expiresAt).toISOString(),
      });
      return {
        tokenId: hubName,
        hubName,
        value: created.token,
        createdAt: created.createdAt,
        expiresAt: created.expiresAt ?? undefined,
        last4: created.token.slice(-4),
        role: created.role,
      };
    },
    change() {
      throw new LifecycleError("A user's own token cannot be changed; a successor takes its place.");
    },
    revoke: async (tokenId) => (await place.revokeAll([tokenId])).has(tokenId),
    async revokeAll(tokenIds) {
      await place.user();
      return endAll(place, tokenIds, (tokenId) => client.revokeToken(tokenId));
    },
  };
  return place;
}

/** What a service account's token can do, from the Hub's answer. */
export function reachOf(token: Partial<ServiceAccountTokenInfo>): SeenReach {
  return {
    permissions: token.permissions ?? [],
    repoPermissions: token.repoPermissions ?? [],
    repoIds: token.repoIds ?? [],
    endpointPatterns: token.endpointPatterns ?? [],
    skipNetworkSecurity: token.skipNetworkSecurity,
  };
}

/** The Hub's settings for a token that can do just that. */
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

/** What the answer to a write says of a token's reach; `undefined` if it leaves a part out. */
function toldReach(token: Partial<ServiceAccountTokenInfo>): SeenReach | undefined {
  const { permissions, repoPermissions, repoIds, endpointPatterns } = token;
  const isWhole = permissions && repoPermissions && repoIds && endpointPatterns;
  return isWhole ? reachOf(token) : undefined;
}

async function endAll(
  place: TokenPlace,
  tokenIds: readonly string[],
  end: (tokenId: string) => Promise<void>,
): Promise<Set<string>> {
  const [ended, missing] = [new Set<string>(), new Map<string, unknown>()];
  for (const tokenId of tokenIds) {
    try {
      await end(tokenId);
      ended.add(tokenId);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      missing.set(tokenId, error);
    }
  }
  if (tokenIds.length === 0) return ended;
  const listed = await listedAfter(place, missing.size === 0);
  const left = listed.find(({ tokenId }) => ended.has(tokenId));
  // guard: revocation-seen
  if (left) {
    throw new LifecycleError(
      `The Hub has accepted the revocation of the token ${left.hubName} and still lists it, so it may still be valid. Run the command again; ` +
        "if that does not help, revoke the token on the Hub.",
    );
  }
  for (const [tokenId, error] of missing) {
    // guard: 404-of-a-token
    if (listed.some((token) => token.tokenId === tokenId)) throw error;
  }
  return ended;
}

/** What the Hub lists after revocations. Credentials that are shown no list have only the answers to go by. */
async function listedAfter(place: TokenPlace, areAnswered: boolean): Promise<LiveToken[]> {
  try {
    return (await place.list()) ?? [];
  } catch (error) {
    if (areAnswered && error instanceof UntoldTokensError) return [];
    throw error;
  }
}
