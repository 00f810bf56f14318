// The set-up, run on a small project with the same structure as this one. No test here needs a registry.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../support/lockfile";

const PACKAGES = ["provider", "local-hub", "cli"];
const LOCK = ["install", "--package-lock-only", "--offline", "--ignore-scripts", "--no-audit"] as const;

describe("set-up", function () {
  this.timeout(120_000);

  let dir: string;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "set-up-"));
    await cp(join(ROOT, "scripts"), join(dir, "scripts"), { recursive: true });
    const typescript = `file:${dirname(require.resolve("typescript/package.json"))}`;
    await write("package.json", { workspaces: PACKAGES, devDependencies: { typescript } });
    for (const name of PACKAGES) {
      await write(`${name}/package.json`, { name, version: "1.0.0" });
      await write(`${name}/tsconfig.json`, {
        compilerOptions: { composite: true, rootDir: "src", outDir: "dist", lib: ["es5"], types: [] },
        include: ["src"],
      });
      await write(`${name}/src/index.ts`, "export const one: number = 1;\n");
      await write(`${name}/src/more/other.ts`, "export {};\n");
    }
    const { code, stderr } = await run("npm", ...LOCK);
    assert.equal(code, 0, stderr);
  });
  after(() => rm(dir, { recursive: true, force: true }));

  async function write(path: string, content: string | object): Promise<void> {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), typeof content === "string" ? content : JSON.stringify(content));
  }

  const run = (...command: [string, ...string[]]): Promise<{ code: unknown; stderr: string }> =>
    new Promise((resolve) => {
      const [file, ...args] = command;
      const shell = process.platform === "win32" && file === "npm";
      execFile(file, args, { cwd: dir, shell }, (error, _, stderr) =>
        resolve({ code: error?.code ?? 0, stderr }),
      );
    });
  const setUp = (...options: string[]) => run(process.execPath, ...options, "scripts/bootstrap.mjs");

  /** Runs the set-up and returns its output. */
  async function assertReady(): Promise<string> {
    const { code, stderr } = await setUp();
    assert.equal(code, 0, stderr);
    assert.ok(existsSync(join(dir, "node_modules/typescript/package.json")));
    for (const name of PACKAGES) {
      assert.match(await readFile(join(dir, name, "dist/index.js"), "utf8"), /one = 1\b/);
      assert.ok(existsSync(join(dir, name, "dist/more/other.d.ts")));
    }
    return stderr;
  }

  it("installs and builds a fresh clone, even for two commands at the same time", async () => {
    const said = await Promise.all([assertReady(), assertReady()]);
    assert.equal(said.filter((text) => /^Another process is setting up this folder/m.test(text)).length, 1);
    assert.ok(!existsSync(join(dir, ".work/bootstrap.lock")));
  });

  it("continues after a set-up that was killed", async () => {
    // No process has this number: it is above every system's limit.
    await write(".work/bootstrap.lock", String(2 ** 30));
    await assertReady();
  });

  it("installs again if npm's installation record differs from the lockfile, or a package is missing", async () => {
    await assertReady();
    const record = join(dir, "node_modules/.package-lock.json");
    const link = join(dir, "node_modules/provider");
    const whole = await readFile(record, "utf8");
    for (const damage of [
      () => rm(record),
      () => writeFile(record, whole.replace(/"version": "5\.[^"]+"/, '"version": "4.0.0"')),
      () => writeFile(record, whole.replace('"node_modules/provider"', '"node_modules/another"')),
      () => rm(link, { recursive: true }),
    ]) {
      await damage();
      await assertReady();
      assert.equal(await readFile(record, "utf8"), whole);
      assert.ok(existsSync(link));
    }
  });

  it("rebuilds changed sources and deleted output", async () => {
    await assertReady();
    await write("provider/src/index.ts", "export const one = 1, two = 2;\n");
    await assertReady();
    assert.match(await readFile(join(dir, "provider/dist/index.js"), "utf8"), /two = 2/);
    await rm(join(dir, "local-hub/dist"), { recursive: true });
    await assertReady();
  });

  it("removes the output of a deleted source, which would end up in the package", async () => {
    await write("provider/src/more/gone.ts", "export {};\n");
    await assertReady();
    assert.ok(existsSync(join(dir, "provider/dist/more/gone.js")));
    await rm(join(dir, "provider/src/more/gone.ts"));
    await assertReady();
    for (const ending of [".js", ".d.ts"]) {
      assert.ok(!existsSync(join(dir, `provider/dist/more/gone${ending}`)), ending);
    }
  });

  it("shows the compiler's errors, each time until they are fixed", async () => {
    await write("provider/src/index.ts", 'export const one: number = "1";\n');
    for (let time = 0; time < 2; time += 1) {
      const { code, stderr } = await setUp();
      assert.equal(code, 1);
      assert.match(stderr, /The build failed:\nprovider.src.index\.ts.*TS2322/);
    }
    await write("provider/src/index.ts", "export const one: number = 1;\n");
    await assertReady();
  });

  it("refuses a Node.js that is too old, and names the required version", async () => {
    for (const [version, code] of [
      ["18.20.8", 1],
      ["20.9.0", 1],
      ["20.19.0", 0],
      ["26.0.0", 0],
    ] as const) {
      const file = `node-${version}.mjs`;
      await write(
        file,
        `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });`,
      );
      const result = await setUp("--import", pathToFileURL(join(dir, file)).href);
      assert.equal(result.code, code, result.stderr);
      if (code === 1) {
        assert.equal(result.stderr, `This project needs Node.js 20.19.0 or newer; this is ${version}.\n`);
      }
    }
  });
});
