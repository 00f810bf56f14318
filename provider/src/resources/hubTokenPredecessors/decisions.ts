import { isPredecessor, type LiveToken } from "../../hub/token";
import { type Clocks, clocksDiffer, earlierOf } from "../../rules/clocks";
import { sameCreation } from "../../rules/moment";
import { type Predecessor, retirement, type Retirement } from "../../rules/rotation";
import { type KnownPredecessor, type PredecessorsInputs, type PredecessorsState } from "./model";

/** Whether an overlap is over, by both clocks. */
export function hasToRetire(
  { pending }: PredecessorsState,
  inputs: PredecessorsInputs,
  clocks: Clocks,
): boolean {
  if (clocksDiffer(clocks)) return false;
  return pending.some((predecessor) => retire(predecessor, inputs, clocks).verdict !== "overlap");
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
 * How each predecessor is to be treated that the Hub still lists. Only what an earlier run has recorded is judged: in the run that
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
    return [{ token, judged: retire({ ...predecessor, lastUsedAt: token.lastUsedAt }, inputs, clocks) }];
  });
}

/** A token that takes the place of predecessors. */
type Successor = Pick<PredecessorsState, "tokenId" | "born">;

/**
 * Why no predecessor may be revoked, or `undefined`. What an earlier run has left as the current token has to be there too: one that this run
 * has issued in its place is not where it is needed yet.
 */
export function doubtAboutSuccessors(
  successors: readonly Successor[],
  live: readonly LiveToken[],
): string | undefined {
  const isThere = ({ tokenId, born }: Successor): boolean =>
    live.some(
      (token) =>
        token.tokenId === tokenId &&
        // guard: successor-of-that-time
        (born === undefined || sameCreation(token.createdAt, born)),
    );
  // guard: successors-on-the-hub
  if (successors.every(isThere)) return undefined;
  return "its successor is not on the Hub. Revoke it there if no one needs it";
}

/** When the current token was made. Only for a user's own: the Hub has an id of each other one. */
export function bornOf(
  { organization, tokenId }: PredecessorsInputs,
  before: Successor | undefined,
  live: readonly LiveToken[],
): string | undefined {
  if (organization !== undefined) return undefined;
  const known = before?.tokenId === tokenId ? before.born : undefined;
  return known ?? live.find((token) => token.tokenId === tokenId)?.createdAt;
}

/** What the Hub still lists of the predecessors. */
export function pendingOf(
  current: string,
  predecessors: readonly KnownPredecessor[],
  live: readonly LiveToken[],
): KnownPredecessor[] {
  return predecessors
    .filter(
      (predecessor, index) =>
        live.some((token) => isPredecessor(token, predecessor)) &&
        predecessor.tokenId !== current &&
        predecessors.findIndex(({ tokenId }) => tokenId === predecessor.tokenId) === index,
    )
    .map(({ tokenId, supersededAt }) => ({ tokenId, supersededAt }));
}
