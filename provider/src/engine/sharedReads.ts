import { type HubClient, type ListRepositoriesOptions, type OrgRepository } from "../client";

/** Milliseconds for which an answer may serve other reads too. */
const LIFETIME = 60_000;

/** How many repositories of an organization are looked up one by one before one listing serves all others. */
const SINGLE_LOOKUPS = 3;

/** A client for reads alone, whose answers may be shared. */
export interface SharedReads {
  client: HubClient;
  /** Forgets all answers: after a write they may be wrong. */
  clear(): void;
}

/**
 * A client whose listings are asked once for many reads: a refresh of a thousand resources would otherwise ask the Hub a
 * thousand times for parts of the same few answers. Only reads may use it; whoever changes something asks for the object itself.
 * Failures are not kept.
 */
export function sharedReads(client: HubClient, now: () => number = Date.now): SharedReads {
  const answers = new Map<string, { at: number; answer: Promise<unknown> }>();
  const lookups = new Map<string, number>();

  function once<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const kept = answers.get(key);
    if (kept && now() - kept.at < LIFETIME) return kept.answer as Promise<T>;
    const answer = ask();
    answers.set(key, { at: now(), answer });
    answer.catch(() => {
      if (answers.get(key)?.answer === answer) answers.delete(key);
    });
    return answer;
  }

  async function listRepositories(
    organization: string,
    options: ListRepositoriesOptions = {},
  ): Promise<OrgRepository[]> {
    const { search, type, limit } = options;
    const asked = lookups.get(organization) ?? 0;
    lookups.set(organization, asked + 1);
    if (search === undefined || limit !== undefined || asked < SINGLE_LOOKUPS) {
      return client.listRepositories(organization, options);
    }
    const all = await once(`repositories ${organization}`, () => client.listRepositories(organization));
    const wanted = search.toLowerCase();
    return all.filter(
      (each) => each.id.toLowerCase().includes(wanted) && (type === undefined || each.type === type),
    );
  }

  const shared: Partial<HubClient> = {
    listRepositories,
    listServiceAccounts: (organization: string) =>
      once(`accounts ${organization}`, () => client.listServiceAccounts(organization)),
    getServiceAccount: (organization: string, id: string) =>
      once(`account ${organization} ${id}`, () => client.getServiceAccount(organization, id)),
    listTokens: () => once("tokens", () => client.listTokens()),
  };

  return {
    client: new Proxy(client, {
      get(target, name) {
        if (Object.hasOwn(shared, name)) return shared[name as keyof HubClient];
        const member: unknown = Reflect.get(target, name, target);
        // Bound, because the client keeps what is its own private.
        return typeof member === "function" ? (member.bind(target) as unknown) : member;
      },
    }),
    clear() {
      answers.clear();
      lookups.clear();
    },
  };
}
