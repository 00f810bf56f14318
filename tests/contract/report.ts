// The output of a contract test run.
import { type Amendment } from "./document";
import { type Unknown } from "./onlyInDocument";
import { type OperationSummary, type Problem } from "./summary";

/** One line for each operation, with its problems below. */
export function operationLines(summaries: OperationSummary[]): string[] {
  return summaries.flatMap(({ id, origin, requests, accepted, clients, violations, beyond }) => [
    `${id}${ORIGINS[origin]} – ${count(requests, "request")}, ${accepted} with success, by ${clients.join(", ")}`,
    ...violations.map((problem) => `  VIOLATION ${problem.example} (${times(problem)})`),
    ...beyond.map((problem) => `  sent beyond the document: ${problem.text} (${times(problem)})`),
  ]);
}

const ORIGINS: Record<OperationSummary["origin"], string> = {
  document: "",
  extended: " [extended]",
  clients: " [not in the document; the official clients use it]",
  unknown: " [unknown]",
};

function times({ count: number, clients }: Problem): string {
  return `${number === 1 ? "once" : `${number} times`}, ${clients.join(", ")}`;
}

/** The parts that only the document has. Operations with the same parts share a paragraph. */
export function unknownLines(unknown: Unknown[]): string[] {
  const byOperation = new Map<string, string[]>();
  for (const { operation, what } of unknown) {
    const list = byOperation.get(operation) ?? [];
    if (!list.includes(what)) list.push(what);
    byOperation.set(operation, list);
  }
  const byList = new Map<string, string[]>();
  for (const [operation, list] of byOperation) {
    const text = list.join("; ");
    byList.set(text, [...(byList.get(text) ?? []), operation]);
  }
  return [...byList].flatMap(([text, operations]) => [...operations, `  ${text}`]);
}

/** Amendments by reason. */
export function amendmentLines(amended: Amendment[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { what, reason } of amended) {
    byReason.set(reason, [...(byReason.get(reason) ?? []), readable(what)]);
  }
  return [...byReason].flatMap(([reason, whats]) => [reason, ...whats.map((what) => `  ${what}`)]);
}

/** Shortens pointers into operations, for example to `PUT /api/…: body properties/visibility/enum`. */
export function readable(what: string): string {
  const [, path, method, place] = /^\/paths\/([^/]+)\/([a-z]+)\/(.+)$/.exec(what) ?? [];
  if (path === undefined || method === undefined || place === undefined) return what;
  const unescape = (text: string) => text.replaceAll("~1", "/").replaceAll("~0", "~");
  const short = place
    .replace(/^requestBody\/content\/application~1json\/schema\//, "body ")
    .replace(/^responses\/(\d+)\/content\/application~1json\/schema\//, "answer $1 ");
  return `${method.toUpperCase()} ${unescape(path)}: ${unescape(short)}`;
}

/** A heading and its lines, or nothing if there are no lines. */
export function section(heading: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ["", heading, "", ...lines.map((line) => `  ${line}`)];
}

/** For example `1 request` and `2 requests`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
