import { type ResourceDefinition } from "../../provider/src/model/definition";
import { definitionOf, resourceTypes } from "../../provider/src/resources/registry";

/** A definition whose arguments and state may be any data, as before any check. */
export type AnyDefinition = ResourceDefinition<object, object>;

/** Each resource of the provider. */
export const definitions = resourceTypes.map((type) => definitionOf(type) as AnyDefinition);
