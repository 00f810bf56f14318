import type * as AxiosModule from "axios";
import type { AxiosResponse } from "axios";
import * as http from "node:http";
import * as https from "node:https";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { TLSSocket } from "node:tls";
import { isLoopback } from "./endpoint";
import { type FailureKind } from "./retry";

/** One HTTP request of a {@link Transport}. */
export interface TransportRequest {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** Milliseconds for connecting: DNS, proxy, TCP and TLS. */
  connectTimeoutMs: number;
  /** Milliseconds after connecting to the end of the answer, or to its headers if `idleTimeoutMs` is set. */
  answerTimeoutMs: number;
  /** Makes the body a stream without a time limit for the whole. The value is the longest time in milliseconds without a byte. */
  idleTimeoutMs?: number;
  /**
   * Whether to open a new connection. Use it for a request that must not be repeated: if the server has just closed a kept connection, the outcome is unclear.
   */
  freshConnection?: boolean;
  /** Cancels the request. */
  signal?: AbortSignal;
}

/** An HTTP answer of a {@link Transport} after its headers have arrived. */
export interface TransportAnswer {
  status: number;
  /** The headers, with names in lower case. Repeated headers are joined by a comma. */
  headers: Readonly<Record<string, string>>;
  /**
   * The decompressed body. Read it only once. It fails with a {@link TransportFailure}, and ending the iteration early closes the
   * connection.
   */
  body: AsyncIterable<Uint8Array>;
  /** Closes the connection if the body is not needed. */
  cancel(): void;
}

/** Sends one HTTP request and returns its answer, without retries and redirects, and whatever the status is. */
export interface Transport {
  /**
   * Sends one request.
   *
   * @throws TransportFailure if no answer came
   */
  send(request: TransportRequest): Promise<TransportAnswer>;
  /** Closes idle connections. */
  close(): void;
}

/** A failure without an answer or with an incomplete answer. The message does not contain the request. */
export class TransportFailure extends Error {
  override readonly name = "TransportFailure";

  /**
   * Creates a failure.
   *
   * @param kind - how the request failed
   * @param mayHaveArrived - whether the Hub may have received the request
   * @param detail - the system's code, such as `ECONNRESET`
   */
  constructor(
    readonly kind: FailureKind,
    readonly mayHaveArrived: boolean,
    readonly detail?: string,
  ) {
    super(detail === undefined ? kind : `${kind} (${detail})`);
  }
}

type Sender = { request(config: object): Promise<AxiosResponse<Readable>> };

/** A transport that uses axios with kept-alive connections. It loads axios with its first request. */
export class AxiosTransport implements Transport {
  #sender: Sender | undefined;
  #agents: { http: http.Agent; https: https.Agent } | undefined;

  async send(request: TransportRequest): Promise<TransportAnswer> {
    this.#sender ??= newSender();
    const watch = new Watch(request);
    let answer: AxiosResponse<Readable>;
    try {
      answer = await this.#sender.request({
        ...this.#agentsFor(request),
        method: request.method,
        url: request.url,
        // Without this, axios would send a form's type even without a body, and a Hub would refuse it.
        headers: { "Content-Type": false, ...request.headers },
        data: request.body,
        signal: watch.signal,
        transport: {
          request: (options: http.RequestOptions, done: OnResponse) => watch.start(options, done),
        },
        // The proxy in the environment is not for requests to this machine.
        proxy: isLoopback(new URL(request.url).hostname) ? false : undefined,
      });
    } catch (error) {
      throw watch.end(error);
    }
    return watch.answer(answer);
  }

  close(): void {
    this.#agents?.http.destroy();
    this.#agents?.https.destroy();
  }

  #agentsFor(request: TransportRequest): { httpAgent: http.Agent; httpsAgent: https.Agent } {
    if (request.freshConnection) {
      return { httpAgent: new http.Agent(), httpsAgent: new https.Agent() };
    }
    this.#agents ??= {
      http: new http.Agent({ keepAlive: true }),
      https: new https.Agent({ keepAlive: true }),
    };
    return { httpAgent: this.#agents.http, httpsAgent: this.#agents.https };
  }
}

type OnResponse = (response: http.IncomingMessage) => void;

function newSender(): Sender {
  // Loaded here, because most processes that import the library send no request.

  const { Axios } = require("axios") as typeof AxiosModule;
  // `Axios` and not `axios.create`, so that a program's settings on the shared instance (interceptors, a base URL, headers) do not see
  // or change our requests.
  return new Axios({
    adapter: "http",
    responseType: "stream",
    // The caller handles redirects, so that the token does not go to another origin.
    maxRedirects: 0,
    // The limits on time and size are in this library, because they are different for streams.
    timeout: 0,
    maxContentLength: -1,
    maxBodyLength: -1,
  });
}

/** Watches the time limits of one request, and knows how far it got when it fails. */
class Watch {
  readonly #abort = new AbortController();
  readonly #request: TransportRequest;
  readonly #onUserAbort = (): void => this.#stop("aborted");
  #timer: NodeJS.Timeout | undefined;
  #stopped: FailureKind | undefined;
  #connected = false;
  #sent: http.ClientRequest | undefined;
  #body: Readable | undefined;

