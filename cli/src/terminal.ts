import Table from "cli-table3";
import { createColors } from "picocolors";
import { printableLine } from "pulumi-huggingface/core";
import { withoutTokens } from "./secrets";

/** The colours of a stream. Each function returns its text unchanged if the stream shows no colours. */
export type Colors = Pick<
  ReturnType<typeof createColors>,
  "bold" | "dim" | "red" | "yellow" | "green" | "cyan"
>;

/** How wide a result may be, and whether it has colours. */
export interface Page {
  out: { isTTY?: boolean; columns?: number };
  colors: Colors;
}

/** Where a command prints. */
export interface Terminal {
  /** The result. */
  out: NodeJS.WriteStream;
  /** Progress, warnings and errors. */
  err: NodeJS.WriteStream;
  /** The colours of `out`. */
  colors: Colors;
  /** Whether the last line of `err` shows progress. */
  hasProgress?: boolean;
  /** Whether the reader of a pipe may end before the whole result was printed. Otherwise, that is an error. */
  mayEndEarly?: boolean;
}

/** The most characters of a line with text from outside. */
const MAX_LINE = 4000;

/** The width of a terminal that does not tell it. */
const DEFAULT_WIDTH = 100;

/** The terminal of this process. */
export function processTerminal(env: NodeJS.ProcessEnv = process.env): Terminal {
  return { out: process.stdout, err: process.stderr, colors: colorsOf(process.stdout, env) };
}

/** Shows colours only on a terminal or with `FORCE_COLOR`, and never if `NO_COLOR` is set. */
export function colorsOf({ isTTY }: { isTTY?: boolean }, env: NodeJS.ProcessEnv): Colors {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  const isWanted = FORCE_COLOR ? FORCE_COLOR !== "0" : isTTY === true && TERM !== "dumb";
  return createColors(isWanted && !NO_COLOR);
}

/** The page of a file: without colours, and its lines are not wrapped. */
export function filePage(): Page {
  return { out: { isTTY: false }, colors: colorsOf({ isTTY: false }, {}) };
}

/** A text from outside as one line that is safe to print, without tokens of the Hub. */
export function shown(text: string): string {
  return printableLine(withoutTokens(text), MAX_LINE);
}

/** Prints one line of the result. Waits if the reader of a pipe is slower. */
export async function print(terminal: Terminal, line: string): Promise<void> {
  clearProgress(terminal);
  const { out } = terminal;
  if (!out.write(`${line}\n`)) await new Promise((resolve) => out.once("drain", resolve));
}

/** Prints a line about the run. It is not part of the result. */
export function note(terminal: Terminal, line: string): void {
  clearProgress(terminal);
  terminal.err.write(`${shown(line)}\n`);
}

/** Shows the progress in the last line of a terminal. Prints nothing in a pipe. */
export function progress(terminal: Terminal, text: string): void {
  const { err } = terminal;
  if (!err.isTTY) return;
  terminal.hasProgress = true;
  err.clearLine(0);
  err.cursorTo(0);
  err.write(shown(text).slice(0, (err.columns || DEFAULT_WIDTH) - 1));
}

/** Removes the progress line. */
export function clearProgress(terminal: Terminal): void {
  const { err } = terminal;
  if (!terminal.hasProgress) return;
  terminal.hasProgress = false;
  err.clearLine(0);
  err.cursorTo(0);
}

/** The columns of a terminal; `Infinity` for a pipe, in which lines are not wrapped. */
export function widthOf({ out }: Pick<Page, "out">): number {
  return out.isTTY ? out.columns || DEFAULT_WIDTH : Infinity;
}

/** The lines of a text, wrapped between words. Longer words are divided, if possible after a separator. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = divided(word, width);
    line = pieces.pop() ?? "";
    lines.push(...pieces);
  }
  return [...lines, line];
}

function divided(word: string, width: number): string[] {
  const pieces: string[] = [];
  let rest = word;
  while (rest.length > width) {
    const at = /^.*[-./_@,]/.exec(rest.slice(0, width))?.[0].length ?? width;
    pieces.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...pieces, rest];
}

/**
 * Lines of columns under their titles. On a terminal, long cells are wrapped to its width.
 *
 * @param rows - cells that are safe to print; cells with colours are not wrapped
 * @param details - a text for each row that is printed below it, indented
 */
export function columns(
  { out, colors }: Terminal,
  titles: readonly string[],
  rows: readonly string[][],
  details: readonly string[] = [],
): string {
  const width = widthOf({ out });
  const sizes = out.isTTY ? widths(titles, rows, width) : undefined;
  const table = new Table({
    head: titles.map((title) => colors.bold(title)),
    chars: NO_LINES,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
    ...(sizes && { colWidths: sizes }),
  });
  for (const [index, row] of rows.entries()) {
    table.push(row.map((cell, column) => fitted(cell, sizes ? (sizes[column] as number) - 2 : Infinity)));
    const detail = details[index];
    if (!detail) continue;
    const lines = wrapped(detail, width - 6).map((line) => colors.dim(`    ${line}`));
    table.push([{ colSpan: titles.length, content: lines.join("\n") }]);
  }
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

function fitted(cell: string, width: number): string {
  return cell === plain(cell) && cell.length > width ? wrapped(cell, width).join("\n") : cell;
}

/** Gives each column what it needs, and shortens the widest ones until the table fits. */
function widths(titles: readonly string[], rows: readonly string[][], width: number): number[] {
  const needed = titles.map(
    (title, column) => Math.max(title.length, ...rows.map((row) => plain(row[column] ?? "").length)) + 2,
  );
  let excess = needed.reduce((sum, each) => sum + each, 0) - width;
  while (excess > 0) {
    const widest = needed.indexOf(Math.max(...needed));
    const least = (titles[widest] as string).length + 6;
    const cut = Math.min(excess, Math.max(1, Math.floor((needed[widest] as number) / 4)));
    if ((needed[widest] as number) - cut < least) break;
    (needed[widest] as number) -= cut;
    excess -= cut;
  }
  return needed;
}

function plain(text: string): string {
  // eslint-disable-next-line no-control-regex -- the sequences of colours
  return text.replace(/\u001b\[\d+m/g, "");
}

const NO_LINES = Object.fromEntries(
  [
    ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"],
    ...["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"],
  ].map((name) => [name, ""]),
);
