import { type IssuedToken, type LiveToken, type TokenRequest } from "../../hub/tokenPlace";
import { type PureContext } from "../../model/definition";
import { differingFrom } from "../../model/diff";
import { inputsIn } from "../../model/fields";
import { containsUnknown } from "../../model/unknown";
import { fingerprint, listen } from "../../rules/intent";
import { splitMark } from "../../rules/mark";
import { sameMoment } from "../../rules/moment";
import {
  appliedAfter,
  argumentsFor,
  differingReach,
  idsOf,
  inOrder,
  narrowed,
  reachesBeyond,
  reconcileReach,
  sameReach,
  type TokenReach,
  wantedReach,
  wholeReach,
} from "../../rules/permissions";
import { reconcile, unordered, type Verdict } from "../../rules/reconcile";
import { isPast, rotateAt, scheduleOf } from "../../rules/rotation";
import { type HubTokenInputs, hubTokenModel, type HubTokenState, type TokenStatus } from "./model";

/** What the Hub says of a token. */
export interface Observation {
  status: TokenStatus;
  /** As the Hub lists it. What it leaves out of the reach is as it was last sent. */
  current?: Omit<LiveToken, "reach"> & { reach?: TokenReach };
}

/** The token in what the Hub lists; no list says that the place is gone. */
export function observationOf(
  live: readonly LiveToken[] | undefined,
  state: HubTokenState,
  now: Date,
): Observation {
  const found = live?.find((token) => isSameToken(token, state));
  const known = { status: state.status, last4: state.last4, expiresAt: lastEnd(state) };
  const status = statusOf(live, found, known, now);
  if (!found) return { status };
  const { reach, ...current } = found;
  return { status, current: { ...current, reach: reach && wholeReach(reach, state.applied.reach) } };
}

/** Whether it is the token, and not one that someone has made under the name of a user's own token since. */
export function isSameToken(
  { tokenId, createdAt }: LiveToken,
  { tokenId: known, born }: HubTokenState,
): boolean {
  // guard: token-of-that-time
  return tokenId === known && (born === undefined || sameMoment(createdAt, born));
}

/** Whether the Hub accepts a token, from what it lists and what is known of it. */
export function statusOf(
  live: readonly LiveToken[] | undefined,
  current: LiveToken | undefined,
  known: Pick<HubTokenState, "expiresAt" | "last4"> & { status?: TokenStatus },
  now: Date,
): TokenStatus {
  if (!live) return "missing";
  // A rotation by hand leaves the id and ends the value.
  if (current?.last4 && known.last4 && current.last4 !== known.last4) return "revoked";
  // It stays revoked when its end passes: an end by the clock would be a reason to issue it again.
  if (!current && known.status === "revoked") return "revoked";
  if (isPast(current?.expiresAt ?? known.expiresAt, now)) return "expired";
  return current ? "active" : "revoked";
}

/** What the token could do when the Hub last showed it. */
export function lastReach(state: HubTokenState): TokenReach | undefined {
  return state.seen?.reach ?? wantedReach(state, idsOf(state.repos, state.resolved));
}

/** When it ends, as the Hub last said. */
export function lastEnd({ seen, expiresAt }: HubTokenState): string | undefined {
  return seen?.expiresAt ?? expiresAt;
}

/** The role of a user's own token, as the Hub last showed it. */
export function lastRole({ seen, role }: HubTokenState): string | undefined {
  return seen?.role ?? role;
}

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

