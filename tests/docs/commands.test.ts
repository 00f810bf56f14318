// The commands in the documents exist, with the options that the documents use. tests/examples/firstHour.test.ts runs those of the README.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createProgram } from "../../cli/src/program";
import { blocks, documents, readDocument, ROOT, withoutBlocks } from "./documents";

const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

/** The lines of shell blocks and the code within sentences, each with its document. */
const commands = documents().flatMap((document) => {
  const text = readDocument(document);
  const lines = blocks(text, "sh").flatMap((block) => block.replace(/\\\n/g, " ").split("\n"));
  const inline = [...withoutBlocks(text).matchAll(/`([^`]+)`/g)].map(([, code]) => code);
  return [...lines, ...inline].map((command = "") => ({
    document,
    command: command.replace(/\s+#.*$/, "").trim(),
  }));
});

const matching = (pattern: RegExp): { document: string; found: RegExpExecArray }[] =>
  commands.flatMap(({ document, command }) => {
    const found = pattern.exec(command);
    return found ? [{ document, found }] : [];
  });

describe("commands in the documents", function () {
  this.timeout(60_000);

  it("are scripts of the package if they begin with npm run", () => {
    const runs = matching(/^npm run (?:--\S+ )*([\w:-]+)/);
    assert.ok(runs.length > 20);
    const unknown = runs.filter(({ found }) => !((found[1] as string) in scripts));
    assert.deepEqual(
      unknown.map(({ document, found }) => `${document}: ${found[0]}`),
      [],
    );
  });

  it("name tests and scripts that exist", () => {
    const files = [
      ...matching(/npm test -- (?:--\S+ )*(tests\/[\w/.-]+)/),
      ...matching(/\bnode (scripts\/[\w/.-]+)/),
      ...matching(/\bnpx tsx (tests\/[\w/.-]+)/),
    ];
    assert.ok(files.length >= 3);
    const missing = files.filter(({ found }) => !existsSync(join(ROOT, found[1] as string)));
    assert.deepEqual(
      missing.map(({ document, found }) => `${document}: ${found[0]}`),
      [],
    );
  });

  it("are commands and options of the Pulumi CLI if they begin with pulumi", () => {
    const uses = matching(/^pulumi ([a-z].*)$/);
    assert.ok(uses.length > 30);
    const wrong = uses.filter(({ found }) => !isCommand((found[1] as string).split(/\s+/)));
    assert.deepEqual(
      wrong.map(({ document, found }) => `${document}: ${found[0]}`),
      [],
    );
  });
});

describe("the command line in the documents", () => {
  const optionsOf = (name: string): string[] | undefined =>
    createProgram()
      .commands.find((each) => each.name() === name)
      ?.options.map(({ long }) => long as string);

  it("has these commands and options", () => {
    const uses = matching(/^(?:npx )?pulumi-huggingface ([a-z][^|>]*)/);
    assert.ok(uses.length > 15);
    const wrong = uses.filter(({ found }) => {
      const [name = "", ...words] = (found[1] as string).split(/\s+/);
      const known = optionsOf(name);
      return !known || words.some((word) => word.startsWith("--") && ![...known, "--help"].includes(word));
    });
    assert.deepEqual(
      wrong.map(({ document, found }) => `${document}: ${found[0]}`),
      [],
    );
  });

  for (const [name, document] of [
    ["drift", "docs/command-line.md"],
    ["adopt", "docs/adopt.md"],
  ] as const) {
    it(`has no option of ${name} that ${document} leaves out`, () => {
      const text = readDocument(document);
      assert.deepEqual(
        optionsOf(name)?.filter((option) => !new RegExp(`\`${option}\\b`).test(text)),
        [],
      );
    });
  }
});

const helps = new Map<string, string>();

/** What the CLI says about a command; nothing if it does not know the command. */
function helpOf(words: readonly string[]): string | undefined {
  const name = words.join(" ");
  const text = helps.get(name) ?? spawnSync("pulumi", [...words, "--help"], { encoding: "utf8" }).stdout;
  helps.set(name, text);
  return new RegExp(`^ +pulumi ${name}( |$)`, "m").test(text) ? text : undefined;
}

function isCommand(words: readonly string[]): boolean {
  const [first = "", second = ""] = words;
  const help = (/^[a-z][a-z-]*$/.test(second) ? helpOf([first, second]) : undefined) ?? helpOf([first]);
  if (help === undefined) return false;
  const options = words.filter((word) => word.startsWith("-")).map((word) => word.replace(/=.*$/, ""));
  return options.every((option) => new RegExp(`(^|[ ,])${option}\\b`, "m").test(help));
}
