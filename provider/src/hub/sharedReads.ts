import {
  type AuthoredRepo,
  type HubClient,
  type ListReposOfOptions,
  type ListRepositoriesOptions,
  type OrgRepository,
  type RepoType,
} from "../client";

/** Milliseconds for which an answer can be reused. */
const LIFETIME = 60_000;

/** How many repositories of an organization are looked up one by one. Later reads use one listing of all repositories. */
const SINGLE_LOOKUPS = 3;

/** The statuses if the token may not list. They are reused like other answers. */
const REFUSALS: readonly unknown[] = [402, 403, 404];

/** A client that is only for reads and reuses answers. */
export interface SharedReads {
  client: HubClient;
  /** Forgets all answers. Call it after a write, because they may be outdated. */
  clear(): void;
}

/**
 * Creates a client that requests each listing once for many reads. Otherwise a refresh of a thousand resources would request the same
 * listings a thousand times. Refusals are reused like answers, failures are not. Do not use it for writes.
 */
export function sharedReads(client: HubClient, now: () => number = Date.now): SharedReads {
  const answers = new Map<string, { at: number; answer: Promise<unknown> }>();
  const lookups = new Map<string, number>();

  function once<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const kept = answers.get(key);
    if (kept && now() - kept.at < LIFETIME) return kept.answer as Promise<T>;
    const answer = ask();
    answers.set(key, { at: now(), answer });
    answer.catch((error: { status?: unknown }) => {
      if (answers.get(key)?.answer === answer && !REFUSALS.includes(error?.status)) answers.delete(key);
    });
    return answer;
  }

  /** Looks up the first few names one by one and all others in one listing. Returns only exact matches. */
  async function lookUp<T extends { id: string }>(
    namespace: string,
    { key, search, list }: { key: string; search: string; list: (search?: string) => Promise<T[]> },
  ): Promise<T[]> {
    const asked = lookups.get(key) ?? 0;
    lookups.set(key, asked + 1);
    if (asked < SINGLE_LOOKUPS && !answers.has(key)) {
      return list(search).catch((error: { status?: unknown }) => {
        // A token that may not list one repository may not list all.
        if (REFUSALS.includes(error?.status))
          void once(key, () => Promise.reject(error as Error)).catch(() => {});
        throw error;
      });
    }
    const named = await once(key, async () => byName(await list()));
    return named.get(`${namespace}/${search}`.toLowerCase()) ?? [];
  }

  async function listRepositories(
    organization: string,
    options: ListRepositoriesOptions = {},
  ): Promise<OrgRepository[]> {
    const { search, type, limit } = options;
    if (search === undefined || limit !== undefined) return client.listRepositories(organization, options);
    const found = await lookUp(organization, {
      key: `repositories ${organization}`,
      search,
      list: (one) =>
        one === undefined
          ? client.listRepositories(organization)
          : client.listRepositories(organization, options),
    });
    return found.filter((each) => type === undefined || each.type === type);
  }

  async function listReposOf(author: string, options: ListReposOfOptions = {}): Promise<AuthoredRepo[]> {
    const { search, type } = options;
    if (search === undefined) return client.listReposOf(author, options);
    const list = (one?: string): Promise<AuthoredRepo[]> => client.listReposOf(author, { type, search: one });
    return lookUp(author, { key: `${type ?? "model"}s of ${author}`, search, list });
  }

  async function listBuckets(
    namespace: string,
    { search }: { search?: string } = {},
  ): Promise<AuthoredRepo[]> {
    if (search === undefined) return client.listBuckets(namespace);
    const list = (one?: string): Promise<AuthoredRepo[]> => client.listBuckets(namespace, { search: one });
    return lookUp(namespace, { key: `buckets of ${namespace}`, search, list });
  }

  const shared: Partial<HubClient> = {
    listRepositories,
    listReposOf,
    listBuckets,
    listServiceAccounts: (organization: string) =>
      once(`accounts ${organization}`, () => client.listServiceAccounts(organization)),
    getServiceAccount: (organization: string, id: string) =>
      once(`account ${organization} ${id}`, () => client.getServiceAccount(organization, id)),
    getRepo: (repo: string, type: RepoType = "model") =>
      once(`${type} ${repo}`, () => client.getRepo(repo, type)),
    listSpaceSecrets: (space: string) => once(`secrets of ${space}`, () => client.listSpaceSecrets(space)),
    listSpaceVariables: (space: string) =>
      once(`variables of ${space}`, () => client.listSpaceVariables(space)),
    listTokens: () => once("tokens", () => client.listTokens()),
  };

  return {
    client: new Proxy(client, {
      get(target, name) {
        if (Object.hasOwn(shared, name)) return shared[name as keyof HubClient];
        const member: unknown = Reflect.get(target, name, target);
        // Bound to the target, because the client has private fields.
        return typeof member === "function" ? (member.bind(target) as unknown) : member;
      },
    }),
    clear() {
      answers.clear();
      lookups.clear();
    },
  };
}

/** An index by name, so that thousands of reads do not search a list of thousands each. */
function byName<T extends { id: string }>(repositories: readonly T[]): Map<string, T[]> {
  const named = new Map<string, T[]>();
  for (const repository of repositories) {
    const name = repository.id.toLowerCase();
    const same = named.get(name);
    if (same) same.push(repository);
    else named.set(name, [repository]);
  }
  return named;
}
