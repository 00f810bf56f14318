import { type AuditLogEntry } from "pulumi-huggingface/client";
import { csvLine } from "../output/csv";
import { jsonLine } from "../output/json";
import { type Colors, shown, type Terminal, widthOf, wrapped } from "../terminal";
import { partsOf, type Shown } from "./entry";

export const AUDIT_FORMATS = ["table", "jsonl", "csv"] as const;

/** A format of the audit log. */
export type AuditFormat = (typeof AUDIT_FORMATS)[number];

/** How entries are printed one by one, without knowing the following ones. */
export interface Layout {
  /** The line before the first entry. */
  header?: string;
  line(entry: AuditLogEntry): string;
}

/** The layout of a format on a terminal. */
export function layoutOf(format: AuditFormat, terminal: Terminal): Layout {
  switch (format) {
    case "jsonl":
      return { line: jsonLine };
    case "csv":
      return { header: csvLine(CSV_FIELDS), line: csvOf };
    case "table":
      return tableFor(terminal);
  }
}

const CSV_FIELDS = [
  "id",
  "time",
  "user",
  "action",
  "resourceType",
  "resource",
  "message",
  "location",
  "token",
];

function csvOf(entry: AuditLogEntry): string {
  const { message, location, token } = partsOf(entry);
  const { id, timestamp, user, action, resourceType, resource } = entry;
  return csvLine([
    id,
    timestamp,
    user ?? "",
    action,
    resourceType,
    resource ?? "",
    message,
    location,
    token && `…${token}`,
  ]);
}

/** The columns before the message, and their widths. They are fixed, because the first row is printed before the last one is known. */
const WIDTHS = { time: 19, user: 16, action: 18, resource: 24 } as const;
const TITLES = { time: "TIME (UTC)", user: "USER", action: "ACTION", resource: "RESOURCE" } as const;
const COLUMNS = Object.keys(WIDTHS) as (keyof typeof WIDTHS)[];
const GAP = 2;

/** On a terminal with fewer columns, the message is in a second line. */
const WIDE = 150;

function tableFor(terminal: Terminal): Layout {
  const { colors } = terminal;
  const width = widthOf(terminal);
  const isWide = width >= WIDE;
  const titles = inColumns(COLUMNS, (column) => TITLES[column]);
  return {
    header: colors.bold(isWide ? `${titles}  MESSAGE` : titles.trimEnd()),
    line: (entry) => {
      const parts = partsOf(entry);
      const cell = (column: keyof typeof WIDTHS): string => shown(parts[column]) || "-";
      const row = inColumns(COLUMNS, cell).trimEnd();
      if (isWide) return `${inColumns(COLUMNS, cell)}  ${detailsOf(parts)}`.trimEnd();
      if (row.length <= width) return [row, ...below(detailsOf(parts), width, colors)].join("\n");
      // The resource does not fit, so it goes into the second line.
      const short = inColumns(COLUMNS.slice(0, -1), cell).trimEnd();
      const details = [shown(parts.resource), detailsOf(parts)].filter(Boolean).join(" · ");
      return [short, ...below(details, width, colors)].join("\n");
    },
  };
}

function inColumns(
  columns: readonly (keyof typeof WIDTHS)[],
  text: (column: keyof typeof WIDTHS) => string,
): string {
  return columns.map((column) => text(column).padEnd(WIDTHS[column])).join(" ".repeat(GAP));
}

function detailsOf({ message, location, token }: Shown): string {
  return [message, location, token && `token …${token}`].filter(Boolean).map(shown).join(" · ");
}

/** The lines of a text below a row, indented. */
function below(text: string, width: number, colors: Colors): string[] {
  return text === "" ? [] : wrapped(text, width - 5).map((line) => colors.dim(`    ${line}`));
}
