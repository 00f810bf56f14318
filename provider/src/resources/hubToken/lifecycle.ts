import { outcomeIsUnknown } from "../../client/errors";
import { isPredecessor, type LiveToken, type TokenPlace, tokenPlace } from "../../hub/tokenPlace";
import {
  keepingOnFailure,
  type LifecycleContext,
  LifecycleError,
  type PureContext,
  type ResourceDefinition,
} from "../../model/definition";
import { diffOf } from "../../model/diff";
import { definedBy } from "../../model/fields";
import { containsUnknown } from "../../model/unknown";
import { laterOf } from "../../rules/clocks";
import { carried, listen } from "../../rules/intent";
import { ownedBy, splitMark, withMark } from "../../rules/mark";
import {
  appliedIf,
  argumentsFor,
  differingReach,
  idsOf,
  sameReach,
  type TokenReach,
  wantedReach,
  wholeReach,
} from "../../rules/permissions";
import { adopt, compareWithHub } from "./adoption";
import { checkFailures } from "./checks";
import {
  decide,
  type Decision,
  declaredChanges,
  declaredIn,
  foretell,
  hasToKeep,
  heldOf,
  HOW_TO_ISSUE_AGAIN,
  HOW_TO_WIDEN,
  noteOnTriggers,
  renewedOutputs,
  successorReason,
} from "./decisions";
import { issue } from "./issuing";
import { around, sameToken, toState, unfinished } from "./kept";
import { migrate } from "./migrate";
import { creationOf } from "./replacing";
import {
  type HubTokenInputs,
  hubTokenModel,
  type HubTokenState,
  idOf,
  parseId,
  VALUE_UNKNOWN,
} from "./model";
import { isSameToken, type Observation, observationOf, observedState, settledAttempt } from "./observation";
import { resolveRepos } from "./repositories";

/** The lifecycle of a token, without Pulumi. */
export const hubTokenDefinition: ResourceDefinition<HubTokenInputs, HubTokenState> = {
  ...definedBy(hubTokenModel),
  sharedObject: (_id, { tokenId, organization }) => `${organization ?? "user"}/${tokenId}`,
  formerBy: ({ owner }) => owner && `mark ${owner}`,
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
    const { resolved, heard, reach, verdict } = await creationOf(inputs, context);
    const place = tokenPlace(context.client, inputs);
    const user = await place.user();
    const issued = await issue(place, inputs, reach, context);
    const state = toState(inputs, { ...issued, ...user, resolved, heard, predecessors: [] });
    if (!reach || !verdict || verdict.withheld.length === 0) return { id, state };
    const { withheld, applied } = verdict;
    return { id, state: withheldIn(state, { reach, withheld, appliedReach: applied }, "", context) };
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
    const place = tokenPlace(context.client, { ...inputs, user: before.user, userId: before.userId });
    const live = await place.list();
    const user = await place.user();
    const observation = observationOf(live, before, context.now);
    const state = { ...before, ...settledAttempt(before, observation.current?.reach), ...user };
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
  const reason = successorReason(state, inputs, observation, speaks, context);
  const successor = reason === undefined ? undefined : { fresh: speaks };
  const { resolved, failure, ...names } = await resolveRepos(
    inputs.repos,
    context,
    state.resolved,
    successor,
  );
  kept.resolved = names.kept;
  const ids = idsOf(inputs.repos, resolved);
  // A repository that cannot be looked up may be any of those that the token has.
  const open = failure ? (observation.current?.reach?.repoIds ?? []) : [];
  const wanted = wantedReach(inputs, ids && [...new Set([...ids, ...open])]);
  const decision = decide(state, inputs, { observation, wanted, speaks, reason, failure }, context.now);
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
      return succeed(decision, findings, resolved);
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
  const tried = kept.applied.reach && appliedIf(reach, before, kept.applied.reach);
  const answer = await place.change(tokenId, hubName, reach, before).catch((error: unknown) => {
    if (outcomeIsUnknown(error)) kept.tried = tried;
    throw error;
  });
  kept.tried = tried;
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
  resolved: Record<string, string>,
): Promise<HubTokenState> {
  const { log } = context;
  const issued = await issue(place, inputs, reach, context);
  kept.resolved = resolved;
  const predecessors = [...kept.predecessors];
  if (current) {
    // Not before its own creation, as a clock that was put back would have it: it would not be known again.
    const supersededAt = Math.max(laterOf(context).getTime(), Date.parse(current.createdAt));
    // guard: predecessor-lives
    predecessors.push({ tokenId: current.tokenId, supersededAt: new Date(supersededAt).toISOString() });
    log.info(
      `issued a successor (${reason}). The predecessor ${current.hubName} stays valid; a later \`pulumi up\` revokes it, ` +
        `${inputs.overlapHours} h from now at the earliest, once it is idle.`,
    );
  }
  const next = toState(inputs, { ...around(kept), ...issued, predecessors });
  if (!reach || withheld.length === 0) return next;
  return withheldIn(next, { reach, appliedReach, withheld }, noteOnTriggers(state, inputs), context);
}

/** What is kept of a token that was issued with less than is declared. */
function withheldIn(
  next: HubTokenState,
  {
    reach,
    appliedReach,
    withheld,
  }: { reach: TokenReach; appliedReach: TokenReach | undefined; withheld: string[] },
  note: string,
  { log }: PureContext,
): HubTokenState {
  log.warn(
    `the successor can do no more than its predecessor, which was narrowed on the Hub (${withheld.join(", ")}). ${HOW_TO_WIDEN}${note}`,
  );
  const applied = { ...next.applied, reach: appliedReach };
  // As a refresh would show it, so that the difference from the program stays in sight.
  return { ...next, applied, ...argumentsFor(reach, next, next.resolved) };
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

/**
 * The declared name with the token's mark. A mark that someone has taken out or replaced by that of another resource is put back, so that the
 * token stays known as ours.
 */
function markedName(
  state: HubTokenState,
  inputs: HubTokenInputs,
  hubName: string,
  { randomHex }: LifecycleContext,
): string {
  const owner = ownedBy(inputs, "HubToken");
  const marks = [hubName, state.hubName].map((each) => splitMark(each).mark);
  // guard: own-mark
  const mark = marks.find((each) => each?.owner === owner);
  return withMark(inputs.name, mark ?? { owner, random: randomHex(4) });
}
