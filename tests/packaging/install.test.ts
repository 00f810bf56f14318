// docs/install.md, word for word: from the clone to `pulumi up` in a folder elsewhere, with npm and with pnpm.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type Hub, startHub } from "../support/hub";
import { readText, ROOT } from "../support/lockfile";
import { pulumiBinDir } from "../support/pulumiCli";

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
  let env: Record<string, string>;

  /** Runs commands as a person would, and stops at the first that fails. */
  function shell(cwd: string, commands: string): string {
    const { status, stdout, stderr } = spawnSync("bash", ["-e", "-c", commands], {
      cwd,
      env,
      encoding: "utf8",
    });
    assert.equal(status, 0, `${commands}\n${stdout}\n${stderr}`);
    return stdout;
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-huggingface-install-"));
    hub = await startHub();
    const { pulumiEnv } = await import("../../scripts/pulumi-env.mjs");
    const binDir = [await pulumiBinDir(), join(ROOT, "node_modules/.bin")].join(delimiter);
    env = pulumiEnv({
      dir: join(folder, ".pulumi"),
      binDir,
      // As it is for a person: the compiler checks the program.
      extra: { PULUMI_NODEJS_TRANSPILE_ONLY: undefined },
    });
    // The clone is this folder.
    symlinkSync(ROOT, join(folder, "pulumi-huggingface"));
    const printed = shell(folder, replaced(block("sh"), "git clone ADDRESS pulumi-huggingface\n", ""));
    assert.match(printed, /^ {2}npm install ".*pulumi-huggingface\.tgz"$/m);
  });
  after(async () => {
    await hub.close();
    rmSync(folder, { recursive: true });
  });

  for (const manager of ["npm", "pnpm"]) {
    it(`works with ${manager}`, () => {
      const place = join(folder, manager);
      mkdirSync(place);
      symlinkSync(join(folder, "pulumi-huggingface"), join(place, "pulumi-huggingface"));
      shell(place, block(`sh ${manager}`));
      const project = join(place, "my-project");
      writeFileSync(join(project, "Pulumi.yaml"), block("yaml"));
      writeFileSync(join(project, "index.ts"), block("ts"));
      let commands = block("sh", 1);
      commands = replaced(commands, "HF_ENDPOINT=http://127.0.0.1:40123", `HF_ENDPOINT=${hub.endpoint}`);
      commands = replaced(commands, "HF_TOKEN=hf_…", `HF_TOKEN=${hub.tokens.admin}`);
      shell(project, replaced(commands, "pulumi up\n", "pulumi up --yes\n"));
      assert.deepEqual(JSON.parse(shell(project, "pulumi stack output --json")), {
        visibility: "private",
        yourRole: "admin",
      });
      shell(project, "pulumi destroy --yes --stack dev && pulumi stack rm --yes dev");
    });
  }
});
