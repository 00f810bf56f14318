import { type Command, type Option } from "commander";

/** One option of a command. */
export interface OptionNode {
  /** With their dashes. */
  names: string[];
  description: string;
  /** Absent if the option takes no value. */
  value?: ValueNode;
}

/** A value that the user types. */
export interface ValueNode {
  name: string;
  /** The allowed values. Empty: any value. */
  choices: string[];
  /** Whether it is the name of a file or folder. */
  isPath: boolean;
}

/** A command with everything that can follow it. */
export interface CommandNode {
  name: string;
  description: string;
  commands: CommandNode[];
  options: OptionNode[];
  values: ValueNode[];
}

/** Only these choices can be in a script without quotes. */
const SIMPLE = /^[\w.:@%+/-]+$/;

/** The tree of a program, as its help shows it. */
export function treeOf(command: Command): CommandNode {
  const help = command.createHelp();
  return {
    name: command.name(),
    description: firstLine(command.summary() || command.description()),
    commands: help.visibleCommands(command).map((each) => ({
      ...treeOf(each),
      // The command help takes the name of another command.
      ...(each.name() === "help" && { values: [namesOf(command)] }),
    })),
    options: help.visibleOptions(command).map(optionNode),
    values: command.registeredArguments.map((argument) => valueNode(argument.name(), argument.argChoices)),
  };
}

function namesOf(command: Command): ValueNode {
  return { name: "command", choices: command.commands.map((each) => each.name()), isPath: false };
}

function optionNode({ short, long, description, required, optional, flags, argChoices }: Option): OptionNode {
  const takesValue = required || optional;
  const name = /[<[]([^>\]]+)[>\]]/.exec(flags)?.[1] ?? "value";
  return {
    names: [short, long].filter((each) => each !== undefined),
    description: firstLine(description),
    ...(takesValue && { value: valueNode(name, argChoices) }),
  };
}

function valueNode(name: string, choices: readonly string[] = []): ValueNode {
  return {
    name,
    choices: choices.filter((choice) => SIMPLE.test(choice)),
    isPath: /file|folder|directory|path/i.test(name),
  };
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}

/** Each command with its path from the program, such as `["audit"]`. The program itself has an empty path. */
export function withPaths(node: CommandNode, path: readonly string[] = []): [string[], CommandNode][] {
  return [[[...path], node], ...node.commands.flatMap((each) => withPaths(each, [...path, each.name]))];
}

/** The name of a shell function for a program or a command. */
export function functionName(words: readonly string[]): string {
  return `_${words.join("__").replace(/\W/g, "_")}`;
}
