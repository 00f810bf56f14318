// Plays the same operations on the real engine with the Pulumi CLI, and reports each handler call to the same watcher
// as the simulated engine.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Engine, type EngineOperation } from "../engine";
import { type LawHub } from "../hub";
import { type Declared, type Ended, type Kept, type Options, type Stack, type Watcher } from "../steps";
import {
  createProject,
  type EngineResult,
  Project,
  type StateResource,
  QUICK_START,
} from "../../support/engine";
import { Front } from "./front";
import { declaredFile, PROGRAM, resourceOf } from "./program";
import { Mirror } from "./mirror";

const STACKS = ["dev", "prod"] as const;
const DYNAMIC = "dynamic/huggingface:";
/** The error of `--replace` and `--target` if there is no such resource. */
const UNKNOWN_TARGET = "could not be found in the stack";
const HOOK = join(__dirname, "hook.cjs");

type Kind = "up" | "preview" | "refresh" | "destroy";

export class RealEngine implements Engine {
  readonly #projects = new Map<string, Project>();

  private constructor(
    private readonly front: Front,
    first: Project,
  ) {
    for (const stack of STACKS) {
      const project = stack === first.stack ? first : new Project(first.dir, first.name, stack, first.env);
      this.#projects.set(stack, project);
    }
  }

  static async start(): Promise<RealEngine> {
    const front = await Front.start();
    const project = await createProject({
      name: "laws",
      stack: STACKS[0],
      program: { "index.js": PROGRAM },
      env: {
        HF_ENDPOINT: front.endpoint,
        NODE_OPTIONS: `${QUICK_START} --require ${HOOK}`,
        LAWS_REPORTS: front.reports,
      },
    });
    const engine = new RealEngine(front, project);
    await engine.projectOf(STACKS[1]).pulumi(["stack", "init"]);
    for (const each of engine.#projects.values()) await each.setConfig({ "huggingface:maxRetries": "0" });
    return engine;
  }

  async close(): Promise<void> {
    this.front.close();
    await this.projectOf(STACKS[0]).dispose();
  }

  operation(
    stack: Stack,
    program: readonly Declared[],
    options: Options,
    watcher: Watcher,
    hub: LawHub,
  ): EngineOperation {
    const run = (kind: Kind) => this.#run(kind, stack, program, options, watcher, hub);
    return {
      up: () => run(options.preview ? "preview" : "up"),
      refresh: () => run("refresh"),
      destroy: () => run("destroy"),
    };
  }

  /** `pulumi state move`. */
  async move(from: Stack, to: Stack, { type, name }: Kept): Promise<void> {
    const project = this.projectOf(from.name);
    const urn = project.urn(`huggingface:${type}`, name);
    const args = ["state", "move", "--source", from.name, "--dest", to.name, "--yes", urn];
    await project.pulumi(args, { namesStacks: true });
  }

  projectOf(stack: string): Project {
    return this.#projects.get(stack) as Project;
  }

  async #run(
    kind: Kind,
    stack: Stack,
    program: readonly Declared[],
    options: Options,
    watcher: Watcher,
    hub: LawHub,
  ): Promise<Ended> {
    const { front } = this;
    const project = this.projectOf(stack.name);
    await project.write(`declared.${stack.name}.json`, declaredFile(program));
    const mirror = new Mirror(
      stack,
      program,
      { ...options, refreshes: kind === "refresh" || options.refresh === true },
      watcher,
    );
    const urns = (names: readonly string[] | undefined): string[] =>
      (names ?? []).map((name) => project.urn(`huggingface:${typeOf(name, stack, program)}`, name));
    const started = project.start(kind, {
      ...(kind !== "refresh" && { refresh: options.refresh ?? false }),
      target: urns(options.target),
      replace: urns(options.replace),
      // Resources run one after another, as in the simulated engine.
      parallel: 1,
      timeout: 300_000,
      args:
        options.othersGoOn === true && (kind === "up" || kind === "destroy") ? ["--continue-on-error"] : [],
      env: { HF_TOKEN: hub.token, LAWS_NOW: String(Date.now()) },
    });
    let dead = false;
    let broken: Error | undefined;
    front.hub = hub;
    front.reporter = {
      begin: (asked) => mirror.begin(asked),
      end: (answered) => mirror.end(answered),
      say: ({ severity, message }) => watcher.say(severity, message),
      die: (error) => {
        dead = true;
        broken ??= error;
        started.kill();
      },
    };
    const result = await started.result;
    front.reporter = undefined;
    if (broken !== undefined) throw broken;
    if (dead) {
      mirror.die();
      await project.pulumi(["cancel", "--yes"]);
    }
    if (!options.preview) stack.kept = mirror.matched(await this.#stored(project));
    const isExplained = dead || result.code === 0 || mirror.failed || result.text.includes(UNKNOWN_TARGET);
    if (!isExplained) throw new Error(`Nothing has failed, and ${result.command}: ${result.text}`);
    return { failed: result.code !== 0, dead, plan: planOf(result, mirror.refused) };
  }

  /** The resources of the state, read without the CLI, which would take a second. */
  async #stored(project: Project): Promise<StateResource[]> {
    const file = join(project.dir, ".pulumi/backend/.pulumi/stacks", project.name, `${project.stack}.json`);
    const { checkpoint } = JSON.parse(await readFile(file, "utf8")) as {
      checkpoint: { latest?: { resources?: StateResource[] } };
    };
    return (checkpoint.latest?.resources ?? []).filter(({ type }) => type.includes(DYNAMIC));
  }
}

function typeOf(name: string, { kept }: Stack, program: readonly Declared[]): string {
  return [...program, ...kept].find((each) => each.name === name)?.type ?? "none";
}

const PLANS: Partial<Record<string, "same" | "create" | "update" | "replace" | "delete">> = {
  same: "same",
  create: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "replace",
  delete: "delete",
};

/** The plan according to the engine's own steps, without those of its refresh. */
function planOf({ events }: EngineResult, refused: ReadonlySet<string>): Ended["plan"] {
  const plan: Ended["plan"] = new Map();
  for (const { resourcePreEvent } of events) {
    if (!resourcePreEvent) continue;
    const { op, urn, type } = (resourcePreEvent as { metadata: Record<"op" | "urn" | "type", string> })
      .metadata;
    const what = PLANS[op];
    const { name } = resourceOf(urn);
    if (what === undefined || !type.includes(DYNAMIC) || (what === "delete" && plan.has(name))) continue;
    plan.set(name, what);
  }
  for (const name of refused) plan.set(name, "refused");
  return plan;
}
