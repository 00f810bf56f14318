// Revokes tokens, and then checks that the Hub no longer lists them.
import { isNotFound } from "../client/errors";
import { LifecycleError } from "../model/definition";
import { type LiveToken, type TokenPlace, UntoldTokensError } from "./token";

/** See {@link TokenPlace.revokeAll}. */
export async function endAll(
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
      `The Hub accepted the revocation of the token ${left.hubName} but still lists it, so it may still be valid. Run the same command again; ` +
        "if that does not help, revoke the token on the Hub.",
    );
  }
  for (const [tokenId, error] of missing) {
    // guard: 404-of-a-token
    if (listed.some((token) => token.tokenId === tokenId)) throw error;
  }
  return ended;
}

/** The tokens that the Hub lists after revocations. If the Hub shows this token no list, only the answers count. */
async function listedAfter(place: TokenPlace, areAnswered: boolean): Promise<LiveToken[]> {
  try {
    return (await place.list()) ?? [];
  } catch (error) {
    if (areAnswered && error instanceof UntoldTokensError) return [];
    throw error;
  }
}
