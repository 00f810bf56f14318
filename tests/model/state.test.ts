import assert from "node:assert/strict";
import { object, string } from "../../provider/src/client/shape";
import { readState, writtenState } from "../../provider/src/model/state";

const kept = { type: "Thing", stateVersion: 2, stateReader: object({ name: string }) };

describe("state of a resource", () => {
  it("is written with its version, and read without it", () => {
    const written = writtenState(kept, { name: "a" });
    assert.deepEqual(written, { name: "a", stateVersion: 2 });
    assert.deepEqual(readState(kept, written), { name: "a" });
    assert.deepEqual(readState(kept, { name: "a" }), { name: "a" }, "no version means the current one");
  });

  it("of an earlier version is read after the migration that the resource may have", () => {
    const migrate = (outputs: object, version: number) => ({ ...outputs, name: `from ${version}` });
    assert.deepEqual(readState({ ...kept, migrate }, { stateVersion: 1 }), { name: "from 1" });
    assert.deepEqual(readState({ ...kept, migrate }, { name: "a", stateVersion: 2 }), { name: "a" });
    assert.deepEqual(readState(kept, { name: "a", stateVersion: 1 }), { name: "a" });
  });

  const refused: [what: string, state: Record<string, unknown>, message: RegExp][] = [
    [
      "of a later version",
      { name: "a", stateVersion: 3 },
      /^The state of this Thing was written by a newer release .*\(state version 3, this release supports 2\)/,
    ],
    [
      "with a version that is not a number",
      { stateVersion: "2" },
      /^The state of this Thing is damaged: stateVersion should be a whole number\. Nothing was changed\./,
    ],
    ["with a fractional version", { stateVersion: 1.5 }, /stateVersion should be a whole number/],
    [
      "with a property of the wrong kind",
      { name: 1 },
      /^The state of this Thing is damaged: name should be a string, but is a number\./,
    ],
    [
      "that is too large",
      { name: "a", other: Array(10_001).fill(0) },
      /is damaged: has more than 10000 parts/,
    ],
  ];
  for (const [what, state, message] of refused) {
    it(`${what} is refused`, () =>
      assert.throws(() => readState(kept, state), { name: "LifecycleError", message }));
  }

  it("is not called damaged if its reader fails with another error", () => {
    const stateReader = () => {
      throw new TypeError("a defect");
    };
    assert.throws(() => readState({ ...kept, stateReader }, {}), { name: "TypeError" });
    assert.deepEqual(readState({ type: "Thing", stateVersion: 2 }, { any: 1 }), { any: 1 });
  });
});
