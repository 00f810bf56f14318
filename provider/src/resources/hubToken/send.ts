// Carries out the decision of an update. Each step records what it sent, so that a failure keeps it.
import { outcomeIsUnknown } from "../../client/errors";
import { type LiveToken, type TokenPlace } from "../../hub/token";
import { type LifecycleContext, LifecycleError, type PureContext } from "../../model/definition";
import { laterOf } from "../../rules/clocks";
import { carried } from "../../rules/intent";
import { ownedBy, splitMark, withMark } from "../../rules/mark";
import {
  appliedAfter,
  appliedIf,
  argumentsFor,
  differingReach,
  idsOf,
  sameReach,
  type TokenReach,
  wantedReach,
  wholeReach,
} from "../../rules/permissions";
import {
  appliedAsFound,
  decide,
  type Decision,
  heldOf,
  HOW_TO_ISSUE_AGAIN,
  HOW_TO_WIDEN,
  type Intent,
  noteOnTriggers,
  successorReason,
} from "./decisions";
import { issue } from "./issuing";
import { type HubTokenInputs, type HubTokenState } from "./model";
import { namesake, type Observation } from "./observation";
import { resolveRepos } from "./repositories";
import { around, sameToken, toState } from "./state";

/** What an update knows before it carries out its decision. */
interface Findings {
  place: TokenPlace;
  state: HubTokenState;
  inputs: HubTokenInputs;
  observation: Observation;
  intent: Intent;
  /** The state that is kept if the update fails. Each step records in it what it did. */
  kept: HubTokenState;
  live: readonly LiveToken[] | undefined;
  context: LifecycleContext;
}

type DecisionTo<K extends Decision["kind"]> = Extract<Decision, { kind: K }>;

/** Decides about a token, narrows it first if necessary, and carries out the decision. */
export async function carryOut(findings: Findings): Promise<HubTokenState> {
  const { state, inputs, observation, intent, kept, context } = findings;
  const reason = successorReason(state, inputs, observation, intent, context);
  const successor = reason === undefined ? undefined : { isNew: intent.isNew };
  const { resolved, failure, ...names } = await resolveRepos(
    inputs.repos,
    context,
    state.resolved,
    successor,
  );
  kept.resolved = names.kept;
  const ids = idsOf(inputs.repos, resolved) ?? [];
  const held = observation.current?.reach?.repoIds ?? [];
  // A repository that cannot be looked up may be any of the token's repositories, so none of them is removed or counts as found.
  const wanted = wantedReach(inputs, failure ? union(ids, held) : ids);
  const idsFound = ids.filter((id) => held.includes(id));
  const found = failure ? union(state.applied.reach?.repoIds ?? [], idsFound) : ids;
  kept.applied = appliedAsFound(state, inputs, observation, wantedReach(inputs, found));
  const decision = decide(state, inputs, { observation, wanted, intent, reason, failure }, context.now);
  if (decision.narrow && observation.current) {
    await send(findings, observation.current.hubName, decision.narrow);
    kept.applied = { ...kept.applied, reach: decision.applied };
  }
  switch (decision.kind) {
    case "refuse":
      if (decision.narrow) context.log.info("narrowed the token to what the program still declares.");
      throw failure ?? new LifecycleError(decision.message);
    case "succeed":
      return succeed(decision, findings, resolved);
    case "settle":
      return settle(decision, findings);
    case "change":
      return change(decision, findings);
  }
}

function union(left: readonly string[], right: readonly string[]): string[] {
  return [...new Set([...left, ...right])];
}

/** Renames a service account's token and sets its reach. It succeeds only if the Hub shows the result. */
async function send(
  { place, kept, observation: { status, current } }: Findings,
  hubName: string,
  reach: TokenReach,
): Promise<void> {
  const { tokenId, reach: before } = current as { tokenId: string; reach: TokenReach };
  const { reach: applied } = kept.applied;
  const tried = applied && appliedIf(reach, before, applied);
  const answer = await place.change(tokenId, hubName, reach, before).catch((error: unknown) => {
    if (outcomeIsUnknown(error)) kept.tried = tried;
    throw error;
  });
  kept.tried = tried;
  const shown = answer ?? (await place.list())?.find((token) => token.tokenId === tokenId);
  delete kept.tried;
  const held = shown?.reach && wholeReach(shown.reach, reach);
  if (held) {
    kept.seen = { ...kept.seen, reach: held };
    // guard: arrived-part
    kept.applied = { ...kept.applied, reach: tried && appliedAfter(tried, applied, held) };
    kept.heard = kept.heard && carried(kept.heard, heldOf(kept, { status }));
  }
  const differing = [
    ...(held ? differingReach(held, reach) : ["the token"]),
    ...(shown?.hubName === hubName ? [] : ["name"]),
  ];
  // guard: change-seen
  if (differing.length > 0) {
    throw new LifecycleError(
      `The Hub accepted a change of the token ${hubName}, but the token still differs (${differing.join(", ")}). ` +
        "Check the token on the Hub; the next `pulumi up` tries again.",
    );
  }
  kept.hubName = hubName;
}

async function succeed(
  { reason, reach, appliedReach, withheld }: DecisionTo<"succeed">,
  { place, state, inputs, observation: { status, current }, kept, context }: Findings,
  resolved: Record<string, string>,
): Promise<HubTokenState> {
  const { log } = context;
  const issued = await issue(place, inputs, reach, context);
  kept.resolved = resolved;
  const now = laterOf(context);
  // The predecessors of a revoked token may be in use until now, so their overlap starts again.
  const predecessors = kept.predecessors.map((each) =>
    status === "revoked" ? { ...each, supersededAt: now.toISOString() } : each,
  );
  if (current) {
    // Never before its own creation, even if the clock was set back: it would not be recognized later.
    const supersededAt = Math.max(now.getTime(), Date.parse(current.createdAt));
    // guard: predecessor-lives
    predecessors.push({ tokenId: current.tokenId, supersededAt: new Date(supersededAt).toISOString() });
    log.info(
      `issued a successor (${reason}). The predecessor ${current.hubName} stays valid; a later \`pulumi up\` revokes it, ` +
        `in ${inputs.overlapHours} h at the earliest, once it is idle.`,
    );
  }
  const next = toState(inputs, { ...around(kept), ...issued, predecessors });
  if (!reach || withheld.length === 0) return next;
  return withheldIn(next, { reach, appliedReach, withheld }, noteOnTriggers(state, inputs), context);
}

/** The state of a token that was issued with less access than declared. */
export function withheldIn(
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
    `the successor has no more access than its predecessor, which was narrowed on the Hub (${withheld.join(", ")}). ${HOW_TO_WIDEN}${note}`,
  );
  const applied = { ...next.applied, reach: appliedReach };
  // Like after a refresh, so that the difference from the program stays visible.
  return { ...next, applied, ...argumentsFor(reach, next, next.resolved) };
}

function settle(
  { status, narrow, reach, applied }: DecisionTo<"settle">,
  { state, inputs, observation, kept, live, context }: Findings,
): HubTokenState {
  const sent = narrow ? "it was only narrowed to what the program still declares" : "nothing was sent";
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
 * The declared name with the token's mark. If someone removed or replaced the mark, it is restored, so that the resource still recognizes
 * its token.
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
