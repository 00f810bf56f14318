import { type PureContext } from "../../model/definition";
import { inputsIn } from "../../model/fields";
import { sameName } from "../../model/plain";
import { containsUnknown } from "../../model/unknown";
import { fingerprint, listen } from "../../rules/intent";
import { sameMoment } from "../../rules/moment";
import {
  appliedAfter,
  idsOf,
  inOrder,
  narrowed,
  reachesBeyond,
  reconcileReach,
  sameReach,
  type TokenReach,
  wantedReach,
} from "../../rules/permissions";
import { reconcile, unordered, type Verdict } from "../../rules/reconcile";
import { isPast, rotateAt, scheduleOf } from "../../rules/rotation";
import { type HubTokenInputs, hubTokenModel, type HubTokenState, type TokenStatus } from "./model";
import { lastEnd, lastReach, lastRole, type Observation } from "./observation";
import { knownAs } from "./repositories";

/** What the Hub holds, as far as a rotation trigger may be given because of it. */
export function heldOf(state: HubTokenState, { status, current }: Observation): object {
  const reach = current?.reach ?? lastReach(state);
  return { isGone: isGone(status), reach: reach && inOrder(reach) };
}

/** Whether it was ended by someone, and not by its own end. */
function isGone(status: TokenStatus): boolean {
  return status === "revoked" || status === "missing";
}

/** Whether the rotation triggers ask for a successor: they are an order until there is one. */
function isOrdered({ applied }: HubTokenState, { rotationTriggers }: HubTokenInputs): boolean {
  return fingerprint(rotationTriggers) !== applied.triggers;
}

/** What the Hub cannot change of a user's own token. */
function roleVerdict(
  state: HubTokenState,
  inputs: HubTokenInputs,
  { status, current }: Observation,
): Verdict<string> {
  const known = state.applied.role ?? "read";
  const shown = current ? current.role : lastRole(state);
  return reconcile(ROLE, {
    declared: inputs.role ?? "read",
    applied: known,
    possible: [status === "active" ? (shown ?? known) : known],
    speaks: false,
  });
}

/** Without order: the Hub may have roles that this release does not know, and none of them can be changed in place. */
const ROLE = unordered<string>((left, right) => left === right);

/** What the rotation triggers ask for. */
export interface Intent {
  /** Whether they speak for undoing what the Hub holds. */
  speaks: boolean;
  /** Whether this run is the first to see them. */
  isNew: boolean;
}

/** Why a new token is to be issued, in words, or `undefined`. One that someone revoked is never issued again by the clock. */
export function successorReason(
  state: HubTokenState,
  inputs: HubTokenInputs,
  observation: Observation,
  { speaks }: Intent,
  { now, behaviour }: PureContext,
): string | undefined {
  const { status } = observation;
  // An old order does not bring back what someone has ended.
  // guard: old-order
  if (isOrdered(state, inputs) && (speaks || !isGone(status))) return "a rotation trigger changed";
  // guard: revoked-own-token
  if (inputs.organization === undefined && !isGone(status)) {
    const changed = [
      state.applied.name !== inputs.name ? "name" : undefined,
      roleVerdict(state, inputs, observation).send === undefined ? undefined : "role",
      sameMoment(state.applied.expiresAt, inputs.expiresAt) ? undefined : "expiresAt",
    ].filter((property) => property !== undefined);
    if (changed.length > 0) return `${changed.join(" and ")} changed`;
  }
  if (status !== "active" && inputs.recreateIfInvalid === true) {
    return `the token is ${status} and recreateIfInvalid is set`;
  }
  // guard: revoked-by-hand
  if (status === "revoked" || status === "missing" || behaviour.rotation === "defer") return undefined;
  const due = rotateAt(scheduleOf({ ...state, expiresAt: lastEnd(state) }, inputs));
  if (!isPast(due, now)) return undefined;
  // A successor that ends in the past would be refused; the warning about expiresAt says what to do.
  if (isPast(inputs.expiresAt, now)) return undefined;
  return `due since ${due as string}`;
}

/** What a run does about a token. */
export type Decision = {
  /** What the listed token is narrowed to before anything else. */
  narrow?: TokenReach;
  /** What counts as applied if it is only narrowed. */
  applied?: TokenReach;
} & (
  | {
      kind: "succeed";
      reason: string;
      /** Whether a person has just asked for it. */
      isNew: boolean;
      reach?: TokenReach;
      /** What counts as applied of the successor. */
      appliedReach?: TokenReach;
      withheld: string[];
    }
  | { kind: "refuse"; reason?: string; message: string }
  /** It is not active: what it could do is remembered, and nothing more. */
  | { kind: "settle"; status: TokenStatus; reach?: TokenReach }
  | { kind: "change"; reach?: TokenReach }
);

