import { type AuditLogEntry, type HubClient, type RepoType, VISIBILITIES } from "../client";

/** Who changed something on the Hub, and when. */
export interface Author {
  /** The user name. */
  user: string;
  /** ISO 8601, UTC. */
  at: string;
}

/** The last changes of one repository's visibility. */
interface VisibilityChanges {
  /** The last one to each visibility: our own changes make it another one than someone else's, and push none out. */
  told: Map<string, Author>;
  /** Those that do not tell to which, newest first. */
  untold: Author[];
}

/** The last events about an organization's repositories and single sign-on. */
interface LastChanges {
  repositories: Map<string, VisibilityChanges>;
  /** Newest first. */
  sso: Author[];
}

/** When something was changed, as far as a resource knows. ISO 8601. */
export interface Between {
  /** When this program last applied it. Without it nobody is named: an older event says nothing of a change since. */
  since: string | undefined;
  /** When it was seen, or when the Hub says that it was changed. Default: now. */
  until?: string;
}

/** Any event counts, because this program has applied nothing before. */
export const BEFORE_ALL = "1970-01-01T00:00:00.000Z";

/** How many events of one kind are kept. Of a repository those that tell no visibility, as its own last change may be among them. */
const MAX_UNTOLD = 5;
const MAX_SSO = 1000;

/**
 * Milliseconds by which a moment of our own may be off: the Hub tells it in whole seconds. Our own event of that moment must not count
 * as later.
 */
const ACCURACY = 2000;

/** How long a warning may wait for the audit log. Milliseconds. */
const PATIENCE = 20_000;

/** How many repositories are kept in mind; the log may speak of any number. */
const MAX_REPOSITORIES = 100_000;

// The export is the whole log, and the Hub logs each of them: one for an organization and a process, whatever comes of it.
const asked = new WeakMap<HubClient, Map<string, Promise<LastChanges | undefined>>>();

/**
 * Who last gave a repository the visibility that it was found with since this program last set it, from the organization's audit log;
 * `undefined` if that cannot be told. Never fails, and never waits longer than 20 s. May be asked after the visibility was changed back: what
 * narrows must not wait for a log.
 *
 * @param repo - `namespace/name`, and its type: a model and a dataset may have one name
 * @param found - the visibility that someone gave it
 */
export async function authorOfVisibility(
  client: HubClient,
  { repo, repoType }: { repo: string; repoType: RepoType },
  found: string,
  between: Between,
): Promise<Author | undefined> {
  if (between.since === undefined) return undefined;
  const changes = await lastChanges(client, repo.split("/")[0] ?? "");
  const ofRepo = [repoType, ANY_TYPE].flatMap((type) => changes?.repositories.get(keyOf(type, repo)) ?? []);
  // This program has made it another one, so the event cannot be its own.
  // guard: author-of-change
  const told = ofRepo.flatMap((each) => each.told.get(found) ?? []);
  const untold = ofRepo.flatMap((each) => each.untold);
  return latest(told, between, -ACCURACY) ?? latest(untold, between, ACCURACY);
}

/** Who last changed an organization's single sign-on, as {@link authorOfVisibility}. */
export async function authorOfSso(
  client: HubClient,
  organization: string,
  between: Between,
): Promise<Author | undefined> {
  if (between.since === undefined) return undefined;
  const changes = await lastChanges(client, organization);
  return latest(changes?.sso ?? [], between, ACCURACY);
}

/** The last event of a time, which begins so many milliseconds after `since`. */
function latest(events: readonly Author[], { since, until }: Between, later: number): Author | undefined {
  const first = Date.parse(since ?? "") + later;
  // The event is written a moment after the change itself.
  const last = until === undefined ? Infinity : Date.parse(until) + 1000;
  return events
    .filter(({ at }) => Date.parse(at) >= first && Date.parse(at) <= last)
    .reduce<Author | undefined>((one, other) => (one && isLater(one, other) ? one : other), undefined);
}

function isLater(one: Author, other: Author): boolean {
  return Date.parse(one.at) > Date.parse(other.at);
}

/** The author in words, to stand behind "someone changed it"; empty if there is none. */
export function describeAuthor(author: Author | undefined): string {
  return author === undefined ? "" : ` (by ${author.user} at ${author.at}, says the audit log)`;
}

function lastChanges(client: HubClient, organization: string): Promise<LastChanges | undefined> {
  const key = organization.toLowerCase();
  const kept = asked.get(client) ?? new Map<string, Promise<LastChanges | undefined>>();
  asked.set(client, kept);
  let answer = kept.get(key);
  if (!answer) {
    answer = readLog(client, organization);
    kept.set(key, answer);
  }
  return answer;
}

/** What stands for the type of a repository where the event does not say it. */
const ANY_TYPE = "repo";

function keyOf(type: string, repo: string): string {
  return `${type} ${repo.toLowerCase()}`;
}

/** Reads the log once and holds no more of it than the last few events of each object. */
async function readLog(client: HubClient, organization: string): Promise<LastChanges | undefined> {
  let entries: AsyncIterator<AuditLogEntry> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE);
  });
  const read = async (): Promise<LastChanges> => {
    const changes: LastChanges = { repositories: new Map(), sso: [] };
    entries = client.streamAuditLogs(organization)[Symbol.asyncIterator]();
    for (let next = await entries.next(); !next.done; next = await entries.next()) note(changes, next.value);
    return changes;
  };
  try {
    const reading = read();
    // After the time limit nobody waits for it, so its failure must not go unhandled.
    reading.catch(() => undefined);
    return await Promise.race([reading, tooLate]);
  } catch {
    // Without the plan, the right, or the Hub's answer, the warning names nobody.
    // guard: log-optional
    return undefined;
  } finally {
    clearTimeout(timer);
    // Ends the download if it is still going on.
    void entries?.return?.().catch(() => undefined);
  }
}

function note(changes: LastChanges, entry: AuditLogEntry): void {
  const { user, timestamp, action, resource, resourceType } = entry;
  if (user === null) return;
  const author = { user, at: timestamp };
  if (resourceType === "sso") {
    insert(changes.sso, author, MAX_SSO);
  } else if (action === "repo.visibility" && resource !== undefined) {
    // Some events write `datasets/namespace/name`.
    const key = keyOf(resourceType, resource.split("/").slice(-2).join("/"));
    const known = changes.repositories.get(key);
    if (!known && changes.repositories.size >= MAX_REPOSITORIES) return;
    const { told, untold } = known ?? { told: new Map<string, Author>(), untold: [] };
    changes.repositories.set(key, { told, untold });
    const made = visibilityIn(entry);
    const before = made === undefined ? undefined : told.get(made);
    if (made === undefined) insert(untold, author, MAX_UNTOLD);
    else if (!before || isLater(author, before)) told.set(made, author);
  }
}

/** Keeps the latest few, in the order of time, in which the Hub does not promise to send them. */
function insert(events: Author[], event: Author, most: number): void {
  const after = events.findIndex((other) => !isLater(other, event));
  events.splice(after < 0 ? events.length : after, 0, event);
  if (events.length > most) events.pop();
}

function visibilityIn({ event, message }: AuditLogEntry): string | undefined {
  const { visibility, private: isPrivate } = (event.data ?? {}) as Record<string, unknown>;
  const named = VISIBILITIES.find((each) => each === visibility);
  if (named !== undefined) return named;
  if (typeof isPrivate === "boolean") return isPrivate ? "private" : "public";
  return /\bto (private|internal|protected|public)\b/.exec(message.slice(0, 2000))?.[1];
}
