// Tokens and their operations in one form, for the tokens of service accounts and of users.
import { LifecycleError } from "../model/definition";
import { isUnknown } from "../model/unknown";
import { WRONG_CLOCK } from "../rules/clocks";
import { splitMark } from "../rules/mark";
import { type SeenReach, type TokenReach } from "../rules/permissions";

/** The user who owns tokens; empty for tokens of a service account. */
export interface TokenUser {
  /** The user name, which can change. */
  user?: string;
  /** The Hub's id of the user; absent in states of earlier releases. */
  userId?: string;
}

/** A token as the Hub lists it; never its value. */
export interface LiveToken {
  /** The Hub's id. A user's own token has no id, so it is the token's full name on the Hub. */
  tokenId: string;
  /** The name on the Hub, including the mark if there is one. */
  hubName: string;
  createdAt: string;
  lastUsedAt?: string | null;
  /** The expiry that the Hub enforces. */
  expiresAt?: string;
  last4?: string;
  /** Only for a user's own token. */
  role?: string;
  /** Only for a service account's token. */
  reach?: SeenReach;
}

/** The settings of a new token. */
export interface TokenRequest {
  role?: string;
  expiresAt?: string;
  reach?: TokenReach;
}

/** A new token with its value, which the Hub shows only once. */
export interface IssuedToken {
  tokenId: string;
  hubName: string;
  value: string;
  /** Absent if the Hub's answer has no usable time. */
  createdAt?: string;
  expiresAt?: string;
  last4: string;
  /** Absent if the answer does not say it; see {@link LiveToken}. */
  role?: string;
  reach?: SeenReach;
}

/** The Hub's answer to a change of a token. */
export type ChangedToken = Pick<LiveToken, "hubName" | "reach">;

/** The group of a token or service account for `replacedAmong`: those of one organization, or a user's own tokens. */
export function credentialsOf({
  organization,
  owner,
}: {
  organization?: string | undefined;
  owner?: string | undefined;
}): { group: string; owner: string } | undefined {
  if (isUnknown(organization) || owner === undefined || isUnknown(owner)) return undefined;
  // Names on the Hub are not case-sensitive.
  const group =
    organization === undefined ? "of the user" : `of the organization ${organization.toLowerCase()}`;
  return { group, owner };
}

/** The owner of tokens: a service account or a user, with the same operations for both. */
export interface TokenPlace {
  /** The user whose own tokens these are. */
  user(): Promise<TokenUser>;
  /** All tokens; `undefined` if the service account is certainly gone. */
  list(): Promise<LiveToken[] | undefined>;
  issue(hubName: string, request: TokenRequest): Promise<IssuedToken>;
  /**
   * Renames a service account's token and sets its reach, without a new value. `before` is its current reach. Returns the Hub's answer;
   * `undefined` if the answer is not complete.
   */
  change(
    tokenId: string,
    hubName: string,
    reach: TokenReach,
    before: SeenReach,
  ): Promise<ChangedToken | undefined>;
  /** Revokes a token; `false` if it was already gone. See {@link TokenPlace.revokeAll}. */
  revoke(tokenId: string): Promise<boolean>;
  /**
   * Revokes tokens and checks that the Hub no longer lists them.
   *
   * @returns the ids of the tokens that were not already gone
   * @throws LifecycleError if the Hub accepted a revocation but still lists the token
   */
  revokeAll(tokenIds: readonly string[]): Promise<Set<string>>;
}

/** It is unclear which tokens a service account has. */
export class UntoldTokensError extends LifecycleError {}

/** The tokens with the mark of one owner, newest first. */
export function tokensOf(owner: string, tokens: readonly LiveToken[]): LiveToken[] {
  return (
    tokens
      // guard: tokens-by-owner
      .filter((token) => splitMark(token.hubName).mark?.owner === owner)
      .sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))
  );
}

/**
 * Whether a listed token is this predecessor. The id of a user's own token is only its name, and someone may have created another token
 * with that name since.
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
