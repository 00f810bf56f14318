// Reads resources by a refresh of the engine that changes nothing. It is slower, and it shows whether the direct reads are right.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ConfigurationError,
  definitionOf,
  isSealed,
  messageOf,
  notArguments,
  type Properties,
  type Run,
  withoutKeys,
} from "pulumi-huggingface/core";
import { type Observation } from "./observation";
import { type StackOptions } from "./pulumi";
import { opened, type Recorded } from "./stack";
import { readableState } from "./state";

/** What the engine knows about a resource before or after a step. */
interface Side {
  inputs?: Properties;
  outputs?: Properties;
}

interface Step {
  urn: string;
  op: string;
  new?: Side | null;
}

interface EngineEvent {
  resOutputsEvent?: { metadata: Step };
  diagnosticEvent?: { urn?: string; severity: string; message: string };
}

/**
 * Reads resources with `pulumi refresh --preview-only`. It needs the passphrase or the key of the stack, and the program's packages.
 *
 * @throws ConfigurationError if the engine reads nothing
 */
export async function observeByEngine(
  resources: readonly Recorded[],
  runOf: (resource: Recorded) => Run,
  options: StackOptions,
): Promise<Observation[]> {
  const events = await refresh(options);
  const steps = new Map(
    events.flatMap(({ resOutputsEvent: event }) => (event ? [[event.metadata.urn, event.metadata]] : [])),
  );
  return Promise.all(
    resources.map(async (resource): Promise<Observation> => {
      const step = steps.get(resource.urn);
      if (!step) return { resource, failure: errorIn(events, resource.urn) ?? "The engine did not read it." };
      try {
        return await observationOf(resource, step, runOf(resource));
      } catch (error) {
        return { resource, failure: messageOf(error) };
      }
    }),
  );
}

function observationOf(resource: Recorded, { op, new: now }: Step, run: Run): Promise<Observation> {
  const definition = definitionOf(resource.type);
  return run.reading(definition, resource.inputs, async (context) => {
    const before = await readableState(resource, resource.outputs, context);
    if (op === "delete" || !now?.outputs) return { resource, before };
    const outputs = withMemoryOf(before, opened(now.outputs) as Properties);
    const state = await readableState(resource, outputs, context);
    // Secrets are masked, but the engine knows whether they differ.
    const inputs = op === "same" ? resource.inputs : (opened(now.inputs ?? {}) as Properties);
    return { resource, before, found: { inputs: withoutKeys(inputs, notArguments), state } };
  });
}

/** A refresh does not change what a resource remembers about its last update, which may be masked. What it has seen does change. */
function withMemoryOf(before: Properties, outputs: Properties): Properties {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [
      name,
      isSealed(value) && name !== "seen" ? before[name] : value,
    ]),
  );
}

/** The events of a refresh. It may fail although it has read some resources. */
async function refresh({ stack, cwd }: StackOptions): Promise<EngineEvent[]> {
  const folder = await mkdtemp(join(tmpdir(), "drift-"));
  try {
    const file = join(folder, "events.jsonl");
    const args = ["--event-log", file, ...(stack === undefined ? [] : ["--stack", stack])];
    const output = await runRefresh(args, cwd);
    const events = await eventsIn(file);
    if (events.some(({ resOutputsEvent }) => resOutputsEvent)) return events;
    throw new ConfigurationError(`\`pulumi refresh --preview-only\` failed: ${errorIn(events) ?? output}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function errorIn(events: readonly EngineEvent[], urn?: string): string | undefined {
  const errors = events.flatMap(({ diagnosticEvent: event }) =>
    event?.severity === "error" && (urn === undefined || event.urn === urn) ? [event.message] : [],
  );
  return errors[0]?.replace(/<\{%.*?%\}>/g, "").trim();
}

async function eventsIn(file: string): Promise<EngineEvent[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as EngineEvent);
}

/** Returns the last line that the command printed. */
function runRefresh(options: readonly string[], cwd: string | undefined): Promise<string> {
  const args = ["refresh", "--preview-only", "--non-interactive", "--color", "never", ...options];
  // The option `--event-log` needs this variable.
  const env = { ...process.env, PULUMI_DEBUG_COMMANDS: "true", PULUMI_SKIP_UPDATE_CHECK: "true" };
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.once("error", reject);
    child.once("close", () => resolve(output.trim().split("\n").at(-1) ?? ""));
  });
}
