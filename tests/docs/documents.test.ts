// The documents of the repository: their programs compile, and their tables are short.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { blocks, cells, documents, readDocument, ROOT } from "./documents";

const MOST_IN_A_CELL = 200;

describe("documents", function () {
  this.timeout(120_000);

  it("have programs that compile", () => {
    const parent = join(ROOT, ".work");
    mkdirSync(parent, { recursive: true });
    const folder = mkdtempSync(join(parent, "documents-"));
    try {
      const programs = documents().flatMap((document) =>
        blocks(readDocument(document), "ts").map((program, index) => ({ document, index, program })),
      );
      assert.ok(programs.length >= 10);
      for (const { document, index, program } of programs) {
        // The name says where a program that does not compile is. One that awaits at its top is an ES module.
        const ending = /^(?:const .* = )?await /m.test(program) ? "mts" : "ts";
        writeFileSync(join(folder, `${document.replaceAll("/", "-")}-${index}.${ending}`), program);
      }
      const config = { extends: "../../examples/tsconfig.json", include: ["*.ts", "*.mts"], references: [] };
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

  it(`have no table cell of more than ${MOST_IN_A_CELL} characters`, () => {
    const long = documents().flatMap((document) =>
      cells(readDocument(document))
        .filter((cell) => cell.length > MOST_IN_A_CELL)
        .map((cell) => `${document}: ${cell.length}: ${cell.slice(0, 60)}…`),
    );
    assert.deepEqual(long, []);
  });
});
