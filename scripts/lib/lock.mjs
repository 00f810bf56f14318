import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "./report.mjs";

/**
 * Does some work that only one process may do at a time. The lock file contains the id of the process that works; if that process has
 * died, the next process takes over the lock.
 *
 * @template T
 * @param {string} file
 * @param {string} what The work, for the message to a process that waits, such as "setting up this folder".
 * @param {() => Promise<T>} work
 * @param {(line: string) => void} [log]
 * @returns {Promise<T>}
 */
export async function withLock(file, what, work, log = say) {
  mkdirSync(dirname(file), { recursive: true });
  for (let told = false; !acquire(file); told = true) {
    if (!told) log(`Another process is ${what}. Waiting for it … (If no such process runs, delete ${file}.)`);
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
    // ESRCH: no such process. ENOENT: the file is gone. EPERM means that the process belongs to another user.
    return error.code !== "ESRCH" && error.code !== "ENOENT";
  }
}
