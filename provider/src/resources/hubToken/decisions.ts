import { type LiveToken, type TokenUser } from "../../hub/tokenPlace";
import { type PureContext } from "../../model/definition";
import { differingFrom } from "../../model/diff";
import { inputsIn } from "../../model/fields";
import { sameData } from "../../model/plain";
import { containsUnknown } from "../../model/unknown";
import { splitMark } from "../../rules/mark";
import { sameMoment } from "../../rules/moment";
import {
  argumentsFor,
  differingReach,
  narrowed,
  sameReach,
  type TokenReach,
  undoneParts,
  wantedReach,
  wholeReach,
  widenedParts,
} from "../../rules/permissions";
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
  const found = live?.find(({ tokenId }) => tokenId === state.tokenId);
  const status = statusOf(live, found, state, now);
  if (!found) return { status };
  const { reach, ...current } = found;
  return { status, current: { ...current, reach: reach && wholeReach(reach, state.applied.reach) } };
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

/** Why a new token is to be issued. */
export interface SuccessorReason {
  text: string;
  /** Whether a person asked for it just now, and not the clock or a standing order. Only then may it widen. */
  fresh: boolean;
}

/** Why a new token is to be issued, or `undefined`. One that someone revoked is never issued again by the clock. */
export function successorReason(
  state: HubTokenState,
  inputs: HubTokenInputs,
  status: TokenStatus,
  { now, behaviour }: PureContext,
): SuccessorReason | undefined {
  if (!sameData(state.rotationTriggers ?? {}, inputs.rotationTriggers ?? {})) {
    return { text: "a rotation trigger changed", fresh: true };
  }
  if (inputs.organization === undefined) {
    const changed = [
      state.name !== inputs.name ? "name" : undefined,
      (state.role ?? "read") !== (inputs.role ?? "read") ? "role" : undefined,
      sameMoment(state.applied.expiresAt, inputs.expiresAt) ? undefined : "expiresAt",
    ].filter((property) => property !== undefined);
    if (changed.length > 0) return { text: `${changed.join(" and ")} changed`, fresh: true };
  }
  if (status !== "active" && inputs.recreateIfInvalid === true) {
    return { text: `the token is ${status} and recreateIfInvalid is set`, fresh: false };
  }
  // guard: revoked-by-hand
  if (status === "revoked" || status === "missing" || behaviour.rotation === "defer") return undefined;
  const due = rotateAt(scheduleOf(state, inputs));
  if (!isPast(due, now)) return undefined;
  // A successor that ends in the past would be refused; the warning about expiresAt says what to do.
  if (isPast(inputs.expiresAt, now)) return undefined;
  return { text: `due since ${due as string}`, fresh: false };
}

/** What a run does about a token. `narrow`: what the listed one is narrowed to before anything else. */
export type Decision = { narrow?: TokenReach } & (
  | { kind: "succeed"; reason: SuccessorReason; reach?: TokenReach; withheld: string[] }
  | { kind: "refuse"; reason?: SuccessorReason; message: string }
  /** It is not active: what it could do is remembered, and nothing more. */
  | { kind: "settle"; status: TokenStatus; seen?: TokenReach }
  | { kind: "change"; reach?: TokenReach }
);

/** @param wanted - what the token is to be able to do; `undefined` for a user's own, and while that is not known */
export function decide(
  state: HubTokenState,
  inputs: HubTokenInputs,
  { status, current }: Observation,
  wanted: TokenReach | undefined,
  reason: SuccessorReason | undefined,
  now: Date,
): Decision {
  const listed = current?.reach;
  // One that the Hub does not list any more could do what was last seen of it.
  const before = listed ?? state.seen ?? wantedReach(state, state.repoIds);
  const undone = wanted && before ? undoneParts(wanted, before, state.applied.reach) : [];
  const narrow = narrowing(listed, wanted);
  if (reason) {
    if (isPast(inputs.expiresAt, now))
      return { kind: "refuse", reason, message: refusalOfPastEnd(inputs, reason) };
    // A rotation that failed for ever would leave the old value in use; one that widens would undo what someone did.
    return wanted && before && undone.length > 0 && !reason.fresh
      ? { kind: "succeed", reason, reach: narrowed(before, wanted), withheld: undone, narrow }
      : { kind: "succeed", reason, reach: wanted, withheld: [], narrow };
  }
  if (status === "active") {
    return undone.length > 0
      ? { kind: "refuse", message: refusalToWiden(state, undone), narrow }
      : { kind: "change", reach: wanted };
  }
  // Someone has the value of one that was rotated by hand, so it is narrowed all the same. No one can use one that ended.
  const left = status === "revoked" ? narrow : undefined;
  return { kind: "settle", status, seen: left ?? before, narrow: left };
}

