// A proxy between a client and the local Hub. It passes every request on, except those for which a test names a
// fault.
import { once } from "node:events";
import * as http from "node:http";
import * as net from "node:net";
import { gzipSync } from "node:zlib";
import { AxiosTransport, type Transport, type TransportRequest } from "../../provider/src/client/transport";

/** A request on its way to the Hub. */
export interface Passing {
  method: string;
  /** The path without the query. */
  path: string;
  query: string;
  /** The parsed body, if it is JSON. */
  body: unknown;
  /** Passes the request to the Hub, and returns its answer. */
  forward: () => Promise<HubAnswer>;
  response: http.ServerResponse;
  /** The address of the proxy itself. */
  origin: string;
}

/** The Hub's own answer. */
export interface HubAnswer {
  status: number;
  headers: http.OutgoingHttpHeaders;
  body: Buffer;
}

/** Something that goes wrong with one request. */
export interface Fault {
  name: string;
  /** For faults that the proxy cannot produce: the address is closed, or it never answers. */
  way?: "refused" | "mute";
  /** What the proxy does instead of passing the request on. */
  act?(passing: Passing): void | Promise<void>;
  /** Whether the Hub has carried the request out. */
  committed: boolean;
  /** The fault lasts until the client's time limit. */
  slow?: true;
  /** The client has to treat the answer as a success. */
  harmless?: true;
}

/** A running proxy. */
export interface FaultProxy {
  endpoint: string;
  /** Decides on each request. `undefined` passes it on. Default: all requests are passed on. */
  rule: (passing: Passing) => Fault | undefined;
  /** All requests so far, each with method and path. */
  seen: string[];
  close(): Promise<void>;
}

/** The header in which {@link FaultyWay} names the fault for a request. */
const FAULT_HEADER = "x-test-fault";

/** Starts a proxy in front of a Hub. */
export async function startFaultProxy(hub: string): Promise<FaultProxy> {
  const sockets = new Set<net.Socket>();
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("error", () => undefined);
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const raw = Buffer.concat(chunks);
      const { [FAULT_HEADER]: named, ...headers } = request.headers;
      const [path = "", query = ""] = (request.url ?? "").split(/\?(.*)/s);
      const passing: Passing = {
        method: request.method ?? "",
        path,
        query,
        body: parsed(raw),
        forward: () => forward(hub, agent, request, headers, raw),
        response,
        origin: proxy.endpoint,
      };
      proxy.seen.push(`${passing.method} ${path}`);
      const fault = typeof named === "string" ? faultNamed(named) : proxy.rule(passing);
      const done = fault?.act ? fault.act(passing) : pass(passing);
      void Promise.resolve(done).catch(() => response.destroy());
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy: FaultProxy = {
    endpoint: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    rule: () => undefined,
    seen: [],
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      await closed;
    },
  };
  return proxy;
}

/** Passes a request on unchanged. */
export async function pass(passing: Passing): Promise<void> {
  send(passing, await passing.forward());
}

