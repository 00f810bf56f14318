import { Command } from "commander";
import { adoptCommand } from "./commands/adopt";
import { auditCommand } from "./commands/audit";
import { completionCommand } from "./commands/completion";
import { doctorCommand } from "./commands/doctor";
import { driftCommand } from "./commands/drift";
import { membersCommand } from "./commands/members";
import { roleCommand } from "./commands/role";
import { tokensCommand } from "./commands/tokens";
import { whoamiCommand } from "./commands/whoami";
import { processTerminal, type Terminal } from "./terminal";

const COMMANDS = [
  driftCommand,
  auditCommand,
  doctorCommand,
  adoptCommand,
  tokensCommand,
  membersCommand,
  roleCommand,
  whoamiCommand,
  completionCommand,
];

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
  // addCommand does not pass the settings of the program on.
  for (const command of COMMANDS) program.addCommand(command(terminal).copyInheritedSettings(program));
  return program;
}
