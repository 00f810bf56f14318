import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { dirname, join } from "node:path";

const root = join(__dirname, "..", "..");

describe("npm test", function () {
  this.timeout(120_000);

  let dir: string;
  before(() => {
    mkdirSync(join(root, ".work"), { recursive: true });
    dir = mkdtempSync(join(root, ".work", "runner-"));
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  function run(source: string, ...options: string[]): { status: number | null; last: string | undefined } {
    const file = join(dir, "some.test.ts");
    writeFileSync(file, source);
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(root, "scripts", "test.mjs"), ...options, file],
      {
        cwd: root,
        encoding: "utf8",
      },
    );
    return { status, last: stdout.trimEnd().split("\n").at(-1) };
  }

  it("prints the numbers last, and exits with 0 only if all tests pass", () => {
    const good = `it("is well", () => {}); it("too", () => {}); it.skip("later", () => {});`;
    assert.deepEqual(run(good), { status: 0, last: "2 passed, 0 failed" });
    assert.deepEqual(run(good, "--grep", "too"), { status: 0, last: "1 passed, 0 failed" });
    assert.deepEqual(run(`${good} it("is not", () => { throw new Error("no"); });`), {
      status: 1,
      last: "2 passed, 1 failed",
    });
  });

  it("leaves out the tests on the engine with --quick, and reports it", () => {
    const test = join(root, "tests", "engine", "fleet.test.ts");
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, "scripts", "test.mjs"), "--quick", test, join(root, "tests", "model", "plain.test.ts")],
      { cwd: root, encoding: "utf8" },
    );
    assert.equal(status, 0, stdout);
    assert.match(
      stderr,
      /^Skipped because of --quick: 1 files in engine, packaging, docs, examples, reliability$/m,
    );
    assert.match(stdout, /^[1-9]\d* passed, 0 failed$/m);
  });

  it("passes options on to mocha, and recognizes files and folders among them", () => {
    const good = `it("is well", () => {}); it("too", () => {});`;
    assert.deepEqual(run(good, "-t", "5000", "--fgrep=is well", "--retries", "1"), {
      status: 0,
      last: "1 passed, 0 failed",
    });
    const { status, stdout } = spawnSync(process.execPath, ["../scripts/test.mjs", dir, "-R", "dot"], {
      cwd: join(root, "tests"),
      encoding: "utf8",
    });
    assert.equal(status, 1, "the reporter that counts the tests is replaced");
    assert.doesNotMatch(stdout, /✔/);
    assert.match(stdout, /2 passing/);
  });

  it("names a file or an option that it does not know", () => {
    for (const [args, message] of [
      [["tests/no-such-folder"], 'Cannot find any files matching pattern "tests/no-such-folder"\n'],
      [["--grep"], "Error: Not enough arguments following: grep\n"],
    ] as const) {
      const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts", "test.mjs"), ...args], {
        cwd: root,
        encoding: "utf8",
      });
      assert.equal(status, 1);
      // On a busy machine the set-up may print something first.
      assert.ok(stripVTControlCharacters(stderr).endsWith(message), stderr);
    }
  });

  it("fails if there is nothing to run, or if a file does not load", () => {
    assert.deepEqual(run(`it("is well", () => {});`, "-g", "no such test"), {
      status: 1,
      last: "0 passed, 1 failed",
    });
    assert.deepEqual(run(`throw new Error("does not load");`), { status: 1, last: "0 passed, 1 failed" });
  });

  describe("without a Pulumi CLI", () => {
    /** Runs a quick test and one on the engine in a copy of the project whose installation of the CLI runs this code. */
    function runInstalling(code: string) {
      const copy = mkdtempSync(join(dir, "copy-"));
      const write = (path: string, text: string) => {
        mkdirSync(dirname(join(copy, path)), { recursive: true });
        writeFileSync(join(copy, path), text);
      };
      for (const path of ["scripts", "tests/.mocharc.cjs", "tests/support/reporter.cjs"]) {
        cpSync(join(root, path), join(copy, path), { recursive: true });
      }
      symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction");
      write("scripts/bootstrap.mjs", "export const bootstrap = async () => {};");
      write(
        "scripts/pulumi-cli.mjs",
        `import { writeFileSync } from "node:fs";
import { isMain } from "./lib/processes.mjs";
export const withPulumi = async () => process.env;
if (isMain(import.meta.url)) { ${code} }`,
      );
      write(
        "tests/model/quick.test.ts",
        `import { existsSync } from "node:fs";
it("is quick", async () => {
  while (!existsSync("installing")) await new Promise((resolve) => setTimeout(resolve, 50));
});`,
      );
      write("tests/engine/slow.test.ts", `it("is slow", () => {});`);
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(copy, "scripts", "test.mjs")], {
        cwd: copy,
        encoding: "utf8",
      });
      return { status, stderr, last: stdout.trimEnd().split("\n").at(-1) };
    }

    it("installs it while the quick tests run", () => {
      const { status, last } = runInstalling(`writeFileSync("installing", "");`);
      assert.deepEqual({ status, last }, { status: 0, last: "2 passed, 0 failed" });
    });

    it("counts a failed installation as one failure, and reports it after the quick tests", () => {
      const { status, last, stderr } = runInstalling(
        `writeFileSync("installing", ""); console.error("Found no Pulumi CLI"); process.exitCode = 1;`,
      );
      assert.deepEqual({ status, last }, { status: 1, last: "1 passed, 1 failed" });
      assert.match(
        stripVTControlCharacters(stderr),
        /^Found no Pulumi CLI\nNot run, because there is no Pulumi CLI: 1 test files$/m,
      );
    });
  });
});
