import { createProgram } from "./program";
import { clearProgress, processTerminal, shown } from "./terminal";

/** The exit code of every error. */
const FAILED = 1;

async function main(): Promise<void> {
  const terminal = processTerminal();
  // The reader of a pipe has enough, for example `head`.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
  try {
    await createProgram(terminal).parseAsync();
  } catch (error) {
    clearProgress(terminal);
    terminal.err.write(`error: ${shown(error instanceof Error ? error.message : String(error))}\n`);
    process.exitCode = FAILED;
  }
}

void main();
