import * as pulumi from "@pulumi/pulumi";
import { type HubClient } from "../client";
import { ConfigurationError } from "../client/environment";
import { NAMESPACE, parseSettings, type ProviderSettings, resolveCredentials } from "../model/settings";
import { answerOfMocks, underMocks } from "../program/mocks";
import { checkStackSettings } from "../program/stackSettings";
import { inProgram, programError } from "../program/programError";
import { type Provider } from "../program/provider";

/** Whose credentials a function uses. Default: the stack's configuration, then the environment. */
export interface CallOptions {
  /** A client of your own. */
  client?: HubClient;
}

/** The same for the Output form, which can also take the credentials of a {@link Provider}. */
export interface OutputCallOptions extends CallOptions {
  /** The provider whose credentials are used. */
  provider?: Provider;
}

/** What the Output form hands to the promise form: the provider, and its settings as soon as they are known. */
interface InnerOptions extends CallOptions {
  via?: { provider: Provider; settings: Record<string, string> };
}

// Asking anew who one is costs: the Hub's limit on that is strict. One client serves all calls with the same settings.
const clients = new Map<string, HubClient>();

/** A function in its promise form: what the client answers, or, in a unit test with mocks, what they answer. */
export async function ask<R>(
  name: string,
  args: object,
  options: CallOptions | undefined,
  call: (client: HubClient) => Promise<R>,
): Promise<R> {
  try {
    const client = clientFor(options);
    return await (client ? call(client) : mocked<R>(name, args, options));
  } catch (error) {
    throw programError(error, name);
  }
}

/** The same for a function that streams. */
export function stream<T>(
  name: string,
  args: object,
  options: CallOptions | undefined,
  call: (client: HubClient) => AsyncIterable<T>,
): AsyncIterable<T> {
  const source = inProgram(() => {
    const client = clientFor(options);
    return client && call(client);
  }, name);
  return {
    async *[Symbol.asyncIterator]() {
      try {
        yield* source ?? (await mockedList<T>(name, args, options));
      } catch (error) {
        throw programError(error);
      }
    },
  };
}

const mocked = <R>(name: string, args: object, options: InnerOptions = {}): Promise<R> =>
  answerOfMocks(name, withPlainDates({ ...args }), options.via?.provider) as Promise<R>;

async function mockedList<T>(name: string, args: object, options?: CallOptions): Promise<T[]> {
  const list: unknown = await mocked(name, args, options);
  if (Array.isArray(list)) return list as T[];
  throw new ConfigurationError(`${name}: the \`result\` that the mocks return has to be a list.`);
}

/**
 * The client that a call is to use; `undefined` if the mocks of a unit test answer in its place.
 *
 * @throws ConfigurationError when a provider is given, whose credentials are not known yet when a promise begins, or the stack's
 *   configuration holds a secret in clear
 */
function clientFor(options: InnerOptions = {}): HubClient | undefined {
  if (options.client) return options.client;
  if ((options as OutputCallOptions).provider) {
    throw new ConfigurationError(
      "Only the Output form of a function takes { provider }, for example whoamiOutput({ provider }). Use that, or give { client }.",
    );
  }
  if (underMocks()) return undefined;
  const { via } = options;
  if (via) return makeClient(parseSettings((key) => via.settings[key]));
  checkStackSettings();
  // From the runtime, because `Config.get` warns about a secret that is not wrapped, and a client needs it in clear.
  return makeClient(parseSettings((key) => pulumi.runtime.getConfig(`${NAMESPACE}:${key}`)));
}

/** The Output form of a call: waits for its arguments, and uses the provider's credentials where one is named. */
export function outputOf<A, R>(
  args: pulumi.Input<A>,
  options: OutputCallOptions,
  call: (args: pulumi.Unwrap<A>, options: CallOptions) => Promise<R>,
): pulumi.Output<R> {
  const { provider, client } = options;
  if (!provider || client) return handled(pulumi.output(args).apply((values) => call(values, { client })));
  // The token is a secret, but what the function answers is not.
  return handled(
    pulumi
      .all([pulumi.unsecret(provider.settings), args])
      .apply(([settings, values]) => call(values, { via: { provider, settings } } as InnerOptions)),
  );
}

/** The SDK takes up an Output's promises one after another; until it has, Node.js would print a warning for each that has failed. */
function handled<R>(output: pulumi.Output<R>): pulumi.Output<R> {
  const { isKnown, isSecret, allResources } = output as unknown as {
    isKnown: Promise<boolean>;
    isSecret: Promise<boolean>;
    allResources?: () => Promise<unknown>;
  };
  for (const promise of [isKnown, isSecret, allResources?.()]) promise?.catch(() => undefined);
  return output;
}

/** What an Output can carry of a query: a date as its text. One in an Output or a promise is reached before the SDK takes it apart. */
export function plainQuery<T extends object>(query: pulumi.Input<T>): pulumi.Input<T> {
  if (pulumi.Output.isInstance(query)) return query.apply((values) => withPlainDates(values));
  return query instanceof Promise ? query.then(withPlainDates) : withPlainDates(query);
}

function withPlainDates<T extends object>(query: T): T {
  // A date that is none has no form in ISO 8601; whoever reads the query refuses it by name.
  const text = (date: Date): string => (Number.isNaN(date.getTime()) ? String(date) : date.toISOString());
  return Object.fromEntries(
    Object.entries(query).map(([key, value]) => [key, value instanceof Date ? text(value) : value]),
  ) as T;
}

function makeClient(settings: ProviderSettings): HubClient {
  const { endpoint, token, tokenSource } = resolveCredentials(settings);
  const { timeoutSeconds, maxRetries, maxWaitSeconds } = settings;
  const key = JSON.stringify([endpoint, token, timeoutSeconds, maxRetries, maxWaitSeconds]);
  let client = clients.get(key);
  if (!client) {
    // Loaded here so that a program that only declares resources does not pay for the client.
    const { HubClient: Client } = require("../client") as typeof import("../client");
    client = new Client({
      endpoint,
      token: token ?? "",
      tokenSource,
      timeoutSeconds,
      maxRetries,
      maxWaitSeconds,
      onNotice: ({ severity, message }) => {
        void (severity === "warning" ? pulumi.log.warn(message) : pulumi.log.info(message));
      },
    });
    clients.set(key, client);
  }
  return client;
}
