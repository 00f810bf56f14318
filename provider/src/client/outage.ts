import { type FailedTry } from "./failures";
import { NO_ANSWER } from "./noAnswer";
import { longestRetrying } from "./retry";
import { type RequesterSettings } from "./settings";

/** Milliseconds of an outage in which nothing is said of it: most are over by then. */
const QUIET_MS = 2000;

/**
 * Says that the Hub does not answer and how long it is asked again, so that nobody waits without knowing for what: once
 * for all requests that wait for the same outage.
 */
export class Outage {
  #current: { since: number; said: boolean } | undefined;

  constructor(private readonly settings: RequesterSettings) {}

  /** The Hub has answered. */
  end(): void {
    this.#current = undefined;
  }

  /** A request has failed and is sent again after `delayMs`. */
  goesOn({ status, kind }: FailedTry, attempt: number, delayMs: number): void {
    const { endpoint, maxRetries, maxWaitMs, timeoutMs, notify, clock } = this.settings;
    const now = clock.now();
    const tryMs = kind === "timeout" || kind === "connect_timeout" ? timeoutMs : 0;
    this.#current ??= { since: now - tryMs, said: false };
    if (this.#current.said || now - this.#current.since < QUIET_MS) return;
    this.#current.said = true;
    const problem = kind === undefined ? `answers ${status}` : NO_ANSWER[kind].problem;
    const longestMs = longestRetrying({ attempt, maxRetries }, delayMs, maxWaitMs, tryMs);
    notify({
      severity: "warning",
      message: `the Hub at ${endpoint} ${problem}. Trying again for up to ${Math.ceil(longestMs / 1000)} s.`,
    });
  }
}
