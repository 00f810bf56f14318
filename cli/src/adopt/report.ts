// What a person reads at the end.
import { relative } from "node:path";
import { NAMESPACE } from "pulumi-huggingface/core";
import { print, shown, type Terminal, widthOf, wrapped } from "../terminal";
import { quotedForShell } from "../shell";
import { type LeftOut, type Survey } from "./found";
import { ALL_KINDS, KINDS } from "./kinds";
import { type Adopted, configOf } from "./program";
import { IMPORT_FILE } from "./project";

/** The first release of the Pulumi CLI that uses the inputs and outputs in an import file. */
export const FIRST_PULUMI = "3.254.0";

/** What was written. */
export interface Outcome {
  folder: string;
  files: readonly string[];
  stack: string;
  /** Declared and imported. */
  imported: readonly Adopted[];
  /** Declared, but not in the import file. */
  declared: readonly Adopted[];
  /** Only comments in the program. */
  disabled: readonly Adopted[];
  leftOut: readonly LeftOut[];
  hidden: Survey["hidden"];
  /** Why the token may not see everything. */
  doubt: Survey["doubt"];
  /** Whether files of an earlier program were overwritten. */
  overwritten: boolean;
  /** The settings of the stack, without their namespace. */
  settings: readonly [key: string, value: string][];
}

/** Prints what was written, what is missing, and the commands to run. */
export async function report(terminal: Terminal, outcome: Outcome): Promise<void> {
  const { colors } = terminal;
  const { folder, files, stack, imported, declared, disabled, leftOut, hidden, doubt, settings } = outcome;
  const title = (text: string): Promise<void> => print(terminal, `\n${colors.bold(text)}`);
  const place = relative(process.cwd(), folder) || ".";

  await print(
    terminal,
    lines(terminal, `Wrote ${files.length} files to ${shown(place)}: ${files.join(", ")}`, 0),
  );
  for (const kind of ALL_KINDS) {
    const number = imported.filter(({ found }) => found.kind === kind).length;
    if (number > 0) await print(terminal, `  ${String(number).padStart(5)}  ${KINDS[kind].what}`);
  }
  if (hidden.length > 0) {
    await title("The Hub did not show");
    await list(
      terminal,
      hidden.map(({ kind, why }) => `${KINDS[kind].what}: ${shown(why)}`),
    );
  }
  if (doubt !== undefined) {
    await title("The Hub may not show everything");
    await list(terminal, [
      `${shown(doubt)}. Objects, and parts of resource groups, may be missing without notice. If a token that sees more runs this ` +
        "program later, `pulumi up` may remove the missing parts.",
    ]);
  }
  if (leftOut.length > 0) {
    await title(`Not adopted (${leftOut.length})`);
    await list(
      terminal,
      leftOut.map(({ kind, title, why }) => `${shown(title)} (${kind}): ${shown(why)}`),
    );
  }
  const tokens = imported.filter(({ found }) => found.type === "HubToken");
  const secrets = [...disabled, ...declared].filter(({ found }) => found.unknown !== undefined);
  if (tokens.length + secrets.length > 0) {
    await title("Values that the Hub does not show");
    if (tokens.length > 0) {
      await list(terminal, [
        `${tokens.length} ${tokens.length === 1 ? "token" : "tokens"}: the output \`token\` has no value until the next rotation, and \`pulumi up\` fails if something uses it. ` +
          "To issue a successor, give rotationTriggers a new value.",
      ]);
    }
    await list(
      terminal,
      secrets.map((each) => `${shown(each.found.title)}: ${whatToDo(each, disabled.includes(each))}`),
    );
  }
  const first = declared.filter(({ found }) => found.by === "creation");
  if (first.length > 0) {
    await title("Created by the first `pulumi up`, which only reads for it");
    await list(
      terminal,
      first.map(({ found }) => `${found.type}: ${shown(found.title)}`),
    );
  }
  await title(`Run these commands, with the Pulumi CLI ${FIRST_PULUMI} or newer`);
  for (const command of commands(place, stack, settings, imported.length > 0)) {
    await print(terminal, `  ${command}`);
  }
  const ends = outcome.overwritten
    ? [
        "An earlier program was overwritten. Read the preview before `pulumi up`, which deletes the resources in the stack that this " +
          "program no longer declares. Names can differ from those of the earlier program.",
        "Nothing was changed on the Hub.",
      ]
    : ["The preview shows no changes, except for what is listed above. Nothing was changed on the Hub."];
  for (const end of ends) await print(terminal, `\n${lines(terminal, end, 0)}`);
}

function whatToDo(adopted: Adopted, isDisabled: boolean): string {
  const config = `pulumi config set --secret ${configOf(adopted)}`;
  return isDisabled
    ? `a comment in ${KINDS[adopted.found.kind].file}.ts says how to manage it`
    : `run \`${config}\` before the first preview; a later \`pulumi up\` sends it to the Hub`;
}

/** The commands that a person runs. */
function commands(
  place: string,
  stack: string,
  settings: Outcome["settings"],
  hasImports: boolean,
): string[] {
  return [
    ...(place === "." ? [] : [`cd ${quotedForShell(place)}`]),
    "npm install",
    `pulumi stack init ${quotedForShell(stack)}`,
    ...settings.map(([key, value]) => `pulumi config set ${NAMESPACE}:${key} ${quotedForShell(value)}`),
    ...(hasImports
      ? [`pulumi import --file ${IMPORT_FILE} --yes --protect=false --generate-code=false`]
      : []),
    "pulumi preview",
  ];
}

async function list(terminal: Terminal, texts: readonly string[]): Promise<void> {
  for (const text of texts) await print(terminal, lines(terminal, text, 2));
}

/** A text, wrapped on a terminal. In an indented text, the lines after the first are indented more. */
function lines(terminal: Terminal, text: string, indent: number): string {
  const start = " ".repeat(indent);
  return start + wrapped(text, widthOf(terminal) - 2 * indent).join(`\n${start}${start}`);
}
