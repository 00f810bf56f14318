// npm run breaks [-- words]
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { type Break, BREAKS, brokenLine, guardedLines, rowOf } from "./breaks";

const root = join(__dirname, "..", "..");
const copy = join(root, ".work", "breaks");

/** Milliseconds for one run of a test; the kills take some minutes. */
const MAX_MS = 1_800_000;

/** Tests that pass with the unchanged code. */
const well = new Set<string>();

/** Folders that npm and the runs create in a checkout, and folders that a copy does not need. */
const NOT_COPIED = ["node_modules", ".work", ".git", "coverage"];

interface Outcome {
  passed: boolean;
  /** The title of the first test that failed. */
  failed?: string;
  output: string;
}

function main(): number {
  const words = process.argv.slice(2).map((word) => word.toLowerCase());
  const chosen = BREAKS.filter((each) => {
    const text = rowOf(each).join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
  if (chosen.length === 0) throw new Error(`No break matches ${words.join(" ")}.`);
  makeCopy();
  build();
  let missed = 0;
  const rows = chosen.map((each) => {
    const begin = Date.now();
    const { passed, failed, output } = tried(each);
    const noticed = !passed && failed !== undefined;
    const verdict = noticed ? "noticed" : passed ? "NOT NOTICED" : "CANNOT TELL";
    if (!noticed) missed += 1;
    say(`${verdict} (${Math.round((Date.now() - begin) / 1000)} s)  ${each.item}: ${each.property}`);
    if (!noticed) say(output);
    return [each.item, each.property, each.how, verdict, failed ?? ""];
  });
  console.log(table([["about", "property", "broken how", "", "the first test that failed"], ...rows]));
  console.log(`${rows.length - missed} of ${rows.length} noticed`);
  return missed > 0 ? 1 : 0;
}

/** The result of the test on the broken code, after it has passed on the unchanged code. */
function tried(each: Break): Outcome {
  try {
    const key = JSON.stringify([each.test, each.title]);
    if (!well.has(key)) {
      // Otherwise a missing test, or one that fails for another reason, would count as noticing the break.
      const { passed, output } = run(each);
      if (!passed) throw new Error(`The test does not pass with the unchanged code.\n${output}`);
      well.add(key);
    }
    return broken(each, () => run(each));
  } catch (error) {
    return { passed: false, output: (error as Error).message };
  }
}

/** A copy of the checkout that uses the same packages, so that the checkout itself never changes. */
function makeCopy(): void {
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  for (const name of readdirSync(root).filter((each) => !NOT_COPIED.includes(each))) {
    cpSync(join(root, name), join(copy, name), {
      recursive: true,
      preserveTimestamps: true,
      filter: (path) => !NOT_COPIED.includes(basename(path)),
    });
  }
  for (const folder of ["", ...readdirSync(copy)]) {
    const from = join(root, folder, "node_modules");
    if (!existsSync(from)) continue;
    const to = join(copy, folder, "node_modules");
    mkdirSync(to);
    for (const entry of readdirSync(from, { withFileTypes: true })) {
      // A link leads to a package of the workspace. Its relative target leads to the copy's own package.
      const target = join(from, entry.name);
      symlinkSync(entry.isSymbolicLink() ? readlinkSync(target) : target, join(to, entry.name));
    }
  }
  // Unused code after a break must not stop the compiler.
  replaceOnce(join(copy, "tsconfig.base.json"), '"noUnusedLocals": true', '"noUnusedLocals": false');
  replaceOnce(join(copy, "tsconfig.base.json"), '"noUnusedParameters": true', '"noUnusedParameters": false');
}

/** Runs the work with the broken code, and restores the code afterwards. */
function broken<T>(each: Break, work: () => T): T {
  const [place] = guardedLines(copy).get(each.guard) ?? [];
  const line = place && brokenLine(each, place.line);
  if (!place || line === undefined)
    throw new Error(`The break does not fit the line after "// guard: ${each.guard}".`);
  const whole = readFileSync(place.file, "utf8");
  try {
    writeFileSync(place.file, withLine(whole, place.index, line));
    build();
    return work();
  } finally {
    writeFileSync(place.file, whole);
  }
}

function withLine(text: string, index: number, line: string): string {
  const lines = text.split("\n");
  lines[index] = line;
  return lines.join("\n");
}

function replaceOnce(path: string, from: string, to: string): void {
  const parts = readFileSync(path, "utf8").split(from);
  if (parts.length !== 2)
    throw new Error(`${path} should contain this text once, not ${parts.length - 1} times: ${from}`);
  writeFileSync(path, parts.join(to));
}

/** Broken code that does not compile would fail every test, so it counts as an error. */
function build(): void {
  const { status, stdout, stderr } = node(["scripts/bootstrap.mjs"]);
  if (status !== 0) throw new Error(`The broken code does not compile.\n${stdout}${stderr}`);
}

function run({ test, title }: Break): Outcome {
  // A failing test may leave a server open, and mocha would wait for it.
  const only = title === undefined ? [] : ["--fgrep", title];
  const { status, stdout, stderr } = node([
    "scripts/test.mjs",
    `tests/${test}.test.ts`,
    "--bail",
    "--exit",
    ...only,
  ]);
  // The format of mocha's reporter. If no test failed by name, something else went wrong, and the break does not
  // count as noticed.
  const failed = /^ +1\) (.+)$/m.exec(stdout)?.[1];
  return { passed: status === 0, failed, output: `${stdout}${stderr}` };
}

function node(args: string[]) {
  return spawnSync(process.execPath, args, {
    cwd: copy,
    encoding: "utf8",
    timeout: MAX_MS,
    maxBuffer: 2 ** 28,
  });
}

function table(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function say(line: string): void {
  console.error(line);
}

try {
  process.exitCode = main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
