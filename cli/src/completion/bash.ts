import { type CommandNode, functionName, type ValueNode, withPaths } from "./tree";

/** A completion script for bash 3.2 and newer. It needs no other package. */
export function bashScript(tree: CommandNode): string {
  const commands = withPaths(tree).map(([path, node]) => ({ path: path.join(" "), node }));
  const name = functionName([tree.name]);
  const steps = commands.flatMap(({ path, node }) =>
    node.commands.map(
      (each) => `      "${path}|${each.name}") path="${`${path} ${each.name}`.trim()}"; count=0 ;;`,
    ),
  );
  const valued = commands.flatMap(({ path, node }) =>
    node.options
      .filter(({ value }) => value)
      .flatMap(({ names, value }) =>
        names.map((each) => ({ key: `"${path}|${each}"`, value: value as ValueNode })),
      ),
  );
  return `# Completion of ${tree.name} for bash. Load it with: source <(${tree.name} completion bash)
${name}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" path="" option="" count=0 word i
  COMPREPLY=()
  # bash makes three words of --option=value.
  [[ $cur == "=" ]] && cur=""
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    [[ $word == "=" ]] && continue
    if [[ -n $option ]]; then option=""; continue; fi
    case "$path|$word" in
${steps.join("\n")}
      ${valued.map(({ key }) => key).join(" | \\\n      ")}) option="$word" ;;
      *"|-"*) ;;
      *) count=$((count + 1)) ;;
    esac
  done
  if [[ -n $option ]]; then
    case "$path|$option" in
${valued
  .filter(({ value }) => isCompleted(value))
  .map(({ key, value }) => `      ${key}) ${valueWords(value)} ;;`)
  .join("\n")}
    esac
    return
  fi
  if [[ $cur == -* ]]; then
    case "$path" in
${commands
  .filter(({ node }) => node.options.length > 0)
  .map(({ path, node }) => `      "${path}") ${words(node.options.flatMap(({ names }) => names))} ;;`)
  .join("\n")}
    esac
    return
  fi
  case "$path|$count" in
${commands.flatMap(({ path, node }) => positions(path, node)).join("\n")}
  esac
}
complete -F ${name} ${tree.name}
`;
}

function positions(path: string, { commands, values }: CommandNode): string[] {
  if (commands.length > 0) return [`    "${path}|0") ${words(commands.map(({ name }) => name))} ;;`];
  return values.flatMap((value, index) =>
    isCompleted(value) ? [`    "${path}|${index}") ${valueWords(value)} ;;`] : [],
  );
}

function isCompleted({ choices, isPath }: ValueNode): boolean {
  return isPath || choices.length > 0;
}

function valueWords({ choices }: ValueNode): string {
  return choices.length > 0 ? words(choices) : `COMPREPLY=($(compgen -f -- "$cur"))`;
}

function words(list: readonly string[]): string {
  return `COMPREPLY=($(compgen -W "${list.join(" ")}" -- "$cur"))`;
}
