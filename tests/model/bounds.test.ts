import assert from "node:assert/strict";
import { boundProblem, DEEPEST, WIDEST } from "../../provider/src/model/bounds";

describe("data of an argument", () => {
  const nested = (levels: number): unknown => (levels === 0 ? "x" : [nested(levels - 1)]);
  const wide = (parts: number): unknown => Array(parts).fill(0);
  const DEEP = `is nested more than ${DEEPEST} levels deep`;
  const WIDE = `has more than ${WIDEST} parts in one list or object`;

  const cases: [string, value: unknown, problem?: string][] = [
    ["may be null", null],
    ["may be a number", 1],
    ["may be a text of any length", "x".repeat(1_000_000)],
    ["may be empty", [[], {}]],
    ["may be nested", { a: [{ b: 1 }] }],
    ["may be as deep as the limit", nested(DEEPEST)],
    ["may be as wide as the limit", wide(WIDEST)],
    ["is refused if it is deeper", nested(DEEPEST + 1), DEEP],
    ["is refused if a part is deeper", { a: ["x", nested(DEEPEST)] }, DEEP],
    ["is refused if it is wider", wide(WIDEST + 1), WIDE],
    ["is refused if a part is wider", { a: [1, wide(WIDEST + 1)] }, WIDE],
  ];
  for (const [name, value, problem] of cases) {
    it(name, () => assert.equal(boundProblem(value), problem));
  }
});
