// Limits in the Hub's API document, checked before anything is sent.
import { invalidArgument } from "./arguments";

/** The most endpoint patterns of a token. */
export const MAX_ENDPOINT_PATTERNS = 20;

/** The most characters of an endpoint pattern. */
export const MAX_ENDPOINT_PATTERN_LENGTH = 256;

/** The form of an endpoint pattern, apart from its length. */
export const ENDPOINT_PATTERN = "^[^.?()\\]\\\\[{}]+$";

/** The most characters of a leaked value. */
const MAX_CREDENTIAL_LENGTH = 200;

/** @throws HubError with the code `invalid_argument` */
export function checkEndpointPatterns(patterns: readonly string[] | undefined): void {
  if (patterns === undefined) return;
  if (!Array.isArray(patterns) || patterns.length > MAX_ENDPOINT_PATTERNS) {
    return invalidArgument(`endpointPatterns must be a list of at most ${MAX_ENDPOINT_PATTERNS} patterns.`);
  }
  const form = new RegExp(ENDPOINT_PATTERN, "u");
  for (const [index, pattern] of patterns.entries()) {
    if (
      typeof pattern !== "string" ||
      !form.test(pattern) ||
      lengthOf(pattern) > MAX_ENDPOINT_PATTERN_LENGTH
    ) {
      return invalidArgument(
        `endpointPatterns[${index}] must have 1 to ${MAX_ENDPOINT_PATTERN_LENGTH} characters, without . ? \\ and brackets.`,
      );
    }
  }
}

/** @throws HubError with the code `invalid_argument`; the message never repeats a value */
export function checkCredentials(values: readonly string[]): void {
  if (!Array.isArray(values) || values.length < 1 || values.length > 1000) {
    return invalidArgument("revokeLeakedCredentials takes 1 to 1000 values.");
  }
  for (const [index, value] of values.entries()) {
    if (typeof value !== "string" || value === "" || lengthOf(value) > MAX_CREDENTIAL_LENGTH) {
      return invalidArgument(
        `Value ${index} for revokeLeakedCredentials must be a string of 1 to ${MAX_CREDENTIAL_LENGTH} characters.`,
      );
    }
  }
}

/** The number of Unicode characters, as the Hub counts them. */
export function lengthOf(text: string): number {
  return [...text].length;
}
