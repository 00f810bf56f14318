// One value on the Hub that a resource manages under the rule, such as the role of a member: what is kept about it, and what a run decides.
import { boolean, filled, object, oneOf, optional, type Shape, string, time } from "../client/shape";
import { type Heard, listen, noted, readHeard, settled } from "./intent";
import { type Facet, reconcile, type Row } from "./reconcile";

/** The outputs of every resource that manages one value. */
export const valueOutputs = {
  status: oneOf("active", "missing"),
};

/** What such a resource keeps in addition to its arguments and outputs. */
export const valueMemory = {
  // The value that this resource last applied, to distinguish changes on the Hub from changes of the program.
  applied: optional(string),
  // When it was applied, by the Hub's clock, to find out who changed it later.
  appliedAt: optional(time),
  // A value that was sent without a response.
  tried: optional(string),
  // The value on the Hub at the last look; empty if the Hub had none. Absent if the arguments say the same.
  seen: optional(object({ value: optional(string) })),
  heard: readHeard,
  // The Hub's id of the object that has the value, to distinguish it from another one with the same name.
  identity: optional(filled),
  // The object that has the value did not exist at the last look.
  gone: optional(boolean),
  // It is a different object from the one in `applied`, and no run of the program has reported that yet.
  unreported: optional(boolean),
};

/** What is kept about a value. */
export type ValueState = { status: string } & Shape<typeof valueMemory>;

/** A value on the Hub. */
export interface HubValue {
  /** `null` if the object has no such value. */
  value: string | null;
  /** The Hub's id of the object that has the value. */
  identity?: string | undefined;
  /** The description of the value, if the Hub shows one. */
  description?: string | undefined;
  /** When the value was last set, if the Hub shows it. */
  updatedAt?: string | undefined;
  /** Further outputs of the resource that come with the value, such as another `status`. */
  outputs?: { status?: string; [output: string]: unknown };
}

/** What the rule has to know about one kind of value. */
export interface ValueRule<I> {
  facet: Facet<string | null>;
  /** The value that the program declares. */
  declared(inputs: I): string;
  /** Whether a first declaration may replace this tighter or different value on the Hub. Default: yes. */
  mayAdopt?(inputs: I, value: string | null): boolean;
  /** Whether a new value in the program replaces a value that someone changed on the Hub. */
  newValueWins?: boolean;
}

/** The decision about one value. */
export interface ValueDecision {
  row: Row;
  /** Whether the declared value is sent. */
  sends: boolean;
  /** Whether the declared value is not applied. */
  refused: boolean;
  /** What counts as applied before anything is sent. */
  found: string | undefined;
  /** The reasons to keep if the run fails. */
  heard: Heard;
}

/**
 * Decides what a run does. A preview passes the last known value on the Hub, a run passes the current one.
 *
 * @param kept - the state of this value; in a creation, the state of another resource of the run for the same value, if any
 */
export function decideValue<I extends { acknowledgeOverwrite?: string | undefined }>(
  rule: ValueRule<I>,
  inputs: I,
  kept: ValueState | undefined,
  { value }: HubValue,
): ValueDecision {
  const declared = rule.declared(inputs);
  const reason = inputs.acknowledgeOverwrite;
  // guard: unreported-value
  const mayListen = kept !== undefined && kept.gone !== true && kept.unreported !== true;
  const { speaks, heard } = mayListen
    ? listen(kept.heard, reason, { value })
    : { speaks: false, heard: noted(kept?.heard, reason) };
  const isNew = kept?.applied !== undefined && kept.applied !== declared;
  const { row, send, refused } = reconcile<string | null>(rule.facet, {
    declared,
    applied: kept?.applied,
    tried: kept?.tried,
    possible: [value],
    // guard: new-value-wins
    speaks: speaks || (rule.newValueWins === true && isNew && value !== null),
    ...(kept === undefined && { adopts: rule.mayAdopt?.(inputs, value) ?? true }),
  });
  const isFound = row === "as declared";
  return {
    row,
    sends: !refused && send !== undefined,
    refused,
    found: isFound ? declared : kept?.applied,
    heard,
  };
}

/** The value at the last look. */
export function lastSeen<I>(rule: ValueRule<I>, state: I & ValueState): HubValue {
  const value = state.seen ? (state.seen.value ?? null) : rule.declared(state);
  return { value, identity: state.identity };
}

/**
 * The state as far as it is about the current object. For a different object, or one that was missing, nothing counts as applied and no
 * reason is open.
 */
export function recognizedValue<S extends ValueState>(state: S, { value, identity }: HubValue): S {
  const differs = state.identity !== undefined && identity !== undefined && state.identity !== identity;
  // guard: another-holder
  if (state.gone || differs) {
    return {
      ...state,
      ...{ applied: undefined, appliedAt: undefined, tried: undefined },
      heard: state.heard && settled(state.heard),
      identity,
      gone: undefined,
      unreported: true,
    };
  }
  const applied = state.tried !== undefined && state.tried === value ? value : state.applied;
  const isAsApplied = applied !== undefined && applied === value;
  return {
    ...state,
    applied,
    tried: undefined,
    identity: state.identity ?? (isAsApplied ? identity : undefined),
  };
}

/** The output `status` for a value on the Hub. */
export function valueStatus({ value, outputs }: HubValue): string {
  return outputs?.status ?? (value === null ? "missing" : "active");
}

/** Whether an update must send or keep something although no argument has changed. */
export function isPendingValue<I>(rule: ValueRule<I>, inputs: I, state: ValueState, seen: HubValue): boolean {
  const declared = rule.declared(inputs);
  const isSettled = state.applied === declared && rule.facet.equals(seen.value, declared);
  return state.gone !== true && (state.unreported === true || !isSettled);
}

/** What is kept after a successful run. */
export function appliedValue(
  declared: string,
  { heard }: ValueDecision,
  { identity, at }: { identity: string | undefined; at: Date },
): ValueState {
  return {
    applied: declared,
    appliedAt: at.toISOString(),
    heard: settled(heard),
    identity,
    status: "active",
  };
}

/** What is kept of a value whose object is missing. If the object appears again, nothing is loosened automatically. */
export function missingValue(state: ValueState, reason: unknown): ValueState {
  const { heard, identity, seen } = state;
  return { heard: noted(heard, reason), identity, seen, gone: true, status: "missing" };
}
