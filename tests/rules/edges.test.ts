// Where the decisions about rotation turn, to the millisecond.
import assert from "node:assert/strict";
import { splitMark } from "../../provider/src/rules/mark";
import { narrowed, undoneParts } from "../../provider/src/rules/permissions";
import { isPast, retirement, rotateAt } from "../../provider/src/rules/rotation";

const now = new Date("2026-01-10T00:00:00.000Z");
const before = (minutes: number, ms = 0): string =>
  new Date(now.getTime() - minutes * 60_000 - ms).toISOString();

describe("edges of a rotation", () => {
  it("an end that the Hub sets is no reason where no such rotation is asked for", () =>
    assert.equal(rotateAt({ createdAt: before(0), expiresAt: before(0), expiryDeclared: false }), undefined));
  it("no moment has never come; a moment comes on the millisecond", () => {
    assert.equal(isPast(undefined, now), false);
    assert.equal(isPast(before(0), now), true);
    assert.equal(isPast(new Date(now.getTime() + 1).toISOString(), now), false);
  });
  it("an overlap is over on the millisecond", () => {
    assert.deepEqual(retirement({ supersededAt: before(60) }, 1, 0, now), { verdict: "revoke" });
    assert.deepEqual(retirement({ supersededAt: before(60, -1) }, 1, 0, now), {
      verdict: "overlap",
      until: new Date(now.getTime() + 1).toISOString(),
    });
  });
  it("idleness is asked for in whole minutes, and not where it is nought or nothing is known of a use", () => {
    const judge = (idleMinutes: number, lastUsedAt?: string | null) =>
      retirement({ supersededAt: before(600), lastUsedAt }, 1, idleMinutes, now);
    assert.deepEqual(judge(60, before(60)), { verdict: "revoke" });
    assert.deepEqual(judge(60, before(60, -1)), { verdict: "in use", minutesAgo: 59 });
    assert.deepEqual(judge(0, before(0)), { verdict: "revoke" });
    assert.deepEqual(judge(60, null), { verdict: "revoke" });
    assert.deepEqual(judge(60), { verdict: "revoke" });
    // The Hub's clock may be ahead of ours.
    assert.deepEqual(judge(60, before(-5)), { verdict: "in use", minutesAgo: 0 });
    assert.deepEqual(judge(0, before(-5)), { verdict: "revoke" });
  });
});

describe("edges of a mark", () => {
  it("a name without one is all text", () => assert.deepEqual(splitMark("ci"), { text: "ci" }));
});

describe("edges of what a token can do", () => {
  const reach = (changes: object) => ({
    permissions: [],
    repoPermissions: [],
    repoIds: [],
    endpointPatterns: [],
    skipNetworkSecurity: false,
    ...changes,
  });

  it("a pattern that the program has only just added takes nothing back", () => {
    const wanted = reach({ endpointPatterns: ["a", "new"] });
    const had = reach({ endpointPatterns: ["a"] });
    assert.deepEqual(undoneParts(wanted, had, had), []);
    assert.deepEqual(undoneParts(wanted, reach({ endpointPatterns: ["new"] }), had), ["endpointPatterns"]);
  });
  it("network rules are skipped where both allow it, and only there", () => {
    const skips = reach({ skipNetworkSecurity: true });
    assert.equal(narrowed(skips, skips).skipNetworkSecurity, true);
    assert.equal(narrowed(skips, reach({})).skipNetworkSecurity, false);
    assert.equal(narrowed(reach({}), skips).skipNetworkSecurity, false);
  });
});
