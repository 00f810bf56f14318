// Checks of what a caller passes in, before anything is sent.
import { hubError } from "./errors";

/** Ends a call before anything is sent, because of what was asked. The value itself is never repeated. */
export function invalidArgument(what: string): never {
  throw hubError({ code: "invalid_argument", what });
}

/**
 * Checks that options are an object without unknown options: a misspelt one would be ignored.
 *
 * @throws HubError `invalid_argument`
 */
export function checkOptions(what: string, options: object, allowed: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    return invalidArgument(`The options of ${what} must be an object.`);
  }
  const stray = Object.keys(options).find((name) => !allowed.includes(name));
  if (stray !== undefined) {
    invalidArgument(`"${stray.slice(0, 60)}" is not an option of ${what}. Known: ${allowed.join(", ")}.`);
  }
}

/**
 * Checks a whole number. With `max` infinite, `Infinity` is allowed too.
 *
 * @throws HubError `invalid_argument`
 */
export function wholeNumber(name: string, value: unknown, min: number, max: number): number {
  const unlimited = max === Infinity;
  if (unlimited && value === Infinity) return Infinity;
  if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max) {
    return invalidArgument(`${name} must be a whole number from ${min}${unlimited ? "" : ` to ${max}`}.`);
  }
  return value as number;
}
