import { Command } from "commander";
import { adopt, type AdoptOptions } from "../adopt/adopt";
import { ALL_KINDS, KINDS, USUAL_KINDS } from "../adopt/kinds";
import { terminalQuestions } from "../adopt/prompts";
import { FIRST_PULUMI } from "../adopt/report";
import { withConnection } from "../connection";
import { type Terminal } from "../terminal";

const ALSO = ALL_KINDS.filter((kind) => !USUAL_KINDS.includes(kind));

const HELP = `
Kinds:
${ALL_KINDS.map((kind) => `  ${kind.padEnd(24)} ${KINDS[kind].what}`).join("\n")}

Patterns:
  A pattern is compared with a whole name: namespace/name of a repository, the name of a resource group or a
  service account, account/token, the name of a member, or namespace/name/KEY of a Space's variable. * is any
  text and ? any character. Put a kind and a colon before it to restrict it to that kind.

Examples:
  pulumi-huggingface adopt acme
  pulumi-huggingface adopt acme --all --out acme-on-the-hub
  pulumi-huggingface adopt acme --kinds repositories --include 'acme/prod-*' --reason 'Published models'
  pulumi-huggingface adopt acme --all --exclude 'members:*' --exclude 'tokens:ci/*' --stack production

It only reads the Hub, and runs nothing. At the end it prints the commands to run. They need the Pulumi CLI
${FIRST_PULUMI} or newer.`;

/** `adopt`: writes a program and an import file for what an organization has. */
export function adoptCommand(terminal: Terminal): Command {
  const command = new Command("adopt")
    .description("write a Pulumi program and an import file for what an organization has")
    .argument("<organization>", "the name of the organization")
    .option("--out <folder>", "where to write", ".")
    .option("--kinds <list>", "what to adopt, separated by commas (default: asks on a terminal)")
    .option("--all", `adopt every kind except ${ALSO.join(" and ")}, which --kinds can add`)
    .option("--include <pattern>", "adopt only objects with such a name; can be repeated", collect, [])
    .option("--exclude <pattern>", "do not adopt objects with such a name; can be repeated", collect, [])
    .option("--reason <text>", "why outsiders may see repositories (default: that it was adopted today)")
    .option("--project <name>", "the name of the project (default: from Pulumi.yaml, else the organization)")
    .option("--stack <name>", "the stack that you will create", "dev")
    .option("--marked", "also adopt objects with the mark of a resource that no stack has any more")
    .option("--secrets-from-config", "read values that the Hub does not show from the configuration")
    .option("--force", "overwrite existing files of the program")
    .option("--yes", "ask nothing, also on a terminal")
    .addHelpText("after", HELP);
  return withConnection(command).action((organization: string, options: AdoptOptions) => {
    const isTerminal = process.stdin.isTTY === true && terminal.out.isTTY === true;
    return adopt(organization, options, terminal, isTerminal ? terminalQuestions : undefined);
  });
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
