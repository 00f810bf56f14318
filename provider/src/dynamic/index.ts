import { Run } from "../hub/run";
import { definitionOf } from "../resources/registry";
import { engineHandler, type EngineHandler } from "./handler";
import { flushLog, say } from "./log";

// One process serves one operation with one set of credentials.
const run = new Run(say);

/**
 * The entry of the process that serves dynamic resources: the line of code that the engine keeps with each resource calls
 * it. Not meant for programs.
 *
 * @internal
 */
export function handler(type: string): EngineHandler {
  return engineHandler(definitionOf(type), run, flushLog);
}
