// Whether the breaks still fit the code. They are made by `npm run breaks`.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BREAKS, ITEMS } from "./breaks";

const root = join(__dirname, "..", "..");

describe("what is broken on purpose", () => {
  for (const { item, property, file, from, to, test } of BREAKS) {
    it(`${item}: ${property}`, () => {
      const source = readFileSync(join(root, "provider", "src", file), "utf8");
      assert.equal(source.split(from).length - 1, 1, `${file} should hold this once: ${from}`);
      assert.notEqual(from, to);
      assert.ok(existsSync(join(root, "tests", `${test}.test.ts`)), test);
    });
  }

  it("is three properties at least of each kind", () => {
    for (const item of ITEMS) assert.ok(BREAKS.filter((each) => each.item === item).length >= 3, item);
  });
});
