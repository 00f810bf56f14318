import { type DiffResult, type Logger, type ResourceDefinition } from "./definition";
import { sameData, sameName } from "./plain";
import { defaultsOf } from "./validate";

/** The names of the declared arguments that differ from the state. */
export function changedProperties<I extends object, S extends I>(
  definition: ResourceDefinition<I, S>,
  state: S,
  inputs: I,
): string[] {
  const defaults = defaultsOf(definition.schema);
  const value = (from: object, property: string): unknown =>
    (from as Record<string, unknown>)[property] ?? defaults[property];
  return Object.keys(definition.schema.properties).filter((property) => {
    // guard: name-in-another-case
    const isSame = property === "organization" ? sameName : sameData;
    return property !== "owner" && !isSame(value(state, property), value(inputs, property));
  });
}

/** The result of a diff that depends only on the changed arguments. */
export function diffOf(definition: { replaceOn: readonly string[] }, changed: string[]): DiffResult {
  return {
    changes: changed.length > 0,
    changed,
    replaces: changed.filter((property) => definition.replaceOn.includes(property)),
    renews: [],
  };
}

/** Adds that the update would refuse something, and warns of it. */
export function refusing<R extends DiffResult>(result: R, refusal: string | undefined, log: Logger): R {
  if (refusal === undefined) return result;
  log.warn(`\`pulumi up\` will refuse this. ${refusal}`);
  return { ...result, refusal };
}

/** The values on the Hub that differ from the declared arguments, by name. */
export function differingFrom(onHub: Record<string, unknown>, inputs: object): Record<string, unknown> {
  const declared = inputs as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(onHub).filter(([name, value]) => !sameData(value, declared[name])),
  );
}
