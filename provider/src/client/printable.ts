/**
 * A text that holds something from outside, as it can be printed: in one line of at most about `longest` characters, without control
 * characters and marks of text direction, which could rewrite the terminal, and without what the log of a pipeline takes for a
 * command: `::` at its start (GitHub), and `##[`, `##vso[` or the like anywhere (GitHub, Azure DevOps, TeamCity).
 */
export function printableLine(text: string, longest: number): string {
  // guard: printable
  const start = text.slice(0, longest).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?");
  // guard: pipeline-commands
  const harmless = start.replace(/^\s*::/, ": :").replace(/##(?=\w{0,20}\[)/g, "# #");
  return text.length > longest ? `${harmless}…` : harmless;
}
