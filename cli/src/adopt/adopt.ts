// Brings an organization under code: reads the Hub, and writes a program and an import file. It changes nothing on the Hub.
import { basename, resolve } from "node:path";
import { DEFAULT_ENDPOINT, organizationSchema } from "pulumi-huggingface/core";
import { connect, type ConnectionOptions } from "../connection";
import { clearProgress, note, progress, type Terminal } from "../terminal";
import { entriesOf, type ImportEntry } from "./entries";
import { type Found, type LeftOut, type Survey } from "./found";
import { ALL_KINDS, type Kind, KINDS, kindsIn, USUAL_KINDS } from "./kinds";
import { type Adopted, named, programFiles } from "./program";
import {
  existing,
  IMPORT_FILE,
  PROJECT_FILES,
  projectFiles,
  projectIn,
  refuseExisting,
  writeFiles,
} from "./project";
import { isReason, type Questions } from "./prompts";
import { forEach, isOutage, Reader } from "./reader";
import { report } from "./report";
import { selector } from "./selection";
import { canonicalName, survey } from "./survey";

/** The options of the command. */
export interface AdoptOptions extends ConnectionOptions {
  out: string;
  kinds?: string;
  all?: boolean;
  include?: string[];
  exclude?: string[];
  reason?: string;
  project?: string;
  stack: string;
  marked?: boolean;
  secretsFromConfig?: boolean;
  force?: boolean;
  yes?: boolean;
}

const MARKED =
  "it has the mark of another resource, whose stack may change or delete it. If no stack has that resource any more, adopt it with --marked";

const NOTHING_CHANGED = "; nothing was changed on the Hub.";

/**
 * Runs the command.
 *
 * @param questions - asks a person; `undefined` if there is none
 * @throws Error if nothing can be adopted, or a file exists
 */
export async function adopt(
  organization: string,
  options: AdoptOptions,
  terminal: Terminal,
  questions: Questions | undefined,
): Promise<void> {
  const folder = resolve(options.out);
  const kinds = kindsOf(options);
  checkArguments(organization, options);
  const asks = options.yes === true ? undefined : questions;
  if (!kinds && !asks) {
    throw new Error(
      `Nothing was chosen, and there is no terminal to ask on. Choose with --all or --kinds, for example --kinds repositories,members. Kinds: ${ALL_KINDS.join(", ")}.`,
    );
  }
  const known = options.project ?? projectIn(folder);
  // Before the Hub is read, which may take a while.
  if (!options.force) refuseExisting(folder, ["index.ts", IMPORT_FILE]);

  const { client } = connect(options, terminal);
  const reader = new Reader(
    { endpoint: client.endpoint, tokenEnv: options.tokenEnv },
    (_severity, message) => {
      // The resources say this about every object.
      if (!message.endsWith(NOTHING_CHANGED)) note(terminal, message);
    },
  );
  const name = await canonicalName(reader, organization);
  const stack = { project: known ?? name, stack: basename(options.stack) };
  const all = await survey(reader, name, kinds ?? ALL_KINDS, (kind) =>
    progress(terminal, `Reading ${KINDS[kind].what} …`),
  );
  clearProgress(terminal);
  if (options.kinds !== undefined) refuseHidden(all, kindsIn(options.kinds));

  const chosen = await choose(all, options, kinds ? undefined : asks);
  const reason = await reasonFor(chosen.found, options.reason, asks);
  const adopted = named(chosen.found, reason);
  const fromConfig = options.secretsFromConfig === true;
  const { entries, imported, failed } = await importAll(reader, adopted, stack, terminal);
  const apart = adopted.filter(({ found }) => found.by !== undefined);
  const disabled = fromConfig ? [] : apart.filter(({ found }) => found.unknown !== undefined);
  const declared = apart.filter((each) => !disabled.includes(each));
  const leftOut = [...chosen.leftOut, ...failed];
  if (imported.length + apart.length === 0) throw new Error(nothingFound(name, options, leftOut, all.hidden));

  const files = new Map([
    ...programFiles([...imported, ...apart], { organization: name, fromConfig }),
    [IMPORT_FILE, `${JSON.stringify({ resources: entries }, undefined, 2)}\n`] as const,
  ]);
  const present = existing(folder, PROJECT_FILES);
  const added = new Map([...projectFiles(stack.project, name)].filter(([file]) => !present.includes(file)));
  if (!options.force) refuseExisting(folder, files.keys());
  const question = `Write ${files.size + added.size} files to ${folder}?`;
  if (asks && !(await asks.confirm(question))) return note(terminal, "Nothing was written.");
  const overwritten = existing(folder, files.keys()).length > 0;
  writeFiles(folder, new Map([...files, ...added]), options.force === true);
  await report(terminal, {
    ...{ folder, files: [...files.keys(), ...added.keys()], stack: options.stack },
    ...{ imported, declared, disabled, leftOut, hidden: all.hidden, doubt: all.doubt, overwritten },
    settings: settingsOf(client.endpoint, options),
  });
}

