// Stacks on the real Pulumi engine. Each has its own folder with a program, a backend and a Pulumi home, so that
// tests can run at the same time and everything that the engine wrote can be searched afterwards.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { isDeepStrictEqual, stripVTControlCharacters } from "node:util";
import { pulumiBinDir } from "./pulumiCli";

/** Environment variables on top of the harness's own; undefined removes one. */
export type Env = Record<string, string | undefined>;

/** A value of the stack's configuration: plain text, or encrypted. */
export type ConfigValue = string | { secret: string };

export interface ProjectOptions {
  /** The project's name, and the beginning of the folder's name. Default: "test". */
  name?: string;
  /** The stack's name. Default: "dev". */
  stack?: string;
  /** The program's files by their path in the project's folder. The entry is index.ts or index.js. */
  program: Record<string, string>;
  /** The entry file, if it is neither index.ts nor index.js. */
  main?: string;
  /** The stack's configuration: `{"huggingface:token": {secret: "hf_…"}}`. */
  config?: Record<string, ConfigValue>;
  /** Variables for every command of this project, such as HF_ENDPOINT and HF_TOKEN. */
  env?: Env;
  /**
   * The parent of the project's folder. Default: a folder in the repository, so that the program finds the
   * workspace's packages in a parent's node_modules.
   */
  parent?: string;
  /** Another machine's folder with the same project and stack in a shared backend. Its configuration file is copied. */
  sameStackAs?: Project;
}

export interface CommandOptions {
  /** Variables on top of the project's environment. */
  env?: Env;
  /** Also returns the result of a failing command. By default it throws an {@link EngineError}. */
  allowFailure?: boolean;
  /** Further arguments, unchanged. */
  args?: string[];
  /** The time in milliseconds after which the command and its child processes are killed. Default: 120 000. */
  timeout?: number;
  /** Set if the arguments name the stacks and the command does not accept `--stack`. */
  namesStacks?: true;
}

export interface OperationOptions extends CommandOptions {
  /** `--refresh` (up, preview, destroy). */
  refresh?: boolean;
  /** `--run-program` (refresh, destroy; with `refresh` also up and preview). */
  runProgram?: boolean;
  /** `--expect-no-changes`. */
  expectNoChanges?: boolean;
  /** `--preview-only` (refresh, destroy). */
  previewOnly?: boolean;
  /** Runs up, refresh and destroy without their preview, which takes half the time. Default: true. */
  skipPreview?: boolean;
  /** `--diff`: the output shows each property that changes. */
  diff?: boolean;
  /** `--json`: standard output is one JSON document. */
  json?: boolean;
  /** `--show-secrets` (up, preview, destroy). */
  showSecrets?: boolean;
  /** `--target`: URNs, see {@link Project.urn}. */
  target?: string | string[];
  /** `--replace` (up, preview): URNs. */
  replace?: string | string[];
  /** `--parallel`: how many resources are handled at the same time. The engine's default is 8. */
  parallel?: number;
}

/** The kind of a step, in the engine's words. */
export type Op =
  | "same"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "read"
  | "read-replacement"
  | "refresh"
  | "discard"
  | "discard-replaced"
  | "remove-pending-replace"
  | "import"
  | "import-replacement";

/** One property that changes. */
export interface PropertyDiff {
  /** For example "update", "add", "delete", "update-replace". */
  diffKind: string;
  /** True if the input differs, false if the output differs. */
  inputDiff: boolean;
}

