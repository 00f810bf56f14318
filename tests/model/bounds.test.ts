import assert from "node:assert/strict";
import { boundProblem, MAX_DEPTH, MAX_PARTS } from "../../provider/src/model/bounds";

describe("data of an argument", () => {
  const nested = (levels: number): unknown => (levels === 0 ? "x" : [nested(levels - 1)]);
  const wide = (parts: number): unknown => Array(parts).fill(0);
  const DEEP = `is nested more than ${MAX_DEPTH} levels deep`;
  const WIDE = `has more than ${MAX_PARTS} parts in one list or object`;

  const cases: [string, value: unknown, problem?: string][] = [
    ["may be null", null],
    ["may be a number", 1],
    ["may be a text of any length", "x".repeat(1_000_000)],
    ["may be empty", [[], {}]],
    ["may be nested", { a: [{ b: 1 }] }],
    ["may be as deep as the limit", nested(MAX_DEPTH)],
    ["may be as wide as the limit", wide(MAX_PARTS)],
    ["is refused if it is deeper", nested(MAX_DEPTH + 1), DEEP],
    ["is refused if a part is deeper", { a: ["x", nested(MAX_DEPTH)] }, DEEP],
    ["is refused if it is wider", wide(MAX_PARTS + 1), WIDE],
    ["is refused if a part is wider", { a: [1, wide(MAX_PARTS + 1)] }, WIDE],
  ];
  for (const [name, value, problem] of cases) {
    it(name, () => assert.equal(boundProblem(value), problem));
  }
});
