import type * as pulumi from "@pulumi/pulumi";
import { boolean, filled, list, object, optional, string, time } from "../../client/shape";
import { type ResourceShape } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import {
  type ArgsSchema,
  type LifecycleContext,
  type PureContext,
  type ResourceDefinition,
} from "../../model/definition";
import { diffOf } from "../../model/diff";
import { hubIdSchema, organizationSchema, ownerSchema, TIME_PATTERN } from "../../model/schemas";
import { retirement } from "../../rules/rotation";
import { type LiveToken, tokenPlace, tokensOf, UntoldTokensError } from "../../hub/tokenPlace";

// --- Arguments ---------------------------------------------------------------------------------------------------

/** A token that a successor has taken the place of. */
export interface KnownPredecessor {
  /** The Hub's id, or the full name of a user's own token. Never a value. */
  tokenId: string;
  /** When the successor was issued (ISO 8601, UTC): the overlap counts from here. */
  supersededAt: string;
}

/** Arguments of {@link HubTokenPredecessors}: all come from the token that it belongs to. */
export interface HubTokenPredecessorsArgs {
  organization?: pulumi.Input<string>;
  serviceAccount?: pulumi.Input<string>;
  owner: pulumi.Input<string>;
  /** The current token, which is never touched here. */
  tokenId: pulumi.Input<string>;
  predecessors: pulumi.Input<KnownPredecessor[]>;
  overlapHours?: pulumi.Input<number>;
  idleMinutes?: pulumi.Input<number>;
  /**
   * Whether the predecessors are left to the token's own deletion: that of a protected token is refused only after this resource is
   * gone. Default false.
   */
  endedWithToken?: boolean;
}

// --- State -------------------------------------------------------------------------------------------------------

export interface PredecessorsInputs {
  organization?: string;
  serviceAccount?: string;
  owner: string;
  tokenId: string;
  predecessors: KnownPredecessor[];
  overlapHours: number;
  idleMinutes: number;
  endedWithToken?: boolean;
}

/** A token with our mark that no state knows: what is left of a creation that was cut off. */
interface Stray {
  tokenId: string;
  hubName: string;
  /** A stray that was used is only reported: somebody has its value. */
  used: boolean;
}

export interface PredecessorsState extends PredecessorsInputs {
  /** Whose own tokens they are. */
  user?: string;
  /** Predecessors that the Hub still accepts. */
  pending: KnownPredecessor[];
  strays: Stray[];
}

// --- Schema ------------------------------------------------------------------------------------------------------

const schema: ArgsSchema = {
  type: "object",
  required: ["owner", "tokenId", "predecessors"],
  additionalProperties: false,
  properties: {
    organization: organizationSchema,
    serviceAccount: hubIdSchema,
    owner: ownerSchema,
    tokenId: { type: "string", minLength: 1, maxLength: 100, description: "the current token" },
    predecessors: {
      type: "array",
      items: {
        type: "object",
        required: ["tokenId", "supersededAt"],
        properties: {
          tokenId: { type: "string" },
          supersededAt: { type: "string", pattern: TIME_PATTERN, description: "a time in ISO 8601" },
        },
        description: "a token and when it was superseded",
      },
      description: "the output predecessors of a HubToken",
    },
    overlapHours: { type: "number", minimum: 0, maximum: 8760, default: 24, description: "hours, 0 to 8760" },
    idleMinutes: {
      type: "number",
      minimum: 0,
      maximum: 525_600,
      default: 60,
      description: "minutes, 0 to 525600",
    },
    endedWithToken: { type: "boolean", description: "true or false" },
  },
};

/** What the lifecycle rests on in the state. */
const keptPredecessors = list(object({ tokenId: filled, supersededAt: time }));
const kept = object({
  owner: filled,
  organization: optional(string),
  serviceAccount: optional(string),
  user: optional(string),
  tokenId: filled,
  predecessors: keptPredecessors,
  pending: keptPredecessors,
  strays: list(object({ tokenId: filled, hubName: string, used: boolean })),
  endedWithToken: optional(boolean),
});

// --- Lifecycle ---------------------------------------------------------------------------------------------------

