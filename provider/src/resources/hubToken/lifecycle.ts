import { outcomeIsUnknown } from "../../client/errors";
import {
  isPredecessor,
  type IssuedToken,
  issueMarked,
  type LiveToken,
  saneMoment,
  type TokenPlace,
  tokenPlace,
  tokensOf,
} from "../../hub/tokenPlace";
import {
  type Imported,
  keepingOnFailure,
  type LifecycleContext,
  LifecycleError,
  type PureContext,
  type ResourceDefinition,
} from "../../model/definition";
import { diffOf } from "../../model/diff";
import { definedBy } from "../../model/fields";
import { containsUnknown } from "../../model/unknown";
import { carried, fingerprint, type Heard, listen, noted, settled } from "../../rules/intent";
import { ownedBy, refusalOfForeignMark, splitMark, withMark } from "../../rules/mark";
import {
  argumentsFor,
  differingReach,
  idsOf,
  sameReach,
  type TokenReach,
  wantedReach,
  wholeReach,
} from "../../rules/permissions";
import { rotateAt, scheduleOf } from "../../rules/rotation";
import { checkFailures } from "./checks";
import {
  argumentsOf,
  decide,
  type Decision,
  declaredChanges,
  declaredIn,
  differenceFrom,
  differingFromHub,
  expiryOf,
  foretell,
  hasToKeep,
  heldOf,
  HOW_TO_ISSUE_AGAIN,
  HOW_TO_WIDEN,
  isSameToken,
  lastEnd,
  lastReach,
  lastRole,
  noteOnTriggers,
  type Observation,
  observationOf,
  observedState,
  renewedOutputs,
  settledAttempt,
  statusOf,
} from "./decisions";
import { migrate } from "./migrate";
import {
  type HubTokenInputs,
  hubTokenModel,
  type HubTokenState,
  idOf,
  parseId,
  VALUE_UNKNOWN,
} from "./model";
import { resolveRepos } from "./repositories";

/** The lifecycle of a token, without Pulumi. */
export const hubTokenDefinition: ResourceDefinition<HubTokenInputs, HubTokenState> = {
  ...definedBy(hubTokenModel),
  sharedObject: (_id, { tokenId, organization }) => `${organization ?? "user"}/${tokenId}`,
  stateVersion: 2,

  label: ({ name, organization }) => `"${name ?? ""}"${organization ? ` of ${organization}` : ""}`,

  check: checkFailures,

  diff(state, inputs, changed, context) {
    claim(state, context);
    const { log } = context;
    const result = diffOf(hubTokenDefinition, declaredChanges(state, inputs, changed));
    const decision = foretell(state, inputs, context);
    if (decision.kind === "settle") {
      log.warn(
        `the token is ${decision.status} on the Hub. ${HOW_TO_ISSUE_AGAIN}${noteOnTriggers(state, inputs)}`,
      );
    }
    if (state.token === undefined && !("reason" in decision)) {
      log.warn(`${VALUE_UNKNOWN} Until then \`pulumi up\` fails if something uses it.`);
    }
    if (decision.kind === "refuse" && result.replaces.length === 0 && !containsUnknown(inputs)) {
      log.warn(`\`pulumi up\` will refuse this. ${decision.message}`);
    }
    // guard: kept-decision
    const decides = decision.kind === "succeed" || decision.kind === "refuse" || hasToKeep(decision, state);
    const changes = result.changes || decides;
    return { ...result, changes, renews: changes ? renewedOutputs(decision, state, inputs) : [] };
  },

  async create(inputs, context) {
    const id = idOf(inputs);
    const { resolved, failure } = await resolveRepos(inputs.repos, context);
    if (failure) throw failure;
    const place = tokenPlace(context.client, inputs);
    const user = await place.user();
    const issued = await issue(place, inputs, wantedReach(inputs, idsOf(inputs.repos, resolved)), context);
    const heard = noted(undefined, inputs.rotationTriggers);
    return { id, state: toState(inputs, { ...issued, user, resolved, heard, predecessors: [] }) };
  },

  async read(id, state, context) {
    if (!state) return adopt(id, context);
    claim(state, context);
    const place = tokenPlace(context.client, state);
    const live = await place.list();
    const observation = observationOf(live, state, context.now);
    if (observation.status !== "active") {
      context.log.warn(
        `the token ${state.hubName} is ${observation.status} on the Hub.${namesake(live, state)}`,
      );
    }
    const observed = observedState(state, observation, await place.user());
    return { inputs: declaredIn(observed), state: observed };
  },

  async update(_id, before, inputs, context) {
    claim(before, context);
    const place = tokenPlace(context.client, { ...inputs, user: before.user });
    const live = await place.list();
    const user = await place.user();
    const observation = observationOf(live, before, context.now);
    const state = { ...before, ...settledAttempt(before, observation.current?.reach), user };
    const { speaks, heard } = listen(state.heard, inputs.rotationTriggers, heldOf(state, observation));
    const kept = unfinished(state, inputs, observation, heard);
    kept.predecessors = state.predecessors.filter((each) =>
      live?.some((token) => isPredecessor(token, each)),
    );
    return keepingOnFailure(
      () => kept,
      () => carryOut({ place, state, inputs, observation, speaks, kept, live, context }),
    );
  },

  async delete(_id, state, context) {
    const place = tokenPlace(context.client, state);
    // Predecessors too: if the run that rotated was interrupted, the child that ends them does not know them yet.
    // guard: destroy-with-predecessors
    let own = [state, ...state.predecessors];
    if (state.organization === undefined) {
      const live = (await place.list()) ?? [];
      own = own.filter(
        ({ tokenId }) => !live.some((token) => token.tokenId === tokenId && !isOurs(token, state)),
      );
    }
    const ended = await place.revokeAll(own.map(({ tokenId }) => tokenId));
    if (ended.has(state.tokenId)) return;
    const other = own.some(({ tokenId }) => tokenId === state.tokenId)
      ? ""
      : " Someone has made another token of that name, which is left alone.";
    context.log.info(`the token ${state.hubName} is gone already.${other}`);
  },

  migrate,

  imports: { parseId, compare: compareWithHub },
};

