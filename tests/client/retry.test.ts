import assert from "node:assert/strict";
import {
  decideRetry,
  type FailureKind,
  MAX_WAIT_MS,
  parseRateLimit,
  parseRetryAfter,
  type RetryQuestion,
} from "../../provider/src/client/retry";

const NOW = Date.parse("2026-06-01T12:00:00Z");

function ask(question: Partial<RetryQuestion>): ReturnType<typeof decideRetry> {
  return decideRetry({ repeatable: true, attempt: 0, maxRetries: 5, now: NOW, random: 0, ...question });
}

describe("the decision to send a request again", () => {
  const statuses: [status: number, repeatable: boolean, retry: boolean, reason: string][] = [
    [400, true, false, "not temporary"],
    [401, true, false, "not temporary"],
    [402, true, false, "not temporary"],
    [403, true, false, "not temporary"],
    [404, true, false, "not temporary"],
    [409, true, false, "not temporary"],
    [422, true, false, "not temporary"],
    [501, true, false, "not temporary"],
    [408, true, true, "temporary failure"],
    [429, true, true, "rate limited"],
    [500, true, true, "temporary failure"],
    [502, true, true, "temporary failure"],
    [503, true, true, "temporary failure"],
    [504, true, true, "temporary failure"],
    [408, false, false, "may have been carried out"],
    [429, false, true, "rate limited"],
    [500, false, false, "may have been carried out"],
    [502, false, false, "may have been carried out"],
    [503, false, false, "may have been carried out"],
    [504, false, false, "may have been carried out"],
    [400, false, false, "not temporary"],
  ];
  for (const [status, repeatable, retry, reason] of statuses) {
    it(`${status} to a ${repeatable ? "repeatable request" : "creation"}: ${reason}`, () => {
      const decision = ask({ status, repeatable });
      assert.equal(decision.retry, retry);
      assert.equal(decision.reason, reason);
    });
  }

  const kinds: [kind: FailureKind, repeatable: boolean, retry: boolean, reason: string][] = [
    ["refused", true, true, "never reached the Hub"],
    ["dns", true, true, "never reached the Hub"],
    ["unreachable", true, true, "never reached the Hub"],
    ["connect_timeout", true, true, "never reached the Hub"],
    ["timeout", true, true, "temporary failure"],
    ["reset", true, true, "temporary failure"],
    ["tls", true, false, "not temporary"],
    ["aborted", true, false, "not temporary"],
    ["refused", false, true, "never reached the Hub"],
    ["dns", false, true, "never reached the Hub"],
    ["unreachable", false, true, "never reached the Hub"],
    ["connect_timeout", false, true, "never reached the Hub"],
    ["timeout", false, false, "may have been carried out"],
    ["reset", false, false, "may have been carried out"],
    ["tls", false, false, "not temporary"],
    ["aborted", false, false, "not temporary"],
  ];
  for (const [kind, repeatable, retry, reason] of kinds) {
    it(`${kind} of a ${repeatable ? "repeatable request" : "creation"}: ${reason}`, () => {
      const decision = ask({ kind, repeatable });
      assert.equal(decision.retry, retry);
      assert.equal(decision.reason, reason);
    });
  }

  it("doubles the wait from 1 s to 8 s", () => {
    const waits = [0, 1, 2, 3, 4, 40].map((attempt) => ask({ status: 503, attempt, maxRetries: 99 }).delayMs);
    assert.deepEqual(waits, [1000, 2000, 4000, 8000, 8000, 8000]);
  });

  it("spreads the wait by at most a quarter", () => {
    assert.equal(ask({ status: 503, random: 1 }).delayMs, 750);
  });

  it("stops after the allowed number of tries", () => {
    assert.equal(ask({ status: 503, attempt: 4 }).retry, true);
    assert.deepEqual(ask({ status: 503, attempt: 5 }), {
      retry: false,
      delayMs: 8000,
      reason: "no tries left",
    });
    assert.equal(ask({ status: 503, attempt: 0, maxRetries: 0 }).reason, "no tries left");
  });

  const headers: [name: string, headers: Record<string, string>, delayMs: number][] = [
    ["RateLimit with r=0", { ratelimit: '"api";r=0;t=55' }, 55_100],
    ["RateLimit with requests left", { ratelimit: '"api";r=3;t=55' }, 1000],
    ["Retry-After in seconds", { "retry-after": "7" }, 7100],
    ["Retry-After as a date", { "retry-after": "Mon, 01 Jun 2026 12:00:30 GMT" }, 30_100],
    ["Retry-After in the past", { "retry-after": "Mon, 01 Jun 2026 11:00:00 GMT" }, 100],
    ["both: the longer one", { "retry-after": "7", ratelimit: '"api";r=0;t=9' }, 9100],
    ["no header", {}, 1000],
    ["nonsense", { "retry-after": "soon", ratelimit: "x" }, 1000],
  ];
  for (const [name, given, delayMs] of headers) {
    it(`waits after 429 as long as the Hub says: ${name}`, () => {
      assert.equal(ask({ status: 429, headers: given }).delayMs, delayMs);
    });
  }

  it("obeys Retry-After of other statuses where it is longer", () => {
    assert.equal(ask({ status: 503, headers: { "retry-after": "20" } }).delayMs, 20_000);
    assert.equal(ask({ status: 503, headers: { "retry-after": "0" } }).delayMs, 1000);
  });

  it("waits a whole window, but not longer", () => {
    assert.equal(ask({ status: 429, headers: { "retry-after": "300" } }).retry, true);
    const decision = ask({ status: 429, headers: { "retry-after": "3600" } });
    assert.equal(decision.retry, false);
    assert.equal(decision.reason, "wait too long");
    assert.ok(decision.delayMs > MAX_WAIT_MS);
  });
});

describe("Retry-After", () => {
  for (const [text, ms] of [
    ["0", 0],
    ["120", 120_000],
    [" 5 ", 5000],
    ["Mon, 01 Jun 2026 12:01:00 GMT", 60_000],
    ["", undefined],
    ["-5", undefined],
    ["1.5", undefined],
    ["1e9", undefined],
    ["99999999999999", undefined],
    ["2026-06-01", undefined],
    ["never GMT", undefined],
    [undefined, undefined],
  ] as const) {
    it(`${JSON.stringify(text)} means ${ms}`, () => assert.equal(parseRetryAfter(text, NOW), ms));
  }
});

describe("RateLimit", () => {
  it("is read with its policy", () => {
    assert.deepEqual(
      parseRateLimit({
        ratelimit: '"api";r=12;t=55',
        "ratelimit-policy": '"fixed window";"api";q=500;w=300',
      }),
      { remaining: 12, resetMs: 55_000, quota: 500 },
    );
  });

  it("takes the tightest of several", () => {
    assert.equal(parseRateLimit({ ratelimit: '"api";r=12;t=55, "pages";r=3;t=9' })?.resetMs, 9000);
  });

  it("does not take a part of a name for a parameter", () => {
    assert.equal(parseRateLimit({ ratelimit: '"api";err=0;t=55' }), undefined);
    assert.equal(parseRateLimit({ ratelimit: '"api";r=-1' }), undefined);
    assert.equal(parseRateLimit({}), undefined);
  });
});
