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

/** A function in its promise form: what the Hub answers, or, in a unit test with mocks, what they answer. */
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

/** The same for a function that answers piece by piece. */
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
  // Mocks get the arguments of a query beside the others.
  const { query, ...others } = args as { query?: object };
  return answerOfMocks(name, withPlainDates({ ...others, ...query }), options.via?.provider);
}

async function mockedList(name: string, args: object, options?: CallOptions): Promise<unknown[]> {
  const list = await mocked(name, args, options);
  if (Array.isArray(list)) return list as unknown[];
  throw new ConfigurationError(`${name}: the \`result\` that the mocks return has to be a list.`);
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
