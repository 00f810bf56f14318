import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import createRouter, { type HTTPMethod } from "find-my-way";
import { checkAnswer, type Exchange, JSON_TYPE, sendAnswer, sendError, sendText, toWire } from "./answers.js";
import { type CallParts, check, readBody, type Sent } from "./calls.js";
import { badRequest, noSuchPage, WireError } from "./errors.js";
import { type Fault, type Faults } from "./faults.js";
import { renderPage } from "./page/page.js";
import { type Answer, type Route } from "./route.js";
import { routes } from "./routes/index.js";

/** What the server needs. */
export interface ServerParts extends CallParts {
  faults: Faults;
  latencyMs: number;
  /** Whether to compare each answer with its schema, and to send status 500 if it does not match. */
  checkAnswers: boolean;
  /** Receives log lines for the person who runs the Hub. */
  log: (line: string) => void;
}

/** Names of this machine. Checking them stops web pages that reach the Hub with DNS rebinding. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

const REQUEST_ID = /^[\w.:=;-]{1,200}$/;

/** Longer than clients keep idle connections, so that no client sends a request on a closing connection. */
const KEEP_ALIVE_MS = 72_000;

const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

type Operation = (exchange: Exchange, sent: Sent) => Promise<void> | void;

/** Creates the HTTP server. It does not listen yet. */
export function buildServer(parts: ServerParts): Server {
  const find = findOperations(parts);
  const answer = async (exchange: Exchange): Promise<void> => {
    const { request, response } = exchange;
    response.setHeader("x-request-id", exchange.id);
    response.setHeader("date", parts.store.now().toUTCString());
    if (!LOOPBACK.test(request.headers.host ?? "")) {
      throw new WireError(421, "This Hub answers to localhost and 127.0.0.1 only");
    }
    if (parts.latencyMs > 0) await sleep(parts.latencyMs);
    const { operation, params, query } = find(request);
    await operation(exchange, { params, query, body: await readBody(request) });
  };
  return createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    const exchange: Exchange = { request, response, id: requestId(request) };
    answer(exchange).catch((error: unknown) => {
      const wire = toWire(error);
      // Log the details of an internal error; the client gets only a status 500.
      if (wire.status >= 500) {
        parts.log(
          `${exchange.id}: ${error instanceof Error ? (error.stack ?? error.message) : "unknown error"}`,
        );
      }
      note(parts, exchange, wire.status);
      sendError(exchange, wire);
    });
  });
}

/** Returns a function that finds the operation for a request. */
function findOperations(
  parts: ServerParts,
): (request: IncomingMessage) => Omit<Sent, "body"> & { operation: Operation } {
  const unused = (): void => undefined;
  // With `onBadUrl`, the router returns a result without an operation for a URL that cannot be decoded.
  const router = createRouter({ maxParamLength: 2000, onBadUrl: unused });
  const add = (method: HTTPMethod, url: string, operation: Operation): void =>
    router.on(method, url, unused, operation);
  add("GET", "/", (exchange, { query }) => {
    note(parts, exchange, 200);
    sendText(
      exchange.response,
      200,
      PAGE_HEADERS,
      renderPage(parts.store, query["organization"], parts.profile),
    );
  });
  for (const route of routes) {
    if (route.extended && parts.profile === "public") continue;
    add(route.method, route.url, (exchange, sent) => serve(parts, route, exchange, sent));
  }
  return ({ method, url = "" }) => {
    const found = router.find(method as HTTPMethod, url);
    if (!found) throw noSuchPage();
    const operation = found.store as Operation | null;
    if (!operation) throw badRequest("The address is not a valid URL");
    return { operation, params: found.params, query: found.searchParams };
  };
}

/** Records a request before its answer is sent. Status 0 means that no answer is sent. */
function note({ store, log }: ServerParts, { request, principal, id }: Exchange, status: number): void {
  const { method = "", url = "" } = request;
  const [path = "", query = ""] = url.split(/\?(.*)/s);
  const tokenId = principal?.token.id;
  store.addRequest({
    at: store.timestamp(),
    method,
    path,
    query,
    status,
    requestId: id,
    ...(tokenId && { tokenId }),
  });
  log(`${method} ${path} ${status}`);
}

/** Handles one request. */
async function serve(parts: ServerParts, route: Route, exchange: Exchange, sent: Sent): Promise<void> {
  const { request } = exchange;
  const fault = parts.faults.take(route.method, request.url?.split("?")[0] ?? "");
  if (fault && fault.effect !== "lose-answer") return sendFault(parts, fault, exchange);
  let answer: Answer;
  try {
    answer = route.handle(check(parts, route, exchange, sent));
  } finally {
    // A rejected request can change the state too: a token was used, or now waits for approval.
    await parts.store.durable();
  }
  if (fault) return breakConnection(parts, exchange);
  if (parts.checkAnswers) checkAnswer(route, answer);
  note(parts, exchange, answer.status);
  sendAnswer(exchange, answer, parts.checkAnswers ? route.answers[answer.status] : undefined);
}

function sendFault(parts: ServerParts, fault: Fault, exchange: Exchange): void {
  if (typeof fault.effect === "string") return breakConnection(parts, exchange);
  const { status, body = { error: "Fault" }, headers = {} } = fault.effect;
  const isText = typeof body === "string";
  note(parts, exchange, status);
  sendText(
    exchange.response,
    status,
    { "content-type": isText ? "text/plain; charset=utf-8" : JSON_TYPE, ...headers },
    isText ? body : JSON.stringify(body),
  );
}

function breakConnection(parts: ServerParts, exchange: Exchange): void {
  note(parts, exchange, 0);
  exchange.request.socket.destroy();
}

/** Returns the client's request id if it is safe to repeat in a header, otherwise a new id. */
function requestId({ headers }: IncomingMessage): string {
  const given = headers["x-request-id"] ?? headers["x-amzn-trace-id"];
  return typeof given === "string" && REQUEST_ID.test(given)
    ? given
    : `Root=1-${randomBytes(12).toString("hex")}`;
}
