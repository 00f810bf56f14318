import { writeFile } from "node:fs/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { quotedForShell } from "../shell";
import { clearProgress, filePage, note, type Page, print, progress, type Terminal } from "../terminal";

interface DriftOptions {
  stack?: string;
  cwd?: string;
  tokenEnv?: string[];
  showSecrets?: boolean;
  engine?: boolean;
  format: string;
  output?: string;
  report?: Report[];
}

/** A result in a file. */
interface Report {
  format: string;
  file: string;
}

const FORMAT_NAMES = ["table", "json", "markdown", "sarif", "junit"];

const HELP = `
It reads what the stack has recorded, and every resource from the Hub. It
changes nothing, does not run your program, and does not need the passphrase of
the stack without --show-secrets or --engine.

Exit codes:
  0  no drift
  1  an error, or the check is incomplete and found nothing exposed
  2  drift, but nothing is exposed
  3  something is exposed: looser than applied; the check may be incomplete

Examples:
  pulumi-huggingface drift --stack prod
  pulumi-huggingface drift --stack prod --format markdown --output drift.md
  pulumi-huggingface drift --stack prod --token-env acme=ACME_HF_TOKEN`;

/** `drift`: what differs on the Hub from what the program last applied, and who changed it. */
export function driftCommand(terminal: Terminal): Command {
  return new Command("drift")
    .description("compare a stack with the Hub, and name who changed what")
    .option("--stack <name>", "the stack (default: the selected one)")
    .option("--cwd <folder>", "the folder of the Pulumi project (default: the current folder)")
    .option(
      "--token-env <provider=variable>",
      "environment variable with the token of a provider whose token is encrypted in the stack; can be repeated",
      (value: string, before: string[] = []) => [...before, value],
    )
    .option(
      "--show-secrets",
      "decrypt the stack's secrets to compare them too; no value of a secret is printed",
    )
    .option("--engine", "read with `pulumi refresh --preview-only` instead; slower, and needs the passphrase")
    .addOption(new Option("--format <format>", "format of the result").choices(FORMAT_NAMES).default("table"))
    .option("--output <file>", "write the result to a file instead of the standard output")
    .option(
      "--report <format=file>",
      "also write the result in another format to a file; can be repeated",
      (value: string, before: Report[] = []) => [...before, reportIn(value)],
    )
    .addHelpText("after", HELP)
    .action(async (options: DriftOptions) => {
      process.exitCode = await run(options, terminal);
    });
}

async function run(options: DriftOptions, terminal: Terminal): Promise<number> {
  const { pulumiExport } = await import("../drift/pulumi.js");
  progress(terminal, "Reading the stack …");
  const exporting = pulumiExport(options);
  // Awaited below. An error before that is reported first.
  exporting.catch(() => undefined);
  // Everything else is loaded while the Pulumi CLI works.
  const { runsOf, tokenVariables } = await import("../drift/credentials.js");
  const variables = tokenVariables(options.tokenEnv ?? []);
  const { checkDrift } = await import("../drift/check.js");
  const { exitCodeOf } = await import("../drift/report.js");
  const { FORMATS } = await import("../drift/formats/index.js");
  const { readStack } = await import("../drift/stack.js");
  if (!options.engine) await import("../drift/direct.js");
  await import("pulumi-huggingface/client");
  const stack = readStack(await exporting);
  const runOf = runsOf(stack, variables, (_severity, message) => note(terminal, message));
  let entries = 0;
  const report = await checkDrift(stack, {
    runOf,
    observe: observer(options, runOf, stack.resources.length, terminal),
    command: upCommand(options),
    onEntry() {
      entries += 1;
      if (entries % 500 === 1) progress(terminal, `Reading the audit log: ${entries} entries …`);
    },
  });
  clearProgress(terminal);
  const textIn = (format: string, page: Page): string =>
    FORMATS[format as keyof typeof FORMATS](report, page, { folder: options.cwd });
  const { format, output, report: reports = [] } = options;
  if (output === undefined) await print(terminal, textIn(format, terminal));
  for (const each of output === undefined ? reports : [{ format, file: output }, ...reports]) {
    await save(each.file, textIn(each.format, filePage()), terminal);
  }
  return exitCodeOf(report);
}

/** The command that runs an update of this stack. */
function upCommand({ stack, cwd }: DriftOptions): string {
  const option = (name: string, value: string | undefined): string =>
    value === undefined ? "" : ` --${name} ${quotedForShell(value)}`;
  return `pulumi up --refresh${option("stack", stack)}${option("cwd", cwd)}`;
}

/** @throws InvalidArgumentError if the text has another form than FORMAT=FILE */
function reportIn(value: string): Report {
  const [, format = "", file = ""] = /^(\w+)=(.+)$/.exec(value) ?? [];
  if (FORMAT_NAMES.includes(format)) return { format, file };
  throw new InvalidArgumentError(
    `It must be FORMAT=FILE with one of the formats ${FORMAT_NAMES.join(", ")}.`,
  );
}

type Observer = Parameters<typeof import("../drift/check").checkDrift>[1]["observe"];

function observer(
  { engine, ...options }: DriftOptions,
  runOf: Parameters<typeof import("../drift/check").checkDrift>[1]["runOf"],
  count: number,
  terminal: Terminal,
): Observer {
  let read = 0;
  const onRead = (): void => {
    read += 1;
    if (read % 100 === 1 || read === count) progress(terminal, `Reading from the Hub: ${read} of ${count} …`);
  };
  return async (resources) => {
    if (!engine) {
      const { observeDirectly } = await import("../drift/direct.js");
      return observeDirectly(resources, runOf, onRead);
    }
    progress(terminal, "Waiting for `pulumi refresh --preview-only` …");
    const { observeByEngine } = await import("../drift/engine.js");
    return observeByEngine(resources, runOf, options);
  };
}

async function save(file: string, text: string, terminal: Terminal): Promise<void> {
  const { messageOf } = await import("pulumi-huggingface/core");
  try {
    await writeFile(file, `${text}\n`);
  } catch (error) {
    throw new Error(`The result cannot be written: ${messageOf(error)}. Name a file in an existing folder.`, {
      cause: error,
    });
  }
  note(terminal, `Wrote ${file}.`);
}
