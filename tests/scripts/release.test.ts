import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ROOT } from "../support/lockfile";

const TAG = "v1.2.3";
const URL_OF_REPOSITORY = "git+https://github.com/someone/something.git";
const NAMES = {
  "local-hub": "huggingface-local-hub",
  provider: "pulumi-huggingface",
  cli: "pulumi-huggingface-cli",
};

const repositoryOf = (directory: string) => ({ type: "git", url: URL_OF_REPOSITORY, directory });

// Needs git, and replaces npm by an executable script.
const possible = process.platform !== "win32" && !spawnSync("git", ["--version"]).error;

(possible ? describe : describe.skip)("a release", function () {
  this.timeout(60_000);

  let top: string;
  let dir: string;

  /** Creates a repository that is ready for its release. */
  beforeEach(async () => {
    top = await mkdtemp(join(tmpdir(), "release-"));
    dir = join(top, "work");
    await cp(join(ROOT, "scripts"), join(dir, "scripts"), { recursive: true });
    await mkdir(join(dir, "tests/fixtures/upgrade/1.2.3"), { recursive: true });
    await writeFile(join(dir, "tests/fixtures/upgrade/1.2.3/stack.json"), "{}");
    await writeFile(join(dir, "CHANGELOG.md"), "## [1.2.3]\n");
    for (const folder of Object.keys(NAMES) as (keyof typeof NAMES)[]) {
      await manifest(folder, { repository: repositoryOf(folder) });
    }
    git("init", "--quiet", "--initial-branch", "main");
    commit();
    git("update-ref", "refs/remotes/origin/main", "HEAD");
  });
  afterEach(() => rm(top, { recursive: true, force: true }));

  async function manifest(folder: keyof typeof NAMES, more: object): Promise<void> {
    await mkdir(join(dir, folder), { recursive: true });
    const text = JSON.stringify({ name: NAMES[folder], version: "1.2.3", ...more });
    await writeFile(join(dir, folder, "package.json"), text);
  }

  function git(...args: string[]): void {
    const who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
    const { status, stderr } = spawnSync("git", [...who, ...args], { cwd: dir, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  }

  function commit(): void {
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--message", "something");
  }

  function script(name: string, args: string[], env: NodeJS.ProcessEnv) {
    const { status, stderr } = spawnSync(process.execPath, [join(dir, "scripts", name), ...args], {
      cwd: dir,
      encoding: "utf8",
      env: { ...process.env, ...env },
    });
    return { status, text: stderr };
  }

  describe("check before a release", () => {
    const check = (tag = TAG, repository: string | undefined = "someone/something") =>
      script("release-check.mjs", [tag], { GITHUB_REPOSITORY: repository });

    it("passes if everything is ready", () => {
      const { status, text } = check();
      assert.deepEqual({ status, text }, { status: 0, text: "" });
    });

    it("refuses a tag that does not name a version", () => {
      for (const tag of ["1.2.3", "v1.2.3-rc.1", "v1.2", "v1.2.3; true", ""]) {
        const { status, text } = check(tag);
        assert.equal(status, 1, tag);
        assert.match(text, /is not a release tag/);
      }
    });

    it("refuses a tag of another version", () => {
      const { status, text } = check("v1.2.4");
      assert.equal(status, 1);
      for (const folder of Object.keys(NAMES))
        assert.match(text, new RegExp(`${folder}/package.json has version 1.2.3`));
      assert.match(text, /CHANGELOG.md has no section \[1.2.4\]/);
      assert.match(text, /no recording of 1.2.4/);
    });

    it("refuses a commit that is not on main", async () => {
      await writeFile(join(dir, "README.md"), "");
      commit();
      const { status, text } = check();
      assert.equal(status, 1);
      assert.match(text, /^This commit is not on origin\/main/);
    });

    it("refuses a folder without main to compare with", () => {
      git("update-ref", "-d", "refs/remotes/origin/main");
      assert.equal(check().status, 1);
    });

    it("refuses a package that names no repository, or another one", async () => {
      await manifest("provider", {});
      const { status, text } = check();
      assert.equal(status, 1);
      assert.match(text, /^provider\/package.json must have a repository with the url git\+https:/);
      assert.doesNotMatch(text, /local-hub/);
      assert.equal(check(TAG, "else/something").status, 1);
    });

    it("refuses a package that depends on another version of ours", async () => {
      const repository = repositoryOf("cli");
      await manifest("cli", { repository, dependencies: { "pulumi-huggingface": "1.2.3", axios: "^1.0.0" } });
      assert.equal(check().status, 0);
      await manifest("cli", { repository, dependencies: { "pulumi-huggingface": "1.2.2" } });
      const { status, text } = check();
      assert.equal(status, 1);
      assert.match(
        text,
        /^cli\/package.json depends on pulumi-huggingface 1\.2\.2, but the tag has 1\.2\.3\./,
      );
    });

    it("refuses a package that does not name its folder in the repository", async () => {
      await manifest("provider", { repository: repositoryOf("local-hub") });
      const { status, text } = check();
      assert.equal(status, 1);
      assert.equal(text, 'provider/package.json must have a repository with the directory "provider".\n');
    });
  });

  describe("publication", () => {
    let answers: Record<string, { status: number; stdout: string }>;

    beforeEach(async () => {
      answers = {};
      await mkdir(join(dir, "release"));
      for (const name of Object.values(NAMES)) await writeFile(join(dir, `release/${name}-1.2.3.tgz`), name);
      // Instead of npm, this script records its arguments and prints the answers of the test.
      await mkdir(join(top, "bin"));
      await writeFile(
        join(top, "bin/npm"),
        `#!${process.execPath}
const { appendFileSync, readFileSync } = require("node:fs");
const args = process.argv.slice(2);
appendFileSync(${JSON.stringify(join(top, "asked"))}, JSON.stringify(args) + "\\n");
const answers = JSON.parse(readFileSync(${JSON.stringify(join(top, "answers"))}, "utf8"));
const { status, stdout } = answers[args[0] + " " + args[1].replace(/.*[/]/, "")];
process.stdout.write(stdout);
process.exitCode = status;
`,
      );
      await chmod(join(top, "bin/npm"), 0o755);
      for (const name of Object.values(NAMES)) {
        answers[`view ${name}@1.2.3`] = NOT_THERE;
        answers[`publish ${name}-1.2.3.tgz`] = { status: 0, stdout: "" };
      }
    });

    const NOT_THERE = { status: 1, stdout: JSON.stringify({ error: { code: "E404" } }) };
    const published = (content: string) => ({
      status: 0,
      stdout: JSON.stringify(`sha512-${createHash("sha512").update(content).digest("base64")}`),
    });

    async function publish() {
      await rm(join(top, "asked"), { force: true });
      await writeFile(join(top, "answers"), JSON.stringify(answers));
      const PATH = [join(top, "bin"), process.env.PATH].join(delimiter);
      const result = script("publish.mjs", ["release"], { PATH });
      const asked = (await readFile(join(top, "asked"), "utf8")).trim().split("\n");
      const publications = asked
        .map((line) => JSON.parse(line) as string[])
        .filter(([command]) => command === "publish");
      return { ...result, publications };
    }

    const publication = (name: string) => [
      "publish",
      join(dir, "release", `${name}-1.2.3.tgz`),
      "--provenance",
      "--access",
      "public",
      "--ignore-scripts",
    ];

    it("publishes the packed files with provenance and without scripts", async () => {
      const { status, publications } = await publish();
      assert.equal(status, 0);
      assert.deepEqual(publications, Object.values(NAMES).map(publication));
    });

    it("publishes a version for which npm prints nothing", async () => {
      for (const name of Object.values(NAMES)) answers[`view ${name}@1.2.3`] = { status: 0, stdout: "" };
      assert.equal((await publish()).publications.length, 3);
    });

    it("publishes only the missing packages after another was published", async () => {
      answers["publish pulumi-huggingface-1.2.3.tgz"] = { status: 1, stdout: "" };
      const first = await publish();
      assert.equal(first.status, 1);
      assert.match(first.text, /Run this job again/);

      answers["view huggingface-local-hub@1.2.3"] = published("huggingface-local-hub");
      answers["publish pulumi-huggingface-1.2.3.tgz"] = { status: 0, stdout: "" };
      const second = await publish();
      assert.equal(second.status, 0);
      assert.deepEqual(
        second.publications,
        ["pulumi-huggingface", "pulumi-huggingface-cli"].map(publication),
      );

      for (const name of ["pulumi-huggingface", "pulumi-huggingface-cli"]) {
        answers[`view ${name}@1.2.3`] = published(name);
      }
      const third = await publish();
      assert.deepEqual([third.status, third.publications], [0, []]);
    });

    it("publishes nothing if the version exists with other content", async () => {
      answers["view pulumi-huggingface@1.2.3"] = published("something else");
      const { status, text, publications } = await publish();
      assert.equal(status, 1);
      assert.match(text, /is published with other content/);
      assert.deepEqual(publications, []);
    });

    it("publishes nothing if npm's answer does not show what is published", async () => {
      for (const answer of [
        { status: 1, stdout: JSON.stringify({ error: { code: "E503" } }) },
        { status: 1, stdout: "" },
        { status: 0, stdout: "<html>" },
      ]) {
        answers["view pulumi-huggingface@1.2.3"] = answer;
        const { status, text, publications } = await publish();
        assert.equal(status, 1);
        assert.match(text, /^Could not find out whether pulumi-huggingface@1\.2\.3 is already published/m);
        assert.deepEqual(publications, []);
      }
    });
  });
});
