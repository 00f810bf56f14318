import assert from "node:assert/strict";
import {
  decideRetry,
  type FailureKind,
  longestRetrying,
  MAX_WAIT_MS,
  parseRateLimit,
  parseRetryAfter,
  type RetryDecision,
  type RetryQuestion,
  spread,
} from "../../provider/src/client/retry";

const NOW = Date.parse("2026-06-01T12:00:00Z");

function decide(question: Partial<RetryQuestion>): RetryDecision {
  return decideRetry({ repeatable: true, attempt: 0, maxRetries: 5, now: NOW, random: 0, ...question });
}

describe("retry decision", () => {
  type Reason = RetryDecision["reason"];
  const decisions: [failures: (number | FailureKind)[], repeatable: Reason, creation: Reason][] = [
    [[400, 401, 402, 403, 404, 409, 422, 501, "tls", "aborted"], "not temporary", "not temporary"],
    [[408, 500, 502, 503, 504, "timeout", "reset"], "temporary failure", "may have been carried out"],
    [[429], "rate limited", "rate limited"],
    [["refused", "dns", "unreachable", "connect_timeout"], "never reached the Hub", "never reached the Hub"],
  ];
  const sentAgain = new Set<Reason>(["temporary failure", "rate limited", "never reached the Hub"]);
  for (const [failures, ...reasons] of decisions) {
    for (const failure of failures) {
      for (const [index, reason] of reasons.entries()) {
        const repeatable = index === 0;
        it(`after ${failure} for a ${repeatable ? "repeatable request" : "creation"}: ${reason}`, () => {
          const decision = decide({
            repeatable,
            ...(typeof failure === "number" ? { status: failure } : { kind: failure }),
          });
          assert.deepEqual([decision.reason, decision.retry], [reason, sentAgain.has(reason)]);
          assert.equal(decision.delayMs > 0, decision.retry);
        });
      }
    }
  }

  it("gives up if no tries are left", () => {
    assert.equal(decide({ status: 503, attempt: 4 }).retry, true);
    assert.deepEqual(decide({ status: 503, attempt: 5 }), {
      retry: false,
      delayMs: 8000,
      reason: "no tries left",
    });
    assert.equal(decide({ status: 503, maxRetries: 0 }).reason, "no tries left");
  });

  it("allows the longest wait, but no longer one", () => {
    const wait = (seconds: number, maxWaitMs?: number) =>
      decide({ status: 503, headers: { "retry-after": String(seconds) }, maxWaitMs });
    assert.deepEqual(wait(MAX_WAIT_MS / 1000), {
      retry: true,
      delayMs: MAX_WAIT_MS,
      reason: "temporary failure",
    });
    assert.deepEqual(wait(MAX_WAIT_MS / 1000 + 1), {
      retry: false,
      delayMs: MAX_WAIT_MS + 1000,
      reason: "wait too long",
    });
    assert.equal(wait(20, 20_000).retry, true);
    assert.equal(wait(21, 20_000).reason, "wait too long");
  });
});

