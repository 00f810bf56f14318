import { type ResourceDefinition } from "../../provider/src/model/definition";
import { definitionOf, resourceTypes } from "../../provider/src/resources/registry";

/** A definition that accepts arbitrary data as arguments and state, as before any check. */
export type AnyDefinition = ResourceDefinition<object, object>;

/** All resources of the provider. */
export const definitions = resourceTypes.map((type) => definitionOf(type) as AnyDefinition);
