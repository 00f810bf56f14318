// The Hub's view of a token, and the parts of it that are kept.
import { type LiveToken, type TokenUser } from "../../hub/token";
import { splitMark } from "../../rules/mark";
import { sameCreation, sameMoment } from "../../rules/moment";
import {
  appliedAfter,
  argumentsFor,
  idsOf,
  reachesBeyond,
  type TokenReach,
  wantedReach,
  wholeReach,
} from "../../rules/permissions";
import { isPast, rotateAt, scheduleOf } from "../../rules/rotation";
import { type HubTokenState, type TokenStatus } from "./model";

/** The Hub's view of a token. */
export interface Observation {
  status: TokenStatus;
  /** The token as listed. Parts of the reach that the list omits have the value that was last sent. */
  current?: Omit<LiveToken, "reach"> & { reach?: TokenReach };
}

/** Finds the token in the Hub's list. Without a list, its service account no longer exists. */
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

/** Whether it is the same token, not a new one with the name of a user's own token. */
export function isSameToken(
  { tokenId, createdAt }: LiveToken,
  { tokenId: known, born }: HubTokenState,
): boolean {
  // guard: token-of-that-time
  return tokenId === known && (born === undefined || sameCreation(createdAt, born));
}

/** The status of a token, from the Hub's list and what is known about it. */
export function statusOf(
  live: readonly LiveToken[] | undefined,
  current: LiveToken | undefined,
  known: Pick<HubTokenState, "expiresAt" | "last4"> & { status?: TokenStatus },
  now: Date,
): TokenStatus {
  if (!live) return "missing";
  // A rotation by hand keeps the id and invalidates the value.
  if (current?.last4 && known.last4 && current.last4 !== known.last4) return "revoked";
  // It stays revoked after its expiry, because an expired token may be issued again.
  if (!current && known.status === "revoked") return "revoked";
  if (isPast(current?.expiresAt ?? known.expiresAt, now)) return "expired";
  return current ? "active" : "revoked";
}

/** Whether a run saw the token revoked before its service account disappeared. */
export function wasRevoked(
  { status: before, wasRevoked }: Pick<HubTokenState, "status" | "wasRevoked">,
  { status }: Pick<Observation, "status">,
): true | undefined {
  // guard: revoked-stays-revoked
  return status === "missing" && (before === "revoked" || wasRevoked === true) ? true : undefined;
}

/** The token's reach when the Hub last showed it. */
export function lastReach(state: HubTokenState): TokenReach | undefined {
  return state.seen?.reach ?? wantedReach(state, idsOf(state.repos, state.resolved));
}

/** The expiry that the Hub last reported. */
export function lastEnd({ seen, expiresAt }: HubTokenState): string | undefined {
  return seen?.expiresAt ?? expiresAt;
}

/** The role of a user's own token, as the Hub last showed it. */
export function lastRole({ seen, role }: HubTokenState): string | undefined {
  return seen?.role ?? role;
}

/** The state that a refresh keeps. */
export function observedState(
  state: HubTokenState,
  { status, current }: Observation,
  user: TokenUser,
): HubTokenState {
  const observed: HubTokenState = { ...state, status, wasRevoked: wasRevoked(state, { status }), ...user };
  if (status === "active") delete observed.seen;
  if (current) {
    const { hubName, expiresAt, reach, role } = current;
    if (status !== "active") observed.seen = { reach, role, expiresAt };
    // The arguments omit the default role.
    else if (state.role === undefined && (role ?? "read") !== "read") observed.seen = { role };
    Object.assign(observed, settledAttempt(state, reach));
    if (state.organization === undefined) observed.born = state.born ?? current.createdAt;
    if (status === "active") observed.name = nameIn(hubName, state);
    observed.hubName = hubName;
    Object.assign(observed, expiryOf(expiresAt, state.applied.expiresAt));
    const wanted = wantedReach(state, idsOf(state.repos, state.resolved));
    // An inactive token is not changed to the declared reach any more, only narrowed to it.
    const counts = status === "active" || (reach && wanted && reachesBeyond(reach, wanted));
    if (reach && counts) Object.assign(observed, argumentsFor(reach, state, state.resolved));
    else if (state.role !== undefined && role !== undefined) observed.role = role;
  }
  observed.rotateAt = rotateAt(scheduleOf(observed, observed));
  return observed;
}

/** What counts as applied and as tried after the Hub has shown its values. */
export function settledAttempt(
  { applied, tried }: HubTokenState,
  observed: TokenReach | undefined,
): Pick<HubTokenState, "applied" | "tried"> {
  if (!tried || !applied.reach || !observed) return { applied, tried };
  return { applied: { ...applied, reach: appliedAfter(tried, applied.reach, observed) }, tried: undefined };
}

/** A token's expiry, in the program's notation if it means the same. The Hub reports `undefined` for a token without expiry. */
export function expiryOf(
  hubExpiry: string | undefined,
  declared: string | undefined,
): { expiresAt?: string; expiryEnforced: boolean } {
  if (hubExpiry === undefined) return { expiresAt: declared, expiryEnforced: false };
  return { expiresAt: sameMoment(hubExpiry, declared) ? declared : hubExpiry, expiryEnforced: true };
}

/** The declared part of a name. A name with another resource's mark counts as changed, so it is returned in full. */
function nameIn(hubName: string, { owner }: HubTokenState): string {
  const { text, mark } = splitMark(hubName);
  return mark && mark.owner !== owner ? hubName : text;
}

/** The note that another token now has the name, or an empty string. */
export function namesake(live: readonly LiveToken[] | undefined, state: HubTokenState): string {
  const other = live?.find((token) => token.tokenId === state.tokenId && !isSameToken(token, state));
  return other
    ? ` Someone created another token with that name at ${other.createdAt}, which was not changed.`
    : "";
}
