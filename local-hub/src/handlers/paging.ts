import { badRequest } from "../errors.js";
import { type Call } from "../route.js";

/** One page, and the header with the link to the next page. */
export interface Page<T> {
  items: T[];
  headers: Record<string, string>;
}

/**
 * Returns one page of a list with a stable order. The cursor contains the key and the position of the last item of the previous
 * page, so that no item is skipped if another one is deleted between two pages.
 *
 * @param keyOf - Returns the unique key of an item.
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

/** Returns one page of a list that is sorted by id. The cursor is the id of the last item of the previous page. */
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

/** Returns a `Link` header for the same request with another cursor. */
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

/** Compares items by id, which is the order of their creation. */
export function byId(a: { id: string }, b: { id: string }): number {
  return compare(a.id, b.id);
}

/** Compares two texts by their characters, independent of any language. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