/** One side of a step: what the engine knew about the resource. The engine has already masked secrets. */
export interface StepState {
  type: string;
  urn: string;
  id: string;
  parent: string;
  provider: string;
  protect?: boolean;
  retainOnDelete?: boolean;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

/** What the engine planned for one resource and, outside of previews, whether it happened. */
export interface Step {
  op: Op;
  urn: string;
  type: string;
  name: string;
  /** Properties that require a replacement. */
  keys: string[];
  /** Properties that differ according to the provider. A dynamic provider never reports them. */
  diffs: string[];
  /** The same with details, from the provider: always empty for a dynamic provider, except in a refresh. */
  detailedDiff: Record<string, PropertyDiff>;
  old: StepState | null;
  new: StepState | null;
  /** Inputs that differ between `old` and `new`, found by this harness: sorted names, without `__provider`. */
  changedInputs: string[];
  /** Outputs that differ. In a preview, `new` lacks outputs that are not known yet. */
  changedOutputs: string[];
  outcome: "done" | "failed" | "planned";
}

/** A message of the engine, the program or a provider. */
export interface Diagnostic {
  severity: "debug" | "info" | "info#err" | "warning" | "error";
  message: string;
  urn?: string;
}

/** One line of the engine's event log, not interpreted. */
export type EngineEvent = Record<string, unknown> & { sequence: number; timestamp: number };

export interface EngineResult {
  /** The command that was run, for messages. */
  command: string;
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Without colors, like all text here. */
  stdout: string;
  stderr: string;
  /** Standard output followed by standard error. */
  text: string;
  /** How often each operation occurs, from the engine's own summary. The stack itself counts too. */
  changes: Partial<Record<Op, number>>;
  /** The steps in the engine's order, without stack and providers. */
  steps: Step[];
  /** All steps, including the stack and the providers. */
  allSteps: Step[];
  /** Messages, without those of severity "debug". */
  diagnostics: Diagnostic[];
  events: EngineEvent[];
  milliseconds: number;
}

/** A command that failed, with all its output. */
export class EngineError extends Error {
  constructor(readonly result: EngineResult) {
    super(
      `${result.command} ended with ${result.signal ?? `code ${result.code}`}\n${result.stdout}\n${result.stderr}`,
    );
    this.name = "EngineError";
  }
}

/** A resource in the state. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  custom: boolean;
  delete?: boolean;
  parent?: string;
  provider?: string;
  protect?: boolean;
  retainOnDelete?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  additionalSecretOutputs?: string[];
  dependencies?: string[];
  initErrors?: string[];
}

export interface StackState {
  version: number;
  deployment: {
    resources?: StateResource[];
    pending_operations?: { type: string; resource: StateResource }[];
  };
}

/** One file that the engine wrote. */
export interface EngineFile {
  /** Relative to the project's folder. */
  path: string;
  text: string;
}

/** A running command, for tests that end it early. */
export interface StartedCommand {
  child: ChildProcess;
  /** Ends the CLI and all its child processes. Default: SIGKILL. */
  kill(signal?: NodeJS.Signals): void;
  /** Resolves when the output so far (standard output and error) matches. */
  waitFor(pattern: RegExp | string, timeout?: number): Promise<void>;
  /** Resolves when the command ends, whatever its exit code. */
  result: Promise<EngineResult>;
}

/** The options of Node.js for the program and the process of its dynamic resources, see quickStart.cjs. */
export const QUICK_START = `--require ${join(__dirname, "quickStart.cjs")}`;

type Operation = "up" | "preview" | "refresh" | "destroy" | "import";

/** Every command that is still running. None may outlive the test run. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) killTree(child, "SIGKILL");
});

/**
 * Ends a command with all its child processes, as a machine failure would. The engine gives each plugin its own
 * process group, so the processes are found by their parents. Otherwise, a busy plugin would survive.
 */
function killTree(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  const children = new Map<number, number[]>();
  for (const line of execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).split("\n")) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (pid && parent) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const family = [child.pid];
  for (const pid of family) family.push(...(children.get(pid) ?? []));
  for (const pid of family) {
    try {
      process.kill(pid, signal);
    } catch {
      // The process has already ended.
    }
  }
}

/** The key that marks a secret in a stored state. */
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";

/** True for a value that the state stores encrypted (or, in a decrypted export, marks as secret). */
export function isSecretInState(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as Record<string, unknown>)[SIGNATURE_KEY] === SECRET_SIGNATURE
  );
}

/** One stack of one project in its own folder. */
export class Project {
  private eventLogs = 0;