/** What is known of a token when it is decided. */
export interface Situation {
  observation: Observation;
  /** What the token is to be able to do; `undefined` for a user's own, and while that is not known. */
  wanted: TokenReach | undefined;
  intent: Intent;
  /** Why a successor is to be issued, if one is; see {@link successorReason}. */
  reason: string | undefined;
  /** Why a repository that is declared could not be found. */
  failure?: Error;
}

/** The one decision about a token, for previews and runs. */
export function decide(
  state: HubTokenState,
  inputs: HubTokenInputs,
  { observation, wanted, intent, reason, failure }: Situation,
  now: Date,
): Decision {
  const { status, current } = observation;
  const { speaks, isNew } = intent;
  const listed = current?.reach;
  // One that the Hub does not list any more could do what was last seen of it.
  const observed = listed ?? lastReach(state);
  const verdict =
    wanted &&
    observed &&
    reconcileReach({ declared: wanted, applied: state.applied.reach, observed, speaks });
  const narrow = listed && wanted && reachesBeyond(listed, wanted) ? narrowed(listed, wanted) : undefined;
  const first = { narrow, applied: verdict?.appliedIfNarrowed };
  const withheld = verdict?.withheld ?? [];
  const refuse = (message: string): Decision => ({ kind: "refuse", reason, message, ...first });
  if (failure) return refuse(failure.message);
  if (reason !== undefined && status === "missing") return refuse(refusalOfMissing(inputs, reason));
  if (reason !== undefined && isPast(inputs.expiresAt, now)) {
    return refuse(refusalOfPastEnd(inputs, reason));
  }
  if (inputs.organization === undefined && !speaks && roleVerdict(state, inputs, observation).refused) {
    return refuse(refusalOfRole(state, inputs, observation));
  }
  if (reason !== undefined) {
    // A rotation that failed for ever would leave the old value in use; one that widens would undo what someone did.
    const isPossible = verdict === undefined || verdict.inexpressible.length === 0;
    return isPossible
      ? {
          ...{ kind: "succeed", reason, isNew, withheld },
          ...{ reach: verdict?.reach, appliedReach: verdict?.applied },
          ...first,
        }
      : refuse(refusalToWiden(state, inputs, verdict.inexpressible));
  }
  if (status === "active") {
    return withheld.length > 0
      ? refuse(refusalToWiden(state, inputs, withheld))
      : { kind: "change", reach: wanted };
  }
  // Someone has the value of one that was rotated by hand, so it is narrowed all the same. No one can use one that ended.
  const left = status === "revoked" ? narrow : undefined;
  return { kind: "settle", status, ...first, narrow: left, reach: left ?? observed };
}

/** What counts as applied before anything is sent: also what the run has found as declared. */
export function appliedAsFound(
  state: HubTokenState,
  inputs: HubTokenInputs,
  observation: Observation,
  wanted: TokenReach | undefined,
): HubTokenState["applied"] {
  const { applied } = state;
  const reach = observation.current?.reach;
  const { row } = roleVerdict(state, inputs, observation);
  return {
    ...applied,
    // guard: found-reach
    ...(wanted && reach && applied.reach && { reach: appliedAfter(wanted, applied.reach, reach) }),
    ...(inputs.organization === undefined && row === "as declared" && { role: inputs.role ?? "read" }),
  };
}

/** The decision as a preview can know it: by what was last seen. */
export function foretell(state: HubTokenState, inputs: HubTokenInputs, context: PureContext): Decision {
  const ended = state.status === "active" && isPast(lastEnd(state), context.now);
  const observation: Observation = { status: ended ? "expired" : state.status };
  // A name that the state has no id for counts for nothing: what it stands for, only the Hub can tell.
  const wanted = containsUnknown({ ...inputs, owner: undefined })
    ? undefined
    : wantedReach(inputs, idsOf(inputs.repos, knownAs(inputs.repos, state.resolved)));
  const intent = listen(state.heard, inputs.rotationTriggers, heldOf(state, observation));
  const reason = successorReason(state, inputs, observation, intent, context);
  return decide(state, inputs, { observation, wanted, intent, reason }, context.now);
}

/**
 * Whether the program follows what was done on the Hub, or a run was interrupted after it had sent something. Then nothing is sent,
 * but what was decided has to be kept: a later change of the program is measured by it.
 */
export function hasToKeep(decision: Decision, state: HubTokenState): boolean {
  if (decision.kind !== "change" || !decision.reach) return false;
  const { reach } = decision;
  return [state.applied.reach, lastReach(state)].some((each) => each && !sameReach(each, reach));
}

/**
 * The arguments that differ: the output `expiresAt` is what the Hub enforces, and what was declared is what was last sent. Another end means
 * nothing for a token that someone has ended.
 */
