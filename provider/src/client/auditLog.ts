import { checkOptions, invalidArgument, wholeNumber } from "./arguments";
import { dayExists, recordOf } from "./shape";
import type { AuditLogEntry, AuditLogEvent, AuditLogOptions, AuditLogStreamOptions } from "./types";

/**
 * The names of actions in {@link AuditLogEntry}.
 *
 * The Hub's own event types that have no such name keep their type as the action. Filters accept both.
 */
export const AUDIT_ACTIONS = [
  "repo.create",
  "repo.delete",
  "repo.update",
  "repo.visibility",
  "member.invite",
  "member.remove",
  "member.role_change",
  "token.create",
  "token.revoke",
  "access_request.accept",
  "access_request.reject",
] as const;

const ACTION_OF_TYPE = new Map<string, string>([
  ["org.invite_user", "member.invite"],
  ["org.invite.email", "member.invite"],
  ["org.remove_user", "member.remove"],
  ["org.change_role", "member.role_change"],
  ["org.service_account.token.create", "token.create"],
  ["org.service_account.token.delete", "token.revoke"],
  ["org.token_approval.authorization_request.revoked", "token.revoke"],
]);

const REPO_KINDS = ["model", "dataset", "space", "bucket", "kernel"];

/** Options after all checks. */
export interface AuditQuery {
  limit: number;
  offset: number;
  /** Whether an event passes the filters. */
  matches(event: AuditLogEvent): boolean;
}

const FILTERS = ["user", "action", "resourceType", "startDate", "endDate"];

/**
 * Checks the options.
 *
 * @throws HubError with code `invalid_argument`, naming the option
 */
export function auditQuery(
  options: AuditLogOptions | AuditLogStreamOptions,
  defaults: { limit: number; mostLimit: number; mostOffset: number },
): AuditQuery {
  checkOptions("an audit log query", options, ["limit", "offset", ...FILTERS]);
  const start = options.startDate === undefined ? -Infinity : dateOf("startDate", options.startDate);
  const end = options.endDate === undefined ? Infinity : dateOf("endDate", options.endDate);
  if (start > end) return invalidArgument("startDate must not be later than endDate.");
  const user = wordOf("user", options.user)?.toLowerCase();
  const action = wordOf("action", options.action);
  const resourceType = wordOf("resourceType", options.resourceType);
  const timed = start !== -Infinity || end !== Infinity;
  return {
    limit: wholeNumber("limit", options.limit ?? defaults.limit, 1, defaults.mostLimit),
    offset: wholeNumber("offset", options.offset ?? 0, 0, defaults.mostOffset),
    matches(event) {
      if (user !== undefined && userOf(event)?.toLowerCase() !== user) return false;
      if (action !== undefined && event.type !== action && actionOf(event) !== action) return false;
      if (
        resourceType !== undefined &&
        factsOf(event.type).family !== resourceType &&
        kindOf(event) !== resourceType
      ) {
        return false;
      }
      if (!timed) return true;
      const at = Date.parse(event.createdAt);
      return at >= start && at <= end;
    },
  };
}

function wordOf(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string" || value === "" || value.length > 200) {
    return invalidArgument(`${name} must be a non-empty string of at most 200 characters.`);
  }
  return value;
}

const DAY_MS = 24 * 60 * 60 * 1000;

function dateOf(name: "startDate" | "endDate", value: unknown): number {
  const refuse = (): never =>
    invalidArgument(`${name} must be a date in ISO 8601, such as 2026-01-31 or 2026-01-31T12:00:00Z.`);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? refuse() : value.getTime();
  if (typeof value !== "string") return refuse();
  const day = /^\d{4}-\d\d-\d\d$/.test(value);
  const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?$/.exec(value);
  if (!day && !moment) return refuse();
  // Without a zone JavaScript would use the machine's zone, and other machines would return other events.
  const at = Date.parse(moment && moment[1] === undefined ? `${value}Z` : value);
  if (Number.isNaN(at) || !dayExists(value)) return refuse();
  return day && name === "endDate" ? at + DAY_MS - 1 : at;
}