  constructor(request: TransportRequest) {
    this.#request = request;
    if (request.signal?.aborted) this.#stop("aborted");
    request.signal?.addEventListener("abort", this.#onUserAbort, { once: true });
    this.#arm("connect_timeout", request.connectTimeoutMs);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Sends the request with the module of Node.js, and notices when the connection is open. */
  start(options: http.RequestOptions, done: OnResponse): http.ClientRequest {
    const encrypted = options.protocol === "https:";
    const { open, secret } = withoutSecrets(options.headers as Headers | undefined);
    const sent = (encrypted ? https : http).request({ ...options, headers: open }, done);
    for (const [name, value] of secret) sent.setHeader(name, value);
    this.#sent = sent;
    sent.once("socket", (socket: Socket & Partial<TLSSocket>) => {
      if (!socket.connecting && (!encrypted || sent.reusedSocket || isEncrypted(socket))) {
        return this.#onConnected();
      }
      socket.once(encrypted ? "secureConnect" : "connect", () => this.#onConnected());
    });
    return sent;
  }

  answer(answer: AxiosResponse<Readable>): TransportAnswer {
    const body = answer.data;
    this.#body = body;
    // A cancelled answer may still fail, and no one handles that error.
    body.on("error", () => {});
    return {
      status: answer.status,
      headers: plainHeaders(answer.headers),
      body: { [Symbol.asyncIterator]: () => this.#read(body) },
      cancel: () => this.#finish(true),
    };
  }

  /** Ends the watch after a failed request. */
  end(error: unknown): TransportFailure {
    const failure = this.#failureOf(error);
    this.#finish(true);
    return failure;
  }

  async *#read(body: Readable): AsyncGenerator<Uint8Array, void, undefined> {
    const idleMs = this.#request.idleTimeoutMs;
    let complete = false;
    try {
      const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
      for (;;) {
        // The time limit runs only while the client waits for the Hub, not while the Hub waits for the client.
        if (idleMs !== undefined) this.#arm("timeout", idleMs);
        const next = await chunks.next();
        if (idleMs !== undefined) clearTimeout(this.#timer);
        if (this.#stopped) throw new Error(this.#stopped);
        if (next.done) break;
        yield next.value;
      }
      complete = true;
    } catch (error) {
      throw this.#failureOf(error);
    } finally {
      this.#finish(!complete);
    }
  }

  #onConnected(): void {
    this.#connected = true;
    // guard: answer-timeout
    if (!this.#stopped) this.#arm("timeout", this.#request.answerTimeoutMs);
  }

  #arm(kind: FailureKind, ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#stop(kind), Math.min(ms, 2 ** 31 - 1));
  }

  #stop(kind: FailureKind): void {
    this.#stopped ??= kind;
    this.#abort.abort();
    this.#body?.destroy(new Error(kind));
    this.#sent?.destroy();
  }

  #finish(close: boolean): void {
    clearTimeout(this.#timer);
    this.#request.signal?.removeEventListener("abort", this.#onUserAbort);
    if (!close) return;
    this.#body?.destroy();
    this.#sent?.destroy();
  }

  #failureOf(error: unknown): TransportFailure {
    const code = codeOf(error);
    const kind = this.#stopped ?? kindOf(code, this.#connected);
    return new TransportFailure(kind, this.#connected, this.#stopped ? undefined : code);
  }
}

type Headers = Record<string, string>;

/** Separates secret headers. With `NODE_DEBUG=http` Node.js prints a request's options, but not headers that are set later. */
function withoutSecrets(headers: Headers = {}): { open: Headers; secret: [string, string][] } {
  const isSecret = ([name]: [string, string]): boolean => /^(?:proxy-)?authorization$/i.test(name);
  const all = Object.entries(headers);
  // guard: headers-unprinted
  return { open: Object.fromEntries(all.filter((each) => !isSecret(each))), secret: all.filter(isSecret) };
}

/** Whether the TLS handshake is complete. A socket that is not a TLS socket comes from a proxy's agent, which waits for it itself. */
function isEncrypted(socket: Partial<TLSSocket>): boolean {
  if (typeof socket.getProtocol !== "function") return true;
  const protocol = socket.getProtocol();
  return protocol !== null && protocol !== "unknown";
}

function plainHeaders(headers: AxiosResponse["headers"]): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const text: unknown = value;
    if (typeof text === "string") plain[name.toLowerCase()] = text;
    else if (Array.isArray(text)) plain[name.toLowerCase()] = text.join(", ");
  }
  return plain;
}

/** The system's code of an error, a word in capital letters. Its message is not used, because it may contain passwords. */
function codeOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "string" && /^[A-Z0-9_]{1,60}$/.test(code) ? code : undefined;
}

function kindOf(code: string | undefined, connected: boolean): FailureKind {
  if (code === "ECONNREFUSED") return "refused";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "EAI_FAIL") return "dns";
  if (
    !connected &&
    code !== undefined &&
    /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)|_CERT/.test(code)
  ) {
    return "tls";
  }
  return connected ? "reset" : "unreachable";
}
