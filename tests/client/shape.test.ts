import assert from "node:assert/strict";
import { dayExists } from "../../provider/src/client/shape";

describe("calendar date", () => {
  for (const [text, exists] of [
    ["2026-01-31", true],
    ["2028-02-29T12:00:00+02:00", true],
    ["2027-02-29", false],
    ["2026-02-31T00:00:00Z", false],
    ["2026-04-31", false],
    ["2026-13-01", false],
    ["2026-01-00", false],
    ["soon", false],
    ["", false],
  ] as const) {
    it(`${JSON.stringify(text)} ${exists ? "exists" : "does not exist"}`, () =>
      assert.equal(dayExists(text), exists));
  }
});
