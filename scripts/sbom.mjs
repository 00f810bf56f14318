// node scripts/sbom.mjs FOLDER PACKED_FILE: prints the software bill of materials (CycloneDX, JSON) of a packed package.
//
// It contains the package with the file's hash, and the dependencies in the tested versions from the lockfile. Peer dependencies are
// left out because the user chooses their versions. npm writes it from a copy of the lockfile, pruned to this package. It does not run in
// the workspace: there, `npm sbom --omit dev` drops packages that others use for development, and cyclonedx-npm needs URLs in the
// lockfile to write hashes.
//
// If the package depends on another package of this repository, the packed file of that package must be in the same folder.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { Problem, runMain } from "./lib/report.mjs";
import { root } from "./pulumi-env.mjs";

/** @param {string} file */
const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

/**
 * @param {string} file
 * @param {"base64" | "hex"} encoding
 */
const sha512 = (file, encoding) => createHash("sha512").update(readFileSync(file)).digest(encoding);

/**
 * Replaces the link to another package of this repository by an entry as for a package from the registry.
 *
 * @param {Record<string, any>} packages The packages of the lockfile. They are changed.
 * @param {string} path The link's path.
 * @param {string} packedFolder The folder with the packed files.
 */
function replaceLink(packages, path, packedFolder) {
  const folder = packages[path].resolved;
  const { name, version, license, dependencies } = readJson(join(root, folder, "package.json"));
  const file = join(packedFolder, `${name}-${version}.tgz`);
  packages[path] = { version, license, dependencies, integrity: `sha512-${sha512(file, "base64")}` };
  movePackages(packages, `${folder}/node_modules/`, `${path}/node_modules/`);
}

/**
 * @param {Record<string, any>} packages
 * @param {string} from
 * @param {string} to
 */
function movePackages(packages, from, to) {
  for (const path of Object.keys(packages)) {
    if (path.startsWith(from)) packages[to + path.slice(from.length)] = packages[path];
  }
}

runMain(async () => {
  const [folder, packed] = process.argv.slice(2);
  if (!folder || !packed)
    throw new Problem(
      "Usage: node scripts/sbom.mjs FOLDER PACKED_FILE (FOLDER is provider, local-hub or cli)",
    );
  const manifest = readJson(join(resolve(folder), "package.json"));
  delete manifest.devDependencies;
  delete manifest.peerDependencies;
  const lock = readJson(join(root, "package-lock.json"));
  // The package becomes the root of the lockfile, so the packages installed in its folder move to the top level.
  const packages = { ...lock.packages, "": manifest };
  movePackages(packages, `${basename(folder)}/node_modules/`, "node_modules/");
  for (const name of Object.keys(manifest.dependencies)) {
    const path = `node_modules/${name}`;
    if (packages[path]?.link) replaceLink(packages, path, dirname(resolve(packed)));
  }

  const temporary = mkdtempSync(join(tmpdir(), "sbom-"));
  try {
    // npm takes the component's name from the folder's name.
    const cwd = join(temporary, manifest.name);
    mkdirSync(cwd);
    writeFileSync(join(cwd, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(cwd, "package-lock.json"), JSON.stringify({ ...lock, name: manifest.name, packages }));
    const npm = (/** @type {string[]} */ ...args) =>
      execFileSync("npm", [...args, "--package-lock-only"], { cwd, encoding: "utf8", maxBuffer: 1 << 26 });
    // With an empty cache, npm can take versions only from the lockfile.
    const cache = ["--offline", "--cache", join(temporary, "cache")];
    npm("prune", ...cache, "--ignore-scripts", "--no-audit", "--no-fund");
    const sbom = JSON.parse(npm("sbom", "--sbom-format", "cyclonedx"));
    sbom.metadata.component.hashes = [{ alg: "SHA-512", content: sha512(packed, "hex") }];
    process.stdout.write(`${JSON.stringify(sbom, null, 2)}\n`);
  } finally {
    rmSync(temporary, { recursive: true });
  }
});
