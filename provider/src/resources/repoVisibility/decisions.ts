import { type RepoSettingsUpdate, type Visibility } from "../../client/types";
import { type RepoAddress } from "../../model/repoAddress";
import { type View } from "../../hub/repositoryView";
import { type CheckFailure } from "../../model/definition";
import { type Properties } from "../../model/plain";
import { isUnknown, known } from "../../model/unknown";
import { fingerprint, type Heard, listen, noted } from "../../rules/intent";
import { isLooser, reconcile, type Row } from "../../rules/reconcile";
import {
  canBeGated,
  GATE,
  isOpenToOutsiders,
  noteDeclaredVisibility,
  VISIBILITY,
  visibilitiesOf,
} from "../../rules/visibility";
import { refusalOfGate, refusalOfVisibility } from "./messages";
import { type RepoVisibilityInputs, type RepoVisibilityState } from "./model";
import { isFirstGate } from "./view";

/** The decision about the differences between the program and the Hub. */
export interface Decision {
  /** The changes to send, in this order, even if the rest is refused. */
  changes: RepoSettingsUpdate[];
  /** Why the rest is not sent, and what to do. */
  refusal?: string | undefined;
  /** What counts as applied before anything is sent, including values that the run found as declared. */
  found: RepoVisibilityState["applied"];
  /** What counts as applied after everything was sent. */
  applied: RepoVisibilityState["applied"];
  /** The reasons to keep if the run fails. */
  heard: Heard;
}

/** Replaces the short form `private` in the arguments by the long form `visibility`. */
export function longForm(inputs: Properties): Properties {
  const { private: isPrivate, ...others } = inputs;
  const { visibility } = inputs;
  // With the option `ignoreChanges`, the engine adds the long form of the previous program.
  const saysTheSame = typeof isPrivate === "boolean" && visibility === (isPrivate ? "private" : "public");
  if (visibility !== undefined) return saysTheSame ? others : inputs;
  if (isUnknown(isPrivate)) return { ...others, visibility: isPrivate };
  if (typeof isPrivate !== "boolean") return inputs;
  return { ...others, visibility: isPrivate ? "private" : "public" };
}

/** The errors in the arguments. Values that are not known yet are not checked. */
export function checkFailures(
  inputs: RepoVisibilityInputs,
  previous: RepoVisibilityInputs | undefined,
  { declaredBy, declarer }: { declaredBy: Map<string, string>; declarer: unknown },
): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const [repo, repoType, visibility] = [known(inputs.repo), known(inputs.repoType), known(inputs.visibility)];
  if (inputs.private !== undefined) {
    failures.push({
      property: "private",
      reason: "is the short form of visibility: give only one of the two",
    });
  }
  if (repoType && visibility && !visibilitiesOf(repoType).includes(visibility)) {
    failures.push({
      property: "visibility",
      reason: `"${visibility}" is not possible for a ${repoType}; allowed: ${visibilitiesOf(repoType).join(", ")}`,
    });
  }
  if (repoType && inputs.gated !== undefined && !canBeGated(repoType)) {
    failures.push({
      property: "gated",
      reason: `is not possible for a ${repoType}: only models and datasets can be gated`,
    });
  }
  // An unchanged visibility, as with `ignoreChanges`, needs no reason. Without a reason, it is never widened again.
  const isNew = visibility !== previous?.visibility;
  if (visibility && isNew && isOpenToOutsiders(visibility) && inputs.acknowledgePublic === undefined) {
    failures.push({
      property: "acknowledgePublic",
      reason: `is required with visibility "${visibility}": say why outsiders may see ${repo ?? "the repository"}`,
    });
  }
  if (repo && repoType) noteDeclaredVisibility(declaredBy, { repo, repoType }, visibility);
  const owner = known(declarer);
  if (
    repo &&
    repoType &&
    typeof owner === "string" &&
    isDeclaredByAnother({ repo, repoType }, owner, declaredBy)
  ) {
    failures.push({
      property: "repo",
      reason: `another RepoVisibility of this stack already manages ${repo}. They would revert each other: keep one of the two`,
    });
  }
  return failures;
}

/** Records which resource declares the repository, and returns whether another resource of this run already did. */
function isDeclaredByAnother(
  { repo, repoType }: RepoAddress,
  owner: string,
  declaredBy: Map<string, string>,
): boolean {
  const key = `RepoVisibility ${repoType}/${repo.toLowerCase()}`;
  // An operation may check a resource twice, and the second time with another repository.
  const ofOwner = `RepoVisibility of ${owner}`;
  const before = declaredBy.get(ofOwner);
  if (before !== undefined && before !== key && declaredBy.get(before) === owner) declaredBy.delete(before);
  declaredBy.set(ofOwner, key);
  const first = declaredBy.get(key) ?? owner;
  declaredBy.set(key, first);
  return first !== owner;
}

/**
 * Decides what a run does. A preview passes the last known view of the Hub, a run passes the current one.
 *
 * @param state - the state for this repository; in a creation, the state of another resource of the run for the same repository, if any
 */
