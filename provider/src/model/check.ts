import { boundProblem } from "./bounds";
import { type CheckFailure, type PureContext, type ResourceDefinition } from "./definition";
import { type Properties, withoutKeys } from "./plain";
import { normalise, outsizedProperties, validate } from "./validate";

/**
 * Returns the declared arguments in the form to store, and everything that is wrong with them.
 *
 * @param olds - the unchecked arguments in the stack; after a refresh those on the Hub. Empty before a creation
 * @param former - the state that another resource of this run has of the same object; used only before a creation
 */
export function checkArguments<I extends object, S extends I>(
  definition: ResourceDefinition<I, S>,
  declared: Properties,
  olds: Properties,
  context: PureContext,
  former?: Properties,
): { inputs: Properties; failures: CheckFailure[] } {
  const { schema, secrets } = definition;
  const outsized = outsizedProperties(schema, declared);
  if (outsized.length > 0) return { inputs: {}, failures: outsized };
  const previous = withoutKeys(
    olds,
    Object.keys(olds).filter((name) => boundProblem(olds[name])),
  );
  const isCreation = Object.keys(previous).length === 0;
  const prepared = definition.prepare?.(declared, context, previous, isCreation ? former : undefined);
  const inputs = normalise(schema, prepared ?? declared);
  // The owner's mark does not change, so that a resource can be renamed with an alias or moved to another stack.
  // A resource that was imported without a mark gets its own.
  if (previous["owner"] && "owner" in inputs && !definition.followsOwner) inputs["owner"] = previous["owner"];
  const failures = validate(schema, secrets, inputs);
  if (failures.length === 0 && definition.check) {
    const before = isCreation ? undefined : (previous as I);
    // The declared mark, because a replacement is checked again without the arguments in the stack.
    failures.push(...definition.check(inputs as I, before, context, declared["owner"]));
  }
  return { inputs, failures };
}
