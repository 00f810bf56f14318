import { type LiveToken, type TokenPlace, type TokenUser, UntoldTokensError } from "../../hub/token";
import { tokenPlace } from "../../hub/tokenPlace";
import {
  type LifecycleContext,
  LifecycleError,
  type PureContext,
  type ResourceDefinition,
} from "../../model/definition";
import { diffOf } from "../../model/diff";
import { definedBy, inputsIn } from "../../model/fields";
import { firstOf } from "../../model/words";
import { doubtAboutTime } from "../../rules/clocks";
import { doubtAboutSuccessor, hasToRetire, judgePredecessors, pendingOf } from "./decisions";
import {
  hubTokenPredecessorsModel,
  idOf,
  type KnownPredecessor,
  type PredecessorsInputs,
  type PredecessorsState,
  type Stray,
} from "./model";
import { isRevocable, noteStrays, reportStrays, straysAmong } from "./strays";

/** The lifecycle of a token's predecessors, without Pulumi. */
export const hubTokenPredecessorsDefinition: ResourceDefinition<PredecessorsInputs, PredecessorsState> = {
  ...definedBy(hubTokenPredecessorsModel),
  // It is still the same object under another name, after `pulumi state rename`.
  sharedObject: (id) => id,
  stateVersion: 1,
  imports: "HubTokenPredecessors cannot be imported. Leave it out: `pulumi up` creates it with its HubToken.",

  label: ({ owner, organization }) => `[${owner ?? ""}]${organization ? ` of ${organization}` : ""}`,

  diff(state, inputs, changed, context) {
    claimOwn(state, context);
    reportStrays(noteStrays(state.strays, context), hoursOf(inputs), context);
    const result = diffOf(hubTokenPredecessorsDefinition, changed);
    const isDue =
      hasToRetire(state, inputs, context) ||
      state.strays.some((stray) => isRevocable(stray, inputs, context));
    const changes = result.changes || isDue;
    // Any update reads from the Hub which predecessors and strays are left.
    return { ...result, changes, renews: changes ? ["pending", "strays"] : [] };
  },

  async create(inputs, context) {
    const { live, user } = await observe(inputs, context);
    const state = toState({ ...inputs, ...user }, inputs.predecessors, [], live, context);
    reportStrays(noteStrays(state.strays, context), hoursOf(inputs), context);
    return { id: idOf(inputs), state };
  },

  async read(_id, state, context) {
    // Only its token creates it, so an id alone identifies nothing.
    if (!state) return undefined;
    claimOwn(state, context);
    const { live, user } = await observe(state, context);
    const observed = toState({ ...state, ...user }, state.pending, state.strays, live, context);
    reportStrays(noteStrays(observed.strays, context, state.strays), hoursOf(state), context);
    return { inputs: inputsIn(hubTokenPredecessorsModel, observed), state: observed };
  },

  async update(_id, state, inputs, context) {
    claimOwn(state, context);
    const { place, live, user } = await observe(
      { ...inputs, user: state.user, userId: state.userId },
      context,
    );
    const ended = new Set<string>();
    const doubt = doubtAboutSuccessor(inputs, live) ?? doubtAboutTime(context);
    for (const { token, judged } of judgePredecessors(state, inputs, live, context)) {
      const { hubName } = token;
      if (judged.verdict === "revoke" && doubt !== undefined) {
        context.log.warn(`the predecessor ${hubName} stays valid: ${doubt}.`);
      } else if (judged.verdict === "revoke") {
        await place.revoke(token.tokenId);
        ended.add(token.tokenId);
        context.log.info(`revoked the predecessor ${hubName}.`);
      } else if (judged.verdict === "in use") {
        context.log.warn(
          `the predecessor ${hubName} was used ${judged.minutesAgo} min ago, so it stays valid for now. Give its users the ` +
            `successor; a later \`pulumi up\` revokes it once it has been idle for ${inputs.idleMinutes} min.`,
        );
      } else {
        context.log.info(`the predecessor ${hubName} stays valid at least until ${judged.until}.`);
      }
    }
    // guard: pending-predecessors
    const known = [...state.pending, ...inputs.predecessors];
    const left = live.filter(({ tokenId }) => !ended.has(tokenId));
    const next = toState({ ...inputs, ...user }, known, state.strays, left, context);
    next.strays = await endStrays(next, place, hoursOf(inputs), context);
    return next;
  },

  async delete(_id, state, context) {
    const place = tokenPlace(context.client, state);
    const live = await place.list().catch((error: unknown) => {
      if (!(error instanceof UntoldTokensError)) throw error;
      context.log.warn(`cannot look for strays that an interrupted creation may have left. ${error.message}`);
      return undefined;
    });
    if (!live) return;
    const known = [...state.pending, ...state.predecessors];
    const next = toState(state, known, state.strays, live, context);
    if (next.pending.length > 0) {
      const names = live
        .filter(({ tokenId }) => next.pending.some((predecessor) => predecessor.tokenId === tokenId))
        .map(({ hubName }) => hubName);
      // This resource can also be deleted alone, while its token and its predecessors stay.
      // guard: predecessors-of-the-token
      context.log.info(
        `did not revoke ${names.length} predecessor(s): ${firstOf(names)}. They are revoked when their token is deleted. If you keep the token, ` +
          "revoke them on the Hub.",
      );
    }
    await endStrays(next, place, undefined, context);
  },
};

