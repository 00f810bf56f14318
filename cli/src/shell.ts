// Commands that a person copies into a shell.
import { shown } from "./terminal";

/** An argument of a shell command, in quotation marks if it needs them. */
export function quotedForShell(text: string): string {
  return /^[\w./@:-]+$/.test(text) ? text : `'${shown(text).replace(/'/g, "'\\''")}'`;
}
