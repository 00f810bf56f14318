import { type ResourceType, resourceTypes } from "../../provider/src/resources/registry";

/** Resources that another resource declares, not the program. */
const CHILDREN: readonly ResourceType[] = ["HubTokenPredecessors"];

/** The resources that a program declares. */
export const programTypes = resourceTypes.filter((type) => !CHILDREN.includes(type));

/** The name of a resource's page in docs/resources. */
export const pageOf = (type: string): string => type.replace(/(?!^)[A-Z]/g, "-$&").toLowerCase();