  /** @internal Use {@link createProject}. */
  constructor(
    /** The project's folder. */
    readonly dir: string,
    readonly name: string,
    readonly stack: string,
    /** The complete environment of each command. */
    readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Creates or changes a file of the program. */
  async write(file: string, text: string): Promise<void> {
    const path = join(this.dir, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }

  /** The URN of a resource. `type` is the short form "huggingface:HubToken" or a complete type token. */
  urn(type: string, name: string): string {
    const token = type.startsWith("huggingface:") ? `pulumi-nodejs:dynamic/${type}` : type;
    return `urn:pulumi:${this.stack}::${this.name}::${token}::${name}`;
  }

  up(options: OperationOptions = {}): Promise<EngineResult> {
    return this.operation("up", options);
  }

  preview(options: OperationOptions = {}): Promise<EngineResult> {
    return this.operation("preview", options);
  }

  refresh(options: OperationOptions = {}): Promise<EngineResult> {
    return this.operation("refresh", options);
  }

  destroy(options: OperationOptions = {}): Promise<EngineResult> {
    return this.operation("destroy", options);
  }

  /** `pulumi import --file` with this content. */
  async importFile(content: object, options: OperationOptions = {}): Promise<EngineResult> {
    await this.write("import.json", JSON.stringify(content));
    const args = [
      "--file",
      "import.json",
      "--generate-code=false",
      "--protect=false",
      ...(options.args ?? []),
    ];
    return this.operation("import", { ...options, args });
  }

  /** Starts an operation without waiting for its end. */
  start(operation: "up" | "preview" | "refresh" | "destroy", options: OperationOptions = {}): StartedCommand {
    const log = this.nextEventLog();
    return this.spawn([...operationArgs(operation, options), "--event-log", log], options, log);
  }

  /** Runs any other command of the CLI. */
  async pulumi(args: string[], options: CommandOptions = {}): Promise<EngineResult> {
    return this.finish(this.spawn(args, options), options);
  }

  /** The stack's outputs. Secrets are shown as "[secret]" by default. */
  async outputs<T = Record<string, unknown>>({ showSecrets = false } = {}): Promise<T> {
    const args = ["stack", "output", "--json", ...(showSecrets ? ["--show-secrets"] : [])];
    return JSON.parse((await this.pulumi(args)).stdout) as T;
  }

  /** The state from `stack export`. Secrets stay encrypted by default. */
  async state({ showSecrets = false } = {}): Promise<StackState> {
    const args = ["stack", "export", ...(showSecrets ? ["--show-secrets"] : [])];
    return JSON.parse((await this.pulumi(args)).stdout) as StackState;
  }

  /** The resource with this name in the state, or undefined. */
  async resource(
    name: string,
    options: { showSecrets?: boolean; type?: string } = {},
  ): Promise<StateResource | undefined> {
    const { deployment } = await this.state(options);
    return deployment.resources?.find(
      (r) => r.urn.endsWith(`::${name}`) && (options.type === undefined || r.type.endsWith(options.type)),
    );
  }

  /** Replaces the state with an edited one (`stack import`). */
  async importState(state: StackState): Promise<void> {
    await this.write("state.json", JSON.stringify(state));
    await this.pulumi(["stack", "import", "--file", "state.json"]);
    await rm(join(this.dir, "state.json"));
  }

  /**
   * Everything that the engine wrote: checkpoints, their backups, the history, the CLI's logs and the stack's
   * configuration. This harness's event logs are not included.
   */
  async rawStateFiles(): Promise<EngineFile[]> {
    const files: EngineFile[] = [];
    const add = async (path: string) => {
      files.push({ path: relative(this.dir, path), text: await readFile(path, "utf8") });
    };
    for (const folder of ["backend", "home"]) {
      const entries = await readdir(join(this.dir, ".pulumi", folder), {
        recursive: true,
        withFileTypes: true,
      });
      for (const entry of entries) if (entry.isFile()) await add(join(entry.parentPath, entry.name));
    }
    for (const entry of await readdir(this.dir)) {
      if (/^Pulumi\..+\.yaml$/.test(entry)) await add(join(this.dir, entry));
    }
    return files;
  }

  async setConfig(config: Record<string, ConfigValue>): Promise<void> {
    const args = Object.entries(config).flatMap(([key, value]) =>
      typeof value === "string" ? ["--plaintext", `${key}=${value}`] : ["--secret", `${key}=${value.secret}`],
    );
    if (args.length > 0) await this.pulumi(["config", "set-all", ...args]);
  }

  async removeConfig(...keys: string[]): Promise<void> {
    await this.pulumi(["config", "rm-all", ...keys]);
  }

  /** Deletes the folder. What the stack created elsewhere stays. KEEP_STACKS=1 keeps the folder for debugging. */
  async dispose(): Promise<void> {
    if (process.env.KEEP_STACKS) return;
    await rm(this.dir, { recursive: true, force: true, maxRetries: 3 });
  }

  private async operation(operation: Operation, options: OperationOptions): Promise<EngineResult> {
    const log = this.nextEventLog();
    const args = [...operationArgs(operation, options), "--event-log", log];
    return this.finish(this.spawn(args, options, log), options);
  }

  private nextEventLog(): string {
    this.eventLogs += 1;
    return join(this.dir, ".events", `${this.stack}-${this.eventLogs}.jsonl`);
  }

  private async finish(started: StartedCommand, options: CommandOptions): Promise<EngineResult> {
    const result = await started.result;
    if (result.code !== 0 && !options.allowFailure) throw new EngineError(result);
    return result;
  }

  private spawn(args: string[], options: CommandOptions, eventLog?: string): StartedCommand {
    const env: Record<string, string> = { ...this.env };
    for (const [key, value] of Object.entries(options.env ?? {})) {
      if (value === undefined) delete env[key];
      else env[key] = value;
    }
    const begin = Date.now();
    const stack = options.namesStacks ? [] : ["--stack", this.stack];
    const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never", ...stack], {
      cwd: this.dir,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    let stdout = "";
    let stderr = "";
    const watchers = new Set<() => void>();
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
      for (const watcher of watchers) watcher();
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
      for (const watcher of watchers) watcher();
    });
    const limit = options.timeout ?? 120_000;
    const timer = setTimeout(() => {
      stderr += `\nkilled after ${limit} ms\n`;
      killTree(child, "SIGKILL");
    }, limit);

    const result = new Promise<EngineResult>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => {
        clearTimeout(timer);
        running.delete(child);
        readEvents(eventLog).then((events) => {
          stdout = stripVTControlCharacters(stdout);
          stderr = stripVTControlCharacters(stderr);
          resolve({
            command: `pulumi ${args.join(" ")}`,
            code,
            signal,
            stdout,
            stderr,
            text: stdout + stderr,
            ...interpret(events),
            events,
            milliseconds: Date.now() - begin,
          });
        }, reject);
      });
    });
    // A test that kills a command may never use its result.
    result.catch(() => undefined);

    return {
      child,
      result,
      kill: (signal = "SIGKILL") => killTree(child, signal),
      waitFor: (pattern, timeout = 60_000) =>
        new Promise<void>((resolve, reject) => {
          const matches = () =>
            typeof pattern === "string" ? (stdout + stderr).includes(pattern) : pattern.test(stdout + stderr);
          const done = (error?: Error) => {
            clearTimeout(waiting);
            watchers.delete(watcher);
            child.off("close", ended);
            if (error) reject(error);
            else resolve();
          };
          const watcher = () => {
            if (matches()) done();
          };
          const ended = () =>
            done(
              matches() ? undefined : new Error(`ended without ${String(pattern)}:\n${stdout}\n${stderr}`),
            );
          const waiting = setTimeout(
            () => done(new Error(`no ${String(pattern)} in ${timeout} ms:\n${stdout}\n${stderr}`)),
            timeout,
          );
          watchers.add(watcher);
          child.once("close", ended);
          watcher();
        }),
    };
  }
}

