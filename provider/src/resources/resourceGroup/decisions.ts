// Pure decisions: what is sent, what is refused, and what counts as applied.
import { type ListName } from "../../rules/groupDeclarations";
import { fingerprint, type Heard, listen, noted } from "../../rules/intent";
import { reconcile, type Verdict } from "../../rules/reconcile";
import {
  AUTO_JOIN_KEY,
  declaredValues,
  facetOf,
  idsOf,
  listOf,
  listsIn,
  NONE,
  NOT_APPLIED,
  type Values,
  type View,
} from "./facets";
import { type ResourceGroupInputs, type ResourceGroupState } from "./model";

/** The parts of the state that decisions need. */
export type Past = Pick<
  ResourceGroupState,
  "applied" | "complete" | "people" | "tried" | "heard" | "appliedAt" | "replaces"
>;

/** Before a creation, nothing is applied. */
export const NO_PAST: Past = { applied: {} };

/** The decision about one facet. */
export interface FacetDecision {
  key: string;
  /** What the program declares. */
  declared: string;
  /** What the Hub has. */
  observed: string;
  /** What counts as applied before anything is sent; `undefined` if nothing does. */
  applied: string | undefined;
  verdict: Verdict<string>;
}

/** The decision about the differences between the program and the Hub. */
export interface Decision {
  facets: FacetDecision[];
  /** Members whose names now belong to other people, by facet. */
  strangers: string[];
  /** The lists that the program declares. */
  complete: ListName[];
  /** The ids of the members that the program declares. */
  people: Values;
  /** What was applied of repositories, if the program no longer declares them. It may declare them again. */
  retained: Values;
  /** The reasons to keep if the run fails. */
  heard: Heard;
}

/** What a decision is about. */
export interface Question {
  groupId: string;
  view: View;
  /** Whether this is a creation, in which any reason counts. */
  isCreation?: boolean;
}

/** Decides what a run does. A preview passes the last known view of the Hub, a run passes the current one. */
export function decide(inputs: ResourceGroupInputs, past: Past, question: Question): Decision {
  const { groupId, view, isCreation = false } = question;
  const declared = declaredValues(inputs, groupId);
  const complete = listsIn(inputs);
  const keys = managedKeys(declared, complete, question);
  const strangers = keys.filter((key) => isStranger(key, past, view));
  const reason = inputs.acknowledgeOverwrite;
  // guard: unreported-person
  const mayListen = strangers.length === 0;
  const { speaks, heard } = mayListen
    ? listen(past.heard, reason, heldIn(view, complete, groupId))
    : { speaks: false, heard: noted(past.heard, reason) };
  const facets = keys.map((key): FacetDecision => {
    const observed = view.facets[key] ?? NONE;
    // guard: granted-to-ids
    const applied = strangers.includes(key) ? undefined : appliedOf(key, past, observed);
    const verdict = reconcile(facetOf(key), {
      declared: declared[key] ?? NONE,
      applied,
      tried: strangers.includes(key) ? undefined : past.tried?.[key],
      possible: [observed],
      speaks: isCreation ? fingerprint(reason) !== undefined : speaks,
    });
    return { key, declared: declared[key] ?? NONE, observed, applied, verdict };
  });
  const people = idsOf(Object.keys(declared), { ...past.people, ...view.people });
  const retained = Object.entries(past.applied).filter(([key]) => {
    const list = listOf(key);
    return list === "repositories" && !complete.includes(list);
  });
  return { facets, strangers, complete, people, retained: Object.fromEntries(retained), heard };
}

/** The facets to decide: what the program declares, and what the complete lists must not contain. */
function managedKeys(declared: Values, complete: readonly ListName[], { groupId, view }: Question): string[] {
  const others = Object.entries(view.facets)
    .filter(([key, value]) => {
      const list = listOf(key);
      // A repository in another resource group is none of this one's business.
      return list !== undefined && complete.includes(list) && (list === "members" || value === groupId);
    })
    .map(([key]) => key);
  return [...new Set([...Object.keys(declared), ...others])];
}

