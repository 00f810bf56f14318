import { type HubClient } from "../../provider/src/client";
import { type LifecycleContext } from "../../provider/src/model/definition";
import { published } from "./published";

/**
 * The surroundings of a lifecycle in a fresh process: nothing is claimed or declared yet, log messages are dropped,
 * nothing outside the Hub can be reached, and random values are always the same.
 */
export function lifecycleContext(
  client: HubClient,
  changes: Partial<LifecycleContext> = {},
): LifecycleContext {
  return {
    client,
    now: new Date("2026-01-10T00:00:00.000Z"),
    hubTimeIsKnown: true,
    get runnerNow() {
      return this.now;
    },
    behaviour: { rotation: "auto" },
    log: { info() {}, warn() {} },
    claims: new Set(),
    reported: new Map(),
    declaredBy: new Map(),
    randomHex: (length) => "0f".repeat(length).slice(0, length),
    fetchDocument: published(),
    ...changes,
  };
}

/** For marks that have to be different. */
export function randomHex(length: number): string {
  return Array.from({ length }, () => Math.floor(Math.random() * 16).toString(16)).join("");
}
