// Where the decision to try again turns, and what is read of headers that only nearly say something.
import assert from "node:assert/strict";
import {
  decideRetry,
  MAX_WAIT_MS,
  parseRateLimit,
  parseRetryAfter,
  spread,
} from "../../provider/src/client/retry";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const question = { repeatable: true, status: 503, attempt: 0, maxRetries: 5, now: NOW, random: 0 };

describe("edges of a retry", () => {
  it("the longest wait is granted, and nothing beyond it", () => {
    const wait = (seconds: number) =>
      decideRetry({ ...question, headers: { "retry-after": String(seconds) } });
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
  });
  it("a status without a kind has reached the Hub", () => {
    assert.equal(decideRetry({ ...question, repeatable: false }).reason, "may have been carried out");
    assert.equal(decideRetry(question).reason, "temporary failure");
  });
  it("the spread goes from a tenth of a second to a second", () => {
    assert.equal(spread(0), 100);
    assert.equal(spread(0.5), 550);
    assert.equal(spread(1), 1000);
  });
  const dates: [string | undefined, number | undefined][] = [
    [undefined, undefined],
    ["", undefined],
    ["  ", undefined],
    [" 5 ", 5000],
    ["0", 0],
    ["1234567890", undefined],
    ["-5", undefined],
    ["5 s", undefined],
    ["Thu, 01 Jan 2026 00:00:10 GMT", 10_000],
    ["Thu 01 Jan 2026 00:00:10 GMT", 10_000],
    ["Thu, 01 Jan 2026 00:00:10 GMT+5", undefined],
    ["1 Thu, 01 Jan 2026 00:00:10 GMT", undefined],
    ["Thu, 01 Jan 2025 00:00:00 GMT", 0],
    ["Thu, 01 Jan 2026 00:00:10", undefined],
  ];
  for (const [header, ms] of dates) {
    it(`Retry-After ${JSON.stringify(header)}`, () => assert.equal(parseRetryAfter(header, NOW), ms));
  }
  const limits: [Record<string, string>, ReturnType<typeof parseRateLimit>][] = [
    [{}, undefined],
    [{ ratelimit: '"api";r=3' }, { remaining: 3, resetMs: undefined, quota: undefined }],
    [{ ratelimit: '"a";r=5;t=1, "b";r=2;t=9' }, { remaining: 2, resetMs: 9000, quota: undefined }],
    [{ ratelimit: '"a";r=2;t=1, "b";r=2;t=9' }, { remaining: 2, resetMs: 9000, quota: undefined }],
    [{ ratelimit: '"a";r=2;t=9, "b";r=2;t=1' }, { remaining: 2, resetMs: 9000, quota: undefined }],
    [{ ratelimit: '"a";r=2, "b";r=2;t=1' }, { remaining: 2, resetMs: 1000, quota: undefined }],
    [{ ratelimit: '"a";r=2;t=1, "b";r=2' }, { remaining: 2, resetMs: 1000, quota: undefined }],
    [
      { ratelimit: "r=0;t=0", "ratelimit-policy": '"api";q=500;w=300' },
      { remaining: 0, resetMs: 0, quota: 500 },
    ],
    [{ ratelimit: '"api";t=5' }, undefined],
    [{ ratelimit: '"api";rr=5' }, undefined],
    // What stands far behind is not looked at.
    [{ ratelimit: `${" ".repeat(1000)}r=1` }, undefined],
    [
      { ratelimit: "r=1", "ratelimit-policy": `${" ".repeat(1000)}q=1` },
      { remaining: 1, resetMs: undefined, quota: undefined },
    ],
  ];
  for (const [headers, limit] of limits) {
    it(JSON.stringify(headers).slice(0, 80), () => assert.deepEqual(parseRateLimit(headers), limit));
  }
});
