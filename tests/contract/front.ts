// A proxy in front of the local Hub. It forwards everything unchanged and checks it against the document.
import * as http from "node:http";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { closeServer, listen } from "../support/httpServer";
import { type Checker } from "./check";
import { type Exchange, type Recorder } from "./record";

/** The header that marks an answer that a test injected. The front removes it. */
export const INJECTED = "x-injected-fault";

/** A running front. */
export interface Front {
  /** Replaces the Hub's own endpoint. */
  endpoint: string;
  close(): Promise<void>;
}

/** Starts a front for the Hub at an endpoint. */
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
        // `Host` is kept: the Hub builds the links to the next pages from it, so they lead through the front too.
        headers: request.rawHeaders as unknown as http.OutgoingHttpHeaders,
        agent: false,
      });
      response.once("close", () => forwarded.destroy());
      // If the Hub breaks a connection, the client's connection breaks too.
      forwarded.once("error", () => response.destroy());
      forwarded.once("response", (answer) => {
        const seen = (body: Buffer) => record(exchangeOf(checker, request, sent, answer, body));
        pass(answer, response, seen).catch(() => response.destroy());
      });
      forwarded.end(sent);
    });
  });
  // The client decides when an idle connection ends, as without a front.
  server.keepAliveTimeout = 0;
  const endpoint = await listen(server);
  return { endpoint, close: () => closeServer(server) };
}

/** Forwards an answer as it arrives. Calls `seen` with the whole answer before the client receives the end. */
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
  // Node.js accepts a raw list of headers here, but its types do not.
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
  // Tests send bad requests on purpose, so a refused request proves nothing.
  if (status >= 200 && status < 300) {
    const found = checker.request(match, { query: searchParams, body: parse(sent) });
    exchange.request = folded(found.violations);
    exchange.beyond = folded(found.beyond);
  }
  const text = decoded(received, answer.headers["content-encoding"]);
  exchange.answer = folded(checker.answer(match.operation, status, parse(text)));
  // With `expand`, the Hub returns only the selected fields.
  if (
    match.operation.origin === "clients" &&
    [...searchParams.keys()].some((name) => /^expand(\[\])?$/.test(name))
  ) {
    exchange.answer = exchange.answer.filter((problem) => !problem.includes(": wanted the field "));
  }
  return exchange;
}

/** Reports each problem once for all items of a list. */
function folded(problems: string[]): string[] {
  return [...new Set(problems.map((problem) => problem.replace(/(?<=\/)\d+(?=[/:])/g, "*")))];
}

/** The official Python client does not put its own name first. */
function clientOf(userAgent: string): string {
  if (userAgent.includes("hf_hub/")) return "huggingface_hub";
  return userAgent.split(/[\s/;]/)[0] || "unnamed";
}

/** Parsed JSON, or text if it is not JSON; undefined for an empty body. */
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
