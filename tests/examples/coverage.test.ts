import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as huggingface from "pulumi-huggingface";
import * as ts from "typescript";
import { EXAMPLES } from "../support/example";
import { programTypes } from "../support/programTypes";

const ROOT = join(EXAMPLES, "..");

const folders = readdirSync(EXAMPLES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
  .map(({ name }) => name);

/** Folders without a Pulumi program: `pipelines` has the jobs that run a program of your own. */
const WITHOUT_PROGRAM = ["pipelines"];

/** The names that a source imports from the package. */
function usedNames(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    const parent = ts.isPropertyAccessExpression(node) ? node.expression : undefined;
    if (parent && ts.isIdentifier(parent) && parent.text === "huggingface") {
      names.push((node as ts.PropertyAccessExpression).name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

describe("examples", function () {
  this.timeout(120_000);

  it("compile", () => {
    const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", "examples"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    assert.equal(status, 0, stdout);
  });

  it("show each resource, and each function in one of its forms", () => {
    const used = new Set(
      folders.flatMap((folder) =>
        readdirSync(join(EXAMPLES, folder))
          .filter((file) => file.endsWith(".ts"))
          .flatMap((file) => usedNames(join(EXAMPLES, folder, file))),
      ),
    );
    const exported = Object.entries(huggingface) as [string, unknown][];
    const functions = exported
      .filter(([name, value]) => typeof value === "function" && /^(get|has|stream|whoami)/.test(name))
      .map(([name]) => name.replace(/Output$/, ""));
    assert.ok(functions.length >= 10);
    for (const name of [...programTypes, "Provider"]) assert.ok(used.has(name), `no example shows ${name}`);
    for (const name of functions) {
      assert.ok(used.has(name) || used.has(`${name}Output`), `no example shows ${name}`);
    }
  });

  it("have a test each, and a Pulumi.yaml of the same form", () => {
    const tests = readdirSync(__dirname);
    for (const folder of folders) {
      assert.ok(tests.includes(`${folder}.test.ts`), `no test runs ${folder}`);
      if (WITHOUT_PROGRAM.includes(folder)) continue;
      const project = readFileSync(join(EXAMPLES, folder, "Pulumi.yaml"), "utf8");
      assert.match(project, new RegExp(`^name: huggingface-${folder}$`, "m"));
      assert.match(project, /^main: index\.ts$/m);
    }
    assert.match(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8"), /^main: examples\/quickstart\/index\.ts$/m);
  });
});