/** Converts an event of the Hub to an entry. */
export function entryOf(event: AuditLogEvent): AuditLogEntry {
  const entry: AuditLogEntry = {
    id: event._id,
    user: userOf(event),
    action: actionOf(event),
    timestamp: event.createdAt,
    resourceType: kindOf(event) ?? factsOf(event.type).family,
    message: messageOf(event),
    event,
  };
  const resource = resourceOf(event);
  if (resource !== undefined) entry.resource = resource;
  return entry;
}

function userOf(event: AuditLogEvent): string | null {
  const user: unknown = event.author?.user;
  return typeof user === "string" && user !== "" ? user : null;
}

/** One of {@link AUDIT_ACTIONS} if there is one for the event, else the Hub's type. */
export function actionOf(event: AuditLogEvent): string {
  if (event.type === "repo.update_settings")
    return isAboutVisibility(event) ? "repo.visibility" : "repo.update";
  return ACTION_OF_TYPE.get(event.type) ?? event.type;
}

/** What the type of an event alone says. */
interface TypeFacts {
  family: string;
  /** Absent if only the family is known, or if the kind is in the event's data (for repositories). */
  kind?: string;
  /** The fields of `data` that may name the event's resource, the best first. */
  subjects: readonly string[];
}

const FACTS = new Map<string, TypeFacts>();

/** Computed once for each type, because a log has up to a hundred thousand events but only about a hundred types. */
function factsOf(type: string): TypeFacts {
  let facts = FACTS.get(type);
  if (!facts) {
    const family = /^[^.]*/.exec(type)?.[0] ?? type;
    const kind = kindOfType(type);
    facts = {
      family,
      kind,
      subjects: kind === "token" ? TOKEN_SUBJECTS : (SUBJECTS.get(family) ?? ANY_SUBJECT),
    };
    if (FACTS.size < 1000) FACTS.set(type, facts);
  }
  return facts;
}

function kindOfType(type: string): string | undefined {
  if (type.startsWith("spaces.")) return "space";
  if (!type.startsWith("org.")) return undefined;
  if (/^org\.(?:service_account\.token\.|rotate_token|token)/.test(type)) return "token";
  if (type.startsWith("org.service_account.")) return "service_account";
  if (/^org\.(?:settings\.)?sso/.test(type)) return "sso";
  if (/^org\.(?:invite|add_user|remove_user|change_role|join|leave|member)/.test(type)) return "member";
  return undefined;
}

function kindOf(event: AuditLogEvent): string | undefined {
  return event.type.startsWith("repo.") ? repoKindOf(event) : factsOf(event.type).kind;
}

function repoKindOf(event: AuditLogEvent): string | undefined {
  const data = recordOf(event.data);
  const repo = recordOf(data["repo"]);
  for (const value of [
    data["repoType"],
    repo["type"],
    repo["repoType"],
    data["type"],
    data["resourceType"],
  ]) {
    const kind = singular(value);
    if (kind !== undefined) return kind;
  }
  // Names such as `datasets/acme/d`.
  const name = typeof data["repo"] === "string" ? data["repo"] : undefined;
  const prefix = /^([a-z]+)\/[^/]+\/[^/]+$/.exec(name ?? "")?.[1];
  const word = /\b(model|dataset|space|bucket|kernel)s?\b/i.exec(withoutNames(messageOf(event)))?.[1];
  return singular(prefix) ?? word?.toLowerCase();
}

function singular(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const kind = value.toLowerCase().replace(/s$/, "");
  return REPO_KINDS.includes(kind) ? kind : undefined;
}

function isAboutVisibility(event: AuditLogEvent): boolean {
  if (mentionsVisibility(event.data, 0)) return true;
  const words = withoutNames(messageOf(event));
  return (
    /\b(?:visibility|private\s*[:=])/i.test(words) ||
    /\b(?:to|as|made|now|set|from) (?:public|private|protected|internal)\b/i.test(words)
  );
}

