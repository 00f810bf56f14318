// node scripts/publish.mjs FOLDER: publishes the packed packages of a folder, with provenance.
//
// May be run again after it has failed: a version that is published with the same content is left alone. One with other content is
// not ours, and then nothing is published.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { PUBLISHED } from "./lib/packages.mjs";
import { Problem, runMain, say } from "./lib/report.mjs";
import { root } from "./pulumi-env.mjs";

/**
 * The integrity hash of a version on the registry; undefined when there is none.
 *
 * @param {string} version
 */
function publishedIntegrity(version) {
  const { status, stdout, error } = spawnSync("npm", ["view", version, "dist.integrity", "--json"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (error) throw new Problem(`npm cannot be run: ${error.message}`);
  const answer = parsed(stdout);
  // About a version that is not there npm 11 answers E404, earlier releases nothing.
  if (status === 0 && answer === undefined) return undefined;
  if (status === 0 && typeof answer === "string") return answer;
  if (status !== 0 && answer?.error?.code === "E404") return undefined;
  throw new Problem(
    `Whether ${version} is published already cannot be told: npm view ended with ${status}. Nothing was published.`,
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
  if (!folder) throw new Problem("Give the folder with the packed packages.");
  const waiting = [];
  for (const each of PUBLISHED) {
    const { name, version } = JSON.parse(readFileSync(join(root, each, "package.json"), "utf8"));
    const file = join(resolve(folder), `${name}-${version}.tgz`);
    const integrity = `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
    const published = publishedIntegrity(`${name}@${version}`);
    if (published === undefined) waiting.push(file);
    else if (published === integrity) say(`${name}@${version} is published already.`);
    else {
      throw new Problem(
        `${name}@${version} is published with other content (${published}, not ${integrity}). Find out by whom; nothing was published.`,
      );
    }
  }
  for (const file of waiting) {
    const args = ["publish", file, "--provenance", "--access", "public", "--ignore-scripts"];
    const { status } = spawnSync("npm", args, { stdio: ["ignore", "inherit", "inherit"] });
    if (status !== 0) throw new Problem(`npm publish ${file} ended with ${status}. Run this job again.`);
  }
});
