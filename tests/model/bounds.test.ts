import assert from "node:assert/strict";
import { boundProblem, MAX_DEPTH, MAX_PARTS } from "../../provider/src/model/bounds";

describe("limits of an argument's data", () => {
  const nested = (levels: number): unknown => (levels === 0 ? "x" : [nested(levels - 1)]);
  const wide = (parts: number): unknown => Array(parts).fill(0);
  const DEEP = `is nested more than ${MAX_DEPTH} levels deep`;
  const WIDE = `has more than ${MAX_PARTS} parts in one list or object`;

  const cases: [string, value: unknown, problem?: string][] = [
    ["accept null", null],
    ["accept a number", 1],
    ["accept a text of any length", "x".repeat(1_000_000)],
    ["accept empty lists and objects", [[], {}]],
    ["accept nested data", { a: [{ b: 1 }] }],
    ["accept data at the maximum depth", nested(MAX_DEPTH)],
    ["accept data at the maximum width", wide(MAX_PARTS)],
    ["refuse data that is too deep", nested(MAX_DEPTH + 1), DEEP],
    ["refuse a part that is too deep", { a: ["x", nested(MAX_DEPTH)] }, DEEP],
    ["refuse data that is too wide", wide(MAX_PARTS + 1), WIDE],
    ["refuse a part that is too wide", { a: [1, wide(MAX_PARTS + 1)] }, WIDE],
  ];
  for (const [name, value, problem] of cases) {
    it(name, () => assert.equal(boundProblem(value), problem));
  }
});
