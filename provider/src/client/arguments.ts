// Checks of a caller's arguments before anything is sent.
import { hubError } from "./errors";

/** Ends a call before anything is sent, because an argument is invalid. The message must not repeat the value. */
export function invalidArgument(what: string): never {
  throw hubError({ code: "invalid_argument", what });
}

/**
 * Checks that options are an object without unknown options, because a misspelt option would be ignored.
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
 * Checks a whole number. If `max` is `Infinity`, `Infinity` is also allowed.
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
