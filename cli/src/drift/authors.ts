// Who may have made a difference, from the audit log of its organization. Each log is read once.
import { type AuditLogEntry, type HubClient } from "pulumi-huggingface/client";
import { lastFourOf, locationOf } from "../audit/entry";
import { type EventPattern, fits, messageOf, objectsOf, visibilityIn } from "pulumi-huggingface/core";

/** An event that may have made a difference. */
export interface Event {
  id: string;
  /** `null` if the log does not name the author. */
  user: string | null;
  /** ISO 8601. */
  at: string;
  /** The Hub's event type. */
  type: string;
  message: string;
  /** The last characters of the token that was used, if the log has them. */
  tokenLast4?: string;
  /** Where the author was, if the log has it. */
  location?: string;
}

/** The question who made a difference. */
export interface Question {
  organization: string;
  /** The most likely events first; empty if no log has them. */
  patterns: readonly EventPattern[];
  /** When the value was last applied. ISO 8601. */
  since: string | undefined;
  /** Whether only the last event counts, because earlier ones may be the program's own. */
  onlyLast?: boolean;
}

/** The answer. */
export interface Answer {
  /** The most likely one first. */
  events: Event[];
  /** Why there is no event. */
  why?: string;
}

/** How many events are kept for each difference. */
const MAX_EVENTS = 10;

/** Milliseconds by which the time of an applied value may be wrong, because the Hub's times have whole seconds. */
const ACCURACY = 2000;

interface Search extends Question {
  found: { rank: number; at: number; event: Event }[];
}

/**
 * Looks up who made each difference.
 *
 * @param clientOf - the client for an organization's log
 * @param onRead - called for each entry
 */
export async function authorsOf(
  questions: readonly Question[],
  clientOf: (organization: string) => HubClient,
  onRead: () => void,
): Promise<Answer[]> {
  const searches = questions.map((question): Search => ({ ...question, found: [] }));
  const logs = new Map<string, Log>();
  const asking = searches.filter(({ patterns }) => patterns.length > 0);
  for (const organization of new Set(asking.map((each) => each.organization))) {
    const own = asking.filter((each) => each.organization === organization);
    logs.set(organization, await readLog(organization, own, clientOf(organization), onRead));
  }
  return searches.map((each) => answerOf(each, logs.get(each.organization) ?? { oldest: Infinity }));
}

/** What is known about a log after it was read. */
interface Log {
  oldest: number;
  failure?: string;
}

async function readLog(
  organization: string,
  searches: readonly Search[],
  client: HubClient,
  onRead: () => void,
): Promise<Log> {
  const byObject = new Map<string, Set<Search>>();
  for (const search of searches) {
    for (const { about } of search.patterns) {
      const [first = ""] = about;
      byObject.set(first, (byObject.get(first) ?? new Set()).add(search));
    }
  }
  const log: Log = { oldest: Infinity };
  try {
    for await (const entry of client.streamAuditLogs(organization)) {
      onRead();
      log.oldest = Math.min(log.oldest, Date.parse(entry.timestamp));
      const asking = new Set(objectsOf(entry).flatMap((object) => [...(byObject.get(object) ?? [])]));
      for (const search of asking) note(search, entry);
    }
  } catch (error) {
    log.failure = messageOf(error);
  }
  return log;
}

function note(search: Search, entry: AuditLogEntry): void {
  const at = Date.parse(entry.timestamp);
  const rank = search.patterns.findIndex((pattern) => fits(pattern, entry));
  const pattern = search.patterns[rank];
  if (!pattern || !isAfter(at, search.since, pattern, entry)) return;
  search.found.push({ rank, at, event: eventOf(entry) });
  search.found.sort((one, other) => one.rank - other.rank || other.at - one.at);
  search.found.splice(search.onlyLast ? 1 : MAX_EVENTS);
}

/** Whether the event can be about the change. An event that names the value on the Hub cannot be the program's own. */
function isAfter(
  at: number,
  since: string | undefined,
  pattern: EventPattern,
  entry: AuditLogEntry,
): boolean {
  if (since === undefined) return true;
  const isNamed = pattern.visibility !== undefined && visibilityIn(entry) === pattern.visibility;
  // guard: drift-own-event
  return at >= Date.parse(since) + (isNamed ? -ACCURACY : ACCURACY);
}

function eventOf({ id, user, timestamp, message, event }: AuditLogEntry): Event {
  const [tokenLast4, location] = [lastFourOf(event.token), locationOf(event.location)];
  return {
    ...{ id, user, message },
    at: timestamp,
    type: event.type,
    ...(tokenLast4 !== "" && { tokenLast4 }),
    ...(location !== "" && { location }),
  };
}

function answerOf({ found, patterns, since }: Search, { oldest, failure }: Log): Answer {
  const events = found.map(({ event }) => event);
  if (events.length > 0) return { events };
  return { events, why: whyNone(patterns, since, { oldest, failure }) };
}

function whyNone(
  patterns: readonly EventPattern[],
  since: string | undefined,
  { oldest, failure }: Log,
): string {
  if (failure !== undefined) return `the audit log could not be read: ${failure}`;
  if (patterns.length === 0) return "the Hub logs no event for such a change";
  if (oldest === Infinity) return "the audit log is empty";
  const reaches = new Date(oldest).toISOString();
  if (since === undefined || oldest > Date.parse(since)) {
    return `the audit log has no such event, and it reaches back only to ${reaches}`;
  }
  const seconds = ACCURACY / 1000;
  return `the audit log has no such event since ${seconds} s after ${since}, when the value was last applied`;
}
