// npm run record: runs the demo and writes its steps about drift to docs/images/drift.svg, the picture in README.md.
//
// The picture leaves out times, durations and stack outputs, so that each run writes the same file.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { capture, isMain, tail } from "./lib/processes.mjs";
import { Problem, runMain } from "./lib/report.mjs";
import { terminalSvg } from "./lib/terminalSvg.mjs";
import { root } from "./pulumi-env.mjs";

const TITLE = "Pulumi finds and reverts a change on the Hub, and a drift check names who made it";
const DESCRIPTION =
  "Terminal output of npm run demo. Someone makes the private dataset acme/customer-tickets public on the Hub. " +
  "pulumi preview --refresh --diff shows that its visibility changed from private to public. " +
  "pulumi-huggingface drift names the user wim-write, who did it. " +
  "pulumi up --refresh makes the dataset private again.";

const FIRST_STEP = /^\d+\. Someone makes /;
const NEXT_STEP = /^\d+\. (?:Someone creates|Rotate the token) /;

/** The resource that the picture leaves out, because its many exceptions would fill it, and the lines that end its output. */
const LEFT_OUT = /OrganizationVisibility/;
const ENDS = /huggingface:|Resources:|Diagnostics:|warning:|✔|\$ |^\d+\. /;

/** Lines that are not about the drift. */
const OMITTED = [
  /^ *│ +(onDestroy|owner|repoType) *:/,
  /^ *│ *--outputs:--$/,
  /lastVisibilityChange/,
  /│ +open for /,
];

/** Returns the lines of the drift steps. @param {string[]} lines The demo's output. @returns {string[]} */
export function driftSteps(lines) {
  const plain = lines.map(stripVTControlCharacters);
  const first = plain.findIndex((line) => FIRST_STEP.test(line));
  const next = plain.findIndex((line) => NEXT_STEP.test(line));
  if (first < 0 || next < first) throw new Problem("The demo's output has no steps about drift.");
  let inOutputs = false;
  let isLeftOut = false;
  const shown = lines.slice(first, next).filter((_, index) => {
    const line = plain[first + index] ?? "";
    // The stack's outputs end at the next empty line.
    inOutputs = /│ Outputs:$/.test(line) || (inOutputs && !/^ *│? *$/.test(line));
    isLeftOut = LEFT_OUT.test(line) || (isLeftOut && !ENDS.test(line));
    return !inOutputs && !isLeftOut && !OMITTED.some((pattern) => pattern.test(line));
  });
  while (shown.at(-1) === "") shown.pop();
  return shown
    .filter((line) => !/^ *│ *$/.test(stripVTControlCharacters(line)))
    .map((line) => line.replace(/ \([\d.]+m?s\)/, "").replace(/ at \d{4}-\d\d-\d\dT[\d:.]+Z/, ""))
    .map((line) => line.replace(/, \d{4}-\d\d-\d\d [\d:]+ UTC/, "").replace(/, token …\w+/, ""))
    .map((line) => line.replace(/ \[diff: .*\]/, ""));
}

if (isMain(import.meta.url)) {
  runMain(async () => {
    const demo = join(root, "scripts", "demo.mjs");
    const env = { ...process.env, FORCE_COLOR: "1" };
    const { code, stdout, output } = await capture(process.execPath, [demo], { cwd: root, env });
    if (code !== 0) throw new Problem(`The demo failed:\n${tail(output)}`);
    const folder = join(root, "docs", "images");
    mkdirSync(folder, { recursive: true });
    const svg = terminalSvg(driftSteps(stdout.split("\n")), { title: TITLE, description: DESCRIPTION });
    writeFileSync(join(folder, "drift.svg"), svg);
    console.log(`Written: ${join(folder, "drift.svg")}`);
  });
}