function operationArgs(operation: Operation, options: OperationOptions): string[] {
  const args: string[] = [operation];
  if (operation !== "preview" && !options.previewOnly) {
    args.push("--yes");
    if (options.skipPreview ?? true) args.push("--skip-preview");
  }
  if (options.previewOnly) args.push("--preview-only");
  if (options.refresh) args.push("--refresh");
  if (options.runProgram) args.push("--run-program");
  if (options.expectNoChanges) args.push("--expect-no-changes");
  if (options.diff) args.push("--diff");
  if (options.json) args.push("--json");
  if (options.showSecrets) args.push("--show-secrets");
  if (options.parallel !== undefined) args.push("--parallel", String(options.parallel));
  for (const urn of [options.target ?? []].flat()) args.push("--target", urn);
  for (const urn of [options.replace ?? []].flat()) args.push("--replace", urn);
  return [...args, ...(options.args ?? [])];
}

async function readEvents(file: string | undefined): Promise<EngineEvent[]> {
  if (file === undefined) return [];
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    // The command failed before the engine started.
    return [];
  }
  const events: EngineEvent[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    try {
      events.push(JSON.parse(line) as EngineEvent);
    } catch {
      // A killed engine leaves an incomplete last line.
    }
  }
  return events;
}

interface StepMetadata {
  op: Op;
  urn: string;
  type: string;
  keys?: string[] | null;
  diffs?: string[] | null;
  detailedDiff?: Record<string, PropertyDiff> | null;
  old: StepState | null;
  new: StepState | null;
}

