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

/** The Hub's values that a new rotation trigger may be about. */
export function heldOf(state: HubTokenState, { status, current }: Observation): object {
  const reach = current?.reach ?? lastReach(state);
  return { isGone: isGone(status), reach: reach && inOrder(reach) };
}

/** Whether someone revoked the token, as opposed to its expiry. */
function isGone(status: TokenStatus): boolean {
  return status === "revoked" || status === "missing";
}

/** Whether the rotation triggers ask for a successor that has not been issued yet. */
function isOrdered({ applied }: HubTokenState, { rotationTriggers }: HubTokenInputs): boolean {
  return fingerprint(rotationTriggers) !== applied.triggers;
}

/** The decision about the role of a user's own token, which the Hub cannot change. */
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

/** Unordered: the Hub may have roles that this release does not know, and no role can be changed in place. */
const ROLE = unordered<string>((left, right) => left === right);

/** What the rotation triggers ask for. */
export interface Intent {
  /** Whether they allow reverting a change on the Hub. */
  speaks: boolean;
  /** Whether this run is the first to see their values. */
  isNew: boolean;
}

/** Why a new token is needed, or `undefined`. The schedule never issues a token again that someone revoked. */
export function successorReason(
  state: HubTokenState,
  inputs: HubTokenInputs,
  observation: Observation,
  { speaks }: Intent,
  { now, behaviour }: PureContext,
): string | undefined {
  const { status } = observation;
  // Trigger values from an earlier run do not bring back a token that someone revoked.
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
  // The Hub would refuse a successor that expires in the past; the warning about expiresAt says what to do.
  if (isPast(inputs.expiresAt, now)) return undefined;
  return `due since ${due as string}`;
}

/** The decision about a token. */
export type Decision = {
  /** The reach to which the listed token is narrowed before anything else. */
  narrow?: TokenReach;
  /** The reach that counts as applied if the token is only narrowed. */
  applied?: TokenReach;
} & (
  | {
      kind: "succeed";
      reason: string;
      /** Whether this run is the first to see the request for it. */
      isNew: boolean;
      reach?: TokenReach;
      /** The reach that counts as applied for the successor. */
      appliedReach?: TokenReach;
      withheld: string[];
    }
  | { kind: "refuse"; reason?: string; message: string }
  /** The token is not active: only its last reach is kept. */
  | { kind: "settle"; status: TokenStatus; reach?: TokenReach }
  | { kind: "change"; reach?: TokenReach }
);

/** What is known about a token at the time of the decision. */
export interface Situation {
  observation: Observation;
  /** The declared reach; `undefined` for a user's own token, and while it is not known. */
  wanted: TokenReach | undefined;
  intent: Intent;
  /** Why a successor is needed, if it is; see {@link successorReason}. */
  reason: string | undefined;
  /** Why a declared repository could not be found. */
  failure?: Error;
}

/** Decides about a token, in previews and runs alike. */
export function decide(
  state: HubTokenState,
  inputs: HubTokenInputs,
  { observation, wanted, intent, reason, failure }: Situation,
  now: Date,
): Decision {
  const { status, current } = observation;
  const { speaks, isNew } = intent;
  const listed = current?.reach;
  // A token that the Hub no longer lists counts with its last known reach.
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
    // A rotation that always fails would leave the old value in use; one that widens would revert what someone did.
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
  // A token that was rotated by hand still works, so it is narrowed. An expired or missing one cannot be used.
  const left = status === "revoked" ? narrow : undefined;
  return { kind: "settle", status, ...first, narrow: left, reach: left ?? observed };
}

/** What counts as applied before anything is sent, including values that the run found as declared. */
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

