import assert from "node:assert/strict";
import { printableLine } from "../../provider/src/client/printable";

describe("printed text from outside", () => {
  const cases: [what: string, text: string, shown: string][] = [
    ["keeps letters of all scripts", "é 日本 😀 ok", "é 日本 😀 ok"],
    ["is one line", "a\nb\r\nc", "a?b??c"],
    ["shows a command to the terminal", "a\u001B[2Jb", "a?[2Jb"],
    ["shows a mark that changes the direction of writing", "a\u202Eb", "a?b"],
    ["shows separators of lines and paragraphs", "a\u2028b\u2029c\u0085d", "a?b?c?d"],
    ["shows half a surrogate pair", "a\uD800", "a?"],
    ["shows invisible characters", "\u200B::a", "?::a"],
    ["does not start with a command of GitHub", "::add-mask::a", ": :add-mask::a"],
    ["does not start with such a command after spaces", " \u00A0 ::stop::", ": :stop::"],
    ["keeps two colons inside a text", "urn::pulumi::a", "urn::pulumi::a"],
    ["contains no GitHub command of the older form", "a ##[add-mask]", "a # #[add-mask]"],
    ["contains no command of Azure DevOps", "a ##vso[task]b", "a # #vso[task]b"],
    ["contains no command of TeamCity", "##teamcity[x]", "# #teamcity[x]"],
    ["contains no nested command", "###[x] ####[y]", "## #[x] ### #[y]"],
    ["keeps a heading", "## a [b]", "## a [b]"],
    ["keeps a text of the maximum length whole", "0123456789abcdef", "0123456789abcdef"],
    ["marks the end of a shortened text", "0123456789abcdefg", "0123456789abcdef…"],
  ];
  for (const [what, text, shown] of cases) {
    it(what, () => assert.equal(printableLine(text, 16), shown));
  }
});
