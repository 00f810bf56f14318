import { execFile, spawn } from "node:child_process";
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/**
 * Runs a command and returns its output. It does not throw for an exit code other than 0.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number }} [options] `timeout` in milliseconds.
 * @returns {Promise<{ code: number | null, stdout: string, output: string }>} `output` is standard output and standard error.
 */
export async function capture(command, args, options = {}) {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, { maxBuffer: 1 << 28, ...options });
    return { code: 0, stdout, output: stdout + stderr };
  } catch (error) {
    // The code is a string, such as ENOENT, if the command could not be started.
    if (typeof error.code === "string") throw error;
    const ending = error.killed ? `\nstopped after ${Number(options.timeout) / 1000} s (timeout)` : "";
    return { code: error.code, stdout: error.stdout, output: error.stdout + error.stderr + ending };
  }
}

/**
 * Runs a command that uses this process's input and output.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 * @returns {Promise<number>} The exit code; 130 or 143 if a signal ended the command.
 */
export function passThrough(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: "inherit", ...options });
    // A terminal sends Ctrl-C to both processes; other senders of a signal reach only this process.
    const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    process.on("SIGINT", forward).on("SIGTERM", forward);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      process.off("SIGINT", forward).off("SIGTERM", forward);
      resolve(signal ? 128 + (signal === "SIGINT" ? 2 : 15) : (code ?? 1));
    });
  });
}

/** Returns the last lines of an output, for an error message. @param {string} output */
export function tail(output, lines = 15) {
  return output.trimEnd().split("\n").slice(-lines).join("\n");
}

/**
 * Finds an executable.
 *
 * @param {string} name
 * @param {string} [path] A list of folders in the format of PATH.
 * @returns {string | undefined}
 */
export function which(name, path = process.env.PATH ?? "") {
  const names = process.platform === "win32" ? [`${name}.exe`, `${name}.cmd`] : [name];
  return path
    .split(delimiter)
    .flatMap((dir) => names.map((file) => join(dir || ".", file)))
    .find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * Returns true if node was started with this module.
 *
 * @param {string} url The module's import.meta.url.
 */
export function isMain(url) {
  try {
    return process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(url);
  } catch {
    return false;
  }
}

/**
 * Compares two versions such as 1.2.3, for sorting.
 *
 * @param {string} a
 * @param {string} b
 */
export function compareVersions(a, b) {
  return a.localeCompare(b, "en", { numeric: true });
}
