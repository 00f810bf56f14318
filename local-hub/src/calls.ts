import { type IncomingMessage } from "node:http";
import { actorOf, authenticate } from "./authentication.js";
import { type Exchange } from "./answers.js";
import { badRequest, forbidden, loginRequired, WireError } from "./errors.js";
import { type Profile } from "./profile.js";
import { QUOTAS, type RateLimiter } from "./rate-limit.js";
import { type Call, type Principal, type Route } from "./route.js";
import { type Store } from "./store/store.js";
import { known, problems } from "./validation.js";

const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** What {@link check} needs to check a request. */
export interface CallParts {
  store: Store;
  profile: Profile;
  rateLimiter: RateLimiter;
  auditPageSize: number | undefined;
}

/** The unchecked input of a request. */
export interface Sent {
  params: Record<string, string | undefined>;
  query: Record<string, unknown>;
  body: unknown;
}

/**
 * Reads the body of a request. Returns undefined if it has none.
 *
 * @throws 400 if the body is not JSON, 413 if it is too large, 415 if its content type is not JSON.
 */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  if (request.method === "GET") return undefined;
  const type = request.headers["content-type"];
  if (type !== undefined && !/^application\/json\s*(;|$)/i.test(type)) throw unsupportedType();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      // Read the rest too: a client that is still sending might miss the answer.
      if (length <= MAX_BODY_BYTES) chunks.push(chunk);
    }
  } catch {
    throw badRequest("The body was interrupted");
  }
  if (length > MAX_BODY_BYTES) throw new WireError(413, "Request body is too large");
  // Clients send a content type even without a body.
  if (length === 0) return undefined;
  if (type === undefined) throw unsupportedType();
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw badRequest("The body is not JSON");
  }
}

const unsupportedType = (): WireError => new WireError(415, "Unsupported Media Type");

/** Checks the token, the rate limit and the input of a request. */
export function check(parts: CallParts, route: Route, exchange: Exchange, sent: Sent): Call {
  const { store } = parts;
  const { request, response } = exchange;
  const { authorization, host = "", "user-agent": userAgent } = request.headers;
  const auth = route.auth ?? "required";
  let principal = auth === "none" ? undefined : authenticate(store, authorization);
  const limit = parts.rateLimiter.count(
    principal?.token.id ?? "",
    route.url === "/api/whoami-v2",
    quota(store, principal),
  );
  for (const [name, value] of Object.entries(limit.headers)) response.setHeader(name, value);
  if (!limit.allowed) {
    throw new WireError(429, "We had to rate limit you. Try again once the window is over.");
  }
  if (principal) {
    store.noteUse(principal);
    exchange.principal = principal;
    // Read the token again, so that the handler sees this use of it.
    principal = authenticate(store, authorization);
  } else if (auth === "required") {
    throw loginRequired();
  }
  const readOnly = route.readOnly ?? route.method === "GET";
  if (!readOnly && principal?.kind === "user" && principal.token.role === "read") {
    throw forbidden("This token has the role read, which changes nothing.");
  }
  const { params, query, body = {} } = sent;
  refuse("", route.params && problems(route.params, params));
  refuse("query ", route.query && problems(route.query, query, { query: true }));
  refuse("", route.body && problems(route.body, body));
  return {
    store,
    profile: parts.profile,
    principal,
    actor: actorOf(principal, { ip: request.socket.remoteAddress ?? "", userAgent }),
    params: canonicalParams(store, params),
    query: route.query ? known(route.query, query, { query: true }) : {},
    body: route.body ? known(route.body, body) : {},
    origin: `http://${host}`,
    url: request.url ?? "",
    auditPageSize: parts.auditPageSize,
  };
}

/** Path parameters that are the name of an organization or a user. */
const ACCOUNTS = ["org", "namespace", "username"] as const;

/** Replaces names in a path with their canonical form, because names are case-insensitive. */
function canonicalParams(store: Store, params: Sent["params"]): Sent["params"] {
  const named = ACCOUNTS.filter((name) => params[name] !== undefined);
  return {
    ...params,
    ...Object.fromEntries(named.map((name) => [name, store.canonicalName(params[name] ?? "")])),
  };
}

function refuse(where: string, found: string[] | undefined): void {
  if (found?.length) throw badRequest(found.map((line) => where + line).join("; "));
}

/** Returns the quota of the token's owner, from the highest plan among their organizations. */
function quota(store: Store, principal: Principal | undefined): number {
  if (!principal) return QUOTAS.free;
  const names =
    principal.kind === "serviceAccount"
      ? [principal.account.organization]
      : store.organizationsOf.all(principal.user.name).map((member) => member.organization);
  return Math.max(QUOTAS.free, ...names.map((name) => QUOTAS[store.organizations.get(name)?.plan ?? "free"]));
}