function mentionsVisibility(data: unknown, depth: number): boolean {
  if (typeof data !== "object" || data === null || depth > 3) return false;
  return Object.entries(data)
    .slice(0, 100)
    .some(([key, value]) => {
      if (key === "visibility" || key === "private") return value !== undefined && value !== null;
      // A list with the names of the changed settings.
      if (value === "visibility" || value === "private") return Array.isArray(data);
      return mentionsVisibility(value, depth + 1);
    });
}

/** Removes names such as `acme/private-model`, because their words are not the Hub's. */
function withoutNames(message: string): string {
  return message
    .slice(0, 2000)
    .split(/\s+/)
    .filter((word) => !word.includes("/"))
    .join(" ");
}

function messageOf(event: AuditLogEvent): string {
  const message: unknown = event.message;
  return typeof message === "string" ? message : "";
}

const SUBJECTS = new Map<string, readonly string[]>([
  ["repo", ["repo", "repoName", "repoId", "name"]],
  ["spaces", ["space", "repo", "repoName", "name"]],
  ["resource_group", ["resourceGroup", "group", "name"]],
  ["org", ["user", "username", "member", "invitee", "email", "serviceAccount", "displayName", "name"]],
]);
const TOKEN_SUBJECTS = ["displayName", "tokenName", "token", "name", "serviceAccount", "user"];
const ANY_SUBJECT = ["repo", "repoName", "resource", "name", "user", "username", "email", "displayName"];

function resourceOf(event: AuditLogEvent): string | undefined {
  const data = recordOf(event.data);
  for (const key of factsOf(event.type).subjects) {
    const name = nameIn(data[key]);
    if (name !== undefined) return name;
  }
  return /(?:^|[\s"'`(])([A-Za-z0-9_][A-Za-z0-9._-]{0,95}\/[A-Za-z0-9_][A-Za-z0-9._-]{0,95})/
    .exec(messageOf(event).slice(0, 2000))?.[1]
    ?.replace(/[.-]{1,200}$/, "");
}

function nameIn(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  const { name, user, displayName, username, email, id } = recordOf(value);
  return [name, user, displayName, username, email, id].find(
    (candidate): candidate is string => typeof candidate === "string" && candidate !== "",
  );
}

/** Keeps the newest of many events, at most `most`. */
export class Newest {
  /** A binary heap with the oldest event on top, which is removed first. */
  readonly #heap: { at: number; order: number; event: AuditLogEvent }[] = [];
  #order = 0;

  constructor(private readonly most: number) {}

  /** How many events are kept. */
  get size(): number {
    return this.#heap.length;
  }

  add(event: AuditLogEvent): void {
    const item = { at: Date.parse(event.createdAt), order: this.#order++, event };
    const heap = this.#heap;
    if (heap.length < this.most) {
      heap.push(item);
      this.#up(heap.length - 1);
    } else if (heap[0] !== undefined && older(heap[0], item)) {
      heap[0] = item;
      this.#down();
    }
  }

  /** The kept events, newest first; events of the same time in the order in which they came. */
  sorted(): AuditLogEvent[] {
    return [...this.#heap].sort((a, b) => (older(a, b) ? 1 : -1)).map(({ event }) => event);
  }

  #up(index: number): void {
    const heap = this.#heap;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const [child, above] = [heap[index]!, heap[parent]!];
      if (!older(child, above)) return;
      heap[index] = above;
      heap[parent] = child;
      index = parent;
    }
  }

  #down(): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      let oldest = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < heap.length && older(heap[child]!, heap[oldest]!)) oldest = child;
      }
      if (oldest === index) return;
      [heap[index], heap[oldest]] = [heap[oldest]!, heap[index]!];
      index = oldest;
    }
  }
}

interface Aged {
  at: number;
  order: number;
}

function older(a: Aged, b: Aged): boolean {
  return a.at !== b.at ? a.at < b.at : a.order > b.order;
}
