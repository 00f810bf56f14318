import * as pulumi from "@pulumi/pulumi";
import { type HubClient } from "../client";
import { ConfigurationError } from "../client/environment";
import { type CallOptions, clientFor, type InnerOptions, type OutputCallOptions } from "../program/clientFor";
import { answerOfMocks } from "../program/mocks";
import { inProgram, programError } from "../program/programError";
import { type ArgsOf, functions, streams } from "./definitions";

type Functions = typeof functions;
type Streams = typeof streams;
type Answer<K extends keyof Functions> = Awaited<ReturnType<Functions[K]>>;
type Pure<R> = (client: HubClient, args: object) => R;

/** Calls a function in its promise form. In a unit test with mocks, the mocks answer instead of the Hub. */
export async function ask<K extends keyof Functions>(
  name: K,
  args: ArgsOf<Functions[K]>,
  options: CallOptions | undefined,
): Promise<Answer<K>> {
  const call = functions[name] as Pure<Promise<unknown>>;
  try {
    const client = clientFor(options);
    return (await (client ? call(client, args) : mocked(name, args, options))) as Answer<K>;
  } catch (error) {
    throw programError(error, name);
  }
}

/** Calls a function that returns its results one by one. */
export function stream<K extends keyof Streams>(
  name: K,
  args: ArgsOf<Streams[K]>,
  options: CallOptions | undefined,
): ReturnType<Streams[K]> {
  const call = streams[name] as Pure<AsyncIterable<unknown>>;
  const source = inProgram(() => {
    const client = clientFor(options);
    return client && call(client, args);
  }, name);
  return {
    async *[Symbol.asyncIterator]() {
      try {
        yield* source ?? (await mockedList(name, args, options));
      } catch (error) {
        throw programError(error);
      }
    },
  } as ReturnType<Streams[K]>;
}

function mocked(name: string, args: object, options: InnerOptions = {}): Promise<unknown> {
  // Mocks get the options of `query` as arguments of their own.
  const { query, ...others } = args as { query?: object };
  return answerOfMocks(name, withPlainDates({ ...others, ...query }), options.via?.provider);
}

async function mockedList(name: string, args: object, options?: CallOptions): Promise<unknown[]> {
  const list = await mocked(name, args, options);
  if (Array.isArray(list)) return list as unknown[];
  throw new ConfigurationError(`${name}: the \`result\` that the mocks return must be a list.`);
}

/** The Output form of a call. It waits for its arguments and uses the credentials of `provider`, if given. */
export function outputOf<A, R>(
  args: pulumi.Input<A>,
  options: OutputCallOptions,
  call: (args: pulumi.Unwrap<A>, options: CallOptions) => Promise<R>,
): pulumi.Output<R> {
  const { provider, client } = options;
  if (!provider || client) return handled(pulumi.output(args).apply((values) => call(values, { client })));
  // The settings contain a secret token, but the function's result is not a secret.
  return handled(
    pulumi
      .all([pulumi.unsecret(provider.settings), args])
      .apply(([settings, values]) => call(values, { via: { provider, settings } } as InnerOptions)),
  );
}

/** The SDK awaits an Output's promises one after another. Without these handlers, Node.js warns about each one that fails earlier. */
function handled<R>(output: pulumi.Output<R>): pulumi.Output<R> {
  const { isKnown, isSecret, allResources } = output as unknown as {
    isKnown: Promise<boolean>;
    isSecret: Promise<boolean>;
    allResources?: () => Promise<unknown>;
  };
  for (const promise of [isKnown, isSecret, allResources?.()]) promise?.catch(() => undefined);
  return output;
}

/** A query that an Output can carry, with each date as text. It also converts a query that is in an Output or a promise. */
export function plainQuery<T extends object>(query: pulumi.Input<T>): pulumi.Input<T> {
  if (pulumi.Output.isInstance(query)) return query.apply((values) => withPlainDates(values));
  return query instanceof Promise ? query.then(withPlainDates) : withPlainDates(query);
}

function withPlainDates<T extends object>(query: T): T {
  // An invalid date has no ISO 8601 form. The client refuses it later, with the option's name.
  const text = (date: Date): string => (Number.isNaN(date.getTime()) ? String(date) : date.toISOString());
  return Object.fromEntries(
    Object.entries(query).map(([key, value]) => [key, value instanceof Date ? text(value) : value]),
  ) as T;
}
