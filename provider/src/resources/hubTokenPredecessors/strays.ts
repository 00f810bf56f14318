// Tokens with the mark of a resource whose state does not have them. A token that no one has the value of is clutter, but a live one that
// is revoked by mistake is an outage: so they are reported, and revoked only if the program says so.
import { type LiveToken, tokensOf } from "../../hub/token";
import { type PureContext } from "../../model/definition";
import { firstOf } from "../../model/words";
import { clocksDiffer, earlierOf } from "../../rules/clocks";
import { HOUR } from "../../rules/rotation";
import { type PredecessorsInputs, type Stray } from "./model";

/** The strays among the tokens that the Hub lists, newest first. `own`: the ids that the resource knows. */
export function straysAmong(
  owner: string,
  live: readonly LiveToken[],
  own: ReadonlySet<string>,
  before: readonly Stray[],
  { claims }: PureContext,
): Stray[] {
  // guard: claimed-strays
  const marked = tokensOf(owner, live).filter(({ tokenId }) => !own.has(tokenId) && !claims.has(tokenId));
  // The Hub may forget a use; it stays known here.
  const usedBefore = new Set(before.filter(({ used }) => used).map(({ tokenId }) => tokenId));
  // guard: marked-strays
  return marked.map(({ tokenId, hubName, createdAt, lastUsedAt }) => ({
    ...{ tokenId, hubName, createdAt },
    ...(lastUsedAt && { lastUsedAt }),
    used: usedBefore.has(tokenId) || Boolean(lastUsedAt),
  }));
}

/**
 * Notes strays for the rest of the run, and gives those that it has not reported yet.
 *
 * @param recorded - what an earlier run has found. Only a refresh goes by it: after that the run knows the tokens of all resources
 */
export function noteStrays(
  found: readonly Stray[],
  { claims, strays }: PureContext,
  // guard: refreshed-strays
  recorded: readonly Stray[] = [],
): Stray[] {
  const unsaid = found.filter((stray) => !claims.has(stray.tokenId) && !strays.has(keyOf(stray)));
  for (const stray of unsaid) {
    // guard: recorded-strays
    strays.set(keyOf(stray), recorded.some((each) => keyOf(each) === keyOf(stray)) ? "recorded" : "new");
  }
  return unsaid;
}

/** A user's own token has only its name as an id, and someone may have made another one under that name since. */
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
  const { claims, strays } = context;
  // guard: revoked-strays
  if (revokeStrays !== true || strays.get(keyOf(stray)) !== "recorded") return false;
  // guard: used-stray
  if (used || claims.has(tokenId)) return false;
  // guard: both-clocks-of-strays
  if (createdAt === undefined || clocksDiffer(context)) return false;
  return Date.parse(createdAt) + overlapHours * HOUR <= earlierOf(context).getTime();
}

/** Reports strays in one line. `revoking`: after how many hours a later run revokes those that were never used; absent if none does. */
export function reportStrays(
  found: readonly Stray[],
  revoking: number | undefined,
  context: PureContext,
): void {
  if (found.length === 0) return;
  const names = firstOf(found.map((stray) => `${stray.hubName} (${lifeOf(stray, context.now)})`));
  const outlook =
    revoking === undefined
      ? "An interrupted creation may have left them, or another stack holds them, so they are not revoked. Revoke on the Hub what no one needs."
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
