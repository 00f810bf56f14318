// The example pipelines, read and run as GitHub and GitLab do.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runInNewContext } from "node:vm";
import Ajv, { type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import * as ts from "typescript";
import { parse } from "yaml";
import { type Env } from "./engine";
import { EXAMPLES } from "./example";

export const PIPELINES = join(EXAMPLES, "pipelines");

export interface Step {
  uses?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}
export interface GitHubJob {
  permissions?: Record<string, string>;
  environment?: string;
  "timeout-minutes"?: number;
  if?: string;
  steps: Step[];
}
export interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  concurrency: { group: string; "cancel-in-progress": boolean; queue?: string };
  jobs: Record<string, GitHubJob>;
}
export interface GitLabJob {
  extends?: string;
  stage?: string;
  rules?: { if: string }[];
  resource_group?: string;
  environment?: { name: string };
  variables?: Record<string, string>;
  script: string[];
}

export const workflowNames = readdirSync(join(PIPELINES, "github"));
export const workflowText = (name: string): string => readFileSync(join(PIPELINES, "github", name), "utf8");
export const workflow = (name: string): Workflow => parse(workflowText(name)) as Workflow;
export const gitLabFile = parse(readFileSync(join(PIPELINES, "gitlab/.gitlab-ci.yml"), "utf8")) as {
  workflow: { rules: { if: string }[] };
  default: object;
};
const { workflow: started, default: _defaults, ...entries } = gitLabFile;
const gitLabEntries = entries as Record<string, GitLabJob>;
/** The jobs, without what they inherit. */
export const gitLabJobs = Object.fromEntries(
  Object.entries(gitLabEntries).filter(([name]) => !name.startsWith(".")),
);

/** What GitHub's own parser finds wrong with a workflow: unknown fields, wrong values, wrong expressions. */
export async function workflowErrors(name: string, text: string): Promise<string[]> {
  const { NoOperationTraceWriter, parseWorkflow } = await import("@actions/workflow-parser");
  const { context } = parseWorkflow({ name, content: text }, new NoOperationTraceWriter());
  return context.errors.getErrors().map(({ message }) => message);
}

/**
 * GitLab's own schema of its CI files. GitLab publishes it in no package. gitlab-ci-local contains it, within its bundled code,
 * unchanged and without dependencies. The package itself needs a newer Node.js than the oldest that we support.
 */
function gitLabSchema(): object {
  const bundle = readFileSync(require.resolve("gitlab-ci-local"), "utf8");
  const end = bundle.indexOf('$id:"https://gitlab.com/.gitlab-ci.yml"');
  const start = bundle.lastIndexOf("{", end);
  if (start < 0) throw new Error("gitlab-ci-local does not contain GitLab's schema as expected.");
  // The compiler finds the end of the object.
  const source = ts.createSourceFile(
    "schema.js",
    `(${bundle.slice(start, start + 300_000)}`,
    ts.ScriptTarget.Latest,
    true,
  );
  const [statement] = source.statements;
  const literal = ts.forEachChild(statement as ts.Node, function first(node): ts.Node | undefined {
    return ts.isObjectLiteralExpression(node) ? node : ts.forEachChild(node, first);
  });
  return JSON.parse(JSON.stringify(runInNewContext(`(${(literal as ts.Node).getText()})`))) as object;
}

let validateGitLab: ValidateFunction | undefined;

/** What GitLab's schema finds wrong with a CI file. */
export function gitLabErrors(file: object): string[] {
  if (!validateGitLab) {
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats(ajv);
    validateGitLab = ajv.compile(gitLabSchema());
  }
  validateGitLab(file);
  return (validateGitLab.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** Which jobs GitLab starts in a pipeline with these variables. */
export function startedJobs(variables: Record<string, string>): string[] {
  const valueOf = (text: string) =>
    text.startsWith("$") ? (variables[text.slice(1)] ?? "") : text.slice(1, -1);
  const matches = (rules: { if: string }[]) =>
    rules.some((rule) =>
      rule.if.split(" && ").every((term) => {
        const [left = "", right] = term.split(" == ");
        return right === undefined ? valueOf(left) !== "" : valueOf(left) === valueOf(right);
      }),
    );
  if (!matches(started.rules)) return [];
  return Object.keys(gitLabJobs).filter((name) => matches(gitLabJobs[name]?.rules ?? []));
}

/**
 * The variables of a job. Like GitLab, it prefers those of the project to those of the file, and gives those of an environment only
 * to its jobs.
 */
export function gitLabVariables(
  job: GitLabJob,
  project: Record<string, string>,
  environment: Record<string, string>,
): Record<string, string> {
  const settings = job.environment ? { ...project, ...environment } : project;
  const inherited = job.extends ? gitLabEntries[job.extends]?.variables : {};
  const own = Object.entries({ ...inherited, ...job.variables }).map(([name, value]) => [
    name,
    value.replace(/\$(\w+)/g, (_match, other: string) => settings[other] ?? ""),
  ]);
  return { ...(Object.fromEntries(own) as Record<string, string>), ...settings };
}

/** The contexts of GitHub's expressions. */
export interface Contexts {
  github: object;
  vars: Record<string, string>;
  secrets: Record<string, string>;
}

/** The environment of a step, with the values of its expressions. */
export async function stepEnv(step: Step, contexts: Contexts): Promise<Record<string, string>> {
  const { Evaluator, Lexer, Parser, data } = await import("@actions/expressions");
  const context = JSON.parse(JSON.stringify(contexts), data.reviver) as InstanceType<typeof data.Dictionary>;
  const evaluate = (expression: string): string => {
    const { tokens } = new Lexer(expression).lex();
    const tree = new Parser(tokens, Object.keys(contexts), []).parse();
    return new Evaluator(tree, context).evaluate().coerceString();
  };
  return Object.fromEntries(
    Object.entries(step.env ?? {}).map(([name, value]) => [
      name,
      value.replace(/\$\{\{ (.*?) \}\}/g, (_match, expression: string) => evaluate(expression)),
    ]),
  );
}

/** Copies the scripts into a project, as their documentation says. */
export const installScripts = (project: string): Promise<void> =>
  cp(PIPELINES, join(project, "pipelines"), { recursive: true });

export interface Ran {
  code: number | null;
  text: string;
}

/** Runs one command of a job in the project's folder. It is killed with its child processes after two minutes. */
export function runCommand(command: string, cwd: string, env: Env): Promise<Ran> {
  // Its own process group makes it possible to kill all its processes.
  const child = spawn("bash", ["-e", "-c", command], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  }
  const limit = setTimeout(() => process.kill(-(child.pid as number), "SIGKILL"), 120_000);
  return new Promise<Ran>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, text }));
  }).finally(() => clearTimeout(limit));
}

/** PATH with the command line of this project in front. */
export const withCommandLine = (path: string): string =>
  `${join(dirname(dirname(__dirname)), "node_modules/.bin")}:${path}`;
