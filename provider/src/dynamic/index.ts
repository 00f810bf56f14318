import { Run } from "../hub/run";
import { definitionOf } from "../resources/registry";
import { engineHandler, type EngineHandler } from "./handler";
import { flushLog, say } from "./log";

// One process serves one operation of the engine with one set of credentials.
const run = new Run(say);

/**
 * Returns the handler of a resource type. Only the line of code in the state calls it, in Pulumi's process for dynamic resources.
 *
 * @internal
 */
export function handler(type: string): EngineHandler {
  return engineHandler(definitionOf(type), run, flushLog);
}
