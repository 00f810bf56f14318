// Every message of the library is in a table, messages.txt, so that they can be read as a set. To write it again after a change:
//
//   UPDATE_MESSAGES=1 npm test -- tests/messages
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messagesOfSources, namesCure } from "./messages";

const TABLE = join(__dirname, "messages.txt");
const TROUBLESHOOTING = join(__dirname, "../../docs/troubleshooting.md");

/** One term for one thing. */
const TERMS: readonly { not: RegExp; instead: string }[] = [
  { not: /\bleft as it is\b/, instead: "left unchanged" },
  { not: /\b(?:the Hub|state|certificate|metadata|endpoint) holds\b/i, instead: "has, contains" },
  { not: /\bcannot be told\b/, instead: "it is unclear whether" },
  { not: /\bclient's secret\b/, instead: "client secret" },
  { not: /\bconfiguration before\b/, instead: "previous configuration" },
  { not: /\botherwise than\b/, instead: "different from" },
  { not: /\bbeside\b/, instead: "next to, together with" },
  { not: /\bmust not see\b/, instead: "may not see" },
  { not: /\btake .* out\b/, instead: "remove" },
  { not: /\bif it stays so\b/, instead: "if that does not help" },
  { not: /\bundo\b/, instead: "revert" },
  {
    not: /\b(?:repo|org|config)s?\b(?= (?:is|was|has)\b)/,
    instead: "repository, organization, configuration",
  },
];

const messages = messagesOfSources();
const table = [...new Set(messages.map(({ file }) => file))]
  .map((file) => {
    const texts = messages.filter((each) => each.file === file).map(({ text }) => `  ${text}\n`);
    return `${file}\n${texts.join("")}`;
  })
  .join("\n");

describe("messages of the library", () => {
  before(() => {
    if (process.env["UPDATE_MESSAGES"]) writeFileSync(TABLE, table);
  });

  it("are all in the table", () => {
    assert.equal(readFileSync(TABLE, "utf8"), table, "Run UPDATE_MESSAGES=1 npm test -- tests/messages.");
  });

  it("have one line each", () => {
    const others = messages.filter(({ text }) => /[\n\t]|\S {2,}\S/.test(text));
    assert.deepEqual(others, []);
  });

  it("use one term for one thing", () => {
    const others = messages.flatMap(({ text }) =>
      TERMS.filter(({ not }) => not.test(text)).map(({ instead }) => `${text} (write: ${instead})`),
    );
    assert.deepEqual(others, []);
  });

  it("are in docs/troubleshooting.md if they say what to do", () => {
    const help = readFileSync(TROUBLESHOOTING, "utf8");
    const cures = messages.filter(({ text }) => namesCure(text)).map(({ text }) => fixedPart(text));
    assert.ok(cures.length > 100);
    assert.deepEqual(
      cures.filter((cure) => !help.includes(cure)),
      [],
    );
  });

  it("are not in docs/troubleshooting.md if the library no longer has them", () => {
    const known = messages.map(({ text }) => text);
    const quoted = [...readFileSync(TROUBLESHOOTING, "utf8").matchAll(/^```text\n([\s\S]*?)^```$/gm)];
    assert.ok(quoted.length > 20);
    const lines = quoted.flatMap(([, block = ""]) => block.trimEnd().split("\n"));
    assert.deepEqual(
      lines.filter((line) => !known.some((text) => text.includes(line))),
      [],
    );
  });
});

/** Without other messages that come before and after. */
function fixedPart(text: string): string {
  return text
    .replace(/^[… ]+(?=[A-Z`])/, "")
    .replace(/(?<=[.`]) ?…+$/, "")
    .trim();
}
