import { HubError } from "../client";
import { ConfigurationError } from "../client/environment";

// The SDK prints an error of the program with `util.inspect` in colors. On Node.js 20, 22 and early 24 that takes minutes for frames
// that come from the SDK's source maps (nodejs/node#64011). An error with this mark is printed as its message alone.
const PRINTED_AS_ONE_LINE = "__pulumiRunError";

/**
 * An error as it leaves a constructor or a function: one of this library gets no stack and is printed as one line, any other is
 * unchanged. `source` names the function, for errors about its arguments.
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

/** Runs a part of a constructor or a function; its errors leave as {@link programError}. */
export function inProgram<T>(part: () => T, source?: string): T {
  try {
    return part();
  } catch (error) {
    throw programError(error, source);
  }
}
