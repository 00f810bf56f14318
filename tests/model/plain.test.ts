import assert from "node:assert/strict";
import { boundProblem, DEEPEST, WIDEST } from "../../provider/src/model/bounds";
import { changedProperties, diffOf } from "../../provider/src/model/diff";
import { sameData, sameSet, withoutUndefined } from "../../provider/src/model/plain";
import { containsUnknown, isUnknown, known, UNKNOWN } from "../../provider/src/model/unknown";

const nested = (levels: number): unknown => {
  let value: unknown = "x";
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
};

describe("plain data", () => {
  it("loses what is undefined, at any depth, and nothing else", () => {
    assert.deepEqual(
      withoutUndefined({ a: undefined, b: null, c: [1, undefined, { d: undefined, e: 0 }], f: "" }),
      {
        b: null,
        c: [1, { e: 0 }],
        f: "",
      },
    );
    assert.deepEqual(Object.keys(withoutUndefined({ a: undefined })), []);
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
    it(`${JSON.stringify(left)} and ${JSON.stringify(right)} are ${same ? "the same" : "different"}`, () =>
      assert.equal(sameData(left, right), same));
  }

  it("as sets has neither order nor repetition", () => {
    assert.equal(sameSet(["b", "a", "a"], ["a", "b"]), true);
    assert.equal(sameSet(["a"], ["a", "b"]), false);
    assert.equal(sameSet(["a", "b"], ["b", "a"]), true);
    assert.equal(sameSet(undefined, []), true);
    assert.equal(sameSet([], undefined), true);
    assert.equal(sameSet(["a"], undefined), false);
    assert.equal(sameSet(undefined, ["a"]), false);
  });
});

describe("what is not known yet", () => {
  it("is one value, and whatever holds it", () => {
    assert.equal(isUnknown(UNKNOWN), true);
    assert.equal(isUnknown("x"), false);
    assert.equal(isUnknown([UNKNOWN]), false);
    for (const value of [
      UNKNOWN,
      [UNKNOWN],
      ["x", [UNKNOWN]],
      { a: UNKNOWN },
      { a: [{ b: UNKNOWN }] },
      ["x", UNKNOWN],
    ]) {
      assert.equal(containsUnknown(value), true, JSON.stringify(value));
    }
    for (const value of ["x", null, undefined, 1, [], {}, ["x"], { a: "x" }]) {
      assert.equal(containsUnknown(value), false, JSON.stringify(value));
    }
  });
  it("is left out of rules until it is known", () => {
    assert.equal(known("x"), "x");
    assert.deepEqual(known(["x"]), ["x"]);
    assert.equal(known(false), false);
    assert.equal(known(undefined), undefined);
    assert.equal(known(UNKNOWN), undefined);
    assert.equal(known(["x", UNKNOWN]), undefined);
  });
});

describe("bounds of data", () => {
  it("let through what a program writes", () => {
    for (const value of [
      "x".repeat(1_000_000),
      null,
      1,
      [],
      {},
      nested(DEEPEST),
      Array(WIDEST).fill(0),
      { a: [{ b: 1 }] },
    ]) {
      assert.equal(boundProblem(value), undefined);
    }
  });
  it("say what goes beyond them", () => {
    assert.equal(boundProblem(nested(DEEPEST + 1)), `is nested more than ${DEEPEST} levels deep`);
    assert.equal(boundProblem({ a: ["x", nested(DEEPEST)] }), `is nested more than ${DEEPEST} levels deep`);
    const wide = `has more than ${WIDEST} parts in one list or object`;
    assert.equal(boundProblem(Array(WIDEST + 1).fill(0)), wide);
    assert.equal(boundProblem({ a: [1, Array(WIDEST + 1).fill(0)] }), wide);
  });
});

describe("differences", () => {
  const definition = {
    schema: {
      type: "object",
      required: [],
      additionalProperties: false,
      properties: { owner: {}, name: {}, size: { default: 1 }, list: {} },
    },
    replaceOn: ["name"],
  } as unknown as Parameters<typeof changedProperties>[0] & { replaceOn: string[] };
  const changed = (state: object, inputs: object) => changedProperties(definition, state, inputs);

  it("are found by property; the owner is none, and a default counts as given", () => {
    assert.deepEqual(changed({ name: "a" }, { name: "b" }), ["name"]);
    assert.deepEqual(changed({ owner: "a" }, { owner: "b" }), []);
    assert.deepEqual(changed({ size: 1 }, {}), []);
    assert.deepEqual(changed({}, { size: 2 }), ["size"]);
    assert.deepEqual(changed({ list: [1], other: 1 }, { list: [1] }), []);
    assert.deepEqual(changed({ list: UNKNOWN }, { list: UNKNOWN }), ["list"]);
  });
  it("replace where the definition says so", () => {
    assert.deepEqual(diffOf(definition, []), { changes: false, replaces: [] });
    assert.deepEqual(diffOf(definition, ["size"]), { changes: true, replaces: [] });
    assert.deepEqual(diffOf(definition, ["size", "name"]), { changes: true, replaces: ["name"] });
  });
});