function interpret(
  events: EngineEvent[],
): Pick<EngineResult, "changes" | "steps" | "allSteps" | "diagnostics"> {
  const changes: EngineResult["changes"] = {};
  const allSteps: Step[] = [];
  const diagnostics: Diagnostic[] = [];
  const latest = (metadata: StepMetadata) =>
    allSteps.filter((step) => step.urn === metadata.urn && step.outcome === "planned").at(-1);
  for (const event of events) {
    if (event.resourcePreEvent) {
      const { metadata } = event.resourcePreEvent as { metadata: StepMetadata };
      allSteps.push({
        op: metadata.op,
        urn: metadata.urn,
        type: metadata.type,
        name: metadata.urn.slice(metadata.urn.lastIndexOf("::") + 2),
        keys: metadata.keys ?? [],
        diffs: metadata.diffs ?? [],
        detailedDiff: metadata.detailedDiff ?? {},
        old: metadata.old,
        new: metadata.new,
        changedInputs: changed(metadata.old?.inputs, metadata.new?.inputs),
        changedOutputs: changed(metadata.old?.outputs, metadata.new?.outputs),
        outcome: "planned",
      });
    } else if (event.resOutputsEvent) {
      const { metadata } = event.resOutputsEvent as { metadata: StepMetadata };
      const step = latest(metadata);
      if (step) {
        // A refresh knows the step's real kind only after it has read the resource.
        step.op = metadata.op;
        step.diffs = metadata.diffs ?? step.diffs;
        step.detailedDiff = metadata.detailedDiff ?? step.detailedDiff;
        step.old = metadata.old ?? step.old;
        step.new = metadata.new;
        step.changedInputs = changed(step.old?.inputs, step.new?.inputs);
        step.changedOutputs = changed(step.old?.outputs, step.new?.outputs);
        step.outcome = "done";
      }
    } else if (event.resOpFailedEvent) {
      const step = latest((event.resOpFailedEvent as { metadata: StepMetadata }).metadata);
      if (step) step.outcome = "failed";
    } else if (event.diagnosticEvent) {
      const diagnostic = event.diagnosticEvent as Diagnostic;
      if (diagnostic.severity !== "debug") {
        diagnostics.push({
          severity: diagnostic.severity,
          message: stripVTControlCharacters(diagnostic.message).replace(/<\{%.*?%\}>/g, ""),
          ...(diagnostic.urn ? { urn: diagnostic.urn } : {}),
        });
      }
    } else if (event.summaryEvent) {
      const { resourceChanges } = event.summaryEvent as { resourceChanges?: EngineResult["changes"] };
      Object.assign(changes, resourceChanges ?? {});
    }
  }
  const steps = allSteps.filter(
    (step) => step.type !== "pulumi:pulumi:Stack" && !step.type.startsWith("pulumi:providers:"),
  );
  return { changes, steps, allSteps, diagnostics };
}

function changed(before: Record<string, unknown> = {}, after: Record<string, unknown> = {}): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => key !== "__provider" && !isDeepStrictEqual(before[key], after[key]))
    .sort();
}

/** Writes a program into a new folder and creates its stack. {@link Project.dispose} deletes the folder. */
export async function createProject(options: ProjectOptions): Promise<Project> {
  const { pulumiEnv, workDir } = await import("../../scripts/pulumi-env.mjs");
  const binDir = await pulumiBinDir();
  const name = options.name ?? "test";
  const stack = options.stack ?? "dev";
  const main = options.main ?? (options.program["index.ts"] === undefined ? "index.js" : "index.ts");
  const parent = options.parent ?? join(workDir, "engine");
  await mkdir(parent, { recursive: true });
  const dir = await mkdtemp(join(parent, `${basename(name)}-`));
  const extra = {
    // Events of severity "debug" go to the log file too. The flag itself requires this variable.
    PULUMI_DEBUG_COMMANDS: "true",
    NODE_OPTIONS: QUICK_START,
    ...options.env,
  };
  const project = new Project(dir, name, stack, pulumiEnv({ dir: join(dir, ".pulumi"), binDir, extra }));
  await mkdir(join(dir, ".events"));
  await project.write("Pulumi.yaml", `name: ${name}\nruntime: nodejs\nmain: ${main}\n`);
  await project.write("package.json", `{ "name": "${name}", "private": true }\n`);
  for (const [file, text] of Object.entries(options.program)) await project.write(file, text);
  if (options.sameStackAs) {
    const file = `Pulumi.${stack}.yaml`;
    await project.write(file, await readFile(join(options.sameStackAs.dir, file), "utf8"));
  } else {
    await project.pulumi(["stack", "init"]);
  }
  await project.setConfig(options.config ?? {});
  return project;
}
