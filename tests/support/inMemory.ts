// A lifecycle's surroundings without a network: a few methods of the client, and the log. Used to test single
// decisions; complete lives run on the local Hub.
import assert from "node:assert/strict";
import { type HubClient } from "../../provider/src/client";
import { type LifecycleContext } from "../../provider/src/model/definition";
import { lifecycleContext } from "./context";

/** A lifecycle's context. */
export interface InMemory {
  context: LifecycleContext;
  /** The messages as "info …" and "warn …", oldest first. */
  said: string[];
}

/**
 * @param methods - the client's methods that may be called
 * @param changes - changes of the context
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
