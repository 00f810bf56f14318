// The lifecycle of a resource that manages one value on the Hub, such as the role of a member: observe, decide, send, keep.
import {
  type Imported,
  keepingOnFailure,
  type LifecycleContext,
  LifecycleError,
  type ResourceDefinition,
} from "../../model/definition";
import { differingFrom, diffOf, refusing } from "../../model/diff";
import { definedBy, inputsIn } from "../../model/fields";
import { containsUnknown, known } from "../../model/unknown";
import { carried, stillOpen } from "../../rules/intent";
import {
  appliedValue,
  decideValue,
  type HubValue,
  isPendingValue,
  lastSeen,
  missingValue,
  recognizedValue,
  valueStatus,
  type ValueDecision,
  type ValueRule,
  type ValueState,
} from "../../rules/managedValue";
import { MovedError } from "../repository";
import { exists, look, type ManagedValue, type Reasoned } from "./kind";
import { ANOTHER, LEFT, NOT_REMEMBERED, refusal, warnOfChange } from "./messages";
import { type Progress, sendAndVerify } from "./send";

type Definition<I extends object, S extends I> = ResourceDefinition<I, S>;

/** The lifecycle of a resource that manages one value. A resource may replace parts of it. */
export function managing<I extends Reasoned, S extends I & ValueState>(
  kind: ManagedValue<I, S>,
): Definition<I, S> {
  const { model, rule, words } = kind;
  const described = definedBy(model);
  const argumentsOf = (state: S): I => inputsIn(model, state as never) as unknown as I;
  const stateOf = (inputs: I, { outputs }: HubValue, kept: ValueState): S =>
    ({ ...inputs, ...outputs, ...kept }) as unknown as S;
  // What the Hub has is kept apart from the arguments if they say something else.
  const seenIn = (inputs: I, { value }: HubValue): ValueState["seen"] =>
    rule.facet.equals(value, rule.declared(inputs)) ? undefined : { ...(value !== null && { value }) };

  return {
    ...described,
    sharedObject: (id) => id,
    declaredObject: (inputs) => {
      const address = described.replaceOn.map((name) => known((inputs as Record<string, unknown>)[name]));
      return address.includes(undefined) ? undefined : kind.id(inputs);
    },
    identityOf: (state) => identityOf(kind, state, state),
    stateVersion: 1,
    label: (inputs) => kind.label(inputs),

    diff(state, inputs, changed, { log }) {
      const result = diffOf(described, changed);
      if (result.replaces.length > 0) return result;
      if (state.gone) log.warn(words.missing(inputs));
      else if (state.unreported) log.warn(ANOTHER);
      if (containsUnknown(inputs)) return { ...result, renews: RENEWED };
      const seen = lastSeen(rule, state);
      const kept = state.gone ? state : recognizedValue(state, seen);
      const decision = decideValue(rule, inputs, kept, seen);
      const refused = decision.refused && !state.gone ? refusal(kind, inputs, seen, kept) : undefined;
      const changes = result.changes || isPendingValue(rule, inputs, kept, seen);
      return refusing({ ...result, changes, renews: changes ? RENEWED : [] }, refused, log);
    },

    async create(inputs, context) {
      const current = await look(kind, inputs, context, context.former as S | undefined);
      if (!exists(current)) throw new LifecycleError(current.missing);
      const kept = formerOf(kind, inputs, current, context);
      if (kept?.unreported) context.log.warn(ANOTHER);
      const decision = decideValue(rule, inputs, kept, current);
      if (decision.refused) {
        const why = refusal(kind, inputs, current, kept);
        throw new LifecycleError(kept ? `${why} ${NOT_REMEMBERED}` : why);
      }
      const after = await sendAndVerify(kind, inputs, decision, { current }, context);
      const { identity } = after;
      const state = stateOf(inputs, after, applied(rule, inputs, decision, identity, context));
      return { id: kind.id(inputs), state };
    },

    async read(id, state, context) {
      const address = state ?? kind.parseId(id);
      const current = await look(kind, address, context, state);
      if (!state) return exists(current) ? lookedUp(kind, address, current) : undefined;
      const declared = argumentsOf(state);
      if (!exists(current)) {
        context.log.warn(current.missing);
        return { inputs: declared, state: stateOf(declared, {} as HubValue, missingValue(state, undefined)) };
      }
      const found = recognizedValue(state, current);
      const kept = { ...found, heard: stillOpen(found.heard, () => [{ value: current.value }]) };
      const inputs = { ...declared, ...kind.shown(current, state) };
      const now = { ...current.outputs, status: valueStatus(current), seen: seenIn(declared, current) };
      return { inputs, state: { ...kept, ...inputs, ...now } };
    },

    async update(_id, state, inputs, context) {
      const { log } = context;
      const current = await look(kind, inputs, context, state);
      if (!exists(current)) {
        log.warn(current.missing);
        const kept = missingValue(state, inputs.acknowledgeOverwrite);
        return stateOf(inputs, {} as HubValue, kept);
      }
      const kept = recognizedValue(state, current);
      if (kept.unreported) log.warn(ANOTHER);
      const decision = decideValue(rule, inputs, kept, current);
      const progress: Progress = { current };
      const seenAt = context.now.toISOString();
      return keepingOnFailure(
        () => unfinished(kind, inputs, kept, decision, { ...progress, at: context.now }),
        async () => {
          const after = await sendAndVerify(kind, inputs, decision, progress, context);
          await warnOfChange(kind, inputs, kept, { current, seenAt }, context);
          if (decision.refused) throw new LifecycleError(refusal(kind, inputs, current, kept));
          const identity = after.identity ?? kept.identity;
          return stateOf(inputs, after, applied(rule, inputs, decision, identity, context));
        },
      );
    },

    async delete(_id, state, context) {
      try {
        await endValue(kind, argumentsOf(state), state, context);
      } catch (error) {
        // The program cannot correct the name of a resource that it no longer declares.
        if (!(error instanceof MovedError)) throw error;
        context.log.warn(`left unchanged: ${error.message}`);
      }
    },

    imports: kind.imports ?? {
      parseId: (id) => kind.parseId(id),
      compare: (id, inputs, context) => compareWithHub(kind, id, inputs, context),
    },
  };
}