/** Claims the token and its predecessors for this resource, so that no other resource reports them as strays. */
function claimOwn({ tokenId: current, pending }: PredecessorsState, { claims }: PureContext): void {
  claims.add(current);
  for (const { tokenId } of pending) claims.add(tokenId);
}

/** Revokes the strays that may be revoked, and reports and returns the rest. */
async function endStrays(
  found: PredecessorsState,
  place: TokenPlace,
  revoking: number | undefined,
  context: LifecycleContext,
): Promise<Stray[]> {
  const ended = new Set<Stray>();
  for (const stray of found.strays) {
    // Checked last, because another resource may have claimed the token while this one waited.
    if (!isRevocable(stray, found, context)) continue;
    const doubt = doubtAboutTime(context);
    // guard: hub-time-of-strays
    if (doubt !== undefined) {
      context.log.warn(`the stray token ${stray.hubName} stays valid: ${doubt}.`);
      continue;
    }
    await place.revoke(stray.tokenId);
    ended.add(stray);
    context.log.info(`revoked the stray token ${stray.hubName}, which was never used.`);
  }
  const left = found.strays.filter((stray) => !ended.has(stray));
  reportStrays(noteStrays(left, context), revoking, context);
  return left;
}

/** The age in hours after which strays are revoked; `undefined` if the program does not set `revokeStrays`. */
function hoursOf({ revokeStrays, overlapHours }: PredecessorsInputs): number | undefined {
  return revokeStrays === true ? overlapHours : undefined;
}

async function observe(address: PredecessorsInputs & TokenUser, { client }: LifecycleContext) {
  if (address.tokenId === "")
    throw new LifecycleError(
      "The HubToken that this resource belongs to failed. Fix its error and run the same command again.",
    );
  const place = tokenPlace(client, address);
  const live = (await place.list()) ?? [];
  return { place, live, user: await place.user() };
}

/** Builds the state. All states come from here. */
function toState(
  inputs: PredecessorsInputs & TokenUser,
  predecessors: readonly KnownPredecessor[],
  before: readonly Stray[],
  live: readonly LiveToken[],
  context: PureContext,
): PredecessorsState {
  const { owner, tokenId: current } = inputs;
  const pending = pendingOf(current, predecessors, live);
  const own = new Set([current, ...pending.map(({ tokenId }) => tokenId)]);
  return { ...inputs, pending, strays: straysAmong(owner, live, own, before, context) };
}
