import assert from "node:assert/strict";
import { object, string } from "../../provider/src/client/shape";
import { readState, writtenState } from "../../provider/src/model/state";

const kept = { type: "Thing", stateVersion: 2, stateReader: object({ name: string }) };

describe("the state of a resource", () => {
  it("is written with the version of its form, and read without it", () => {
    const written = writtenState(kept, { name: "a" });
    assert.deepEqual(written, { name: "a", stateVersion: 2 });
    assert.deepEqual(readState(kept, written), { name: "a" });
    assert.deepEqual(readState(kept, { name: "a" }), { name: "a" }, "no version means this one");
  });

  it("of an earlier version is migrated, if the resource has a migration, and then read", () => {
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
    ["with half a version", { stateVersion: 1.5 }, /stateVersion should be a whole number/],
    [
      "with a property of the wrong kind",
      { name: 1 },
      /^The state of this Thing is damaged: name should be a string, but is a number\./,
    ],
    [
      "that is too large to be looked at",
      { name: "a", other: Array(10_001).fill(0) },
      /is damaged: has more than 10000 parts/,
    ],
  ];
  for (const [what, state, message] of refused) {
    it(`${what} is refused`, () =>
      assert.throws(() => readState(kept, state), { name: "LifecycleError", message }));
  }

  it("is refused for nothing else: another error of its reader is an error of this library", () => {
    const stateReader = () => {
      throw new TypeError("a defect");
    };
    assert.throws(() => readState({ ...kept, stateReader }, {}), { name: "TypeError" });
    assert.deepEqual(readState({ type: "Thing", stateVersion: 2 }, { any: 1 }), { any: 1 });
  });
});
