// npm run pack [-- FOLDER]: builds and packs the three packages, so that you can install them in another project. See
// docs/install.md.
//
// The file names have no version, so the same install command works for the next version.
import { mkdirSync, readFileSync, renameSync } from "node:fs";
import { join, resolve } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { npm } from "./lib/npm.mjs";
import { PUBLISHED } from "./lib/packages.mjs";
import { capture, isMain, tail } from "./lib/processes.mjs";
import { Problem, runMain } from "./lib/report.mjs";
import { root } from "./pulumi-env.mjs";

/**
 * Packs the built packages.
 *
 * @param {string} destination A folder. It is created if it does not exist.
 * @returns {Promise<Record<string, string>>} The path of each packed file, by package name.
 */
export async function packAll(destination) {
  mkdirSync(destination, { recursive: true });
  /** @type {Record<string, string>} */
  const files = {};
  for (const folder of PUBLISHED) {
    const { name, version } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const [command, ...args] = [...npm(), "pack", "--ignore-scripts", "--pack-destination", destination];
    const { code, output } = await capture(command, args, { cwd: join(root, folder) });
    if (code !== 0) throw new Problem(`npm pack failed for ${name}:\n${tail(output)}`);
    files[name] = join(destination, `${name}.tgz`);
    renameSync(join(destination, `${name}-${version}.tgz`), files[name]);
  }
  return files;
}

async function main() {
  await bootstrap();
  const [folder] = process.argv.slice(2);
  // npm changes to the root of the repository; INIT_CWD is the folder in which the user called it.
  const destination = folder ? resolve(process.env.INIT_CWD ?? "", folder) : join(root, "packed");
  const files = await packAll(destination);
  console.log(`The packages are in ${destination}. To install the provider, run this in your Pulumi project:

  npm install "${files["pulumi-huggingface"]}"

To install the local Hub for your tests:

  npm install --save-dev "${files["huggingface-local-hub"]}"

To install the command line:

  npm install "${files["pulumi-huggingface-cli"]}" "${files["pulumi-huggingface"]}"`);
}

if (isMain(import.meta.url)) runMain(main);
