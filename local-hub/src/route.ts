import { type Profile } from "./profile.js";
import { type Schema } from "./schema.js";
import { type ServiceAccount, type ServiceAccountToken, type User, type UserToken } from "./store/records.js";
import { type Actor, type Store } from "./store/store.js";

/** Who asks, as their token says. */
export type Principal =
  | { kind: "user"; user: User; token: UserToken }
  | { kind: "serviceAccount"; account: ServiceAccount; token: ServiceAccountToken };

/** A request that has been checked: everything a handler needs to know. */
export interface Call<P = unknown, Q = unknown, B = unknown> {
  store: Store;
  profile: Profile;
  /** Undefined if no token was sent. */
  principal: Principal | undefined;
  /** Whoever asks, for the audit log. */
  actor: Actor;
  params: P;
  query: Q;
  body: B;
  /** Scheme, host and port that the client used. */
  origin: string;
  /** Path and query as they were sent. */
  url: string;
  /** At most this many audit events in one answer, the rest behind a `Link`; undefined for all in one. */
  auditPageSize: number | undefined;
}

/** What a handler answers. */
export interface Answer {
  status: number;
  body?: unknown;
  /** Instead of a body: entries of a JSON array, sent as they come. */
  entries?: Iterable<unknown>;
  headers?: Record<string, string>;
}

/** One operation of the API. */
export interface RouteSpec<P, Q, B> {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  url: string;
  /** Offered by the extended profile only. */
  extended?: boolean;
  /** `none`: tokens are not even looked at. Default: `required`. */
  auth?: "required" | "optional" | "none";
  /** Whether a token with the role `read` is enough. Default: for GET only. */
  readOnly?: boolean;
  params?: Schema;
  query?: Schema;
  body?: Schema;
  /** By status; `null` for an answer without a body. */
  answers: Record<number, Schema | null>;
  handle: (call: Call<P, Q, B>) => Answer;
}

/** An operation, whatever its parameters: they have been checked against its own schemas when it is called. */
export type Route = RouteSpec<unknown, unknown, unknown>;

/** Declares an operation; `P`, `Q` and `B` are what its schemas let through. */
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
