import { type HubClient, type RepoInfo } from "../../client";
import { isNotFound } from "../../client/errors";
import { issueMarked, type LiveToken, type TokenPlace, tokenPlace, tokensOf } from "../../hub/tokenPlace";
import {
  type Imported,
  type LifecycleContext,
  LifecycleError,
  type PureContext,
  type ResourceDefinition,
} from "../../model/definition";
import { diffOf } from "../../model/diff";
import { definedBy } from "../../model/fields";
import { containsUnknown } from "../../model/unknown";
import { ownedBy, refusalOfForeignMark, splitMark, withMark } from "../../rules/mark";
import { argumentsFor, narrowed, sameReach, type TokenReach, wantedReach } from "../../rules/permissions";
import { parseRepoReference } from "../../rules/repoReference";
import { rotateAt, scheduleOf } from "../../rules/rotation";
import { checkFailures } from "./checks";
import {
  argumentsOf,
  decide,
  type Decision,
  declaredChanges,
  declaredIn,
  differingFromHub,
  expiryOf,
  foretell,
  hasToKeep,
  HOW_TO_ISSUE_AGAIN,
  HOW_TO_WIDEN,
  type Observation,
  observationOf,
  observedState,
  rememberedIds,
  renewedOutputs,
  statusOf,
  successorReason,
} from "./decisions";
import {
  type HubTokenInputs,
  hubTokenModel,
  type HubTokenState,
  idOf,
  parseId,
  VALUE_UNKNOWN,
} from "./model";