export function declaredChanges(state: HubTokenState, inputs: HubTokenInputs, changed: string[]): string[] {
  return changed.filter(
    (property) =>
      property !== "expiresAt" ||
      !(isGone(state.status) || sameMoment(state.applied.expiresAt, inputs.expiresAt)),
  );
}

const OF_A_NEW_TOKEN = ["token", "tokenId", "last4", "createdAt"];
const OBSERVED = ["hubName", "rotateAt", "expiresAt", "expiryEnforced", "status"];
const REACH = ["permissions", "repos", "repoPermissions", "endpointPatterns", "skipNetworkSecurity"];

/** The outputs that an update may change: each asks the Hub again, and a token that is found to be invalid may be succeeded. */
export function renewedOutputs(decision: Decision, state: HubTokenState, inputs: HubTokenInputs): string[] {
  const issues = decision.kind === "succeed" || inputs.recreateIfInvalid === true || containsUnknown(inputs);
  const withholds =
    issues && inputs.organization !== undefined && !(decision.kind === "succeed" && decision.isNew);
  return [
    ...(issues ? OF_A_NEW_TOKEN : []),
    ...OBSERVED,
    ...(issues || state.predecessors.length > 0 ? ["predecessors"] : []),
    ...(withholds ? REACH : []),
  ];
}

/** The arguments in what is kept: the declared end is what was last sent. */
export function declaredIn(state: HubTokenState): HubTokenInputs {
  return { ...inputsIn(hubTokenModel, state), expiresAt: state.applied.expiresAt };
}

/** How the token is issued again after it was revoked. */
export const HOW_TO_ISSUE_AGAIN =
  "It is not issued again automatically: set recreateIfInvalid, or change a rotation trigger.";

/** How a token is widened that someone has narrowed. */
export const HOW_TO_WIDEN = "Declare what it can do now, or, to widen it again, change rotationTriggers.";

/** Why a trigger that was changed does not widen the token, or issue it again. */
const OLD_TRIGGERS =
  "The values of rotationTriggers are not new: an earlier run has seen them, perhaps before that was done.";

/** Says so if the rotation triggers have changed, and are not new. */
export function noteOnTriggers(state: HubTokenState, inputs: HubTokenInputs): string {
  return isOrdered(state, inputs) && fingerprint(inputs.rotationTriggers) !== undefined
    ? ` ${OLD_TRIGGERS}`
    : "";
}

/**
 * Why no token may be issued in place of one that this run has a state of. In another place it is another token, for the program to declare;
 * but another account may only stand for one that is gone, and what someone revoked there is not issued again for that.
 */
export function refusalToReplace(
  former: HubTokenState,
  inputs: HubTokenInputs,
  observation: Observation,
  speaks: boolean,
): string | undefined {
  const { organization, serviceAccount, status, hubName } = former;
  const isRevoked = status === "revoked" || former.wasRevoked === true;
  // guard: same-place
  if (speaks || !sameName(organization, inputs.organization)) return undefined;
  // guard: revoked-in-another-account
  if (serviceAccount !== inputs.serviceAccount && !isRevoked) return undefined;
  if (isGone(status) && inputs.recreateIfInvalid !== true) {
    return `The token ${hubName} is ${isRevoked ? "revoked" : status} on the Hub. ${HOW_TO_ISSUE_AGAIN}${noteOnTriggers(former, inputs)}`;
  }
  const isRefused = organization === undefined && roleVerdict(former, inputs, observation).refused;
  return isRefused ? refusalOfRole(former, inputs, observation) : undefined;
}

/** Why a token is not widened again. */
export function refusalToWiden(
  state: HubTokenState,
  inputs: HubTokenInputs,
  parts: readonly string[],
): string {
  return (
    `The token ${state.hubName} was narrowed on the Hub since (${parts.join(", ")}), and the program still asks for what was taken away. ` +
    `It is not widened again automatically, because someone may have narrowed it on purpose. ${HOW_TO_WIDEN}` +
    noteOnTriggers(state, inputs)
  );
}

function refusalOfRole(state: HubTokenState, inputs: HubTokenInputs, { current }: Observation): string {
  const shown = current ? current.role : lastRole(state);
  return (
    `The Hub says that the token ${state.hubName} has the role ${shown}, which this program has not given it; it asks for ` +
    `${inputs.role ?? "read"}. The Hub cannot change the role of a user's own token: declare the role that it has, or change ` +
    "rotationTriggers for a successor with the declared one."
  );
}

function refusalOfMissing({ serviceAccount }: HubTokenInputs, reason: string): string {
  return (
    `A new token is needed (${reason}), but the service account ${serviceAccount} is gone. Declare another serviceAccount, or take the token ` +
    "out of the program."
  );
}

function refusalOfPastEnd({ expiresAt }: HubTokenInputs, reason: string): string {
  return `A new token is needed (${reason}), but expiresAt (${expiresAt}) has passed. Declare a later moment.`;
}
