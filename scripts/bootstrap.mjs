// Makes a bare clone ready: checks Node, installs the dependencies, builds both packages. Each only when
// something changed, so that it costs next to nothing in front of every command.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { withLock } from "./lib/lock.mjs";
import { npm } from "./lib/npm.mjs";
import { capture, compareVersions, isMain, tail } from "./lib/processes.mjs";
import { Problem, runMain, say, step } from "./lib/report.mjs";
import { root, workDir } from "./pulumi-env.mjs";

const MINIMUM_NODE = "20.19.0";
const BUILT = ["provider", "local-hub"];

const installStamp = join(root, "node_modules", ".installed-for");
const buildStamp = join(workDir, "built-from.json");

/**
 * Installs and builds what is missing or out of date; says nothing when nothing is.
 *
 * @throws {Problem} with a message for people when it cannot.
 */
export async function bootstrap() {
  if (compareVersions(process.versions.node, MINIMUM_NODE) < 0) {
    throw new Problem(`Node.js ${MINIMUM_NODE} or newer is needed; this is ${process.versions.node}.`);
  }
  const onWait = () => say("Another process is setting up this folder; waiting for it …");
  await withLock(
    join(workDir, "bootstrap.lock"),
    async () => {
      await install();
      await build();
    },
    { onWait },
  );
}

async function install() {
  const wanted = hash(manifests());
  if (read(installStamp) === wanted) return;
  // Somebody may have run npm by hand; what stands there is as good.
  if (!installedMatchesLockfile()) {
    const [command, ...args] = npm();
    await step("Installing the dependencies (npm ci)", async () => {
      const { code, output } = await capture(
        command,
        [...args, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"],
        { cwd: root },
      );
      if (code !== 0) throw new Problem(`npm ci failed:\n${tail(output)}`);
    });
  }
  writeFileSync(installStamp, wanted);
}

/** True when npm's own record of node_modules holds each package of the lockfile in the same version. */
function installedMatchesLockfile() {
  try {
    const wanted = JSON.parse(read(join(root, "package-lock.json")) ?? "").packages;
    const present = JSON.parse(read(join(root, "node_modules", ".package-lock.json")) ?? "").packages;
    return Object.entries(wanted).every(([path, entry]) => {
      if (!path.includes("node_modules/")) return existsSync(join(root, path, "package.json"));
      const other = present[path];
      if (!other) return entry.optional === true;
      const same = entry.link
        ? other.link && other.resolved === entry.resolved
        : other.version === entry.version;
      return same && existsSync(join(root, path, "package.json"));
    });
  } catch {
    return false;
  }
}

async function build() {
  const sources = hash([...manifests(), join(root, "tsconfig.base.json"), ...BUILT.flatMap(sourcesOf)]);
  const wanted = JSON.stringify({ sources, outputs: outputs() });
  if (outputs() !== undefined && read(buildStamp) === wanted) return;
  await step("Building provider and local-hub", async () => {
    // What was compiled from a source that is gone by now would end up in the packages.
    for (const name of BUILT) {
      rmSync(join(root, name, "dist"), { recursive: true, force: true });
      rmSync(join(root, name, "tsconfig.tsbuildinfo"), { force: true });
    }
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const { code, output } = await capture(process.execPath, [tsc, "--build", ...BUILT], { cwd: root });
    if (code !== 0) throw new Problem(`The build failed:\n${output.trimEnd()}`);
  });
  mkdirSync(workDir, { recursive: true });
  writeFileSync(buildStamp, JSON.stringify({ sources, outputs: outputs() }));
}

/** When the compiler last wrote each package, whoever started it; undefined when one is not built. */
function outputs() {
  try {
    return BUILT.map((name) => {
      statSync(join(root, name, "dist", "index.js"));
      return statSync(join(root, name, "tsconfig.tsbuildinfo")).mtimeMs;
    }).join(" ");
  } catch {
    return undefined;
  }
}

/** @param {string} name */
function sourcesOf(name) {
  const files = readdirSync(join(root, name, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return [join(root, name, "tsconfig.json"), ...files.sort()];
}

/** All that decides what npm installs. */
function manifests() {
  const { workspaces } = JSON.parse(read(join(root, "package.json")) ?? "{}");
  return [
    join(root, "package-lock.json"),
    join(root, "package.json"),
    ...workspaces.map((/** @type {string} */ name) => join(root, name, "package.json")),
  ];
}

/** @param {string[]} files */
function hash(files) {
  const sum = createHash("sha256").update(process.versions.modules);
  for (const file of files) sum.update(`\0${relative(root, file)}\0${read(file) ?? ""}`);
  return sum.digest("hex");
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

if (isMain(import.meta.url)) runMain(bootstrap);
