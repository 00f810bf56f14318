// What the workflows may do, and what they run. They start with a push or a tag, and one of them can publish.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { readText, ROOT } from "../support/lockfile";
import { type Step } from "../support/pipelines";

interface Job {
  "runs-on": string;
  strategy?: { matrix: Record<string, unknown[]> };
  permissions?: Record<string, string>;
  environment?: string;
  needs?: string | string[];
  "timeout-minutes"?: number;
  "continue-on-error"?: boolean;
  steps: Step[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  concurrency?: { group: string; "cancel-in-progress": boolean };
  jobs: Record<string, Job>;
}

const folder = ".github/workflows";
const names = readdirSync(join(ROOT, folder));
const load = (name: string) => parse(readText(`${folder}/${name}`)) as Workflow;
/** The permissions of a job: its own, or those of the workflow. */
const rights = (workflow: Workflow, job: Job) => job.permissions ?? workflow.permissions;

describe("workflows", () => {
  for (const name of names) {
    const workflow = load(name);
    const jobs = Object.entries(workflow.jobs);
    const steps = jobs.flatMap(([, job]) => job.steps);

    it(`${name} names each action by its commit, with the release in a comment`, () => {
      const lines = readText(`${folder}/${name}`)
        .split("\n")
        .filter((line) => line.includes("uses:"));
      assert.equal(lines.length, steps.filter(({ uses }) => uses).length);
      for (const line of lines) assert.match(line, /uses: actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });

    it(`${name} inserts nothing into the text of a command, and uses no secret`, () => {
      for (const { run } of steps) assert.ok(!run?.includes("${{"), run);
      assert.ok(!readText(`${folder}/${name}`).includes("secrets."));
    });

    it(`${name} declares each job's permissions, and leaves no credentials in the folder`, () => {
      for (const [job, what] of jobs) {
        assert.ok(rights(workflow, what), job);
        assert.ok(what["timeout-minutes"], job);
      }
      for (const step of steps) {
        if (step.uses?.startsWith("actions/checkout@"))
          assert.equal(step.with?.["persist-credentials"], false);
        // A cache could contain files from another run.
        if (step.uses?.startsWith("actions/setup-node@")) {
          assert.equal(step.with?.["package-manager-cache"], false);
          assert.equal(step.with?.cache, undefined);
        }
      }
      assert.ok(!steps.some(({ uses }) => uses?.startsWith("actions/cache")));
    });
  }

  it("all but the release may only read, even for another person's pull request", () => {
    for (const name of names.filter((each) => each !== "release.yml")) {
      const workflow = load(name);
      assert.ok(!("pull_request_target" in workflow.on) && !("workflow_run" in workflow.on), name);
      for (const job of Object.values(workflow.jobs)) {
        assert.deepEqual(rights(workflow, job), { contents: "read" }, name);
      }
    }
  });

  describe("the check of each change", () => {
    const { test, quick } = load("ci.yml").jobs;
    const nodes = [20, 22, 24];
    const commands = (job?: Job) => (job?.steps ?? []).flatMap(({ run }) => run ?? []);

    it("runs everything on Linux, with each supported release of Node.js", () => {
      assert.equal(test?.["runs-on"], "ubuntu-latest");
      assert.deepEqual(test.strategy?.matrix, { node: nodes });
      assert.deepEqual(commands(test), ["bash .ci/run"]);
    });

    it("runs the quick tests on macOS and Windows, without shell commands", () => {
      assert.deepEqual(quick?.strategy?.matrix, { os: ["macos-latest", "windows-latest"], node: nodes });
      assert.deepEqual(commands(quick), ["npm run build", "npm run typecheck", "npm test -- --quick"]);
      // npm uses cmd.exe on Windows, which supports neither variables in front of a command nor single quotes.
      const { scripts } = JSON.parse(readText("package.json")) as { scripts: Record<string, string> };
      for (const [name, script] of Object.entries(scripts)) {
        assert.match(script, /^[\w./: -]+( && [\w./: -]+)*$/, name);
      }
    });

    it("checks out the same bytes on every system", () => {
      assert.match(readText(".gitattributes"), /^\* text=auto eol=lf$/m);
    });
  });

  describe("the release", () => {
    const workflow = load("release.yml");
    const { jobs } = workflow;
    const commands = (job: string) =>
      (jobs[job]?.steps ?? []).flatMap(({ run }) => (run === undefined ? [] : [run.trim()]));

    it("starts only with a version tag, one at a time, and is never canceled", () => {
      assert.deepEqual(workflow.on, { push: { tags: ["v*.*.*"] } });
      assert.equal(workflow.concurrency?.["cancel-in-progress"], false);
    });

    it("gives each job only the permissions it needs: jobs that run code of dependencies may not publish or write", () => {
      assert.deepEqual(workflow.permissions, {});
      assert.deepEqual(
        Object.fromEntries(Object.entries(jobs).map(([job, what]) => [job, what.permissions])),
        {
          test: { contents: "read" },
          pack: { contents: "read" },
          publish: { contents: "read", "id-token": "write" },
          describe: { contents: "write" },
        },
      );
      assert.equal(jobs["publish"]?.environment, "release");
      for (const job of ["publish", "describe"]) {
        const text = commands(job).join("\n");
        assert.doesNotMatch(text, /bootstrap|\.ci\/run|npm (?:ci|install)|npx/, job);
      }
    });

    it("publishes after the tests, and only the packed files", () => {
      assert.deepEqual(
        Object.values(jobs).map(({ needs }) => needs),
        [undefined, "test", "pack", "publish"],
      );
      assert.deepEqual(
        Object.values(jobs).flatMap((job) => job["continue-on-error"] ?? []),
        [],
      );
      assert.deepEqual(commands("test"), [
        'node scripts/release-check.mjs "$GITHUB_REF_NAME"',
        "bash .ci/run",
      ]);
      assert.equal(
        jobs["test"]?.steps[0]?.with?.["fetch-depth"],
        0,
        "main has to be fetched for the comparison",
      );
      assert.deepEqual(commands("publish"), ["node scripts/publish.mjs release"]);
      const pack = commands("pack").join("\n");
      for (const [packed, name] of [
        ["provider", "pulumi-huggingface"],
        ["local-hub", "huggingface-local-hub"],
        ["cli", "pulumi-huggingface-cli"],
      ] as const) {
        assert.ok(pack.includes(`--workspace ${name} `), name);
        // A digit, because the name of one package is the start of another one's.
        const command = `node scripts/sbom.mjs ${packed} release/${name}-[0-9]*.tgz > release/${name}.cdx.json`;
        assert.ok(pack.includes(command), command);
      }
      assert.match(commands("describe").join("\n"), /gh release upload .* release\/\*\.cdx\.json --clobber/);
    });
  });
});
