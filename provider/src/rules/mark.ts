import { createHash } from "node:crypto";
import { LifecycleError } from "../model/definition";

/** How a name on the Hub says whose it is: `<name> [<owner>-<random>]`. */
export interface Mark {
  /** Eight hex digits: the resource that owns the object (a hash of project, stack, type and name). */
  owner: string;
  /** Four hex digits, drawn for each creation, so that one whose answer was lost is found again. */
  random: string;
}

/** Characters that a mark adds to a name: a space, brackets, and the digits. */
export const MARK_LENGTH = " [12345678-1234]".length;

const MARKED = /^(?:([\s\S]*) )?\[([0-9a-f]{8})-([0-9a-f]{4})\]$/;

/**
 * The owner's hash of one resource: the same in each run, different in each stack and for each resource.
 *
 * @param scope - tells stacks apart that have all names in common
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

/** The text with the mark behind it. */
export function withMark(text: string | undefined, mark: Mark): string {
  const tag = `[${mark.owner}-${mark.random}]`;
  return text ? `${text} ${tag}` : tag;
}

/** The text without its mark, and the mark, if it has one. */
export function splitMark(text: string): { text: string; mark?: Mark } {
  const found = MARKED.exec(text);
  if (!found) return { text };
  return { text: found[1] ?? "", mark: { owner: found[2] as string, random: found[3] as string } };
}

/**
 * The mark that the class has set.
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
 * Why an object with a mark is not imported into another resource, or `undefined`: each of the two would revoke or delete it one day.
 *
 * @param what - names the object in the sentence
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
    `${what} carries the mark of another resource, which may revoke or delete it. Nothing was changed. To rename a resource of this stack, ` +
    "use the option `aliases` instead of import. If no stack has that resource any more, import it from a file, as docs/import.md says."
  );
}