/** Whether the member's name now belongs to another person than the one to whom this program gave the role. */
function isStranger(key: string, { people }: Past, view: View): boolean {
  const [known, now] = [people?.[key], view.people[key]];
  return known !== undefined && now !== undefined && known !== now;
}

/**
 * What counts as applied. What the program declares for the first time counts as applied as the Hub has it, because no one can have changed
 * it against the program. A repository does not, because its resource group was someone's decision.
 */
function appliedOf(key: string, { applied, complete }: Past, observed: string): string | undefined {
  const last = applied[key];
  if (last !== undefined) return last === NOT_APPLIED ? undefined : last;
  const list = listOf(key);
  // The last run managed the whole list, so what it did not apply was absent.
  if (list !== undefined && complete?.includes(list)) return NONE;
  // guard: first-repository
  return list === "repositories" ? undefined : observed;
}

/** The Hub's values that a reason may be about. */
export function heldIn({ facets, people }: View, complete: readonly ListName[], groupId: string): object {
  const isHeld = (key: string): boolean => {
    const list = listOf(key);
    return list === undefined || complete.includes(list);
  };
  const held = Object.entries(facets).filter(([key, value]) => isHeld(key) && value !== NONE);
  const ids = Object.entries(people).filter(([key]) => isHeld(key) && facets[key] !== undefined);
  return { groupId, facets: Object.fromEntries(held), people: Object.fromEntries(ids) };
}

/** What counts as applied, with the decided facets that are not in `sent` as they were before. */
export function appliedAfter({ facets, complete, retained }: Decision, sent: ReadonlySet<string>): Values {
  const values = facets.map(({ key, declared, applied, verdict }): [string, string] => {
    // guard: applied-when-seen
    const isApplied = verdict.row === "as declared" || (sent.has(key) && !verdict.refused);
    return [key, isApplied ? declared : (applied ?? NOT_APPLIED)];
  });
  const stored = values.filter(([key, value]) => {
    const list = listOf(key);
    return value !== NONE || list === undefined || !complete.includes(list);
  });
  return { ...retained, ...Object.fromEntries(stored) };
}

/** The facets that someone changed on the Hub after this program applied them. */
export function changedOutside({ facets }: Decision, past: Past): FacetDecision[] {
  return facets.filter(({ key, applied, observed, verdict }) => {
    const isNew = past.applied[key] === undefined && !past.complete?.includes(listOf(key) as ListName);
    const isOwn = observed === applied || observed === past.tried?.[key];
    return verdict.row !== "as declared" && !isNew && applied !== undefined && !isOwn;
  });
}

/** The facets whose values differ from the program and are not overwritten. */
export function refusedIn({ facets }: Decision): FacetDecision[] {
  return facets.filter(({ verdict }) => verdict.refused);
}

/** Whether nothing is left to send or to keep. */
export function isSettled(decision: Decision, past: Past): boolean {
  const { facets, complete, retained } = decision;
  const isSame = facets.every(({ key, declared, verdict }) => {
    const list = listOf(key);
    const last = past.applied[key] ?? (list && past.complete?.includes(list) ? NONE : undefined);
    return verdict.row === "as declared" && last === declared;
  });
  const keys = new Set([...facets.map(({ key }) => key), ...Object.keys(retained)]);
  const isForgotten = Object.keys(past.applied).some((key) => key !== AUTO_JOIN_KEY && !keys.has(key));
  return isSame && !isForgotten && [...complete].sort().join() === [...(past.complete ?? [])].sort().join();
}

/**
 * Settles values that were sent without a response. If the Hub has them now, they count as applied; if not, they are dropped, because
 * someone else may set them later.
 */
export function settledAttempt<P extends Past>(past: P, view: View): P {
  const { applied, tried } = past;
  // A damaged state may have null.
  if (!tried) return past;
  const arrived = Object.entries(tried).filter(([key, value]) => (view.facets[key] ?? NONE) === value);
  return { ...past, applied: { ...applied, ...Object.fromEntries(arrived) }, tried: undefined };
}
