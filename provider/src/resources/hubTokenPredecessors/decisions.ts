import { type LiveToken, tokensOf } from "../../hub/tokenPlace";
import { type Predecessor, retirement, type Retirement } from "../../rules/rotation";
import { type KnownPredecessor, type PredecessorsInputs, type PredecessorsState, type Stray } from "./model";

/** Whether an overlap is over, or a stray is to be revoked. */
export function hasToAct(
  { pending, strays }: PredecessorsState,
  inputs: PredecessorsInputs,
  { claims, now }: { claims: ReadonlySet<string>; now: Date },
): boolean {
  return (
    pending.some((predecessor) => retire(predecessor, inputs, now).verdict !== "overlap") ||
    strays.some(({ tokenId, used }) => !used && !claims.has(tokenId))
  );
}

function retire(
  predecessor: Predecessor,
  { overlapHours, idleMinutes }: PredecessorsInputs,
  now: Date,
): Retirement {
  return retirement(predecessor, overlapHours, idleMinutes, now);
}

/**
 * How each predecessor is to be treated that the Hub still lists. Only what an earlier run has recorded is judged: in the run that
 * rotates, dependents may not have the successor yet.
 */
export function judgePredecessors(
  { pending }: PredecessorsState,
  inputs: PredecessorsInputs,
  live: readonly LiveToken[],
  now: Date,
): { token: LiveToken; judged: Retirement }[] {
  return pending.flatMap((predecessor) => {
    const token = live.find(({ tokenId }) => tokenId === predecessor.tokenId);
    if (!token || token.tokenId === inputs.tokenId) return [];
    return [{ token, judged: retire({ ...predecessor, lastUsedAt: token.lastUsedAt }, inputs, now) }];
  });
}

/** What the Hub still lists of the predecessors, and strays among its tokens. */
export function remaining(
  { owner, tokenId: current }: Pick<PredecessorsInputs, "owner" | "tokenId">,
  predecessors: readonly KnownPredecessor[],
  strays: readonly Stray[],
  live: readonly LiveToken[],
  claims: ReadonlySet<string>,
): Pick<PredecessorsState, "pending" | "strays"> {
  const listed = new Set(live.map(({ tokenId }) => tokenId));
  const pending = predecessors.filter(
    ({ tokenId }, index) =>
      listed.has(tokenId) &&
      tokenId !== current &&
      predecessors.findIndex((other) => other.tokenId === tokenId) === index,
  );
  const own = new Set([current, ...pending.map(({ tokenId }) => tokenId)]);
  // guard: claimed-strays
  const marked = tokensOf(owner, live).filter(({ tokenId }) => !own.has(tokenId) && !claims.has(tokenId));
  // Once a stray was used it stays reported as such.
  const usedBefore = new Set(strays.filter(({ used }) => used).map(({ tokenId }) => tokenId));
  return {
    pending: pending.map(({ tokenId, supersededAt }) => ({ tokenId, supersededAt })),
    // guard: marked-strays
    strays: marked.map(({ tokenId, hubName, lastUsedAt }) => ({
      tokenId,
      hubName,
      used: usedBefore.has(tokenId) || Boolean(lastUsedAt),
    })),
  };
}

/** The strays to report: used ones each time, others when they are first found. */
export function toReport(found: readonly Stray[], before: readonly Stray[]): Stray[] {
  return found.filter((stray) => stray.used || !isRecorded(stray, before));
}

/** Whether an earlier run has found it. */
export function isRecorded({ tokenId }: Stray, before: readonly Stray[]): boolean {
  return before.some((stray) => stray.tokenId === tokenId);
}

/** Says that a stray was found, and what becomes of it. */
export function describeFound(stray: Stray): string {
  return stray.used
    ? describeUsed(stray)
    : `found the token ${stray.hubName}, which carries this resource's mark but is in no state: a creation was interrupted, ` +
        "or a replacement is under way. The next `pulumi up` revokes it if it was never used and nothing holds it.";
}

/** Says that a stray is not touched, because it was used. */
export function describeUsed({ hubName }: Stray): string {
  return (
    `the token ${hubName} carries this resource's mark, is in no state, and was used: someone has its value. ` +
    "It is not touched; find out who uses it, and revoke it on the Hub."
  );
}

/** Says that a destroy leaves a stray that it was the first to find: a resource outside of this run may hold it. */
export function describeLeft({ hubName }: Stray): string {
  return (
    `the token ${hubName} carries this resource's mark and is not known to this stack. It is not touched; if nothing ` +
    "holds it, revoke it on the Hub."
  );
}