/** What the token is to be narrowed to, if it reaches further than the program asks for. */
function narrowing(listed: TokenReach | undefined, wanted: TokenReach | undefined): TokenReach | undefined {
  const rest = listed && wanted && narrowed(listed, wanted);
  return rest && !sameReach(rest, listed) ? rest : undefined;
}

/** The decision as a preview can know it: by what the last refresh has seen. */
export function foretell(state: HubTokenState, inputs: HubTokenInputs, context: PureContext): Decision {
  const ended = state.status === "active" && isPast(state.expiresAt, context.now);
  const status = ended ? "expired" : state.status;
  const idOf = rememberedIds(state);
  // A name that the state has no id for counts for nothing: what it stands for, only the Hub can tell.
  const repoIds = (): string[] | undefined => inputs.repos?.map((repo) => idOf.get(repo) ?? repo);
  const wanted = containsUnknown({ ...inputs, owner: undefined })
    ? undefined
    : wantedReach(inputs, repoIds());
  const reason = successorReason(state, inputs, status, context);
  return decide(state, inputs, { status }, wanted, reason, context.now);
}

/** The ids of repositories that the state has, by their names. */
export function rememberedIds({ repos, repoIds }: HubTokenState): Map<string, string> {
  // One list may be shorter, or null, in a state that someone has edited.
  const ids = repoIds ?? [];
  return new Map((repos ?? []).slice(0, ids.length).map((repo, index) => [repo, ids[index] as string]));
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
    issues && inputs.organization !== undefined && !(decision.kind === "succeed" && decision.reason.fresh);
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
  user: TokenUser,
): HubTokenState {
  const observed: HubTokenState = { ...state, status, ...user };
  if (status === "active") delete observed.seen;
  if (current) {
    const { hubName, expiresAt, reach, role } = current;
    if (status === "active") observed.name = splitMark(hubName).text;
    observed.hubName = hubName;
    Object.assign(observed, expiryOf(expiresAt, state.applied.expiresAt));
    const wanted = wantedReach(state, state.repoIds);
    // One whose value is another by now is no more brought to what is declared, only kept from going beyond it.
    const counts = status === "active" || (reach && wanted && widenedParts(reach, wanted).length > 0);
    if (reach && counts) Object.assign(observed, argumentsFor(reach, state));
    else if (state.role !== undefined && role !== undefined) observed.role = role;
  }
  observed.rotateAt = rotateAt(scheduleOf(observed, observed));
  return observed;
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
  repoIds: string[] | undefined,
): Record<string, unknown> {
  const { organization, serviceAccount, name } = found;
  const onHub: Record<string, unknown> = { organization, serviceAccount, name };
  if (organization === undefined) onHub["role"] = found.role ?? "read";
  const differing = differingFrom(onHub, { ...inputs, role: inputs.role ?? "read" });
  const [actual, wanted] = [wantedReach(found, found.repoIds), wantedReach(inputs, repoIds)];
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

function refusalToWiden({ hubName }: HubTokenState, undone: readonly string[]): string {
  return (
    `The token ${hubName} was narrowed on the Hub since (${undone.join(", ")}), and the program still asks for what was taken away. ` +
    `It is not widened again automatically, because someone may have narrowed it on purpose. ${HOW_TO_WIDEN}`
  );
}

function refusalOfPastEnd({ expiresAt }: HubTokenInputs, { text }: SuccessorReason): string {
  return `A new token is needed (${text}), but expiresAt (${expiresAt}) has passed. Declare a later moment.`;
}
