// What the demo shows.
import { stripVTControlCharacters } from "node:util";
import { Problem } from "../lib/report.mjs";

export const COLORS = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;

let silent = false;
let steps = 0;

export const bold = (/** @type {string} */ text) => (COLORS ? `\u001b[1m${text}\u001b[0m` : text);
const green = (/** @type {string} */ text) => (COLORS ? `\u001b[32m${text}\u001b[0m` : text);

/** @param {string} line */
export function say(line) {
  if (!silent) process.stdout.write(`${line}\n`);
}

/** Nothing is said from here on: a command that was interrupted fails, which is not news. */
export function fallSilent() {
  silent = true;
}

/** Begins a step, with a number. @param {string} text */
export function introduce(text) {
  steps += 1;
  say(`\n${bold(`${steps}. ${text}`)}`);
}

/** How many steps there were so far. */
export const stepCount = () => steps;

/** Says what was seen, or ends the demo. @param {string} what @param {boolean} seen @param {unknown} [instead] */
export function see(what, seen, instead) {
  if (!seen) {
    const found = instead === undefined ? "" : ` (${JSON.stringify(instead)})`;
    throw new Problem(`Not seen in the Hub: ${what}${found}`);
  }
  say(`   ${green("✔")} ${what}`);
}

/** Lines that say only that something begins, was looked at and is as it was, or is told again below. */
const PASSING = [
  /^@ /,
  /\b(creating|updating|deleting|refreshing|reading)( \(\d+s\))?( \[diff: .*\])?$/,
  /^ ~ .*\brefresh( \([\d.]+s\))?$/,
  /^\s+pulumi\S*:\S+ \S+( .*)?$/,
  /^\W*pulumi:pulumi:Stack: \(/,
  /^\s*\[urn=/,
  /^(Duration: |The resources in the stack have been deleted|If you want to remove the stack)/,
];

/** Shows what the engine says, as it comes; blank lines only between others. */
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

/** Shows rows of four cells, the first row as the heading; the last cell gets what is left of the line. @param {string[][]} rows */
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
