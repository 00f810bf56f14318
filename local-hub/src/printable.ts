/**
 * Lines as they can be printed, whatever names are in them: without control characters, and without what the log of a pipeline takes
 * for a command.
 */
export function printable(text: string): string {
  return text
    .split("\n")
    .map((line) =>
      line
        .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?")
        .replace(/^\s*::/, ": :")
        .replace(/##(?=\w{0,20}\[)/g, "# #"),
    )
    .join("\n");
}
