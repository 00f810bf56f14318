import assert from "node:assert/strict";
import { printableLine } from "../../provider/src/client/printable";

describe("a text from outside, as it is printed", () => {
  const cases: [what: string, text: string, shown: string][] = [
    ["letters of all scripts stay", "é 日本 😀 ok", "é 日本 😀 ok"],
    ["it has one line", "a\nb\r\nc", "a?b??c"],
    ["a command to the terminal is shown", "a\u001B[2Jb", "a?[2Jb"],
    ["the direction of writing stays", "a\u202Eb", "a?b"],
    ["separators of lines and paragraphs become visible", "a\u2028b\u2029c\u0085d", "a?b?c?d"],
    ["half a character becomes visible", "a\uD800", "a?"],
    ["what is not seen becomes visible", "\u200B::a", "?::a"],
    ["it begins with no command of GitHub", "::add-mask::a", ": :add-mask::a"],
    ["nor behind spaces", " \u00A0 ::stop::", ": :stop::"],
    ["a colon pair inside stays", "urn::pulumi::a", "urn::pulumi::a"],
    ["it holds no command of an older form", "a ##[add-mask]", "a # #[add-mask]"],
    ["nor one of Azure DevOps", "a ##vso[task]b", "a # #vso[task]b"],
    ["nor one of TeamCity", "##teamcity[x]", "# #teamcity[x]"],
    ["nor a nested one", "###[x] ####[y]", "## #[x] ### #[y]"],
    ["a heading stays", "## a [b]", "## a [b]"],
    ["the longest text is whole", "0123456789abcdef", "0123456789abcdef"],
    ["a longer text ends in a mark", "0123456789abcdefg", "0123456789abcdef…"],
  ];
  for (const [what, text, shown] of cases) {
    it(what, () => assert.equal(printableLine(text, 16), shown));
  }
});
