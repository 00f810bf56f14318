// node scripts/sbom.mjs PACKAGE_FOLDER: prints the bill of materials (CycloneDX, JSON) of a package as its users get it.
//
// It is made from an installation of the packed package: inside this workspace, npm takes what tests and linters use too for
// a matter of development, and would leave it out.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Problem, runMain } from "./lib/report.mjs";

/** @param {string[]} args @param {string} cwd */
const npm = (args, cwd) =>
  execFileSync("npm", args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 1 << 26,
    stdio: ["ignore", "pipe", "ignore"],
  });

runMain(async () => {
  const [folder] = process.argv.slice(2);
  if (!folder) throw new Problem("Give the folder of the package, such as provider.");
  const work = mkdtempSync(join(tmpdir(), "sbom-"));
  try {
    const packed = JSON.parse(npm(["pack", "--json", "--pack-destination", work], resolve(folder)));
    // npm 11 answers with a list, later releases with an object by package name.
    const [{ name, version, filename }] = Object.values(packed);
    const dependencies = { [name]: `file:${join(work, filename)}` };
    writeFileSync(
      join(work, "package.json"),
      JSON.stringify({ name: "sbom", version, private: true, dependencies }),
    );
    npm(["install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"], work);
    process.stdout.write(npm(["sbom", "--package-lock-only", "--sbom-format", "cyclonedx"], work));
  } finally {
    rmSync(work, { recursive: true });
  }
});
