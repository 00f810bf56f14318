import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { createGzip } from "node:zlib";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { actorOf, authenticate } from "./authentication.js";
import { badRequest, forbidden, loginRequired, noSuchPage, WireError } from "./errors.js";
import { type Fault, type Faults } from "./faults.js";
import { renderPage } from "./page.js";
import { type Profile } from "./profile.js";
import { QUOTAS, type RateLimiter } from "./rate-limit.js";
import { type Answer, type Call, type Principal, type Route } from "./route.js";
import { routes } from "./routes/index.js";
import { type Schema } from "./schema.js";
import { type Store } from "./store/store.js";
import { known, problems } from "./validation.js";

/** What the server is made of. */
export interface ServerParts {
  store: Store;
  profile: Profile;
  rateLimiter: RateLimiter;
  faults: Faults;
  latencyMs: number;
  auditPageSize: number | undefined;
  /** Whether each answer is held against its schema; one that does not fit becomes a 500. */
  checkAnswers: boolean;
  /** Takes what somebody who runs the Hub should read. */
  log: (line: string) => void;
}

/** Names that stand for this machine. A page elsewhere that has its name lead here cannot use them. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

const REQUEST_ID = /^[\w.:=;-]{1,200}$/;

const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** How much of a stream is sent in one piece. */
const CHUNK_CHARACTERS = 32 * 1024;

/** The HTTP server, not yet listening. */
export function buildServer(parts: ServerParts): FastifyInstance {
  const { store, log } = parts;
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 2000 },
    genReqId: requestId,
  });

  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    // Clients name the type even where they send nothing.
    if (body === "") return done(null, undefined);
    try {
      done(null, JSON.parse(body as string));
    } catch {
      done(badRequest("The body is not JSON"));
    }
  });
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply, log));
  app.setNotFoundHandler((request, reply) => sendError(noSuchPage(), request, reply, log));

  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
    if (!LOOPBACK.test(request.headers.host ?? "")) {
      throw new WireError(421, "This Hub answers to localhost and 127.0.0.1 only");
    }
    if (parts.latencyMs > 0) await sleep(parts.latencyMs);
  });

  // Noted before the answer leaves, so that whoever has the answer finds the note.
  app.addHook("onSend", (request, reply, _payload, done) => {
    note(parts, request, reply.statusCode);
    done();
  });

  app.get<{ Querystring: Record<string, unknown> }>("/", (request, reply) => {
    const page = renderPage(store, request.query.organization, parts.profile);
    return reply
      .type("text/html; charset=utf-8")
      .header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'")
      .header("x-content-type-options", "nosniff")
      .header("referrer-policy", "no-referrer")
      .header("cache-control", "no-store")
      .send(page);
  });

  for (const route of routes) {
    if (route.extended && parts.profile === "public") continue;
    app.route({
      method: route.method,
      url: route.url,
      handler: (request, reply) => serve(parts, route, request, reply),
    });
  }
  return app;
}

/** Keeps a record of a request; status 0 stands for an answer that never came. */
function note({ store, log }: ServerParts, request: FastifyRequest, status: number): void {
  const [path = "", query = ""] = request.url.split(/\?(.*)/s);
  const tokenId = principals.get(request)?.token.id;
  store.addRequest({
    at: store.timestamp(),
    method: request.method,
    path,
    query,
    status,
    requestId: request.id,
    ...(tokenId && { tokenId }),
  });
  log(`${request.method} ${path} ${status}`);
}

/** Whose request it is, for the note of it. */
const principals = new WeakMap<FastifyRequest, Principal>();

/** One request from its token to its answer. */
async function serve(
  parts: ServerParts,
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { store } = parts;
  const path = request.url.split("?")[0] ?? "";
  const fault = parts.faults.take(request.method, path);
  if (fault && fault.effect !== "lose-answer") return sendFault(parts, fault, request, reply);
  let answer: Answer;
  try {
    answer = route.handle(check(parts, route, request, reply));
  } finally {
    // Even a refusal can leave something behind: a token that was used, or one that now waits for approval.
    await store.durable();
  }
  if (fault) return breakConnection(parts, request, reply);
  const schema = route.answers[answer.status];
  if (parts.checkAnswers) checkAnswer(route, answer, schema);
  reply.code(answer.status).headers(answer.headers ?? {});
  if (answer.entries)
    return sendEntries(answer.entries, request, reply, parts.checkAnswers ? schema : undefined);
  if (answer.body === undefined) return reply.send();
  return reply.type("application/json; charset=utf-8").send(JSON.stringify(answer.body));
}

