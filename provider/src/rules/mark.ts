import { createHash } from "node:crypto";
import { LifecycleError } from "../model/definition";

/** The part of a name on the Hub that identifies the resource that owns the object: `<name> [<owner>-<random>]`. */
export interface Mark {
  /** Eight hex digits that identify the owning resource: a hash of project, stack, type and name. */
  owner: string;
  /** Four random hex digits for each creation, so that an object is found again if the response was lost. */
  random: string;
}

/** The number of characters that a mark adds to a name. */
export const MARK_LENGTH = " [12345678-1234]".length;

const MARKED = /^(?:([\s\S]*) )?\[([0-9a-f]{8})-([0-9a-f]{4})\]$/;

/**
 * The hash that identifies one resource as an owner: the same in each run, different for each stack and resource.
 *
 * @param scope - distinguishes stacks that have the same names
 */
export function ownerOf(project: string, stack: string, type: string, name: string, scope?: string): string {
  return (
    createHash("sha256")
      // guard: mark-of-names
      .update(JSON.stringify([project, stack, type, name, ...(scope === undefined ? [] : [scope])]))
      .digest("hex")
      .slice(0, 8)
  );
}

/** Appends the mark to a text. */
export function withMark(text: string | undefined, mark: Mark): string {
  const tag = `[${mark.owner}-${mark.random}]`;
  return text ? `${text} ${tag}` : tag;
}

/** Splits a text into the part before its mark, and the mark, if it has one. */
export function splitMark(text: string): { text: string; mark?: Mark } {
  const found = MARKED.exec(text);
  if (!found) return { text };
  return { text: found[1] ?? "", mark: { owner: found[2] as string, random: found[3] as string } };
}

/**
 * The owner hash that the resource class has set.
 *
 * @throws LifecycleError if it is missing
 */
export function ownedBy({ owner }: { owner?: string }, type: string): string {
  if (owner !== undefined) return owner;
  throw new LifecycleError(
    `The ${type} has no owner's mark. Declare it with the class ${type}, which sets it.`,
  );
}

/**
 * Why an object with another resource's mark is not imported, or `undefined`: both resources could later revoke or delete it.
 *
 * @param what - the subject of the message
 */
export function refusalOfForeignMark(
  text: string,
  owner: string | undefined,
  what: string,
): string | undefined {
  const { mark } = splitMark(text);
  // guard: foreign-mark
  if (!mark || mark.owner === owner) return undefined;
  return (
    `${what} has the mark of another resource, which may revoke or delete it. Nothing was changed. To rename a resource of this stack, ` +
    "use the option `aliases` instead of import. If no stack has that resource any more, import it from a file: see docs/import.md."
  );
}
