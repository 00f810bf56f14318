import { Command } from "commander";
import { adopt, type AdoptOptions } from "../adopt/adopt";
import { ALL_KINDS, KINDS, USUAL_KINDS } from "../adopt/kinds";
import { terminalQuestions } from "../adopt/prompts";
import { FIRST_PULUMI } from "../adopt/report";
import { withConnection } from "../connection";
import { type Terminal } from "../terminal";

const ALSO = ALL_KINDS.filter((kind) => !USUAL_KINDS.includes(kind));

const HELP = `
It only reads the Hub, and runs nothing. At the end it prints the commands to
run. They need the Pulumi CLI ${FIRST_PULUMI} or newer.

Kinds:
${ALL_KINDS.map((kind) => `  ${kind.padEnd(24)} ${KINDS[kind].what}`).join("\n")}

Patterns:
  A pattern must match the whole name of an object: namespace/name of a
  repository, the name of a resource group, a service account or a member,
  account/token, or namespace/name/KEY of a Space's variable. * is any text and
  ? any character. To match only one kind, write it first: members:ada-*.

Exit codes: 0 success; 1 error, also if there is nothing to adopt.

Examples:
  pulumi-huggingface adopt acme
  pulumi-huggingface adopt acme --all --out acme-on-the-hub
  pulumi-huggingface adopt acme --kinds repositories --include 'acme/prod-*'
  pulumi-huggingface adopt acme --all --exclude 'tokens:ci/*' --stack production`;

/** `adopt`: writes a program and an import file for what an organization has. */
export function adoptCommand(terminal: Terminal): Command {
  const command = new Command("adopt")
    .description("write a Pulumi program and an import file for what an organization has")
    .argument("<org>", "name of the organization")
    .option("--out <folder>", "folder to write to", ".")
    .option("--kinds <list>", "kinds to adopt, separated by commas (default: asks on a terminal)")
    .option("--all", `adopt every kind except ${ALSO.join(" and ")}, which --kinds can add`)
    .option("--include <pattern>", "adopt only objects whose name matches; can be repeated", collect)
    .option("--exclude <pattern>", "do not adopt objects whose name matches; can be repeated", collect)
    .option("--reason <text>", "why outsiders may see public repositories (default: adopted as it was today)")
    .option(
      "--project <name>",
      "name of the Pulumi project (default: from Pulumi.yaml, else the organization)",
    )
    .option("--stack <name>", "name of the stack that you will create", "dev")
    .option("--marked", "also adopt objects with the mark of a resource that no stack has any more")
    .option(
      "--secrets-from-config",
      "let the program read values that the Hub does not show from its configuration",
    )
    .option("--force", "overwrite existing files of the program")
    .option("--yes", "do not ask, also on a terminal")
    .addHelpText("after", HELP);
  return withConnection(command).action((organization: string, options: AdoptOptions) => {
    const isTerminal = process.stdin.isTTY === true && terminal.out.isTTY === true;
    return adopt(organization, options, terminal, isTerminal ? terminalQuestions : undefined);
  });
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
