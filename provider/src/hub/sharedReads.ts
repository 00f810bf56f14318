import {
  type AuthoredRepo,
  type HubClient,
  type ListMembersOptions,
  type ListReposOfOptions,
  type ListRepositoriesOptions,
  type Member,
  type OrgRepository,
  type RepoType,
  type ResourceGroupInfo,
} from "../client";

/** Milliseconds for which an answer can be reused. */
const LIFETIME = 60_000;

/** How many names of a listing are looked up one by one. Later reads use the whole listing. */
const SINGLE_LOOKUPS = 3;

/** The statuses if the token may not list. They are reused like other answers. */
const REFUSALS: readonly unknown[] = [402, 403, 404];

/** How to look up one name among many. */
interface LookUp<T> {
  /** The name of the whole listing. */
  key: string;
  /** What the Hub searches for. */
  search: string;
  /** Lists what the Hub finds, or everything. */
  list: (search?: string) => Promise<T[]>;
  /** The name of an item, which {@link LookUp.exact} is compared with in any case. */
  nameOf: (item: T) => string;
  exact: string;
}

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
  const indexes = new WeakMap<object, Map<string, unknown[]>>();

  function kept<T>(key: string): Promise<T> | undefined {
    const found = answers.get(key);
    return found && now() - found.at < LIFETIME ? (found.answer as Promise<T>) : undefined;
  }

  function once<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const earlier = kept<T>(key);
    if (earlier) return earlier;
    const answer = ask();
    answers.set(key, { at: now(), answer });
    answer.catch((error: { status?: unknown }) => {
      if (answers.get(key)?.answer === answer && !REFUSALS.includes(error?.status)) answers.delete(key);
    });
    return answer;
  }

  /** Looks up the first few names one by one and all others in one listing, which returns only exact matches. */
  async function lookUp<T>({ key, search, list, nameOf, exact }: LookUp<T>): Promise<T[]> {
    const asked = lookups.get(key) ?? 0;
    lookups.set(key, asked + 1);
    if (asked < SINGLE_LOOKUPS && !answers.has(key)) {
      return list(search).catch((error: { status?: unknown }) => {
        // A token that may not list one of them may not list all.
        if (REFUSALS.includes(error?.status))
          void once(key, () => Promise.reject(error as Error)).catch(() => {});
        throw error;
      });
    }
    const named = indexOf(await once(key, () => list()), nameOf);
    return named.get(exact.toLowerCase()) ?? [];
  }

  /** The index of a list that many reads share. */
  function indexOf<T>(items: T[], nameOf: (item: T) => string): Map<string, T[]> {
    const known = indexes.get(items) as Map<string, T[]> | undefined;
    const index = known ?? byName(items, nameOf);
    indexes.set(items, index);
    return index;
  }

  function lookUpRepo<T extends { id: string }>(
    namespace: string,
    { search, ...others }: Pick<LookUp<T>, "key" | "search" | "list">,
  ): Promise<T[]> {
    return lookUp({ ...others, search, nameOf: ({ id }) => id, exact: `${namespace}/${search}` });
  }

  async function listRepositories(
    organization: string,
    options: ListRepositoriesOptions = {},
  ): Promise<OrgRepository[]> {
    const { search, type, limit } = options;
    const key = `repositories ${organization.toLowerCase()}`;
    if (Object.keys(options).length === 0) return once(key, () => client.listRepositories(organization));
    if (search === undefined || limit !== undefined) return client.listRepositories(organization, options);
    const found = await lookUpRepo(organization, {
      key,
      search,
      list: (one) =>
        one === undefined
          ? client.listRepositories(organization)
          : client.listRepositories(organization, options),
    });
    return found.filter((each) => type === undefined || each.type === type);
  }

  async function listReposOf(author: string, options: ListReposOfOptions = {}): Promise<AuthoredRepo[]> {
    const { search, type, gates } = options;
    const key = `${type ?? "model"}s of ${author}`;
    if (search === undefined && gates) {
      const listed = once(`${key} with gates`, () => client.listReposOf(author, options));
      // It has everything that the list without gates has.
      await once(key, () => listed);
      return listed;
    }
    if (search === undefined) return once(key, () => client.listReposOf(author, options));
    if (gates) return client.listReposOf(author, options);
    const list = (one?: string): Promise<AuthoredRepo[]> => client.listReposOf(author, { type, search: one });
    return lookUpRepo(author, { key, search, list });
  }

  async function listBuckets(
    namespace: string,
    { search }: { search?: string } = {},
  ): Promise<AuthoredRepo[]> {
    const key = `buckets of ${namespace}`;
    if (search === undefined) return once(key, () => client.listBuckets(namespace));
    const list = (one?: string): Promise<AuthoredRepo[]> => client.listBuckets(namespace, { search: one });
    return lookUpRepo(namespace, { key, search, list });
  }

  async function listMembers(organization: string, options: ListMembersOptions = {}): Promise<Member[]> {
    const { search, email } = options;
    const key = `members ${organization}`;
    const all = (): Promise<Member[]> => client.listMembers(organization, {});
    if (search === undefined && email === undefined) return once(key, all);
    if (search === undefined || email !== undefined) return client.listMembers(organization, options);
    return lookUp({
      key,
      search,
      list: (one) => (one === undefined ? all() : client.listMembers(organization, { search: one })),
      nameOf: ({ user }) => user,
      exact: search,
    });
  }

  async function getResourceGroup(organization: string, id: string): Promise<ResourceGroupInfo> {
    const listed = await kept<ResourceGroupInfo[]>(groupsOf(organization))?.catch(() => undefined);
    return (
      listed?.find((group) => group.id === id.toLowerCase()) ??
      once(`group ${organization} ${id}`, () => client.getResourceGroup(organization, id))
    );
  }

  const shared: Partial<HubClient> = {
    listRepositories,
    listReposOf,
    listBuckets,
    listServiceAccounts: (organization: string) =>
      once(`accounts ${organization}`, () => client.listServiceAccounts(organization)),
    getServiceAccount: (organization: string, id: string) =>
      once(`account ${organization} ${id}`, () => client.getServiceAccount(organization, id)),
    getRepo: (repo: string, repoType: RepoType = "model") =>
      once(`${repoType} ${repo}`, () => client.getRepo(repo, repoType)),
    listMembers,
    listResourceGroups: (organization: string) =>
      once(groupsOf(organization), () => client.listResourceGroups(organization)),
    getResourceGroup,
    listSpaceSecrets: (space: string) => once(`secrets ${space}`, () => client.listSpaceSecrets(space)),
    listSpaceVariables: (space: string) => once(`variables ${space}`, () => client.listSpaceVariables(space)),
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

function groupsOf(organization: string): string {
  return `groups ${organization}`;
}

/** An index by name, so that thousands of reads do not search a list of thousands each. */
function byName<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T[]> {
  const named = new Map<string, T[]>();
  for (const item of items) {
    const name = nameOf(item).toLowerCase();
    const same = named.get(name);
    if (same) same.push(item);
    else named.set(name, [item]);
  }
  return named;
}