export function decide(
  inputs: RepoVisibilityInputs,
  state: RepoVisibilityState | undefined,
  { visibilities, gates }: View,
): Decision {
  const reason = inputs.acknowledgePublic;
  // guard: unreported-repository
  const mayListen = state !== undefined && state.status !== "missing" && state.unreported !== true;
  const { speaks, heard } = mayListen
    ? listen(state.heard, reason, held(state, { visibilities, gates }))
    : { speaks: false, heard: noted(state?.heard, reason) };
  return { ...decideFacets(inputs, state, { visibilities, gates, speaks }), heard };
}

/** The Hub's values that a reason may be about. A first gate needs no reason. */
export function held(state: RepoVisibilityState, { visibilities, gates }: View): object {
  return isFirstGate(state) ? { visibilities } : { visibilities, gates };
}

/**
 * All forms in which a failed run may have kept the current view. A program that no longer declares a gate gave its reason without one, and
 * a value that is not seen exactly may be unchanged.
 */
export function possiblyHeld(state: RepoVisibilityState, { visibilities, gates }: View): object[] {
  const exact = visibilities.flatMap((visibility) => [
    { visibilities: [visibility] },
    ...(gates ?? []).map((gate) => ({ visibilities: [visibility], gates: [gate] })),
  ]);
  return [held(state, { visibilities, gates }), { visibilities }, ...exact];
}

/** Whether an update must send or keep something although no argument has changed. Guessed values are never kept. */
export function isPending(inputs: RepoVisibilityInputs, state: RepoVisibilityState, view: View): boolean {
  // For a missing repository, each run only tries changes that would narrow it.
  if (state.status === "missing") return decide(inputs, state, view).changes.length > 0;
  const { applied, unreported } = state;
  const isSettled = <V>(declared: V, last: V | undefined, possible: readonly V[] | undefined): boolean =>
    last === declared && possible?.includes(declared) === true;
  const gateIsSettled =
    inputs.gated === undefined
      ? applied?.gated === undefined
      : isSettled(inputs.gated, applied?.gated, view.gates);
  return (
    unreported === true ||
    !gateIsSettled ||
    !isSettled(inputs.visibility, applied?.visibility, view.visibilities)
  );
}

function decideFacets(
  inputs: RepoVisibilityInputs,
  state: RepoVisibilityState | undefined,
  { speaks, ...view }: View & { speaks: boolean },
): Omit<Decision, "heard"> {
  const { applied, tried } = state ?? {};
  const hasReason = fingerprint(inputs.acknowledgePublic) !== undefined;
  // guard: reason-for-outsiders
  const mayOpen = hasReason || !isOpenToOutsiders(inputs.visibility);
  const visibility = reconcile(VISIBILITY, {
    declared: inputs.visibility,
    applied: mayOpen ? applied?.visibility : undefined,
    tried: mayOpen ? tried?.visibility : undefined,
    possible: view.visibilities,
    speaks,
    ...(state === undefined && { adopts: mayOpen }),
  });
  const gated =
    inputs.gated !== undefined && view.gates !== undefined
      ? reconcile(GATE, {
          declared: inputs.gated,
          applied: applied?.gated,
          tried: tried?.gated,
          possible: view.gates,
          speaks,
          ...((state === undefined || isFirstGate(state)) && { adopts: true }),
        })
      : undefined;
  // guard: found-as-declared
  const isFound = (verdict?: { row: Row }): boolean => verdict?.row === "as declared";
  const refusals = [
    visibility.refused && refusalOfVisibility(inputs, view, { state, mayOpen }),
    gated?.refused && refusalOfGate(inputs, view, gated),
  ].filter((each) => typeof each === "string");
  return {
    changes: changesOf(inputs, view, visibility.send, gated?.send),
    ...(refusals.length > 0 && { refusal: refusals.join(" ") }),
    found: facetsOf(
      isFound(visibility) ? inputs.visibility : applied?.visibility,
      isFound(gated) ? inputs.gated : applied?.gated,
    ),
    applied: facetsOf(visibility.refused ? applied?.visibility : visibility.applied, gated?.applied),
  };
}

/** The applied facets; `undefined` if none counts as applied, because a gate would then look like a first one. */
function facetsOf(
  visibility: Visibility | undefined,
  gated: RepoVisibilityInputs["gated"],
): RepoVisibilityState["applied"] {
  return visibility === undefined && gated === undefined ? undefined : { visibility, gated };
}

/** One request, or two if the visibility gets narrower: if the Hub refuses the gate, the repository must not stay open. */
function changesOf(
  { repoType }: RepoAddress,
  { visibilities }: View,
  visibility: Visibility | undefined,
  gated: RepoSettingsUpdate["gated"],
): RepoSettingsUpdate[] {
  if (visibility === undefined && gated === undefined) return [];
  const narrows =
    visibility !== undefined && visibilities.some((each) => isLooser(VISIBILITY, each, visibility));
  // guard: narrowed-alone
  return narrows && gated !== undefined
    ? [
        { repoType, visibility },
        { repoType, gated },
      ]
    : [{ repoType, visibility, gated }];
}

/** Whether someone else changed the visibility. The declared value may come from an interrupted run of this program. */
export function isChangedOutside(
  inputs: RepoVisibilityInputs,
  visibility: Visibility | undefined,
  applied: RepoVisibilityState["applied"],
): visibility is Visibility {
  const last = applied?.visibility;
  return (
    visibility !== undefined && last !== undefined && visibility !== last && visibility !== inputs.visibility
  );
}
