/**
 * How a request failed without an answer.
 *
 * - `refused`, `dns`, `unreachable`, `connect_timeout`: the request was certainly not sent
 * - `tls`: the certificate is not trusted; the request was not sent, and another attempt does not help
 * - `timeout`, `reset`: the request may have arrived
 * - `aborted`: the client cancelled the request
 */
export type FailureKind =
  "refused" | "dns" | "unreachable" | "connect_timeout" | "tls" | "timeout" | "reset" | "aborted";

/** Everything that the decision about another attempt depends on. */
export interface RetryQuestion {
  /** Whether sending the request twice has the same effect as once. */
  repeatable: boolean;
  /** The status of the answer. If there is no answer, `kind` is set instead. */
  status?: number;
  kind?: FailureKind;
  /** The headers of the answer; names in lower case. */
  headers?: Readonly<Record<string, string>>;
  /** How many attempts there were before this one. */
  attempt: number;
  maxRetries: number;
  /** The longest allowed wait in milliseconds, also for our own backoff. Default {@link MAX_WAIT_MS}. */
  maxWaitMs?: number;
  /** Milliseconds since 1970. */
  now: number;
  /** From 0 to 1; spreads the requests of many clients. */
  random: number;
}

/** What to do about a failure. */
export interface RetryDecision {
  retry: boolean;
  /** Milliseconds to wait before the next attempt. */
  delayMs: number;
  /** Why, for messages and tests. */
  reason:
    | "never reached the Hub"
    | "rate limited"
    | "temporary failure"
    | "not temporary"
    | "may have been carried out"
    | "no tries left"
    | "wait too long";
}

/** The default for the longest wait in milliseconds: slightly more than a rate limit window. */
export const MAX_WAIT_MS = 310_000;

// guard: retried-statuses
const RETRIED_STATUSES: readonly number[] = [408, 429, 500, 502, 503, 504];
const NEVER_LEFT: readonly FailureKind[] = ["refused", "dns", "unreachable", "connect_timeout"];

/** Decides whether and when a failed request is sent again, and why. */
export function decideRetry(question: RetryQuestion): RetryDecision {
  const { status, kind, repeatable, attempt, maxRetries, maxWaitMs = MAX_WAIT_MS } = question;
  const no = (reason: RetryDecision["reason"]): RetryDecision => ({ retry: false, delayMs: 0, reason });
  if (kind === "aborted" || kind === "tls") return no("not temporary");
  if (status !== undefined && !RETRIED_STATUSES.includes(status)) return no("not temporary");

  const neverLeft = kind !== undefined && NEVER_LEFT.includes(kind);
  // The Hub answers 429 before it executes anything.
  if (!repeatable && !neverLeft && status !== 429) return no("may have been carried out");

  const delayMs = delayOf(question, maxWaitMs);
  // guard: longest-wait
  if (delayMs > maxWaitMs) return { retry: false, delayMs, reason: "wait too long" };
  if (attempt >= maxRetries) return { retry: false, delayMs, reason: "no tries left" };
  if (status === 429) return { retry: true, delayMs, reason: "rate limited" };
  return { retry: true, delayMs, reason: neverLeft ? "never reached the Hub" : "temporary failure" };
}

function delayOf({ status, headers = {}, attempt, now, random }: RetryQuestion, maxWaitMs: number): number {
  const backoff = Math.round(longestBackoff(attempt, maxWaitMs) * (1 - random / 4));
  const asked = parseRetryAfter(headers["retry-after"], now);
  if (status !== 429) return Math.max(backoff, asked ?? 0);
  const limit = parseRateLimit(headers);
  const reset = limit?.remaining === 0 ? limit.resetMs : undefined;
  if (asked === undefined && reset === undefined) return backoff;
  // Spread after the reset, so that clients that wait for the same reset do not return at the same time.
  return Math.max(asked ?? 0, reset ?? 0) + spread(random);
}

/** 1 s, doubled up to 8 s, as in the Hub's official client. The real wait is up to a quarter shorter. */
function longestBackoff(attempt: number, maxWaitMs: number): number {
  return Math.min(maxWaitMs, 8000, 1000 * 2 ** Math.min(attempt, 3));
}

/** The longest time in milliseconds for all further attempts: the waits before them, and `tryMs` for each attempt. */
export function longestRetrying(
  { attempt, maxRetries }: Pick<RetryQuestion, "attempt" | "maxRetries">,
  delayMs: number,
  maxWaitMs: number,
  tryMs: number,
): number {
  let total = delayMs + tryMs;
  for (let next = attempt + 1; next < maxRetries; next++) {
    total += longestBackoff(next, maxWaitMs) + tryMs;
  }
  return total;
}

/** A random time of 0.1 to 1 s, because the Hub counts in whole seconds. */
export function spread(random: number): number {
  return Math.round(100 + 900 * random);
}

/** The wait in a `Retry-After` header, in milliseconds; `undefined` if the header is absent or invalid. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // An HTTP date ends in GMT. Other forms are ignored.
  if (!/^[A-Za-z]{3,9},? .{10,40} GMT$/.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The Hub's rate limit in an answer. */
export interface RateLimit {
  /** Requests left in this window. */
  remaining: number;
  /** Milliseconds until the window ends. */
  resetMs?: number;
  /** Requests in a whole window. */
  quota?: number;
}

/** Reads `RateLimit: "api";r=0;t=55` and `RateLimit-Policy: "fixed window";"api";q=500;w=300`. */
export function parseRateLimit(headers: Readonly<Record<string, string>>): RateLimit | undefined {
  // There may be several limits. The one with the fewest remaining requests counts.
  const limits = (headers["ratelimit"] ?? "")
    .slice(0, 1000)
    .split(",")
    .flatMap((item): RateLimit[] => {
      const remaining = parameter(item, "r");
      if (remaining === undefined) return [];
      const reset = parameter(item, "t");
      return [{ remaining, resetMs: reset === undefined ? undefined : reset * 1000 }];
    });
  const tightest = limits.sort((a, b) => a.remaining - b.remaining || (b.resetMs ?? 0) - (a.resetMs ?? 0))[0];
  if (!tightest) return undefined;
  const quota = parameter((headers["ratelimit-policy"] ?? "").slice(0, 1000), "q");
  return { ...tightest, quota };
}

function parameter(item: string, name: string): number | undefined {
  const match = new RegExp(`(?:^|;)\\s*${name}\\s*=\\s*(\\d{1,9})(?:\\D|$)`).exec(item);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}
