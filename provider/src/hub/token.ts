// What a token is to the resources, and what can be done where tokens live: the same for a service account's and for a user's own.
import { LifecycleError } from "../model/definition";
import { isUnknown } from "../model/unknown";
import { WRONG_CLOCK } from "../rules/clocks";
import { splitMark } from "../rules/mark";
import { type SeenReach, type TokenReach } from "../rules/permissions";

/** Whose own tokens they are; empty for a service account's. */
export interface TokenUser {
  /** The user name, which can change. */
  user?: string;
  /** The Hub's id of the user; absent in states of earlier releases. */
  userId?: string;
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

/** The tokens and service accounts of an organization, or a user's own tokens: see `replacedAmong`. */
export function credentialsOf({
  organization,
  owner,
}: {
  organization?: string | undefined;
  owner?: string | undefined;
}): { group: string; owner: string } | undefined {
  if (isUnknown(organization) || owner === undefined || isUnknown(owner)) return undefined;
  // The Hub does not tell names by their case.
  const group =
    organization === undefined ? "of the user" : `of the organization ${organization.toLowerCase()}`;
  return { group, owner };
}

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

/** Which tokens a service account has cannot be told. */
export class UntoldTokensError extends LifecycleError {}

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
