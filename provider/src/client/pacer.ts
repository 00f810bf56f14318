import { type Clock } from "./clock";
import { type RateLimit, spread } from "./retry";

/** How many requests of all together have to have passed before it is told from them which part was ours. */
const ENOUGH_TO_JUDGE = 8;

/**
 * Milliseconds after a wait in which others who waited for the same moment come back too: the spread, the whole seconds in which the
 * Hub counts, and a little; and how far apart requests are until then.
 */
const GENTLE_MS = 3000;
const GENTLE_GAP_MS = 300;

/** Whoever makes less than this part of all requests shares the quota with others. */
const SHARED_BELOW = 0.5;
/** The longest gap between two requests of one who shares. */
const MAX_GAP_MS = 1000;

/**
 * Keeps a client from running into the Hub's rate limit: it counts the requests that have gone out since the Hub last
 * said how many are left, and holds back those that the Hub would refuse.
 *
 * Others may use up the same quota. How many do shows in how much faster it shrinks than by our own requests; then only our
 * part of what is left is used at once, and near the end of the quota everybody sends one request at a time. Where they have used
 * it up, each goes on with one request at a time, as far apart as what is left of the quota and of the window says to all of
 * them alike: many pipelines share it evenly, and none of them runs into a volley of refusals.
 */
export class Pacer {
  #remaining = Infinity;
  /** Before the first answer nobody knows what is left, so the first request goes alone. */
  #asked = false;
  #inFlight = 0;
  #blockedUntil = 0;
  #announcedUntil = 0;
  #resetAt: number | undefined;
  #quota: number | undefined;
  /** Which part of all requests is ours, from 0 to 1: at first a guess; what was found in one window holds on in the next. */
  #share = 1 / ENOUGH_TO_JUDGE;
  /** In this window: what was left after our first request, and how many of ours were answered since. */
  #leftAtFirst: number | undefined;
  #ownSince = 0;
  #gentleUntil = 0;
  /** Whether this window came after a wait. */
  #afterWait = false;
  #lastSent = 0;
  #waiting: (() => void)[] = [];

  /** @param announce - is called once for each wait that has a known end, with its length in milliseconds */
  constructor(
    private readonly clock: Clock,
    private readonly announce: (ms: number) => void,
    private readonly signal?: AbortSignal,
  ) {}

  /** Milliseconds until a request may go out; 0 where nothing known holds it back. */
  blockedFor(): number {
    return Math.max(0, this.#blockedUntil - this.clock.now());
  }

  /** Waits until a request may go out. Each call is to be followed by one of {@link answered}. */
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
        // Nothing will come back that could tell more: the Hub did not say when the window ends.
        this.#remaining = Infinity;
        continue;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Takes note of how a request ended: with what the Hub says of its limit, or without. */
  answered(limit: RateLimit | undefined): void {
    this.#asked = true;
    this.#inFlight = Math.max(0, this.#inFlight - 1);
    if (limit) {
      this.#quota = limit.quota ?? this.#quota;
      // Answers may arrive in another order than they were given: within a window the smaller number is the later.
      // A much larger one says that a new window has begun.
      const anew = limit.remaining > this.#remaining + this.#inFlight + 1;
      this.#remaining = anew ? limit.remaining : Math.min(this.#remaining, limit.remaining);
      this.#judgeShare(anew);
      if (limit.resetMs !== undefined) this.#resetAt = this.clock.now() + limit.resetMs;
      if (limit.remaining === 0 && limit.resetMs !== undefined) this.block(limit.resetMs);
    } else if (Number.isFinite(this.#remaining)) {
      // It may have been counted.
      this.#remaining = Math.max(0, this.#remaining - 1);
    }
    this.#wake();
  }

  /** Holds every request back for a time. */
  block(ms: number): void {
    const until = this.clock.now() + ms + spread(this.clock.random());
    if (until > this.#blockedUntil) this.#blockedUntil = until;
    this.#remaining = 0;
    this.#wake();
  }

  /** Milliseconds until the next request where requests go one at a time; those that wait for an answer wait for that. */
  #gap(): number {
    const now = this.clock.now();
    if (this.#inFlight > 0) return 0;
    let gap = now < this.#gentleUntil ? GENTLE_GAP_MS : 0;
    if (this.#shared && this.#resetAt !== undefined && this.#remaining > 0) {
      gap = Math.max(gap, Math.min(MAX_GAP_MS, (this.#resetAt - now) / this.#remaining));
    }
    return gap === 0 ? 0 : Math.max(0, Math.ceil(this.#lastSent + gap - now));
  }

  /** Whether others had a good part in using the quota up. */
  get #shared(): boolean {
    return this.#afterWait && this.#share < SHARED_BELOW;
  }

  #mayGo(): boolean {
    if (this.#inFlight === 0) return this.#remaining > 0;
    // Without any answer yet the one that is under way may be the last.
    if (!this.#asked || this.#remaining <= this.#inFlight) return false;
    // Whoever comes back first must not take the whole quota before the others are there.
    if (this.#shared || this.clock.now() < this.#gentleUntil) return false;
    return this.#inFlight < Math.max(1, Math.floor(this.#remaining * this.#share));
  }

  #judgeShare(anew: boolean): void {
    if (anew || this.#leftAtFirst === undefined) {
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
    // One wait is said once, however many requests share it.
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