/** Who asks, whether they may ask again, and whether what they sent makes sense. */
function check(parts: ServerParts, route: Route, request: FastifyRequest, reply: FastifyReply): Call {
  const { store } = parts;
  const auth = route.auth ?? "required";
  let principal = auth === "none" ? undefined : authenticate(store, request.headers.authorization);
  const limit = parts.rateLimiter.count(
    principal?.token.id ?? "",
    route.url === "/api/whoami-v2",
    quota(store, principal),
  );
  reply.headers(limit.headers);
  if (!limit.allowed) {
    throw new WireError(429, "We had to rate limit you. Try again once the window is over.");
  }
  if (principal) {
    store.noteUse(principal);
    principals.set(request, principal);
    // The handler sees the token as it is from now on.
    principal = authenticate(store, request.headers.authorization);
  } else if (auth === "required") {
    throw loginRequired();
  }
  const readOnly = route.readOnly ?? route.method === "GET";
  if (!readOnly && principal?.kind === "user" && principal.token.role === "read") {
    throw forbidden("This token has the role read, which changes nothing.");
  }
  const body = request.body ?? {};
  refuse("", route.params && problems(route.params, request.params));
  refuse("query ", route.query && problems(route.query, request.query, { query: true }));
  refuse("", route.body && problems(route.body, body));
  return {
    store,
    profile: parts.profile,
    principal,
    actor: actorOf(principal, { ip: request.ip, userAgent: request.headers["user-agent"] }),
    params: canonicalParams(store, request.params as Record<string, string>),
    query: route.query ? known(route.query, request.query, { query: true }) : {},
    body: route.body ? known(route.body, body) : {},
    origin: `http://${request.headers.host ?? ""}`,
    url: request.url,
    auditPageSize: parts.auditPageSize,
  };
}

/** Path parameters that are the name of an organization or a user. */
const ACCOUNTS = ["org", "namespace", "username"] as const;

/** Names are case-insensitive: this replaces those in a path with their canonical form. */
function canonicalParams(store: Store, params: Record<string, string>): Record<string, string> {
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

function checkAnswer(route: Route, answer: Answer, schema: Schema | null | undefined): void {
  const what = `${route.method} ${route.url} answered ${answer.status}`;
  if (schema === undefined) throw new Error(`${what}, which the route does not declare`);
  if (answer.entries) return;
  if (schema === null) {
    if (answer.body !== undefined) throw new Error(`${what} with a body where none is declared`);
    return;
  }
  const found = problems(schema, answer.body);
  if (found.length) throw new Error(`${what} against its schema: ${found.join("; ")}`);
}

function sendEntries(
  entries: Iterable<unknown>,
  request: FastifyRequest,
  reply: FastifyReply,
  schema: Schema | null | undefined,
): FastifyReply {
  const source = Readable.from(arrayChunks(entries, schema?.items as Schema | undefined), {
    objectMode: false,
  });
  reply.type("application/json; charset=utf-8").header("vary", "Accept-Encoding");
  if (!acceptsGzip(request.headers["accept-encoding"])) return reply.send(source);
  // On one machine, time is worth more than size.
  const gzip = createGzip({ level: 1 });
  // When the client goes, so does the source; when the source fails, the answer breaks off and is not taken for whole.
  gzip.on("close", () => source.destroy());
  source.on("error", (error) => gzip.destroy(error));
  return reply.header("content-encoding", "gzip").send(source.pipe(gzip));
}

function* arrayChunks(entries: Iterable<unknown>, schema: Schema | undefined): Generator<string> {
  let chunk = "[";
  let first = true;
  for (const entry of entries) {
    const found = schema && problems(schema, entry);
    if (found?.length) throw new Error(`An entry against its schema: ${found.join("; ")}`);
    chunk += (first ? "" : ",") + JSON.stringify(entry);
    first = false;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = "";
  }
  yield `${chunk}]`;
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  return String(header ?? "")
    .split(",")
    .some((part) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$)[\d.]+\s*)?$/i.test(part));
}

function sendError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  log: (line: string) => void,
): FastifyReply {
  const wire = toWire(error);
  // What went wrong in here is for whoever runs the Hub; the client is told that something did.
  if (wire.status >= 500)
    log(`${request.id}: ${error instanceof Error ? (error.stack ?? error.message) : "unknown error"}`);
  reply.code(wire.status).header("x-error-message", headerSafe(wire.message));
  if (wire.code) reply.header("x-error-code", wire.code);
  return reply
    .type("application/json; charset=utf-8")
    .send(JSON.stringify({ error: wire.message, ...wire.details }));
}

function toWire(error: unknown): WireError {
  if (error instanceof WireError) return error;
  const { statusCode, message } = error as { statusCode?: unknown; message?: unknown };
  const isClients = typeof statusCode === "number" && statusCode >= 400 && statusCode < 500;
  if (isClients) return new WireError(statusCode, String(message));
  return new WireError(500, "Internal Error - We're working hard to fix this as soon as possible!");
}

/** A header holds one line of plain characters. */
function headerSafe(message: string): string {
  return message.replace(/[^\x20-\x7e]+/g, " ");
}

function sendFault(
  parts: ServerParts,
  fault: Fault,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (typeof fault.effect === "string") return breakConnection(parts, request, reply);
  const { status, body = { error: "Fault" }, headers = {} } = fault.effect;
  const isText = typeof body === "string";
  return reply
    .code(status)
    .type(isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8")
    .headers(headers)
    .send(isText ? body : JSON.stringify(body));
}

function breakConnection(parts: ServerParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  note(parts, request, 0);
  reply.hijack();
  request.raw.socket.destroy();
  return reply;
}

/** The client's own id of the request, if it sent one that can be repeated safely; else a new one. */
function requestId(request: { headers: Record<string, string | string[] | undefined> }): string {
  const given = request.headers["x-request-id"] ?? request.headers["x-amzn-trace-id"];
  return typeof given === "string" && REQUEST_ID.test(given)
    ? given
    : `Root=1-${randomBytes(12).toString("hex")}`;
}
