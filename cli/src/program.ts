import { Command } from "commander";
import { adoptCommand } from "./commands/adopt";
import { whoamiCommand } from "./commands/whoami";
import { processTerminal, type Terminal } from "./terminal";

const { version } = require("../package.json") as { version: string };

/** The command line. */
export function createProgram(terminal: Terminal = processTerminal()): Command {
  const program = new Command("pulumi-huggingface")
    .description("Checks and adopts the security settings of an organization on the Hugging Face Hub.")
    .version(version)
    .configureOutput({
      writeOut: (text) => void terminal.out.write(text),
      writeErr: (text) => void terminal.err.write(text),
    })
    .showHelpAfterError("(add --help for the arguments and options)");
  for (const command of [adoptCommand, whoamiCommand]) program.addCommand(command(terminal));
  return program;
}
