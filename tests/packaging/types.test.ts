// The types as users get them: the packed packages, compiled with the oldest and newest TypeScript of each kind, in
// each module resolution that these support.
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { NEWEST_SDK, packAll, TEMPLATE } from "../support/packed";

const run = promisify(execFile);

/** `module` for each `moduleResolution`. Pulumi's templates use "node". */
const MODULE = { node: "commonjs", node16: "node16", nodenext: "nodenext", bundler: "esnext" };
type Resolution = keyof typeof MODULE;

const COMPILERS: Record<string, { resolutions: Resolution[]; options?: object }> = {
  "5.0.4": { resolutions: ["node", "node16", "nodenext", "bundler"] },
  "5.9.3": { resolutions: ["node", "node16", "nodenext", "bundler"] },
  "6.0.3": {
    resolutions: ["node", "node16", "nodenext", "bundler"],
    options: { ignoreDeprecations: "6.0", types: ["node"] },
  },
  // No longer supports "node".
  "7.0.2": { resolutions: ["node16", "nodenext", "bundler"], options: { types: ["node"] } },
};

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";
import { HubClient, HubError, type AuditLogEntry } from "pulumi-huggingface/client";
import { startLocalHub, type LocalHub, type Seed } from "huggingface-local-hub";

const llm = new huggingface.RepoVisibility("llm", { repo: "acme/llm", visibility: "private" });
export const visibility: pulumi.Output<huggingface.Visibility | undefined> = llm.visibility;
export const role = huggingface.getMyOrgRoleOutput("acme");
export const same: huggingface.HubClient = new HubClient();
export async function entries(): Promise<AuditLogEntry[]> {
  const found: AuditLogEntry[] = [];
  try {
    for await (const entry of same.streamAuditLogs("acme", { action: "repo.visibility" })) found.push(entry);
  } catch (error) {
    if (error instanceof HubError) console.error(error.status, error.code);
    throw error;
  }
  return found;
}
export const hub: (seed: Seed) => Promise<LocalHub> = (seed) => startLocalHub({ seed });
// @ts-expect-error -- the types are not \`any\`
export const wrong: number = HubClient;
`;

const MODULE_PROGRAM = `
import assert from "node:assert/strict";
import { HubClient, HubError } from "pulumi-huggingface/client";
import { getMyOrgRoleOutput, HubClient as same, HubToken, permissionSets, RepoVisibility } from "pulumi-huggingface";
import { startLocalHub } from "huggingface-local-hub";

assert.equal(same, HubClient);
for (const each of [HubError, getMyOrgRoleOutput, HubToken.get, RepoVisibility.get]) assert.equal(typeof each, "function");
assert.ok(permissionSets.readRepositories.length > 0);
const hub = await startLocalHub();
const client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
console.log((await client.whoami()).name);
await hub.close();
`;

describe("packaging: types", function () {
  this.timeout(300_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pulumi-huggingface-types-"));
    const packed = await packAll(folder);
    const compilers = Object.keys(COMPILERS).map((version): [string, string] => [
      `ts-${version}`,
      `npm:typescript@${version}`,
    ]);
    await writeFile(
      join(folder, "package.json"),
      JSON.stringify({
        private: true,
        dependencies: {
          "@pulumi/pulumi": NEWEST_SDK,
          "@types/node": "^20.19.0",
          "pulumi-huggingface": `file:${packed["pulumi-huggingface"]}`,
          "huggingface-local-hub": `file:${packed["huggingface-local-hub"]}`,
          ...Object.fromEntries(compilers),
        },
      }),
    );
    await writeFile(join(folder, "index.ts"), PROGRAM);
    await copyFile(join(__dirname, "../types/arguments.ts"), join(folder, "arguments.ts"));
    await writeFile(join(folder, "index.mjs"), MODULE_PROGRAM);
    await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder });
  });
  after(() => rm(folder, { recursive: true }));

  for (const [version, { resolutions, options }] of Object.entries(COMPILERS)) {
    for (const moduleResolution of resolutions) {
      it(`compile with TypeScript ${version} and moduleResolution ${moduleResolution}`, async () => {
        const compilerOptions = {
          ...TEMPLATE,
          module: MODULE[moduleResolution],
          moduleResolution,
          ...options,
          noEmit: true,
          // Checking the declarations themselves, including the SDK's, takes most of the time. Once per compiler is
          // enough.
          skipLibCheck: moduleResolution !== "node16",
        };
        await writeFile(
          join(folder, "tsconfig.json"),
          JSON.stringify({ compilerOptions, files: ["index.ts", "arguments.ts"] }),
        );
        const tsc = join(folder, `node_modules/ts-${version}/bin/tsc`);
        const { status, stdout } = spawnSync(process.execPath, [tsc, "--project", folder], {
          encoding: "utf8",
        });
        assert.equal(status, 0, stdout);
      });
    }
  }

  it("have exports that a JavaScript module can import by name", () => {
    const { stdout, stderr } = spawnSync(process.execPath, ["index.mjs"], { cwd: folder, encoding: "utf8" });
    assert.equal(stdout, "ada-admin\n", stderr);
  });
});
