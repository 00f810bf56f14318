import { LifecycleError } from "./definition";

/** How the ids of a resource are written. */
export interface IdForm {
  /** With a named group for each part. */
  pattern: RegExp;
  /** What it is the id of, in words. */
  of: string;
  /** The form, in words. */
  form: string;
}

/**
 * The parts of an id, by the names of the pattern's groups.
 *
 * @throws LifecycleError if the id has another form
 */
export function partsOfId(id: string, { pattern, of, form }: IdForm): Record<string, string> {
  const parts = pattern.exec(id)?.groups;
  if (parts) return parts;
  throw new LifecycleError(`"${id}" is not the id of ${of}. It has the form ${form}.`);
}
