/**
 * Makes a text with parts from outside safe to print: one line of about `longest` characters at most, without control characters and
 * marks of text direction. It also breaks commands in the log of a pipeline: `::` at the start (GitHub) and `##[` or `##vso[` (GitHub,
 * Azure DevOps, TeamCity).
 */
export function printableLine(text: string, longest: number): string {
  // guard: printable
  const start = text.slice(0, longest).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?");
  // guard: pipeline-commands
  const harmless = start.replace(/^\s*::/, ": :").replace(/##(?=\w{0,20}\[)/g, "# #");
  return text.length > longest ? `${harmless}…` : harmless;
}
