// A library with resources in a pnpm workspace. pnpm installs this package only for the library, but the engine loads
// it from the program's folder.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createProject, type Project } from "../support/engine";
import { type Hub, startHub } from "../support/hub";
import { install, pack, PNPM_INSTALL } from "../support/packed";

const run = promisify(execFile);
const SDK = "3.248.0";

describe("a shared library in a pnpm workspace", function () {
  this.timeout(600_000);
  let folder: string;
  let tarball: string;
  let hub: Hub;
  let project: Project;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pulumi-huggingface-"));
    tarball = await pack(folder);
    hub = await startHub();
    project = await createProject({
      name: "workspace",
      main: "program/index.js",
      parent: folder,
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: {
        "pnpm-workspace.yaml": "packages: [library, program]\n",
        "library/index.js": `
const hf = require("pulumi-huggingface");
exports.keepPrivate = (repo) => new hf.RepoVisibility(repo, { repo, visibility: "private" });`,
        "program/index.js": `
const { keepPrivate } = require("library");
process.chdir(require("os").tmpdir());
keepPrivate("acme/llm-private");
keepPrivate("acme/voice");`,
      },
    });
    await writeManifest("library", { "pulumi-huggingface": `file:${tarball}` });
  });
  after(async () => {
    await hub.close();
    await rm(folder, { recursive: true });
  });

  const writeManifest = (name: string, dependencies: object): Promise<void> =>
    project.write(
      `${name}/package.json`,
      JSON.stringify({
        name,
        version: "1.0.0",
        private: true,
        dependencies: { "@pulumi/pulumi": SDK, ...dependencies },
      }),
    );
  const installed = async (dependencies: object): Promise<void> => {
    await writeManifest("program", { library: "workspace:*", ...dependencies });
    await install(project.dir, PNPM_INSTALL);
  };

  it("fails with one line that names the package to install and the folder", async () => {
    await installed({});
    const { code, text, diagnostics } = await project.preview({ allowFailure: true });
    assert.notEqual(code, 0);
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    assert.equal(errors.length, 1, text);
    const message = errors[0]?.message.trim() ?? "";
    assert.match(
      message,
      /^pulumi-huggingface is not installed for the program in .*program: .*`pnpm add pulumi-huggingface`/,
    );
    assert.ok(!message.includes("\n"), message);
  });

  it("works once the program has the package too", async () => {
    await installed({ "pulumi-huggingface": `file:${tarball}` });
    const { diagnostics, text } = await project.preview();
    assert.deepEqual(diagnostics, [], text);
  });

  it("warns if the program has another version", async () => {
    await run("tar", ["-xzf", tarball, "-C", folder]);
    const manifest = JSON.parse(await readFile(join(folder, "package/package.json"), "utf8")) as object;
    await writeFile(join(folder, "package/package.json"), JSON.stringify({ ...manifest, version: "0.99.0" }));
    await mkdir(join(folder, "other"));
    await installed({
      "pulumi-huggingface": `file:${await pack(join(folder, "other"), join(folder, "package"))}`,
    });
    const { diagnostics, text } = await project.preview();
    assert.equal(diagnostics.length, 1, text);
    assert.equal(diagnostics[0]?.severity, "warning");
    assert.match(
      diagnostics[0].message,
      /uses pulumi-huggingface 0\.1\.0, but Pulumi loads 0\.99\.0 from the program's folder/,
    );
  });
});