/** The chosen kinds; `undefined` if a person has to choose. */
function kindsOf({ kinds, all }: AdoptOptions): Kind[] | undefined {
  const some = kinds === undefined ? [] : kindsIn(kinds);
  const chosen = new Set([...(all ? USUAL_KINDS : []), ...some]);
  return chosen.size === 0 ? undefined : ALL_KINDS.filter((kind) => chosen.has(kind));
}

function checkArguments(organization: string, { reason, project, stack }: AdoptOptions): void {
  if (!new RegExp(organizationSchema.pattern).test(organization)) {
    throw new Error(`The organization must be ${organizationSchema.description}.`);
  }
  if (reason !== undefined && !isReason(reason)) throw new Error("--reason must have 1 to 500 characters.");
  if (project !== undefined && !/^[A-Za-z0-9_.-]{1,100}$/.test(project)) {
    throw new Error("--project must have 1 to 100 letters, digits, dots, hyphens and underscores.");
  }
  if (!/^(?:[A-Za-z0-9_.-]+\/){0,2}[A-Za-z0-9_.-]{1,100}$/.test(stack)) {
    throw new Error("--stack must be the name of a stack, such as dev or my-account/dev.");
  }
}

/** The settings of the stack with which Pulumi uses the same Hub and token. */
function settingsOf(endpoint: string, { tokenEnv }: AdoptOptions): [key: string, value: string][] {
  return [
    ...(endpoint === DEFAULT_ENDPOINT ? [] : [["endpoint", endpoint] as [string, string]]),
    ...(tokenEnv === undefined ? [] : [["tokenEnv", tokenEnv] as [string, string]]),
  ];
}

/** A kind that the command names must not be missing without notice. */
function refuseHidden({ hidden }: Survey, wanted: readonly Kind[]): void {
  const missing = hidden.find(({ kind }) => wanted.includes(kind));
  if (missing)
    throw new Error(`The Hub does not show ${KINDS[missing.kind].what}: ${missing.why} Nothing was written.`);
}

/** What to adopt: by the options, and by a person if there is one to ask. */
async function choose(
  { found, leftOut }: Survey,
  { include = [], exclude = [], marked }: AdoptOptions,
  questions: Questions | undefined,
): Promise<{ found: Found[]; leftOut: LeftOut[] }> {
  const isSelected = selector(include, exclude);
  const selected = found.filter(isSelected);
  const foreign = marked ? [] : selected.filter(({ markedBy }) => markedBy !== undefined);
  const available = selected.filter((each) => !foreign.includes(each));
  const others = [...leftOut, ...foreign.map(({ kind, title }): LeftOut => ({ kind, title, why: MARKED }))];
  if (!questions) return { found: available, leftOut: others };
  const counts = new Map<Kind, number>();
  for (const { kind } of available) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  if (counts.size === 0) return { found: [], leftOut: others };
  const result: Found[] = [];
  const kinds = await questions.kinds(counts);
  for (const kind of ALL_KINDS.filter((each) => kinds.includes(each))) {
    const same = available.filter((each) => each.kind === kind);
    result.push(...(same.length > 1 ? await questions.objects(kind, same) : same));
  }
  return { found: result, leftOut: others.filter(({ kind }) => kinds.includes(kind)) };
}

async function reasonFor(
  found: readonly Found[],
  given: string | undefined,
  questions: Questions | undefined,
): Promise<string> {
  const open = found.filter(({ isOpen }) => isOpen).length;
  const proposal = `Adopted as it was on ${new Date().toISOString().slice(0, 10)}.`;
  if (given !== undefined || open === 0 || !questions) return given ?? proposal;
  return questions.reason(open, proposal);
}

/** Reads the state of each object. An object that cannot be imported is left out, with the reason. */
async function importAll(
  reader: Reader,
  adopted: readonly Adopted[],
  stack: { project: string; stack: string },
  terminal: Terminal,
): Promise<{ entries: ImportEntry[]; imported: Adopted[]; failed: LeftOut[] }> {
  const imported: Adopted[] = [];
  const failed: LeftOut[] = [];
  const whole = adopted.filter(({ found }) => found.by === undefined);
  let done = 0;
  const entries = await forEach(whole, async (each) => {
    const { found, name, args } = each;
    try {
      return { each, entries: await entriesOf(reader, found, { name, args, stack }) };
    } catch (error) {
      const { status, message } = error as { status?: unknown; message: string };
      if (status === 401 || isOutage(error)) throw error;
      failed.push({ kind: found.kind, title: found.title, why: message });
      return { each, entries: [] };
    } finally {
      progress(terminal, `Read ${++done} of ${whole.length} objects …`);
    }
  });
  clearProgress(terminal);
  for (const { each, entries: own } of entries) if (own.length > 0) imported.push(each);
  return { entries: entries.flatMap(({ entries: own }) => own), imported, failed };
}

function nothingFound(
  organization: string,
  { include = [], exclude = [] }: AdoptOptions,
  leftOut: readonly LeftOut[],
  hidden: Survey["hidden"],
): string {
  const [first] = [...leftOut.map(({ title, why }) => `${title}: ${why}`), ...hidden.map(({ why }) => why)];
  const check = include.length + exclude.length > 0 ? " Check --include and --exclude." : "";
  return `There is nothing to adopt in ${organization}.${first === undefined ? check : ` The first reason: ${first}`}`;
}
