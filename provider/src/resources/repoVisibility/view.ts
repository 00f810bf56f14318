// What is known of a repository: what the Hub shows of it, and what is remembered of it.
import { type Gated, type Visibility } from "../../client/types";
import { type LifecycleContext } from "../../model/definition";
import { settled } from "../../rules/intent";
import { visibilitiesOf } from "../../rules/visibility";
import { type RepoVisibilityState } from "./model";

/** What the Hub may hold: one value of each, if that can be seen exactly. */
export interface View {
  /** From the fewest people to the most. */
  visibilities: readonly Visibility[];
  /** Absent if the gate is not asked for. */
  gates?: readonly Gated[] | undefined;
}

/** What a look at the Hub has shown. */
export interface Observation extends View {
  /** Absent if the Hub does not tell. */
  identity?: string | undefined;
}

/** The only possible value; `undefined` if there are more. */
export function exactly<V>(possible: readonly V[] | undefined): V | undefined {
  return possible?.length === 1 ? possible[0] : undefined;
}

/** What the Hub holds, as the last look at it has shown. */
export function viewOf({ repoType, visibility, gated, seen }: RepoVisibilityState): View {
  if (seen) return seen;
  // Absent from the state of an update that has failed before anything was seen.
  const visibilities = (visibility as Visibility | undefined) ? [visibility] : visibilitiesOf(repoType);
  return { visibilities, ...(gated !== undefined && { gates: [gated] }) };
}

/** Whether the program has declared a gate when the state was written. */
export function managesGate({ gated, applied, seen }: RepoVisibilityState): boolean {
  return gated !== undefined || applied?.gated !== undefined || seen?.gates !== undefined;
}

/** Whether a gate that the program declares now is one that nothing was brought about of before. */
export function isFirstGate(state: RepoVisibilityState): boolean {
  return state.applied !== undefined && !managesGate(state);
}

/**
 * What is remembered, as far as it is about the repository that is there now: of another one, or of one that was gone, nothing counts as
 * applied, and no reason is open.
 */
export function recognized(state: RepoVisibilityState, current: Observation): RepoVisibilityState {
  const { status, identity, heard } = state;
  const differs = identity !== undefined && current.identity !== undefined && identity !== current.identity;
  // guard: another-repository
  if (status === "missing" || differs) {
    return {
      ...state,
      applied: undefined,
      appliedAt: undefined,
      tried: undefined,
      heard: heard && settled(heard),
      identity: current.identity,
      unreported: true,
      status: "active",
    };
  }
  const { applied, tried } = settledAttempt(state, current);
  const isAsApplied = applied?.visibility !== undefined && current.visibilities.includes(applied.visibility);
  return { ...state, applied, tried, identity: identity ?? (isAsApplied ? current.identity : undefined) };
}

/**
 * What was tried and is there now counts as applied. What is seen not to be there does not count any more: if it is there later, someone may
 * have put it there.
 */
function settledAttempt(
  { applied, tried }: RepoVisibilityState,
  { visibilities, gates }: View,
): Pick<RepoVisibilityState, "applied" | "tried"> {
  if (tried === undefined) return { applied, tried };
  const visibility = exactly(visibilities);
  const gated = exactly(gates);
  const open = {
    visibility: visibility === undefined ? tried.visibility : undefined,
    gated: gated === undefined ? tried.gated : undefined,
  };
  return {
    applied: {
      ...applied,
      ...(visibility !== undefined && visibility === tried.visibility && { visibility }),
      ...(gated !== undefined && gated === tried.gated && { gated }),
    },
    tried: open.visibility === undefined && open.gated === undefined ? undefined : open,
  };
}

/** What another resource of this run remembers of the repository, which may have had another name. */
export function formerOf(context: LifecycleContext, current: Observation): RepoVisibilityState | undefined {
  // guard: former-by-identity
  const renamed = current.identity === undefined ? undefined : context.formerOf?.(current.identity);
  const state = (renamed ?? context.former) as RepoVisibilityState | undefined;
  return state && recognized(state, current);
}