function claim(state: HubTokenState, { claims }: PureContext): void {
  for (const { tokenId } of [state, ...state.predecessors]) claims.add(tokenId);
}

/** Whether it is this resource's token or one of its predecessors, and not one that was made under such a name since. */
function isOurs(token: LiveToken, state: HubTokenState): boolean {
  return isSameToken(token, state) || state.predecessors.some((each) => isPredecessor(token, each));
}

/** Says that another token has the name by now. */
function namesake(live: readonly LiveToken[] | undefined, state: HubTokenState): string {
  const other = live?.find((token) => token.tokenId === state.tokenId && !isSameToken(token, state));
  return other
    ? ` Someone has made another token of that name at ${other.createdAt}, which is left alone.`
    : "";
}

/** What an update has found out before it does what it has decided. */
interface Findings {
  place: TokenPlace;
  state: HubTokenState;
  inputs: HubTokenInputs;
  observation: Observation;
  /** Whether the rotation triggers speak for undoing what the Hub holds. */
  speaks: boolean;
  /** What is kept if the update fails; each step notes in it what it has done. */
  kept: HubTokenState;
  live: readonly LiveToken[] | undefined;
  context: LifecycleContext;
}

type DecisionTo<K extends Decision["kind"]> = Extract<Decision, { kind: K }>;

async function carryOut(findings: Findings): Promise<HubTokenState> {
  const { state, inputs, observation, speaks, kept, context } = findings;
  const { resolved, failure } = await resolveRepos(inputs.repos, context, state.resolved, speaks);
  kept.resolved = resolved;
  const ids = idsOf(inputs.repos, resolved);
  // A repository that cannot be looked up may be any of those that the token has.
  const open = failure ? (observation.current?.reach?.repoIds ?? []) : [];
  const wanted = wantedReach(inputs, ids && [...new Set([...ids, ...open])]);
  const decision = decide(state, inputs, { observation, wanted, speaks, failure }, context);
  if (decision.narrow && observation.current) {
    await send(findings, observation.current.hubName, decision.narrow);
    kept.applied = { ...kept.applied, reach: decision.applied };
    kept.heard = kept.heard && carried(kept.heard, heldOf(kept, { status: observation.status }));
  }
  switch (decision.kind) {
    case "refuse":
      if (decision.narrow) context.log.info("narrowed the token to what the program still asks for.");
      throw failure ?? new LifecycleError(decision.message);
    case "succeed":
      return succeed(decision, findings);
    case "settle":
      return settle(decision, findings);
    case "change":
      return change(decision, findings);
  }
}

