import { isPredecessor, type LiveToken } from "../../hub/token";
import { type Clocks, clocksDiffer, earlierOf } from "../../rules/clocks";
import { type Predecessor, retirement, type Retirement } from "../../rules/rotation";
import { type KnownPredecessor, type PredecessorsInputs, type PredecessorsState } from "./model";

/** Whether an overlap is over on both clocks. */
export function hasToRetire(
  { pending }: PredecessorsState,
  inputs: PredecessorsInputs,
  clocks: Clocks,
): boolean {
  if (clocksDiffer(clocks) || isGone(inputs)) return false;
  return pending.some((predecessor) => retire(predecessor, inputs, clocks).verdict !== "overlap");
}

/** Whether someone revoked the current token. Its predecessors then stay valid. */
function isGone({ status }: PredecessorsInputs): boolean {
  return status === "revoked" || status === "missing";
}

function retire(
  predecessor: Predecessor,
  { overlapHours, idleMinutes }: PredecessorsInputs,
  clocks: Clocks,
): Retirement {
  // guard: both-clocks
  return retirement(predecessor, overlapHours, idleMinutes, earlierOf(clocks));
}

/**
 * What to do with each predecessor that the Hub still lists. Only predecessors that an earlier run recorded are included: in the run that
 * rotates, dependents may not have the successor yet.
 */
export function judgePredecessors(
  { pending }: PredecessorsState,
  inputs: PredecessorsInputs,
  live: readonly LiveToken[],
  clocks: Clocks,
): { token: LiveToken; judged: Retirement }[] {
  return pending.flatMap((predecessor) => {
    const token = live.find((each) => isPredecessor(each, predecessor));
    if (!token || token.tokenId === inputs.tokenId) return [];
    // guard: overlap-again
    if (inputs.predecessors.some((each) => isLater(each, predecessor))) return [];
    return [{ token, judged: retire({ ...predecessor, lastUsedAt: token.lastUsedAt }, inputs, clocks) }];
  });
}

/** Whether the token was superseded again later, because its successor was revoked and issued again. */
function isLater(each: KnownPredecessor, other: KnownPredecessor): boolean {
  return each.tokenId === other.tokenId && Date.parse(each.supersededAt) > Date.parse(other.supersededAt);
}

/** Why no predecessor may be revoked, because its successor does not work, or `undefined`. An expired successor did work. */
export function doubtAboutSuccessor(
  { tokenId, status = "active" }: PredecessorsInputs,
  live: readonly LiveToken[],
): string | undefined {
  // guard: successor-on-the-hub
  if (status === "expired") return undefined;
  const isListed = live.some((token) => token.tokenId === tokenId);
  if (status === "active" && isListed) return undefined;
  const why = status === "active" ? "not on the Hub" : status;
  return `its successor is ${why}. If no one needs the predecessor, revoke it on the Hub`;
}

/** The predecessors that the Hub still lists. */
export function pendingOf(
  current: string,
  predecessors: readonly KnownPredecessor[],
  live: readonly LiveToken[],
): KnownPredecessor[] {
  const latest = new Map<string, KnownPredecessor>();
  for (const each of predecessors) {
    const known = latest.get(each.tokenId);
    if (!known || isLater(each, known)) latest.set(each.tokenId, each);
  }
  return [...latest.values()]
    .filter(
      (predecessor) =>
        predecessor.tokenId !== current && live.some((token) => isPredecessor(token, predecessor)),
    )
    .map(({ tokenId, supersededAt }) => ({ tokenId, supersededAt }));
}
