// The state of a token after a successful and after a failed update.
import { fingerprint, type Heard, settled } from "../../rules/intent";
import { idsOf, wantedReach } from "../../rules/permissions";
import { rotateAt, scheduleOf } from "../../rules/rotation";
import { type HubTokenInputs, type HubTokenState } from "./model";
import { expiryOf, lastEnd, lastReach, lastRole, type Observation, wasRevoked } from "./observation";

/** A token as the Hub issued or showed it. */
export interface TokenFacts extends Pick<
  HubTokenState,
  "tokenId" | "hubName" | "token" | "last4" | "createdAt" | "status" | "wasRevoked" | "born"
> {
  /** The expiry that the Hub itself enforces. */
  hubExpiry?: string;
}

/** The parts of the state that do not depend on the current token. */
export type Around = Pick<HubTokenState, "user" | "userId" | "resolved" | "predecessors" | "heard">;

export function around({ user, userId, resolved, predecessors, heard }: HubTokenState): Around {
  return { user, userId, resolved, predecessors, heard: heard && settled(heard) };
}

/** The data of a token that gets no successor. */
export function sameToken(state: HubTokenState, { status, current }: Observation): TokenFacts {
  const { tokenId, token, last4, createdAt, born } = state;
  return {
    tokenId,
    hubName: current?.hubName ?? state.hubName,
    token,
    last4,
    createdAt,
    born: born ?? (state.organization === undefined ? current?.createdAt : undefined),
    // The Hub does not list an expired token; its expiry is kept.
    hubExpiry: current ? current.expiresAt : state.expiryEnforced ? lastEnd(state) : undefined,
    status,
    wasRevoked: wasRevoked(state, { status }),
  };
}

/** The state after a failed update. It has the program's arguments, as Pulumi requires; `seen` has the Hub's values. */
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

/** Builds the state after a successful update. All states of successful updates come from here. */
export function toState(inputs: HubTokenInputs, { hubExpiry, ...facts }: TokenFacts & Around): HubTokenState {
  const { tokenId, hubName, token, last4, createdAt, status, wasRevoked: isRevoked, born } = facts;
  const { user, userId, predecessors } = facts;
  // A name that the program dropped counts as new if it returns.
  const names = Object.entries(facts.resolved ?? {}).filter(([name]) => inputs.repos?.includes(name));
  // Most tokens have no repositories and no reasons.
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
