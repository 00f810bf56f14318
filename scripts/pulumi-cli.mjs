// Finds the Pulumi CLI, or installs one for this project alone.
//
//   node scripts/pulumi-cli.mjs           installs when needed, prints the folder that has the CLI
//   node scripts/pulumi-cli.mjs --check   installs nothing; fails when there is none
//
// There are three ways, tried in this order. None changes anything about the user's own Pulumi.
//
//   1. one on PATH, or one installed earlier in the user's cache folder   pulumi-cli/existing.mjs
//   2. the official release, by the SDK's own installer                   pulumi-cli/release.mjs
//   3. a build from Go modules                                            pulumi-cli/goBuild.mjs
import { delimiter, join } from "node:path";
import { withLock } from "./lib/lock.mjs";
import { isMain } from "./lib/processes.mjs";
import { Problem, runMain, say } from "./lib/report.mjs";
import { cacheFolder, installedEarlier, onPath } from "./pulumi-cli/existing.mjs";
import { MINIMUM_GO, goBuild } from "./pulumi-cli/goBuild.mjs";
import { installInto, removeUnfinished } from "./pulumi-cli/install.mjs";
import { officialRelease } from "./pulumi-cli/release.mjs";
import { CLI_VERSION, MINIMUM_VERSION } from "./pulumi-cli/versions.mjs";

export { CLI_VERSION, MINIMUM_VERSION, cacheFolder };

/** @typedef {import("./pulumi-cli.d.mts").Cli} Cli */
/** @typedef {import("./pulumi-cli.d.mts").Installer} Installer */

export const INSTALLERS = [officialRelease, goBuild];

/**
 * Finds the CLI, or installs it.
 *
 * @param {object} [options]
 * @param {NodeJS.ProcessEnv} [options.env] Where PATH and the cache folder are looked up. Default: this process's own.
 * @param {boolean} [options.install] Install one when there is none. Default true.
 * @param {(line: string) => void} [options.log] Takes each line of progress. Default: standard error.
 * @param {Installer[]} [options.installers] Tried in this order. Default: {@link INSTALLERS}.
 * @returns {Promise<Cli>}
 */
export async function ensurePulumi(options = {}) {
  const { env = process.env, install = true, log = say, installers = INSTALLERS } = options;
  /** @type {string[]} */
  const notes = [];
  const cache = cacheFolder(env);
  const found = (await onPath(env, notes)) ?? installedEarlier(cache);
  if (found) return found;
  if (!install) throw new Problem(["There is no usable Pulumi CLI.", ...notes].join("\n  "));

  const work = async () => {
    const meanwhile = installedEarlier(cache);
    if (meanwhile) return meanwhile;
    removeUnfinished(cache);
    for (const installer of installers) {
      try {
        return await installInto(cache, installer, { env, log });
      } catch (error) {
        notes.push(`${installer.name}: ${error instanceof Problem ? error.message : String(error)}`);
        log(`The Pulumi CLI by ${installer.name}: not possible here`);
      }
    }
    throw new Problem(`There is no Pulumi CLI, and none could be installed. Do one of these and start again:
  - install Pulumi ${MINIMUM_VERSION} or newer, as its documentation says, so that \`pulumi\` is on PATH; or
  - connect to the internet: this script then gets the official release; or
  - install Go ${MINIMUM_GO} or newer: this script then builds the CLI (some minutes, 2 GB of Go's caches).
What was tried:
${notes.map((note) => `  - ${note.replaceAll("\n", "\n    ")}`).join("\n")}`);
  };
  return withLock(join(cache, ".lock"), "installing the Pulumi CLI", work, log);
}

/** This process's environment with the CLI first on PATH; says which CLI it is. */
export async function withPulumi() {
  const { binDir, version, how } = await ensurePulumi();
  say(`Pulumi CLI ${version}, ${how}`);
  return { ...process.env, PATH: [binDir, process.env.PATH].filter(Boolean).join(delimiter) };
}

if (isMain(import.meta.url)) {
  runMain(async () => {
    const { binDir, version, how } = await ensurePulumi({ install: !process.argv.includes("--check") });
    say(`Pulumi CLI ${version}, ${how}`);
    console.log(binDir);
  });
}
