// npm run pack [-- FOLDER]: builds both packages and packs them, to be installed in a project elsewhere. See docs/install.md.
//
// The files have no version in their names, so that the same command installs the next one.
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
 * @param {string} destination A folder; created when it is missing.
 * @returns {Promise<Record<string, string>>} The file of each package, by the package's name.
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
  // npm runs this in the root of the repository, whatever the folder that it was called in.
  const destination = folder ? resolve(process.env.INIT_CWD ?? "", folder) : join(root, "packed");
  const files = await packAll(destination);
  console.log(`The packages are in ${destination}. In the folder of your Pulumi project, run:

  npm install "${files["pulumi-huggingface"]}"

and for tests on the local Hub:

  npm install --save-dev "${files["huggingface-local-hub"]}"`);
}

if (isMain(import.meta.url)) runMain(main);
