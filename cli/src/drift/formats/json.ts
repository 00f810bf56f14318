// The drift report as JSON, for programs.
import { type DriftReport } from "../report";

/** Increases if a field changes its meaning or disappears. New fields do not increase it. */
const VERSION = 1;

/** The report as JSON. docs/command-line.md describes its fields. */
export function asJson(report: DriftReport): string {
  return printableJson({ version: VERSION, ...report });
}

/**
 * JSON that is safe to print. Control characters, marks of text direction and commands in the log of a pipeline are escaped, so a
 * reader gets the same values.
 */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (found) => (found === "\n" ? found : escaped(found)))
    .replace(/##(?=\w{0,20}\[)/g, `#${escaped("#")}`);
}

function escaped(text: string): string {
  return text
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
