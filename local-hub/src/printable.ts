/**
 * Makes lines safe to print, whatever names they contain: replaces control characters, and breaks up text that CI systems run as
 * a command from a log.
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
