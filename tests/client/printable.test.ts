import assert from "node:assert/strict";
import { printable, printableLine } from "../../provider/src/client/printable";

describe("a text from outside, as it is shown in a terminal", () => {
  const cases: [what: string, text: string, shown: string, line?: string][] = [
    ["letters of all scripts stay", "é 日本 😀 ok", "é 日本 😀 ok"],
    ["a line end stays, except in one line", "a\nb", "a\nb", "a?b"],
    ["a command to the terminal is shown", "a\u001B[2Jb", "a?[2Jb"],
    ["the direction of writing stays", "a\u202Eb", "a?b"],
    ["separators of lines and paragraphs become visible", "a\u2028b\u2029c", "a?b?c"],
    ["half a character becomes visible", "a\uD800", "a?"],
    ["the longest text is whole", "0123456789", "0123456789"],
    ["a longer text ends in a mark", "0123456789a", "0123456789…"],
  ];
  for (const [what, text, shown, line = shown] of cases) {
    it(what, () => {
      assert.equal(printable(text, 10), shown);
      assert.equal(printableLine(text, 10), line);
    });
  }
});
