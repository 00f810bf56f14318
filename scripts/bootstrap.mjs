// Prepares a fresh clone: checks the Node.js version, installs the dependencies, builds the packages. Every command runs it
// first. It does only what is missing or out of date.
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lib/lock.mjs";
import { npm } from "./lib/npm.mjs";
import { PUBLISHED } from "./lib/packages.mjs";
import { capture, compareVersions, isMain, tail } from "./lib/processes.mjs";
import { Problem, runMain, step } from "./lib/report.mjs";
import { root, workDir } from "./pulumi-env.mjs";

const MINIMUM_NODE = "20.19.0";

/**
 * Installs and builds what is missing or out of date.
 *
 * @throws {Problem} If Node.js is too old, or if the installation or the build fails.
 */
export async function bootstrap() {
  if (compareVersions(process.versions.node, MINIMUM_NODE) < 0) {
    throw new Problem(
      `This project needs Node.js ${MINIMUM_NODE} or newer; this is ${process.versions.node}.`,
    );
  }
  // The lock protects other terminals: `npm ci` empties node_modules, and the compiler rewrites dist.
  await withLock(join(workDir, "bootstrap.lock"), "setting up this folder", async () => {
    if (!isInstalled()) await install();
    await build();
  });
}

/** Returns true if node_modules has all packages of the lockfile in the same versions, according to npm's own record. */
function isInstalled() {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const present = packagesOf(record);
  return Object.entries(packagesOf(join(root, "package-lock.json")))
    .filter(([path]) => path.includes("node_modules/"))
    .every(([path, { version, optional }]) => {
      // npm skips optional packages for other operating systems.
      if (!present[path]) return optional;
      return present[path].version === version && existsSync(join(root, path));
    });
}

/** @param {string} lockfile @returns {Record<string, { version?: string, optional?: boolean }>} */
function packagesOf(lockfile) {
  return JSON.parse(readFileSync(lockfile, "utf8")).packages;
}

function install() {
  return step("Installing the dependencies (npm ci)", async () => {
    const [command, ...first] = npm();
    const args = [...first, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
    const { code, output } = await capture(command, args, { cwd: root });
    if (code !== 0) throw new Problem(`npm ci failed:\n${tail(output)}`);
  });
}

function build() {
  return step("Building the packages", async () => {
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    // The compiler does not notice that its output was deleted, so a missing dist folder needs --force.
    const whole = PUBLISHED.every((name) => existsSync(join(root, name, "dist")));
    const args = [tsc, "--build", ...(whole ? [] : ["--force"]), ...PUBLISHED];
    const { code, output } = await capture(process.execPath, args, { cwd: root });
    if (code !== 0) throw new Problem(`The build failed:\n${output.trimEnd()}`);
    PUBLISHED.forEach(removeStale);
  });
}

/** Removes compiled files whose source was deleted; otherwise they would be packed. @param {string} name */
function removeStale(name) {
  const dist = join(root, name, "dist");
  for (const file of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    const source = file.replace(/(\.d\.ts|\.js)(\.map)?$/, ".ts");
    if (source !== file && !existsSync(join(root, name, "src", source))) rmSync(join(dist, file));
  }
}

if (isMain(import.meta.url)) runMain(bootstrap);
