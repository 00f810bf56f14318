import assert from "node:assert/strict";
import { isPast, retirement, type Retirement, rotateAt } from "../../provider/src/rules/rotation";

const NOW = "2026-01-10T00:00:00.000Z";
/** The time this many minutes and milliseconds before now. */
const ago = (minutes: number, ms = 0): string =>
  new Date(Date.parse(NOW) - minutes * 60_000 - ms).toISOString();

describe("rotation", () => {
  const END = "2026-02-01T00:00:00Z";
  const due: [string, Omit<Parameters<typeof rotateAt>[0], "createdAt">, string | undefined][] = [
    ["is never due if nothing asks for it", { expiryDeclared: false }, undefined],
    ["is never due because of an expiry alone", { expiresAt: END, expiryDeclared: false }, undefined],
    [
      "is due at the declared age",
      { rotateEveryDays: 30, expiryDeclared: false },
      "2026-01-31T00:00:00.000Z",
    ],
    [
      "is due the declared number of days before an expiry that the Hub sets",
      { rotateBeforeDays: 10, expiresAt: END, expiryDeclared: false },
      "2026-01-22T00:00:00.000Z",
    ],
    [
      "is not due before a declared expiry, because a successor would share it",
      { rotateBeforeDays: 10, expiresAt: END, expiryDeclared: true },
      undefined,
    ],
    [
      "is due at the earlier of two dates",
      { rotateEveryDays: 5, rotateBeforeDays: 10, expiresAt: END, expiryDeclared: false },
      "2026-01-06T00:00:00.000Z",
    ],
    [
      "is not due before an expiry if the token has none",
      { rotateBeforeDays: 10, expiryDeclared: false },
      undefined,
    ],
  ];
  for (const [name, schedule, expected] of due) {
    it(name, () => assert.equal(rotateAt({ createdAt: "2026-01-01T00:00:00.000Z", ...schedule }), expected));
  }

  it("is due from that exact millisecond", () => {
    assert.equal(isPast(NOW, new Date(NOW)), true);
    assert.equal(isPast(ago(0, -1), new Date(NOW)), false);
    assert.equal(isPast(undefined, new Date(NOW)), false);
  });
});

describe("predecessor of a rotated token", () => {
  const REVOKE: Retirement = { verdict: "revoke" };
  const inUse = (minutesAgo: number): Retirement => ({ verdict: "in use", minutesAgo });
  // Title, time of the replacement, last use, idle minutes, result. The overlap is two hours.
  const cases: [string, superseded: string, used: string | null | undefined, idle: number, Retirement][] = [
    ["stays during the overlap, used or not", ago(119), ago(119), 0, { verdict: "overlap", until: ago(-1) }],
    [
      "stays until the last millisecond of the overlap",
      ago(120, -1),
      null,
      60,
      { verdict: "overlap", until: ago(0, -1) },
    ],
    ["is revoked as soon as the overlap ends, if it was never used", ago(120), null, 60, REVOKE],
    ["is revoked after the overlap if its use is unknown", ago(120), undefined, 60, REVOKE],
    ["stays while it is in use", ago(600), ago(30), 60, inUse(30)],
    ["stays until it has been idle for the full time", ago(600), ago(60, -1), 60, inUse(59)],
    ["is revoked once it has been idle for the full time", ago(600), ago(60), 60, REVOKE],
    ["is revoked although in use if no idle time is required", ago(600), ago(0), 0, REVOKE],
    ["counts as used now if the Hub's clock is ahead", ago(600), ago(-5), 60, inUse(0)],
    ["is revoked if the Hub's clock is ahead and no idle time is required", ago(600), ago(-5), 0, REVOKE],
  ];
  for (const [name, supersededAt, lastUsedAt, idleMinutes, expected] of cases) {
    it(name, () =>
      assert.deepEqual(retirement({ supersededAt, lastUsedAt }, 2, idleMinutes, new Date(NOW)), expected),
    );
  }
});
