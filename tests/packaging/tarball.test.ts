// The packed package, installed into an empty folder by npm and by pnpm, with the oldest and the newest supported SDK.
// The compiler checks the program as it runs, with the settings of Pulumi's template.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProject, type Project } from "../support/engine";
import { type Hub, startHub } from "../support/hub";
import { install, NEWEST_SDK, packAll, PNPM_INSTALL, PROVIDER, TEMPLATE } from "../support/packed";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import * as hf from "pulumi-huggingface";
import { HubClient } from "pulumi-huggingface/client";
const account = new hf.ServiceAccount("ci", { organization: "acme", name: "ci" });
const ci = new hf.HubToken("ci", {
  organization: "acme", serviceAccount: account.accountId, name: "ci", permissions: ["org.read"],
});
new hf.RepoVisibility("model", { repo: "acme/llm-private", visibility: "private" }, { import: "model/acme/llm-private" });
export const token = ci.token;
export const role = hf.getMyOrgRoleOutput("acme");
export const me: Promise<string> = new HubClient().whoami().then(({ name }) => name);
const found = hf.RepoVisibility.get("found", "space/acme/customer-portal");
export const visibility: pulumi.Output<hf.Visibility | undefined> = found.visibility;
if (process.env.MISSING) hf.RepoVisibility.get("missing", "model/acme/nothing");
`;

/** The line that the state has for each resource. It is in every user's state, so it must not change. */
const GOLDEN = (type: string): string =>
  `exports.handler=()=>require("module").createRequire(process.cwd()+"/_")("pulumi-huggingface/dynamic").handler("${type}")`;

describe("packaging", function () {
  this.timeout(600_000);
  let folder: string;
  let tarball: string;
  let hub: Hub;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pulumi-huggingface-"));
    const packed = await packAll(folder);
    assert.ok(packed["pulumi-huggingface"]);
    tarball = packed["pulumi-huggingface"];
    hub = await startHub();
  });
  after(async () => {
    await hub.close();
    await rm(folder, { recursive: true });
  });

  it("works with the oldest supported SDK, installed by npm", async () => {
    const { peerDependencies } = JSON.parse(await readFile(join(PROVIDER, "package.json"), "utf8")) as {
      peerDependencies: Record<string, string>;
    };
    const oldest = /^>=(\S+)/.exec(peerDependencies["@pulumi/pulumi"] ?? "")?.[1];
    assert.ok(oldest);
    await lifecycle("npm", oldest, ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"]);
  });

  it(`works with the newest SDK (${NEWEST_SDK}), installed by pnpm`, async () => {
    // The newest SDK works with Node.js 20 but declares a newer one, so pnpm is told to ignore that.
    await lifecycle("pnpm", NEWEST_SDK, PNPM_INSTALL);
  });

  async function lifecycle(name: string, sdk: string, command: readonly string[]): Promise<void> {
    const project = await createProject({
      name: `tarball-${name}`,
      parent: folder,
      env: {
        HF_ENDPOINT: hub.endpoint,
        HF_TOKEN: hub.tokens.admin,
        PULUMI_NODEJS_TRANSPILE_ONLY: undefined,
      },
      program: {
        "index.ts": PROGRAM,
        "tsconfig.json": JSON.stringify({ compilerOptions: TEMPLATE, files: ["index.ts"] }),
      },
    });
    await project.write(
      "package.json",
      JSON.stringify({
        name: "bare",
        private: true,
        dependencies: { "pulumi-huggingface": `file:${tarball}`, "@pulumi/pulumi": sdk },
        devDependencies: { typescript: "^5.0.0", "@types/node": "^20.19.0" },
      }),
    );
    await install(project.dir, command);
    const installed = JSON.parse(
      await readFile(join(project.dir, "node_modules/@pulumi/pulumi/package.json"), "utf8"),
    ) as { version: string };
    assert.equal(installed.version, sdk);

    const up = await project.up();
    assert.equal(up.changes.create, 5, up.text);
    await assertHandlers(project);
    const { role, me, visibility } = await project.outputs();
    assert.deepEqual({ role, me, visibility }, { role: "admin", me: "ada-admin", visibility: "protected" });
    // For a resource that is only read, the engine has nothing to do, even in a refresh. A missing one must never
    // give an empty answer.
    assert.deepEqual(
      up.steps.filter(({ op }) => op === "read").map(({ name }) => name),
      ["found"],
    );
    assert.match(up.text, /imported model\/acme\/llm-private/);
    await project.preview({ refresh: true, expectNoChanges: true });
    await project.refresh();
    await project.preview({ expectNoChanges: true });
    const missing = await project.preview({ env: { MISSING: "1" }, allowFailure: true });
    assert.notEqual(missing.code, 0);
    assert.match(missing.text, /There is no RepoVisibility with the id "model\/acme\/nothing"/);

    // The SDK's own output of the same error depends on the error's text too.
    const refused = await project.refresh({ allowFailure: true, env: { HF_TOKEN: "hf_revoked" } });
    assert.match(refused.text, /answered 401/);
    assert.doesNotMatch(refused.text, /HubError: /);

    // A warning of the handler is shown as a warning of the engine. This depends on internals of the SDK.
    const account = [...hub.store.serviceAccounts.values()].find((each) => each.name === "ci");
    assert.ok(account);
    await deleteAccount(account.id);
    const preview = await project.preview({ refresh: true });
    assert.ok(
      preview.diagnostics.some(
        ({ severity, message }) => severity === "warning" && message.includes("no longer exist on the Hub"),
      ),
      preview.text,
    );
    await project.destroy();
    assert.deepEqual((await project.state()).deployment.resources ?? [], []);
    await assertMistakeIsOneLine(project);
  }

  /** The SDK recognizes such an error by an internal mark. */
  async function assertMistakeIsOneLine(project: Project): Promise<void> {
    await project.write(
      "index.ts",
      `import * as hf from "pulumi-huggingface";
export = async () => ({ role: await hf.getMyOrgRole("acme") });`,
    );
    await project.setConfig({ "huggingface:tokenEnv": "NOT_SET", "huggingface:endpoint": hub.endpoint });
    const { diagnostics, text } = await project.preview({ allowFailure: true });
    assert.deepEqual(
      diagnostics.map(({ severity, message }) => [severity, message.trim()]),
      [
        [
          "error",
          "The environment variable NOT_SET, which tokenEnv names, is not set. Set it on the machine that runs Pulumi.",
        ],
      ],
      text,
    );
  }

  async function assertHandlers(project: Project): Promise<void> {
    const { deployment } = await project.state();
    const resources = (deployment.resources ?? []).filter(({ type }) => type.includes("dynamic/huggingface"));
    assert.equal(resources.length, 5);
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
