// What a drift check needs to know about a resource, in addition to its definition.
import { type LifecycleContext, type PureContext } from "./definition";
import { type Properties, sameData, sameSet } from "./plain";

/** How a value on the Hub compares with the one that was applied: it allows more, it allows less, or neither. */
export type Order = "looser" | "tighter" | "different";

/** A value on the Hub that differs from what the program last applied. */
export interface Finding {
  /** The argument, or the output `status` if the object itself is gone. */
  property: string;
  applied: unknown;
  onHub: unknown;
  order: Order;
  /** Since when events count, if not since the value was last applied. ISO 8601. */
  since?: string;
  /** A refresh has stored the difference, and the applied value is encrypted. */
  isRecorded?: true;
}

/** Which events of the audit log may have changed a property. */
export interface EventPattern {
  /** The names of all objects that the event is about. See `objectsOf` in hub/auditEvents.ts. */
  about: readonly string[];
  /** The event's types in the audit log, or the beginning of them. */
  types: readonly string[];
  /** The visibility that the event has to name, if it names one. */
  visibility?: string;
}

/** What a drift check needs to know about a resource. Everything has a default. */
export interface DriftRules<S> {
  /**
   * Completes a state whose encrypted parts are {@link SEALED}, so that it can be read. Default: unchanged.
   *
   * @param state - the outputs in the stack
   */
  unseal?(state: Properties, context: LifecycleContext): Properties | Promise<Properties>;
  /** The address of the object in an id, if the resource cannot be imported. */
  address?(id: string): Properties;
  /**
   * The arguments that the resource last applied, if the state keeps them apart; `null` for none, and `undefined` if it is not known. A
   * refresh replaces the arguments in the state.
   */
  applied?(state: S): Properties;
  /** How a value on the Hub compares with the applied one. Both differ. Default: `different`. */
  order?(property: string, applied: unknown, onHub: unknown): Order;
  /** Whether the object no longer exists. Default: if the output `status` says so. */
  isGone?(state: S): boolean;
  /** Whether a value cannot be known, because a part of the state that it depends on is encrypted. Default: it can. */
  isUnknown?(property: string, before: S): boolean;
  /** Arguments whose differences are among the `findings`. */
  apart?: readonly string[];
  /** Differences other than arguments. */
  findings?(before: S, after: S): Finding[];
  /** Why an update leaves a difference on the Hub although it changes the resource in the stack. Default: it does not. */
  leaves?(finding: Finding, state: S, context: PureContext): string | undefined;
  /** The events that may have changed a property, the most likely ones first. Default: none. */
  events?(finding: Finding, state: S): EventPattern[];
  /** The organization whose audit log has the events. Default: the argument `organization`. */
  organization?(state: S): string | undefined;
  /** Properties whose values are not shown, in addition to the definition's secrets. */
  hides?: readonly string[];
  /** What is due by the clock, which is not drift: a rotation. */
  due?(state: S, context: PureContext): string | undefined;
}

/** How the arguments on the Hub differ from what was applied, by name; `undefined` if none does, or if it is not known. It has no values. */
export function driftedArguments<S extends object>(
  rules: DriftRules<S>,
  { inputs, state }: { inputs: object; state: S },
): Record<string, Order> | undefined {
  const onHub = inputs as Properties;
  const applied = Object.entries(rules.applied?.(state) ?? {});
  const differing = applied.flatMap(([property, value]): [string, Order][] => {
    if (value === undefined || sameData(value ?? undefined, onHub[property] ?? undefined)) return [];
    return [[property, rules.order?.(property, value ?? undefined, onHub[property]) ?? "different"]];
  });
  const others = (rules.findings?.(state, state) ?? []).map(({ property, order }) => [property, order]);
  const all = [...differing, ...others] as [string, Order][];
  return all.length === 0 ? undefined : Object.fromEntries(all);
}

/** Stands for an encrypted value of the stack. It is equal to itself, because a read returns encrypted arguments unchanged. */
export const SEALED = "[encrypted in the state]";

/** Whether the value, or a part of it, is encrypted in the stack. */
export function isSealed(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isSealed);
  if (typeof value === "object" && value !== null) return Object.values(value).some(isSealed);
  return value === SEALED;
}

/** Compares two lists of which more elements allow more. */
export function orderOfLists(applied: unknown, onHub: unknown): Order {
  const [before, after] = [listOf(applied), listOf(onHub)];
  if (after.some((each) => !before.includes(each))) return "looser";
  return sameSet(before, after) ? "different" : "tighter";
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map((each) => JSON.stringify(each)) : [];
}
