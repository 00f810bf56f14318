import { type RepoSettingsUpdate, type Visibility } from "../../client/types";
import { type CheckFailure } from "../../model/definition";
import { type Properties } from "../../model/plain";
import { isUnknown, known } from "../../model/unknown";
import { fingerprint, type Heard, listen, noted } from "../../rules/intent";
import { isLooser, reconcile, type Row } from "../../rules/reconcile";
import { canBeGated, GATE, isOpenToOutsiders, VISIBILITY, visibilitiesOf } from "../../rules/visibility";
import { refusalOfGate, refusalOfVisibility } from "./messages";
import { type RepoAddress, type RepoVisibilityInputs, type RepoVisibilityState } from "./model";
import { isFirstGate, type View } from "./view";

/** What a run does about the difference between the program and the Hub. */
export interface Decision {
  /** What is sent, one after the other, even if the rest is refused. */
  changes: RepoSettingsUpdate[];
  /** Why the rest is not sent, and what to do. */
  refusal?: string | undefined;
  /** What counts as applied before anything is sent: also what the run has found as declared. */
  found: RepoVisibilityState["applied"];
  /** What counts as applied once everything was sent. */
  applied: RepoVisibilityState["applied"];
  /** What is kept of the reasons if the run does not come to its end. */
  heard: Heard;
}

/** The arguments with the long form in place of the short one, which means the same. */
export function longForm(inputs: Properties): Properties {
  const { private: isPrivate, ...others } = inputs;
  const { visibility } = inputs;
  // With the option `ignoreChanges`, the engine gives the long form of the last program along.
  const saysTheSame = typeof isPrivate === "boolean" && visibility === (isPrivate ? "private" : "public");
  if (visibility !== undefined) return saysTheSame ? others : inputs;
  if (isUnknown(isPrivate)) return { ...others, visibility: isPrivate };
  if (typeof isPrivate !== "boolean") return inputs;
  return { ...others, visibility: isPrivate ? "private" : "public" };
}

/** What is wrong with the arguments. Values that only the run knows are not judged. */
export function checkFailures(
  inputs: RepoVisibilityInputs,
  previous: RepoVisibilityInputs | undefined,
  { declaredBy, declarer }: { declaredBy: Map<string, string>; declarer: unknown },
): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const [repo, repoType, visibility] = [known(inputs.repo), known(inputs.repoType), known(inputs.visibility)];
  if (inputs.private !== undefined) {
    failures.push({ property: "private", reason: "is the short form of visibility: give one of the two" });
  }
  if (repoType && visibility && !visibilitiesOf(repoType).includes(visibility)) {
    failures.push({
      property: "visibility",
      reason: `"${visibility}" is not for a ${repoType}; allowed: ${visibilitiesOf(repoType).join(", ")}`,
    });
  }
  if (repoType && inputs.gated !== undefined && !canBeGated(repoType)) {
    failures.push({
      property: "gated",
      reason: `is not for a ${repoType}: only models and datasets can be gated`,
    });
  }
  // What is so already, as with the option `ignoreChanges`, needs no reason; without one, nothing is made so again.
  const isNew = visibility !== previous?.visibility;
  if (visibility && isNew && isOpenToOutsiders(visibility) && inputs.acknowledgePublic === undefined) {
    failures.push({
      property: "acknowledgePublic",
      reason: `is required with visibility "${visibility}": say why outsiders may see ${repo ?? "the repository"}`,
    });
  }
  const owner = known(declarer);
  if (
    repo &&
    repoType &&
    typeof owner === "string" &&
    isDeclaredByAnother({ repo, repoType }, owner, declaredBy)
  ) {
    failures.push({
      property: "repo",
      reason: `another RepoVisibility of this stack declares ${repo} too. Two would undo each other: keep one`,
    });
  }
  return failures;
}

/** Notes who declares the repository, and says whether another resource of this run has done so before. */
function isDeclaredByAnother(
  { repo, repoType }: RepoAddress,
  owner: string,
  declaredBy: Map<string, string>,
): boolean {
  const key = `RepoVisibility ${repoType}/${repo.toLowerCase()}`;
  // One operation may check a resource twice, and the second time it may declare another repository.
  const ofOwner = `RepoVisibility of ${owner}`;
  const before = declaredBy.get(ofOwner);
  if (before !== undefined && before !== key && declaredBy.get(before) === owner) declaredBy.delete(before);
  declaredBy.set(ofOwner, key);
  const first = declaredBy.get(key) ?? owner;
  declaredBy.set(key, first);
  return first !== owner;
}

/**
 * What a run does. A preview asks with what the state has seen, and a run with what it observes.
 *
 * @param state - what is remembered of this repository; in a creation, what another resource of the run remembers of it, if one does
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

/** What a reason may be given because of. A first gate needs none. */
export function held(state: RepoVisibilityState, { visibilities, gates }: View): object {
  return isFirstGate(state) ? { visibilities } : { visibilities, gates };
}

/**
 * All that a failed run may have kept of it, if the Hub holds what is seen now. A program that declares no gate any more has given its
 * reason without it, and what is not seen exactly may be what it was.
 */
export function possiblyHeld(state: RepoVisibilityState, { visibilities, gates }: View): object[] {
  const exact = visibilities.flatMap((visibility) => [
    { visibilities: [visibility] },
    ...(gates ?? []).map((gate) => ({ visibilities: [visibility], gates: [gate] })),
  ]);
  return [held(state, { visibilities, gates }), { visibilities }, ...exact];
}

/** Whether an update has something to do or to keep although no argument has changed. Nothing is kept of what is only guessed. */
export function isPending(inputs: RepoVisibilityInputs, state: RepoVisibilityState, view: View): boolean {
  // Of a repository that is missing, only what would have to become narrower is tried in each run.
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

/** Nothing at all, if nothing counts as applied: then a gate is not a first one. */
function facetsOf(
  visibility: Visibility | undefined,
  gated: RepoVisibilityInputs["gated"],
): RepoVisibilityState["applied"] {
  return visibility === undefined && gated === undefined ? undefined : { visibility, gated };
}

/** In one request, unless the visibility gets narrower: the Hub may refuse the gate, and that must not keep it open. */
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

/** Whether someone else changed the visibility. If it is as declared, an interrupted run of this program may have sent it. */
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
