import { Command } from "commander";
import {
  HubError,
  type HubClient,
  type MemberToken,
  type ServiceAccountInfo,
  type ServiceAccountToken,
} from "pulumi-huggingface/client";
import { connect, type ConnectionOptions, withConnection } from "../connection";
import { type Column, dateOf, type ListFormat, listFormatOption, printList } from "../output/list";
import { clearProgress, note, progress, type Terminal } from "../terminal";

/** `tokens`: lists the tokens of an organization's service accounts and members. */
export function tokensCommand(terminal: Terminal): Command {
  const command = new Command("tokens")
    .description("list the tokens of an organization's service accounts and members, without their values")
    .summary("list the tokens of service accounts and members")
    .argument("<org>", "name of the organization")
    .addOption(listFormatOption());
  return withConnection(command)
    .addHelpText("after", HELP)
    .action((organization: string, options: ConnectionOptions & { format: ListFormat }) =>
      tokens(terminal, organization, options),
    );
}

const HELP = `
It needs a token of an administrator. Service accounts need the Enterprise plan,
members' tokens the Team plan. If the Hub refuses one of the two lists, a note
says so, and the other list is printed. Revoked tokens of members are left out.
In the table, dates are in UTC, and "-" means that the Hub does not show it.

Exit codes: 0 success; 1 error, also if the Hub refuses both lists.

Examples:
  pulumi-huggingface tokens acme
  pulumi-huggingface tokens acme --format csv > tokens.csv`;

/** A token of any owner, never with its value. Absent fields are not shown by the Hub. */
interface Listed {
  kind: "service account" | "member";
  name: string;
  owner: string;
  last4?: string;
  role?: string;
  permissions?: string[];
  createdAt?: string;
  lastUsedAt?: string | null;
  expiresAt?: string | null;
  status?: string;
}

async function tokens(
  terminal: Terminal,
  organization: string,
  options: ConnectionOptions & { format: ListFormat },
): Promise<void> {
  const { client } = connect(options, terminal);
  const refusals: string[] = [];
  const listed: Listed[] = [];
  for (const [what, list] of [
    ["the tokens of service accounts", () => accountTokens(terminal, client, organization)],
    ["the tokens of members", () => memberTokens(client, organization)],
  ] as const) {
    try {
      listed.push(...(await list()));
    } catch (error) {
      const refused = error instanceof HubError && [402, 403, 404].includes(error.status ?? 0);
      if (!refused || refusals.length > 0) throw error;
      refusals.push(`note: the list does not contain ${what}. ${error.message}`);
    }
  }
  clearProgress(terminal);
  for (const refusal of refusals) note(terminal, refusal);
  listed.sort((a, b) => compare(b.kind, a.kind) || compare(a.owner, b.owner) || compare(a.name, b.name));
  await printList(terminal, options.format, COLUMNS, listed);
}

/** The order of code points, which is the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** How many service accounts are read at the same time. The client keeps within the Hub's rate limit. */
const TOGETHER = 8;

async function accountTokens(terminal: Terminal, client: HubClient, organization: string): Promise<Listed[]> {
  const accounts = await client.listServiceAccounts(organization);
  const listed: Listed[] = [];
  for (let from = 0; from < accounts.length; from += TOGETHER) {
    progress(terminal, `${from} of ${accounts.length} service accounts read`);
    const some = accounts.slice(from, from + TOGETHER);
    const details = await Promise.all(some.map(({ _id }) => client.getServiceAccount(organization, _id)));
    for (const [index, { accessTokens }] of details.entries()) {
      const account = some[index] as ServiceAccountInfo;
      if (!accessTokens) {
        note(terminal, `note: the Hub does not list the tokens of the service account ${account.name}.`);
      }
      listed.push(...(accessTokens ?? []).map((token) => ofAccount(account, token)));
    }
  }
  return listed;
}

function ofAccount({ name, user }: ServiceAccountInfo, token: ServiceAccountToken): Listed {
  const { permissions = [], repoPermissions = [], repoIds = [] } = token;
  const repositories = repoIds.length === 1 ? "1 repository" : `${repoIds.length} repositories`;
  return {
    kind: "service account",
    name: token.displayName,
    owner: name || user,
    last4: lastFour(token.last4),
    role: token.role,
    permissions: [...permissions, ...repoPermissions.map((permission) => `${permission} in ${repositories}`)],
    createdAt: token.createdAt,
    lastUsedAt: token.lastUsedAt,
    expiresAt: token.expiration,
  };
}

async function memberTokens(client: HubClient, organization: string): Promise<Listed[]> {
  return (await client.listMemberTokens(organization)).map(ofMember);
}

function ofMember(token: MemberToken): Listed {
  const granted = token.fineGrained?.scoped.flatMap(({ permissions }) => permissions);
  return {
    kind: "member",
    name: token.displayName,
    owner: token.owner.name,
    last4: lastFour(token.last4),
    role: token.role,
    permissions: granted && [...new Set(granted)],
    createdAt: token.createdAt,
    lastUsedAt: token.lastUsedAt,
    status: token.authorization?.status,
  };
}

/** Never more than four characters, also if the Hub sends more. */
function lastFour(last4: string | undefined): string | undefined {
  return last4?.slice(-4);
}

const COLUMNS: readonly Column<Listed>[] = [
  { field: "kind", value: ({ kind }) => kind },
  { field: "name", title: "NAME", value: ({ name }) => name },
  { field: "owner", title: "OWNER", value: ({ owner }) => owner },
  { field: "last4", title: "LAST 4", value: ({ last4 }) => last4, cell: ({ last4 }) => last4 ?? "-" },
  { field: "role", value: ({ role }) => role },
  {
    field: "permissions",
    title: "MAY",
    isLong: true,
    value: ({ permissions }) => permissions,
    cell: ({ permissions, role }) => (permissions?.length ? permissions.join(", ") : (role ?? "nothing")),
  },
  dateColumn("createdAt", "CREATED"),
  dateColumn("lastUsedAt", "LAST USED"),
  dateColumn("expiresAt", "EXPIRES"),
  { field: "status", value: ({ status }) => status },
];

/** A time in JSON and CSV, and its date in a table. */
function dateColumn(field: "createdAt" | "lastUsedAt" | "expiresAt", title: string): Column<Listed> {
  return { field, title, value: (token) => token[field], cell: (token) => dateOf(token[field]) };
}
