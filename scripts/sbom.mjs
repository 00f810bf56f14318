// node scripts/sbom.mjs FOLDER PACKED_FILE: prints the bill of materials (CycloneDX, JSON) of a packed package.
//
// It names the package with the file's hash, and its dependencies in the versions of the lockfile, with which it was tested. Peers are
// left out: the user chooses their release. npm writes it, from a copy of the lockfile that npm has pruned to this package. Inside the
// workspace `npm sbom --omit dev` drops what other packages use for development, and cyclonedx-npm needs addresses in the lockfile
// to write hashes.
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
    throw new Problem("Give the package's folder, such as provider, and its packed file.");
  const manifest = readJson(join(resolve(folder), "package.json"));
  delete manifest.devDependencies;
  delete manifest.peerDependencies;
  const lock = readJson(join(root, "package-lock.json"));
  // The package becomes the root of its own lockfile: what is installed in its folder has its place at the top.
  const packages = { ...lock.packages, "": manifest };
  const own = `${basename(folder)}/node_modules/`;
  for (const path of Object.keys(lock.packages)) {
    if (path.startsWith(own)) packages[`node_modules/${path.slice(own.length)}`] = packages[path];
  }

  const temporary = mkdtempSync(join(tmpdir(), "sbom-"));
  try {
    // npm names the component after its folder.
    const cwd = join(temporary, manifest.name);
    mkdirSync(cwd);
    writeFileSync(join(cwd, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(cwd, "package-lock.json"), JSON.stringify({ ...lock, name: manifest.name, packages }));
    const npm = (/** @type {string[]} */ ...args) =>
      execFileSync("npm", [...args, "--package-lock-only"], { cwd, encoding: "utf8", maxBuffer: 1 << 26 });
    // With nothing in the cache, npm cannot take a release from anywhere but the lockfile.
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
