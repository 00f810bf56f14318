import { spawn } from "node:child_process";
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Problem } from "./report.mjs";

/** @typedef {{ code: number | null, signal: NodeJS.Signals | null, stdout: string, output: string }} Finished */

/**
 * Runs a command to its end and keeps what it said; never throws for a code other than 0.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number }} [options] `timeout` in milliseconds: then
 *   the command is ended, with all it started.
 * @returns {Promise<Finished>}
 */
export function capture(command, args, { cwd, env, timeout } = {}) {
  return new Promise((resolve, reject) => {
    // With a limit the command leads a process group of its own, so that its children end with it.
    const child = spawn(command, args, {
      cwd,
      env,
      detached: timeout !== undefined,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      stdout += chunk;
      output += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk) => {
      output += chunk;
    });
    const end = () => {
      try {
        process.kill(-(child.pid ?? 0), "SIGKILL");
      } catch {
        child.kill("SIGKILL");
      }
    };
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            output += `\nno end after ${timeout / 1000} s: given up\n`;
            end();
          }, timeout);
    if (timeout !== undefined) process.once("exit", end);
    const done = () => {
      clearTimeout(timer);
      process.off("exit", end);
    };
    child.once("error", (error) => {
      done();
      reject(error);
    });
    child.once("close", (code, signal) => {
      done();
      resolve({ code, signal, stdout, output });
    });
  });
}

/**
 * Runs a command with this process's own input and output.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 * @returns {Promise<number>} The exit code; 128 and more when a signal ended it.
 */
export function passThrough(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: "inherit", ...options });
    // A terminal sends Ctrl-C to both; anything else sends it to this process alone.
    const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    process.on("SIGINT", forward).on("SIGTERM", forward);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      process.off("SIGINT", forward).off("SIGTERM", forward);
      resolve(signal ? 128 + (signal === "SIGINT" ? 2 : 15) : (code ?? 1));
    });
  });
}

/** The last lines of an output, for an error message. @param {string} output */
export function tail(output, lines = 15) {
  return output.trimEnd().split("\n").slice(-lines).join("\n");
}

/**
 * Where an executable stands.
 *
 * @param {string} name
 * @param {string} [path] Folders in the form of PATH.
 * @returns {string | undefined}
 */
export function which(name, path = process.env.PATH ?? "") {
  const names = process.platform === "win32" ? [`${name}.exe`, `${name}.cmd`] : [name];
  for (const dir of path.split(delimiter)) {
    for (const file of names) {
      const candidate = join(dir || ".", file);
      if (isExecutable(candidate)) return candidate;
    }
  }
  return undefined;
}

/** @param {string} file */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * True when the module is the program that node was started with.
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
 * Compares two versions of the form 1.2.3; whatever follows is not looked at.
 *
 * @param {string} a
 * @param {string} b
 */
export function compareVersions(a, b) {
  const parse = (/** @type {string} */ text) => {
    const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
    if (!match) throw new Problem(`not a version: ${text}`);
    return [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  };
  const [left, right] = [parse(a), parse(b)];
  for (let i = 0; i < 3; i += 1) if (left[i] !== right[i]) return left[i] - right[i];
  return 0;
}
