// The option `import`. The engine cannot import a dynamic resource, so the handler's `create` does what its import would do.
import {
  type CheckFailure,
  type ImportRules,
  type LifecycleContext,
  LifecycleError,
  type ResourceDefinition,
} from "./definition";
import { printableLine } from "../client/printable";
import { isUnknown } from "./unknown";

/** Characters of a value or an id in a message. */
const MAX_SHOWN = 200;

/** What is wrong with the option itself; a preview shows it. */
export function importFailures<I extends object, S extends I>(
  definition: ResourceDefinition<I, S>,
  id: unknown,
): CheckFailure[] {
  if (id === undefined || isUnknown(id)) return [];
  const failure = (reason: string): CheckFailure[] => [{ property: "", reason: `option import: ${reason}` }];
  if (typeof id !== "string") return failure(`must be an id (a string), not ${typeof id}.`);
  if (/hf_\w{20,}/.test(id)) {
    return failure(
      "holds the value of a token in place of an id. It counts as leaked: revoke it. docs/import.md says what the ids look like.",
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

/** Refuses the option on a resource that is in the state as another object: it could only be imported in place of that one. */
export function refuseOtherId(type: string, id: string, importId: unknown): void {
  if (typeof importId !== "string" || isUnknown(importId)) return;
  if (importId.toLowerCase() === id.toLowerCase()) return;
  throw new LifecycleError(
    `The option import names ${shown(importId)}, but the state has this ${type} as ${shown(id)}. Nothing was changed. Leave the option ` +
      `out to keep that one; to import the other, give it a resource of its own, under another name.`,
  );
}

/** Refuses the option on a resource that is replaced: the new object would be the one that is there already, or one that is gone by then. */
export function refuseToImportAgain(type: string, importId: unknown): void {
  if (typeof importId !== "string") return;
  throw new LifecycleError(
    `This change needs a new ${type}, and the option import names the one that is there. Nothing was changed. Take the option out, and run again.`,
  );
}

/**
 * Takes over what the id names, if the program declares it as it is. Sends nothing that changes the Hub.
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
      `There is no ${type} ${shown(id)} on the Hub to import. Correct the option import; \`pulumi up\` without it may create a new one.`,
    );
  }
  const differing = Object.entries(found.differing);
  if (differing.length > 0) {
    throw new LifecycleError(
      `${type} ${shown(id)} was not imported, because the program differs from the Hub in ${differing.map(describeDifference).join(", ")}. ` +
        "Nothing was changed. Declare what is on the Hub; after the import, a later `pulumi up` can change it.",
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