/** The lifecycle of {@link HubTokenPredecessors}, without Pulumi. */
export const hubTokenPredecessorsDefinition: ResourceDefinition<PredecessorsInputs, PredecessorsState> = {
  type: "HubTokenPredecessors",
  schema,
  secrets: [],
  replaceOn: ["organization", "serviceAccount"],
  stateReader: kept,
  stateVersion: 1,
  followsOwner: true,

  label: ({ owner, organization }) => `[${owner ?? ""}]${organization ? ` of ${organization}` : ""}`,

  diff(state, inputs, changed, context) {
    claimOwn(state, context);
    const result = diffOf(hubTokenPredecessorsDefinition, changed);
    const strays = state.strays.filter(({ tokenId }) => !context.claims.has(tokenId));
    const due = state.pending.some(
      ({ supersededAt }) =>
        retirement({ supersededAt }, inputs.overlapHours, inputs.idleMinutes, context.now).verdict !==
        "overlap",
    );
    for (const stray of strays.filter(({ used }) => used)) context.log.warn(reportUsed(stray));
    return { ...result, changes: result.changes || due || strays.some(({ used }) => !used) };
  },

  async create(inputs, context) {
    const place = tokenPlace(context.client, inputs);
    const live = (await place.list()) ?? [];
    const user = await place.user();
    const state = toState({ ...inputs, user }, inputs.predecessors, [], live, context.claims);
    announceStrays(state.strays, context);
    return { id: idOf(inputs), state };
  },

  async read(_id, state, context) {
    // Only its token makes one, so there is nothing to look up by id alone.
    if (!state) return undefined;
    claimOwn(state, context);
    const place = tokenPlace(context.client, state);
    const live = (await place.list()) ?? [];
    const user = await place.user();
    const observed = toState({ ...state, user }, state.pending, state.strays, live, context.claims);
    announceStrays(
      observed.strays.filter(
        (stray) => stray.used || !state.strays.some(({ tokenId }) => tokenId === stray.tokenId),
      ),
      context,
    );
    const { pending: _pending, strays: _strays, user: _user, ...inputs } = observed;
    return { inputs, state: observed };
  },

  async update(_id, state, inputs, context) {
    claimOwn(state, context);
    const place = tokenPlace(context.client, { ...inputs, user: state.user });
    const live = (await place.list()) ?? [];
    const user = await place.user();
    const find = (tokenId: string): LiveToken | undefined => live.find((token) => token.tokenId === tokenId);
    const ended = new Set<string>();

    // Only what an earlier run has recorded: in the run that rotates, dependents may not have the successor yet.
    for (const predecessor of state.pending) {
      const token = find(predecessor.tokenId);
      if (!token || predecessor.tokenId === inputs.tokenId) continue;
      const judged = retirement(
        { ...predecessor, lastUsedAt: token.lastUsedAt },
        inputs.overlapHours,
        inputs.idleMinutes,
        context.now,
      );
      if (judged.verdict === "revoke") {
        await place.revoke(predecessor.tokenId);
        ended.add(predecessor.tokenId);
        context.log.info(`revoked the predecessor ${token.hubName}.`);
      } else if (judged.verdict === "in use") {
        context.log.warn(
          `the predecessor ${token.hubName} was used ${judged.minutesAgo} min ago, so it stays valid for now. Give its users the ` +
            `successor; a later \`pulumi up\` revokes it once it has been idle for ${inputs.idleMinutes} min.`,
        );
      } else {
        context.log.info(`the predecessor ${token.hubName} stays valid until ${judged.until} at least.`);
      }
    }
    for (const stray of state.strays) {
      const token = find(stray.tokenId);
      if (!token || stray.tokenId === inputs.tokenId || ended.has(stray.tokenId)) continue;
      // Asked last, because another resource may have made itself known while this one was waiting.
      if (token.lastUsedAt || context.claims.has(stray.tokenId)) continue;
      await place.revoke(stray.tokenId);
      ended.add(stray.tokenId);
      context.log.info(
        `revoked the stray token ${token.hubName}: a creation that was cut off had left it, never used.`,
      );
    }

    const remaining = live.filter(({ tokenId }) => !ended.has(tokenId));
    const next = toState(
      { ...inputs, user },
      [...state.pending, ...inputs.predecessors],
      state.strays,
      remaining,
      context.claims,
    );
    announceStrays(
      next.strays.filter(
        (stray) => stray.used || !state.strays.some(({ tokenId }) => tokenId === stray.tokenId),
      ),
      context,
    );
    return next;
  },

  async delete(_id, state, context) {
    const place = tokenPlace(context.client, state);
    const live = await place.list().catch((error: unknown) => {
      if (!(error instanceof UntoldTokensError)) throw error;
      context.log.warn(
        `strays that an interrupted creation may have left cannot be looked for. ${error.message}`,
      );
      return "untold" as const;
    });
    if (live === "untold") {
      if (state.endedWithToken) return;
      const own = new Set([...state.pending, ...state.predecessors].map(({ tokenId }) => tokenId));
      // The token itself is ended by its own resource.
      own.delete(state.tokenId);
      for (const tokenId of own) await place.revoke(tokenId);
      return;
    }
    const { pending, strays } = toState(
      state,
      [...state.pending, ...state.predecessors],
      state.strays,
      live ?? [],
      context.claims,
    );
    if (!state.endedWithToken) for (const { tokenId } of pending) await place.revoke(tokenId);
    for (const stray of strays) {
      if (context.claims.has(stray.tokenId)) continue;
      // What no earlier run has recorded may be held by a resource that this run has nothing to do with.
      const recorded = state.strays.some(({ tokenId }) => tokenId === stray.tokenId);
      if (stray.used) context.log.warn(reportUsed(stray));
      else if (recorded) await place.revoke(stray.tokenId);
      else context.log.warn(reportLeft(stray));
    }
  },
};

