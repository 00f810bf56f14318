// npm test [-- [--quick] files and options of mocha]: sets up, gets the Pulumi CLI, runs the tests.
//
// --quick leaves out the tests that need the Pulumi CLI or a package registry.
//
// Files that run the engine mostly wait for processes, so they run several at a time; all the others together
// take less than one of them, and run one after the other in one process.
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join, relative, resolve, sep } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { isMain, passThrough } from "./lib/processes.mjs";
import { runMain, say } from "./lib/report.mjs";
import { ensurePulumi } from "./pulumi-cli.mjs";
import { root, workDir } from "./pulumi-env.mjs";

/** Folders below tests/ whose files start processes and take long. */
const SLOW = ["engine", "packaging", "examples", "reliability"];

/** Files that kill processes or break answers on the real engine for many minutes: left to `npm run reliability`. */
const LEFT_OUT = /^reliability\/(?:kills\w+|engineFaults)\.test\.ts$/;

/** Options of mocha that take the next argument as their value. */
const VALUED = new Set([
  "--grep",
  "-g",
  "--fgrep",
  "-f",
  "--timeout",
  "-t",
  "--slow",
  "-s",
  "--retries",
  "--jobs",
  "-j",
]);

async function main() {
  await bootstrap();
  const args = process.argv.slice(2);
  const quickOnly = args.includes("--quick");
  const { files, options } = split(args.filter((arg) => arg !== "--quick"));
  const found = files.length > 0 ? files : testFiles(join(root, "tests"));
  const leftOut = (/** @type {string} */ file) =>
    files.length === 0 && LEFT_OUT.test(relative(join(root, "tests"), file).split(sep).join("/"));
  const all = found.filter((file) => !leftOut(file));
  for (const file of found.filter(leftOut)) say(`${relative(root, file)} is left to npm run reliability`);
  const isSlow = (/** @type {string} */ file) =>
    SLOW.includes(relative(join(root, "tests"), file).split(sep)[0] ?? "");
  const quick = all.filter((file) => !isSlow(file));
  const slow = quickOnly ? [] : all.filter(isSlow);
  if (quickOnly)
    say(`Left out, because of --quick: ${all.length - quick.length} files in ${SLOW.join(", ")}`);

  const env = { ...process.env };
  if (slow.length > 0) {
    const { binDir, version, how } = await ensurePulumi();
    say(`Pulumi CLI ${version}, ${how}`);
    env.PATH = [binDir, env.PATH].filter(Boolean).join(delimiter);
  }

  const total = { passes: 0, failures: 0, pending: 0 };
  const jobs = String(Math.min(4, Math.max(2, availableParallelism())));
  for (const [group, extra] of [
    [quick, []],
    [slow, slow.length > 1 && !options.includes("--bail") ? ["--parallel", "--jobs", jobs] : []],
  ]) {
    if (group.length === 0) continue;
    const { passes, failures, pending } = await mocha([...extra, ...options, ...group], env);
    total.passes += passes;
    total.failures += failures;
    total.pending += pending;
  }
  if (total.pending > 0) console.log(`${total.pending} skipped`);
  if (total.passes + total.failures === 0) {
    console.log("No test was run.");
    total.failures = 1;
  }
  console.log(`${total.passes} passed, ${total.failures} failed`);
  return total.failures > 0 ? 1 : 0;
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
async function mocha(args, env) {
  const file = join(workDir, `test-stats-${process.pid}.json`);
  mkdirSync(workDir, { recursive: true });
  rmSync(file, { force: true });
  const command = [
    join(root, "node_modules", "mocha", "bin", "mocha.js"),
    "--config",
    join(root, "tests", ".mocharc.cjs"),
    "--reporter",
    join(root, "tests", "support", "reporter.cjs"),
    "--reporter-option",
    `stats=${file}`,
    ...args,
  ];
  const code = await passThrough(process.execPath, command, { cwd: root, env });
  /** @type {{ passes: number, failures: number, pending: number }} */
  let stats;
  try {
    stats = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // Mocha did not come to its end: a file that does not load, a crash.
    stats = { passes: 0, failures: 1, pending: 0 };
  }
  rmSync(file, { force: true });
  if (code !== 0 && stats.failures === 0) stats.failures = 1;
  return stats;
}

/** @param {string[]} args */
function split(args) {
  const files = [];
  const options = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? "";
    if (VALUED.has(arg)) {
      options.push(arg, args[(i += 1)] ?? "");
    } else if (arg.startsWith("-")) {
      options.push(arg);
    } else {
      const path = resolve(root, arg);
      files.push(...(statSync(path).isDirectory() ? testFiles(path) : [path]));
    }
  }
  return { files, options };
}

/** @param {string} folder */
function testFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".test.ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes(`${sep}node_modules${sep}`))
    .sort();
}

if (isMain(import.meta.url)) runMain(main);
