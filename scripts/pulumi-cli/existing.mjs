// The first way to a Pulumi CLI: one that is on the machine already.
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { capture, compareVersions, which } from "../lib/processes.mjs";
import { workDir } from "../pulumi-env.mjs";
import { COMPANIONS, MINIMUM_VERSION } from "./versions.mjs";

/** @typedef {import("../pulumi-cli.mjs").Cli} Cli */

/**
 * The folder below which this project keeps the CLIs that it installed.
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
    // A home folder that cannot be written to, as in some containers.
    return join(workDir, "cache", "pulumi");
  }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} notes Gets the reason why the one on PATH is not used.
 * @returns {Promise<Cli | undefined>}
 */
export async function onPath(env, notes) {
  const pulumi = which("pulumi", env.PATH);
  if (!pulumi) {
    notes.push("on PATH: no pulumi");
    return undefined;
  }
  const version = await versionOf(pulumi, env);
  if (!version || compareVersions(version, MINIMUM_VERSION) < 0) {
    notes.push(`on PATH: ${pulumi} is version ${version ?? "unknown"}, older than ${MINIMUM_VERSION}`);
    return undefined;
  }
  const binDir = dirname(pulumi);
  const missing = COMPANIONS.filter((name) => !which(name, binDir) && !which(name, env.PATH));
  if (missing.length > 0) {
    notes.push(`on PATH: ${pulumi} comes without ${missing.join(" and ")}`);
    return undefined;
  }
  return { binDir, version, how: "found on PATH" };
}

/**
 * The newest one that this project has installed.
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
  return (
    version && { binDir: join(cache, version, "bin"), version, how: "installed earlier in the cache folder" }
  );
}

/**
 * @param {string} pulumi
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | undefined>} Undefined if it cannot be run or says something else.
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
