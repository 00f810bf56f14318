// Prints the demo's output.
import { stripVTControlCharacters } from "node:util";
import { Problem } from "../lib/report.mjs";

const { FORCE_COLOR, NO_COLOR } = process.env;
export const COLORS = FORCE_COLOR ? FORCE_COLOR !== "0" : Boolean(process.stdout.isTTY) && !NO_COLOR;

let silent = false;
let steps = 0;

export const bold = (/** @type {string} */ text) => (COLORS ? `\u001b[1m${text}\u001b[0m` : text);
const green = (/** @type {string} */ text) => (COLORS ? `\u001b[32m${text}\u001b[0m` : text);

/** @param {string} line */
export function say(line) {
  if (!silent) process.stdout.write(`${line}\n`);
}

/** Stops all output: after an interruption, commands fail, and these errors would only confuse. */
export function fallSilent() {
  silent = true;
}

/** Prints the numbered heading of the next step. @param {string} text */
export function introduce(text) {
  steps += 1;
  say(`\n${bold(`${steps}. ${text}`)}`);
}

/** The number of steps so far. */
export const stepCount = () => steps;

/** Prints a passed check, or ends the demo. @param {string} what @param {boolean} seen @param {unknown} [instead] */
export function see(what, seen, instead) {
  if (!seen) {
    const found = instead === undefined ? "" : ` (found: ${JSON.stringify(instead)})`;
    throw new Problem(`This check failed on the Hub: ${what}${found}`);
  }
  say(`   ${green("✔")} ${what}`);
}

/** Lines to hide: progress, unchanged resources, and messages that the engine repeats further down. */
const PASSING = [
  /^@ /,
  /\b(creating|updating|deleting|refreshing|reading)( \(\d+s\))?( \[diff: .*\])?$/,
  /^ ~ .*\brefresh( \([\d.]+s\))?$/,
  /^\s+pulumi\S*:\S+ \S+( .*)?$/,
  /^\W*pulumi:pulumi:Stack: \(/,
  /^\W*pulumi:pulumi:Stack \S+ \w+ing\b/,
  /^\s*\[urn=/,
  /^(Duration: |The resources in the stack have been deleted|If you want to remove the stack)/,
];

/** Prints one line of a command's output. @param {string} line */
export function indented(line) {
  say(line === "" ? "   │" : `   │ ${line}`);
}

/** Returns a function that prints the engine's output line by line; it keeps blank lines only between other lines. */
export function engineWindow() {
  let blank = false;
  let any = false;
  return (/** @type {string} */ line) => {
    const plain = stripVTControlCharacters(line).trimEnd();
    if (plain === "") {
      blank = any;
    } else if (!PASSING.some((pattern) => pattern.test(plain))) {
      if (blank) say("   │");
      blank = false;
      any = true;
      say(`   │ ${line.trimEnd()}`);
    }
  };
}

/** Prints rows of four cells. The first row is the heading; the last cell is cut at the line's end. @param {string[][]} rows */
export function showTable(rows) {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const room = (process.stdout.columns ?? 140) - widths.reduce((sum, width) => sum + width + 2, 3);
  for (const [index, [...cells]] of rows.entries()) {
    const last = cells.pop() ?? "";
    const shown = last.length > room ? `${last.slice(0, Math.max(20, room - 1))}…` : last;
    const line = [...cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)), shown].join("  ");
    say(`   ${index === 0 ? bold(line) : line}`);
  }
}
