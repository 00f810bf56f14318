// Starts the demo's processes and cleans up after them, also after Ctrl-C.
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

/** Creates the demo's folder, which is deleted at the end. */
export function makeFolder() {
  mkdirSync(workDir, { recursive: true });
  folder = mkdtempSync(join(workDir, `demo-${process.pid}-`));
  return folder;
}

/** @param {string} command @param {string[]} args @param {import("node:child_process").SpawnOptions} [options] */
export function start(command, args, options) {
  if (interrupted) throw new Problem("interrupted");
  // In a separate process group, so that Ctrl-C reaches only this script, which then stops the whole group.
  const child = spawn(command, args, { detached: true, stdio: ["ignore", "pipe", "pipe"], ...options });
  children.add(child);
  child.once("close", () => children.delete(child));
  return child;
}

/** Runs the demo, then stops every process that it started. @param {() => Promise<void>} demo */
export async function withCleanUp(demo) {
  try {
    await demo();
  } finally {
    // After a signal, wait: the signal handler cleans up and exits.
    if (interrupted) await new Promise(() => undefined);
    await stop();
  }
}

/**
 * Stops the engine first, and waits for it: it has to stop its plugins, which are in other process groups. The Hub
 * stops last because the engine may be waiting for its answers.
 */
async function stop() {
  for (const child of [...children].reverse()) {
    const end = once(child, "close");
    child.kill("SIGINT");
    await Promise.race([end, sleep(10_000, undefined, { ref: false })]);
  }
  cleanUp();
}

/** Kills what still runs and deletes the folder. Normally {@link stop} has stopped everything before. */
function cleanUp() {
  for (const child of children) {
    try {
      process.kill(-(child.pid ?? 0), "SIGKILL");
    } catch {
      // It has exited already.
    }
  }
  children.clear();
  if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

process.on("exit", cleanUp);
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
  process.on(signal, () => {
    if (interrupted) process.exit(code);
    say("\nInterrupted. Cleaning up … Press Ctrl-C again to exit immediately.");
    fallSilent();
    interrupted = true;
    void stop().then(() => process.exit(code));
  });
}
