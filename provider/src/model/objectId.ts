import { LifecycleError } from "./definition";

/** The form of a resource's ids. */
export interface IdForm {
  /** A regular expression with a named group for each part. */
  pattern: RegExp;
  /** What has this id, in words. */
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
