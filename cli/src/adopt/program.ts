// Writes the program.
import { type Arguments, type Found } from "./found";
import { KINDS } from "./kinds";
import { identifierOf, uniqueNames } from "./names";
import { Code, commentLine, fileText, quoted, type Statement, type Value } from "./source";

/** An object that the program declares. */
export interface Adopted {
  found: Found;
  /** The name of the resource. */
  name: string;
  /** The exported constant. */
  constant: string | undefined;
  args: Arguments;
}

/** Gives each object its names. */
export function named(found: readonly Found[], reason: string): Adopted[] {
  const names = new Map<Found, string>();
  const constants = new Map<Found, string>();
  for (const same of groupsOf(found, ({ type }) => type)) {
    const given = uniqueNames(same, {
      wanted: ({ name }) => name,
      id: ({ id }) => id,
      noun: ({ constant, kind }) => constant?.noun ?? kind,
      join: "-",
    });
    for (const [each, name] of given) names.set(each, name);
  }
  for (const same of groupsOf(found, fileOf)) {
    const exported = same.filter(({ constant }) => constant);
    const given = uniqueNames(exported, {
      wanted: ({ constant }) => identifierOf(constant?.text ?? "", constant?.noun ?? ""),
      id: ({ id }) => id,
      noun: ({ constant }) => constant?.noun ?? "",
      join: "_",
    });
    for (const [each, constant] of given) constants.set(each, constant);
  }
  return found.map((each) => ({
    found: each,
    name: names.get(each) as string,
    constant: constants.get(each),
    args: withReason(each, reason),
  }));
}

/** Says why outsiders may see what they can see. */
function withReason({ type, isOpen, args }: Found, reason: string): Arguments {
  if (!isOpen) return args;
  if (type !== "OrganizationVisibility") return { ...args, acknowledgePublic: reason };
  return { ...args, exceptions: (args["exceptions"] as Arguments[]).map((each) => ({ ...each, reason })) };
}

/** The configuration from which the program reads a value that the Hub does not show. */
export function configOf({ found, name }: Adopted): string {
  return found.type === "SsoConfig" ? "ssoClientSecret" : `${name}-secret`;
}

/**
 * The files of the program, by name.
 *
 * @param fromConfig - whether values that the Hub does not show are read from the configuration; otherwise their resources are comments
 */
export function programFiles(
  adopted: readonly Adopted[],
  { organization, fromConfig }: { organization: string; fromConfig: boolean },
): Map<string, string> {
  const accounts = new Map(
    adopted
      .filter(({ found }) => found.type === "ServiceAccount")
      .map(({ found, constant }) => [found.id, constant ?? ""]),
  );
  const files = new Map<string, string>();
  for (const same of groupsOf(adopted, ({ found }) => fileOf(found))) {
    const [first] = same as [Adopted];
    const statements = same.map((each) => statementOf(each, { accounts, fromConfig }));
    files.set(`${fileOf(first.found)}.ts`, fileText(headerOf(organization, statements), statements));
  }
  const imports = [...files.keys()].map((file) => `import "./${file.replace(/\.ts$/, "")}";`);
  const title = commentLine(`The organization ${organization}, written by \`pulumi-huggingface adopt\`.`);
  files.set("index.ts", `${[title, ...imports].join("\n")}\n`);
  return files;
}

function fileOf({ kind }: Found): string {
  return KINDS[kind].file;
}

/** The imports and constants of a file. What only comments use is a comment too. */
function headerOf(organization: string, statements: readonly Statement[]): string[] {
  const live = statements.filter(({ disabled }) => !disabled);
  const line = (name: string, text: string): string[] => {
    if (name === "" ? live.length > 0 : uses(live, name)) return [text];
    return name === "" || uses(statements, name) ? [`// ${text}`] : [];
  };
  const imports = [
    ...line("config", 'import * as pulumi from "@pulumi/pulumi";'),
    ...line("", 'import * as huggingface from "pulumi-huggingface";'),
    ...line("serviceAccounts", 'import * as serviceAccounts from "./serviceAccounts";'),
  ];
  const constants = [
    ...line("organization", `const organization = ${quoted(organization)};`),
    ...line("config", "const config = new pulumi.Config();"),
  ];
  return [
    ...imports,
    ...(constants.length > 0 ? ["", ...constants] : []),
    // A file without code would not be a module.
    ...(live.length > 0 ? [] : ["export {};"]),
  ];
}

function uses(statements: readonly Statement[], name: string): boolean {
  return statements.some((each) =>
    Object.values(each.args).some((value) => value instanceof Code && mentions(value, name)),
  );
}

function mentions({ text }: Code, name: string): boolean {
  return text === name || text.startsWith(`${name}.`);
}

function statementOf(
  adopted: Adopted,
  { accounts, fromConfig }: { accounts: ReadonlyMap<string, string>; fromConfig: boolean },
): Statement {
  const { found, name, constant, args } = adopted;
  const { type, unknown, by } = found;
  const code: Record<string, Value> = { ...(args as Record<string, Value>) };
  if ("organization" in code) code["organization"] = new Code("organization");
  const account = accounts.get(found.id.split("/").slice(0, 2).join("/"));
  if (type === "HubToken" && account !== undefined)
    code["serviceAccount"] = new Code(`serviceAccounts.${account}.accountId`);
  if (unknown !== undefined) code[unknown] = new Code(`config.requireSecret(${quoted(configOf(adopted))})`);
  return {
    ...{ type, name, constant },
    args: code,
    ...(by === "option import" && { options: { import: found.id } }),
    comment: [...(found.comment ?? []), ...(unknown === undefined ? [] : howToSet(adopted, fromConfig))],
    disabled: unknown !== undefined && !fromConfig,
  };
}

/** What a person does about a value that the Hub does not show. */
function howToSet(adopted: Adopted, isLive: boolean): string[] {
  const how = isLive ? "Before the first preview, run:" : "To manage it, use this code and run:";
  const command = `  pulumi config set --secret ${configOf(adopted)}`;
  return adopted.found.type === "SsoConfig"
    ? [
        `The Hub does not show the client secret of single sign-on. ${how}`,
        command,
        "The first `pulumi up` compares the other values with the Hub and imports them. The next one",
        "sends the client secret once, and a wrong one stops people from signing in.",
      ]
    : [
        `The Hub does not show the value of a secret. ${how}`,
        command,
        "The next `pulumi up` overwrites the secret on the Hub with this value.",
      ];
}

/** Groups items, in the order of their first ones. */
function groupsOf<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}
