import { Command } from "commander";
import { type Member } from "pulumi-huggingface/client";
import { connect, type ConnectionOptions, withConnection } from "../connection";
import { type Column, type ListFormat, listFormatOption, printList } from "../output/list";
import { type Terminal } from "../terminal";

/** `members`: lists the members of an organization. */
export function membersCommand(terminal: Terminal): Command {
  const command = new Command("members")
    .description("list the members of an organization with their roles")
    .argument("<org>", "name of the organization")
    .addOption(listFormatOption());
  return withConnection(command)
    .addHelpText("after", HELP)
    .action(async (organization: string, options: ConnectionOptions & { format: ListFormat }) => {
      const { client } = connect(options, terminal);
      const members = await client.listMembers(organization);
      members.sort((a, b) => (a.user < b.user ? -1 : 1));
      await printList(terminal, options.format, COLUMNS, members);
    });
}

const HELP = `
Any token works. Only members see roles and resource groups, and only
administrators see who uses two-factor authentication. The Hub does not show who
signs in with single sign-on. A "-" means that the Hub does not show it.

Exit codes: 0 success; 1 error.

Examples:
  pulumi-huggingface members acme
  pulumi-huggingface members acme --format json |
    jq -r '.[] | select(.twoFactor == false) | .name'`;

const COLUMNS: readonly Column<Member>[] = [
  { field: "name", title: "NAME", value: ({ user }) => user },
  { field: "fullname", value: ({ fullname }) => fullname },
  { field: "role", title: "ROLE", value: ({ role }) => role, cell: ({ role }) => role ?? "-" },
  yesNoColumn("twoFactor", "TWO-FACTOR", ({ twoFaEnabled }) => twoFaEnabled),
  yesNoColumn("external", "EXTERNAL", ({ isExternalCollaborator }) => isExternalCollaborator),
  {
    field: "resourceGroups",
    title: "RESOURCE GROUPS",
    value: groupsOf,
    cell: (member) => groupsOf(member)?.join(", ") ?? "-",
  },
];

function yesNoColumn(
  field: string,
  title: string,
  value: (member: Member) => boolean | undefined,
): Column<Member> {
  return { field, title, value, cell: (member) => yesOrNo(value(member)) };
}

function yesOrNo(value: boolean | undefined): string {
  return value === undefined ? "-" : value ? "yes" : "no";
}

function groupsOf({ resourceGroups }: Member): string[] | undefined {
  return resourceGroups?.map(({ name, role }) => (role ? `${name} (${role})` : name));
}
