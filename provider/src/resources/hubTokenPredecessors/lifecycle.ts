import { type LiveToken, tokenPlace, type TokenUser, UntoldTokensError } from "../../hub/tokenPlace";
import { type LifecycleContext, type PureContext, type ResourceDefinition } from "../../model/definition";
import { diffOf } from "../../model/diff";
import { definedBy, inputsIn } from "../../model/fields";
import {
  describeFound,
  describeLeft,
  describeUsed,
  hasToAct,
  isRecorded,
  judgePredecessors,
  remaining,
  toReport,
} from "./decisions";
import {
  hubTokenPredecessorsModel,
  idOf,
  type KnownPredecessor,
  type PredecessorsInputs,
  type PredecessorsState,
  type Stray,
} from "./model";

/** The lifecycle of what comes after a rotation, without Pulumi. */
export const hubTokenPredecessorsDefinition: ResourceDefinition<PredecessorsInputs, PredecessorsState> = {
  ...definedBy(hubTokenPredecessorsModel),
  stateVersion: 1,
  imports: "HubTokenPredecessors cannot be imported. Leave it out.",

  label: ({ owner, organization }) => `[${owner ?? ""}]${organization ? ` of ${organization}` : ""}`,

  diff(state, inputs, changed, context) {
    claimOwn(state, context);
    for (const stray of state.strays) {
      if (stray.used && !context.claims.has(stray.tokenId)) context.log.warn(describeUsed(stray));
    }
    const result = diffOf(hubTokenPredecessorsDefinition, changed);
    const changes = result.changes || hasToAct(state, inputs, context);
    // Any update asks the Hub which predecessors and strays are left.
    return { ...result, changes, renews: changes ? ["pending", "strays"] : [] };
  },

  async create(inputs, context) {
    const { live, user } = await observe(inputs, context);
    const state = toState({ ...inputs, ...user }, inputs.predecessors, [], live, context);
    report(state.strays, context);
    return { id: idOf(inputs), state };
  },

  async read(_id, state, context) {
    // Only its token makes one, so there is nothing to look up by id alone.
    if (!state) return undefined;
    claimOwn(state, context);
    const { live, user } = await observe(state, context);
    const observed = toState({ ...state, ...user }, state.pending, state.strays, live, context);
    report(toReport(observed.strays, state.strays), context);
    return { inputs: inputsIn(hubTokenPredecessorsModel, observed), state: observed };
  },

  async update(_id, state, inputs, context) {
    claimOwn(state, context);
    const { place, live, user } = await observe(
      { ...inputs, user: state.user, userId: state.userId },
      context,
    );
    const ended = new Set<string>();
    const revoke = async ({ tokenId }: LiveToken, message: string): Promise<void> => {
      await place.revoke(tokenId);
      ended.add(tokenId);
      context.log.info(message);
    };
    for (const { token, judged } of judgePredecessors(state, inputs, live, context.now)) {
      const { hubName } = token;
      if (judged.verdict === "revoke") {
        await revoke(token, `revoked the predecessor ${hubName}.`);
      } else if (judged.verdict === "in use") {
        context.log.warn(
          `the predecessor ${hubName} was used ${judged.minutesAgo} min ago, so it stays valid for now. Give its users the ` +
            `successor; a later \`pulumi up\` revokes it once it has been idle for ${inputs.idleMinutes} min.`,
        );
      } else {
        context.log.info(`the predecessor ${hubName} stays valid until ${judged.until} at least.`);
      }
    }
    for (const stray of state.strays) {
      const token = live.find(({ tokenId }) => tokenId === stray.tokenId);
      if (!token || stray.tokenId === inputs.tokenId || ended.has(stray.tokenId)) continue;
      // Asked last, because another resource may have made itself known while this one was waiting.
      // guard: used-stray
      if (token.lastUsedAt || context.claims.has(stray.tokenId)) continue;
      await revoke(
        token,
        `revoked the stray token ${token.hubName}: an interrupted creation had left it, never used.`,
      );
    }
    const left = live.filter(({ tokenId }) => !ended.has(tokenId));
    // guard: pending-predecessors
    const known = [...state.pending, ...inputs.predecessors];
    const next = toState({ ...inputs, ...user }, known, state.strays, left, context);
    report(toReport(next.strays, state.strays), context);
    return next;
  },

  async delete(_id, state, context) {
    const place = tokenPlace(context.client, state);
    const known = [...state.pending, ...state.predecessors];
    const live = await place.list().catch((error: unknown) => {
      if (!(error instanceof UntoldTokensError)) throw error;
      context.log.warn(
        `strays that an interrupted creation may have left cannot be looked for. ${error.message}`,
      );
      return "untold" as const;
    });
    if (live === "untold") {
      if (state.endedWithToken) return;
      const own = new Set(known.map(({ tokenId }) => tokenId));
      // The token itself is ended by its own resource.
      own.delete(state.tokenId);
      for (const tokenId of own) await place.revoke(tokenId);
      return;
    }
    const { pending, strays } = remaining(state, known, state.strays, live ?? [], context.claims);
    if (!state.endedWithToken) for (const { tokenId } of pending) await place.revoke(tokenId);
    for (const stray of strays) {
      if (context.claims.has(stray.tokenId)) continue;
      // What no earlier run has recorded may be held by a resource that this run has nothing to do with.
      if (stray.used) context.log.warn(describeUsed(stray));
      // guard: destroy-strays
      else if (isRecorded(stray, state.strays)) await place.revoke(stray.tokenId);
      else context.log.warn(describeLeft(stray));
    }
  },
};

/** Its token and the predecessors belong to this resource, whatever mark another one carries. */
function claimOwn({ tokenId: current, pending }: PredecessorsState, { claims }: PureContext): void {
  claims.add(current);
  for (const { tokenId } of pending) claims.add(tokenId);
}

async function observe(address: PredecessorsInputs & TokenUser, { client }: LifecycleContext) {
  const place = tokenPlace(client, address);
  const live = (await place.list()) ?? [];
  return { place, live, user: await place.user() };
}

/** The one way from what is known to what is kept. */
function toState(
  inputs: PredecessorsInputs & TokenUser,
  predecessors: readonly KnownPredecessor[],
  strays: readonly Stray[],
  live: readonly LiveToken[],
  { claims }: PureContext,
): PredecessorsState {
  return { ...inputs, ...remaining(inputs, predecessors, strays, live, claims) };
}

function report(strays: readonly Stray[], { log }: PureContext): void {
  for (const stray of strays) log.warn(describeFound(stray));
}