function forward(
  hub: string,
  agent: http.Agent,
  { method, url }: http.IncomingMessage,
  headers: http.IncomingHttpHeaders,
  body: Buffer,
): Promise<HubAnswer> {
  return new Promise((resolve, reject) => {
    // Without compression, so that the answer can be cut and changed.
    const { "accept-encoding": _encoding, host: _host, ...rest } = headers;
    const sent = http.request(`${hub}${url ?? ""}`, { method, agent, headers: rest }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        const { "content-length": _l, "transfer-encoding": _t, connection: _c, ...kept } = answer.headers;
        resolve({ status: answer.statusCode ?? 0, headers: kept, body: Buffer.concat(chunks) });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

function send({ response }: Passing, { status, headers, body }: HubAnswer): void {
  response.writeHead(status, headers);
  response.end(status === 204 ? undefined : body);
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}

// --- Faults ------------------------------------------------------------------------------------------------------

/** Answers with a status; the Hub does not get the request. */
function refusal(name: string, status: number, body: unknown, headers: Record<string, string> = {}): Fault {
  return {
    name,
    committed: false,
    act({ response }) {
      const text = typeof body === "string";
      response.writeHead(status, {
        "content-type": text ? "text/html; charset=utf-8" : "application/json",
        "x-request-id": "Root=1-fault",
        ...headers,
      });
      response.end(text ? body : JSON.stringify(body));
    },
  };
}

/** The Hub carries out the request, but the client gets another answer. */
function instead(name: string, make: (answer: HubAnswer) => HubAnswer, more: Partial<Fault> = {}): Fault {
  return {
    name,
    committed: true,
    async act(passing) {
      send(passing, make(await passing.forward()));
    },
    ...more,
  };
}

/** Changes the JSON of an answer, if there is any. */
function changed(name: string, change: (value: unknown) => unknown, more: Partial<Fault> = {}): Fault {
  return instead(
    name,
    (answer) => {
      const value = parsed(answer.body);
      if (value === undefined) return answer;
      return { ...answer, body: Buffer.from(JSON.stringify(change(value)) ?? "") };
    },
    more,
  );
}

/** The object that an answer is about: the answer itself, or the first of a list; for a token, its details. */
/** The entries of a map by key, such as the secrets of a Space; an unknown field is in its entries. */
function entriesOf(value: unknown): unknown[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Object.entries(value);
  const isMap = entries.every(([key, entry]) => (entry as { key?: unknown } | null)?.key === key);
  return isMap ? entries.map(([, entry]) => entry as unknown) : undefined;
}

function subject(value: unknown): Record<string, unknown> | undefined {
  const found: unknown = Array.isArray(value) ? value[0] : value;
  return typeof found === "object" && found !== null ? (found as Record<string, unknown>) : undefined;
}

function nthKey(value: unknown, n: number): [Record<string, unknown>, string] | undefined {
  const entries = entriesOf(value) ?? [];
  const outer = subject(entries.length > 0 ? entries : value);
  if (!outer) return undefined;
  const keys: [Record<string, unknown>, string][] = Object.keys(outer).map((key) => [outer, key]);
  for (const key of ["tokenInfo", "accessTokens", "auth"]) {
    const inner = subject(outer[key]);
    if (inner) keys.push(...Object.keys(inner).map((each): [typeof inner, string] => [inner, each]));
  }
  return keys[n];
}

const HTML =
  "<!DOCTYPE html><html><head><title>Sign in to the guest network</title></head><body>Welcome</body></html>";

const in1s = () => new Date(Date.now() + 1000).toUTCString();

/** How many fields of an answer are left out or given another type, one at a time. */
const FIELDS = 12;

const gzipBomb = gzipSync(Buffer.alloc((256 * 1024 * 1024) / 8, 0x20), { level: 9 });

/** Every way in which a request can go wrong in the tests. */
export const FAULTS: readonly Fault[] = [
  { name: "connection refused", way: "refused", committed: false },
  { name: "no answer to the handshake", way: "mute", committed: false, slow: true },
  {
    name: "reset before the Hub gets the request",
    committed: false,
    act: ({ response }) => void response.socket?.resetAndDestroy(),
  },
  {
    name: "closed before the Hub gets the request",
    committed: false,
    act: ({ response }) => void response.socket?.destroy(),
  },
  {
    name: "reset after the Hub carried out the request, before the answer",
    committed: true,
    async act({ forward: carryOut, response }) {
      await carryOut();
      response.socket?.resetAndDestroy();
    },
  },
  {
    name: "reset in the middle of the answer",
    committed: true,
    async act({ forward: carryOut, response }) {
      const { status, headers, body } = await carryOut();
      response.writeHead(status === 204 ? 200 : status, { ...headers, "content-length": body.length + 1 });
      response.write(body.subarray(0, Math.ceil(body.length / 2)) || "{", () =>
        setTimeout(() => response.socket?.resetAndDestroy(), 5),
      );
      if (body.length === 0) response.socket?.resetAndDestroy();
    },
  },
  {
    name: "closed after the answer",
    committed: true,
    harmless: true,
    async act(passing) {
      const { response } = passing;
      response.setHeader("connection", "close");
      response.on("finish", () => setTimeout(() => response.socket?.destroy(), 5));
      await pass(passing);
    },
  },
  { name: "time-out before the Hub gets the request", committed: false, slow: true, act: () => undefined },
  {
    name: "time-out on the headers, after the Hub carried out the request",
    committed: true,
    slow: true,
    act: async ({ forward: carryOut }) => void (await carryOut()),
  },
  {
    name: "time-out in the body",
    committed: true,
    slow: true,
    async act({ forward: carryOut, response }) {
      const { status, headers, body } = await carryOut();
      response.writeHead(status === 204 ? 200 : status, { ...headers, "content-length": body.length + 2 });
      response.write(body.length > 0 ? body.subarray(0, body.length - 1) : "{");
    },
  },
  {
    name: "slow drip",
    committed: true,
    slow: true,
    async act({ forward: carryOut, response }) {
      const { status, headers } = await carryOut();
      response.writeHead(status === 204 ? 200 : status, headers);
      const timer = setInterval(() => {
        // The client may have disconnected before the Hub finished.
        if (response.destroyed) clearInterval(timer);
        else response.write(" ");
      }, 5);
    },
  },
  refusal("408", 408, { error: "Request Timeout" }),
  refusal(
    "429 with RateLimit",
    429,
    { error: "We had to rate limit you" },
    {
      ratelimit: '"api";r=0;t=1',
      "ratelimit-policy": '"fixed window";"api";q=500;w=300',
    },
  ),
  refusal(
    "429 with Retry-After in seconds",
    429,
    { error: "We had to rate limit you" },
    { "retry-after": "1" },
  ),
  {
    name: "429 with Retry-After as a date",
    committed: false,
    act(passing) {
      return refusal("", 429, { error: "We had to rate limit you" }, { "retry-after": in1s() }).act?.(
        passing,
      );
    },
  },
  refusal("429 without a time", 429, "<html><title>Too Many Requests</title></html>"),
  refusal("429 until tomorrow", 429, { error: "We had to rate limit you" }, { "retry-after": "86400" }),
  refusal("500", 500, { error: "Internal Error - We're working hard to fix this as soon as possible!" }),
  refusal("502 from a load balancer", 502, "<html><head><title>502 Bad Gateway</title></head></html>"),
  refusal("503 with Retry-After", 503, { error: "Service Unavailable" }, { "retry-after": "1" }),
  refusal("504", 504, "<html><head><title>504 Gateway Time-out</title></head></html>"),
  ...[500, 502, 504, 408].map((status) =>
    instead(`${status} although the Hub carried out the request`, () => ({
      status,
      headers: { "content-type": "text/html" },
      body: Buffer.from(`<html><head><title>${status}</title></head></html>`),
    })),
  ),
  refusal("401 Invalid username or password", 401, { error: "Invalid username or password." }),
  refusal("401 Invalid credentials", 401, { error: "Invalid credentials in Authorization header" }),
  refusal("401 expired", 401, { error: 'User Access Token "ci" is expired' }),
  refusal("401 without a body", 401, {}, { "x-error-message": "Invalid credentials" }),
  refusal("403 role", 403, { error: "Forbidden: you need the role admin" }),
  refusal("403 approval", 403, {
    error:
      "Due to the organization token policy, your token needs to be approved by the organization before you can access this resource.",
  }),
  refusal("403 revoked", 403, {
    error:
      "Your token has been revoked by the organization administrator, you can no longer access organization resources. Please contact them for more information.",
  }),
  refusal("403 as a page", 403, "<html><head><title>Forbidden</title></head></html>"),
  refusal("402", 402, { error: "Payment required: this needs the Enterprise plan" }),
  refusal("404", 404, { error: "Not found" }),
  refusal("404 with a code", 404, { error: "Repository not found" }, { "x-error-code": "RepoNotFound" }),
  refusal("404 as a page", 404, "<html><head><title>404 - Hugging Face</title></head></html>"),
  refusal("409", 409, { error: "Conflict" }),
  refusal("422", 422, { errors: [{ message: "Unprocessable" }] }),
  refusal("a list of errors", 400, { error: ["first", "second"] }),
  refusal("an error with a description", 400, { error: "invalid_request", error_description: "try another" }),
  refusal("a redirect to another origin", 302, "", { location: "http://127.0.0.1:9/elsewhere" }),
  {
    name: "a redirect to itself",
    committed: false,
    act({ response, origin, path }) {
      response.writeHead(307, { location: `${origin}${path}` });
      response.end();
    },
  },
  refusal("200 with a page instead of JSON", 200, HTML),
  instead("a page instead of the answer, after the Hub carried out the request", (answer) => ({
    ...answer,
    status: 200,
    headers: { "content-type": "text/html" },
    body: Buffer.from(HTML),
  })),
  instead("200 with nothing", (answer) => ({ ...answer, status: 200, body: Buffer.alloc(0) })),
  instead("truncated JSON", (answer) => ({
    ...answer,
    body: answer.body.subarray(0, Math.floor(answer.body.length / 2)),
  })),
  instead("invalid JSON", (answer) =>
    answer.status === 204
      ? answer
      : { ...answer, body: Buffer.from(`{'not': json,}${answer.body.toString()}`) },
  ),
  instead("bytes that are not text", (answer) =>
    answer.status === 204 ? answer : { ...answer, body: Buffer.from([0xff, 0xfe, 0, 1, 2, 0xc3, 0x28]) },
  ),
  changed("a list instead of an object, an object instead of a list", (value) =>
    Array.isArray(value) ? {} : [value],
  ),
  changed("null", () => null),
  changed("a number", () => 7),
  ...Array.from({ length: FIELDS }, (_, n) =>
    changed(`field ${n + 1} has another type`, (value) => {
      const at = nthKey(value, n);
      if (at) at[0][at[1]] = typeof at[0][at[1]] === "object" ? 17 : { "": [] };
      return value;
    }),
  ),
  ...Array.from({ length: FIELDS }, (_, n) =>
    changed(`field ${n + 1} is missing`, (value) => {
      const at = nthKey(value, n);
      // The Hub itself may leave these fields out: for a token that was never used, and for an account without
      // tokens.
      if (at && !["lastUsedAt", "lastUsed", "accessTokens"].includes(at[1])) delete at[0][at[1]];
      return value;
    }),
  ),
  changed(
    "unknown fields",
    (value) => {
      const items = Array.isArray(value) ? (value as unknown[]) : (entriesOf(value) ?? [value]);
      for (const each of items) {
        const object = subject(each);
        if (object) Object.assign(object, { brandNew: { nested: [1, "2"] }, constructor: "x", toString: 1 });
      }
      return value;
    },
    { harmless: true },
  ),
  {
    name: "an endless answer",
    committed: true,
    async act({ forward: carryOut, response }) {
      const { status, headers } = await carryOut();
      response.writeHead(status === 204 ? 200 : status, headers);
      const chunk = Buffer.alloc(64 * 1024, 0x20);
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", more);
      more();
    },
  },
  {
    name: "a gzip bomb",
    committed: true,
    async act({ forward: carryOut, response }) {
      const { status, headers } = await carryOut();
      response.writeHead(status === 204 ? 200 : status, { ...headers, "content-encoding": "gzip" });
      response.end(gzipBomb);
    },
  },
  instead("invalid gzip", (answer) => ({
    ...answer,
    headers: { ...answer.headers, ...(answer.status !== 204 && { "content-encoding": "gzip" }) },
  })),
  instead("an encoding that was not requested", (answer) => ({
    ...answer,
    headers: { ...answer.headers, ...(answer.status !== 204 && { "content-encoding": "compress" }) },
  })),
  {
    name: "a Link to the same page",
    committed: true,
    async act(passing) {
      const answer = await passing.forward();
      const link = `<${passing.origin}${passing.path}?${passing.query}>; rel="next"`;
      send(passing, { ...answer, headers: { ...answer.headers, link } });
    },
  },
  {
    name: "endless Links",
    committed: true,
    async act(passing) {
      const answer = await passing.forward();
      const link = `<${passing.origin}${passing.path}?cursor=${Math.random()}>; rel="next"`;
      send(passing, { ...answer, headers: { ...answer.headers, link } });
    },
  },
  instead("a Link to another origin", (answer) => ({
    ...answer,
    headers: { ...answer.headers, link: '<http://127.0.0.1:9/api>; rel="next"' },
  })),
];

/** The fault with this name. */
export function faultNamed(name: string): Fault {
  const fault = FAULTS.find((each) => each.name === name);
  if (!fault) throw new Error(`There is no fault "${name}".`);
  return fault;
}

/** A closed port, and a port that accepts connections but never answers. */
export interface DeadEnds {
  closed: number;
  mute: number;
  close(): Promise<void>;
}

export async function startDeadEnds(): Promise<DeadEnds> {
  const sockets = new Set<net.Socket>();
  const mute = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    socket.resume();
  });
  mute.listen(0, "127.0.0.1");
  await once(mute, "listening");
  const closed = net.createServer();
  closed.listen(0, "127.0.0.1");
  await once(closed, "listening");
  const { port } = closed.address() as net.AddressInfo;
  closed.close();
  await once(closed, "close");
  return {
    closed: port,
    mute: (mute.address() as net.AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      mute.close();
      await once(mute, "close");
    },
  };
}

/** The real transport with a fault for the n-th request of a run, or for all from the n-th on. */
export class FaultyWay implements Transport {
  /** How many requests have been sent. */
  calls = 0;
  /** How many requests met the fault. */
  hits = 0;
  /** The longest duration of a request, in milliseconds. */
  longest = 0;
  readonly #real = new AxiosTransport();

  constructor(
    private readonly deadEnds: DeadEnds,
    private readonly plan?: { fault: Fault; at: number; lasting: boolean },
  ) {}

  async send(request: TransportRequest): ReturnType<Transport["send"]> {
    const call = this.calls++;
    const { plan } = this;
    const hit = plan && (plan.lasting ? call >= plan.at : call === plan.at);
    const began = Date.now();
    try {
      if (!hit) return await this.#real.send(request);
      this.hits += 1;
      const { fault } = plan;
      const url = new URL(request.url);
      if (fault.way === "refused") url.port = String(this.deadEnds.closed);
      else if (fault.way === "mute") {
        // With https, the connection is not ready before the handshake, which never comes.
        url.protocol = "https:";
        url.port = String(this.deadEnds.mute);
      } else {
        return await this.#real.send({
          ...request,
          headers: { ...request.headers, [FAULT_HEADER]: fault.name },
        });
      }
      return await this.#real.send({ ...request, url: url.href });
    } finally {
      this.longest = Math.max(this.longest, Date.now() - began);
    }
  }

  close(): void {
    this.#real.close();
  }
}
