import { type CommandNode, functionName, type OptionNode, type ValueNode } from "./tree";

/** A completion script for zsh. It can be sourced, or saved as a file in a folder of `fpath`. */
export function zshScript(tree: CommandNode): string {
  const name = functionName([tree.name]);
  return `#compdef ${tree.name}
# Completion of ${tree.name} for zsh. Load it with: source <(${tree.name} completion zsh)
${functionsOf([tree.name], tree).join("\n")}
if [[ "$funcstack[1]" = "${name}" ]]; then
  ${name} "$@"
elif (( $+functions[compdef] )); then
  compdef ${name} ${tree.name}
else
  autoload -Uz compinit && compinit && compdef ${name} ${tree.name}
fi
`;
}

function functionsOf(path: readonly string[], node: CommandNode): string[] {
  const inner = node.commands.flatMap((each) => functionsOf([...path, each.name], each));
  const options = node.options.flatMap(optionSpecs);
  if (node.commands.length === 0) {
    const specs = [
      ...options,
      ...node.values.map((value, index) => quoted(`${index + 1}:${actionOf(value)}`)),
    ];
    return [`${functionName(path)}() {\n  _arguments ${specs.join(" \\\n    ")}\n}`];
  }
  const commands = node.commands.map(({ name, description }) => quoted(`${name}:${description}`));
  const cases = node.commands.map(({ name }) => `        ${name}) ${functionName([...path, name])} ;;`);
  const specs = [...options, quoted("1: :->command"), quoted("*:: :->rest")];
  return [
    ...inner,
    `${functionName(path)}() {
  local curcontext="$curcontext" state line
  typeset -A opt_args
  local -a commands
  _arguments -C ${specs.join(" \\\n    ")}
  case $state in
    command)
      commands=(${commands.join(" \\\n        ")})
      _describe -t commands command commands ;;
    rest)
      case $line[1] in
${cases.join("\n")}
      esac ;;
  esac
}`,
  ];
}

function optionSpecs({ names, description, value }: OptionNode): string[] {
  const text = `[${description.replace(/[[\]:\\]/g, "\\$&")}]`;
  const after = value ? `:${actionOf(value)}` : "";
  return names.map((name) => {
    const others = names.length > 1 ? `(${names.join(" ")})` : "";
    // Long options also take their value after "=".
    const equals = value && name.startsWith("--") ? "=" : "";
    return quoted(`${others}${name}${equals}${text}${after}`);
  });
}

function actionOf({ name, choices, isPath }: ValueNode): string {
  const message = name.replace(/:/g, "\\:");
  if (choices.length > 0) return `${message}:(${choices.join(" ")})`;
  return `${message}:${isPath ? "_files" : ""}`;
}

function quoted(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`;
}
