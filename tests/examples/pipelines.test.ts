// The example pipelines: their files are valid for GitHub and GitLab, and their commands run on the real engine, against the local
// Hub and a server that plays the API of GitHub or GitLab.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HubClient } from "../../provider/src/client";
import { createProject, type Env, type Project } from "../support/engine";
import { FORGE_TOKEN, type Forge, startGitHub, startGitLab } from "../support/forge";
import { type Hub, startHub } from "../support/hub";
import { settingIn } from "../support/spaceSettings";
import {
  type GitHubJob,
  gitLabErrors,
  gitLabFile,
  gitLabJobs,
  gitLabVariables,
  startedJobs,
  installScripts,
  PIPELINES,
  type Ran,
  runCommand,
  stepEnv,
  withCommandLine,
  workflow,
  workflowErrors,
  workflowNames,
  workflowText,
} from "../support/pipelines";

const DAY = 86_400_000;
const INSTALL = "npm ci --ignore-scripts";

describe("example pipelines: GitHub", () => {
  const jobs = (name: string) => Object.entries(workflow(name).jobs);

  it("are valid for GitHub's own parser", async () => {
    assert.equal(workflowNames.length, 4);
    for (const name of workflowNames)
      assert.deepEqual(await workflowErrors(name, workflowText(name)), [], name);
    const wrong = workflowText("hub-drift.yml")
      .replace("timeout-minutes", "timeout")
      .replace("vars.STACK", "var.STACK");
    assert.equal((await workflowErrors("wrong.yml", wrong)).length, 2);
  });

  it("name each action by its commit, and keep no credentials in the folder", () => {
    for (const name of workflowNames) {
      const lines = workflowText(name).split("\n");
      for (const line of lines.filter((each) => each.includes("uses:"))) {
        assert.match(line, /uses: (?:actions|github)\/[a-z/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      }
      for (const { uses, with: settings } of jobs(name).flatMap(([, { steps }]) => steps)) {
        if (uses?.startsWith("actions/checkout@")) assert.equal(settings?.["persist-credentials"], false);
        if (uses?.startsWith("actions/setup-node@")) assert.equal(settings?.["package-manager-cache"], false);
      }
    }
  });

  it("give each job only the permissions and the secrets that it needs", () => {
    const rights = (read: object) => ({ contents: "read", ...read });
    const expected: Record<string, { permissions: object; environment?: string; hub?: string }> = {
      preview: { permissions: rights({ "pull-requests": "write" }), hub: "HF_READ_TOKEN" },
      deploy: { permissions: rights({}), environment: "hub", hub: "HF_TOKEN" },
      drift: { permissions: rights({ issues: "write" }), hub: "HF_READ_TOKEN" },
      "code-scanning": { permissions: rights({ "security-events": "write" }) },
      rotate: { permissions: rights({}), environment: "hub", hub: "HF_TOKEN" },
    };
    const found = workflowNames.flatMap(jobs).map(([name, job]) => {
      const secrets = job.steps.flatMap(({ env }) => Object.entries(env ?? {}));
      const hub = /secrets\.(\w+)/.exec(secrets.find(([key]) => key === "HF_TOKEN")?.[1] ?? "")?.[1];
      const { permissions, environment } = job;
      return [name, { permissions, ...(environment && { environment }), ...(hub && { hub }) }];
    });
    assert.deepEqual(Object.fromEntries(found), expected);
    for (const name of workflowNames) {
      assert.deepEqual(workflow(name).permissions, {});
      for (const [job, { steps, "timeout-minutes": minutes }] of jobs(name)) {
        assert.ok(minutes, job);
        for (const { run } of steps) assert.ok(!run?.includes("${{"), run);
      }
    }
  });

  it("write a report for code scanning only if the repository wants it", async () => {
    const step = jobs("hub-drift.yml")[0]?.[1].steps.find(({ env }) => env) ?? {};
    const report = async (vars: Record<string, string>) =>
      (await stepEnv(step, { vars, secrets: {}, github: {} }))["DRIFT_REPORT"];
    assert.equal(await report({ CODE_SCANNING: "true" }), "sarif=drift.sarif");
    assert.equal(await report({}), "");
  });

  it("start when they should, and one at a time if they use the state", () => {
    const on = (name: string) => workflow(`hub-${name}.yml`).on;
    assert.deepEqual(on("preview"), { pull_request: { branches: ["main"] } });
    assert.deepEqual(on("deploy"), { push: { branches: ["main"] }, workflow_dispatch: null });
    assert.deepEqual(on("drift"), { schedule: [{ cron: "41 * * * *" }], workflow_dispatch: null });
    assert.deepEqual(on("rotate"), { schedule: [{ cron: "17 3 * * *" }], workflow_dispatch: null });
    for (const name of ["deploy", "drift", "rotate"]) {
      const { concurrency } = workflow(`hub-${name}.yml`);
      assert.deepEqual(concurrency, { group: "hub", "cancel-in-progress": false, queue: "max" });
    }
    const preview = jobs("hub-preview.yml")[0]?.[1];
    assert.equal(preview?.if, "github.event.pull_request.head.repo.full_name == github.repository");
  });
});

describe("example pipelines: GitLab", () => {
  it("are valid for GitLab's own schema", () => {
    assert.deepEqual(gitLabErrors(gitLabFile), []);
    assert.notDeepEqual(gitLabErrors({ deploy: { ...gitLabJobs["deploy"], resource_groups: "hub" } }), []);
  });

  it("run the right job in each pipeline", () => {
    const project = { CI_PROJECT_ID: "7", CI_DEFAULT_BRANCH: "main" };
    const merge = {
      ...project,
      CI_PIPELINE_SOURCE: "merge_request_event",
      CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "7",
    };
    const push = { ...project, CI_PIPELINE_SOURCE: "push", CI_COMMIT_BRANCH: "main" };
    const schedule = { ...push, CI_PIPELINE_SOURCE: "schedule" };
    assert.deepEqual(startedJobs(merge), ["preview"]);
    assert.deepEqual(startedJobs({ ...merge, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "8" }), []);
    assert.deepEqual(startedJobs(push), ["deploy"]);
    assert.deepEqual(startedJobs({ ...push, CI_COMMIT_BRANCH: "feature" }), []);
    assert.deepEqual(startedJobs(schedule), []);
    assert.deepEqual(startedJobs({ ...schedule, HUB_JOB: "drift" }), ["drift"]);
    assert.deepEqual(startedJobs({ ...schedule, HUB_JOB: "rotate" }), ["rotate"]);
    assert.deepEqual(startedJobs({ ...schedule, CI_COMMIT_BRANCH: "feature", HUB_JOB: "rotate" }), []);
  });

  it("run one at a time if they use the state, and give the others a token that only reads", () => {
    for (const name of ["deploy", "drift", "rotate"])
      assert.equal(gitLabJobs[name]?.resource_group, "hub", name);
    for (const name of ["deploy", "rotate"]) assert.deepEqual(gitLabJobs[name]?.environment, { name: "hub" });
    const project = { HF_READ_TOKEN: "reads", READ_AWS_ACCESS_KEY_ID: "reads" };
    const environment = { HF_TOKEN: "writes", AWS_ACCESS_KEY_ID: "writes" };
    for (const [name, token] of [
      ["preview", "reads"],
      ["drift", "reads"],
      ["deploy", "writes"],
      ["rotate", "writes"],
    ] as const) {
      const job = gitLabJobs[name];
      assert.ok(job);
      const variables = gitLabVariables(job, project, environment);
      assert.equal(variables["HF_TOKEN"], token);
      assert.equal(variables["AWS_ACCESS_KEY_ID"], token);
    }
  });
});

describe("example pipelines: scripts", () => {
  it("are the same for both platforms, and are valid for bash", () => {
    const called = (commands: (string | undefined)[]) =>
      commands.filter((each) => each && each !== INSTALL).sort();
    const onGitHub = workflowNames.flatMap((name) =>
      Object.values(workflow(name).jobs).flatMap(({ steps }) => steps),
    );
    const onGitLab = Object.values(gitLabJobs).flatMap(({ script }) => script);
    const scripts = ["preview", "deploy", "drift", "rotate"]
      .map((name) => `bash pipelines/${name}.sh`)
      .sort();
    assert.deepEqual(called(onGitHub.map(({ run }) => run)), scripts);
    assert.deepEqual(called(onGitLab), scripts);
    for (const file of readdirSync(PIPELINES).filter((name) => name.endsWith(".sh"))) {
      const { status, stderr } = spawnSync("bash", ["-n", join(PIPELINES, file)], { encoding: "utf8" });
      assert.equal(status, 0, stderr);
    }
  });
});

describe("example pipelines: scripts without the engine", () => {
  let folder: string;

  /** A project whose SDK installs a stand-in for the Pulumi CLI, on a machine without one. */
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pipelines-"));
    await installScripts(folder);
    const sdk = join(folder, "node_modules/@pulumi/pulumi/automation");
    await mkdir(sdk, { recursive: true });
    await writeFile(
      join(sdk, "index.js"),
      `const fs = require("node:fs");
exports.PulumiCommand = { install: async ({ root }) => {
  fs.mkdirSync(root + "/bin", { recursive: true });
  fs.writeFileSync(root + "/bin/pulumi", '#!/bin/sh\\necho "pulumi $*"\\necho "$OUTPUT"\\nexit $CODE\\n', { mode: 0o755 });
} };`,
    );
    await mkdir(join(folder, "bin"));
    for (const tool of ["bash", "node", "dirname", "mktemp", "rm", "tee", "grep", "sleep", "sh"]) {
      const { stdout } = spawnSync("bash", ["-c", `command -v ${tool}`], { encoding: "utf8" });
      await symlink(stdout.trim(), join(folder, "bin", tool));
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const run = (script: string, env: Env) =>
    runCommand(`bash pipelines/${script}.sh`, folder, {
      PATH: join(folder, "bin"),
      HOME: folder,
      STACK: "dev",
      ...env,
    });

  it("install the CLI with the project's SDK, and run `pulumi up` with a refresh", async () => {
    const up = "pulumi up --stack dev --refresh --yes --non-interactive --color never --suppress-outputs";
    const deploy = await run("deploy", { CODE: "0" });
    assert.deepEqual([deploy.code, deploy.text.trim()], [0, up]);
    const rotate = await run("rotate", { CODE: "0" });
    assert.deepEqual([rotate.code, rotate.text.trim()], [0, `${up} --skip-preview`]);
  });

  it("try again only while the stack is locked, and only for some time", async () => {
    const runs = ({ text }: Ran) => text.match(/^pulumi up/gm)?.length;
    const locked = { OUTPUT: "error: the stack is currently locked by 1 lock(s).", CODE: "255" };
    const waiting = await run("deploy", { ...locked, LOCK_WAIT_SECONDS: "1", LOCK_POLL_SECONDS: "1" });
    assert.equal(waiting.code, 255);
    assert.ok((runs(waiting) ?? 0) >= 2);
    assert.match(waiting.text, /The stack is still locked/);
    const failed = await run("deploy", { OUTPUT: "error: refused", CODE: "255" });
    assert.deepEqual([failed.code, runs(failed)], [255, 1]);
  });

  it("need the name of a stack", async () => {
    const { code, text } = await run("preview", { STACK: "" });
    assert.notEqual(code, 0);
    assert.match(text, /Set STACK to the name of the stack/);
  });
});

const program = (model: string) => `
const hf = require("pulumi-huggingface");
new hf.RepoVisibility("llm", { repo: "acme/llm-private", visibility: "private" });
const account = new hf.ServiceAccount("ci", { organization: "acme", name: "ci" });
new hf.SpaceVariable("model", { space: "acme/demo-space", key: "MODEL", value: "${model}" });
const token = new hf.HubToken("ci", {
  organization: "acme", serviceAccount: account.accountId, name: "ci", permissions: ["org.read"], rotateEveryDays: 30,
});
// What a program should never do.
console.log("the token of the job:", process.env.HF_TOKEN);
token.token.apply((value) => console.log("the token of the account:", value));
`;

describe("example pipelines: on the engine", function () {
  this.timeout(480_000);
  let hub: Hub;
  let writeToken: string;
  let readToken: string;
  let project: Project;
  let forge: Forge;
  /** The Hub's clock. The first deployment was 31 days ago, so the token is due. */
  let age = 31 * DAY;

  before(async () => {
    hub = await startHub({ now: () => new Date(Date.now() - age) });
    writeToken = hub.createToken("ada-admin", { name: "deployment", role: "write" }).value;
    readToken = hub.createToken("ada-admin", { name: "pipeline", role: "read" }).value;
    project = await createProject({ name: "pipelines", program: { "index.js": program("acme/first") } });
    await installScripts(project.dir);
    await project.up({ env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: writeToken } });
  });
  afterEach(() => forge.close());
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  const setVisibility = (visibility: "private" | "public") =>
    new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin }).updateRepoSettings(
      "acme/llm-private",
      { visibility },
    );
  const account = () => hub.store.serviceAccountsOf("acme").find(({ name }) => name === "ci");
  const tokens = () => hub.store.tokensOf(account()?.id ?? "");
  const writes = () => hub.store.requests.filter(({ method }) => method !== "GET").length;
  const settingsFile = () => readFile(join(project.dir, "Pulumi.dev.yaml"), "utf8");

  /** The environment of a machine that runs jobs: the project's, without what the jobs bring along. */
  const machine = (): Env => ({
    ...project.env,
    PATH: withCommandLine(project.env["PATH"] ?? ""),
    PULUMI_BACKEND_URL: undefined,
    PULUMI_CONFIG_PASSPHRASE: undefined,
    HF_ENDPOINT: hub.endpoint,
    CI: "true",
  });
  const shared = () => ({
    STACK: "dev",
    PULUMI_BACKEND_URL: project.env["PULUMI_BACKEND_URL"] ?? "",
    PULUMI_CONFIG_PASSPHRASE: project.env["PULUMI_CONFIG_PASSPHRASE"] ?? "",
  });
  const secrets = () => ({ HF_TOKEN: writeToken, HF_READ_TOKEN: readToken });

  /** Runs a job as its file says, except for the installation. */
  async function onGitHub(name: string, more: Env = {}): Promise<Ran> {
    const job = workflow(`hub-${name}.yml`).jobs[name] as GitHubJob;
    const step = job.steps.find(({ run }) => run !== undefined && run !== INSTALL);
    assert.ok(step?.run);
    forge.permissions = job.permissions ?? {};
    const contexts = {
      vars: shared(),
      secrets: { ...shared(), ...secrets() },
      github: { token: FORGE_TOKEN, event: { pull_request: { number: 5, head: { sha: "0123abcd" } } } },
    };
    return runCommand(step.run, project.dir, {
      ...machine(),
      GITHUB_ACTIONS: "true",
      GITHUB_API_URL: forge.api,
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_REPOSITORY: "acme/hub",
      GITHUB_RUN_ID: "99",
      ...(await stepEnv(step, contexts)),
      ...more,
    });
  }

  async function onGitLab(name: string, more: Env = {}): Promise<Ran> {
    const job = gitLabJobs[name];
    assert.ok(job);
    const settings = {
      ...shared(),
      HF_READ_TOKEN: readToken,
      GITLAB_API_TOKEN: FORGE_TOKEN,
      CI_PROJECT_ID: "7",
    };
    return runCommand(job.script.join("\n"), project.dir, {
      ...machine(),
      ...gitLabVariables(job, settings, { HF_TOKEN: writeToken }),
      GITLAB_CI: "true",
      CI_API_V4_URL: forge.api,
      CI_MERGE_REQUEST_IID: "5",
      CI_JOB_URL: "https://gitlab.example/acme/hub/-/jobs/99",
      CI_COMMIT_SHA: "0123abcd",
      ...more,
    });
  }

  const assertNoSecret = (text: string) => {
    const values = [...Object.values(secrets()), FORGE_TOKEN];
    for (const value of values) assert.ok(!text.includes(value), "a secret");
    assert.doesNotMatch(text, /\bhf_\w{8}/);
    assert.match(text, /\[secret\]/);
  };

  it("preview, deploy, report drift once, and rotate on GitHub", async () => {
    forge = await startGitHub();
    assert.deepEqual(settingIn(hub, "MODEL"), { kind: "variable", value: "acme/first" });
    assert.equal(tokens().length, 1);

    // A pull request, and a second push to it.
    const { notes } = forge.open({ number: 5, isPullRequest: true });
    notes.push({ id: 1, body: "Please review.", author: "someone" });
    const before = writes();
    await project.write("index.js", program("acme/second"));
    const preview = await onGitHub("preview");
    assert.equal(preview.code, 0, preview.text);
    assert.equal(notes.length, 2);
    const comment = notes[1];
    assert.ok(comment);
    assert.match(comment.body, /### Preview of `dev`: 1 to update/);
    assert.match(comment.body, /value\s*: "acme\/first" => "acme\/second"/);
    assert.match(
      comment.body,
      /Commit 0123abcd · \[job\]\(https:\/\/github\.example\/acme\/hub\/actions\/runs\/99\)/,
    );
    assertNoSecret(comment.body);
    const failed = await onGitHub("preview", { PULUMI_CONFIG_PASSPHRASE: "another passphrase" });
    assert.notEqual(failed.code, 0);
    assert.equal(notes.length, 2);
    assert.match(comment.body, /### Preview of `dev`: failed/);
    assert.match(comment.body, /incorrect passphrase/);
    assert.equal(writes(), before, "a preview has written to the Hub");

    // The merge. The Hub's clock says that no rotation is due.
    assert.equal((await onGitHub("deploy")).code, 0);
    assert.deepEqual(settingIn(hub, "MODEL"), { kind: "variable", value: "acme/second" });
    assert.equal(tokens().length, 1);

    // The Hub's clock reaches the present, and someone opens the repository. The rotation that is due is not drift.
    age = 0;
    const settings = await settingsFile();
    await setVisibility("public");
    const drift = await onGitHub("drift");
    assert.equal(drift.code, 3, drift.text);
    const [, issue] = forge.issues.values();
    assert.ok(issue);
    assert.equal(issue.title, "Exposed on the Hub: dev");
    assert.deepEqual(issue.labels, ["hub-drift"]);
    assert.match(issue.body, /\bprivate\b.*\bpublic\b/);
    assert.equal(await settingsFile(), settings);
    const [, seen] = /Last check: (\S+)/.exec(issue.body) ?? [];
    assert.equal((await onGitHub("drift")).code, 3);
    assert.equal(forge.issues.size, 2);
    assert.notEqual(/Last check: (\S+)/.exec(issue.body)?.[1], seen);

    await setVisibility("private");
    const repaired = await onGitHub("drift");
    assert.equal(repaired.code, 0, repaired.text);
    assert.equal(issue.isOpen, false);
    assert.match(issue.notes[0]?.body ?? "", /^There is no drift any more\./);

    const rotation = await onGitHub("rotate");
    assert.equal(rotation.code, 0, rotation.text);
    assert.equal(tokens().length, 2);
  });

  it("preview and report drift once on GitLab", async () => {
    forge = await startGitLab();
    const { notes } = forge.open({ number: 5, isPullRequest: true });
    await project.write("index.js", program("acme/third"));
    const preview = await onGitLab("preview");
    assert.equal(preview.code, 0, preview.text);
    assert.equal(notes.length, 1);
    assert.match(notes[0]?.body ?? "", /### Preview of `dev`: 1 to update/);
    assertNoSecret(notes[0]?.body ?? "");

    // The engine has run above. Here only the exit code of the check matters.
    const check = (code: number) =>
      onGitLab("drift", {
        DRIFT_COMMAND: `node ${join(project.dir, "check.cjs")} ${code}`,
        PATH: project.env["PATH"],
      });
    await project.write(
      "check.cjs",
      `const at = process.argv.indexOf("--output");
require("node:fs").writeFileSync(process.argv[at + 1], "Drift ${"x".repeat(20)}\\n/close\\n/label ~a");
process.exit(Number(process.argv[2]));`,
    );
    const codes: (number | null)[] = [];
    for (const code of [0, 2, 1, 3, 0, 2]) codes.push((await check(code)).code);
    assert.deepEqual(codes, [0, 2, 1, 3, 0, 2]);
    const [one, two, ...others] = [...forge.issues.values()].filter(({ isPullRequest }) => !isPullRequest);
    assert.ok(one && two);
    assert.equal(others.length, 0);
    assert.deepEqual([one.isOpen, one.title, one.notes.length], [false, "Exposed on the Hub: dev", 1]);
    assert.deepEqual([two.isOpen, two.title, two.labels], [true, "Drift on the Hub: dev", ["hub-drift"]]);
    assert.deepEqual(forge.commands, []);
  });

  it("do not rotate in a stack that defers rotations, and say so", async () => {
    forge = await startGitHub();
    await project.setConfig({ "huggingface:rotation": "defer" });
    const { code, text } = await onGitHub("rotate");
    await project.removeConfig("huggingface:rotation");
    assert.equal(code, 1);
    assert.match(text, /`pulumi config rm huggingface:rotation`/);
  });
});

describe("example pipelines: texts", () => {
  let forge: Forge;
  afterEach(() => forge.close());

  const READS_STACK = { STACK: "dev", PATH: process.env["PATH"] };
  const gitHub = (): Env => ({
    ...READS_STACK,
    GITHUB_ACTIONS: "true",
    GITHUB_API_URL: forge.api,
    GITHUB_REPOSITORY: "acme/hub",
    GITHUB_TOKEN: FORGE_TOKEN,
    PULL_REQUEST: "5",
  });
  const gitLab = (): Env => ({
    ...READS_STACK,
    GITLAB_CI: "true",
    CI_API_V4_URL: forge.api,
    CI_PROJECT_ID: "7",
    GITLAB_API_TOKEN: FORGE_TOKEN,
    CI_MERGE_REQUEST_IID: "5",
  });
  const write = (env: Env, text: string) =>
    runCommand(`printf %s "$TEXT" | node ${join(PIPELINES, "forge.mjs")} comment /dev/stdin 0`, PIPELINES, {
      ...env,
      TEXT: text,
    });

  it("are shortened to the platform's limit, and keep their end", async () => {
    forge = await startGitHub();
    forge.permissions = { "pull-requests": "write" };
    const { notes } = forge.open({ number: 5, isPullRequest: true });
    const { code, text } = await write(
      gitHub(),
      `first\n${"😀 `````\n".repeat(10_000)}\nResources:\n    + 1 to create\n`,
    );
    assert.equal(code, 0, text);
    const body = notes[0]?.body ?? "";
    assert.ok(body.length > 60_000);
    assert.match(body, /1 to create\n``````\n/);
    assert.match(body, /The middle is left out/);
    assert.match(body, /Preview of `dev`: 1 to create/);
  });

  it("find the comment among many, and leave comments of other accounts alone", async () => {
    forge = await startGitLab();
    const { notes } = forge.open({ number: 5, isPullRequest: true });
    await write(gitLab(), "one");
    const body = notes[0]?.body ?? "";
    for (let id = 0; id < 150; id += 1) notes.unshift({ id, body: `Note ${id}`, author: "someone" });
    await write(gitLab(), "two");
    assert.equal(notes.length, 151);
    assert.match(notes[150]?.body ?? "", /\ntwo\n/);
    // Someone copies the comment with its mark.
    notes.unshift({ id: 999, body, author: "someone" });
    const { code } = await write(gitLab(), "three");
    assert.equal(code, 0);
    assert.equal(notes.find(({ id }) => id === 999)?.body, body);
    assert.match(notes[0]?.body ?? "", /\nthree\n/);
  });

  it("are not written without the permission or with a wrong token, and the job fails", async () => {
    forge = await startGitHub();
    forge.open({ number: 5, isPullRequest: true });
    const refused = await write(gitHub(), "text");
    assert.equal(refused.code, 1);
    assert.match(refused.text, /failed with 403: .*Resource not accessible by integration/);
    const wrong = await write({ ...gitHub(), GITHUB_TOKEN: "another token" }, "text");
    assert.equal(wrong.code, 1);
    assert.match(wrong.text, /failed with 401: .*Bad credentials/);
    assert.doesNotMatch(wrong.text, /another token/);
    const missing = await write({ ...gitHub(), GITHUB_TOKEN: "" }, "text");
    assert.match(missing.text, /GITHUB_TOKEN is not set/);
  });

  it("are not written on another system", async () => {
    forge = await startGitHub();
    const { code } = await write(READS_STACK, "text");
    assert.equal(code, 0);
    assert.deepEqual(forge.requests, []);
  });
});
