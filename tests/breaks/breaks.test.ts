// Checks that the breaks fit the code. `npm run breaks` runs them.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { BREAKS, brokenLine, guardedLines, ITEMS } from "./breaks";

const root = join(__dirname, "..", "..");

describe("list of deliberate breaks", () => {
  const guarded = guardedLines(root);

  for (const each of BREAKS) {
    it(`${each.item}: ${each.property}`, () => {
      const lines = guarded.get(each.guard) ?? [];
      assert.equal(lines.length, 1, `the code should have this comment once: // guard: ${each.guard}`);
      assert.ok(
        brokenLine(each, lines[0]!.line),
        `the line should contain this text once: ${each.from}\n${lines[0]!.line}`,
      );
      assert.ok(existsSync(join(root, "tests", `${each.test}.test.ts`)), each.test);
    });
  }

  it("covers each line that a comment names as a guard", () => {
    const broken = BREAKS.map(({ guard }) => guard);
    assert.deepEqual(
      [...guarded.keys()].filter((name) => !broken.includes(name)),
      [],
    );
  });

  it("has at least three properties of each kind", () => {
    for (const item of ITEMS) assert.ok(BREAKS.filter((each) => each.item === item).length >= 3, item);
  });
});
