import { type AuditLogEntry, type HubClient, REPO_TYPES, type RepoType } from "../client";
import { usersIn, visibilityIn } from "./auditEvents";

/** Who changed something on the Hub, and when. */
export interface Author {
  /** The user name. */
  user: string;
  /** ISO 8601, UTC. */
  at: string;
}

/** The last changes of one repository's visibility. */
interface VisibilityChanges {
  /** The last change to each visibility. By visibility, so that our own changes do not displace someone else's. */
  told: Map<string, Author>;
  /** Changes without the new visibility, newest first. */
  untold: Author[];
}

/** The last events about an organization's repositories and single sign-on. */
interface LastChanges {
  repositories: Map<string, VisibilityChanges>;
  /** Newest first. */
  sso: Author[];
  /** By {@link changeKey}. Newest first. */
  others: Map<string, Author[]>;
}

/** The period in which something was changed. ISO 8601. */
export interface Between {
  /** When this program last applied it. Without this time no author is named, because older events are not about the change. */
  since: string | undefined;
  /** When the change was seen, or when the Hub says that it happened. Default: now. */
  until?: string;
}

/** For `since` if this program has applied nothing yet, so that any event counts. */
export const BEFORE_ALL = "1970-01-01T00:00:00.000Z";

/** How many events are kept. Several, because the last one may be our own change. */
const MAX_UNTOLD = 5;
const MAX_SSO = 1000;

/** Milliseconds by which our own time of a change may be wrong, because the Hub's times have whole seconds. */
const ACCURACY = 2000;

/** How long a warning may wait for the audit log. Milliseconds. */
const PATIENCE = 20_000;

/** How many objects of a kind are kept. The log may have any number. */
const MAX_OBJECTS = 100_000;

// Each export has the whole log, and the Hub logs each export. So there is one for each organization and process, even if it fails.
const asked = new WeakMap<HubClient, Map<string, Promise<LastChanges | undefined>>>();

/**
 * Returns who last changed a repository to the visibility `found` in a period, from the organization's audit log; `undefined` if the log
 * does not say. It never fails and waits for at most 20 s. Call it after the visibility is reverted, so that reverting does not wait.
 *
 * @param repo - `namespace/name` with the type, because a model and a dataset may have the same name
 * @param found - the visibility that someone set
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
  // This program set another visibility, so an event with `found` is not its own.
  // guard: author-of-change
  const told = ofRepo.flatMap((each) => each.told.get(found) ?? []);
  const untold = ofRepo.flatMap((each) => each.untold);
  return latest(told, between, -ACCURACY) ?? latest(untold, between, ACCURACY);
}

/** Returns who last changed an organization's single sign-on in a period; see {@link authorOfVisibility}. */
export async function authorOfSso(
  client: HubClient,
  organization: string,
  between: Between,
): Promise<Author | undefined> {
  if (between.since === undefined) return undefined;
  const changes = await lastChanges(client, organization);
  return latest(changes?.sso ?? [], between, ACCURACY);
}

/**
 * What a change is about: the role of a member, a resource group, a member of a resource group, the resource group of a repository, or a
 * setting of a Space.
 */
export const changeKey = {
  role: (user: string) => `role ${user}`.toLowerCase(),
  group: (groupId: string) => `group ${groupId}`.toLowerCase(),
  groupMember: (groupId: string, user: string) => `member ${groupId} ${user}`.toLowerCase(),
  groupOf: (repo: string, repoType: RepoType) => `group of ${repoType} ${repo}`.toLowerCase(),
  spaceSetting: (space: string, key: string) => `setting ${space.toLowerCase()} ${key}`,
};

/** Returns who last made a change in a period; see {@link authorOfVisibility}. */
export async function authorOfChange(
  client: HubClient,
  organization: string,
  key: string,
  between: Between,
): Promise<Author | undefined> {
  if (between.since === undefined) return undefined;
  const changes = await lastChanges(client, organization);
  return latest(changes?.others.get(key) ?? [], between, ACCURACY);
}

/** The last event in a period that begins `later` milliseconds after `since`. */
function latest(events: readonly Author[], { since, until }: Between, later: number): Author | undefined {
  const first = Date.parse(since ?? "") + later;
  // The Hub writes the event shortly after the change.
  const last = until === undefined ? Infinity : Date.parse(until) + 1000;
  return events
    .filter(({ at }) => Date.parse(at) >= first && Date.parse(at) <= last)
    .reduce<Author | undefined>((one, other) => (one && isLater(one, other) ? one : other), undefined);
}

