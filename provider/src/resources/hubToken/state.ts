// What is kept of a token, after an update and after one that has failed.
import { fingerprint, type Heard, settled } from "../../rules/intent";
import { idsOf, wantedReach } from "../../rules/permissions";
import { rotateAt, scheduleOf } from "../../rules/rotation";
import { type HubTokenInputs, type HubTokenState } from "./model";
import { expiryOf, lastEnd, lastReach, lastRole, type Observation, wasRevoked } from "./observation";

/** A token as the Hub has made or shown it. */
export interface TokenFacts extends Pick<
  HubTokenState,
  "tokenId" | "hubName" | "token" | "last4" | "createdAt" | "status" | "wasRevoked" | "born"
> {
  /** The end that the Hub itself enforces. */
  hubExpiry?: string;
}

/** What is kept beside the token, whichever it is. */
export type Around = Pick<HubTokenState, "user" | "userId" | "resolved" | "predecessors" | "heard">;

export function around({ user, userId, resolved, predecessors, heard }: HubTokenState): Around {
  return { user, userId, resolved, predecessors, heard: heard && settled(heard) };
}

/** What stays of a token that gets no successor. */
export function sameToken(state: HubTokenState, { status, current }: Observation): TokenFacts {
  const { tokenId, token, last4, createdAt, born } = state;
  return {
    tokenId,
    hubName: current?.hubName ?? state.hubName,
    token,
    last4,
    createdAt,
    born: born ?? (state.organization === undefined ? current?.createdAt : undefined),
    // A token that has expired is listed no more; its end stays what it was.
    hubExpiry: current ? current.expiresAt : state.expiryEnforced ? lastEnd(state) : undefined,
    status,
    wasRevoked: wasRevoked(state, { status }),
  };
}

/** What an update keeps if it fails. The arguments are the program's, as the handler wants it; `seen` says what the Hub holds. */
export function unfinished(
  state: HubTokenState,
  inputs: HubTokenInputs,
  observation: Observation,
  heard: Heard,
): HubTokenState {
  const { current } = observation;
  const { hubExpiry, ...token } = sameToken(state, observation);
  return {
    ...{ ...state, ...inputs, ...token, heard },
    expiryEnforced: hubExpiry !== undefined,
    seen: {
      reach: current?.reach ?? lastReach(state),
      role: current ? current.role : lastRole(state),
      expiresAt: hubExpiry,
    },
  };
}

/** The one way from what is known to what is kept, once an update has come to its end. */
export function toState(inputs: HubTokenInputs, { hubExpiry, ...facts }: TokenFacts & Around): HubTokenState {
  const { tokenId, hubName, token, last4, createdAt, status, wasRevoked: isRevoked, born } = facts;
  const { user, userId, predecessors } = facts;
  // A name that the program has dropped counts as declared for the first time when it comes back.
  const names = Object.entries(facts.resolved ?? {}).filter(([name]) => inputs.repos?.includes(name));
  // Most tokens have neither.
  const resolved = names.length > 0 ? Object.fromEntries(names) : undefined;
  const heard = facts.heard?.seen.length === 0 ? undefined : facts.heard;
  const { name, role = "read", expiresAt, rotationTriggers, organization } = inputs;
  const state: HubTokenState = {
    ...inputs,
    ...expiryOf(hubExpiry, inputs.expiresAt),
    ...{ token, tokenId, hubName, last4, createdAt, status, wasRevoked: isRevoked, born },
    ...{ user, userId, resolved, predecessors, heard },
    applied: {
      reach: wantedReach(inputs, idsOf(inputs.repos, resolved)),
      ...{ expiresAt, triggers: fingerprint(rotationTriggers) },
      ...(organization === undefined && { name, role }),
    },
  };
  state.rotateAt = rotateAt(scheduleOf(state, inputs));
  return state;
}
