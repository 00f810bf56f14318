// node scripts/release-check.mjs vX.Y.Z: a release has to be what its tag says, and to be ready.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PUBLISHED } from "./lib/packages.mjs";
import { runMain, say } from "./lib/report.mjs";
import { root } from "./pulumi-env.mjs";

/** @param {string} tag */
function problems(tag) {
  const version = /^v(\d+\.\d+\.\d+)$/.exec(tag)?.[1];
  if (!version) return [`"${tag}" is not a tag of a release: it must be like v1.2.3.`];
  const found = [];
  // Provenance ties a package to a repository; npm refuses one that names another or none.
  const repository = process.env.GITHUB_REPOSITORY;
  for (const folder of PUBLISHED) {
    const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    if (manifest.version !== version) {
      found.push(
        `${folder}/package.json says ${manifest.version}, the tag ${version}: set one of them right.`,
      );
    }
    const url = `git+https://github.com/${repository}.git`;
    if (repository && manifest.repository?.url !== url) {
      found.push(`${folder}/package.json must have a repository with the url ${url}, or npm refuses it.`);
    }
    // npm's page takes the addresses of the home page, the issues and the sources from it.
    if (manifest.repository?.directory !== folder) {
      found.push(`${folder}/package.json must have a repository with the directory "${folder}".`);
    }
  }
  // The right to push a tag says nothing about a review of its commit.
  const onMain = spawnSync("git", ["merge-base", "--is-ancestor", "HEAD", "origin/main"], { cwd: root });
  if (onMain.status !== 0) found.push("This commit is not on origin/main: merge it, and tag it there.");
  if (!readFileSync(join(root, "CHANGELOG.md"), "utf8").includes(`## [${version}]`)) {
    found.push(`CHANGELOG.md has no section [${version}]: write what a user sees of it.`);
  }
  // What a release writes is recorded once, so that all later ones can be held against it.
  if (!existsSync(join(root, "tests/fixtures/upgrade", version))) {
    found.push(
      `There is no recording of ${version}: run npx tsx tests/upgrade/record.ts ${version} and commit it.`,
    );
  }
  return found;
}

runMain(async () => {
  const found = problems(process.argv[2] ?? "");
  for (const problem of found) say(problem);
  return found.length > 0 ? 1 : 0;
});
