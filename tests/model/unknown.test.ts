import assert from "node:assert/strict";
import { unknownValue } from "@pulumi/pulumi/runtime";
import { containsUnknown, isUnknown, known, UNKNOWN } from "../../provider/src/model/unknown";

describe("unknown value", () => {
  it("is the engine's placeholder text", () => {
    assert.equal(UNKNOWN, unknownValue);
    assert.equal(isUnknown(UNKNOWN), true);
    assert.equal(isUnknown("x"), false);
    assert.equal(isUnknown([UNKNOWN]), false);
  });
  it("is found at any depth", () => {
    const unknown = [UNKNOWN, [UNKNOWN], ["x", [UNKNOWN]], { a: UNKNOWN }, { a: [{ b: UNKNOWN }] }];
    for (const value of unknown) assert.equal(containsUnknown(value), true, JSON.stringify(value));
    for (const value of ["x", null, undefined, 1, [], {}, ["x"], { a: "x" }]) {
      assert.equal(containsUnknown(value), false, JSON.stringify(value));
    }
  });
  it("makes the whole value unknown to rules", () => {
    for (const value of ["x", ["x"], false, undefined]) assert.deepEqual(known(value), value);
    for (const value of [UNKNOWN, ["x", UNKNOWN]]) assert.equal(known(value), undefined);
  });
});
