// node scripts/release-check.mjs vX.Y.Z: checks that a release matches its tag and is complete.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PUBLISHED } from "./lib/packages.mjs";
import { runMain, say } from "./lib/report.mjs";
import { root } from "./pulumi-env.mjs";

/** @param {string} folder */
const manifestOf = (folder) => JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));

/** @param {string} tag */
function problems(tag) {
  const version = /^v(\d+\.\d+\.\d+)$/.exec(tag)?.[1];
  if (!version) return [`"${tag}" is not a release tag. A release tag has the form v1.2.3.`];
  const found = [];
  // npm checks the repository as part of the provenance, and rejects a package without it or with another one.
  const repository = process.env.GITHUB_REPOSITORY;
  const names = PUBLISHED.map((folder) => manifestOf(folder).name);
  for (const folder of PUBLISHED) {
    const manifest = manifestOf(folder);
    if (manifest.version !== version) {
      found.push(
        `${folder}/package.json has version ${manifest.version}, but the tag has ${version}. Correct one of them.`,
      );
    }
    const url = `git+https://github.com/${repository}.git`;
    if (repository && manifest.repository?.url !== url) {
      found.push(
        `${folder}/package.json must have a repository with the url ${url}; otherwise npm rejects it.`,
      );
    }
    // Our packages depend on each other in exactly the version that was tested.
    for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
      if (names.includes(name) && range !== version) {
        found.push(
          `${folder}/package.json depends on ${name} ${range}, but the tag has ${version}. Correct one of them.`,
        );
      }
    }
    // The package's page on npm takes its links to the home page, the issues and the source code from this field.
    if (manifest.repository?.directory !== folder) {
      found.push(`${folder}/package.json must have a repository with the directory "${folder}".`);
    }
  }
  // Commits on main are reviewed; a tag can be on any commit.
  const onMain = spawnSync("git", ["merge-base", "--is-ancestor", "HEAD", "origin/main"], { cwd: root });
  if (onMain.status !== 0)
    found.push("This commit is not on origin/main. Merge it, then tag the merged commit.");
  if (!readFileSync(join(root, "CHANGELOG.md"), "utf8").includes(`## [${version}]`)) {
    found.push(`CHANGELOG.md has no section [${version}]. Describe what changes for users.`);
  }
  // The state that a release writes is recorded once, so that tests can upgrade it to every later release.
  if (!existsSync(join(root, "tests/fixtures/upgrade", version))) {
    found.push(
      `There is no recording of ${version}. Run npx tsx tests/upgrade/record.ts ${version} and commit the result.`,
    );
  }
  return found;
}

runMain(async () => {
  const found = problems(process.argv[2] ?? "");
  for (const problem of found) say(problem);
  return found.length > 0 ? 1 : 0;
});
