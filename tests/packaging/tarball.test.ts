// The package as users get it: packed, and installed into a bare folder by npm and by pnpm, with the oldest and with the
// newest release of the SDK that the package says it works with.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { createProject, type Project } from "../support/engine";
import { type Hub, startHub } from "../support/hub";

const run = promisify(execFile);
const PROVIDER = join(__dirname, "../../provider");
const PNPM = join(dirname(require.resolve("pnpm")), "bin/pnpm.cjs");
const TSC = require.resolve("typescript/bin/tsc");
const TYPED_PROGRAMS = join(__dirname, "../types/arguments.ts");
const NEWEST_SDK = "3.270.0";

const PROGRAM = `
const hf = require("pulumi-huggingface");
const account = new hf.ServiceAccount("ci", { organization: "acme", name: "ci" });
const token = new hf.HubToken("ci", {
  organization: "acme", serviceAccount: account.accountId, name: "ci", permissions: ["org.read"],
});
new hf.RepoVisibility("model", { repo: "acme/llm-private", visibility: "private" });
exports.token = token.token;
exports.role = hf.getMyOrgRoleOutput("acme");
`;

/** The line that the state keeps for each resource. It is part of every user's state: it must not change. */
const GOLDEN = (type: string): string =>
  `exports.handler=()=>require("module").createRequire(process.cwd()+"/_")("pulumi-huggingface/dynamic").handler("${type}")`;

describe("packaging", function () {
  this.timeout(600_000);
  let folder: string;
  let tarball: string;
  let hub: Hub;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pulumi-huggingface-"));
    const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], { cwd: PROVIDER });
    const packed: unknown = JSON.parse(stdout);
    // npm 11 answers with a list, later releases with an object by package name.
    const [info] = Object.values(packed as Record<string, { filename: string }>);
    assert.ok(info);
    tarball = join(folder, info.filename);
    hub = await startHub();
  });
  after(async () => {
    await hub.close();
    await rm(folder, { recursive: true });
  });

  it("works with the oldest SDK that the package names, installed by npm", async () => {
    const { peerDependencies } = JSON.parse(await readFile(join(PROVIDER, "package.json"), "utf8")) as {
      peerDependencies: Record<string, string>;
    };
    const oldest = /^>=(\S+)/.exec(peerDependencies["@pulumi/pulumi"] ?? "")?.[1];
    assert.ok(oldest);
    await lifecycle("npm", oldest, ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"]);
  });

  it(`works with the newest SDK (${NEWEST_SDK}), installed by pnpm`, async () => {
    // Node 20 is below what the newest SDK declares, and works with it: pnpm is told not to refuse.
    const install = ["install", "--ignore-scripts", "--config.engine-strict=false", "--no-frozen-lockfile"];
    await lifecycle("pnpm", NEWEST_SDK, [process.execPath, PNPM, ...install]);
  });

  async function lifecycle(name: string, sdk: string, install: string[]): Promise<void> {
    const project = await createProject({
      name: `tarball-${name}`,
      parent: folder,
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: { "index.js": PROGRAM },
    });
    await project.write(
      "package.json",
      JSON.stringify({
        name: "bare",
        private: true,
        dependencies: { "pulumi-huggingface": `file:${tarball}`, "@pulumi/pulumi": sdk },
      }),
    );
    const [command, ...args] = install as [string, ...string[]];
    await run(command, args, { cwd: project.dir, maxBuffer: 1 << 26 });
    const installed = JSON.parse(
      await readFile(join(project.dir, "node_modules/@pulumi/pulumi/package.json"), "utf8"),
    ) as { version: string };
    assert.equal(installed.version, sdk);
    await copyFile(TYPED_PROGRAMS, join(project.dir, "arguments.ts"));
    const compile = [TSC, "--noEmit", "--strict", "--module", "node16", "--target", "es2022", "arguments.ts"];
    await run(process.execPath, compile, { cwd: project.dir });

    const up = await project.up();
    assert.equal(up.changes.create, 5, up.text);
    await assertHandlers(project);
    const { role } = await project.outputs<{ role: string }>();
    assert.equal(role, "admin");
    await project.preview({ refresh: true, expectNoChanges: true });

    // A warning of the handler reaches the person as a warning of the engine: this leans on internals of the SDK.
    const account = [...hub.store.serviceAccounts.values()].find((each) => each.name === "ci");
    assert.ok(account);
    await deleteAccount(account.id);
    const preview = await project.preview({ refresh: true });
    assert.ok(
      preview.diagnostics.some(
        ({ severity, message }) => severity === "warning" && message.includes("gone from the Hub"),
      ),
      preview.text,
    );
    await project.destroy();
    assert.deepEqual((await project.state()).deployment.resources ?? [], []);
  }

  async function assertHandlers(project: Project): Promise<void> {
    const { deployment } = await project.state();
    const resources = (deployment.resources ?? []).filter(({ type }) => type.includes("dynamic/huggingface"));
    assert.equal(resources.length, 4);
    for (const { type, inputs, outputs } of resources) {
      const golden = GOLDEN(type.split(":").at(-1) as string);
      assert.equal(inputs?.["__provider"], golden);
      assert.equal(outputs?.["__provider"], golden);
    }
  }

  async function deleteAccount(id: string): Promise<void> {
    const answer = await fetch(`${hub.endpoint}/api/organizations/acme/service-accounts/${id}`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${hub.tokens.admin}` },
    });
    assert.equal(answer.status, 204);
  }
});
