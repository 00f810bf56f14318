import { Option } from "commander";
import { columns, print, shown, type Terminal, widthOf } from "../terminal";
import { csvLine } from "./csv";
import { jsonText } from "./json";

const LIST_FORMATS = ["table", "json", "csv"] as const;

/** A format of a list. */
export type ListFormat = (typeof LIST_FORMATS)[number];

/** The option that chooses the format of a list. */
export function listFormatOption(): Option {
  return new Option("--format <format>", "format of the output").choices(LIST_FORMATS).default("table");
}

/** A narrower terminal shows long columns below the row. */
const WIDE = 120;

type Value = string | number | boolean | null | undefined;

/** One column of a list. */
export interface Column<Item> {
  /** The name of the field in JSON and CSV. */
  field: string;
  /** The title in a table. Absent: the table does not have this column. */
  title?: string;
  /** The value in JSON. `undefined` if the Hub does not show it; the field is then absent. */
  value: (item: Item) => Value | readonly string[];
  /** The text in a table, if it differs from that in CSV. */
  cell?: (item: Item) => string;
  /** Whether a narrow terminal shows it below the row. */
  isLong?: boolean;
}

/** Prints a list in a format. */
export async function printList<Item>(
  terminal: Terminal,
  format: ListFormat,
  layout: readonly Column<Item>[],
  items: readonly Item[],
): Promise<void> {
  terminal.mayEndEarly = true;
  if (format === "json") {
    const objects = items.map((item) =>
      Object.fromEntries(layout.map(({ field, value }) => [field, value(item)])),
    );
    return print(terminal, jsonText(objects));
  }
  if (format === "csv") {
    await print(terminal, csvLine(layout.map(({ field }) => field)));
    for (const item of items) await print(terminal, csvLine(layout.map(({ value }) => textOf(value(item)))));
    return;
  }
  const visible = layout.filter(({ title }) => title !== undefined);
  const isNarrow = widthOf(terminal) < WIDE;
  const inRow = visible.filter(({ isLong }) => !(isNarrow && isLong));
  const below = visible.filter((column) => !inRow.includes(column));
  const cellOf = ({ value, cell }: Column<Item>, item: Item): string =>
    shown(cell ? cell(item) : textOf(value(item)));
  const table = columns(
    terminal,
    inRow.map(({ title }) => title as string),
    items.map((item) => inRow.map((column) => cellOf(column, item))),
    items.map((item) =>
      below.map((column) => `${column.title?.toLowerCase()}: ${cellOf(column, item)}`).join("; "),
    ),
  );
  await print(terminal, table);
}

function textOf(value: Value | readonly string[]): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? value.join(", ") : String(value);
}

/** The date of a time of the Hub; `absent` if the Hub shows none. */
export function dateOf(time: string | null | undefined, never = "never", absent = "-"): string {
  if (time === undefined) return absent;
  if (time === null) return never;
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : new Date(at).toISOString().slice(0, 10);
}