/** Why a new token is to be issued, in words, or `undefined`. One that someone revoked is never issued again by the clock. */
export function successorReason(
  state: HubTokenState,
  inputs: HubTokenInputs,
  observation: Observation,
  speaks: boolean,
  { now, behaviour }: PureContext,
): string | undefined {
  const { status } = observation;
  // An old order does not bring back what someone has ended.
  // guard: old-order
  if (isOrdered(state, inputs) && (speaks || !isGone(status))) return "a rotation trigger changed";
  if (inputs.organization === undefined) {
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
      fresh: boolean;
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
  /** Whether the rotation triggers speak for undoing what the Hub holds. */
  speaks: boolean;
  /** Why a repository that is declared could not be found. */
  failure?: Error;
}

/** The one decision about a token, for previews and runs. */
export function decide(
  state: HubTokenState,
  inputs: HubTokenInputs,
  { observation, wanted, speaks, failure }: Situation,
  context: PureContext,
): Decision {
  const { status, current } = observation;
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
  const reason = successorReason(state, inputs, observation, speaks, context);
  const refuse = (message: string): Decision => ({ kind: "refuse", reason, message, ...first });
  if (failure) return refuse(failure.message);
  if (reason !== undefined && isPast(inputs.expiresAt, context.now)) {
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
          ...{ kind: "succeed", reason, fresh: speaks, withheld },
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

/** The decision as a preview can know it: by what was last seen. */
export function foretell(state: HubTokenState, inputs: HubTokenInputs, context: PureContext): Decision {
  const ended = state.status === "active" && isPast(lastEnd(state), context.now);
  const observation: Observation = { status: ended ? "expired" : state.status };
  // A name that the state has no id for counts for nothing: what it stands for, only the Hub can tell.
  const wanted = containsUnknown({ ...inputs, owner: undefined })
    ? undefined
    : wantedReach(inputs, idsOf(inputs.repos, state.resolved));
  const { speaks } = listen(state.heard, inputs.rotationTriggers, heldOf(state, observation));
  return decide(state, inputs, { observation, wanted, speaks }, context);
}

/**
 * Whether the program follows what was done on the Hub, or a run was interrupted after it had sent something. Then nothing is sent,
 * but what was decided has to be kept: a later change of the program is measured by it.
 */
export function hasToKeep(decision: Decision, { applied }: HubTokenState): boolean {
  if (decision.kind !== "change" || !decision.reach || !applied.reach) return false;
  return !sameReach(applied.reach, decision.reach);
}

/** The arguments that differ: the output `expiresAt` is what the Hub enforces, and what was declared is what was last sent. */
export function declaredChanges(state: HubTokenState, inputs: HubTokenInputs, changed: string[]): string[] {
  return changed.filter(
    (property) => property !== "expiresAt" || !sameMoment(state.applied.expiresAt, inputs.expiresAt),
  );
}

const OF_A_NEW_TOKEN = ["token", "tokenId", "last4", "createdAt"];
const OBSERVED = ["hubName", "rotateAt", "expiresAt", "expiryEnforced", "status"];
const REACH = ["permissions", "repos", "repoPermissions", "endpointPatterns", "skipNetworkSecurity"];

/** The outputs that an update may change: each asks the Hub again, and a token that is found to be invalid may be succeeded. */
export function renewedOutputs(decision: Decision, state: HubTokenState, inputs: HubTokenInputs): string[] {
  const issues = decision.kind === "succeed" || inputs.recreateIfInvalid === true || containsUnknown(inputs);
  const withholds =
    issues && inputs.organization !== undefined && !(decision.kind === "succeed" && decision.fresh);
  return [
    ...(issues ? OF_A_NEW_TOKEN : []),
    ...OBSERVED,
    ...(issues || state.predecessors.length > 0 ? ["predecessors"] : []),
    ...(withholds ? REACH : []),
  ];
}

/** What a refresh keeps. */
export function observedState(
  state: HubTokenState,
  { status, current }: Observation,
  user: string | undefined,
): HubTokenState {
  const observed: HubTokenState = { ...state, status, user };
  if (status === "active") delete observed.seen;
  if (current) {
    const { hubName, expiresAt, reach, role } = current;
    if (status !== "active") observed.seen = { reach, role, expiresAt };
    // The arguments show the default role by leaving it out.
    else if (state.role === undefined && (role ?? "read") !== "read") observed.seen = { role };
    Object.assign(observed, settledAttempt(state, reach));
    if (user !== undefined) observed.born = state.born ?? current.createdAt;
    if (status === "active") observed.name = splitMark(hubName).text;
    observed.hubName = hubName;
    Object.assign(observed, expiryOf(expiresAt, state.applied.expiresAt));
    const wanted = wantedReach(state, idsOf(state.repos, state.resolved));
    // One whose value is another by now is no more brought to what is declared, only kept from going beyond it.
    const counts = status === "active" || (reach && wanted && reachesBeyond(reach, wanted));
    if (reach && counts) Object.assign(observed, argumentsFor(reach, state, state.resolved));
    else if (state.role !== undefined && role !== undefined) observed.role = role;
  }
  observed.rotateAt = rotateAt(scheduleOf(observed, observed));
  return observed;
}

/** Milliseconds by which a Hub may round the end of a token up. */
const END_TOLERANCE = 60_000;

/** In what a new token differs from what was asked for, in words, or `undefined`. What the Hub does not say counts for nothing. */
export function differenceFrom(
  asked: TokenRequest,
  shown: Pick<IssuedToken, "role" | "reach" | "expiresAt">,
): string | undefined {
  const differences: string[] = [];
  if (asked.reach && shown.reach) {
    const actual = wholeReach(shown.reach, asked.reach);
    for (const part of differingReach(actual, asked.reach)) {
      const words = (value: unknown): string =>
        Array.isArray(value) ? value.join(", ") || "none" : String(value);
      differences.push(`${part}: ${words(actual[part])} instead of ${words(asked.reach[part])}`);
    }
  }
  const role = asked.role ?? "read";
  if (shown.role !== undefined && shown.role !== role)
    differences.push(`role: ${shown.role} instead of ${role}`);
  const { expiresAt } = asked;
  // An earlier end is the Hub's to set, and shows in the output.
  const latest = expiresAt === undefined ? Infinity : Date.parse(expiresAt) + END_TOLERANCE;
  const end = shown.expiresAt === undefined ? Infinity : Date.parse(shown.expiresAt);
  if (end > latest) differences.push(`expiresAt: ${shown.expiresAt ?? "never"} instead of ${expiresAt}`);
  return differences.length > 0 ? differences.join("; ") : undefined;
}

/** What counts as applied and as tried once the Hub shows what it holds. */
export function settledAttempt(
  { applied, tried }: HubTokenState,
  observed: TokenReach | undefined,
): Pick<HubTokenState, "applied" | "tried"> {
  if (!tried || !applied.reach || !observed) return { applied, tried };
  return { applied: { ...applied, reach: appliedAfter(tried, applied.reach, observed) }, tried: undefined };
}

/** The arguments in what is kept: the declared end is what was last sent. */
export function declaredIn(state: HubTokenState): HubTokenInputs {
  return { ...inputsIn(hubTokenModel, state), expiresAt: state.applied.expiresAt };
}

/** When a token ends, in the words of the program if they mean the same; `undefined` is what the Hub says of one without an end. */
export function expiryOf(
  hubExpiry: string | undefined,
  declared: string | undefined,
): { expiresAt?: string; expiryEnforced: boolean } {
  if (hubExpiry === undefined) return { expiresAt: declared, expiryEnforced: false };
  return { expiresAt: sameMoment(hubExpiry, declared) ? declared : hubExpiry, expiryEnforced: true };
}

/** What a program would say of a token that is only known from the Hub. */
export function argumentsOf(
  found: LiveToken,
  address: { organization?: string; serviceAccount?: string },
): HubTokenInputs {
  const { text, mark } = splitMark(found.hubName);
  return {
    ...address,
    name: text,
    owner: mark?.owner,
    role: found.role,
    overlapHours: 24,
    idleMinutes: 60,
    recreateIfInvalid: false,
    ...(found.reach && {
      permissions: [...found.reach.permissions].sort(),
      repos: [...found.reach.repoIds].sort(),
      repoPermissions: [...found.reach.repoPermissions].sort(),
      endpointPatterns: [...found.reach.endpointPatterns].sort(),
      skipNetworkSecurity: wholeReach(found.reach).skipNetworkSecurity,
    }),
    ...(address.organization === undefined && { expiresAt: found.expiresAt }),
  };
}

/** The arguments that differ from the token, for the option `import`. */
export function differingFromHub(
  found: HubTokenState,
  inputs: HubTokenInputs,
  repoIds: readonly string[] | undefined,
): Record<string, unknown> {
  const { organization, serviceAccount, name } = found;
  const onHub: Record<string, unknown> = { organization, serviceAccount, name };
  if (organization === undefined) onHub["role"] = found.role ?? "read";
  const differing = differingFrom(onHub, { ...inputs, role: inputs.role ?? "read" });
  const [actual, wanted] = [wantedReach(found, found.repos), wantedReach(inputs, repoIds)];
  for (const part of actual && wanted ? differingReach(actual, wanted) : []) {
    differing[part === "repoIds" ? "repos" : part] = actual?.[part];
  }
  if (organization === undefined && !sameMoment(found.expiresAt, inputs.expiresAt)) {
    differing["expiresAt"] = found.expiresAt ?? "none";
  }
  return differing;
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

function refusalToWiden(state: HubTokenState, inputs: HubTokenInputs, parts: readonly string[]): string {
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

function refusalOfPastEnd({ expiresAt }: HubTokenInputs, reason: string): string {
  return `A new token is needed (${reason}), but expiresAt (${expiresAt}) has passed. Declare a later moment.`;
}
