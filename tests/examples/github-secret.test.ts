import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { isSecretInState } from "../support/engine";
import { runExample } from "../support/example";
import { type Hub } from "../support/hub";
import { pulumiBinDir } from "../support/pulumiCli";

describe("example github-secret", function () {
  this.timeout(240_000);
  let folder: string;
  let path: string;

  /** Pulumi uses a plugin on PATH instead of downloading one. */
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "github-"));
    path = [folder, await pulumiBinDir(), process.env["PATH"]].join(delimiter);
    const plugin = join(folder, "pulumi-resource-github");
    const script = join(__dirname, "../support/githubPlugin.cjs");
    await writeFile(plugin, `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`);
    await chmod(plugin, 0o755);
    await writeFile(join(folder, "secrets.json"), "{}");
  });
  after(() => rm(folder, { recursive: true }));

  const secrets = async () =>
    JSON.parse(await readFile(join(folder, "secrets.json"), "utf8")) as Record<string, string>;
  const use = async (hub: Hub, token: string) =>
    (await fetch(`${hub.endpoint}/api/whoami-v2`, { headers: { authorization: `Bearer ${token}` } })).status;

  it("copies the token to GitHub, updates it there when it rotates, and removes both", () => {
    const values: string[] = [];
    return runExample("github-secret", {
      env: (hub) => ({
        HF_ENDPOINT: hub.endpoint,
        HF_TOKEN: hub.tokens.admin,
        PATH: path,
        GITHUB_SECRETS: join(folder, "secrets.json"),
      }),
      afterUp: async (hub, _outputs, project) => {
        const { "evaluation/HF_TOKEN": first = "" } = await secrets();
        assert.equal(await use(hub, first), 200);

        await project.setConfig({ generation: "2" });
        await project.up();
        const { "evaluation/HF_TOKEN": second = "" } = await secrets();
        assert.notEqual(second, first);
        assert.equal(await use(hub, second), 200);
        assert.equal(await use(hub, first), 200, "the predecessor should work during the overlap");

        const secret = await project.resource("hf-token");
        for (const side of [secret?.inputs, secret?.outputs]) assert.ok(isSecretInState(side?.["value"]));
        values.push(first, second);
        for (const { path: file, text } of await project.rawStateFiles()) {
          for (const value of values) assert.ok(!text.includes(value), `a token value is in ${file}`);
        }
      },
      afterDestroy: async (hub) => {
        assert.deepEqual(await secrets(), {});
        for (const value of values) assert.equal(await use(hub, value), 401);
      },
    });
  });
});
