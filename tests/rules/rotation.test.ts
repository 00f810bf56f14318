import assert from "node:assert/strict";
import { isPast, retirement, rotateAt } from "../../provider/src/rules/rotation";

const CREATED = "2026-01-01T00:00:00.000Z";

describe("rotation: when a successor falls due", () => {
  const cases: [string, Parameters<typeof rotateAt>[0], string | undefined][] = [
    ["never, where nothing asks for it", { createdAt: CREATED, expiryDeclared: false }, undefined],
    [
      "at the age that is declared",
      { createdAt: CREATED, rotateEveryDays: 30, expiryDeclared: false },
      "2026-01-31T00:00:00.000Z",
    ],
    [
      "before an end that the Hub has set",
      { createdAt: CREATED, rotateBeforeDays: 10, expiresAt: "2026-02-01T00:00:00Z", expiryDeclared: false },
      "2026-01-22T00:00:00.000Z",
    ],
    [
      "not before an end that was declared: a successor would end with it",
      { createdAt: CREATED, rotateBeforeDays: 10, expiresAt: "2026-02-01T00:00:00Z", expiryDeclared: true },
      undefined,
    ],
    [
      "at the earlier of two moments",
      {
        createdAt: CREATED,
        rotateEveryDays: 5,
        rotateBeforeDays: 10,
        expiresAt: "2026-02-01T00:00:00Z",
        expiryDeclared: false,
      },
      "2026-01-06T00:00:00.000Z",
    ],
    [
      "days before the end ask nothing of a token without an end",
      { createdAt: CREATED, rotateBeforeDays: 10, expiryDeclared: false },
      undefined,
    ],
  ];
  for (const [name, schedule, expected] of cases) {
    it(name, () => assert.equal(rotateAt(schedule), expected));
  }

  it("counts the very moment as due", () => {
    assert.equal(isPast(CREATED, new Date(CREATED)), true);
    assert.equal(isPast(CREATED, new Date(Date.parse(CREATED) - 1)), false);
    assert.equal(isPast(undefined, new Date(CREATED)), false);
  });
});

describe("rotation: when a predecessor is revoked", () => {
  const supersededAt = "2026-01-01T00:00:00.000Z";
  const hoursLater = (hours: number): Date => new Date(Date.parse(supersededAt) + hours * 3_600_000);

  it("not within the overlap, used or not", () => {
    assert.deepEqual(retirement({ supersededAt }, 24, 60, hoursLater(23.9)), {
      verdict: "overlap",
      until: "2026-01-02T00:00:00.000Z",
    });
    assert.equal(retirement({ supersededAt }, 24, 0, hoursLater(23.9)).verdict, "overlap");
  });
  it("after the overlap, if it was never used", () => {
    assert.equal(retirement({ supersededAt }, 24, 60, hoursLater(24)).verdict, "revoke");
    assert.equal(retirement({ supersededAt, lastUsedAt: null }, 24, 60, hoursLater(24)).verdict, "revoke");
  });
  it("not while it is in use, and says how long ago", () => {
    const lastUsedAt = hoursLater(24.5).toISOString();
    assert.deepEqual(retirement({ supersededAt, lastUsedAt }, 24, 60, hoursLater(25)), {
      verdict: "in use",
      minutesAgo: 30,
    });
  });
  it("once it has been idle for just long enough", () => {
    const lastUsedAt = hoursLater(24).toISOString();
    assert.equal(retirement({ supersededAt, lastUsedAt }, 24, 60, hoursLater(25)).verdict, "revoke");
  });
  it("although just used, where 0 idle minutes are asked", () => {
    const lastUsedAt = hoursLater(25).toISOString();
    assert.equal(retirement({ supersededAt, lastUsedAt }, 24, 0, hoursLater(25)).verdict, "revoke");
  });
  it("a use that the Hub's clock puts in the future counts as now", () => {
    const lastUsedAt = hoursLater(26).toISOString();
    assert.deepEqual(retirement({ supersededAt, lastUsedAt }, 24, 60, hoursLater(25)), {
      verdict: "in use",
      minutesAgo: 0,
    });
  });
});
