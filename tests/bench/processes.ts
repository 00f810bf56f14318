import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** The result of a command. */
export interface Run {
  code: number | null;
  /** Standard output and standard error together. */
  text: string;
  stdout: string;
  seconds: number;
  /**
   * Processor time of the command and all its descendants; NaN if the system does not measure it. Other processes
   * affect it less than the elapsed time.
   */
  cpuSeconds: number;
  /** Peak resident memory (MB) of the command and all its descendants together; only on request. */
  peakMegabytes: number;
}

/** Options of {@link run}. */
export interface RunOptions {
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  /** Measure the memory several times a second. Default false, because it takes a little time. Linux only. */
  memory?: boolean;
  /** Return the result of a failing command too. */
  allowFailure?: boolean;
}

const SAMPLE_MS = 200;

/** A shell counts the time of its children and their children; Node.js does not. */
const COUNTED = ["-c", 'TIMEFORMAT="processors %3U %3S"; time "$@"', "bash"];

/** Runs a command until it ends. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    const child = spawn("bash", [...COUNTED, command, ...args], {
      cwd: options.cwd,
      env: options.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    let stdout = "";
    let peak = 0;
    const timer = options.memory
      ? setInterval(() => (peak = Math.max(peak, familyMemory(child.pid ?? 0))), SAMPLE_MS)
      : undefined;
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
      text += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    child.once("error", reject);
    child.once("close", (code) => {
      clearInterval(timer);
      const seconds = (performance.now() - begin) / 1000;
      const [counted, user, system] = /processors ([\d.]+) ([\d.]+)\s*$/.exec(text) ?? [];
      if (counted !== undefined) text = text.slice(0, -counted.length);
      const cpuSeconds = Number(user) + Number(system);
      if (code !== 0 && !options.allowFailure) {
        reject(new Error(`${command} ${args.join(" ")} ended with code ${code}\n${text.slice(-4000)}`));
      } else {
        resolve({ code, text, stdout, seconds, cpuSeconds, peakMegabytes: peak });
      }
    });
  });
}

/** Resident memory of a process and its descendants, in MB. Shared pages count for each process. */
function familyMemory(pid: number): number {
  const parents = new Map<number, number>();
  const pages = new Map<number, number>();
  let entries: string[];
  try {
    entries = readdirSync("/proc");
  } catch {
    return NaN;
  }
  for (const entry of entries) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      // The fields after the name, which may contain any character: state, parent, …, resident pages as the 22nd.
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      parents.set(Number(entry), Number(fields[1]));
      pages.set(Number(entry), Number(fields[21]));
    } catch {
      // The process has just ended.
    }
  }
  const isOurs = (each: number | undefined): boolean =>
    each !== undefined && each > 1 && (each === pid || isOurs(parents.get(each)));
  let total = 0;
  for (const [each, resident] of pages) if (isOurs(each)) total += resident;
  return (total * 4096) / 1e6;
}
