import { spawn, type ChildProcess } from "node:child_process";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { startLocalHub, type LocalHub, type LocalHubOptions } from "huggingface-local-hub";
import type * as Seam from "../contract/seam";

/** A Hub for one test file. */
export type Hub = LocalHub;

/** Starts a Hub in this process. Every answer is checked against its schema, so a test also tests the Hub. */
export async function startHub(options: LocalHubOptions = {}): Promise<Hub> {
  const hub = await startLocalHub({ checkAnswers: true, ...options });
  return contract()?.behindFront(hub) ?? hub;
}

/** The contract test also runs these tests, with a proxy in front of each Hub. */
function contract(): typeof Seam | undefined {
  return process.env["CONTRACT_DOCUMENT"] ? (require("../contract/seam") as typeof Seam) : undefined;
}

/** A Hub in its own process. */
export interface HubProcess {
  endpoint: string;
  tokens: Hub["tokens"];
  process: ChildProcess;
  /** The standard output so far. */
  stdout(): string;
  /** The standard error so far. */
  stderr(): string;
  /** Sends a signal and waits for the process to end. Returns the exit code, or null after a kill. Default: SIGTERM. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Flags of the command line. */
export interface HubProcessOptions {
  profile?: "extended" | "public";
  state?: string;
  seed?: string;
  latency?: number;
  rateLimit?: number;
  port?: number;
}

/** The built command line. */
export const HUB_CLI = join(dirname(require.resolve("huggingface-local-hub")), "cli.js");

/** Starts the built command line, and waits until it reports that it listens. */
export async function startHubProcess(options: HubProcessOptions = {}): Promise<HubProcess> {
  const args = ["--port", String(options.port ?? 0)];
  if (options.profile) args.push("--profile", options.profile);
  if (options.state) args.push("--state", options.state);
  if (options.seed) args.push("--seed", options.seed);
  if (options.latency !== undefined) args.push("--latency", String(options.latency));
  if (options.rateLimit !== undefined) args.push("--rate-limit", String(options.rateLimit));
  const child = spawn(process.execPath, [HUB_CLI, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once("line", resolve);
    void ended.then((code) => reject(new Error(`The Hub ended with code ${code}: ${stderr}`)));
  });
  const { endpoint, tokens } = JSON.parse(line) as Pick<Hub, "endpoint" | "tokens">;
  const front = await contract()?.frontBefore(endpoint);
  if (front) void ended.then(() => front.close());
  return {
    endpoint: front?.endpoint ?? endpoint,
    tokens,
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    stop: (signal = "SIGTERM") => {
      child.kill(signal);
      return ended;
    },
  };
}
