import { randomUUID } from "node:crypto";
import {
  mkdirSync,
  readFileSync,
  rmSync,
  rmdirSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";

/** A holder shows every few seconds that it lives; one that has not for so long (ms) is taken for dead. */
const SILENCE = 120_000;

const sleep = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Does some work while no other process does the same. A lock whose holder died is taken over.
 *
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @param {{ onWait?: () => void }} [options] `onWait` is called once when another process holds the lock.
 * @returns {Promise<T>}
 */
export async function withLock(file, work, { onWait } = {}) {
  mkdirSync(dirname(file), { recursive: true });
  const owner = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
  let told = false;
  while (!acquire(file, owner)) {
    if (isStale(file)) {
      breakLock(file);
      continue;
    }
    if (!told) onWait?.();
    told = true;
    await sleep(300);
  }
  const alive = setInterval(() => {
    try {
      const now = new Date();
      utimesSync(file, now, now);
    } catch {
      // Somebody took it for dead; the work itself ends in one rename, so nothing is harmed.
    }
  }, 10_000);
  alive.unref();
  const release = () => {
    clearInterval(alive);
    if (read(file) === owner) rmSync(file, { force: true });
  };
  process.once("exit", release);
  try {
    return await work();
  } finally {
    process.off("exit", release);
    release();
  }
}

/** @param {string} file @param {string} owner */
function acquire(file, owner) {
  try {
    writeFileSync(file, owner, { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** @param {string} file */
function isStale(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > SILENCE) return true;
  } catch {
    return false;
  }
  try {
    const { pid, host } = JSON.parse(read(file) ?? "");
    if (host !== hostname()) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // No such process. A lock that cannot be read is being written at this moment, or it falls silent.
    return error.code === "ESRCH";
  }
}

/**
 * Removes a stale lock; of several processes that find it stale only one does, and looks again first, so that
 * nobody's fresh lock is removed.
 *
 * @param {string} file
 */
function breakLock(file) {
  const guard = `${file}.breaking`;
  try {
    mkdirSync(guard);
  } catch {
    try {
      if (Date.now() - statSync(guard).mtimeMs > 10_000) rmdirSync(guard);
    } catch {
      // Gone already.
    }
    return;
  }
  try {
    if (isStale(file)) unlinkSync(file);
  } catch {
    // Gone already.
  } finally {
    rmdirSync(guard);
  }
}
