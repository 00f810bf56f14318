// node scripts/sbom.mjs PACKAGE_FOLDER [PACKED_FILE]: prints the bill of materials (CycloneDX, JSON) of a package.
//
// It names the package, with the hash of the packed file, and what the package brings along in the versions of the lockfile,
// with which it was tested. Peers are left out: their release is the user's choice. npm writes it, from a copy of the package's
// part of the lockfile: inside this workspace it takes what tests and linters use too for a matter of development.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve, sep } from "node:path";
import { Problem, runMain } from "./lib/report.mjs";
import { root } from "./pulumi-env.mjs";

/** @param {string[]} args @param {string} cwd */
const npm = (args, cwd) =>
  execFileSync("npm", args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 1 << 26,
    stdio: ["ignore", "pipe", "ignore"],
  });

/** @param {string} file */
const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

/** @param {Record<string, any>} object @param {string[]} keys @returns {Record<string, any>} */
const without = (object, keys) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

/**
 * The lockfile's entries of what a package brings along, laid out anew without the workspace: at the top, or, where another
 * release stands in the way, inside the package that needs it.
 *
 * @param {Record<string, Record<string, any>>} packages
 * @param {string} folder
 */
function broughtAlong(packages, folder) {
  /** @type {Record<string, Record<string, any>>} */
  const laid = {};
  const queue = [{ from: folder, place: "" }];
  for (const { from, place } of queue) {
    const { dependencies, optionalDependencies } = packages[from] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const source = whereFrom(packages, from, name);
      if (!source)
        throw new Problem(`The lockfile does not hold ${name}, which ${from} needs: run npm install.`);
      // To the workspace they may be a matter of development; here they are not.
      const entry = without(packages[source] ?? {}, ["dev", "devOptional", "peer"]);
      const there = whereFrom(laid, place, name);
      if (there && laid[there]?.integrity === entry.integrity) continue;
      const at = there ? `${place}/node_modules/${name}` : `node_modules/${name}`;
      laid[at] = entry;
      queue.push({ from: source, place: at });
    }
  }
  return laid;
}

/** Where Node.js would find `name` from a package: the nearest folder upwards that has it. */
function whereFrom(
  /** @type {Record<string, unknown>} */ packages,
  /** @type {string} */ from,
  /** @type {string} */ name,
) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("node_modules/") - 1))) {
    const path = `${at}${at && "/"}node_modules/${name}`;
    if (packages[path]) return path;
    if (at === "") return undefined;
  }
}

runMain(async () => {
  const [folder, packed] = process.argv.slice(2);
  if (!folder) throw new Problem("Give the folder of the package, such as provider.");
  const source = resolve(folder);
  const manifest = readJson(join(source, "package.json"));
  const lock = readJson(join(root, "package-lock.json"));
  const kept = without(manifest, ["devDependencies", "peerDependencies"]);

  const temporary = mkdtempSync(join(tmpdir(), "sbom-"));
  try {
    let file = packed;
    if (!file) {
      const answer = JSON.parse(
        npm(["pack", "--json", "--ignore-scripts", "--pack-destination", temporary], source),
      );
      // npm 11 answers with a list, later releases with an object by package name.
      const [{ filename }] = Object.values(answer);
      file = join(temporary, filename);
    }
    // npm calls the component as its folder is called.
    const work = join(temporary, manifest.name);
    mkdirSync(work);
    writeFileSync(join(work, "package.json"), JSON.stringify(kept));
    const packages = {
      "": kept,
      ...broughtAlong(lock.packages, relative(root, source).split(sep).join("/")),
    };
    writeFileSync(
      join(work, "package-lock.json"),
      JSON.stringify({
        name: kept.name,
        version: kept.version,
        lockfileVersion: 3,
        requires: true,
        packages,
      }),
    );
    const sbom = JSON.parse(npm(["sbom", "--package-lock-only", "--sbom-format", "cyclonedx"], work));
    sbom.metadata.component.hashes = [
      { alg: "SHA-512", content: createHash("sha512").update(readFileSync(file)).digest("hex") },
    ];
    process.stdout.write(`${JSON.stringify(sbom, null, 2)}\n`);
  } finally {
    rmSync(temporary, { recursive: true });
  }
});
