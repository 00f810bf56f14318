// Tokens with a resource's mark that are not in its state. An unused token is harmless, but revoking one in use is an outage. So strays are
// reported, and revoked only if the program says so.
import { type LiveToken, tokensOf } from "../../hub/token";
import { type PureContext } from "../../model/definition";
import { firstOf } from "../../model/words";
import { clocksDiffer, earlierOf } from "../../rules/clocks";
import { HOUR } from "../../rules/rotation";
import { type PredecessorsInputs, type Stray } from "./model";

/** The strays in the Hub's list, newest first. `own` has the ids that the resource knows. */
export function straysAmong(
  owner: string,
  live: readonly LiveToken[],
  own: ReadonlySet<string>,
  before: readonly Stray[],
  { claims }: PureContext,
): Stray[] {
  // guard: claimed-strays
  const marked = tokensOf(owner, live).filter(({ tokenId }) => !own.has(tokenId) && !claims.has(tokenId));
  // The Hub may forget a use; the state keeps it.
  const usedBefore = new Set(before.filter(({ used }) => used).map(({ tokenId }) => tokenId));
  // guard: marked-strays
  return marked.map(({ tokenId, hubName, createdAt, lastUsedAt }) => ({
    ...{ tokenId, hubName, createdAt },
    ...(lastUsedAt && { lastUsedAt }),
    used: usedBefore.has(tokenId) || Boolean(lastUsedAt),
  }));
}

/**
 * Records strays for the rest of the run, and returns those that the run has not reported yet.
 *
 * @param recorded - the strays that an earlier run found. Only a refresh uses it: after a refresh, the run knows the tokens of all resources
 */
export function noteStrays(
  found: readonly Stray[],
  { claims, reported }: PureContext,
  // guard: refreshed-strays
  recorded: readonly Stray[] = [],
): Stray[] {
  const unsaid = found.filter((stray) => !claims.has(stray.tokenId) && !reported.has(keyOf(stray)));
  for (const stray of unsaid) {
    // guard: recorded-strays
    reported.set(keyOf(stray), recorded.some((each) => keyOf(each) === keyOf(stray)) ? "recorded" : "new");
  }
  return unsaid;
}

/** Includes the creation time, because a user's own token has only its name as an id, and the name may be used again. */
function keyOf({ tokenId, createdAt = "" }: Stray): string {
  return `${tokenId} ${createdAt}`;
}

/** Whether this run may revoke a stray. */
export function isRevocable(
  stray: Stray,
  { revokeStrays, overlapHours }: Pick<PredecessorsInputs, "revokeStrays" | "overlapHours">,
  context: PureContext,
): boolean {
  const { tokenId, used, createdAt } = stray;
  const { claims, reported } = context;
  // guard: revoked-strays
  if (revokeStrays !== true || reported.get(keyOf(stray)) !== "recorded") return false;
  // guard: used-stray
  if (used || claims.has(tokenId)) return false;
  // guard: both-clocks-of-strays
  if (createdAt === undefined || clocksDiffer(context)) return false;
  return Date.parse(createdAt) + overlapHours * HOUR <= earlierOf(context).getTime();
}

/** Reports strays in one line. `revoking`: the age in hours after which a later run revokes unused ones; absent if none does. */
export function reportStrays(
  found: readonly Stray[],
  revoking: number | undefined,
  context: PureContext,
): void {
  if (found.length === 0) return;
  const names = firstOf(found.map((stray) => `${stray.hubName} (${lifeOf(stray, context.now)})`));
  const outlook =
    revoking === undefined
      ? "An interrupted creation may have left them, or another stack may manage them, so they are not revoked. If no one needs them, revoke them on the Hub."
      : `A later \`pulumi up --refresh\` revokes those that were never used, once they are older than ${revoking} h (revokeStrays).`;
  context.log.warn(
    `found ${found.length} token(s) with this resource's mark that are not in its state: ${names}. ${outlook}`,
  );
}

function lifeOf({ createdAt, lastUsedAt, used }: Stray, now: Date): string {
  const age = durationSince(createdAt, now);
  const idle = durationSince(lastUsedAt, now);
  const use = used ? (idle === undefined ? "used" : `last used ${idle} ago`) : "never used";
  return `${age === undefined ? "of unknown age" : `${age} old`}, ${use}`;
}

function durationSince(moment: string | undefined, now: Date): string | undefined {
  const hours = (now.getTime() - Date.parse(moment ?? "")) / HOUR;
  if (Number.isNaN(hours)) return undefined;
  if (hours < 1) return `${Math.max(0, Math.floor(hours * 60))} min`;
  return hours < 48 ? `${Math.floor(hours)} h` : `${Math.floor(hours / 24)} days`;
}
