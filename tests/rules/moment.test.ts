import assert from "node:assert/strict";
import { momentOf, secondOf } from "../../provider/src/rules/moment";

describe("time in an answer of the Hub", () => {
  for (const [text, moment] of [
    ["2026-07-01T10:00:00.000Z", "2026-07-01T10:00:00.000Z"],
    ["2026-07-01T10:00:00Z", "2026-07-01T10:00:00.000Z"],
    ["2026-07-01T10:00:00+02:00", "2026-07-01T08:00:00.000Z"],
    ["2026-07-01T10:00:00-0530", "2026-07-01T15:30:00.000Z"],
    // Without a zone, the time depends on the machine.
    ["2026-07-01T10:00:00", undefined],
    ["2026-07-01 10:00", undefined],
    ["2026-07-01", undefined],
    // JavaScript cannot parse these.
    ["2026-07-01T10:00:00+02", undefined],
    ["2026-13-01T10:00:00Z", undefined],
    ["Thu Jan 01 2026 00:00:00 GMT+0000", undefined],
    ["yesterday", undefined],
    ["", undefined],
  ] as const) {
    it(`${JSON.stringify(text)} ${moment ? `is ${moment}` : "is ignored"}`, () =>
      assert.equal(momentOf(text), moment));
  }

  it("is cut to the second, in UTC, whatever its fraction and zone; other text stays unchanged", () => {
    for (const text of ["2026-07-01T10:00:00.987Z", "2026-07-01T10:00:00Z", "2026-07-01T12:00:00+02:00"])
      assert.equal(secondOf(text), "2026-07-01T10:00:00Z");
    assert.equal(secondOf("yesterday"), "yesterday");
  });
});
