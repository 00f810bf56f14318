import { HubError } from "../client";
import { ConfigurationError } from "../client/environment";

// The SDK prints errors of the program with `util.inspect` in colors, which takes minutes on some releases of Node.js
// (nodejs/node#64011). For an error with this property it prints only the message.
const PRINTED_AS_ONE_LINE = "__pulumiRunError";

/**
 * Prepares an error to be thrown to the program: an error of this library loses its stack and is printed as one line. Other errors
 * stay unchanged.
 *
 * @param source - the name of the function, added to errors about its arguments
 */
export function programError(error: unknown, source?: string): unknown {
  if (error instanceof HubError || error instanceof ConfigurationError) {
    if (source && error instanceof HubError && error.code === "invalid_argument") {
      error.message = `${source}: ${error.message}`;
    }
    // guard: one-line-error
    error.stack = `${error.name}: ${error.message}`;
    Object.defineProperty(error, PRINTED_AS_ONE_LINE, { value: true });
  }
  return error;
}

/** Runs a part of a constructor or a function, and prepares its errors with {@link programError}. */
export function inProgram<T>(part: () => T, source?: string): T {
  try {
    return part();
  } catch (error) {
    throw programError(error, source);
  }
}
