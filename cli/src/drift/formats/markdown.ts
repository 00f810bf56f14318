// The drift report as Markdown, for a comment or an issue. Nothing in a name from the Hub becomes Markdown, HTML or a mention.
import { printableLine } from "pulumi-huggingface/core";
import { type Drift, type DriftReport, HIDDEN, type Remark } from "../report";
import * as words from "./words";

/** The most characters of the result. Comments and issues may have about 65 000. */
const MAX_LENGTH = 60_000;

/** Room for the lines after the entries. */
const RESERVED = 1000;

/** The most characters of an explanation, so that each entry leaves room for others. */
const MAX_EXPLANATION = 600;

/** The most characters of a name or a value. */
const MAX_CODE = 200;

interface Section {
  head: string;
  entries: string[];
}

/** The report as Markdown. */
export function asMarkdown(report: DriftReport): string {
  const sections: Section[] = [
    ...words.byCategory(report).map(([category, drifts]) => ({
      head: [
        `### ${words.TITLES[category]} (${drifts.length})`,
        "",
        "| Resource | Change | Who and when | What `pulumi up` does |",
        "| --- | --- | --- | --- |",
      ].join("\n"),
      entries: drifts.map((drift) => rowOf(drift, report.checkedAt)),
    })),
    ...words.remarkSections(report).map(([title, remarks]) => ({
      head: `### ${title} (${remarks.length})\n`,
      entries: remarks.map(remarkLine),
    })),
  ];
  const start = [
    `## ${headline(report)}`,
    `${words.checkedText(report)} at ${words.timeText(report.checkedAt)}.`,
  ];
  const room = MAX_LENGTH - RESERVED - start.join("\n\n").length;
  const { shown, left } = fitting(sections, room);
  const revert = words.revertible(report);
  return [
    ...start,
    ...shown,
    ...(left === 0
      ? []
      : [
          `**${left} more ${left === 1 ? "entry is" : "entries are"} left out.** \`--format json\` has all of them.`,
        ]),
    ...(revert ? [`To revert ${revert.count} of them: ${code(revert.command)}`] : []),
  ].join("\n\n");
}

function headline(report: DriftReport): string {
  if (report.drifts.length > 0) return `Drift on the Hub: ${words.countsText(report)}`;
  const isIncomplete = report.failures.length + report.notCompared.length > 0;
  return isIncomplete ? "No drift found, but the check is incomplete" : "No drift on the Hub";
}

/** The sections with as many entries as fit, the most important ones first. */
function fitting(sections: readonly Section[], room: number): { shown: string[]; left: number } {
  let [used, left] = [0, 0];
  const shown = sections.flatMap(({ head, entries }): string[] => {
    const kept: string[] = [];
    for (const entry of entries) {
      const length = entry.length + 1 + (kept.length === 0 ? head.length + 2 : 0);
      if (left > 0 || used + length > room) left += 1;
      else {
        used += length;
        kept.push(entry);
      }
    }
    return kept.length === 0 ? [] : [[head, ...kept].join("\n")];
  });
  return { shown, left };
}

function rowOf(drift: Drift, checkedAt: string): string {
  const { name, object, source } = drift;
  const place = source ? `, ${code(`${source.file}:${source.line}`)}` : "";
  const cells = [
    `${code(name)}, ${escaped(words.shortName(object))}${place}`,
    changeCell(drift),
    `${escaped(words.authorText(drift))}${openText(drift, checkedAt)}`,
    escaped(printableLine(words.upText(drift), MAX_EXPLANATION)),
  ];
  return `| ${cells.join(" | ")} |`;
}

function changeCell(drift: Drift): string {
  const { property, applied, onHub } = drift;
  if (onHub === HIDDEN) return escaped(words.changeText(drift));
  return `${code(property)}: ${code(applied)} → **${code(onHub)}**`;
}

function openText({ category, since }: Drift, checkedAt: string): string {
  if (category !== "exposed" || since === undefined) return "";
  return `, **open for ${words.durationUntil(since, checkedAt)}**`;
}

function remarkLine({ name, type, message }: Remark): string {
  return `- ${escaped(type)} ${code(name)}: ${escaped(printableLine(message, MAX_EXPLANATION))}`;
}

/** A name or a value as code, in which nothing else is Markdown. */
function code(text: string): string {
  const value = printableLine(text, MAX_CODE).trim() || "-";
  // In a table, a bar ends the cell even in code, and renderers disagree about a backslash before it.
  return /[`|\\]/.test(value) ? escaped(value) : `\`${withoutReferences(value)}\``;
}

/** A text in which nothing is Markdown or HTML. An entity is never read as Markdown. */
function escaped(text: string): string {
  return withoutReferences(text).replace(
    /[&<>`*[\]\\|~$^#@]|(?<![a-z0-9])_|_(?![a-z0-9])|:(?=\/\/)|(?<=www)\./gi,
    (found) => `&#${found.charCodeAt(0)};`,
  );
}

/** A text that notifies no one and refers to no issue: an invisible space follows each sign before a name or a number. */
function withoutReferences(text: string): string {
  return text.replace(/@(?=\S)|[#!~%$&](?=[\w"'[{(])/g, "$&\u200b");
}
