import { type Command } from "commander";
import { HubClient, type HubClientInternals } from "pulumi-huggingface/client";
import { ConfigurationError, resolveEnvironment } from "pulumi-huggingface/core";
import { note, type Terminal } from "./terminal";

/** The options that choose the Hub and the token. */
export interface ConnectionOptions {
  endpoint?: string;
  tokenEnv?: string;
}

/** Adds the options that choose the Hub and the token. */
export function withConnection(command: Command): Command {
  return command
    .option("--endpoint <url>", "address of the Hub (default: HF_ENDPOINT, else https://huggingface.co)")
    .option(
      "--token-env <variable>",
      "environment variable that contains the token (default: HF_TOKEN, else the token file of the Hub's tools)",
    );
}

/** The client, and where its token comes from. */
export interface Connection {
  client: HubClient;
  /** In words; never the token. Absent if no token is set. */
  tokenSource: string | undefined;
}

/**
 * The client for a command.
 *
 * @param internals - parts of the client that a command observes
 * @throws ConfigurationError if the named variable is not set, or if the endpoint is not allowed
 */
export function connect(
  { endpoint, tokenEnv }: ConnectionOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv = process.env,
  internals: HubClientInternals = {},
): Connection {
  const environment = resolveEnvironment(env);
  const named = tokenEnv === undefined ? undefined : tokenIn(tokenEnv, env);
  const tokenSource =
    tokenEnv === undefined ? environment.tokenSource : `the environment variable ${tokenEnv}`;
  const client = new HubClient(
    {
      endpoint: endpoint ?? environment.endpoint,
      token: named ?? environment.token ?? "",
      tokenSource,
      onNotice: ({ message }) => note(terminal, message),
    },
    internals,
  );
  return { client, tokenSource };
}

function tokenIn(variable: string, env: NodeJS.ProcessEnv): string {
  const token = env[variable];
  if (token) return token;
  throw new ConfigurationError(
    `The environment variable that --token-env names is not set. Set it, or leave the option out.`,
  );
}
