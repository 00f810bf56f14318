// The first source of a Pulumi CLI: one that is already installed on the machine.
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { capture, compareVersions, which } from "../lib/processes.mjs";
import { workDir } from "../pulumi-env.mjs";
import { COMPANIONS, MINIMUM_VERSION } from "./versions.mjs";

/** @typedef {import("../pulumi-cli.mjs").Cli} Cli */

/**
 * Returns the folder in which this project keeps the CLIs that it has installed.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function cacheFolder(env = process.env) {
  const home = env.HOME || homedir();
  const bases = {
    darwin: join(home, "Library", "Caches"),
    win32: env.LOCALAPPDATA || join(home, "AppData", "Local"),
  };
  const base = env.XDG_CACHE_HOME || bases[process.platform] || join(home, ".cache");
  const folder = join(base, "pulumi-huggingface", "pulumi");
  try {
    mkdirSync(folder, { recursive: true });
    return folder;
  } catch {
    // In some containers, the home folder is read-only.
    return join(workDir, "cache", "pulumi");
  }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} notes Receives the reason if the CLI on PATH cannot be used.
 * @returns {Promise<Cli | undefined>}
 */
export async function onPath(env, notes) {
  const pulumi = which("pulumi", env.PATH);
  if (!pulumi) {
    notes.push("on PATH: pulumi not found");
    return undefined;
  }
  const version = await versionOf(pulumi, env);
  if (!version || compareVersions(version, MINIMUM_VERSION) < 0) {
    notes.push(
      version
        ? `on PATH: ${pulumi} has version ${version}, which is older than ${MINIMUM_VERSION}`
        : `on PATH: ${pulumi} does not report a version`,
    );
    return undefined;
  }
  const binDir = dirname(pulumi);
  const missing = COMPANIONS.filter((name) => !which(name, binDir) && !which(name, env.PATH));
  if (missing.length > 0) {
    notes.push(`on PATH: ${pulumi} is there, but not ${missing.join(" and ")}`);
    return undefined;
  }
  return { binDir, version, how: "found on PATH" };
}

/**
 * Returns the newest CLI that this project has installed.
 *
 * @param {string} cache
 * @returns {Cli | undefined}
 */
export function installedEarlier(cache) {
  if (!existsSync(cache)) return undefined;
  const version = readdirSync(cache)
    .filter((name) => /^\d+\.\d+\.\d+$/.test(name) && compareVersions(name, MINIMUM_VERSION) >= 0)
    .filter((name) => existsSync(join(cache, name, "install.json")))
    .filter((name) => ["pulumi", ...COMPANIONS].every((file) => which(file, join(cache, name, "bin"))))
    .sort(compareVersions)
    .at(-1);
  return version && { binDir: join(cache, version, "bin"), version, how: "found in the cache folder" };
}

/**
 * @param {string} pulumi
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | undefined>} Undefined if it cannot be run or does not print a version.
 */
export async function versionOf(pulumi, env) {
  try {
    const { code, stdout } = await capture(pulumi, ["version"], {
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeout: 30_000,
    });
    return code === 0 ? /^v?(\d+\.\d+\.\d+)/.exec(stdout.trim())?.[1] : undefined;
  } catch {
    return undefined;
  }
}
