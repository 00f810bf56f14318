// The state of a resource: its data and the version of their form.
import { ShapeError } from "../client/shape";
import { boundProblem } from "./bounds";
import { LifecycleError, type ResourceDefinition } from "./definition";
import { type Properties, withoutKeys } from "./plain";

const VERSION_KEY = "stateVersion";

type Kept = Pick<ResourceDefinition<never, never>, "type" | "stateVersion" | "migrate" | "stateReader">;

/**
 * Reads a state, also of an earlier version.
 *
 * @throws LifecycleError if the state is damaged or of a later version
 */
export function readState(definition: Kept, outputs: Properties): Properties {
  const { type, stateVersion } = definition;
  const version = outputs[VERSION_KEY] ?? stateVersion;
  if (typeof version !== "number" || !Number.isSafeInteger(version)) {
    throw damaged(type, `${VERSION_KEY} should be a whole number`);
  }
  if (version > stateVersion) {
    throw new LifecycleError(
      `The state of this ${type} was written by a newer release of pulumi-huggingface (state version ${version}, ` +
        `this release supports ${stateVersion}). Nothing was changed. Install that release or a later one.`,
    );
  }
  const outsized = boundProblem(outputs);
  if (outsized) throw damaged(type, outsized);
  const migrated = version < stateVersion ? (definition.migrate?.(outputs, version) ?? outputs) : outputs;
  const state = withoutKeys(migrated, [VERSION_KEY]);
  const { problem, read } = checked(definition, state);
  // guard: damaged-state
  if (problem) throw damaged(type, problem);
  return read;
}

/** The state to store: the data and the version of their form. */
export function writtenState({ stateVersion }: Kept, state: object): Properties {
  return { ...state, [VERSION_KEY]: stateVersion };
}

/** The data without `null` for values that may be absent; or why the lifecycle cannot use it, in a text without a value. */
function checked({ stateReader }: Kept, state: Properties): { problem?: string; read: Properties } {
  try {
    // guard: null-is-absent
    return { read: stateReader ? (stateReader(state, "") as Properties) : state };
  } catch (error) {
    if (error instanceof ShapeError) return { problem: error.message, read: state };
    throw error;
  }
}

function damaged(type: string, problem: string): LifecycleError {
  return new LifecycleError(
    `The state of this ${type} is damaged: ${problem}. Nothing was changed. Restore the state from a backup of the stack, or remove ` +
      "the resource with `pulumi state delete` and import the object again.",
  );
}
