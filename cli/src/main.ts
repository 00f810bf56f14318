import { createProgram } from "./program";
import { clearProgress, processTerminal, shown, type Terminal } from "./terminal";

/** The exit code of every error. */
const FAILED = 1;
/** The exit code after Ctrl-C, as in a shell. */
const INTERRUPTED = 130;

async function main(): Promise<void> {
  const terminal = processTerminal();
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // The reader of a pipe has ended, for example `head`. A check whose result was not read must not pass.
    if (error.code === "EPIPE") process.exit(process.exitCode || (terminal.mayEndEarly ? 0 : FAILED));
    fail(terminal, new Error(`The result cannot be written: ${error.message}.`));
    process.exit();
  });
  // Without its messages, the command continues.
  process.stderr.on("error", () => undefined);
  process.once("SIGINT", () => {
    clearProgress(terminal);
    process.exit(INTERRUPTED);
  });
  try {
    await createProgram(terminal).parseAsync();
  } catch (error) {
    fail(terminal, error);
  }
}

function fail(terminal: Terminal, error: unknown): void {
  clearProgress(terminal);
  // Ctrl-C at a question. All questions come before the first file is written.
  const isInterrupted = error instanceof Error && error.name === "ExitPromptError";
  process.exitCode = isInterrupted ? INTERRUPTED : FAILED;
  const message = `error: ${shown(error instanceof Error ? error.message : String(error))}`;
  terminal.err.write(`${isInterrupted ? "Nothing was written." : message}\n`);
}

void main();
