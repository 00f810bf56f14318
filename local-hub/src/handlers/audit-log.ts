import { badRequest } from "../errors.js";
import { type Answer, type Call } from "../route.js";
import { type AuditEvent } from "../store/records.js";
import { type Store } from "../store/store.js";
import { requireOrganization } from "./access.js";
import { nextLink } from "./paging.js";

/** The export has at most this many events, the latest ones. */
const EVENTS_EXPORTED = 100_000;

export interface ExportQuery {
  q?: string;
  cursor?: string;
}

export function exportAuditLog(call: Call<{ org: string }, ExportQuery>): Answer {
  const { store, params, query, auditPageSize } = call;
  requireOrganization(call, params.org, { role: "admin", permissions: ["org.auditLog.write"], plan: "team" });
  const matches = parseSearch(query.q ?? "");
  const [start, length] = position(query.cursor, store.auditEventsOf(params.org).length);
  const last = store.auditEventsOf(params.org).slice(0, length).slice(-EVENTS_EXPORTED);
  const events = matches ? last.filter(matches) : last;
  const order = scattered(events.length);
  const end = auditPageSize === undefined ? events.length : Math.min(events.length, start + auditPageSize);
  return {
    status: 200,
    entries: entries(store, events, order, start, end),
    headers: {
      "content-disposition": `attachment; filename="${params.org}-audit-log.json"`,
      ...(end < events.length && { link: nextLink(call, `${end}-${length}`) }),
    },
  };
}

/**
 * Returns the start of a page and the length of the log at the time of the first page. Later events are ignored, because they
 * would move events from one page to another.
 */
function position(cursor: string | undefined, length: number): [start: number, length: number] {
  if (cursor === undefined) return [0, length];
  const [, start, then] = /^(\d{1,9})-(\d{1,9})$/.exec(cursor) ?? [];
  if (start === undefined || then === undefined) throw badRequest("cursor: not a cursor of this Hub");
  return [Number(start), Number(then)];
}

function* entries(
  store: Store,
  events: readonly AuditEvent[],
  order: (position: number) => number,
  start: number,
  end: number,
): Generator<unknown> {
  for (let position = start; position < end; position++) {
    const event = events[order(position)];
    if (event) yield describe(store, event);
  }
}

/**
 * Returns a scattered order. The Hub guarantees no order, so a program that relies on one should fail here. Each position
 * occurs once, because the step and the length have no common divisor.
 */
function scattered(length: number): (position: number) => number {
  let step = Math.max(1, Math.floor(length * 0.618));
  while (step > 1 && commonDivisor(step, length) !== 1) step--;
  return (position) => (position * step + Math.floor(length / 3)) % length;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** The value of an event for each kind of search term. */
const TERMS: Record<string, (event: AuditEvent) => string | undefined> = {
  author: (event) => event.author.user,
  ip: (event) => event.ip,
  type: (event) => event.type,
};

/**
 * Parses a search such as `type:repo.create author:ada word`. Terms of the same kind are alternatives. An event must match
 * every kind and contain every word. Returns undefined for an empty search.
 */
function parseSearch(q: string): ((event: AuditEvent) => boolean) | undefined {
  const words: string[] = [];
  const wanted = new Map<string, string[]>();
  for (const part of q.toLowerCase().split(/\s+/).filter(Boolean)) {
    const [, key, value] = /^([a-z]+):(.+)$/.exec(part) ?? [];
    if (key && value && Object.hasOwn(TERMS, key)) wanted.set(key, [...(wanted.get(key) ?? []), value]);
    else words.push(part);
  }
  if (!words.length && !wanted.size) return undefined;
  return (event) =>
    [...wanted].every(([key, values]) => values.includes(TERMS[key]?.(event)?.toLowerCase() ?? "")) &&
    mentions(event, words);
}

function mentions(event: AuditEvent, words: string[]): boolean {
  const text = `${event.type} ${event.message} ${event.author.user}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function describe(store: Store, event: AuditEvent): unknown {
  const { id, createdAt, type, message, data, ip, location, userAgent, author, token } = event;
  const isGone =
    author.type === "user" && !store.users.has(author.user) && !store.serviceAccounts.has(author.id);
  return {
    _id: id,
    createdAt,
    type,
    message,
    data,
    ip,
    location,
    userAgent,
    author: {
      _id: author.id,
      user: author.user,
      avatarUrl: author.avatarUrl,
      type: author.type,
      ...(isGone && { deleted: true }),
    },
    ...(token && { token: { type: "access_token", ...token, deleted: isDeleted(store, token.id) } }),
  };
}

function isDeleted(store: Store, tokenId: string): boolean {
  const token = store.userTokens.get(tokenId) ?? store.serviceAccountTokens.get(tokenId);
  return !token || token.deletedAt !== undefined;
}
