// The documents of the repository: their programs compile, and their tables are short.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { blocks, cells, documents, malformedTables, readDocument, ROOT } from "./documents";

const MOST_IN_A_CELL = 200;
const MOST_README_LINES = 150;

describe("documents", function () {
  this.timeout(120_000);

  it("have programs that compile", () => {
    const parent = join(ROOT, ".work");
    mkdirSync(parent, { recursive: true });
    const folder = mkdtempSync(join(parent, "documents-"));
    try {
      const programs = documents().flatMap((document) =>
        ["ts", "js"].flatMap((language) =>
          blocks(readDocument(document), language).map((program, index) => ({
            document,
            language,
            index,
            program,
          })),
        ),
      );
      assert.ok(programs.length >= 10);
      for (const { document, language, index, program } of programs) {
        // The name says which program does not compile. One with a top-level await is an ES module.
        const kind = /^(?:const .* = |for \(.*)?await /m.test(program) ? "m" : "";
        writeFileSync(join(folder, `${document.replaceAll("/", "-")}-${index}.${kind}${language}`), program);
      }
      const config = {
        extends: "../../examples/tsconfig.json",
        compilerOptions: { allowJs: true, checkJs: true },
        include: ["*.ts", "*.mts", "*.js", "*.mjs"],
        references: [],
      };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
      const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
      const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", folder], {
        cwd: ROOT,
        encoding: "utf8",
      });
      assert.equal(status, 0, stdout);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it(`are short if people read them first: the README has at most ${MOST_README_LINES} lines`, () => {
    assert.ok(readDocument("README.md").trimEnd().split("\n").length <= MOST_README_LINES);
  });

  it(`have no table cell of more than ${MOST_IN_A_CELL} characters`, () => {
    const long = documents().flatMap((document) =>
      cells(readDocument(document))
        .filter((cell) => cell.length > MOST_IN_A_CELL)
        .map((cell) => `${document}: ${cell.length}: ${cell.slice(0, 60)}…`),
    );
    assert.deepEqual(long, []);
  });

  it("have one header in each table", () => {
    assert.deepEqual(malformedTables("| a |\n| - |\n| b |\n| a |\n| - |\n| c |\n"), ["| a |"]);
    const malformed = documents().flatMap((document) =>
      malformedTables(readDocument(document)).map((header) => `${document}: ${header}`),
    );
    assert.deepEqual(malformed, []);
  });
});
