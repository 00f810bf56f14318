import { type Profile } from "./profile.js";
import { type Schema } from "./schema.js";
import { type ServiceAccount, type ServiceAccountToken, type User, type UserToken } from "./store/records.js";
import { type Actor, type Store } from "./store/store.js";

/** The caller, identified by their token. */
export type Principal =
  | { kind: "user"; user: User; token: UserToken }
  | { kind: "serviceAccount"; account: ServiceAccount; token: ServiceAccountToken };

/** A checked request, with everything that a handler needs. */
export interface Call<P = unknown, Q = unknown, B = unknown> {
  store: Store;
  profile: Profile;
  /** Undefined if the request has no token. */
  principal: Principal | undefined;
  /** The caller, for the audit log. */
  actor: Actor;
  params: P;
  query: Q;
  body: B;
  /** Scheme, host and port that the client used. */
  origin: string;
  /** Original path and query. */
  url: string;
  /** Most audit events in one answer; a `Link` header leads to the rest. Undefined: all events in one answer. */
  auditPageSize: number | undefined;
}

/** The answer of a handler. */
export interface Answer {
  status: number;
  body?: unknown;
  /** Entries of a JSON array, streamed instead of a body. */
  entries?: Iterable<unknown>;
  headers?: Record<string, string>;
}

/** One operation of the API. */
export interface RouteSpec<P, Q, B> {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  url: string;
  /** Whether only the extended profile has this operation. */
  extended?: boolean;
  /** Whether the operation needs a token; `none` ignores tokens. Default: `required`. */
  auth?: "required" | "optional" | "none";
  /** Whether a token with the role `read` is enough. Default: only for GET. */
  readOnly?: boolean;
  params?: Schema;
  query?: Schema;
  body?: Schema;
  /** Schemas by status; `null` for an answer without a body. */
  answers: Record<number, Schema | null>;
  handle: (call: Call<P, Q, B>) => Answer;
}

/** An operation with any parameters. The server checks them against the operation's schemas before it calls the handler. */
export type Route = RouteSpec<unknown, unknown, unknown>;

/** Declares an operation. `P`, `Q` and `B` are the types that its schemas allow. */
export function route<P = unknown, Q = unknown, B = unknown>(spec: RouteSpec<P, Q, B>): Route {
  return spec as unknown as Route;
}

export const ok = (body: unknown, headers?: Record<string, string>): Answer => ({
  status: 200,
  body,
  headers,
});
export const created = (body: unknown): Answer => ({ status: 201, body });
export const noContent = (): Answer => ({ status: 204 });
