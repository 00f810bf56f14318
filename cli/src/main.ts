import { createProgram } from "./program";
import { clearProgress, processTerminal, shown } from "./terminal";

/** The exit code of every error. */
const FAILED = 1;
/** The exit code after Ctrl-C, as in a shell. */
const INTERRUPTED = 130;

async function main(): Promise<void> {
  const terminal = processTerminal();
  for (const stream of [process.stdout, process.stderr]) {
    // The reader of a pipe has enough, for example `head`.
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit();
    });
  }
  process.once("SIGINT", () => {
    clearProgress(terminal);
    process.exit(INTERRUPTED);
  });
  try {
    await createProgram(terminal).parseAsync();
  } catch (error) {
    clearProgress(terminal);
    // Ctrl-C at a question. All questions come before the first file is written.
    if (error instanceof Error && error.name === "ExitPromptError") {
      terminal.err.write("Nothing was written.\n");
      process.exitCode = INTERRUPTED;
      return;
    }
    terminal.err.write(`error: ${shown(error instanceof Error ? error.message : String(error))}\n`);
    process.exitCode = FAILED;
  }
}

void main();
