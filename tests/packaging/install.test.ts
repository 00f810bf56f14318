// docs/install.md, word for word: from the clone to `pulumi up` in a folder elsewhere, with npm and with pnpm.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { type Hub, startHub } from "../support/hub";
import { readText, ROOT } from "../support/lockfile";
import { pulumiBinDir } from "../support/pulumiCli";

const run = promisify(execFile);

/** The fenced block of this kind; the document has one of each, but for plain commands. */
function block(kind: string, index = 0): string {
  const found = [...readText("docs/install.md").matchAll(/^```(.+)\n([\s\S]*?)^```$/gm)];
  const text = found.filter(([, each]) => each === kind)[index]?.[2];
  assert.ok(text, `docs/install.md has no block ${kind} (${index})`);
  return text;
}

function replaced(text: string, line: string, by: string): string {
  assert.ok(text.includes(line), line);
  return text.replace(line, by);
}

describe("packaging: installation from source", function () {
  this.timeout(600_000);
  let folder: string;
  let hub: Hub;

  /** Runs commands as a person would, and stops at the first that fails. The settings of Pulumi are those of the folder. */
  async function shell(cwd: string, commands: string): Promise<string> {
    const { pulumiEnv } = await import("../../scripts/pulumi-env.mjs");
    const env = pulumiEnv({
      dir: join(cwd, ".pulumi"),
      binDir: [await pulumiBinDir(), join(ROOT, "node_modules/.bin")].join(delimiter),
      // As it is for a person: the compiler checks the program.
      extra: { PULUMI_NODEJS_TRANSPILE_ONLY: undefined },
    });
    return (await run("bash", ["-e", "-c", commands], { cwd, env, maxBuffer: 1 << 26 })).stdout;
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pulumi-huggingface-install-"));
    hub = await startHub();
    // The clone is this folder.
    await symlink(ROOT, join(folder, "pulumi-huggingface"));
    const printed = await shell(folder, replaced(block("sh"), "git clone ADDRESS pulumi-huggingface\n", ""));
    assert.match(printed, /^ {2}npm install ".*pulumi-huggingface\.tgz"$/m);
  });
  after(async () => {
    await hub.close();
    await rm(folder, { recursive: true });
  });

  for (const manager of ["npm", "pnpm"]) {
    it(`works with ${manager}`, async () => {
      const place = join(folder, manager);
      await mkdir(place);
      await symlink(ROOT, join(place, "pulumi-huggingface"));
      await shell(place, block(`sh ${manager}`));
      const project = join(place, "my-project");
      await writeFile(join(project, "Pulumi.yaml"), block("yaml"));
      await writeFile(join(project, "index.ts"), block("ts"));
      let commands = block("sh", 1);
      commands = replaced(commands, "HF_ENDPOINT=http://127.0.0.1:40123", `HF_ENDPOINT=${hub.endpoint}`);
      commands = replaced(commands, "HF_TOKEN=hf_…", `HF_TOKEN=${hub.tokens.admin}`);
      commands = replaced(
        commands,
        "pulumi up\n",
        "pulumi up --yes\npulumi stack output --json > outputs.json\n",
      );
      await shell(project, commands);
      assert.deepEqual(JSON.parse(await readFile(join(project, "outputs.json"), "utf8")), {
        visibility: "private",
        yourRole: "admin",
      });
    });
  }
});
