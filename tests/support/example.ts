import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type LocalHubOptions } from "huggingface-local-hub";
import { type ConfigValue, type Env, type Project, createProject } from "./engine";
import { type Hub, startHub } from "./hub";

/** The folder with the examples. */
export const EXAMPLES = join(__dirname, "../../examples");

/** How to run an example, and what has to be true on the Hub. */
export interface ExampleRun {
  hub?: LocalHubOptions;
  /** Default: the administrator's token and the Hub's address, both from the environment. */
  env?: (hub: Hub) => Env;
  config?: (hub: Hub) => Record<string, ConfigValue>;
  /** What the first `up` refuses. The error has to name one command that fixes it. */
  refused?: RegExp;
  /** Changes the Hub so that it differs from what the example declares. */
  before?: (hub: Hub) => void | Promise<void>;
  afterUp: (hub: Hub, outputs: Record<string, unknown>, project: Project) => void | Promise<void>;
  afterDestroy?: (hub: Hub) => void | Promise<void>;
}

/**
 * Runs an unchanged example against its own Hub: up, a preview with refresh that must find nothing to do, and
 * destroy.
 */
export async function runExample(name: string, run: ExampleRun): Promise<void> {
  const folder = join(EXAMPLES, name);
  const sources = (await readdir(folder)).filter((file) => file.endsWith(".ts"));
  const program: Record<string, string> = {};
  for (const file of sources) program[file] = await readFile(join(folder, file), "utf8");

  const hub = await startHub(run.hub);
  let project: Project | undefined;
  try {
    await run.before?.(hub);
    project = await createProject({
      name: `huggingface-${name}`,
      program,
      config: run.config?.(hub),
      env: run.env?.(hub) ?? { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
    });
    await project.write("Pulumi.yaml", await readFile(join(folder, "Pulumi.yaml"), "utf8"));
    if (run.refused) await followAdvice(project, run.refused);
    await project.up();
    await run.afterUp(hub, await project.outputs({ showSecrets: true }), project);
    await project.preview({ refresh: true, expectNoChanges: true });
    await project.destroy();
    await run.afterDestroy?.(hub);
  } finally {
    await project?.dispose();
    await hub.close();
  }
}

async function followAdvice(project: Project, refused: RegExp): Promise<void> {
  const { code, text } = await project.up({ allowFailure: true });
  assert.notEqual(code, 0);
  assert.match(text, refused);
  const [, command] = /`pulumi (config set [^`]+)`/.exec(text) ?? assert.fail(text);
  await project.pulumi((command as string).split(" "));
}
