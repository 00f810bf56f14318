import { makeId, type HexSource } from "./ids.js";
import { castOf, type Cast, type Deed, pick, plot, subject, titled } from "./plot.js";
import { type AuditEvent } from "./records.js";
import { repoKey } from "./repositories.js";
import { type Store } from "./store.js";

/** The period of the events in the initial contents, in milliseconds since 1970. */
export const FIRST_DAY = Date.UTC(2026, 4, 4);
const LAST_DAY = Date.UTC(2026, 10, 13);

/** An audit event without its id and origin. */
export interface Happening extends Deed {
  /** Milliseconds since 1970. */
  at: number;
}

const PLACES: AuditEvent["location"][] = [
  { formatted: "Paris, France", country: "FR", city: "Paris" },
  { formatted: "Zurich, Switzerland", country: "CH", city: "Zurich" },
  { formatted: "Lisbon, Portugal", country: "PT", city: "Lisbon" },
  undefined,
];

const AGENTS = ["Mozilla/5.0 (X11; Linux x86_64)", "unknown/None; hf_hub/1.4.0; python/3.12.4", "curl/8.9.1"];

/**
 * Adds invented events to an organization's audit log that explain its current state. For each event that changes something,
 * a later event reverts it, so replaying the log gives the state in the store.
 *
 * @param count - The number of events, including `opening`.
 * @param opening - The first events, oldest first.
 */
export function generateEvents(
  store: Store,
  hex: HexSource,
  organization: string,
  count: number,
  opening: Happening[] = [],
): void {
  const cast = castOf(store, organization);
  if (!cast.admins.length) return;
  const last = store.auditEventsOf(organization).at(-1);
  const start = last ? Date.parse(last.createdAt) : FIRST_DAY;
  const happenings = [...opening, ...creations(cast, start)].slice(0, count);
  const draw = (): number => Number.parseInt(hex(6), 16);
  const next = plot(cast, draw);
  const rest = count - happenings.length;
  for (let left = rest; left > 0; left--) {
    const at = Math.floor(LAST_DAY - ((left - 0.5) / rest) * (LAST_DAY - start));
    happenings.push({ at, ...next(at, left) });
  }
  happenings.sort((a, b) => a.at - b.at);
  for (const happening of happenings) record(store, hex, organization, happening);
  noteUpdates(store, happenings);
}

/** Returns an event for the creation of each repository, except those that are older than the log. */
function creations({ members, repositories }: Cast, start: number): Happening[] {
  return repositories.flatMap((repo) => {
    const at = Date.parse(repo.createdAt);
    const author = members.find(({ user }) => user === repo.author)?.person;
    if (at < start || at >= LAST_DAY || !author) return [];
    const data = { ...subject(repo), visibility: repo.visibility, gated: repo.gated };
    return [{ at, author, type: "repo.create" as const, message: `Created ${titled(repo)}`, data }];
  });
}

function record(store: Store, hex: HexSource, organization: string, happening: Happening): void {
  const { at, author, type, message, data } = happening;
  const createdAt = new Date(at).toISOString();
  const draw = Number.parseInt(hex(6), 16);
  const location = pick(PLACES, draw);
  store.addEvent({
    id: makeId(new Date(at), hex),
    organization,
    createdAt,
    type,
    message,
    ...(data && { data }),
    ip: `192.0.2.${(draw % 250) + 1}`,
    ...(location && { location }),
    userAgent: pick(AGENTS, draw),
    author: { id: author.id, user: author.name, avatarUrl: author.avatarUrl, type: "user" },
  });
}

/** Sets `updatedAt` of the repositories to the times in the log. */
function noteUpdates(store: Store, happenings: Happening[]): void {
  const updates = new Map<string, number>();
  for (const { at, type, data } of happenings) {
    if (type === "repo.update_settings") updates.set((data?.["repo"] as { _id: string })._id, at);
  }
  for (const [id, at] of updates) {
    const repo = store.repositoryById.one(id);
    if (repo) {
      store.tables.repositories.put(repoKey(repo), { ...repo, updatedAt: new Date(at).toISOString() });
    }
  }
}
