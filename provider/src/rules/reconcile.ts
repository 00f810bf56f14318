// The rule of this provider, as one function: tighten automatically; loosen or restore only on fresh human intent. Each resource defines its
// facets and the order of their values. Previews and runs use the same function.
import { type Order } from "../model/drift";

/** A setting that can be looser or tighter, such as a visibility. */
export interface Facet<V> {
  /** Whether two values mean the same. */
  equals(left: V, right: V): boolean;
  /** The loosest value that allows no more than either of two different values; `undefined` if there is none. */
  meet(left: V, right: V): V | undefined;
}

/** What is known about one facet at the time of the decision. */
export interface Situation<V> {
  /** The value that the program declares now. */
  declared: V;
  /** The value that this resource last applied; `undefined` if nothing counts as applied. */
  applied: V | undefined;
  /** A value that was sent without a response: if the Hub has it, it counts as applied. */
  tried?: V | undefined;
  /** All values that the Hub may have; only one if it can be seen exactly. */
  possible: readonly V[];
  /** Whether a person has given a reason to revert the value on the Hub. See {@link listen}. */
  speaks: boolean;
  /** Only if the program declares the facet for the first time: whether the condition for adopting it is met. */
  adopts?: boolean | undefined;
}

/**
 * The row of the decision table that applies.
 *
 * - `as declared`: the Hub has the declared value or, if it cannot be seen exactly, may have it and nothing looser.
 * - `tighten`: the Hub's value is, or may be, looser than declared.
 * - `program changed`: the Hub has the value that this resource last applied, so the program has changed.
 * - `reason`: someone changed the value on the Hub, and a person gave a reason to revert that.
 * - `adopt`: the facet is declared for the first time, and the condition for adopting it is met.
 * - `by hand`, `not adopted`, `not seen`: refused, because someone changed the value on the Hub, because it is not adopted, or because
 *   the Hub does not show enough.
 */
export type Row =
  "as declared" | "tighten" | "program changed" | "reason" | "adopt" | "by hand" | "not adopted" | "not seen";

/** The decision about one facet. */
export interface Verdict<V> {
  row: Row;
  /** The value to send; for a refused facet, the value that both allow. Absent if nothing is sent. */
  send?: V;
  /** Whether the declared value is not applied. */
  refused: boolean;
  /** What counts as applied after everything was sent. */
  applied: V | undefined;
  /** Refused, and no value expresses what both allow: something that is not declared stays allowed. */
  inexpressible?: true;
}

/** Whether `value` allows more than `other`. Unordered values are never looser than each other. */
export function isLooser<V>(facet: Facet<V>, value: V, other: V): boolean {
  if (facet.equals(value, other)) return false;
  const both = facet.meet(value, other);
  return both !== undefined && facet.equals(both, other);
}

/** How a value on the Hub compares with another one that differs from it. */
export function orderOf<V>(facet: Facet<V>, applied: V, onHub: V): Order {
  if (isLooser(facet, onHub, applied)) return "looser";
  return isLooser(facet, applied, onHub) ? "tighter" : "different";
}

/** Decides about one facet. */
export function reconcile<V>(facet: Facet<V>, situation: Situation<V>): Verdict<V> {
  const { declared, applied, possible } = situation;
  if (possible.length === 0) throw new Error("A facet has no value that the Hub may have.");
  const verdicts = possible.map((observed) => verdictFor(facet, situation, observed));
  const first = verdicts[0] as Verdict<V>;
  if (verdicts.length === 1) return first;
  const looser = possible.filter((observed) => isLooser(facet, observed, declared));
  const isUnchanged = applied !== undefined && facet.equals(applied, declared);
  const mayBeDeclared = verdicts.some(({ row }) => row === "as declared");
  if (looser.length === 0 && isUnchanged && mayBeDeclared) {
    return { row: "as declared", refused: false, applied: declared };
  }
  if (verdicts.every(({ refused }) => !refused)) {
    return verdicts.find(({ send }) => send !== undefined) ?? first;
  }
  return { row: "not seen", refused: true, applied };
}

function verdictFor<V>(facet: Facet<V>, situation: Situation<V>, observed: V): Verdict<V> {
  const { declared, applied, tried, speaks, adopts } = situation;
  const isObserved = (value: V | undefined): boolean => value !== undefined && facet.equals(value, observed);
  const sends = (row: Row): Verdict<V> => ({ row, send: declared, refused: false, applied: declared });
  const refuses = (row: Row): Verdict<V> => {
    const both = facet.meet(observed, declared);
    return {
      row,
      refused: true,
      applied,
      ...(both === undefined && { inexpressible: true }),
      ...(both !== undefined && !isObserved(both) && { send: both }),
    };
  };
  // guard: row-as-declared
  if (isObserved(declared)) return { row: "as declared", refused: false, applied: declared };
  // guard: row-tighten
  if (isLooser(facet, observed, declared)) return sends("tighten");
  if (adopts !== undefined) return adopts ? sends("adopt") : refuses("not adopted");
  // guard: row-as-applied
  if (isObserved(applied) || isObserved(tried)) return sends("program changed");
  return speaks ? sends("reason") : refuses("by hand");
}

/** A facet with ordered values, from the tightest to the loosest. */
export function ordered<V>(values: readonly V[]): Facet<V> {
  return {
    equals: (left, right) => left === right,
    meet: (left, right) => values[Math.min(values.indexOf(left), values.indexOf(right))],
  };
}

/** A facet with unordered values. */
export function unordered<V>(equals: (left: V, right: V) => boolean): Facet<V> {
  return { equals, meet: () => undefined };
}

/** The decision about a set, such as a list of permissions. */
export interface SetVerdict<E> {
  /** All elements of the new set; absent if the Hub already has exactly these. */
  send?: E[];
  /** Declared elements that are not added, because someone removed them on the Hub. */
  refused: E[];
}

/** Whether an element is in the set. Being in the set is looser. */
const MEMBERSHIP = ordered([false, true]);

/**
 * Decides about a set in which each element is its own facet. Afterwards the declared set counts as applied: refused elements are not on the
 * Hub, so they stay refused. Do not use it for a set that allows everything when it is empty.
 */
export function reconcileSet<E>({
  declared,
  applied,
  observed,
  speaks,
}: Pick<Situation<readonly E[]>, "declared" | "applied" | "speaks"> & {
  observed: readonly E[];
}): SetVerdict<E> {
  const verdicts = [...new Set([...observed, ...declared])].map((element) => ({
    element,
    verdict: reconcile(MEMBERSHIP, {
      declared: declared.includes(element),
      applied: applied?.includes(element),
      possible: [observed.includes(element)],
      speaks,
    }),
  }));
  const target = verdicts
    .filter(({ element, verdict }) => verdict.send ?? observed.includes(element))
    .map(({ element }) => element);
  const differs = verdicts.some(({ verdict }) => verdict.send !== undefined);
  return {
    ...(differs && { send: target }),
    refused: verdicts.filter(({ verdict }) => verdict.refused).map(({ element }) => element),
  };
}
