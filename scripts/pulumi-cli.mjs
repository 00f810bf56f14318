// Finds the Pulumi CLI, or installs one that only this project uses.
//
//   node scripts/pulumi-cli.mjs           installs the CLI if needed and prints its folder
//   node scripts/pulumi-cli.mjs --check   installs nothing; fails if there is no CLI
//
// It tries these sources in this order. It never changes the user's own Pulumi installation.
//
//   1. a CLI on PATH, or one installed earlier in the user's cache folder   pulumi-cli/existing.mjs
//   2. the official release, with the SDK's own installer                   pulumi-cli/release.mjs
//   3. a build from Go modules                                              pulumi-cli/goBuild.mjs
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
 * @param {NodeJS.ProcessEnv} [options.env] The environment with PATH and the cache folder. Default: this process's environment.
 * @param {boolean} [options.install] Whether to install a CLI if none is found. Default: true.
 * @param {(line: string) => void} [options.log] Receives each line of progress. Default: prints to standard error.
 * @param {Installer[]} [options.installers] The installers to try, in this order. Default: {@link INSTALLERS}.
 * @returns {Promise<Cli>}
 */
export async function ensurePulumi(options = {}) {
  const { env = process.env, install = true, log = say, installers = INSTALLERS } = options;
  /** @type {string[]} */
  const notes = [];
  const cache = cacheFolder(env);
  const found = (await onPath(env, notes)) ?? installedEarlier(cache);
  if (found) return found;
  if (!install) throw new Problem(["Found no usable Pulumi CLI.", ...notes].join("\n  "));

  const work = async () => {
    const meanwhile = installedEarlier(cache);
    if (meanwhile) return meanwhile;
    removeUnfinished(cache);
    for (const installer of installers) {
      try {
        return await installInto(cache, installer, { env, log });
      } catch (error) {
        notes.push(`${installer.name}: ${error instanceof Problem ? error.message : String(error)}`);
        log(`Installing the Pulumi CLI from ${installer.name} failed`);
      }
    }
    throw new Problem(`Found no Pulumi CLI and could not install one. Do one of the following and try again:
  - install Pulumi ${MINIMUM_VERSION} or newer, so that \`pulumi\` is on PATH; or
  - connect to the internet, so that this script can download the official release; or
  - install Go ${MINIMUM_GO} or newer, so that this script can build the CLI (some minutes, 2 GB in Go's caches).
Attempts:
${notes.map((note) => `  - ${note.replaceAll("\n", "\n    ")}`).join("\n")}`);
  };
  return withLock(join(cache, ".lock"), "installing the Pulumi CLI", work, log);
}

/** Returns this process's environment with the CLI first on PATH, and prints which CLI it is. */
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
