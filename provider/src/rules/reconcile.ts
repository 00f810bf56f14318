// The rule of this provider, as one function: tighten automatically; loosen, or bring back, only on fresh human intent. A resource says
// which facets it has, how the values of each are ordered, and what is known of them; a preview and a run ask the same function.

/** One thing that can be looser or tighter, such as a visibility. */
export interface Facet<V> {
  /** Whether two values mean the same. */
  equals(left: V, right: V): boolean;
  /** The loosest value that allows no more than either of two that differ; `undefined` if nothing expresses that. */
  meet(left: V, right: V): V | undefined;
}

/** What is known of one facet when it is decided. */
export interface Situation<V> {
  /** What the program asks for now. */
  declared: V;
  /** What this resource last brought about; `undefined` if nothing counts as that. */
  applied: V | undefined;
  /** What was sent without knowing whether it arrived: on the Hub it counts as applied. */
  tried?: V | undefined;
  /** Each value that the Hub may hold: one, if it can be seen exactly. */
  possible: readonly V[];
  /** Whether a reason that a person has given speaks for what the Hub holds. See {@link listen}. */
  speaks: boolean;
  /** Only if the program declares the facet for the first time: whether what a first adoption asks for is given. */
  adopts?: boolean | undefined;
}

/**
 * The row of the table that has decided.
 *
 * - `as declared`: the Hub holds what is declared, or, if it cannot be seen, may hold it and nothing looser.
 * - `tighten`: the Hub is, or may be, looser than declared.
 * - `program changed`: the Hub holds what this resource last brought about, so the difference is the program's.
 * - `reason`: someone changed it on the Hub, and a reason of a person speaks for undoing that.
 * - `adopt`: it is declared for the first time, and what a first adoption asks for is given.
 * - `by hand`, `not adopted`, `not seen`: refused, because someone changed it on the Hub, because it is not adopted, or because the
 *   Hub does not show enough of it.
 */
export type Row =
  "as declared" | "tighten" | "program changed" | "reason" | "adopt" | "by hand" | "not adopted" | "not seen";

/** What a run does about one facet. */
export interface Verdict<V> {
  row: Row;
  /** What is sent; of a facet that is refused, what both allow. Absent if nothing is. */
  send?: V;
  /** Whether the Hub is not brought to what is declared. */
  refused: boolean;
  /** What counts as applied once everything was sent. */
  applied: V | undefined;
  /** Refused, and what both allow cannot be expressed: something that is not declared stays allowed. */
  inexpressible?: true;
}

/** Whether `value` allows more than `other`. Values without an order are never looser than each other. */
export function isLooser<V>(facet: Facet<V>, value: V, other: V): boolean {
  if (facet.equals(value, other)) return false;
  const both = facet.meet(value, other);
  return both !== undefined && facet.equals(both, other);
}

/** Decides about one facet. */
export function reconcile<V>(facet: Facet<V>, situation: Situation<V>): Verdict<V> {
  const { declared, applied, possible } = situation;
  if (possible.length === 0) throw new Error("A facet has no value that the Hub may hold.");
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

/** A facet whose values are ordered: from the tightest to the loosest. */
export function ordered<V>(values: readonly V[]): Facet<V> {
  return {
    equals: (left, right) => left === right,
    meet: (left, right) => values[Math.min(values.indexOf(left), values.indexOf(right))],
  };
}

/** A facet whose values have no order. */
export function unordered<V>(equals: (left: V, right: V) => boolean): Facet<V> {
  return { equals, meet: () => undefined };
}

/** What a run does about a set, such as a list of permissions. */
export interface SetVerdict<E> {
  /** Everything that the set is to hold; absent if the Hub holds just that. */
  send?: E[];
  /** What is declared and not put in, because someone took it out on the Hub. */
  refused: E[];
}

/** Whether an element is in the set: one that is in allows more. */
const MEMBERSHIP = ordered([false, true]);

/**
 * Decides about a set in which each element is a facet of its own. What counts as applied afterwards is the declared set: what is refused
 * is not on the Hub, and stays refused. Not for a set that allows everything when it is empty.
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
