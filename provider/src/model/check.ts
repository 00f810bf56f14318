import { boundProblem } from "./bounds";
import { type CheckFailure, type PureContext, type ResourceDefinition } from "./definition";
import { type Properties, withoutKeys } from "./plain";
import { normalise, outsizedProperties, validate } from "./validate";

/**
 * The declared arguments as they are to be kept, and all that is wrong with them.
 *
 * @param olds - the arguments that the stack has, unchecked; after a refresh those that it found. Empty before a creation
 * @param former - the state that another resource of this run has of the same object. It counts before a creation only
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
  // The owner's mark stays what it was, so that a resource may be renamed by an alias or moved to another stack.
  // One that was imported without a mark gets its own.
  if (previous["owner"] && "owner" in inputs && !definition.followsOwner) inputs["owner"] = previous["owner"];
  const failures = validate(schema, secrets, inputs);
  if (failures.length === 0 && definition.check) {
    const before = isCreation ? undefined : (previous as I);
    // Its own mark, because a replacement is checked again without the one that the stack has.
    failures.push(...definition.check(inputs as I, before, context, declared["owner"]));
  }
  return { inputs, failures };
}
