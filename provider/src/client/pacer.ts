import { type Clock } from "./clock";
import { type RateLimit, spread } from "./retry";

/** How many requests of all users must pass before our share is calculated. */
const ENOUGH_TO_JUDGE = 8;

/** Milliseconds after a wait in which other waiting clients also return, and the gap between requests in that time. */
const GENTLE_MS = 3000;
const GENTLE_GAP_MS = 300;

/** Below this share of all requests, the quota counts as shared with others. */
const SHARED_BELOW = 0.5;
/** The longest gap in milliseconds between two requests while the quota is shared. */
const MAX_GAP_MS = 1000;

/**
 * Keeps a client within the Hub's rate limit. It counts the requests since the Hub's last answer with the remaining quota, and delays
 * requests that the Hub would refuse.
 *
 * Other clients may use the same quota. If it shrinks faster than our own requests explain, only our share of it is used at the same time.
 * After others have used it up, requests go one at a time, with gaps that divide the remaining quota evenly over the window.
 */
export class Pacer {
  #remaining = Infinity;
  /** Before the first answer the remaining quota is not known, so the first request is sent alone. */
  #asked = false;
  #inFlight = 0;
  #blockedUntil = 0;
  #announcedUntil = 0;
  #resetAt: number | undefined;
  #quota: number | undefined;
  /** Our share of all requests, from 0 to 1. It starts as a guess, and a new window starts with the last value. */
  #share = 1 / ENOUGH_TO_JUDGE;
  /** In this window: the quota that was left after our first request, and the number of our answered requests since. */
  #leftAtFirst: number | undefined;
  #ownSince = 0;
  #gentleUntil = 0;
  /** Whether this window came after a wait. */
  #afterWait = false;
  #lastSent = 0;
  #waiting: (() => void)[] = [];

  /** @param announce - is called once for each wait with a known end, with its length in milliseconds */
  constructor(
    private readonly clock: Clock,
    private readonly announce: (ms: number) => void,
    private readonly signal?: AbortSignal,
  ) {}

  /** Milliseconds until a request may be sent; 0 if no known limit delays it. */
  blockedFor(): number {
    return Math.max(0, this.#blockedUntil - this.clock.now());
  }

  /** Waits until a request may be sent; `false` if that takes longer than `longestMs`. Call {@link answered} after the request. */
  async acquire(longestMs: number): Promise<boolean> {
    for (;;) {
      const wait = this.blockedFor();
      if (wait > longestMs) return false;
      if (wait > 0) {
        this.#announceOnce();
        await this.clock.sleep(wait, this.signal);
        continue;
      }
      this.#openWindow();
      const gap = this.#gap();
      if (gap > 0) {
        await this.clock.sleep(gap, this.signal);
        continue;
      }
      if (this.#mayGo()) {
        this.#lastSent = this.clock.now();
        this.#inFlight += 1;
        return true;
      }
      if (this.#inFlight === 0) {
        // No answer is pending and the Hub did not say when the window ends, so a request has to try.
        this.#remaining = Infinity;
        continue;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Notes the end of a request, with the rate limit in the Hub's answer, if any. */
  answered(limit: RateLimit | undefined): void {
    this.#asked = true;
    this.#inFlight = Math.max(0, this.#inFlight - 1);
    if (limit) {
      this.#quota = limit.quota ?? this.#quota;
      // Answers may arrive in another order than the Hub sent them: within a window the smaller number is the later one.
      // A much larger number means that a new window has begun.
      const isNewWindow = limit.remaining > this.#remaining + this.#inFlight + 1;
      this.#remaining = isNewWindow ? limit.remaining : Math.min(this.#remaining, limit.remaining);
      this.#judgeShare(isNewWindow);
      if (limit.resetMs !== undefined) this.#resetAt = this.clock.now() + limit.resetMs;
      if (limit.remaining === 0 && limit.resetMs !== undefined) this.block(limit.resetMs);
    } else if (Number.isFinite(this.#remaining)) {
      // The Hub may have counted the request.
      this.#remaining = Math.max(0, this.#remaining - 1);
    }
    this.#wake();
  }

  /** Delays all requests for a time. */
  block(ms: number): void {
    const until = this.clock.now() + ms + spread(this.clock.random());
    if (until > this.#blockedUntil) this.#blockedUntil = until;
    this.#remaining = 0;
    this.#wake();
  }

  /** Milliseconds until the next request if requests are sent one at a time; 0 while one waits for its answer. */
  #gap(): number {
    const now = this.clock.now();
    if (this.#inFlight > 0) return 0;
    let gap = now < this.#gentleUntil ? GENTLE_GAP_MS : 0;
    if (this.#shared && this.#resetAt !== undefined && this.#remaining > 0) {
      gap = Math.max(gap, Math.min(MAX_GAP_MS, (this.#resetAt - now) / this.#remaining));
    }
    return gap === 0 ? 0 : Math.max(0, Math.ceil(this.#lastSent + gap - now));
  }

  /** Whether others used a large part of the quota. */
  get #shared(): boolean {
    return this.#afterWait && this.#share < SHARED_BELOW;
  }

  #mayGo(): boolean {
    if (this.#inFlight === 0) return this.#remaining > 0;
    // Before the first answer, the pending request may use the last of the quota.
    if (!this.#asked || this.#remaining <= this.#inFlight) return false;
    // The first client after a wait must not use the whole quota before the others return.
    if (this.#shared || this.clock.now() < this.#gentleUntil) return false;
    return this.#inFlight < Math.max(1, Math.floor(this.#remaining * this.#share));
  }

  #judgeShare(isNewWindow: boolean): void {
    if (isNewWindow || this.#leftAtFirst === undefined) {
      this.#leftAtFirst = this.#remaining;
      this.#ownSince = 0;
      return;
    }
    this.#ownSince += 1;
    const all = this.#leftAtFirst - this.#remaining;
    if (all >= ENOUGH_TO_JUDGE) this.#share = Math.min(1, this.#ownSince / all);
  }

  #openWindow(): void {
    const now = this.clock.now();
    const blockOver = this.#blockedUntil > 0 && now >= this.#blockedUntil;
    const windowOver = this.#resetAt !== undefined && now > this.#resetAt;
    if (blockOver || windowOver) {
      this.#remaining = this.#quota ?? Infinity;
      if (blockOver) this.#gentleUntil = now + GENTLE_MS;
      this.#afterWait = blockOver;
      this.#blockedUntil = 0;
      this.#resetAt = undefined;
      this.#leftAtFirst = undefined;
    }
  }

  #announceOnce(): void {
    // A wait that several requests share is announced once.
    if (this.#blockedUntil - this.#announcedUntil < 1000) return;
    this.#announcedUntil = this.#blockedUntil;
    this.announce(this.blockedFor());
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}
