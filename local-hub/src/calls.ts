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

/** What a request is checked with. */
export interface CallParts {
  store: Store;
  profile: Profile;
  rateLimiter: RateLimiter;
  auditPageSize: number | undefined;
}

/** What a client sent, before any of it is checked. */
export interface Sent {
  params: Record<string, string | undefined>;
  query: Record<string, unknown>;
  body: unknown;
}

/**
 * The body of a request; undefined if it has none.
 *
 * @throws 400 for a body that is not JSON, 413 for one that is too large, 415 for another type.
 */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  if (request.method === "GET") return undefined;
  const type = request.headers["content-type"];
  if (type !== undefined && !/^application\/json\s*(;|$)/i.test(type)) throw unsupportedType();
  if (Number(request.headers["content-length"]) > MAX_BODY_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) break;
      chunks.push(chunk);
    }
  } catch {
    throw badRequest("The body was interrupted");
  }
  if (length > MAX_BODY_BYTES) throw tooLarge();
  // Clients name the type even if they send nothing.
  if (length === 0) return undefined;
  if (type === undefined) throw unsupportedType();
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw badRequest("The body is not JSON");
  }
}

const tooLarge = (): WireError => new WireError(413, "Request body is too large");
const unsupportedType = (): WireError => new WireError(415, "Unsupported Media Type");

/** Who asks, whether they may ask again, and whether what they sent makes sense. */
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
    // The handler sees the token as it is from now on.
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

/** Names are case-insensitive: this replaces those in a path with their canonical form. */
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

/** What a token's owner pays for, by the best plan among their organizations. */
function quota(store: Store, principal: Principal | undefined): number {
  if (!principal) return QUOTAS.free;
  const names =
    principal.kind === "serviceAccount"
      ? [principal.account.organization]
      : store.organizationsOf.all(principal.user.name).map((member) => member.organization);
  return Math.max(QUOTAS.free, ...names.map((name) => QUOTAS[store.organizations.get(name)?.plan ?? "free"]));
}