function isLater(one: Author, other: Author): boolean {
  return Date.parse(one.at) > Date.parse(other.at);
}

/** The author in words, to follow "someone changed it"; empty if there is none. */
export function describeAuthor(author: Author | undefined): string {
  return author === undefined ? "" : ` (by ${author.user} at ${author.at}, according to the audit log)`;
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

/** The type of a repository if the event does not say it. */
const ANY_TYPE = "repo";

function keyOf(type: string, repo: string): string {
  return `${type} ${repo.toLowerCase()}`;
}

/** Reads the log once and keeps only the last few events of each object. */
async function readLog(client: HubClient, organization: string): Promise<LastChanges | undefined> {
  let entries: AsyncIterator<AuditLogEntry> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE);
  });
  const read = async (): Promise<LastChanges> => {
    const changes: LastChanges = { repositories: new Map(), sso: [], others: new Map() };
    entries = client.streamAuditLogs(organization)[Symbol.asyncIterator]();
    for (let next = await entries.next(); !next.done; next = await entries.next()) note(changes, next.value);
    return changes;
  };
  try {
    const reading = read();
    // After the time limit no one awaits it, so a later failure needs a handler.
    reading.catch(() => undefined);
    return await Promise.race([reading, tooLate]);
  } catch {
    // Without the plan, the permission or an answer, the warning names no author.
    // guard: log-optional
    return undefined;
  } finally {
    clearTimeout(timer);
    // Stops the download if it is not finished.
    void entries?.return?.().catch(() => undefined);
  }
}

function note(changes: LastChanges, entry: AuditLogEntry): void {
  const { user, timestamp, action, resource, resourceType } = entry;
  if (user === null) return;
  const author = { user, at: timestamp };
  for (const key of keysOfChange(entry)) {
    const events = changes.others.get(key) ?? [];
    insert(events, author, MAX_UNTOLD);
    if (changes.others.size < MAX_OBJECTS) changes.others.set(key, events);
  }
  if (resourceType === "sso") {
    insert(changes.sso, author, MAX_SSO);
  } else if (action === "repo.visibility" && resource !== undefined) {
    // Some events write `datasets/namespace/name`.
    const key = keyOf(resourceType, resource.split("/").slice(-2).join("/"));
    const known = changes.repositories.get(key);
    if (!known && changes.repositories.size >= MAX_OBJECTS) return;
    const { told, untold } = known ?? { told: new Map<string, Author>(), untold: [] };
    changes.repositories.set(key, { told, untold });
    const made = visibilityIn(entry);
    const before = made === undefined ? undefined : told.get(made);
    if (made === undefined) insert(untold, author, MAX_UNTOLD);
    else if (!before || isLater(author, before)) told.set(made, author);
  }
}

/** What the event changed, as in {@link changeKey}. */
function keysOfChange({ event, resource, resourceType }: AuditLogEntry): string[] {
  const data = (event.data ?? {}) as Record<string, unknown>;
  const { key } = data;
  if (event.type === "org.change_role") return usersIn(data).map(changeKey.role);
  if (event.type.startsWith("resource_group.")) {
    const { _id: id } = (data["resourceGroup"] ?? {}) as Record<string, unknown>;
    if (typeof id !== "string") return [];
    return [changeKey.group(id), ...usersIn(data).map((user) => changeKey.groupMember(id, user))];
  }
  if (resource === undefined) return [];
  // Some events write `spaces/namespace/name`.
  const repo = resource.split("/").slice(-2).join("/");
  if (event.type === "repo.update_resource_group") {
    const type = REPO_TYPES.find((each) => each === resourceType);
    return (type === undefined ? REPO_TYPES : [type]).map((each) => changeKey.groupOf(repo, each));
  }
  return typeof key === "string" ? [changeKey.spaceSetting(repo, key)] : [];
}

/** Keeps the latest few events, sorted by time, because the Hub does not promise an order. */
function insert(events: Author[], event: Author, most: number): void {
  const after = events.findIndex((other) => !isLater(other, event));
  events.splice(after < 0 ? events.length : after, 0, event);
  if (events.length > most) events.pop();
}
