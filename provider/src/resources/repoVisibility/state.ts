// The state of a repository after a successful run, a failed run and a refresh.
import { type Gated, type Visibility } from "../../client/types";
import { type Observation, type View } from "../../hub/repositoryView";
import { type Progress } from "../../hub/repositoryChange";
import { type LifecycleContext, LifecycleError } from "../../model/definition";
import { noted, settled } from "../../rules/intent";
import { isOpenToOutsiders, isWider } from "../../rules/visibility";
import { type Decision } from "./decisions";
import { unseenChange, unseenOpen } from "./messages";
import { type RepoVisibilityInputs, type RepoVisibilityState } from "./model";
import { isFirstGate, viewOf } from "./view";

/** The state after a successful run. */
export function finished(
  inputs: RepoVisibilityInputs,
  { applied, heard }: Pick<Decision, "applied" | "heard">,
  { identity, at }: { identity: string | undefined; at: Date },
): RepoVisibilityState {
  return {
    ...inputs,
    applied,
    appliedAt: at.toISOString(),
    heard: settled(heard),
    identity,
    status: "active",
  };
}

/**
 * The state after a failed run.
 *
 * @param before - the state at the start of the run
 */
export function unfinished(
  inputs: RepoVisibilityInputs,
  before: RepoVisibilityState,
  kept: RepoVisibilityState,
  { view, tried }: Progress,
): RepoVisibilityState {
  const { applied, appliedAt, heard, identity } = kept;
  // A first gate that was not sent is still a first gate in the next run: no one can have tightened it.
  // guard: first-gate-before
  const seen = isFirstGate(before) && isFirstGate(kept) ? { visibilities: view.visibilities } : view;
  return {
    ...inputs,
    gated: undefined,
    ...loosest(seen),
    ...{ applied, appliedAt, heard, identity, tried },
    seen: viewIn(seen),
    status: "active",
  };
}

/** The state of a missing repository. If it appears again, it must not be widened automatically. */
export function missing(state: RepoVisibilityState, inputs: RepoVisibilityInputs): RepoVisibilityState {
  return {
    ...inputs,
    heard: noted(state.heard, inputs.acknowledgePublic),
    identity: state.identity,
    seen: viewIn(viewOf(state)),
    status: "missing",
  };
}

export function viewIn({ visibilities, gates }: View): RepoVisibilityState["seen"] {
  return { visibilities: [...visibilities], ...(gates && { gates: [...gates] }) };
}

export function loosest({ visibilities, gates }: View): {
  visibility: Visibility;
  gated?: Gated | undefined;
} {
  return { visibility: visibilities.at(-1) as Visibility, ...(gates && { gated: gates.at(-1) }) };
}

function tightest({ visibilities }: View): Visibility {
  return visibilities[0] as Visibility;
}

/**
 * The values that a refresh shows. A value that cannot be seen exactly counts as last applied.
 *
 * @throws LifecycleError if outsiders may see more than before, and the program does not declare `acceptUnseen`
 */
export function shown(
  state: RepoVisibilityState,
  current: Observation,
  { log }: LifecycleContext,
): { visibility: Visibility; gated?: Gated | undefined } {
  const { visibilities, gates } = current;
  const widest = loosest(current);
  if (visibilities.length === 1 && (gates?.length ?? 1) === 1) return widest;
  const last = state.applied?.visibility ?? state.visibility ?? tightest(current);
  const lastGate = state.applied?.gated ?? state.gated;
  const visibility = visibilities.includes(last) ? last : widest.visibility;
  const gated = lastGate !== undefined && gates?.includes(lastGate) ? lastGate : widest.gated;
  const mayBeOpen =
    isOpenToOutsiders(widest.visibility) && (isWider(widest.visibility, last) || gated !== widest.gated);
  // guard: unseen-outsiders
  if (mayBeOpen && !state.acceptUnseen) throw new LifecycleError(unseenOpen(state, current));
  log.warn(unseenChange(state, current));
  return { visibility, gated };
}
