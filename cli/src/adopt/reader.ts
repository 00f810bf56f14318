// Reads the Hub, and never changes it.
import { type AuthoredRepo, type HubClient, type RepoInfo, type RepoType } from "pulumi-huggingface/client";
import {
  clientOf,
  definitionOf,
  engineHandler,
  type EngineHandler,
  NAMESPACE,
  Run,
} from "pulumi-huggingface/core";

/** How many requests are under way at the same time. */
const AT_THE_SAME_TIME = 8;

const READS = /^(?:get|list)[A-Z]|^whoami$|^(?:endpoint|constructor)$/;

/** Everything that an adoption asks the Hub. All reads share the Hub's answers. */
export class Reader {
  readonly run: Run;
  readonly #handlers = new Map<string, EngineHandler>();
  readonly #repositories = new Map<string, RepoInfo>();

  /** @param say - receives the messages of the resources, such as a wait for the Hub's rate limit */
  constructor(
    connection: { endpoint: string; tokenEnv?: string | undefined },
    say: (severity: "info" | "warning", message: string) => void,
  ) {
    this.run = new Run(say, (...given) => readOnly(clientOf(...given), this.#repositories));
    const settings = new Map<string, string | undefined>([
      [`${NAMESPACE}:endpoint`, connection.endpoint],
      [`${NAMESPACE}:tokenEnv`, connection.tokenEnv],
    ]);
    this.run.configure((key) => settings.get(key));
  }

  /** Calls a function with the client that all reads share. */
  ask<T>(question: (client: HubClient) => Promise<T>): Promise<T> {
    return this.run.reading(ADOPTION, {}, ({ client }) => question(client));
  }

  /** Remembers the repositories of a complete listing, so that no one of them is requested alone. */
  know(repoType: RepoType, listed: readonly AuthoredRepo[]): void {
    for (const each of listed) this.#repositories.set(keyOf(each.id, repoType), each);
  }

  /** The handler of a resource type, as the engine calls it. */
  handler(type: string): EngineHandler {
    const known = this.#handlers.get(type);
    const handler = known ?? engineHandler(definitionOf(type), this.run, () => Promise.resolve());
    this.#handlers.set(type, handler);
    return handler;
  }
}

const ADOPTION = { type: "adopt", label: () => "" };

function keyOf(repo: string, repoType: RepoType = "model"): string {
  return `${repoType} ${repo.toLowerCase()}`;
}

/**
 * A client that refuses every operation that could change the Hub.
 *
 * @param repositories - known repositories, which it does not request
 */
export function readOnly(
  client: HubClient,
  repositories: ReadonlyMap<string, RepoInfo> = new Map(),
): HubClient {
  let whoami: ReturnType<HubClient["whoami"]> | undefined;
  const getRepo = async (repo: string, repoType?: RepoType): Promise<RepoInfo> =>
    repositories.get(keyOf(repo, repoType)) ?? client.getRepo(repo, repoType);
  return new Proxy(client, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      if (name === "whoami") return () => (whoami ??= target.whoami());
      if (name === "getRepo") return getRepo;
      if (READS.test(String(name))) return member.bind(target) as unknown;
      return () =>
        Promise.reject(new Error(`adopt only reads the Hub, and ${String(name)} could change it.`));
    },
  });
}

/** Whether the Hub did not answer. A refusal is an answer. */
export function isOutage(error: unknown): boolean {
  return (error as { retryable?: unknown }).retryable === true;
}

/** Calls a function for each item, a few at the same time, and returns the results in the order of the items. */
export async function forEach<T, R>(items: readonly T[], step: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array<R>(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++)
      results[index] = await step(items[index] as T);
  };
  await Promise.all(Array.from({ length: AT_THE_SAME_TIME }, worker));
  return results;
}
