import { type Gated, type RepoSettingsUpdate, type Visibility } from "../../client/types";
import { type CheckFailure, type Logger } from "../../model/definition";
import { type Properties, sameData } from "../../model/plain";
import { isUnknown, known } from "../../model/unknown";
import {
  canBeGated,
  isLooserGate,
  isOpenToOutsiders,
  isWider,
  NARROWEST_GATE,
  visibilitiesOf,
} from "../../rules/visibility";
import { type RepoAddress, type RepoVisibilityInputs, type RepoVisibilityState } from "./model";

type Applied = RepoVisibilityState["applied"];

/** What a look at the Hub has shown. */
export interface Observation {
  /** What the Hub told, or else what is assumed: the last known one if it fits, or what lets the most people in. */
  visibility: Visibility;
  /** What the Hub told of the visibility. */
  told: "exactly" | "not public" | "nothing";
  /** `undefined` also if the Hub does not tell. */
  gated?: Gated;
}

/** What is done about the difference between the program and the Hub. */
export interface Decision {
  /** What is sent, even if the rest is refused; `undefined` if nothing is. */
  settings?: RepoSettingsUpdate;
  /** Why the rest is not sent, and what to do. */
  refusal?: string;
}

/** The arguments with the long form in place of the short one, which means the same. */
export function longForm(inputs: Properties): Properties {
  const { private: isPrivate, ...others } = inputs;
  if (inputs["visibility"] !== undefined) return inputs;
  if (isUnknown(isPrivate)) return { ...others, visibility: isPrivate };
  if (typeof isPrivate !== "boolean") return inputs;
  return { ...others, visibility: isPrivate ? "private" : "public" };
}

