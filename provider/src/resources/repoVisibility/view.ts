// What is known about a repository, from the Hub and from the state.
import { type Visibility } from "../../client/types";
import { exactly, type Observation, type Questions, type View } from "../../hub/repositoryView";
import { type LifecycleContext } from "../../model/definition";
import { settled } from "../../rules/intent";
import { visibilitiesOf } from "../../rules/visibility";
import { type RepoVisibilityInputs, type RepoVisibilityState } from "./model";

/** What a step needs to read that may change something. */
export function asking({ gated }: RepoVisibilityInputs): Questions {
  return { gate: gated !== undefined, repository: true };
}

/** The view from the last run or refresh. */
export function viewOf({ repoType, visibility, gated, seen }: RepoVisibilityState): View {
  if (seen) return seen;
  // Absent after an update that failed before it read anything.
  const visibilities = (visibility as Visibility | undefined) ? [visibility] : visibilitiesOf(repoType);
  return { visibilities, ...(gated !== undefined && { gates: [gated] }) };
}

/** Whether the program declared a gate when the state was written. */
export function managesGate({ gated, applied, seen }: RepoVisibilityState): boolean {
  return gated !== undefined || applied?.gated !== undefined || seen?.gates !== undefined;
}

/** Whether a gate that the program declares now would be the first one that is applied. */
export function isFirstGate(state: RepoVisibilityState): boolean {
  return state.applied !== undefined && !managesGate(state);
}

/**
 * The state as far as it is about the current repository. For a different repository, or one that was missing, nothing counts as applied
 * and no reason is open.
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
 * Settles values that were sent without a response. If the Hub has them now, they count as applied; if not, they are dropped, because
 * someone else may set them later.
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

/** The state of another resource of this run for the same repository, which may have been renamed. */
export function formerOf(context: LifecycleContext, current: Observation): RepoVisibilityState | undefined {
  // guard: former-by-identity
  const renamed = current.identity === undefined ? undefined : context.formerOf?.(current.identity);
  const state = (renamed ?? context.former) as RepoVisibilityState | undefined;
  return state && recognized(state, current);
}
