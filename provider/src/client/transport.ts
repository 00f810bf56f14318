import type * as AxiosModule from "axios";
import type { AxiosResponse } from "axios";
import * as http from "node:http";
import * as https from "node:https";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { TLSSocket } from "node:tls";
import { isLoopback } from "./endpoint";
import { type FailureKind } from "./retry";

/** One request, ready to be sent. */
export interface TransportRequest {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** Milliseconds for the way to the Hub: name, proxy, TCP and TLS. */
  connectTimeoutMs: number;
  /** Milliseconds from then on to the end of the answer, or to its headers where `idleTimeoutMs` is given. */
  answerTimeoutMs: number;
  /** Makes the body a stream without a limit in whole: the most milliseconds without a byte. */
  idleTimeoutMs?: number;
  /**
   * Asks for a new connection. A kept one may have been closed by the other side just now; where a request must not
   * be repeated, that would leave its outcome unknown for nothing.
   */
  freshConnection?: boolean;
  signal?: AbortSignal;
}

/** An answer whose headers have come. */
export interface TransportAnswer {
  status: number;
  /** Names in lower case; repeated headers joined by a comma. */
  headers: Readonly<Record<string, string>>;
  /** Decompressed, once. Fails with a {@link TransportFailure}. Ending the iteration early closes the connection. */
  body: AsyncIterable<Uint8Array>;
  /** Closes the connection where the body is not wanted. */
  cancel(): void;
}

/** Carries one request to a Hub and its answer back: no retries, no redirects, no opinion about statuses. */
export interface Transport {
  /** @throws TransportFailure where no answer came */
  send(request: TransportRequest): Promise<TransportAnswer>;
  /** Closes idle connections. */
  close(): void;
}

/** No answer, or an answer that broke off. Says nothing of what was sent. */
export class TransportFailure extends Error {
  override readonly name = "TransportFailure";

  /**
   * @param mayHaveArrived - whether the Hub can have seen the request
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

/** The transport over axios with kept-alive connections. Loads axios at its first request. */
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
        // Without a body axios would still name a form's type, which a Hub refuses.
        headers: { "Content-Type": false, ...request.headers },
        data: request.body,
        signal: watch.signal,
        transport: {
          request: (options: http.RequestOptions, done: OnResponse) => watch.start(options, done),
        },
        // A proxy of the environment is for the way out, not for this machine.
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
  // Most processes that import the library never send anything, and need not wait for axios to load.

  const { Axios } = require("axios") as typeof AxiosModule;
  // `Axios` and not `axios.create`: what a program has set on the shared instance (interceptors, a base URL, headers)
  // must neither see our requests nor change them.
  return new Axios({
    adapter: "http",
    responseType: "stream",
    // The token must not follow a redirect; the caller decides about those.
    maxRedirects: 0,
    // The limits on time and size are ours, because they differ for streams.
    timeout: 0,
    maxContentLength: -1,
    maxBodyLength: -1,
  });
}

/** The clock over one exchange, and what it knows when the exchange fails. */
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

  /** Sends the request over the system's own module, and learns when the way to the Hub is open. */
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
    // An answer that is given up may still fail; nobody asks any more.
    body.on("error", () => {});
    return {
      status: answer.status,
      headers: plainHeaders(answer.headers),
      body: { [Symbol.asyncIterator]: () => this.#read(body) },
      cancel: () => this.#finish(true),
    };
  }

  /** Ends the watch over a failed exchange. */
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
        // The clock runs only while we wait for the Hub, never while the Hub waits for us.
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

/** With `NODE_DEBUG=http` or `net`, Node.js prints the options of a request, but no header that is set on the request itself. */
function withoutSecrets(headers: Headers = {}): { open: Headers; secret: [string, string][] } {
  const isSecret = ([name]: [string, string]): boolean => /^(?:proxy-)?authorization$/i.test(name);
  const all = Object.entries(headers);
  // guard: headers-unprinted
  return { open: Object.fromEntries(all.filter((each) => !isSecret(each))), secret: all.filter(isSecret) };
}

/** Whether the handshake is over. What is no TLS socket comes from a proxy's agent, which waits for it itself. */
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

/** The system's code of an error: a word in capitals; never its message, which may hold addresses with passwords. */
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
