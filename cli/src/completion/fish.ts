import { type CommandNode, type OptionNode, type ValueNode, withPaths } from "./tree";

/** A completion script for fish. */
export function fishScript(tree: CommandNode): string {
  const lines = withPaths(tree).flatMap(([path, node]) => linesOf(tree.name, path, node));
  return `# Completion of ${tree.name} for fish. Load it with: ${tree.name} completion fish | source
complete -c ${tree.name} -f
${lines.join("\n")}
`;
}

function linesOf(program: string, path: readonly string[], node: CommandNode): string[] {
  const inner = node.commands.map(({ name }) => name).join(" ");
  const seen = path.map((name) => `__fish_seen_subcommand_from ${name}`);
  const condition = [...seen, ...(inner ? [`not __fish_seen_subcommand_from ${inner}`] : [])].join("; and ");
  const start = `complete -c ${program} -n ${quoted(condition)}`;
  return [
    ...node.commands.map(({ name, description }) => `${start} -a ${name} -d ${quoted(description)}`),
    ...node.options.map((option) => `${start} ${optionFlags(option)}`),
    ...node.values.flatMap((value) => {
      const words = valueFlags(value);
      return words === "" ? [] : [`${start} ${words}`];
    }),
  ];
}

function optionFlags({ names, description, value }: OptionNode): string {
  const flags = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const words = value && valueFlags(value);
  return [
    ...flags,
    ...(value ? [words?.includes("-F") ? "-r" : "-x", words] : []),
    `-d ${quoted(description)}`,
  ]
    .filter(Boolean)
    .join(" ");
}

function valueFlags({ choices, isPath }: ValueNode): string {
  if (choices.length > 0) return `-a ${quoted(choices.join(" "))}`;
  return isPath ? "-F" : "";
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
