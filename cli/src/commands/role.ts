import { Command, Option } from "commander";
import { ORG_ROLES, type OrgRole } from "pulumi-huggingface/client";
import { connect, type ConnectionOptions, withConnection } from "../connection";
import { print, type Terminal } from "../terminal";

/** `role`: the role of the token's owner in an organization. */
export function roleCommand(terminal: Terminal): Command {
  const command = new Command("role")
    .description("print your role in an organization, or none if you are not a member")
    .argument("<org>", "name of the organization")
    .addOption(
      new Option("--at-least <role>", "exit with 1 if your role is lower than this role").choices(ORG_ROLES),
    );
  return withConnection(command)
    .addHelpText("after", HELP)
    .action(
      async (organization: string, { atLeast, ...options }: ConnectionOptions & { atLeast?: OrgRole }) => {
        const { client } = connect(options, terminal);
        await print(terminal, (await client.myOrgRole(organization)) ?? "none");
        if (atLeast !== undefined && !(await client.hasOrgRole(organization, atLeast))) process.exitCode = 1;
      },
    );
}

const HELP = `
The roles in ascending order are ${ORG_ROLES.join(", ")}.
Any token works.

Exit codes: 0 success; 1 error, or a role lower than --at-least. An error prints
nothing to the standard output.

Examples:
  pulumi-huggingface role acme
  pulumi-huggingface role acme --at-least admin && pulumi up`;
