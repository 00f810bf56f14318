// node scripts/sbom.mjs FOLDER PACKED_FILE: prints the software bill of materials (CycloneDX, JSON) of a packed package.
//
// It contains the package with the file's hash, and the dependencies in the tested versions from the lockfile. Peer dependencies are
// left out because the user chooses their versions. npm writes it from a copy of the lockfile, pruned to this package. It does not run in
// the workspace: there, `npm sbom --omit dev` drops packages that others use for development, and cyclonedx-npm needs URLs in the
// lockfile to write hashes.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { Problem, runMain } from "./lib/report.mjs";
import { root } from "./pulumi-env.mjs";

/** @param {string} file */
const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

runMain(async () => {
  const [folder, packed] = process.argv.slice(2);
  if (!folder || !packed)
    throw new Problem("Usage: node scripts/sbom.mjs FOLDER PACKED_FILE (FOLDER is provider or local-hub)");
  const manifest = readJson(join(resolve(folder), "package.json"));
  delete manifest.devDependencies;
  delete manifest.peerDependencies;
  const lock = readJson(join(root, "package-lock.json"));
  // The package becomes the root of the lockfile, so the packages installed in its folder move to the top level.
  const packages = { ...lock.packages, "": manifest };
  const own = `${basename(folder)}/node_modules/`;
  for (const path of Object.keys(lock.packages)) {
    if (path.startsWith(own)) packages[`node_modules/${path.slice(own.length)}`] = packages[path];
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
    const content = createHash("sha512").update(readFileSync(packed)).digest("hex");
    sbom.metadata.component.hashes = [{ alg: "SHA-512", content }];
    process.stdout.write(`${JSON.stringify(sbom, null, 2)}\n`);
  } finally {
    rmSync(temporary, { recursive: true });
  }
});