/** The lifecycle of a token, without Pulumi. */
export const hubTokenDefinition: ResourceDefinition<HubTokenInputs, HubTokenState> = {
  ...definedBy(hubTokenModel),
  sharedObject: (_id, { tokenId, organization }) => `${organization ?? "user"}/${tokenId}`,
  stateVersion: 1,

  label: ({ name, organization }) => `"${name ?? ""}"${organization ? ` of ${organization}` : ""}`,

  check: checkFailures,

  diff(state, inputs, changed, context) {
    claim(state, context);
    const { log } = context;
    const result = diffOf(hubTokenDefinition, declaredChanges(state, inputs, changed));
    const decision = foretell(state, inputs, context);
    if (decision.kind === "settle") {
      log.warn(`the token is ${decision.status} on the Hub. ${HOW_TO_ISSUE_AGAIN}`);
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
    const repoIds = await resolveRepos(context.client, inputs.repos);
    const place = tokenPlace(context.client, inputs);
    const user = await place.user();
    const issued = await issue(place, inputs, wantedReach(inputs, repoIds), context);
    return { id, state: toState(inputs, { ...issued, ...user, repoIds, predecessors: [] }) };
  },

  async read(id, state, context) {
    if (!state) return adopt(id, context);
    claim(state, context);
    const place = tokenPlace(context.client, state);
    const observation = observationOf(await place.list(), state, context.now);
    if (observation.status !== "active") {
      context.log.warn(`the token ${state.hubName} is ${observation.status} on the Hub.`);
    }
    const observed = observedState(state, observation, await place.user());
    return { inputs: declaredIn(observed), state: observed };
  },

  async update(_id, state, inputs, context) {
    claim(state, context);
    const { client, log } = context;
    const place = tokenPlace(client, { ...inputs, user: state.user, userId: state.userId });
    const live = await place.list();
    const user = await place.user();
    const { now } = context;
    const observation = observationOf(live, state, now);
    const { status, current } = observation;
    const reason = successorReason(state, inputs, status, context);
    const repoIds = await resolveRepos(client, inputs.repos, rememberedIds(state), reason !== undefined);
    const wanted = wantedReach(inputs, repoIds);
    const decision = decide(state, inputs, observation, wanted, reason, now);
    if (decision.narrow && current?.reach) {
      await place.change(current.tokenId, current.hubName, decision.narrow, current.reach);
    }
    const predecessors = state.predecessors.filter(({ tokenId }) =>
      live?.some((token) => token.tokenId === tokenId),
    );
    const findings: Findings = {
      ...{ place, state, inputs, observation, context },
      around: { ...user, repoIds, predecessors },
    };
    switch (decision.kind) {
      case "succeed":
        return succeed(decision, findings);
      case "refuse":
        if (decision.narrow) log.info("narrowed the token to what the program still asks for.");
        throw new LifecycleError(decision.message);
      case "settle":
        return settle(decision, wanted, findings);
      case "change":
        return change(decision, findings);
    }
  },

  async delete(_id, state, context) {
    const place = tokenPlace(context.client, state);
    // Predecessors too: if the run that rotated was interrupted, the child that ends them does not know them yet.
    // guard: destroy-with-predecessors
    for (const { tokenId } of [state, ...state.predecessors]) {
      const ended = await place.revoke(tokenId);
      if (!ended && tokenId === state.tokenId)
        context.log.info(`the token ${state.hubName} is gone already.`);
    }
  },

  imports: { parseId, compare: compareWithHub },
};

function claim(state: HubTokenState, { claims }: PureContext): void {
  for (const { tokenId } of [state, ...state.predecessors]) claims.add(tokenId);
}

/** What an update has found out before it does what it has decided. */
interface Findings {
  place: TokenPlace;
  state: HubTokenState;
  inputs: HubTokenInputs;
  observation: Observation;
  /** What is kept whichever token is the current one. */
  around: Pick<HubTokenState, "user" | "userId" | "repoIds" | "predecessors">;
  context: LifecycleContext;
}

type DecisionTo<K extends Decision["kind"]> = Extract<Decision, { kind: K }>;

async function succeed(
  { reason, reach, withheld }: DecisionTo<"succeed">,
  { place, inputs, observation: { current }, around, context }: Findings,
): Promise<HubTokenState> {
  const { log, now } = context;
  const issued = await issue(place, inputs, reach, context);
  const predecessors = [...around.predecessors];
  if (current) {
    // guard: predecessor-lives
    predecessors.push({ tokenId: current.tokenId, supersededAt: now.toISOString() });
    log.info(
      `issued a successor (${reason.text}). The predecessor ${current.hubName} stays valid; a later \`pulumi up\` revokes it, ` +
        `${inputs.overlapHours} h from now at the earliest, once it is idle.`,
    );
  }
  const next = toState(inputs, { ...issued, ...around, predecessors });
  if (!reach || withheld.length === 0) return next;
  log.warn(
    `the successor can do no more than its predecessor, which was narrowed on the Hub (${withheld.join(", ")}). ${HOW_TO_WIDEN}`,
  );
  // As a refresh would show it, so that the difference from the program stays in sight.
  return { ...next, ...argumentsFor(reach, next) };
}

function settle(
  { status, narrow, seen }: DecisionTo<"settle">,
  wanted: TokenReach | undefined,
  { state, inputs, observation, around, context }: Findings,
): HubTokenState {
  const sent = narrow ? "it was only narrowed to what the program still asks for" : "nothing was sent";
  context.log.warn(`the token ${state.hubName} is ${status} on the Hub, so ${sent}. ${HOW_TO_ISSUE_AGAIN}`);
  const next = toState(inputs, { ...sameToken(state, observation), ...around });
  if (wanted && state.applied.reach) {
    // A successor is not to be given what someone took away, nor kept from what the program has added meanwhile.
    next.seen = seen;
    next.applied.reach = narrowed(state.applied.reach, wanted);
  }
  return next;
}

async function change(
  { reach }: DecisionTo<"change">,
  { place, state, inputs, observation, around, context }: Findings,
): Promise<HubTokenState> {
  const token = sameToken(state, observation);
  const { current } = observation;
  if (current?.reach && reach) {
    token.hubName = markedName(state, inputs, current.hubName, context);
    if (token.hubName !== current.hubName || !sameReach(reach, current.reach)) {
      await place.change(current.tokenId, token.hubName, reach, current.reach);
    }
  }
  return toState(inputs, { ...token, ...around });
}

/** A token as the Hub has made or shown it. */
interface TokenFacts extends Pick<
  HubTokenState,
  "tokenId" | "hubName" | "token" | "last4" | "createdAt" | "status"
> {
  /** The end that the Hub itself enforces. */
  hubExpiry?: string;
}

async function issue(
  place: TokenPlace,
  inputs: HubTokenInputs,
  reach: TokenReach | undefined,
  context: LifecycleContext,
): Promise<TokenFacts> {
  const { claims, randomHex } = context;
  const { role, expiresAt } = inputs;
  const owner = ownedBy(inputs, "HubToken");
  const issued = await issueMarked(place, inputs.name, owner, { reach, role, expiresAt }, randomHex);
  const { tokenId, hubName, value, last4, createdAt = context.now.toISOString() } = issued;
  claims.add(tokenId);
  let hubExpiry = issued.expiresAt;
  if (hubExpiry === undefined && inputs.rotateBeforeDays !== undefined) {
    // The rotation goes by the end that the Hub has set, and the answer to a creation may not tell it.
    hubExpiry = await endOf(tokenId, place);
  }
  return { tokenId, hubName, token: value, last4, createdAt, hubExpiry, status: "active" };
}

async function endOf(tokenId: string, place: TokenPlace): Promise<string | undefined> {
  try {
    return (await place.list())?.find((token) => token.tokenId === tokenId)?.expiresAt;
  } catch {
    // The value must not get lost over this. A refresh asks again.
    return undefined;
  }
}

/** What stays of a token that gets no successor. */
function sameToken(state: HubTokenState, { status, current }: Observation): TokenFacts {
  const { tokenId, token, last4, createdAt } = state;
  return {
    tokenId,
    hubName: current?.hubName ?? state.hubName,
    token,
    last4,
    createdAt,
    // A token that has expired is listed no more; its end stays what it was.
    hubExpiry: current ? current.expiresAt : state.expiryEnforced ? state.expiresAt : undefined,
    status,
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

/** Ids of repositories. `again` asks for remembered names too: another repository may stand under the name by now. */
async function resolveRepos(
  client: HubClient,
  repos: string[] | undefined,
  remembered: ReadonlyMap<string, string> = new Map(),
  again = true,
): Promise<string[] | undefined> {
  if (repos === undefined) return undefined;
  return Promise.all(
    repos.map(async (repo) => {
      const repoId = remembered.get(repo);
      if (repoId !== undefined && !again) return repoId;
      const reference = parseRepoReference(repo);
      if ("repoId" in reference) return reference.repoId;
      try {
        return idFrom(await client.getRepo(reference.repo, reference.repoType));
      } catch (error) {
        if (repoId !== undefined && isNotFound(error)) return repoId;
        throw error;
      }
    }),
  );
}

function idFrom({ _id, id }: RepoInfo): string {
  if (_id !== undefined) return _id;
  throw new LifecycleError(
    `The Hub does not say the id of ${id}, which a token needs. Give the id itself in repos: 24 hexadecimal digits.`,
  );
}

/** The token that an id names: by the owner's mark, by the Hub's id, or by its exact name. */
async function adopt(
  id: string,
  context: LifecycleContext,
): Promise<{ inputs: HubTokenInputs; state: HubTokenState; live: LiveToken[] } | undefined> {
  const { slot, ...address } = parseId(id);
  const place = tokenPlace(context.client, address);
  const live = (await place.list()) ?? [];
  const found =
    tokensOf(slot, live)[0] ?? live.find((token) => token.tokenId === slot || token.hubName === slot);
  if (!found) return undefined;
  const { tokenId, hubName, last4, createdAt, expiresAt: hubExpiry } = found;
  const inputs = argumentsOf(found, address);
  const status = statusOf(live, found, found, context.now);
  const state = toState(inputs, {
    ...{ tokenId, hubName, last4, createdAt, hubExpiry, status },
    ...(await place.user()),
    repoIds: inputs.repos,
    predecessors: [],
  });
  return { inputs, state, live };
}

async function compareWithHub(
  id: string,
  inputs: HubTokenInputs,
  context: LifecycleContext,
): Promise<Imported<HubTokenState> | undefined> {
  const { client, claims } = context;
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
  const repoIds = await resolveRepos(client, inputs.repos);
  const hubExpiry = found.expiryEnforced ? found.expiresAt : undefined;
  const state = toState(inputs, { ...found, token: undefined, hubExpiry, repoIds });
  return { differing: differingFromHub(found, inputs, repoIds), state };
}

/** The one way from what is known to what is kept. */
function toState(
  inputs: HubTokenInputs,
  { hubExpiry, ...token }: TokenFacts & Pick<HubTokenState, "user" | "userId" | "repoIds" | "predecessors">,
): HubTokenState {
  const { tokenId, hubName, token: value, last4, createdAt, status, repoIds, predecessors } = token;
  const { user, userId } = token;
  const state: HubTokenState = {
    ...inputs,
    ...expiryOf(hubExpiry, inputs.expiresAt),
    ...{ token: value, tokenId, hubName, last4, createdAt, status, user, userId, repoIds, predecessors },
    applied: { reach: wantedReach(inputs, repoIds), expiresAt: inputs.expiresAt },
  };
  state.rotateAt = rotateAt(scheduleOf(state, inputs));
  return state;
}