/** Renames a service account's token and sets what it can do; believed once the Hub shows it. */
async function send(
  { place, kept, observation: { current } }: Findings,
  hubName: string,
  reach: TokenReach,
): Promise<void> {
  const { tokenId, reach: before } = current as { tokenId: string; reach: TokenReach };
  const answer = await place.change(tokenId, hubName, reach, before).catch((error: unknown) => {
    if (outcomeIsUnknown(error)) kept.tried = reach;
    throw error;
  });
  kept.tried = reach;
  const shown = answer ?? (await place.list())?.find((token) => token.tokenId === tokenId);
  delete kept.tried;
  const held = shown?.reach && wholeReach(shown.reach, reach);
  if (held) kept.seen = { ...kept.seen, reach: held };
  const differing = [
    ...(held ? differingReach(held, reach) : ["the token"]),
    ...(shown?.hubName === hubName ? [] : ["name"]),
  ];
  // guard: change-seen
  if (differing.length > 0) {
    throw new LifecycleError(
      `The Hub has accepted a change of the token ${hubName}, and what it holds still differs (${differing.join(", ")}). ` +
        "Look at the token on the Hub; `pulumi up` tries again.",
    );
  }
  kept.hubName = hubName;
}

async function succeed(
  { reason, reach, appliedReach, withheld }: DecisionTo<"succeed">,
  { place, state, inputs, observation: { current }, kept, context }: Findings,
): Promise<HubTokenState> {
  const { log } = context;
  const issued = await issue(place, inputs, reach, context);
  const predecessors = [...kept.predecessors];
  if (current) {
    // guard: predecessor-lives
    predecessors.push({ tokenId: current.tokenId, supersededAt: context.now.toISOString() });
    log.info(
      `issued a successor (${reason}). The predecessor ${current.hubName} stays valid; a later \`pulumi up\` revokes it, ` +
        `${inputs.overlapHours} h from now at the earliest, once it is idle.`,
    );
  }
  const next = toState(inputs, { ...around(kept), ...issued, predecessors });
  if (!reach || withheld.length === 0) return next;
  log.warn(
    `the successor can do no more than its predecessor, which was narrowed on the Hub (${withheld.join(", ")}). ${HOW_TO_WIDEN}` +
      noteOnTriggers(state, inputs),
  );
  next.applied.reach = appliedReach;
  // As a refresh would show it, so that the difference from the program stays in sight.
  return { ...next, ...argumentsFor(reach, next, next.resolved) };
}

function settle(
  { status, narrow, reach, applied }: DecisionTo<"settle">,
  { state, inputs, observation, kept, live, context }: Findings,
): HubTokenState {
  const sent = narrow ? "it was only narrowed to what the program still asks for" : "nothing was sent";
  context.log.warn(
    `the token ${state.hubName} is ${status} on the Hub, so ${sent}. ${HOW_TO_ISSUE_AGAIN}` +
      noteOnTriggers(state, inputs) +
      namesake(live, state),
  );
  const next = toState(inputs, { ...sameToken(state, observation), ...around(kept) });
  next.applied = { ...state.applied, reach: applied };
  if (reach) next.seen = { reach };
  return next;
}

async function change({ reach }: DecisionTo<"change">, findings: Findings): Promise<HubTokenState> {
  const { state, inputs, observation, kept, context } = findings;
  const token = sameToken(state, observation);
  const { current } = observation;
  if (current?.reach && reach) {
    token.hubName = markedName(state, inputs, current.hubName, context);
    if (token.hubName !== current.hubName || !sameReach(reach, current.reach)) {
      await send(findings, token.hubName, reach);
    }
  }
  return toState(inputs, { ...token, ...around(kept) });
}