/** Its token and the predecessors belong to this resource, whatever mark another one carries. */
function claimOwn(state: PredecessorsState, { claims }: PureContext): void {
  for (const tokenId of [state.tokenId, ...state.pending.map(({ tokenId }) => tokenId)]) claims.add(tokenId);
}

/** The one way from what is known to what is kept: what the Hub still lists, and strays found on the way. */
function toState(
  inputs: PredecessorsInputs & { user?: string },
  predecessors: readonly KnownPredecessor[],
  strays: readonly Stray[],
  live: readonly LiveToken[],
  claims: ReadonlySet<string>,
): PredecessorsState {
  const listed = new Map(live.map((token) => [token.tokenId, token]));
  const pending = predecessors.filter(
    ({ tokenId }, index) =>
      listed.has(tokenId) &&
      tokenId !== inputs.tokenId &&
      predecessors.findIndex((other) => other.tokenId === tokenId) === index,
  );
  const known = new Set([inputs.tokenId, ...pending.map(({ tokenId }) => tokenId)]);
  const marked = tokensOf(inputs.owner, live).filter(
    ({ tokenId }) => !known.has(tokenId) && !claims.has(tokenId),
  );
  // Once a stray was used it stays reported as such.
  const usedBefore = new Set(strays.filter(({ used }) => used).map(({ tokenId }) => tokenId));
  return {
    organization: inputs.organization,
    serviceAccount: inputs.serviceAccount,
    owner: inputs.owner,
    tokenId: inputs.tokenId,
    predecessors: inputs.predecessors,
    overlapHours: inputs.overlapHours,
    idleMinutes: inputs.idleMinutes,
    endedWithToken: inputs.endedWithToken,
    user: inputs.user,
    pending: pending.map(({ tokenId, supersededAt }) => ({ tokenId, supersededAt })),
    strays: marked.map(({ tokenId, hubName, lastUsedAt }) => ({
      tokenId,
      hubName,
      used: usedBefore.has(tokenId) || Boolean(lastUsedAt),
    })),
  };
}

function announceStrays(strays: readonly Stray[], context: LifecycleContext): void {
  for (const stray of strays) {
    context.log.warn(
      stray.used
        ? reportUsed(stray)
        : `found the token ${stray.hubName}, which carries this resource's mark but is in no state: a creation was cut off, ` +
            "or a replacement is under way. The next `pulumi up` revokes it if it was never used and nothing holds it.",
    );
  }
}

function reportLeft(stray: Stray): string {
  return (
    `the token ${stray.hubName} carries this resource's mark and is not known to this stack. It is not touched; if nothing ` +
    "holds it, revoke it on the Hub."
  );
}

function reportUsed(stray: Stray): string {
  return (
    `the token ${stray.hubName} carries this resource's mark, is in no state, and was used: somebody has its value. ` +
    "It is not touched; find out who uses it, and revoke it on the Hub."
  );
}

function idOf(inputs: PredecessorsInputs): string {
  return inputs.organization === undefined
    ? `user/${inputs.owner}/predecessors`
    : `${inputs.organization}/${inputs.serviceAccount ?? ""}/${inputs.owner}/predecessors`;
}

// --- Class -------------------------------------------------------------------------------------------------------

const shape: ResourceShape = {
  type: hubTokenPredecessorsDefinition.type,
  secrets: [],
  outputs: ["pending", "strays"],
};

/**
 * What comes after a rotation: the child of each `HubToken` that revokes its predecessors, and strays that a creation
 * which was cut off has left. It holds ids, never values. Programs do not declare it themselves.
 *
 * @internal
 */
export class HubTokenPredecessors extends HubResource {
  /** Predecessors that the Hub still accepts, as of the last `up` or refresh. */
  declare readonly pending: pulumi.Output<KnownPredecessor[]>;

  constructor(name: string, args: HubTokenPredecessorsArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
  }
}
