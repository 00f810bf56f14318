// Fresh human intent: a reason that only a person changes, such as `acknowledgePublic` or `rotationTriggers`.
import { createHash } from "node:crypto";
import { list, object, optional, string } from "../client/shape";
import { canonical } from "../model/plain";

/** The reasons of a resource that earlier runs have seen, kept in the state as hashes. */
export interface Heard {
  /** All reasons that any run has seen: a reason that returns is not fresh. */
  seen: string[];
  /** A reason that has not taken effect yet, and the Hub's values in the run that first saw it. */
  open?: { reason: string; hub: string } | undefined;
}

/** Reads the kept reasons from a state. */
export const readHeard = optional(
  object({ seen: list(string), open: optional(object({ reason: string, hub: string })) }),
);

/**
 * Decides whether a reason allows reverting the Hub's current values (`speaks`). It does if no earlier run has seen it, or if the run that
 * first saw it failed and found the same values on the Hub.
 *
 * @param reason - the reason in the program; `undefined` and an empty object mean none
 * @param hub - the Hub's values of all facets that the reason may be about
 * @returns also whether this run is the first to see the reason (`isNew`), and what to keep if the run fails (`heard`). After a successful
 *   run, keep {@link settled} of it
 */
export function listen(
  heard: Heard | undefined,
  reason: unknown,
  hub: unknown,
): { speaks: boolean; isNew: boolean; heard: Heard } {
  const before: Heard = heard ?? { seen: [] };
  const given = fingerprint(reason);
  if (given === undefined) return { speaks: false, isNew: false, heard: settled(before) };
  const held = hashOf(hub);
  // guard: fresh-reason
  if (!before.seen.includes(given)) {
    const open = { reason: given, hub: held };
    return { speaks: true, isNew: true, heard: { seen: [...before.seen, given], open } };
  }
  // guard: open-reason
  const isOpen = before.open?.reason === given && before.open.hub === held;
  return { speaks: isOpen, isNew: false, heard: isOpen ? before : settled(before) };
}

/**
 * What a refresh keeps. An open reason is dropped if the Hub's values have changed since it was given.
 *
 * @param hub - returns the Hub's values in every form in which a run may have kept them; called only if a reason is open
 */
export function stillOpen(heard: Heard | undefined, hub: () => readonly unknown[]): Heard | undefined {
  const open = heard?.open;
  // guard: overtaken-reason
  if (!open || hub().some((each) => hashOf(each) === open.hub)) return heard;
  return settled(heard);
}

/** What a successful run keeps: no reason is open any more. */
export function settled({ seen }: Heard): Heard {
  return { seen };
}

/** What a run keeps that changed the Hub itself and then failed: the open reason now applies to the changed values. */
export function carried({ seen, open }: Heard, hub: unknown): Heard {
  return { seen, ...(open && { open: { reason: open.reason, hub: hashOf(hub) } }) };
}

/** What is kept if the reason must not count: the person who gave it cannot have known what this run is the first to find. */
export function noted(heard: Heard | undefined, reason: unknown): Heard {
  const seen = heard?.seen ?? [];
  const given = fingerprint(reason);
  return { seen: given === undefined || seen.includes(given) ? seen : [...seen, given] };
}

/** The hash of a reason; `undefined` if none is given. */
export function fingerprint(reason: unknown): string | undefined {
  const isEmpty = typeof reason === "object" && reason !== null && Object.keys(reason).length === 0;
  return reason === undefined || reason === null || isEmpty ? undefined : hashOf(reason);
}

function hashOf(value: unknown): string {
  return createHash("sha256")
    .update(String(canonical(value)))
    .digest("hex")
    .slice(0, 16);
}