/** The decision in a preview, based on the last known values. */
export function foretell(state: HubTokenState, inputs: HubTokenInputs, context: PureContext): Decision {
  const ended = state.status === "active" && isPast(lastEnd(state), context.now);
  const observation: Observation = { status: ended ? "expired" : state.status };
  // A name without an id in the state is ignored: only the Hub knows its repository.
  const wanted = containsUnknown({ ...inputs, owner: undefined })
    ? undefined
    : wantedReach(inputs, idsOf(inputs.repos, knownAs(inputs.repos, state.resolved)));
  const intent = listen(state.heard, inputs.rotationTriggers, heldOf(state, observation));
  const reason = successorReason(state, inputs, observation, intent, context);
  return decide(state, inputs, { observation, wanted, intent, reason }, context.now);
}

/**
 * Whether the state must be updated although nothing is sent: the program now declares a change that was made on the Hub, or a run was
 * interrupted after it sent something. Later changes of the program are compared with the kept decision.
 */
export function hasToKeep(decision: Decision, state: HubTokenState): boolean {
  if (decision.kind !== "change" || !decision.reach) return false;
  const { reach } = decision;
  return [state.applied.reach, lastReach(state)].some((each) => each && !sameReach(each, reach));
}

/**
 * The arguments that differ. The output `expiresAt` is the expiry on the Hub, so the argument is compared with the value that was last sent.
 * For a token that someone revoked, another expiry does not matter.
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

/** The outputs that an update may change. Each update reads the Hub again, and may issue a successor for an invalid token. */
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

/** The arguments in a state. The declared expiry is the value that was last sent. */
export function declaredIn(state: HubTokenState): HubTokenInputs {
  return { ...inputsIn(hubTokenModel, state), expiresAt: state.applied.expiresAt };
}

/** How to issue a token again after it was revoked. */
export const HOW_TO_ISSUE_AGAIN =
  "It is not issued again automatically: set recreateIfInvalid to true, or give rotationTriggers a new value.";

/** How to widen a token that someone narrowed. */
export const HOW_TO_WIDEN =
  "Declare what it can do now, or give rotationTriggers a new value to widen it again.";

/** Why changed triggers do not widen the token or issue it again. */
const OLD_TRIGGERS = "The values of rotationTriggers are not new: an earlier run has already seen them.";

/** The note for rotation triggers that have changed but are not new, or an empty string. */
export function noteOnTriggers(state: HubTokenState, inputs: HubTokenInputs): string {
  return isOrdered(state, inputs) && fingerprint(inputs.rotationTriggers) !== undefined
    ? ` ${OLD_TRIGGERS}`
    : "";
}

/**
 * Why a replacement may not issue a new token, or `undefined`. In another organization the program may declare any token. For another
 * service account, a token that someone revoked is not issued again just because of the change.
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

/** The refusal to widen a token again. */
export function refusalToWiden(
  state: HubTokenState,
  inputs: HubTokenInputs,
  parts: readonly string[],
): string {
  return (
    `The token ${state.hubName} was narrowed on the Hub (${parts.join(", ")}), and the program still declares what was removed. ` +
    `It is not widened again automatically, because someone may have narrowed it on purpose. ${HOW_TO_WIDEN}` +
    noteOnTriggers(state, inputs)
  );
}

function refusalOfRole(state: HubTokenState, inputs: HubTokenInputs, { current }: Observation): string {
  const shown = current ? current.role : lastRole(state);
  return (
    `The token ${state.hubName} has the role ${shown} on the Hub, which this program did not set; it declares ${inputs.role ?? "read"}. ` +
    "The Hub cannot change the role of a user's own token: declare the role that it has, or give rotationTriggers a new value to get a " +
    "successor with the declared role."
  );
}

function refusalOfMissing({ serviceAccount }: HubTokenInputs, reason: string): string {
  return (
    `A new token is needed (${reason}), but the service account ${serviceAccount} no longer exists on the Hub. Declare another serviceAccount, or ` +
    "remove the token from the program."
  );
}

function refusalOfPastEnd({ expiresAt }: HubTokenInputs, reason: string): string {
  return `A new token is needed (${reason}), but expiresAt (${expiresAt}) is in the past. Declare a later time.`;
}
