import { badRequest } from "../errors.js";
import { type Call } from "../route.js";

/** One page, and the header that leads to the next. */
export interface Page<T> {
  items: T[];
  headers: Record<string, string>;
}

/**
 * Cuts one page out of a list that is in a settled order. The cursor names the last item of the page before, and where
 * it stood: so an item that goes away between two pages makes nobody miss another one.
 *
 * @param keyOf - What tells items apart.
 */
export function paginate<T>(
  call: Call<unknown, { cursor?: string }>,
  items: readonly T[],
  limit: number,
  keyOf: (item: T) => string,
): Page<T> {
  const start = call.query.cursor === undefined ? 0 : afterCursor(items, call.query.cursor, keyOf);
  const page = items.slice(start, start + limit);
  const last = page.at(-1);
  if (last === undefined || start + limit >= items.length) return { items: page, headers: {} };
  const cursor = Buffer.from(JSON.stringify([start + limit - 1, keyOf(last)])).toString("base64url");
  return { items: page, headers: { link: nextLink(call, cursor) } };
}

/** The same for a list sorted by id, whose cursor is the id of the last item of the previous page. */
export function paginateById<T extends { id: string }>(
  call: Call<unknown, { cursor?: string }>,
  items: readonly T[],
  limit: number,
): Page<T> {
  const cursor = call.query.cursor?.toLowerCase();
  const rest = cursor === undefined ? items : items.filter((item) => item.id > cursor);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  if (last === undefined || rest.length <= limit) return { items: page, headers: {} };
  return { items: page, headers: { link: nextLink(call, last.id) } };
}

/** A `Link` to the same request with another cursor. */
export function nextLink(call: Call, cursor: string): string {
  const next = new URL(call.url, call.origin);
  next.searchParams.set("cursor", cursor);
  return `<${next.href}>; rel="next"`;
}

function afterCursor<T>(items: readonly T[], cursor: string, keyOf: (item: T) => string): number {
  let position: unknown;
  try {
    position = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    throw badRequest("cursor: not a cursor of this Hub");
  }
  if (!Array.isArray(position) || typeof position[0] !== "number" || typeof position[1] !== "string") {
    throw badRequest("cursor: not a cursor of this Hub");
  }
  const [at, key] = position as [number, string];
  const standing = items[at];
  if (standing !== undefined && keyOf(standing) === key) return at + 1;
  const moved = items.findIndex((item) => keyOf(item) === key);
  return moved >= 0 ? moved + 1 : Math.max(0, Math.min(at, items.length));
}

/** Items by id: the order in which they were made. */
export function byId(a: { id: string }, b: { id: string }): number {
  return compare(a.id, b.id);
}

/** Compares two texts by their characters, independent of any language. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
