// What the Hub shows of a token, and what of that is kept.
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
  return tokenId === known && (born === undefined || sameCreation(createdAt, born));
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

/** Whether someone had revoked it, as far as runs have seen, before its place was gone. */
export function wasRevoked(
  { status: before, wasRevoked }: Pick<HubTokenState, "status" | "wasRevoked">,
  { status }: Pick<Observation, "status">,
): true | undefined {
  // guard: revoked-stays-revoked
  return status === "missing" && (before === "revoked" || wasRevoked === true) ? true : undefined;
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

/** What a refresh keeps. */
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
    // The arguments show the default role by leaving it out.
    else if (state.role === undefined && (role ?? "read") !== "read") observed.seen = { role };
    Object.assign(observed, settledAttempt(state, reach));
    if (state.organization === undefined) observed.born = state.born ?? current.createdAt;
    if (status === "active") observed.name = nameIn(hubName, state);
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

/** What counts as applied and as tried once the Hub shows what it holds. */
export function settledAttempt(
  { applied, tried }: HubTokenState,
  observed: TokenReach | undefined,
): Pick<HubTokenState, "applied" | "tried"> {
  if (!tried || !applied.reach || !observed) return { applied, tried };
  return { applied: { ...applied, reach: appliedAfter(tried, applied.reach, observed) }, tried: undefined };
}

/** When a token ends, in the words of the program if they mean the same; `undefined` is what the Hub says of one without an end. */
export function expiryOf(
  hubExpiry: string | undefined,
  declared: string | undefined,
): { expiresAt?: string; expiryEnforced: boolean } {
  if (hubExpiry === undefined) return { expiresAt: declared, expiryEnforced: false };
  return { expiresAt: sameMoment(hubExpiry, declared) ? declared : hubExpiry, expiryEnforced: true };
}

/** The declared part of a name. A mark that another resource owns is none of ours, and a name with it differs from what is declared. */
function nameIn(hubName: string, { owner }: HubTokenState): string {
  const { text, mark } = splitMark(hubName);
  return mark && mark.owner !== owner ? hubName : text;
}

/** Says that another token has the name by now. */
export function namesake(live: readonly LiveToken[] | undefined, state: HubTokenState): string {
  const other = live?.find((token) => token.tokenId === state.tokenId && !isSameToken(token, state));
  return other
    ? ` Someone has made another token of that name at ${other.createdAt}, which is left alone.`
    : "";
}
