// What the demo has started, and its end: also after Ctrl-C nothing is left behind.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../lib/report.mjs";
import { workDir } from "../pulumi-env.mjs";
import { fallSilent, say } from "./screen.mjs";

/** @type {Set<import("node:child_process").ChildProcess>} */
const children = new Set();
let folder = "";
let interrupted = false;

/** The demo's own folder. It is deleted at the end. */
export function makeFolder() {
  mkdirSync(workDir, { recursive: true });
  folder = mkdtempSync(join(workDir, `demo-${process.pid}-`));
  return folder;
}

/** @param {string} command @param {string[]} args @param {import("node:child_process").SpawnOptions} [options] */
export function start(command, args, options) {
  if (interrupted) throw new Problem("interrupted");
  // A process group of its own: Ctrl-C reaches this script alone, which then ends the whole group.
  const child = spawn(command, args, { detached: true, stdio: ["ignore", "pipe", "pipe"], ...options });
  children.add(child);
  child.once("close", () => children.delete(child));
  return child;
}

/** Runs the demo, and ends what it has started. @param {() => Promise<void>} demo */
export async function withCleanUp(demo) {
  try {
    await demo();
  } finally {
    // What the demo does after a signal, it does in vain: the signal's handler cleans up and exits.
    if (interrupted) await new Promise(() => undefined);
    await stop();
  }
}

/**
 * Ends what runs: first the engine, which gets some time, because it has to end its plugins (they are no part of its
 * process group); the Hub only then, or what the engine is doing would wait for answers.
 */
async function stop() {
  for (const child of [...children].reverse()) {
    const end = once(child, "close");
    child.kill("SIGINT");
    await Promise.race([end, sleep(10_000, undefined, { ref: false })]);
  }
  cleanUp();
}

/** The last resort, for an end that comes suddenly; otherwise {@link stop} goes before. */
function cleanUp() {
  for (const child of children) {
    try {
      process.kill(-(child.pid ?? 0), "SIGKILL");
    } catch {
      // Gone already.
    }
  }
  children.clear();
  if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

process.on("exit", cleanUp);
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
  process.on(signal, () => {
    if (interrupted) process.exit(code);
    say("\nInterrupted; cleaning up. Once more to leave at once.");
    fallSilent();
    interrupted = true;
    void stop().then(() => process.exit(code));
  });
}
