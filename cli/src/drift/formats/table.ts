// The drift report on a terminal.
import { type Colors, type Page, shown, widthOf, wrapped } from "../../terminal";
import { type Category, type Drift, type DriftReport, HIDDEN, type Remark } from "../report";
import * as words from "./words";

/** How many less likely events are shown. */
const MAX_OTHERS = 2;

/** How many resources with the same remark are named. */
const MAX_NAMES = 20;

/** The columns before a text: the indentation, and the longest label with a gap. */
const INDENT = 6;
const LABEL = 11;

/** A text is not wrapped to fewer columns than this. */
const MIN_WIDTH = 30;

/** A line of an entry: its label, its text, and the last characters of the text that stand out. */
type Row = readonly [label: string, text: string, loud?: string];

/** The report as text. */
export function asTable(report: DriftReport, page: Page): string {
  const paint = paints(page.colors);
  const sections = words.byCategory(report).map(([category, drifts]) => {
    const title =
      category === "exposed" ? words.TITLES.exposed.replace(/^\w+/, "EXPOSED") : words.TITLES[category];
    const entries = grouped(drifts, ({ urn }) => urn).map((own) => entryOf(own, report.checkedAt, page));
    return [paint[category](`${title} (${drifts.length})`), ...entries].join("\n\n");
  });
  const remarks = words.remarkSections(report).map(([title, each]) => remarksText(title, each, page));
  return [...sections, ...remarks, summaryOf(report, page)].join("\n\n");
}

function paints({ bold, red, yellow, cyan }: Colors): Record<Category, (text: string) => string> {
  return {
    exposed: (text) => bold(red(text)),
    changed: (text) => bold(yellow(text)),
    tightened: (text) => bold(cyan(text)),
  };
}

/** The drifts of one resource. What is the same for several of them appears once. */
function entryOf(drifts: readonly Drift[], checkedAt: string, page: Page): string {
  const { colors } = page;
  const [{ name, object, category }] = drifts as [Drift];
  const rows = grouped(drifts, words.upText).flatMap((sameUp): Row[] => [
    ...grouped(sameUp, authorKey).flatMap((same): Row[] => [
      ...same.map(changeRow),
      ...openRow(same[0] as Drift, checkedAt),
      ...authorRows(same[0] as Drift),
    ]),
    ["pulumi up", words.upText(sameUp[0] as Drift)],
  ]);
  return [
    ...titleLines(words.shortName(name), words.shortName(object), page),
    ...rows.flatMap((row) => rowLines(row, paints(colors)[category], page)),
  ].join("\n");
}

/** The name, and behind it the object if both fit into one line. */
function titleLines(name: string, object: string, page: Page): string[] {
  const { bold } = page.colors;
  if (name.length + object.length + 4 <= widthOf(page)) return [`  ${bold(shown(name))}  ${object}`];
  return [...hanging(name, 2, INDENT, page, bold), ...hanging(object, INDENT, INDENT, page)];
}

function changeRow(drift: Drift, index: number): Row {
  return [index === 0 ? "change" : "", words.changeText(drift), drift.onHub === HIDDEN ? "" : drift.onHub];
}

function openRow({ category, since }: Drift, checkedAt: string): Row[] {
  if (category !== "exposed" || since === undefined) return [];
  return [["open for", words.durationUntil(since, checkedAt)]];
}

function authorKey({ events, noEvent }: Drift): string {
  return JSON.stringify([events.map(({ id }) => id), noEvent]);
}

function authorRows(drift: Drift): Row[] {
  const others = drift.events.slice(1);
  const left = others.length - MAX_OTHERS;
  return [
    ["by", words.authorText(drift)],
    ...others
      .slice(0, MAX_OTHERS)
      .map((each, index): Row => [index === 0 ? "or by" : "", words.eventText(each)]),
    ...(left > 0
      ? [["", `and ${left} less likely ${left === 1 ? "event" : "events"}: see --format json`] as const]
      : []),
  ];
}

function rowLines([label, text, loud = ""]: Row, paint: (text: string) => string, page: Page): string[] {
  const margin = " ".repeat(INDENT);
  const lines = wrapped(text, textWidth(INDENT + LABEL, page)).map(shown);
  return paintEnd(lines, loud, paint).map((line, index) => {
    const start = page.colors.dim((index === 0 ? label : "").padEnd(LABEL));
    return `${margin}${start}${line}`.trimEnd();
  });
}

/** Paints the end of a wrapped text. Wrapping removes only spaces, so the other characters are counted. */
function paintEnd(lines: readonly string[], end: string, paint: (text: string) => string): string[] {
  let left = end.replaceAll(" ", "").length;
  return [...lines]
    .reverse()
    .map((line) => {
      let at = line.length;
      while (at > 0 && left > 0) {
        at -= 1;
        if (line[at] !== " ") left -= 1;
      }
      return at === line.length ? line : line.slice(0, at) + paint(line.slice(at));
    })
    .reverse();
}

/** Remarks with the same message appear once, with the names of all their resources. */
function remarksText(title: string, remarks: readonly Remark[], page: Page): string {
  const entries = grouped(remarks, ({ message }) => message).map((same) => {
    const names = same.slice(0, MAX_NAMES).map(({ name, type }) => `${words.shortName(name)} (${type})`);
    const left = same.length - names.length;
    const list = left > 0 ? `${names.join(", ")}, and ${left} more: see --format json` : names.join(", ");
    return [
      ...hanging(list, 2, INDENT, page),
      ...hanging(words.sentence((same[0] as Remark).message), INDENT, INDENT, page),
    ].join("\n");
  });
  return [page.colors.bold(`${title} (${remarks.length})`), ...entries].join("\n\n");
}

function hanging(
  text: string,
  first: number,
  others: number,
  page: Page,
  paint: (line: string) => string = (line) => line,
): string[] {
  return wrapped(text, textWidth(others, page)).map(
    (line, index) => " ".repeat(index === 0 ? first : others) + paint(shown(line)),
  );
}

function textWidth(indent: number, page: Page): number {
  return Math.max(MIN_WIDTH, widthOf(page) - indent);
}

/** One sentence about the whole report, and how to go on. The command is not wrapped, so that it can be copied. */
export function summaryOf(report: DriftReport, page: Page): string {
  const paint = paints(page.colors);
  const text = `${words.checkedText(report)}: ${words.countsText(report)}.`;
  const summary = wrapped(text, textWidth(0, page)).map((line) =>
    line.replace(/[1-9]\d* (exposed|changed|tightened)/g, (count, category: Category) =>
      paint[category](count),
    ),
  );
  const revert = words.revertible(report);
  return [
    ...summary,
    ...(revert ? [`To revert ${revert.count} of them: ${shown(revert.command)}`] : []),
  ].join("\n");
}

/** Groups by a key, in the order in which the keys appear. */
function grouped<T>(all: readonly T[], keyOf: (each: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const group = groups.get(keyOf(each));
    if (group) group.push(each);
    else groups.set(keyOf(each), [each]);
  }
  return [...groups.values()];
}
