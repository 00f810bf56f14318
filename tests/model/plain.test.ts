import assert from "node:assert/strict";
import { sameData, sameSet, withoutUndefined } from "../../provider/src/model/plain";
import { UNKNOWN } from "../../provider/src/model/unknown";

describe("plain data", () => {
  it("loses only undefined values, at any depth", () => {
    const data = { a: undefined, b: null, c: [1, undefined, { d: undefined, e: 0 }], f: "" };
    assert.deepEqual(withoutUndefined(data), { b: null, c: [1, { e: 0 }], f: "" });
    assert.equal(withoutUndefined(null), null);
    assert.equal(withoutUndefined("x"), "x");
  });

  const equal: [unknown, unknown, boolean][] = [
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: { c: 1, b: 2 } }, { a: { b: 2, c: 1 } }, true],
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [{ a: 1 }, { a: 2 }, false],
    [{ a: 1 }, { b: 1 }, false],
    [[1, 2], [2, 1], false],
    [[1, 2], { 0: 1, 1: 2 }, false],
    [[], {}, false],
    [null, undefined, false],
    [null, {}, false],
    [undefined, undefined, true],
    [1, "1", false],
    [UNKNOWN, UNKNOWN, false],
    [{ a: UNKNOWN }, { a: UNKNOWN }, false],
    ["x", [UNKNOWN], false],
    [[UNKNOWN], "x", false],
  ];
  for (const [left, right, same] of equal) {
    const named = (value: unknown): string => String(JSON.stringify(value)).replaceAll(UNKNOWN, "unknown");
    it(`${same ? "equates" : "distinguishes"} ${named(left)} and ${named(right)}`, () =>
      assert.equal(sameData(left, right), same));
  }

  it("compares sets without regard to order and duplicates", () => {
    const cases: [string[] | undefined, string[] | undefined, boolean][] = [
      [["b", "a", "a"], ["a", "b"], true],
      [["a", "b"], ["b", "a"], true],
      [["a"], ["a", "b"], false],
      [undefined, [], true],
      [[], undefined, true],
      [["a"], undefined, false],
      [undefined, ["a"], false],
    ];
    for (const [left, right, same] of cases) assert.equal(sameSet(left, right), same);
  });
});
