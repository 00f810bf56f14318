// npm test [-- [--quick] [FILES and FOLDERS] [options of mocha]]: prepares the repository and the Pulumi CLI, then runs the tests.
//
// Test files that run the engine mostly wait for processes, so several run in parallel. All other files are fast and share one
// process, which uses one core; a missing Pulumi CLI is installed at the same time. --quick skips the files that need the Pulumi CLI
// or a package registry. tests/.mocharc.cjs has the other settings.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { join, relative, sep } from "node:path";
import { text } from "node:stream/consumers";
import { bootstrap } from "./bootstrap.mjs";
import { passThrough } from "./lib/processes.mjs";
import { Problem, runMain, say, step } from "./lib/report.mjs";
import { withPulumi } from "./pulumi-cli.mjs";
import { root, workDir } from "./pulumi-env.mjs";

/** Folders in tests/ whose files start processes and are slow. */
const SLOW = ["engine", "packaging", "docs", "examples", "reliability"];

/** Files that take many minutes to kill processes or break responses on the real engine. `npm run reliability` runs them. */
const isLeftOut = (/** @type {string} */ file) =>
  /^tests\/reliability\/(?:kills\w+|engineFaults)\.test\.ts$/.test(file);

const CONFIG = ["--config", "tests/.mocharc.cjs"];

async function main() {
  process.chdir(root);
  await bootstrap();
  const { files, options, bail } = await chosen(process.argv.slice(2).filter((arg) => arg !== "--quick"));
  const quick = files.filter((file) => !SLOW.includes(file.split("/")[1] ?? ""));
  let slow = files.filter((file) => !quick.includes(file));
  if (process.argv.includes("--quick")) {
    say(`Skipped because of --quick: ${slow.length} files in ${SLOW.join(", ")}`);
    slow = [];
  }

  const total = { passes: 0, failures: 0, pending: 0 };
  const run = async (/** @type {string[]} */ args, env = process.env) => {
    for (const [key, count] of Object.entries(await mocha(args, env))) total[key] += count;
  };
  const installing = slow.length > 0 && quick.length > 0 ? startInstallingPulumi() : undefined;
  if (quick.length > 0) await run([...options, ...quick]);
  const problem = await step("Waiting for the Pulumi CLI", async () => installing);
  if (problem !== undefined) {
    say(`${problem}\nNot run, because there is no Pulumi CLI: ${slow.length} test files`);
    total.failures += 1;
  } else if (slow.length > 0) {
    const parallel = slow.length > 1 && !bail ? ["--parallel"] : [];
    // Large files take longest. If one started last, the other processes would have nothing to do until its end.
    if (parallel.length > 0) slow.sort((a, b) => statSync(b).size - statSync(a).size);
    await run([...parallel, ...options, ...slow], await withPulumi());
  }

  if (total.pending > 0) console.log(`${total.pending} skipped`);
  if (total.passes + total.failures === 0) {
    console.log("No test ran.");
    total.failures = 1;
  }
  console.log(`${total.passes} passed, ${total.failures} failed`);
  return total.failures > 0 ? 1 : 0;
}

/**
 * Installs the Pulumi CLI, if it is missing, in another process with a low priority, so that tests that run at the same time keep
 * their limits of time.
 *
 * @returns {Promise<string | undefined>} The process's messages if it failed; it prints nothing itself.
 */
async function startInstallingPulumi() {
  const script = join(root, "scripts", "pulumi-cli.mjs");
  const child = spawn(process.execPath, [script], { stdio: ["ignore", "ignore", "pipe"] });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const ended = new Promise((resolve) => child.once("close", resolve).once("error", resolve));
  const messages = await text(child.stderr);
  return (await ended) === 0 ? undefined : messages.trimEnd();
}

/**
 * Returns the files to run, as paths relative to the root, and the options for mocha. Mocha separates the two.
 *
 * @param {string[]} args
 */
async function chosen(args) {
  const { loadOptions } = await import("mocha/lib/cli/options.cjs");
  const { _: paths, bail, extension } = loadOptions([...CONFIG, ...args]);
  const options = args.filter((arg) => !paths.includes(arg));
  if (paths.length > 0) return { files: await testFiles(paths, extension), options, bail };
  const all = await testFiles(["tests"], extension);
  for (const file of all.filter(isLeftOut)) say(`Skipped: ${file} (npm run reliability runs it)`);
  return { files: all.filter((file) => !isLeftOut(file)), options, bail };
}

/**
 * @param {string[]} paths Files, folders and patterns.
 * @param {string[]} extension
 * @returns {Promise<string[]>}
 */
async function testFiles(paths, extension) {
  const { lookupFiles } = await import("mocha/lib/cli/lookup-files.js");
  try {
    return paths
      .flatMap((path) => lookupFiles(path, extension, true))
      .map((file) => relative(root, file).split(sep).join("/"))
      .filter((file) => !file.includes("/node_modules/"))
      .sort();
  } catch (error) {
    throw error.code === "ERR_MOCHA_NO_FILES_MATCH_PATTERN" ? new Problem(error.message) : error;
  }
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ passes: number, failures: number, pending: number }>}
 */
async function mocha(args, env) {
  const file = join(workDir, `test-stats-${process.pid}.json`);
  mkdirSync(workDir, { recursive: true });
  rmSync(file, { force: true });
  const command = [
    "node_modules/mocha/bin/mocha.js",
    ...CONFIG,
    "--reporter-option",
    `stats=${file}`,
    ...args,
  ];
  const code = await passThrough(process.execPath, command, { env });
  let stats;
  try {
    stats = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // Mocha did not finish, for example because a file could not be loaded or because of a crash.
    stats = { passes: 0, failures: 1, pending: 0 };
  }
  rmSync(file, { force: true });
  if (code !== 0 && stats.failures === 0) stats.failures = 1;
  return stats;
}

runMain(main);
