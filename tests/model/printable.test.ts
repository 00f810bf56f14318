import assert from "node:assert/strict";
import { printable, printableLine } from "../../provider/src/model/printable";

describe("printable text", () => {
  const cases: [string, text: string, longest: number, expected: string][] = [
    ["keeps letters of all scripts and line breaks", "é 日本\n😀 ok", 100, "é 日本\n😀 ok"],
    ["replaces what could steer a terminal", "a\u001B[2J\u202Eb\u2028c\uD800", 100, "a?[2J?b?c?"],
    ["is shortened with an ellipsis", "abcdef", 3, "abc…"],
    ["may have exactly the maximal length", "abc", 3, "abc"],
  ];
  for (const [name, text, longest, expected] of cases) {
    it(name, () => assert.equal(printable(text, longest), expected));
  }
  it("has no line breaks inside a sentence", () => assert.equal(printableLine("a\nb\n", 100), "a?b?"));
});
