import { Argument, Command } from "commander";
import { bashScript } from "../completion/bash";
import { fishScript } from "../completion/fish";
import { type CommandNode, treeOf } from "../completion/tree";
import { zshScript } from "../completion/zsh";
import { print, type Terminal } from "../terminal";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } satisfies Record<
  string,
  (tree: CommandNode) => string
>;

/** `completion`: prints a completion script for a shell. */
export function completionCommand(terminal: Terminal): Command {
  const command = new Command("completion")
    .description("print a script that completes commands, options and their values in a shell")
    .summary("print a completion script for a shell")
    .addArgument(new Argument("<shell>", "the shell").choices(Object.keys(SCRIPTS)))
    .addHelpText("after", HELP);
  return command.action(async (shell: keyof typeof SCRIPTS) => {
    const program = command.parent;
    if (program) await print(terminal, SCRIPTS[shell](treeOf(program)).trimEnd());
  });
}

const HELP = `
The script contains the commands of this release. Load it when a shell starts,
or print it again after an update.

Exit codes: 0 success; 1 error.

Examples:
  source <(pulumi-huggingface completion bash)   # in ~/.bashrc
  source <(pulumi-huggingface completion zsh)    # in ~/.zshrc, after compinit
  pulumi-huggingface completion fish | source    # in ~/.config/fish/config.fish`;
