#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from "commander";
import { startLocalHub, type LocalHub } from "./hub.js";
import { printable } from "./printable.js";
import { PROFILES, type Profile } from "./profile.js";
import { shellLines } from "./shell.js";

interface Flags {
  port: number;
  profile: Profile;
  state?: string;
  seed?: string;
  latency: number;
  rateLimit?: number;
}

/** Returns a parser for whole numbers within limits. */
function whole(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}

function say(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

async function main(): Promise<void> {
  const command = new Command("huggingface-local-hub")
    .description(
      "A local server with the organization API of the Hugging Face Hub. When it is ready, it prints its endpoint and tokens as one line of JSON.",
    )
    .option("--port <number>", "port on 127.0.0.1; 0 selects a free port", whole(0, 65_535), 0)
    .addOption(
      new Option("--profile <name>", "public: the API of huggingface.co; extended: additional operations too")
        .choices(PROFILES)
        .default("extended"),
    )
    .option("--state <file>", "file that stores the state; created if it does not exist")
    .option("--seed <file>", "JSON file with additional contents for a new state")
    .option("--latency <ms>", "delay of every response, in milliseconds", whole(0, 600_000), 0)
    .option(
      "--rate-limit <number>",
      "allowed requests per token in 5 minutes",
      whole(1, Number.MAX_SAFE_INTEGER),
    )
    .allowExcessArguments(false)
    .parse();
  const flags = command.opts<Flags>();
  const hub = await startLocalHub({
    port: flags.port,
    profile: flags.profile,
    stateFile: flags.state,
    seedFile: flags.seed,
    latencyMs: flags.latency,
    rateLimit: flags.rateLimit,
    log: say,
  });
  closeOnSignal(hub);
  process.stdout.write(`${JSON.stringify({ endpoint: hub.endpoint, tokens: hub.tokens })}\n`);
  say(`\nTo use this Hub as an administrator, copy these two lines into another terminal:\n`);
  for (const line of shellLines(hub)) say(line);
  say(`\nIn your browser: ${hub.endpoint}/\n`);
}

function closeOnSignal(hub: LocalHub): void {
  const close = (): void => {
    hub.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once("SIGTERM", close);
  process.once("SIGINT", close);
}

function fail(error: unknown): void {
  say(`error: ${error instanceof Error ? error.message : "unknown error"}`);
  process.exit(1);
}

main().catch(fail);