/** A token as the Hub has made or shown it. */
interface TokenFacts extends Pick<
  HubTokenState,
  "tokenId" | "hubName" | "token" | "last4" | "createdAt" | "status" | "born"
> {
  /** The end that the Hub itself enforces. */
  hubExpiry?: string;
}

/** What is kept beside the token, whichever it is. */
type Around = Pick<HubTokenState, "user" | "resolved" | "predecessors" | "heard">;

function around({ user, resolved, predecessors, heard }: HubTokenState): Around {
  return { user, resolved, predecessors, heard: heard && settled(heard) };
}

/**
 * Issues a token, and makes sure that it can do what was asked for, no more and no less. From here on its value must not get lost: what
 * fails after this is no reason to fail, except a token that has to be revoked.
 */
async function issue(
  place: TokenPlace,
  inputs: HubTokenInputs,
  reach: TokenReach | undefined,
  context: LifecycleContext,
): Promise<TokenFacts> {
  const { role, expiresAt } = inputs;
  const owner = ownedBy(inputs, "HubToken");
  const requested = context.now;
  const request = { reach, role, expiresAt };
  const issued = await issueMarked(place, inputs.name, owner, request, context.randomHex);
  const { tokenId, hubName, value, last4 } = issued;
  context.claims.add(tokenId);
  // The rotation goes by the end that the Hub has set, and the answer to a creation may not tell it.
  const needsEnd = issued.expiresAt === undefined && inputs.rotateBeforeDays !== undefined;
  const needsReach = reach !== undefined && issued.reach === undefined;
  const listed = needsEnd || needsReach ? await listedOrWarn(place, issued, context) : undefined;
  const shown = { role: issued.role, reach: issued.reach ?? listed?.reach, expiresAt: issued.expiresAt };
  const difference = differenceFrom(request, shown);
  // guard: issued-as-asked
  if (difference !== undefined) await revokeWrong(place, issued, difference);
  return {
    ...{ tokenId, hubName, last4, status: "active", token: value },
    createdAt: saneMoment(issued.createdAt, requested, context.now),
    ...(inputs.organization === undefined && { born: issued.createdAt }),
    hubExpiry: issued.expiresAt ?? listed?.expiresAt,
  };
}

/** The new token in the Hub's list. The value must not get lost over this: a refresh asks again. */
async function listedOrWarn(
  place: TokenPlace,
  { tokenId, hubName }: IssuedToken,
  { log }: LifecycleContext,
): Promise<LiveToken | undefined> {
  try {
    const listed = (await place.list())?.find((token) => token.tokenId === tokenId);
    if (listed) return listed;
    log.warn(`the Hub does not list the new token ${hubName} yet, so what it can do was not verified.`);
  } catch (error) {
    log.warn(`what the new token ${hubName} can do was not verified: ${(error as Error).message}`);
  }
  return undefined;
}

/** No one has its value yet, so it is ended, whether it can do more than was asked for or less. */
async function revokeWrong(
  place: TokenPlace,
  { tokenId, hubName }: IssuedToken,
  difference: string,
): Promise<never> {
  const revoked = await place.revoke(tokenId).then(
    () => "it was revoked again, before anyone had its value",
    (error: unknown) =>
      `it could not be revoked, so revoke it on the Hub: no one has its value. ${(error as Error).message}`,
  );
  throw new LifecycleError(
    `The Hub has issued the token ${hubName} otherwise than it was asked for (${difference}); ${revoked}. ` +
      "Declare what the Hub allows, or ask its administrators.",
  );
}

/** What stays of a token that gets no successor. */
function sameToken(state: HubTokenState, { status, current }: Observation): TokenFacts {
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
  };
}

