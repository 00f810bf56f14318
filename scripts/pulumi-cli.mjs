// Finds the Pulumi CLI, or installs one for this project alone.
//
//   node scripts/pulumi-cli.mjs           installs when needed, prints the folder that holds the CLI
//   node scripts/pulumi-cli.mjs --check   installs nothing; fails when there is none
//
// In this order: a new enough one on PATH; one installed earlier in the user's cache folder; the official
// release, by the SDK's own installer; a build from Go modules. Nothing of the user's own Pulumi is changed.
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { withLock } from "./lib/lock.mjs";
import { capture, compareVersions, isExecutable, isMain, tail, which } from "./lib/processes.mjs";
import { Problem, runMain, say, step } from "./lib/report.mjs";
import { root, workDir } from "./pulumi-env.mjs";

/** The version that is installed when there is none; the tests run on it. */
export const CLI_VERSION = "3.259.0";

/** The oldest CLI that is used as it is: as old as the oldest SDK that the provider supports. */
export const MINIMUM_VERSION = "3.216.0";

/**
 * The language host for Node.js became a Go module of its own, which module proxies do not serve; this is the last
 * release of the SDK's module that holds it. It runs today's SDK.
 */
const LANGUAGE_HOST_VERSION = "3.65.0";

/** Older versions of Go do not know how to get a newer one by themselves. */
const MINIMUM_GO = "1.21.0";

/** The engine starts these two beside the CLI or on PATH. */
const COMPANIONS = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

const INSTALLER_LIMIT = 300_000;
const GO_LIMIT = 75 * 60_000;

/**
 * @typedef {object} Cli
 * @property {string} binDir The folder to put first on PATH.
 * @property {string} version
 * @property {string} how One phrase for people.
 *
 * @typedef {object} Options
 * @property {NodeJS.ProcessEnv} [env] Where PATH and the cache folder are looked up. Default: this process's own.
 * @property {boolean} [install] Install one when there is none. Default true.
 * @property {(line: string) => void} [log] Takes each line of progress. Default: standard error.
 * @property {{ name: string, run: (bin: string, context: { env: NodeJS.ProcessEnv, temporary: string, log: (line: string) => void }) => Promise<void> }[]} [installers]
 *   Ways to fill the folder `bin`, tried in this order. Default: the official release, then Go.
 */

/**
 * The folder below which this project keeps the CLIs that it installed.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function cacheFolder(env = process.env) {
  const home = env.HOME || homedir();
  const base =
    env.XDG_CACHE_HOME ||
    (process.platform === "darwin"
      ? join(home, "Library", "Caches")
      : process.platform === "win32"
        ? env.LOCALAPPDATA || join(home, "AppData", "Local")
        : join(home, ".cache"));
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
 * Finds the CLI, or installs it.
 *
 * @param {Options} [options]
 * @returns {Promise<Cli>}
 */