describe("wait before a retry", () => {
  it("doubles from 1 s to 8 s", () => {
    const waits = [0, 1, 2, 3, 4, 40].map(
      (attempt) => decide({ status: 503, attempt, maxRetries: 99 }).delayMs,
    );
    assert.deepEqual(waits, [1000, 2000, 4000, 8000, 8000, 8000]);
  });

  it("is shortened by up to a quarter, so that clients do not retry at the same moment", () => {
    assert.equal(decide({ status: 503, random: 1 }).delayMs, 750);
  });

  it("has a random extra of 0.1 s to 1 s if the Hub names the end of the wait", () => {
    assert.deepEqual([0, 0.5, 1].map(spread), [100, 550, 1000]);
  });

  const answers: [name: string, status: number, headers: Record<string, string>, delayMs: number][] = [
    ["429 with RateLimit, none left", 429, { ratelimit: '"api";r=0;t=55' }, 55_100],
    ["429 with RateLimit, some left", 429, { ratelimit: '"api";r=3;t=55' }, 1000],
    ["429 with Retry-After in seconds", 429, { "retry-after": "7" }, 7100],
    ["429 with Retry-After as a date", 429, { "retry-after": "Mon, 01 Jun 2026 12:00:30 GMT" }, 30_100],
    ["429 with Retry-After in the past", 429, { "retry-after": "Mon, 01 Jun 2026 11:00:00 GMT" }, 100],
    ["429 with both headers: the longer wait", 429, { "retry-after": "7", ratelimit: '"api";r=0;t=9' }, 9100],
    ["429 without a header", 429, {}, 1000],
    ["429 with an invalid header", 429, { "retry-after": "soon", ratelimit: "x" }, 1000],
    ["503 with a longer Retry-After", 503, { "retry-after": "20" }, 20_000],
    ["503 with a shorter Retry-After", 503, { "retry-after": "0" }, 1000],
  ];
  for (const [name, status, headers, delayMs] of answers) {
    it(`is ${delayMs} ms after ${name}`, () => assert.equal(decide({ status, headers }).delayMs, delayMs));
  }

  it("has a total over all tries, including the time of each try", () => {
    const tries = { attempt: 2, maxRetries: 5 };
    assert.equal(longestRetrying(tries, 4000, MAX_WAIT_MS, 0), 4000 + 8000 + 8000);
    assert.equal(longestRetrying(tries, 4000, MAX_WAIT_MS, 30_000), 20_000 + 3 * 30_000);
    assert.equal(longestRetrying(tries, 3000, 3000, 0), 9000);
    assert.equal(longestRetrying({ attempt: 0, maxRetries: 2 }, 1000, MAX_WAIT_MS, 0), 3000);
    assert.equal(longestRetrying({ attempt: 4, maxRetries: 5 }, 8000, MAX_WAIT_MS, 0), 8000);
  });
});

describe("Retry-After header", () => {
  const headers: [header: string | undefined, ms: number | undefined][] = [
    [undefined, undefined],
    ["", undefined],
    ["  ", undefined],
    ["0", 0],
    ["120", 120_000],
    [" 5 ", 5000],
    ["123456789", 123_456_789_000],
    ["1234567890", undefined],
    ["-5", undefined],
    ["1.5", undefined],
    ["1e9", undefined],
    ["5 s", undefined],
    ["Mon, 01 Jun 2026 12:01:00 GMT", 60_000],
    ["Mon 01 Jun 2026 12:00:10 GMT", 10_000],
    ["Mon, 01 Jun 2025 12:00:00 GMT", 0],
    ["Mon, 01 Jun 2026 12:00:10 GMT+5", undefined],
    ["1 Mon, 01 Jun 2026 12:00:10 GMT", undefined],
    ["Mon, 01 Jun 2026 12:00:10", undefined],
    ["2026-06-01", undefined],
    ["never GMT", undefined],
    ["Mon, on the first of June GMT", undefined],
  ];
  for (const [header, ms] of headers) {
    it(`${JSON.stringify(header)} means ${ms} ms`, () => assert.equal(parseRetryAfter(header, NOW), ms));
  }
});

describe("RateLimit header", () => {
  const policy = '"fixed window";"api";q=500;w=300';
  const far = " ".repeat(1000);
  const limits: [limit: string | undefined, remaining: number | undefined, resetMs?: number][] = [
    [undefined, undefined],
    ['"api";r=12;t=55', 12, 55_000],
    ["r=0;t=0", 0, 0],
    ['"api";r=3', 3],
    ['"api";r=12;t=55, "pages";r=3;t=9', 3, 9000],
    ['"a";r=2;t=1, "b";r=2;t=9', 2, 9000],
    ['"a";r=2;t=9, "b";r=2;t=1', 2, 9000],
    ['"a";r=2, "b";r=2;t=1', 2, 1000],
    ['"a";r=2;t=1, "b";r=2', 2, 1000],
    ['"api";t=5', undefined],
    ['"api";rr=5', undefined],
    ['"api";err=0;t=55', undefined],
    ['"api";r=-1', undefined],
    [`${far}r=1`, undefined],
  ];
  for (const [ratelimit, remaining, resetMs] of limits) {
    it(`${JSON.stringify(ratelimit)?.slice(0, 60)} leaves ${remaining} requests`, () => {
      const limit = remaining === undefined ? undefined : { remaining, resetMs, quota: undefined };
      assert.deepEqual(parseRateLimit(ratelimit === undefined ? {} : { ratelimit }), limit);
    });
  }

  it("is combined with the quota of RateLimit-Policy, unless that entry is too far behind in its header", () => {
    const quota = (text: string) => parseRateLimit({ ratelimit: "r=1", "ratelimit-policy": text })?.quota;
    assert.equal(quota(policy), 500);
    assert.equal(quota(far + policy), undefined);
  });
});
