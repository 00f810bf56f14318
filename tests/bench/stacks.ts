import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createProject, type Project } from "../support/engine";
import { type BenchHub } from "./hub";
import { run, type Run, type RunOptions } from "./processes";
import { EMPTY, type Fleet, FLOOR, GROUP, ORGANIZATION, OURS, resourceCount, TEXTBOOK } from "./programs";

/** The contestants of a comparison. */
export type Contestant = "ours" | "floor" | "textbook";

/** A program of ours that is compared with others in a table of its own. */
export type Form = "empty" | "organization" | "group";

const PROGRAMS: Record<Contestant | Form, string> = {
  ours: OURS,
  floor: FLOOR,
  textbook: TEXTBOOK,
  empty: EMPTY,
  organization: ORGANIZATION,
  group: GROUP,
};

/** One contestant's stack. */
export interface BenchStack {
  project: Project;
  contestant: Contestant | Form;
  /** Runs a command of the CLI and measures its time. */
  pulumi(args: readonly string[], options?: RunOptions & { env?: Record<string, string> }): Promise<Run>;
  /** Creates all resources as fast as possible, without writing the state at each step. Its time is not measured. */
  fill(): Promise<void>;
  /** The text of the stack's state, as stored. */
  stateText(): Promise<string>;
  dispose(): Promise<void>;
}

/** Creates an empty stack for a contestant. */
export async function makeStack(
  contestant: Contestant | Form,
  fleet: Fleet,
  hub: BenchHub,
): Promise<BenchStack> {
  const env = { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.token };
  const project = await createProject({
    name: `bench-${contestant}`,
    program: {
      "index.js": PROGRAMS[contestant],
      "fleet.json": JSON.stringify({ ...fleet, resources: resourceCount(fleet) }),
    },
    env: { ...env, PULUMI_DEBUG_COMMANDS: undefined, NODE_OPTIONS: undefined },
  });
  const pulumi: BenchStack["pulumi"] = (args, options = {}) =>
    run("pulumi", [...args, "--non-interactive", "--color", "never", "--stack", project.stack], {
      cwd: project.dir,
      ...options,
      env: { ...project.env, ...options.env },
    });
  return {
    project,
    contestant,
    pulumi,
    fill: async () => {
      await pulumi(["up", "--yes", "--skip-preview", "--suppress-progress", "--suppress-outputs"], {
        env: { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" },
      });
    },
    stateText: () =>
      readFile(
        join(project.dir, ".pulumi", "backend", ".pulumi", "stacks", project.name, `${project.stack}.json`),
        "utf8",
      ),
    dispose: () => project.dispose(),
  };
}
