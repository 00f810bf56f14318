// Fresh human intent: a value that only a person changes, such as `acknowledgePublic` or `rotationTriggers`.
import { createHash } from "node:crypto";
import { list, object, optional, string } from "../client/shape";
import { canonical } from "../model/plain";

/** What the runs before have heard of a resource's reasons; kept in the state, as hashes. */
export interface Heard {
  /** All reasons that a run has seen: one that returns is not fresh. */
  seen: string[];
  /** A reason that has not yet done what it was given for, and what the Hub held in the run that first saw it. */
  open?: { reason: string; hub: string } | undefined;
}

/** Reads what is kept. */
export const readHeard = optional(
  object({ seen: list(string), open: optional(object({ reason: string, hub: string })) }),
);

/**
 * Whether a reason speaks for undoing what the Hub holds: only if no earlier run has seen it, or if the run that first saw it found on the
 * Hub what is there now, and did not come to an end.
 *
 * @param reason - what the program gives as a reason now; `undefined` and an empty object are none
 * @param hub - what the Hub holds: all facets that the reason may be for
 * @returns also whether this is the run that first sees it, and what is kept if the run does not come to an end. Once it has, keep
 *   {@link settled} of that
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
 * What a refresh keeps: a reason that is open for something else than what the Hub holds has been overtaken.
 *
 * @param hub - gives what the Hub holds, in each way in which a run may have kept it; asked only if a reason is open
 */
export function stillOpen(heard: Heard | undefined, hub: () => readonly unknown[]): Heard | undefined {
  const open = heard?.open;
  // guard: overtaken-reason
  if (!open || hub().some((each) => hashOf(each) === open.hub)) return heard;
  return settled(heard);
}

/** What is kept once the run has done what it decided: no reason is open any more. */
export function settled({ seen }: Heard): Heard {
  return { seen };
}

/** What is kept if the run itself has changed what the Hub holds, and did not come to an end: the open reason speaks for that now. */
export function carried({ seen, open }: Heard, hub: unknown): Heard {
  return { seen, ...(open && { open: { reason: open.reason, hub: hashOf(hub) } }) };
}

/** What is kept if the reason must not speak: a person who gave it cannot have meant what this run is the first to find. */
export function noted(heard: Heard | undefined, reason: unknown): Heard {
  const seen = heard?.seen ?? [];
  const given = fingerprint(reason);
  return { seen: given === undefined || seen.includes(given) ? seen : [...seen, given] };
}

/** A hash of a reason; `undefined` if none is given. */
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
