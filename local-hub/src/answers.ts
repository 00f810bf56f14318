import { type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { WireError } from "./errors.js";
import { type Answer, type Principal, type Route } from "./route.js";
import { type Schema } from "./schema.js";
import { problems } from "./validation.js";

/** A request and its response. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** Value of the header `X-Request-Id`. */
  id: string;
  /** The sender of the request. Undefined until the token is checked, and for requests without a token. */
  principal?: Principal;
}

export const JSON_TYPE = "application/json; charset=utf-8";

/** The size of one chunk of a stream. */
const CHUNK_CHARACTERS = 32 * 1024;

/** Sends a text, or only a status and headers. */
export function sendText(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  text?: string,
): void {
  response.writeHead(status, {
    ...headers,
    ...(status !== 204 && { "content-length": Buffer.byteLength(text ?? "") }),
  });
  response.end(text);
}

/** Sends the answer of a route. */
export function sendAnswer({ request, response }: Exchange, answer: Answer, schema?: Schema | null): void {
  const { status, body, entries, headers = {} } = answer;
  if (entries) return sendEntries(request, response, { status, headers, entries }, schema);
  if (body === undefined) return sendText(response, status, headers);
  sendText(response, status, { "content-type": JSON_TYPE, ...headers }, JSON.stringify(body));
}

/**
 * Compares an answer with the schema of its route.
 *
 * @throws An `Error` if it does not match.
 */
export function checkAnswer(route: Route, answer: Answer): void {
  const schema = route.answers[answer.status];
  const what = `${route.method} ${route.url} answered ${answer.status}`;
  if (schema === undefined) throw new Error(`${what}, which the route does not declare`);
  if (answer.entries) return;
  if (schema === null) {
    if (answer.body !== undefined) throw new Error(`${what} with a body, and its route declares none`);
    return;
  }
  const found = problems(schema, answer.body);
  if (found.length) throw new Error(`${what} against its schema: ${found.join("; ")}`);
}

function sendEntries(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, entries }: Answer & { entries: Iterable<unknown> },
  schema: Schema | null | undefined,
): void {
  const source = Readable.from(arrayChunks(entries, schema?.items as Schema | undefined), {
    objectMode: false,
  });
  const gzipped = acceptsGzip(request.headers["accept-encoding"]);
  response.writeHead(status, {
    "content-type": JSON_TYPE,
    vary: "Accept-Encoding",
    ...headers,
    ...(gzipped && { "content-encoding": "gzip" }),
  });
  // A failure breaks the connection, so that the client does not mistake a part for the whole answer.
  const done = (): void => undefined;
  // On one machine, speed matters more than size.
  if (gzipped) pipeline(source, createGzip({ level: 1 }), response, done);
  else pipeline(source, response, done);
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

/** Sends an error as the Hub does. */
export function sendError({ response }: Exchange, { status, message, code, details }: WireError): void {
  const headers = {
    "content-type": JSON_TYPE,
    "x-error-message": headerSafe(message),
    ...(code && { "x-error-code": code }),
  };
  sendText(response, status, headers, JSON.stringify({ error: message, ...details }));
}

/** Converts an error for the client. Internal errors become a status 500 without details. */
export function toWire(error: unknown): WireError {
  if (error instanceof WireError) return error;
  return new WireError(500, "Internal Error - We're working hard to fix this as soon as possible!");
}

/** Replaces characters that a header cannot contain. */
function headerSafe(message: string): string {
  return message.replace(/[^\x20-\x7e]+/g, " ");
}