export async function ensurePulumi(options = {}) {
  const { env = process.env, install = true, log = say, installers = INSTALLERS } = options;
  const notes = [];
  const found = (await onPath(env, notes)) ?? installedEarlier(cacheFolder(env));
  if (found) return found;
  if (!install) throw new Problem(["There is no usable Pulumi CLI.", ...notes].join("\n  "));

  const cache = cacheFolder(env);
  const onWait = () => log("Another process is installing the Pulumi CLI; waiting for it …");
  return withLock(join(cache, ".lock"), () => installInto(cache), { onWait });

  /** @param {string} folder */
  async function installInto(folder) {
    const meanwhile = installedEarlier(folder);
    if (meanwhile) return meanwhile;
    // What a killed installation left behind.
    for (const name of readdirSync(folder)) {
      if (name.includes(".tmp-")) rmSync(join(folder, name), { recursive: true, force: true });
    }
    for (const installer of installers) {
      const temporary = join(folder, `${CLI_VERSION}.tmp-${randomBytes(4).toString("hex")}`);
      const remove = () => rmSync(temporary, { recursive: true, force: true });
      const interrupted = () => process.exit(130);
      process.once("exit", remove).once("SIGINT", interrupted).once("SIGTERM", interrupted);
      try {
        const bin = join(temporary, "bin");
        mkdirSync(bin, { recursive: true });
        await installer.run(bin, { env, temporary, log });
        const version = await versionOf(join(bin, "pulumi"), env);
        const missing = ["pulumi", ...COMPANIONS].filter((name) => !which(name, bin));
        if (!version || missing.length > 0)
          throw new Problem(`incomplete: ${missing.join(", ") || "no version"}`);
        writeFileSync(join(temporary, "install.json"), JSON.stringify({ version, how: installer.name }));
        const target = join(folder, version);
        // Only a whole installation ever bears the final name.
        if (existsSync(target)) rmSync(target, { recursive: true, force: true });
        renameSync(temporary, target);
        return { binDir: join(target, "bin"), version, how: installer.name };
      } catch (error) {
        notes.push(`${installer.name}: ${error instanceof Problem ? error.message : String(error)}`);
        log(`The Pulumi CLI by ${installer.name}: not possible here`);
      } finally {
        remove();
        process.off("exit", remove).off("SIGINT", interrupted).off("SIGTERM", interrupted);
      }
    }
    throw new Problem(
      [
        "There is no Pulumi CLI, and none could be installed. Do one of these and start again:",
        `  - install Pulumi ${MINIMUM_VERSION} or newer, as its documentation says, so that \`pulumi\` is on PATH; or`,
        "  - connect to the internet: this script then gets the official release by itself; or",
        `  - install Go ${MINIMUM_GO} or newer: this script then builds the CLI (some minutes, 2 GB of Go's caches).`,
        "What was tried:",
        ...notes.map((note) => `  - ${note.replaceAll("\n", "\n    ")}`),
      ].join("\n"),
    );
  }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} notes
 * @returns {Promise<Cli | undefined>}
 */
