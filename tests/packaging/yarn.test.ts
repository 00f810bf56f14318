// Both packages as users of Yarn 1 get them. Unlike npm, Yarn 1 refuses a package that requires another Node.js.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { ROOT } from "../support/lockfile";

const run = promisify(execFile);
const YARN = join(dirname(require.resolve("yarn/package.json")), "bin/yarn.js");

describe("packaging: Yarn 1 on the oldest Node.js", function () {
  this.timeout(300_000);
  let folder: string;

  before(async () => (folder = await mkdtemp(join(tmpdir(), "yarn-"))));
  after(() => rm(folder, { recursive: true, force: true }));

  /** Packs a package of the workspace and installs it into its own folder, which is returned. */
  async function install(name: string): Promise<string> {
    const source = join(ROOT, name);
    const { stdout: packed } = await run("npm", ["pack", "--json", "--pack-destination", folder], {
      cwd: source,
    });
    // npm 11 prints a list, later releases an object by package name.
    const [info] = Object.values(JSON.parse(packed) as Record<string, { filename: string }>);
    const { engines } = JSON.parse(await readFile(join(source, "package.json"), "utf8")) as {
      engines: { node: string };
    };
    const oldest = /^>=(\d+(?:\.\d+)*)$/.exec(engines.node)?.[1] ?? assert.fail(engines.node);
    const version = [...oldest.split("."), "0", "0"].slice(0, 3).join(".");
    const pretend = join(folder, `node-${version}.cjs`);
    await writeFile(
      pretend,
      `Object.defineProperty(process.versions, "node", { value: ${JSON.stringify(version)} });`,
    );
    const project = await mkdtemp(join(folder, "project-"));
    await writeFile(join(project, "package.json"), JSON.stringify({ name: "bare", private: true }));
    // Yarn uses its own registry unless another one is set.
    const { stdout: registry } = await run("npm", ["config", "get", "registry"]);
    const tarball = `file:${join(folder, info?.filename ?? "")}`;
    const options = ["--ignore-scripts", "--non-interactive", "--no-lockfile", "--registry", registry.trim()];
    await run(
      process.execPath,
      ["--require", pretend, YARN, "add", tarball, "--cache-folder", join(folder, "cache"), ...options],
      { cwd: project, maxBuffer: 1 << 26 },
    );
    return project;
  }

  it("installs the local Hub, whose command starts a Hub with the model of the first program", async () => {
    const project = await install("local-hub");
    const command = join(project, "node_modules/huggingface-local-hub/bin/huggingface-local-hub.js");
    const hub = spawn(process.execPath, [command], { stdio: ["ignore", "pipe", "pipe"] });
    const ended = new Promise((resolve) => hub.once("exit", resolve));
    let stderr = "";
    hub.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    try {
      const line = await new Promise<string>((resolve, reject) => {
        createInterface(hub.stdout).once("line", resolve);
        void ended.then(() => reject(new Error(stderr)));
      });
      const { endpoint, tokens } = JSON.parse(line) as { endpoint: string; tokens: { admin: string } };
      const answer = await fetch(`${endpoint}/api/models/acme/llm`, {
        headers: { authorization: `Bearer ${tokens.admin}` },
      });
      assert.equal(answer.status, 200);
      assert.equal(((await answer.json()) as { private: boolean }).private, true);
      assert.match(stderr, new RegExp(`HF_TOKEN.*${tokens.admin}`));
    } finally {
      hub.kill();
      await ended;
    }
  });

  it("installs the provider, whose client loads", async () => {
    const project = await install("provider");
    const load = 'process.stdout.write(typeof require("pulumi-huggingface/client").HubClient)';
    const { stdout } = await run(process.execPath, ["-e", load], { cwd: project });
    assert.equal(stdout, "function");
  });
});
