import { type FailedTry } from "./failures";
import { NO_ANSWER } from "./noAnswer";
import { longestRetrying } from "./retry";
import { type RequesterSettings } from "./settings";

/** Milliseconds of an outage before the warning. Most outages are shorter. */
const QUIET_MS = 2000;

/** Warns that the Hub does not answer and how long the client tries again, once for all requests in the same outage. */
export class Outage {
  #current: { since: number; said: boolean } | undefined;

  constructor(private readonly settings: RequesterSettings) {}

  /** Notes that the Hub has answered. */
  end(): void {
    this.#current = undefined;
  }

  /** Notes that a request failed and is sent again after `delayMs`. */
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
