import { credentialsOf, isPredecessor, type LiveToken } from "../../hub/token";
import { tokenPlace } from "../../hub/tokenPlace";
import { keepingOnFailure, type PureContext, type ResourceDefinition } from "../../model/definition";
import { diffOf, refusing } from "../../model/diff";
import { definedBy } from "../../model/fields";
import { containsUnknown } from "../../model/unknown";
import { listen, stillOpen } from "../../rules/intent";
import { adopt, compareWithHub } from "./adoption";
import { checkFailures } from "./checks";
import {
  declaredChanges,
  declaredIn,
  foretell,
  hasToKeep,
  heldOf,
  HOW_TO_ISSUE_AGAIN,
  noteOnTriggers,
  renewedOutputs,
} from "./decisions";
import { issue } from "./issuing";
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
import { isSameToken, namesake, observationOf, observedState, settledAttempt } from "./observation";
import { carryOut, withheldIn } from "./send";
import { toState, unfinished } from "./state";

/** The lifecycle of a token, without Pulumi. */
export const hubTokenDefinition: ResourceDefinition<HubTokenInputs, HubTokenState> = {
  ...definedBy(hubTokenModel),
  sharedObject: (_id, { tokenId, organization }) => `${organization ?? "user"}/${tokenId}`,
  formerBy: ({ owner }) => owner && `mark ${owner}`,
  replacedAmong: credentialsOf,
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
    const isRefused = decision.kind === "refuse" && result.replaces.length === 0 && !containsUnknown(inputs);
    // guard: kept-decision
    const decides = decision.kind === "succeed" || decision.kind === "refuse" || hasToKeep(decision, state);
    const changes = result.changes || decides;
    const renews = changes ? renewedOutputs(decision, state, inputs) : [];
    return refusing({ ...result, changes, renews }, isRefused ? decision.message : undefined, log);
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
    observed.heard = stillOpen(state.heard, () => [heldOf(state, observation)]);
    return { inputs: declaredIn(observed), state: observed };
  },

  async update(_id, before, inputs, context) {
    claim(before, context);
    const place = tokenPlace(context.client, { ...inputs, user: before.user, userId: before.userId });
    const live = await place.list();
    const user = await place.user();
    const observation = observationOf(live, before, context.now);
    const state = { ...before, ...settledAttempt(before, observation.current?.reach), ...user };
    const { heard, ...intent } = listen(state.heard, inputs.rotationTriggers, heldOf(state, observation));
    const kept = unfinished(state, inputs, observation, heard);
    kept.predecessors = state.predecessors.filter((each) =>
      live?.some((token) => isPredecessor(token, each)),
    );
    return keepingOnFailure(
      () => kept,
      () => carryOut({ place, state, inputs, observation, intent, kept, live, context }),
    );
  },

  async delete(_id, state, context) {
    const place = tokenPlace(context.client, state);
    // Predecessors too: if a rotation was interrupted, the child that revokes them does not know them yet.
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
      : " Someone created another token with that name, which was not changed.";
    context.log.info(`the token ${state.hubName} was already gone.${other}`);
  },

  migrate,

  imports: { parseId, compare: compareWithHub },
};

function claim(state: HubTokenState, { claims }: PureContext): void {
  for (const { tokenId } of [state, ...state.predecessors]) claims.add(tokenId);
}

/** Whether it is this resource's token or a predecessor, not a new token with the same name. */
function isOurs(token: LiveToken, state: HubTokenState): boolean {
  return isSameToken(token, state) || state.predecessors.some((each) => isPredecessor(token, each));
}
