// node scripts/publish.mjs FOLDER: publishes the packed packages in a folder, with provenance.
//
// You can run it again after a failure: it skips a version that is already published with the same content. If the registry has
// other content under the same version, it publishes nothing.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { PUBLISHED } from "./lib/packages.mjs";
import { Problem, runMain, say } from "./lib/report.mjs";
import { root } from "./pulumi-env.mjs";

/**
 * Returns the integrity hash of a version on the registry, or undefined if the version is not published.
 *
 * @param {string} version
 */
function publishedIntegrity(version) {
  const { status, stdout, error } = spawnSync("npm", ["view", version, "dist.integrity", "--json"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (error) throw new Problem(`npm could not be started: ${error.message}`);
  const answer = parsed(stdout);
  // For an unpublished version, npm 11 answers E404; earlier releases print nothing.
  if (status === 0 && answer === undefined) return undefined;
  if (status === 0 && typeof answer === "string") return answer;
  if (status !== 0 && answer?.error?.code === "E404") return undefined;
  throw new Problem(
    `Could not find out whether ${version} is already published: npm view exited with code ${status}. Nothing was published.`,
  );
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text.trim() === "" ? undefined : {};
  }
}

runMain(async () => {
  const [folder] = process.argv.slice(2);
  if (!folder)
    throw new Problem("Usage: node scripts/publish.mjs FOLDER (the folder with the packed packages)");
  const waiting = [];
  for (const each of PUBLISHED) {
    const { name, version } = JSON.parse(readFileSync(join(root, each, "package.json"), "utf8"));
    const file = join(resolve(folder), `${name}-${version}.tgz`);
    const integrity = `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
    const published = publishedIntegrity(`${name}@${version}`);
    if (published === undefined) waiting.push(file);
    else if (published === integrity) say(`${name}@${version} is already published.`);
    else {
      throw new Problem(
        `${name}@${version} is published with other content (${published}, not ${integrity}). Nothing was published; find out who published it.`,
      );
    }
  }
  for (const file of waiting) {
    const args = ["publish", file, "--provenance", "--access", "public", "--ignore-scripts"];
    const { status } = spawnSync("npm", args, { stdio: ["ignore", "inherit", "inherit"] });
    if (status !== 0)
      throw new Problem(`npm publish ${file} exited with code ${status}. Run this job again.`);
  }
});
