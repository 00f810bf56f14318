import { type HubClient } from "../../provider/src/client";
import { type LifecycleContext } from "../../provider/src/model/definition";
import { published } from "./published";

/**
 * The surroundings of a lifecycle as a fresh process has them: nothing is claimed or declared yet, nobody listens, nothing outside
 * the Hub can be reached, and what is drawn at random is always the same.
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
    strays: new Map(),
    declaredBy: new Map(),
    randomHex: (length) => "0f".repeat(length).slice(0, length),
    fetchDocument: published(),
    ...changes,
  };
}

/** For marks that have to differ from each other. */
export function randomHex(length: number): string {
  return Array.from({ length }, () => Math.floor(Math.random() * 16).toString(16)).join("");
}
