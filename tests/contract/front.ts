// A proxy before the local Hub. It changes nothing, and checks all that passes against the document.
import { once } from "node:events";
import * as http from "node:http";
import { type AddressInfo } from "node:net";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { type Checker } from "./check";
import { type Exchange, type Recorder } from "./record";

/** The header by which a test's own answer is recognized; it does not leave the front. */
export const INJECTED = "x-injected-fault";

/** A front that listens. */
export interface Front {
  /** To be used instead of the Hub's own endpoint. */
  endpoint: string;
  close(): Promise<void>;
}

/** Starts a front before the Hub at an endpoint. */
export async function startFront(hub: string, checker: Checker, record: Recorder): Promise<Front> {
  const { hostname, port } = new URL(hub);
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", () => response.destroy());
    request.on("end", () => {
      const sent = Buffer.concat(chunks);
      const forwarded = http.request({
        hostname,
        port,
        method: request.method,
        path: request.url,
        // `Host` is kept: the Hub builds the addresses of further pages from it, so they lead through the front too.
        headers: request.rawHeaders as unknown as http.OutgoingHttpHeaders,
        agent: false,
      });
      response.once("close", () => forwarded.destroy());
      // Where the Hub breaks a connection, the client's breaks too.
      forwarded.once("error", () => response.destroy());
      forwarded.once("response", (answer) => {
        const seen = (body: Buffer) => record(exchangeOf(checker, request, sent, answer, body));
        pass(answer, response, seen).catch(() => response.destroy());
      });
      forwarded.end(sent);
    });
  });
  // The client decides when an idle connection ends, as it does without a front.
  server.keepAliveTimeout = 0;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Hands an answer on as it comes. `seen` is called with all of it before the client has its end. */
async function pass(
  answer: http.IncomingMessage,
  response: http.ServerResponse,
  seen: (body: Buffer) => void,
): Promise<void> {
  const chunks: Buffer[] = [];
  const headers = answer.rawHeaders.filter((_, index, all) => {
    const name = all[index - (index % 2)] as string;
    return name.toLowerCase() !== INJECTED;
  });
  // A raw list of headers is allowed here, but not in the types.
  response.writeHead(
    answer.statusCode as number,
    answer.statusMessage,
    headers as unknown as http.OutgoingHttpHeader[],
  );
  const watch = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done(null, chunk);
    },
    flush(done) {
      try {
        seen(Buffer.concat(chunks));
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
  await pipeline(answer, watch, response);
}

function exchangeOf(
  checker: Checker,
  request: http.IncomingMessage,
  sent: Buffer,
  answer: http.IncomingMessage,
  received: Buffer,
): Exchange {
  const { method = "", url = "" } = request;
  const { pathname, searchParams } = new URL(url, "http://localhost");
  const status = answer.statusCode as number;
  const exchange: Exchange = {
    method,
    path: pathname,
    status,
    client: clientOf(request.headers["user-agent"] ?? ""),
    request: [],
    beyond: [],
    answer: [],
    ...(answer.headers[INJECTED] !== undefined && { injected: true }),
  };
  const match = checker.document.match(method, pathname);
  if (!match) return exchange;
  exchange.operation = match.operation.id;
  if (exchange.injected) return exchange;
  // Tests send bad requests on purpose: a refused one proves nothing.
  if (status >= 200 && status < 300) {
    const found = checker.request(match, { query: searchParams, body: parse(sent) });
    exchange.request = folded(found.violations);
    exchange.beyond = folded(found.beyond);
  }
  const text = decoded(received, answer.headers["content-encoding"]);
  exchange.answer = folded(checker.answer(match.operation, status, parse(text)));
  // With `expand`, the Hub answers only what it names.
  if (
    match.operation.origin === "clients" &&
    [...searchParams.keys()].some((name) => /^expand(\[\])?$/.test(name))
  ) {
    exchange.answer = exchange.answer.filter((problem) => !problem.includes(": wanted the field "));
  }
  return exchange;
}

/** Each problem once for all items of a list. */
function folded(problems: string[]): string[] {
  return [...new Set(problems.map((problem) => problem.replace(/(?<=\/)\d+(?=[/:])/g, "*")))];
}

/** The official Python client does not name itself first. */
function clientOf(userAgent: string): string {
  if (userAgent.includes("hf_hub/")) return "huggingface_hub";
  return userAgent.split(/[\s/;]/)[0] || "unnamed";
}

/** JSON, or what is not JSON as text; undefined for nothing. */
function parse(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  const text = body.toString("utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function decoded(body: Buffer, encoding: string | undefined): Buffer {
  if (body.length === 0) return body;
  if (encoding === "gzip") return gunzipSync(body);
  if (encoding === "br") return brotliDecompressSync(body);
  return encoding === "deflate" ? inflateSync(body) : body;
}
