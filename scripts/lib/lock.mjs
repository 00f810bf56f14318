import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "./report.mjs";

/**
 * Does some work while no other process does the same. The file has the id of the process at work; if that process has died, the next
 * one takes over.
 *
 * @template T
 * @param {string} file
 * @param {string} what What the work is, for the line that says why nothing happens: "setting up this folder".
 * @param {() => Promise<T>} work
 * @param {(line: string) => void} [log]
 * @returns {Promise<T>}
 */
export async function withLock(file, what, work, log = say) {
  mkdirSync(dirname(file), { recursive: true });
  for (let told = false; !acquire(file); told = true) {
    if (!told) log(`Another process is ${what}; waiting for it … (If there is none, delete ${file}.)`);
    await sleep(300);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param {string} file @returns {boolean} */
function acquire(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  if (holderLives(file)) return false;
  rmSync(file, { force: true });
  return acquire(file);
}

/** @param {string} file */
function holderLives(file) {
  try {
    process.kill(Number(readFileSync(file, "utf8")), 0);
    return true;
  } catch (error) {
    // No such process, or no file any more. EPERM means that it belongs to another user.
    return error.code !== "ESRCH" && error.code !== "ENOENT";
  }
}
