import assert from "node:assert/strict";
import { type Hub } from "../support/hub";

/** An answer with its body read. */
export interface Reply<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** Sends a request to a Hub as a plain HTTP client. `token: null` sends no token. */
export async function ask<T = Record<string, unknown>>(
  hub: Pick<Hub, "endpoint" | "tokens">,
  method: string,
  path: string,
  options: { body?: unknown; token?: string | null; headers?: Record<string, string> } = {},
): Promise<Reply<T>> {
  const token = options.token === undefined ? hub.tokens.admin : options.token;
  const response = await fetch(new URL(path, hub.endpoint), {
    method,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(options.body !== undefined && { "content-type": "application/json" }),
      ...options.headers,
    },
    body: options.body === undefined ? undefined : JSON.stringify(options.body),
  });
  const text = await response.text();
  const body = (text === "" ? undefined : JSON.parse(text)) as T;
  return { status: response.status, headers: response.headers, body };
}

/** Sends a request, and fails unless the answer has this status. */
export async function expectStatus<T = Record<string, unknown>>(
  status: number,
  ...request: Parameters<typeof ask>
): Promise<Reply<T>> {
  const reply = await ask<T>(...request);
  assert.equal(reply.status, status, `${request[1]} ${request[2]}: ${JSON.stringify(reply.body)}`);
  return reply;
}

/** The path in the `Link` header, if there is a next page. */
export function nextPath(headers: Headers): string | undefined {
  const [, url] = /^<([^>]+)>; rel="next"$/.exec(headers.get("link") ?? "") ?? [];
  if (!url) return undefined;
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** All items of a list, from all its pages. */
export async function askAll<T>(
  hub: Hub,
  path: string,
  token?: string,
): Promise<{ items: T[]; pages: number }> {
  const items: T[] = [];
  let pages = 0;
  for (let next: string | undefined = path; next !== undefined; pages++) {
    const reply: Reply<T[]> = await expectStatus<T[]>(200, hub, "GET", next, { token });
    items.push(...reply.body);
    next = nextPath(reply.headers);
  }
  return { items, pages };
}