/** What an update may change in addition to the arguments. */
const RENEWED = ["status"];

function applied<I>(
  rule: ValueRule<I>,
  inputs: I,
  decision: ValueDecision,
  identity: string | undefined,
  { now }: LifecycleContext,
): ValueState {
  return appliedValue(rule.declared(inputs), decision, { identity, at: now });
}

/** The key under which a run finds the state of an object whose name has changed. */
function identityOf<I extends Reasoned, S extends I & ValueState>(
  kind: ManagedValue<I, S>,
  address: Partial<I>,
  { identity }: { identity?: string | undefined },
): string | undefined {
  if (identity === undefined) return undefined;
  return [kind.scope?.(address).toLowerCase(), identity].filter(Boolean).join(" ");
}

/** The state that another resource of this run has of the object, even if the object had another name. */
function formerOf<I extends Reasoned, S extends I & ValueState>(
  kind: ManagedValue<I, S>,
  inputs: I,
  current: HubValue,
  context: LifecycleContext,
): S | undefined {
  const identity = identityOf(kind, inputs, current);
  // guard: former-value
  const renamed = identity === undefined ? undefined : context.formerOf?.(identity);
  const former = renamed ?? context.former;
  return former && recognizedValue(former as S, current);
}

/** The state after a failed update. */
function unfinished<I extends Reasoned, S extends I & ValueState>(
  kind: ManagedValue<I, S>,
  inputs: I,
  kept: S,
  { found, heard }: ValueDecision,
  { current, tried, applied: sent, at }: Progress & { at: Date },
): S {
  const { value } = current;
  const last = sent ?? found;
  const memory: ValueState = {
    applied: last,
    // guard: applied-again
    appliedAt: sent === undefined && last === kept.applied ? kept.appliedAt : at.toISOString(),
    tried,
    seen: value === null ? {} : { value },
    // The reason stays open for the value that this run itself set.
    heard: carried(heard, { value }),
    identity: kept.identity ?? current.identity,
    status: valueStatus(current),
  };
  return {
    ...kept,
    ...inputs,
    // guard: kept-arguments
    ...(kind.keepsArguments ? {} : kind.shown(current, kept)),
    ...current.outputs,
    ...{ gone: undefined, unreported: undefined },
    ...memory,
  };
}

/** Ends the value on the Hub, if it is the one that this resource manages. */
async function endValue<I extends Reasoned, S extends I & ValueState>(
  kind: ManagedValue<I, S>,
  inputs: I,
  state: S,
  context: LifecycleContext,
): Promise<void> {
  if (!kind.end || kind.retains?.(state)) return;
  const current = await look(kind, inputs, context, state);
  if (!exists(current) || current.value === null) return;
  const { applied: last, unreported } = recognizedValue(state, current);
  // guard: other-holder-left
  if (unreported || last === undefined) return context.log.warn(LEFT);
  await kind.end(state, current, context);
}

/** The result of `get`. */
function lookedUp<I extends Reasoned, S extends I & ValueState>(
  kind: ManagedValue<I, S>,
  address: Partial<I>,
  current: HubValue,
): { inputs: I; state: S } | undefined {
  if (current.value === null) return undefined;
  const inputs = { ...address, ...kind.shown(current, undefined) } as I;
  const state = { ...inputs, ...current.outputs, identity: current.identity, status: "active" };
  return { inputs, state: state as unknown as S };
}

/** The result of the option `import`. */
async function compareWithHub<I extends Reasoned, S extends I & ValueState>(
  kind: ManagedValue<I, S>,
  id: string,
  inputs: I,
  context: LifecycleContext,
): Promise<Imported<S> | undefined> {
  const address = kind.parseId(id);
  const current = await look(kind, address, context);
  if (!exists(current) || current.value === null) return undefined;
  const decision = decideValue(kind.rule, inputs, undefined, current);
  const kept = applied(kind.rule, inputs, decision, current.identity, context);
  return {
    differing: differingFrom({ ...address, ...kind.shown(current, undefined) }, inputs),
    state: { ...inputs, ...current.outputs, ...kept } as unknown as S,
  };
}
