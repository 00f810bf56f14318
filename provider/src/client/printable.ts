/**
 * A text that holds something from outside, as it can be shown in a terminal: without control characters and marks of
 * text direction, which could rewrite what stands there, and not longer than `longest` characters.
 */
export function printable(text: string, longest: number): string {
  // guard: printable
  const start = text.slice(0, longest).replace(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu, "?");
  return text.length > longest ? `${start}…` : start;
}

/** The same in one line, for a name or a value inside a sentence. */
export function printableLine(text: string, longest: number): string {
  return printable(text, longest).replaceAll("\n", "?");
}