/** What is wrong with the arguments. Values that only the run knows are not judged. */
export function checkFailures(inputs: RepoVisibilityInputs, declaredBy: Map<string, string>): CheckFailure[] {
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
  if (visibility && isOpenToOutsiders(visibility) && inputs.acknowledgePublic === undefined) {
    failures.push({
      property: "acknowledgePublic",
      reason: `is required with visibility "${visibility}": say why outsiders may see ${repo ?? "the repository"}`,
    });
  }
  const owner = known(inputs.owner);
  if (repo && repoType && owner !== undefined && isDeclaredByAnother({ repo, repoType }, owner, declaredBy)) {
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
 * What is sent and what is refused. What has to become narrower is sent even if something else is refused.
 *
 * @param applied - what the program sent last; absent before the first time
 */
export function decide(inputs: RepoVisibilityInputs, current: Observation, applied?: Applied): Decision {
  const refusal = (applied && refusalToLoosen(applied, inputs, current)) ?? refusalToGuess(inputs, current);
  const settings = settingsFor(refusal === undefined ? inputs : onlyNarrower(inputs, current), current);
  return { settings, refusal };
}

function settingsFor(inputs: RepoVisibilityInputs, current: Observation): RepoSettingsUpdate | undefined {
  const visibility = isAsDeclared(inputs.visibility, current) ? undefined : inputs.visibility;
  const gated = inputs.gated === current.gated ? undefined : inputs.gated;
  if (visibility === undefined && gated === undefined) return undefined;
  return { repoType: inputs.repoType, visibility, gated };
}

/** Whether the visibility need not be sent. What is not public may still be wider than private. */
export function isAsDeclared(visibility: Visibility, { visibility: current, told }: Observation): boolean {
  return visibility === current && (visibility !== "private" || told === "exactly");
}

/** The arguments without what would let more people in, or could. */
function onlyNarrower(inputs: RepoVisibilityInputs, current: Observation): RepoVisibilityInputs {
  const opens = guessesVisibility(inputs, current) || isWider(inputs.visibility, current.visibility);
  const loosens = guessesGate(inputs, current) || isLooserGate(inputs.gated, current.gated);
  return {
    ...inputs,
    ...(opens && { visibility: current.visibility }),
    ...(loosens && { gated: current.gated }),
  };
}

/** Why the program may not undo what someone narrowed on the Hub, or `undefined`: that takes a new reason. */
export function refusalToLoosen(
  applied: Applied,
  inputs: RepoVisibilityInputs,
  current: Pick<Observation, "visibility" | "gated">,
): string | undefined {
  // A reason that is gone is not a new reason.
  if (inputs.acknowledgePublic !== undefined && inputs.acknowledgePublic !== applied.reason) return undefined;
  // guard: narrowed-outside
  const narrowedOutside = isWider(applied.visibility, current.visibility);
  if (narrowedOutside && isWider(inputs.visibility, current.visibility)) {
    return (
      `${inputs.repo} was made ${current.visibility} on the Hub since it was last ${applied.visibility} by this program, and it is not made ` +
      `${inputs.visibility} again automatically: someone may have had a reason. Declare visibility: "${current.visibility}" to keep it so, or ` +
      "give a new reason in acknowledgePublic to widen it again."
    );
  }
  const tightenedOutside = isLooserGate(applied.gated, current.gated);
  if (tightenedOutside && isLooserGate(inputs.gated, current.gated)) {
    return (
      `Access to ${inputs.repo} was made gated: ${JSON.stringify(current.gated)} on the Hub since, and it is not loosened to ` +
      `${JSON.stringify(inputs.gated)} again automatically. Declare what it is now, or give a new reason in acknowledgePublic.`
    );
  }
  return undefined;
}

/** Why the program may not set what the Hub does not tell, or `undefined`: it could undo what someone tightened. */
function refusalToGuess(inputs: RepoVisibilityInputs, current: Observation): string | undefined {
  if (guessesVisibility(inputs, current)) return untoldVisibility(inputs);
  return guessesGate(inputs, current) ? untoldGate(inputs) : undefined;
}

function guessesVisibility({ visibility }: RepoVisibilityInputs, { told }: Observation): boolean {
  // guard: untold-visibility
  return told === "nothing" && visibility !== "private";
}

function guessesGate({ gated }: RepoVisibilityInputs, current: Observation): boolean {
  return current.gated === undefined && gated !== undefined && gated !== NARROWEST_GATE;
}

/** Whether an update has something to do although no argument has changed: a decision has to be kept. */
export function isPending(inputs: RepoVisibilityInputs, { applied, status }: RepoVisibilityState): boolean {
  if (status !== "missing") return !sameData(applied, appliedBy(inputs));
  // Nothing can be kept of a repository that is missing, so only what has to become narrower is tried in each run.
  const { visibility, gated = false } = inputs;
  return isWider(applied.visibility, visibility) || isLooserGate(applied.gated ?? false, gated);
}

/** Whether someone else changed the visibility. If it is as declared, an interrupted run of this program may have sent it. */
export function isChangedOutside(
  inputs: RepoVisibilityInputs,
  { visibility, told }: Observation,
  applied: Applied,
): boolean {
  return told !== "nothing" && visibility !== applied.visibility && visibility !== inputs.visibility;
}

/** What is assumed if the Hub only says that a repository is not public: that it is still what it was. */
export function assumedIfNotPublic(state: RepoVisibilityState | undefined, log: Logger): Visibility {
  const last = state?.visibility;
  if (last !== "internal" && last !== "protected") return "private";
  log.warn(
    `these credentials may not list the organization's repositories, so whether this one is still ${last} or private cannot be told.`,
  );
  return last;
}

/**
 * What a refresh has seen, completed with what the program has last sent. What is to let the fewest people in counts as open,
 * so that the next `up` closes it; nothing is claimed of anything else.
 */
export function assumeWorst(
  state: RepoVisibilityState,
  current: Observation,
  log: Logger,
): Pick<Observation, "visibility" | "gated"> {
  let { visibility, gated } = current;
  if (current.told === "nothing") {
    const closes = state.applied.visibility === "private";
    visibility = closes ? "public" : state.visibility;
    log.warn(
      `${untoldVisibility(state)}${closes ? " To be sure, `pulumi up --refresh` makes it private." : ""}`,
    );
  }
  if (state.gated !== undefined && current.gated === undefined) {
    const closes = state.applied.gated === NARROWEST_GATE;
    gated = closes ? false : state.gated;
    log.warn(`${untoldGate(state)}${closes ? " To be sure, `pulumi up --refresh` sends it." : ""}`);
  }
  return { visibility, gated };
}

/** The one way from what is declared, or observed, to what is kept. */
export function toState(inputs: RepoVisibilityInputs): RepoVisibilityState {
  return { ...inputs, applied: appliedBy(inputs), status: "active" };
}

function appliedBy({ visibility, gated, acknowledgePublic }: RepoVisibilityInputs): Applied {
  return { visibility, gated, reason: acknowledgePublic };
}

export const MISSING =
  "the repository is not on the Hub. Nothing is sent: create it, or take this resource out of the program. Its last known settings are kept, " +
  "so it is not widened automatically if it reappears.";

export function untoldVisibility({ repo, repoType }: RepoAddress): string {
  return (
    `The Hub does not say whether ${repoType} ${repo} is private: neither the repository nor a listing of the organization's tells. ` +
    "Nothing is made wider; use credentials that may list the organization's repositories (a member's, or the permission org.read)."
  );
}

export function untoldGate({ repo, repoType }: RepoAddress): string {
  return (
    `The Hub does not say whether ${repoType} ${repo} is gated, so another gate could undo what was set there. Nothing is loosened; ` +
    `declare gated: "${NARROWEST_GATE}", or leave gated out.`
  );
}
