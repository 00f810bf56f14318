import assert from "node:assert/strict";
import { HubClock } from "../../provider/src/client/hubClock";

const NOW = Date.parse("2026-11-20T08:00:00Z");
const HOUR = 3_600_000;

describe("Hub clock", () => {
  const clock = { now: () => NOW, random: () => 0, sleep: () => Promise.resolve() };
  /**
   * The estimate after answers that are ahead by these numbers of milliseconds, each with these headers and status.
   */
  const offset = (ahead: (number | string)[], { headers = {}, status = 200, took = 0 } = {}): number => {
    const hubClock = new HubClock(clock);
    for (const each of ahead) {
      const date = typeof each === "string" ? each : new Date(NOW + each).toUTCString();
      hubClock.note({ status, headers: { date, ...headers } }, NOW - took);
    }
    return hubClock.offset;
  };

  it("equals this machine's clock until an answer shows a difference of more than two seconds", () => {
    assert.equal(offset([]), 0);
    assert.equal(offset([1000]), 0);
    assert.equal(offset([-2000]), 0);
  });
  it("is known after the first answer with a date", () => {
    const hubClock = new HubClock(clock);
    hubClock.note({ status: 200, headers: {} }, NOW);
    assert.equal(hubClock.isKnown, false);
    hubClock.note({ status: 200, headers: { date: new Date(NOW).toUTCString() } }, NOW);
    assert.deepEqual([hubClock.isKnown, hubClock.offset], [true, 0]);
  });
  it("follows the difference that the answers show, to the second", () => {
    assert.equal(offset([48 * HOUR]), 48 * HOUR + 500);
    assert.equal(offset([-48 * HOUR]), -48 * HOUR + 500);
    assert.equal(
      offset([10_000], { took: 4000 }),
      12_500,
      "half of the time of a slow answer is counted as passed since its date",
    );
  });
  it("ignores a single odd answer, and follows a clock that was set", () => {
    assert.equal(offset([0, 0, 48 * HOUR, 0]), 0);
    assert.equal(offset([48 * HOUR, 48 * HOUR, 48 * HOUR, 0, 0, 0]), 0);
  });
  it("ignores dates from caches and gateways, and invalid dates", () => {
    assert.equal(offset([HOUR], { headers: { age: "3600" } }), 0);
    for (const status of [304, 401, 404, 407, 429, 502, 503, 504])
      assert.equal(offset([HOUR], { status }), 0);
    assert.equal(offset(["", "yesterday", "Thu, 01 Jan 1970 00:00:00 GMT"]), 0);
  });
  it("uses any successful answer", () => {
    for (const status of [200, 201, 204]) assert.equal(offset([HOUR], { status }), HOUR + 500);
  });
});
