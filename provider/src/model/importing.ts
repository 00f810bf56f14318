// The option `import`. Pulumi cannot import a dynamic resource, so the handler's `create` does it.
import {
  type CheckFailure,
  type ImportRules,
  type LifecycleContext,
  LifecycleError,
  type ResourceDefinition,
} from "./definition";
import { printableLine } from "../client/printable";
import { isUnknown } from "./unknown";

/** The most characters of a value or an id in a message. */
const MAX_SHOWN = 200;

/** What is wrong with the option's value. A preview shows it. */
export function importFailures<I extends object, S extends I>(
  definition: ResourceDefinition<I, S>,
  id: unknown,
): CheckFailure[] {
  if (id === undefined || isUnknown(id)) return [];
  const failure = (reason: string): CheckFailure[] => [{ property: "", reason: `option import: ${reason}` }];
  if (typeof id !== "string") return failure(`must be an id (a string), not ${typeof id}.`);
  if (/hf_\w{20,}/.test(id)) {
    return failure(
      "is a token instead of an id. Treat the token as leaked and revoke it. See docs/import.md for the form of each id.",
    );
  }
  try {
    rulesOf(definition).parseId(id);
    return [];
  } catch (error) {
    if (error instanceof LifecycleError) return failure(error.message);
    throw error;
  }
}

/** Refuses the option if the state has the resource with another id, because the import would replace that object. */
export function refuseOtherId(type: string, id: string, importId: unknown): void {
  if (typeof importId !== "string" || isUnknown(importId)) return;
  if (importId.toLowerCase() === id.toLowerCase()) return;
  throw new LifecycleError(
    `The option import is ${shown(importId)}, but this ${type} is ${shown(id)} in the state. Nothing was changed. Remove the option to ` +
      `keep ${shown(id)}. To import ${shown(importId)}, declare another resource with another name.`,
  );
}

/** Refuses the option on a resource that is replaced, because its id names the existing object and not the new one. */
export function refuseToImportAgain(type: string, importId: unknown): void {
  if (typeof importId !== "string") return;
  throw new LifecycleError(
    `This change needs a new ${type}, but the option import names the existing one. Nothing was changed. Remove the option and run again.`,
  );
}

/**
 * Imports the object with this id if the program declares it with its current values. It does not change the Hub.
 *
 * @throws LifecycleError if there is no such object, or it differs from the program
 */
export async function importObject<I extends object, S extends I>(
  definition: ResourceDefinition<I, S>,
  id: string,
  inputs: I,
  context: LifecycleContext,
): Promise<S> {
  const { type } = definition;
  const found = await rulesOf(definition).compare(id, inputs, context);
  if (!found) {
    throw new LifecycleError(
      `There is no ${type} ${shown(id)} on the Hub to import. Correct the option import. Without it, \`pulumi up\` may create a new ${type}.`,
    );
  }
  const differing = Object.entries(found.differing);
  if (differing.length > 0) {
    throw new LifecycleError(
      `${type} ${shown(id)} was not imported, because the program differs from the Hub in ${differing.map(describeDifference).join(", ")}. ` +
        "Nothing was changed. Declare the values that are on the Hub to import it; a later `pulumi up` can change them.",
    );
  }
  context.log.info(`imported ${shown(id)}; nothing was changed on the Hub.`);
  return found.state;
}

function rulesOf<I extends object, S extends I>({ imports }: ResourceDefinition<I, S>): ImportRules<I, S> {
  if (typeof imports === "object") return imports;
  throw new LifecycleError(imports);
}

function describeDifference([property, onHub]: [string, unknown]): string {
  return onHub === undefined ? property : `${property} (on the Hub: ${shown(JSON.stringify(onHub))})`;
}

function shown(text: string): string {
  return printableLine(text, MAX_SHOWN);
}
