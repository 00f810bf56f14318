import { type Call, isRepeatable } from "./call";
import { sameOrigin } from "./endpoint";
import { type Failures } from "./failures";
import { type Pacer } from "./pacer";
import { parseRateLimit } from "./retry";
import { type RequesterSettings } from "./settings";
import { type TransportAnswer, type TransportRequest } from "./transport";

const MAX_REDIRECTS = 3;

/** A call that is ready to be sent. */
export interface Sending {
  call: Call;
  url: string;
  token: string | undefined;
  /** Whether the body is streamed and has no time limit for the whole. */
  streamed: boolean;
  /** Gets the result of the request. */
  pacer: Pacer;
}

/** An answer with its URL. */
export interface Exchanged {
  answer: TransportAnswer;
  url: string;
}

/** Sends one request and returns its answer. Redirects of a GET request within the same origin are followed. */
export async function exchange(
  sending: Sending,
  settings: RequesterSettings,
  failures: Failures,
): Promise<Exchanged> {
  const { call, pacer } = sending;
  let url = sending.url;
  for (let redirects = 0; ; redirects++) {
    let answer: TransportAnswer | undefined;
    try {
      answer = await settings.transport.send(requestFor(sending, url, settings));
    } finally {
      if (redirects === 0) pacer.answered(answer && parseRateLimit(answer.headers));
    }
    const encoding = answer.headers["content-encoding"];
    if (encoding !== undefined && encoding !== "identity" && answer.status !== 204) {
      answer.cancel();
      throw failures.foreignEncoding(call, answer);
    }
    if (answer.status < 300 || answer.status >= 400) return { answer, url };
    answer.cancel();
    const target = redirects < MAX_REDIRECTS ? redirectTarget(answer, url) : undefined;
    const elsewhere = target !== undefined && !sameOrigin(target, settings.endpoint);
    // guard: redirect-origin
    if (call.method !== "GET" || !target || elsewhere) throw failures.redirect(call, answer, elsewhere);
    url = target.href;
  }
}

function requestFor(
  { call, token, streamed }: Sending,
  url: string,
  { timeoutMs, userAgent, signal }: RequesterSettings,
): TransportRequest {
  return {
    method: call.method,
    url,
    headers: {
      Accept: "application/json",
      // Set explicitly, so that only encodings come that this client limits and checks.
      "Accept-Encoding": "gzip, br",
      "User-Agent": userAgent,
      ...(call.body !== undefined && { "Content-Type": "application/json" }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
    ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    connectTimeoutMs: timeoutMs,
    answerTimeoutMs: timeoutMs,
    ...(streamed && { idleTimeoutMs: timeoutMs }),
    freshConnection: !isRepeatable(call),
    ...(signal && { signal }),
  };
}

function redirectTarget(answer: TransportAnswer, from: string): URL | undefined {
  const location = answer.headers["location"];
  if (location === undefined) return undefined;
  try {
    return new URL(location, from);
  } catch {
    return undefined;
  }
}

/** Reads the text of an answer; `undefined` if it has more than `maxBytes`. The rest is not read. */
export async function readText(answer: TransportAnswer, maxBytes: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.length;
    // guard: body-limit
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
}