async function onPath(env, notes) {
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
 * @param {string} cache
 * @returns {Cli | undefined}
 */
function installedEarlier(cache) {
  let versions;
  try {
    versions = readdirSync(cache).filter((name) => /^\d+\.\d+\.\d+$/.test(name));
  } catch {
    return undefined;
  }
  for (const version of versions.sort(compareVersions).reverse()) {
    const binDir = join(cache, version, "bin");
    const whole =
      existsSync(join(cache, version, "install.json")) &&
      ["pulumi", ...COMPANIONS].every((name) => which(name, binDir));
    if (whole && compareVersions(version, MINIMUM_VERSION) >= 0) {
      return { binDir, version, how: "installed earlier in the cache folder" };
    }
  }
  return undefined;
}

/**
 * @param {string} pulumi
 * @param {NodeJS.ProcessEnv} env
 */
async function versionOf(pulumi, env) {
  if (!isExecutable(pulumi) && process.platform !== "win32") return undefined;
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

/** Runs in a process of its own, which can be ended when the download hangs. */
const INSTALLER_PROGRAM = `
const [folder, version] = process.argv.slice(1);
const sdk = require.resolve("@pulumi/pulumi");
const { SemVer } = require(require.resolve("semver", { paths: [sdk] }));
const { PulumiCommand } = require("@pulumi/pulumi/automation");
PulumiCommand.install({ root: folder, version: new SemVer(version) }).catch((error) => {
  console.error(error && error.message);
  process.exit(1);
});
`;

/** @type {Required<Options>["installers"]} */
export const INSTALLERS = [
  {
    name: "the official release",
    run: (bin, { env, log }) =>
      step(
        `Getting the official release of the Pulumi CLI ${CLI_VERSION}`,
        async () => {
          const args = ["-e", INSTALLER_PROGRAM, "--", dirname(bin), CLI_VERSION];
          const { code, output } = await capture(process.execPath, args, {
            cwd: root,
            env,
            timeout: INSTALLER_LIMIT,
          });
          if (code !== 0) throw new Problem(tail(output, 3));
        },
        log,
      ),
  },
  { name: "a build from Go modules", run: buildWithGo },
];

/**
 * @param {string} bin
 * @param {{ env: NodeJS.ProcessEnv, temporary: string, log: (line: string) => void }} context
 */
async function buildWithGo(bin, { env, temporary, log }) {
  if (process.platform === "win32") throw new Problem("not on Windows");
  const go = which("go", env.PATH);
  if (!go) throw new Problem("no go on PATH");
  const goVersion = await capture(go, ["env", "GOVERSION"], { env });
  if (compareVersions(goVersion.stdout, MINIMUM_GO) < 0) {
    throw new Problem(`Go ${MINIMUM_GO} or newer is needed, this is ${goVersion.stdout.trim()}`);
  }
  // No workspace file of a folder above, and modules may be added to go.mod as they are met.
  const goEnv = { ...env, GOWORK: "off", GOFLAGS: [env.GOFLAGS, "-mod=mod"].filter(Boolean).join(" ") };
  const sdk = "github.com/pulumi/pulumi/sdk/v3";

  /**
   * @param {string} cwd
   * @param {string[]} args
   */
  const run = async (cwd, ...args) => {
    const { code, output, stdout } = await capture(go, args, { cwd, env: goEnv, timeout: GO_LIMIT });
    if (code !== 0) throw new Problem(`go ${args[0]} failed:\n${tail(output)}`);
    return stdout.trim();
  };
  /**
   * @param {string} name The executable.
   * @param {string} program Its package.
   * @param {string} version
   * @param {(folder: string, sdkFolder: string) => void} [copy] Puts a changed copy of the package into the folder.
   */
  const build = async (name, program, version, copy) => {
    const folder = join(temporary, `build-${name}`);
    mkdirSync(folder);
    await run(folder, "mod", "init", `build.local/${name}`);
    await run(folder, "get", `${program}@v${version}`);
    copy?.(folder, await run(folder, "list", "-m", "-f", "{{.Dir}}", sdk));
    // Without it the executable calls itself version 0, and the engine refuses to work with it.
    const ldflags = `-s -w -X ${sdk}/go/common/version.Version=v${version}`;
    await run(folder, "build", "-trimpath", "-ldflags", ldflags, "-o", join(bin, name), copy ? "." : program);
    rmSync(folder, { recursive: true, force: true });
  };

  await step(
    `Building the Pulumi CLI ${CLI_VERSION} from Go modules (some minutes, once)`,
    () => build("pulumi", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", CLI_VERSION),
    log,
  );
  await step(
    "Building its language host for Node.js",
    () =>
      build(
        "pulumi-language-nodejs",
        `${sdk}/nodejs/cmd/pulumi-language-nodejs`,
        LANGUAGE_HOST_VERSION,
        copyLanguageHost,
      ),
    log,
  );
  const host = join(bin, "pulumi-resource-pulumi-nodejs");
  writeFileSync(host, DYNAMIC_PROVIDER_HOST);
  chmodSync(host, 0o755);
}

/**
 * The old language host stands between the program and the engine, and repeats each request in its own, old
 * words: `protect: false` is lost on the way, and newer requests are refused. Today's SDK speaks to the engine
 * directly, so it is given the engine's own address.
 *
 * @param {string} folder
 * @param {string} sdkFolder
 */
function copyLanguageHost(folder, sdkFolder) {
  const source = join(sdkFolder, "nodejs", "cmd", "pulumi-language-nodejs");
  for (const file of readdirSync(source)) {
    if (!file.endsWith(".go") || file.endsWith("_test.go")) continue;
    let text = readFileSync(join(source, file), "utf8");
    if (file === "main.go") {
      const changed = text.replace(
        'fmt.Sprintf("127.0.0.1:%d", handle.Port), pipes',
        "req.GetMonitorAddress(), pipes",
      );
      if (changed === text) throw new Problem("the language host's source is not the one expected");
      text = changed;
    }
    writeFileSync(join(folder, file), text);
  }
}

/** The engine starts it in the program's folder; node takes its place, so that signals reach node. */
const DYNAMIC_PROVIDER_HOST = `#!/bin/sh
# Runs the provider for dynamic resources of the SDK that the program itself uses.
provider=$(node -p 'require.resolve("@pulumi/pulumi/cmd/dynamic-provider", { paths: [process.cwd()] })') || {
  echo "@pulumi/pulumi is not installed for the program in $(pwd)" >&2
  exit 1
}
exec node "$provider" "$@"
`;

if (isMain(import.meta.url)) {
  runMain(async () => {
    const { binDir, version, how } = await ensurePulumi({ install: !process.argv.includes("--check") });
    say(`Pulumi CLI ${version}, ${how}`);
    console.log(binDir);
  });
}