/** What an update keeps if it fails. The arguments are the program's, as the handler wants it; `seen` says what the Hub holds. */
function unfinished(
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

/** The declared name with the token's mark. A mark that got lost in a renaming is drawn again, so that the token stays known as ours. */
function markedName(
  state: HubTokenState,
  inputs: HubTokenInputs,
  hubName: string,
  { randomHex }: LifecycleContext,
): string {
  const mark = splitMark(hubName).mark ?? splitMark(state.hubName).mark;
  return withMark(inputs.name, mark ?? { owner: ownedBy(inputs, "HubToken"), random: randomHex(4) });
}

/** The token that an id names: by the owner's mark, by the Hub's id, or by its exact name. */
async function adopt(
  id: string,
  { client, now }: LifecycleContext,
): Promise<{ inputs: HubTokenInputs; state: HubTokenState; live: LiveToken[] } | undefined> {
  const { slot, ...address } = parseId(id);
  const place = tokenPlace(client, address);
  const live = (await place.list()) ?? [];
  const found =
    tokensOf(slot, live)[0] ?? live.find((token) => token.tokenId === slot || token.hubName === slot);
  if (!found) return undefined;
  const { tokenId, hubName, last4, createdAt, expiresAt: hubExpiry } = found;
  const inputs = argumentsOf(found, address);
  const status = statusOf(live, found, found, now);
  const isOwn = address.organization === undefined;
  const state = toState(inputs, {
    ...{ tokenId, hubName, last4, createdAt, hubExpiry, status, predecessors: [] },
    ...(isOwn && { user: await place.user(), born: createdAt }),
  });
  return { inputs, state, live };
}

async function compareWithHub(
  id: string,
  inputs: HubTokenInputs,
  context: LifecycleContext,
): Promise<Imported<HubTokenState> | undefined> {
  const { claims } = context;
  const adopted = await adopt(id, context);
  if (!adopted) return undefined;
  const { state: found, live } = adopted;
  const foreign = refusalOfForeignMark(found.hubName, inputs.owner, `The token ${found.hubName}`);
  if (foreign) throw new LifecycleError(foreign);
  const own = inputs.owner === undefined ? undefined : tokensOf(inputs.owner, live)[0];
  if (own && own.tokenId !== found.tokenId) {
    throw new LifecycleError(
      `This resource has issued another token already, ${own.hubName}: with the option import it would go back to ${found.hubName}. ` +
        "Nothing was changed. Take the option out; if the resource is not in the state, import the other token.",
    );
  }
  if (claims.has(found.tokenId)) {
    throw new LifecycleError(`Another resource of this stack has the token ${found.hubName}.`);
  }
  claims.add(found.tokenId);
  const { resolved, failure } = await resolveRepos(inputs.repos, context);
  if (failure) throw failure;
  const hubExpiry = found.expiryEnforced ? found.expiresAt : undefined;
  const heard = noted(undefined, inputs.rotationTriggers);
  const state = toState(inputs, { ...found, token: undefined, hubExpiry, resolved, heard });
  return { differing: differingFromHub(found, inputs, idsOf(inputs.repos, resolved)), state };
}

/** The one way from what is known to what is kept, once an update has come to its end. */
function toState(inputs: HubTokenInputs, { hubExpiry, ...facts }: TokenFacts & Around): HubTokenState {
  const { tokenId, hubName, token, last4, createdAt, status, born } = facts;
  const { user, predecessors } = facts;
  // Most tokens have neither.
  const resolved = Object.keys(facts.resolved ?? {}).length > 0 ? facts.resolved : undefined;
  const heard = facts.heard?.seen.length === 0 ? undefined : facts.heard;
  const { name, role = "read", expiresAt, rotationTriggers, organization } = inputs;
  const state: HubTokenState = {
    ...inputs,
    ...expiryOf(hubExpiry, inputs.expiresAt),
    ...{ token, tokenId, hubName, last4, createdAt, status, born },
    ...{ user, resolved, predecessors, heard },
    applied: {
      reach: wantedReach(inputs, idsOf(inputs.repos, resolved)),
      ...{ expiresAt, triggers: fingerprint(rotationTriggers) },
      ...(organization === undefined && { name, role }),
    },
  };
  state.rotateAt = rotateAt(scheduleOf(state, inputs));
  return state;
}
