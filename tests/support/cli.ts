// Runs the command line: as its own process, or in this process, which is faster.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Writable } from "node:stream";
import { createProgram } from "../../cli/src/program";
import { colorsOf, type Terminal } from "../../cli/src/terminal";

/** The built command. */
export const CLI = join(__dirname, "../../cli/bin/pulumi-huggingface.js");

/** How a command ended. */
export interface CliResult {
  /** `null` if a signal ended the process. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The connection of a command. */
export interface CliHub {
  endpoint: string;
  token?: string;
}

/** Variables that would change what a command does. */
const CLEARED = [
  "HF_TOKEN",
  "HUGGING_FACE_HUB_TOKEN",
  "HF_ENDPOINT",
  "HF_TOKEN_PATH",
  "NO_COLOR",
  "FORCE_COLOR",
];

/** The environment of a command: no settings of this machine. */
export function cliEnvironment({ endpoint, token }: CliHub, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of CLEARED) delete env[name];
  return {
    ...env,
    HF_HOME: "/nonexistent",
    HF_ENDPOINT: endpoint,
    ...(token !== undefined && { HF_TOKEN: token }),
    ...more,
  };
}

/** A command that runs in its own process. */
export interface RunningCli {
  process: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Waits until a part of the output matches. Fails if the process ends before. */
  sees(text: RegExp): Promise<void>;
  ended: Promise<CliResult>;
}

const running = new Set<ChildProcess>();

/** Ends the commands that a failed test left behind. Call it after each test that starts a command. */
export function endCommands(): void {
  for (const child of running) child.kill("SIGKILL");
}

/** Starts the built command in its own process. */
export function startCli(args: readonly string[], hub: CliHub, env: NodeJS.ProcessEnv = {}): RunningCli {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: cliEnvironment(hub, env),
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = once(child, "close").then(([code]) => {
    running.delete(child);
    return { code: code as number | null, stdout, stderr };
  });
  return {
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    sees: async (text) => {
      let isOver = false;
      void ended.then(() => (isOver = true));
      while (!text.test(stdout + stderr)) {
        if (isOver) throw new Error(`The command ended without ${String(text)}: ${stdout}${stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
}

/** Runs the built command in its own process until it ends. */
export function runCli(
  args: readonly string[],
  hub: CliHub,
  env: NodeJS.ProcessEnv = {},
): Promise<CliResult> {
  return startCli(args, hub, env).ended;
}

/** The terminal of a command that runs in this process. */
export interface InProcessOptions {
  /** The columns of a terminal. Default: a pipe. */
  columns?: number;
  env?: NodeJS.ProcessEnv;
}

/** Runs a command in this process. The commands of a test file run one after another. */
export async function runInProcess(
  args: readonly string[],
  hub: CliHub,
  { columns, env = {} }: InProcessOptions = {},
): Promise<CliResult> {
  const before = { env: process.env, exitCode: process.exitCode };
  process.env = cliEnvironment(hub, env);
  process.exitCode = 0;
  const out = new FakeStream(columns);
  const err = new FakeStream(columns);
  const terminal = {
    out: out as unknown as NodeJS.WriteStream,
    err: err as unknown as NodeJS.WriteStream,
    colors: colorsOf({ isTTY: columns !== undefined }, process.env),
  } satisfies Terminal;
  try {
    const program = createProgram(terminal);
    for (const command of [program, ...program.commands]) command.exitOverride();
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    const { code, exitCode, message } = error as Error & { code?: string; exitCode?: number };
    // commander has already printed its own errors.
    if (code?.startsWith("commander.")) process.exitCode = exitCode ?? 1;
    else {
      err.write(`error: ${message}\n`);
      process.exitCode = 1;
    }
  }
  const code = Number(process.exitCode);
  process.env = before.env;
  process.exitCode = before.exitCode;
  return { code, stdout: out.text, stderr: err.text };
}

/** Collects what is written. With columns, it is a terminal that ignores movements of the cursor. */
class FakeStream extends Writable {
  text = "";
  readonly isTTY: boolean;

  constructor(readonly columns: number | undefined) {
    super();
    this.isTTY = columns !== undefined;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString("utf8");
    done();
  }

  clearLine(): boolean {
    return true;
  }

  cursorTo(): boolean {
    this.text += "\r";
    return true;
  }
}
