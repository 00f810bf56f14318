import { type AuditLogEntry, type HubClient, type RepoType, VISIBILITIES } from "../client";

/** Who changed something on the Hub, and when. */
export interface Author {
  /** The user name. */
  user: string;
  /** ISO 8601, UTC. */
  at: string;
}

/** Someone's change of a visibility, and to what, if the event tells that. */
type VisibilityChange = Author & { made?: string };

/** The last events about an organization's repositories and single sign-on, newest first. */
interface LastChanges {
  repositories: Map<string, VisibilityChange[]>;
  sso: Author[];
}

/** How many events of one object are kept: our own change may be among them already. */
const MAX_EVENTS = 5;

/** How long a warning may wait for the audit log. Milliseconds. */
const PATIENCE = 20_000;

/** How many repositories are kept in mind; the log may speak of any number. */
const MAX_REPOSITORIES = 100_000;

// The export is the whole log, and the Hub logs each of them: one for an organization and a process, whatever comes of it.
const asked = new WeakMap<HubClient, Map<string, Promise<LastChanges | undefined>>>();

/**
 * Who last gave a repository the visibility that it was found with, from the organization's audit log; `undefined` if that
 * cannot be told. Never fails, and never waits longer than 20 s. May be asked after the visibility was changed back: what
 * narrows must not wait for a log.
 *
 * @param repo - `namespace/name`, and its type: a model and a dataset may have one name
 * @param found - the visibility that someone gave it
 */
export async function authorOfVisibility(
  client: HubClient,
  { repo, repoType }: { repo: string; repoType: RepoType },
  found: string,
): Promise<Author | undefined> {
  const changes = await lastChanges(client, repo.split("/")[0] ?? "");
  const events = [repoType, ANY_TYPE]
    .flatMap((type) => changes?.repositories.get(keyOf(type, repo)) ?? [])
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  // guard: author-of-change
  return events.find(({ made }) => made === found) ?? events.find(({ made }) => made === undefined);
}

/**
 * Who last changed an organization's single sign-on, as {@link authorOfVisibility}.
 *
 * @param until - when the Hub says that the configuration was changed; later events are not asked about
 * @param since - when it was last brought about by this library; earlier events are not asked about
 */
export async function authorOfSso(
  client: HubClient,
  organization: string,
  until: string | undefined,
  since?: string,
): Promise<Author | undefined> {
  const changes = await lastChanges(client, organization);
  // The event is written a moment after the change itself.
  const latest = until === undefined ? Infinity : Date.parse(until) + 1000;
  const earliest = since === undefined ? -Infinity : Date.parse(since);
  return changes?.sso.find(({ at }) => Date.parse(at) <= latest && Date.parse(at) > earliest);
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
  if (resourceType === "sso") {
    insert(changes.sso, { user, at: timestamp });
  } else if (action === "repo.visibility" && resource !== undefined) {
    // Some events write `datasets/namespace/name`.
    const key = keyOf(resourceType, resource.split("/").slice(-2).join("/"));
    const events = changes.repositories.get(key) ?? [];
    if (events.length === 0 && changes.repositories.size >= MAX_REPOSITORIES) return;
    changes.repositories.set(key, insert(events, { user, at: timestamp, made: visibilityIn(entry) }));
  }
}

/** Keeps the latest few, in the order of time, in which the Hub does not promise to send them. */
function insert<T extends Author>(events: T[], event: T): T[] {
  const after = events.findIndex(({ at }) => Date.parse(at) <= Date.parse(event.at));
  events.splice(after < 0 ? events.length : after, 0, event);
  if (events.length > MAX_EVENTS) events.pop();
  return events;
}

function visibilityIn({ event, message }: AuditLogEntry): string | undefined {
  const { visibility, private: isPrivate } = (event.data ?? {}) as Record<string, unknown>;
  const named = VISIBILITIES.find((each) => each === visibility);
  if (named !== undefined) return named;
  if (typeof isPrivate === "boolean") return isPrivate ? "private" : "public";
  return /\bto (private|internal|protected|public)\b/.exec(message.slice(0, 2000))?.[1];
}
