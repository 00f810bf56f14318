// Surroundings of a lifecycle without a network: a few methods of the client, and what was said. For decisions that are to be
// looked at one by one; whole lives run on the local Hub.
import assert from "node:assert/strict";
import { type HubClient } from "../../provider/src/client";
import { type LifecycleContext } from "../../provider/src/model/definition";
import { lifecycleContext } from "./context";

/** A lifecycle's context. */
export interface InMemory {
  context: LifecycleContext;
  /** "info …" and "warn …", oldest first. */
  said: string[];
}

/**
 * @param methods - of the client, as far as they may be called
 * @param changes - of the context
 */
export function inMemory(methods: object, changes: Partial<LifecycleContext> = {}): InMemory {
  const said: string[] = [];
  const context = lifecycleContext(methods as HubClient, {
    log: { info: (text) => said.push(`info ${text}`), warn: (text) => said.push(`warn ${text}`) },
    fetchDocument: () => assert.fail("nothing was to be fetched"),
    ...changes,
  });
  return { context, said };
}
