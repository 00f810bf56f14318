import { sameOrigin } from "./endpoint";
import {
  type AskedFor,
  errorFromAnswer,
  type HubError,
  hubError,
  HOW_TO_SET_A_TOKEN,
  requestIdOf,
} from "./errors";
import { Pacer } from "./pacer";
import { Pages, PagingError } from "./paging";
import { urlOf } from "./paths";
import { type Redact, redactor } from "./redact";
import {
  decideRetry,
  type FailureKind,
  longestRetrying,
  parseRateLimit,
  type RetryDecision,
  type RetryQuestion,
  spread,
} from "./retry";
import { parseAnswer, type Reader, ShapeError } from "./shape";
import { type Transport, type TransportAnswer, TransportFailure } from "./transport";
import { type HubNotice } from "./types";

/** One operation of the Hub, without the answer's form. */
export interface Call {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Begins with `/`, its parts encoded. */
  path: string;
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: object;
  /** Default: every method but POST. */
  repeatable?: boolean;
  /** Default `true`. */
  authenticated?: boolean;
  /** Values in the body that no text may repeat. */
  secrets?: readonly (string | undefined)[];
  advice?: AskedFor["advice"];
  /** Whether the Hub counts it apart from all other requests. */
  limitedApart?: boolean;
}

/** What a {@link Requester} is set up with; all of it checked and with defaults filled in. */
export interface RequesterOptions {
  endpoint: string;
  /** The token, or where to look for it, before the first request. */
  token: () => string | undefined;
  /** What the token came from, in words. */
  tokenSource?: () => string | undefined;
  timeoutMs: number;
  maxRetries: number;
  /** The longest wait before one try. */
  maxWaitMs: number;
  maxBodyBytes: number;
  maxEntryBytes: number;
  userAgent: string;
  /** What no text may repeat, beside the token and the secrets of a call. */
  secrets?: () => readonly string[];
  notify: (notice: HubNotice) => void;
  signal?: AbortSignal;
  transport: Transport;
  world: World;
}

/** The clock and chance, so that tests need not wait. */
export interface World {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  random(): number;
}

interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  url: string;
}

/** A streamed page whose headers have come. */
export interface OpenPage {
  url: string;
  answer: TransportAnswer;
  /** Turns what goes wrong in the middle of the body into the error to throw. */
  failure(error: unknown): unknown;
}

const MOST_REDIRECTS = 3;
/** A list that is cut into pages may hold some without a row for us; one without an end holds nothing else. */
const MOST_EMPTY_PAGES = 100;
const LONGEST_ERROR_BODY = 64 * 1024;
/** Milliseconds of an outage in which nothing is said of it: most are over by then. */
const QUIET_MS = 2000;

const NO_ANSWER: Record<FailureKind, string> = {
  refused: "refuses connections",
  dns: "cannot be found",
  unreachable: "cannot be reached",
  connect_timeout: "cannot be reached",
  tls: "has a certificate that is not trusted",
  timeout: "does not answer in time",
  reset: "closes connections before it has answered",
  aborted: "was not waited for",
};

class TooLarge extends Error {}

/** Sends operations: token, pace, retries, redirects, limits, and one kind of error for all that can go wrong. */
export class Requester {
  readonly #options: RequesterOptions;
  readonly #pacer: Pacer;
  readonly #pacerApart: Pacer;
  #token: string | undefined;
  /** Since when no request was answered, and whether that was said: once for all requests that wait for the same. */
  #outage: { since: number; said: boolean } | undefined;

  constructor(options: RequesterOptions) {
    this.#options = options;
    const world = {
      now: () => options.world.now(),
      random: () => options.world.random(),
      sleep: (ms: number) => options.world.sleep(ms, options.signal),
      announce: (ms: number) =>
        options.notify({ severity: "info", message: `rate limited, resuming in ${Math.ceil(ms / 1000)} s` }),
    };
    this.#pacer = new Pacer(world);
    this.#pacerApart = new Pacer(world);
  }

  get maxEntryBytes(): number {
    return this.#options.maxEntryBytes;
  }

  /** Sends and reads an answer of a known form. */
  async json<T>(call: Call, reader: Reader<T>): Promise<T> {
    return this.#read(call, await this.#answer(call, this.#urlOf(call)), reader);
  }

  /** Sends; what a success says does not matter, but a page for people is none: something else than the Hub has answered. */
  async send(call: Call): Promise<void> {
    const answer = await this.#answer(call, this.#urlOf(call));
    const isPage = /^\s*</.test(answer.body) || /^text\/html\b/i.test(answer.headers["content-type"] ?? "");
    if (isPage && answer.status !== 204) {
      throw this.#unusable(call, answer, new ShapeError("it is a page and not JSON"));
    }
  }

  /** Reads a list to its end, over all its pages, or to the first `limit` items. */
  async all<T>(call: Call, reader: Reader<T[]>, limit = Infinity): Promise<T[]> {
    const items: T[] = [];
    let url: string | undefined = this.#urlOf(call);
    const pages = new Pages(this.#options.endpoint, url);
    let emptyPages = 0;
    while (url !== undefined && items.length < limit) {
      const answer = await this.#answer(call, url);
      const page = this.#read(call, answer, reader);
      for (const item of page) items.push(item);
      emptyPages = page.length === 0 ? emptyPages + 1 : 0;
      if (emptyPages > MOST_EMPTY_PAGES) {
        throw this.#error(call, {
          what: `The Hub's list for ${call.method} ${call.path} goes on after ${emptyPages} empty pages.`,
          code: "invalid_response",
          advice: "Run again later; if it stays so, the Hub's list has no end.",
        });
      }
      url = this.#nextPage(call, pages, answer.url, answer.headers["link"]);
    }
    return items.length > limit ? items.slice(0, limit) : items;
  }

  /** Opens each page of a streamed list in turn; the next one only after the consumer is done with this one. */
  async *open(call: Call): AsyncGenerator<OpenPage, void, undefined> {
    let url: string | undefined = this.#urlOf(call);
    const pages = new Pages(this.#options.endpoint, url);
    while (url !== undefined) {
      const page: OpenPage = await this.#withRetries(call, url, true, (answer, from) =>
        Promise.resolve({
          url: from,
          answer,
          failure: (error: unknown) => this.#brokenOff(call, answer, error),
        }),
      );
      yield page;
      url = this.#nextPage(call, pages, page.url, page.answer.headers["link"]);
    }
  }

  /** Runs something again that reads a stream to its end, as often and as slowly as a request would be repeated. */
  async repeating<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        const { code, retryable, status } = error as Partial<HubError>;
        const brokeOff =
          retryable === true && status === undefined && (code === "network" || code === "timeout");
        const decision = this.#decide({ repeatable: true, kind: brokeOff ? "reset" : "aborted", attempt });
        if (!decision.retry) throw error;
        await this.#wait(decision.delayMs);
      }
    }
  }

  close(): void {
    this.#options.transport.close();
  }

  #nextPage(call: Call, pages: Pages, url: string, link: string | undefined): string | undefined {
    try {
      return pages.next(url, link);
    } catch (error) {
      if (!(error instanceof PagingError)) throw error;
      throw this.#error(call, {
        what: error.message,
        code: error.foreign ? "endpoint_refused" : "invalid_response",
        advice: "Check that the endpoint is the address of a Hub, and run again later.",
      });
    }
  }

  #urlOf(call: Call): string {
    return urlOf(this.#options.endpoint, call.path, call.query);
  }

  async #answer(call: Call, url: string): Promise<Answer> {
    return this.#withRetries(call, url, false, async (answer, from) => ({
      status: answer.status,
      headers: answer.headers,
      body: await this.#readText(answer, this.#options.maxBodyBytes),
      url: from,
    }));
  }

  /** The loop. What it decides with is {@link decideRetry}; what is left here is to do it. */
  // axios-retry does not fit: it sits inside axios and sees headers only, while our answers also fail in the middle
  // of the body, which is read and bounded here; and the pace between tries is shared by all requests of a client.
  async #withRetries<T>(
    call: Call,
    url: string,
    streamed: boolean,
    use: (answer: TransportAnswer, url: string) => Promise<T>,
  ): Promise<T> {
    const token = call.authenticated === false ? undefined : this.#checkedToken();
    const redact = this.#redactorOf(call);
    const repeatable = call.repeatable ?? call.method !== "POST";
    const changes = call.method !== "GET";
    let outcomeUnknown = false;
    for (let attempt = 0; ; attempt++) {
      const pacer = call.limitedApart ? this.#pacerApart : this.#pacer;
      await this.#pace(call, pacer, outcomeUnknown);
      let status: number | undefined;
      let kind: FailureKind | undefined;
      let headers: Readonly<Record<string, string>> = {};
      let fail: (decision: RetryDecision) => HubError;
      try {
        const { answer, url: from } = await this.#exchange(call, url, token, repeatable, streamed, pacer);
        ({ status, headers } = answer);
        if (status < 500) this.#outage = undefined;
        if (status >= 200 && status < 300) return await use(answer, from);
        const body = await this.#readText(answer, LONGEST_ERROR_BODY).catch(() => "");
        // What an earlier try without an answer deleted is gone now, as it should be.
        if (status === 404 && call.method === "DELETE" && outcomeUnknown) {
          return await use({ ...answer, status: 204, body: nothing() }, from);
        }
        outcomeUnknown ||= changes && (status >= 500 || status === 408);
        const refused = { status, headers, body };
        fail = (decision) => this.#refusal(call, refused, decision, outcomeUnknown, redact);
      } catch (error) {
        if (error instanceof TransportFailure) {
          kind = error.kind;
          outcomeUnknown ||= changes && error.mayHaveArrived;
          const failure = error;
          status = undefined;
          fail = () => this.#unanswered(call, failure, outcomeUnknown, redact);
        } else if (error instanceof TooLarge) {
          throw this.#error(call, {
            what: `The Hub's answer to ${call.method} ${call.path} is larger than ${this.#options.maxBodyBytes} bytes; the rest of it was not read.`,
            code: "too_large",
            status,
            requestId: requestIdOf(headers),
            outcomeUnknown: changes,
            advice:
              "Check that the endpoint is the address of a Hub; if the answer is right, raise maxBodyBytes.",
          });
        } else {
          throw error;
        }
      }
      const decision = this.#decide({ repeatable, status, kind, headers, attempt });
      if (!decision.retry) throw fail(decision);
      if (decision.reason === "rate limited") {
        // Not only this request waits: the others would be refused as well.
        pacer.block(decision.delayMs);
      } else {
        this.#announceOutage((status ?? kind) as number | FailureKind, attempt, decision.delayMs);
        await this.#wait(decision.delayMs);
      }
    }
  }

  /** Says that the Hub does not answer, and how long it is asked again, so that nobody waits without knowing for what. */
  #announceOutage(failure: number | FailureKind, attempt: number, delayMs: number): void {
    const { endpoint, maxRetries, maxWaitMs, timeoutMs, notify, world } = this.#options;
    const now = world.now();
    const slow = failure === "timeout" || failure === "connect_timeout";
    this.#outage ??= { since: slow ? now - timeoutMs : now, said: false };
    if (this.#outage.said || now - this.#outage.since < QUIET_MS) return;
    this.#outage.said = true;
    const problem = typeof failure === "number" ? `answers ${failure}` : NO_ANSWER[failure];
    const longest = longestRetrying({ attempt, maxRetries }, delayMs, maxWaitMs, slow ? timeoutMs : 0);
    notify({
      severity: "warning",
      message: `the Hub at ${endpoint} ${problem}. Trying again for up to ${Math.ceil(longest / 1000)} s.`,
    });
  }

  #decide(
    failure: Pick<RetryQuestion, "repeatable" | "status" | "kind" | "headers" | "attempt">,
  ): RetryDecision {
    const { maxRetries, maxWaitMs, world } = this.#options;
    return decideRetry({
      ...failure,
      maxRetries,
      longestWaitMs: maxWaitMs,
      now: world.now(),
      random: world.random(),
    });
  }

  async #pace(call: Call, pacer: Pacer, outcomeUnknown: boolean): Promise<void> {
    let granted: boolean;
    try {
      granted = await pacer.acquire(this.#options.maxWaitMs + spread(1));
    } catch (error) {
      throw this.#ended(error, call);
    }
    if (granted) return;
    throw this.#error(call, {
      what: `The Hub's rate limit is used up for ${Math.ceil(pacer.blockedFor() / 1000)} s more, which is longer than this client waits.`,
      code: "rate_limited",
      retryable: true,
      outcomeUnknown,
      advice: `Run again later, or raise maxWaitSeconds (${this.#options.maxWaitMs / 1000} now).`,
    });
  }

  /** One request and its answer; redirects of a reading request within the same origin are followed. */
  async #exchange(
    call: Call,
    url: string,
    token: string | undefined,
    repeatable: boolean,
    streamed: boolean,
    pacer: Pacer,
  ): Promise<{ answer: TransportAnswer; url: string }> {
    const { timeoutMs, transport, userAgent, signal } = this.#options;
    let from = url;
    for (let redirects = 0; ; redirects++) {
      let answer: TransportAnswer | undefined;
      try {
        answer = await transport.send({
          method: call.method,
          url: from,
          headers: {
            Accept: "application/json",
            // Set here so that only what we bound and check comes in.
            "Accept-Encoding": "gzip, br",
            "User-Agent": userAgent,
            ...(call.body !== undefined && { "Content-Type": "application/json" }),
            ...(token !== undefined && { Authorization: `Bearer ${token}` }),
          },
          ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
          connectTimeoutMs: timeoutMs,
          answerTimeoutMs: timeoutMs,
          ...(streamed && { idleTimeoutMs: timeoutMs }),
          freshConnection: !repeatable,
          ...(signal && { signal }),
        });
      } finally {
        if (redirects === 0) pacer.answered(answer && parseRateLimit(answer.headers));
      }
      const encoding = answer.headers["content-encoding"];
      if (encoding !== undefined && encoding !== "identity" && answer.status !== 204) {
        answer.cancel();
        throw this.#error(call, {
          what: `The Hub's answer to ${call.method} ${call.path} has an encoding that was not asked for.`,
          code: "invalid_response",
          status: answer.status,
          outcomeUnknown: call.method !== "GET",
        });
      }
      if (answer.status < 300 || answer.status >= 400) return { answer, url: from };
      answer.cancel();
      const target = redirects < MOST_REDIRECTS ? redirectTarget(answer, from) : undefined;
      if (call.method === "GET" && target && sameOrigin(target, this.#options.endpoint)) {
        from = target.href;
        continue;
      }
      const elsewhere = target !== undefined && !sameOrigin(target, this.#options.endpoint);
      throw this.#error(call, {
        what: `The Hub at ${this.#options.endpoint} answered ${answer.status} to ${call.method} ${call.path} and points to ${elsewhere ? "another origin" : "another address"}, which was not followed.`,
        code: elsewhere ? "endpoint_refused" : "redirect_refused",
        status: answer.status,
        requestId: requestIdOf(answer.headers),
        advice: elsewhere
          ? "The token is never sent to another origin. If the Hub has moved, set the new address as the endpoint."
          : "What was asked for may have been renamed or moved; use its present name.",
      });
    }
  }

  #read<T>(call: Call, answer: Answer, reader: Reader<T>): T {
    try {
      return parseAnswer(answer.body, reader);
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      throw this.#unusable(call, answer, error);
    }
  }

  #unusable(call: Call, answer: Pick<Answer, "status" | "headers">, error: Error): HubError {
    return this.#error(call, {
      what: `The Hub at ${this.#options.endpoint} answered ${answer.status} to ${call.method} ${call.path}, but the answer cannot be used: ${error.message}.`,
      code: "invalid_response",
      status: answer.status,
      requestId: requestIdOf(answer.headers),
      outcomeUnknown: call.method !== "GET",
      advice: "Check that the endpoint is the address of a Hub and that no proxy answers in its place.",
    });
  }

  #brokenOff(call: Call, answer: TransportAnswer, error: unknown): unknown {
    if (error instanceof TransportFailure)
      return this.#unanswered(call, error, false, this.#redactorOf(call));
    if (error instanceof ShapeError) return this.#unusable(call, answer, error);
    return error;
  }

  #unanswered(call: Call, failure: TransportFailure, outcomeUnknown: boolean, redact: Redact): HubError {
    const { endpoint, timeoutMs } = this.#options;
    const seconds = timeoutMs / 1000;
    const asked = `${call.method} ${call.path}`;
    const detail = failure.detail === undefined ? "" : ` (${failure.detail})`;
    const [happened, advice] = ((): [string, string] => {
      switch (failure.kind) {
        case "refused":
          return [`refused the connection${detail}`, "Check the endpoint, and that the Hub is running."];
        case "dns":
          return [
            `could not be found${detail}`,
            "Check the endpoint's name and this machine's name resolution.",
          ];
        case "tls":
          return [
            `has a certificate that is not trusted${detail}`,
            "If a proxy stands in between, set NODE_EXTRA_CA_CERTS to its certificate authority.",
          ];
        case "connect_timeout":
          return [
            `could not be reached within ${seconds} s`,
            "Check the network, the proxy and the endpoint.",
          ];
        case "timeout":
          return [`gave no complete answer within ${seconds} s`, "Run again later, or raise timeoutSeconds."];
        case "unreachable":
          return [`could not be reached${detail}`, "Check the network, the proxy and the endpoint."];
        case "aborted":
          return ["was not waited for any longer, because the call was cancelled", ""];
        case "reset":
          return [`closed the connection before the answer was complete${detail}`, "Run again later."];
      }
    })();
    const timedOut = failure.kind === "timeout" || failure.kind === "connect_timeout";
    return this.#error(
      call,
      {
        what: `The Hub at ${endpoint} ${happened}: ${asked}.${outcomeUnknown ? " Whether the request was carried out is not known." : ""}`,
        code: failure.kind === "aborted" ? "aborted" : timedOut ? "timeout" : "network",
        retryable: failure.kind !== "aborted" && failure.kind !== "tls",
        outcomeUnknown,
        advice: advice || undefined,
      },
      redact,
    );
  }

  #refusal(
    call: Call,
    answer: { status: number; headers: Readonly<Record<string, string>>; body: string },
    decision: RetryDecision,
    outcomeUnknown: boolean,
    redact: Redact,
  ): HubError {
    const tooLong = decision.reason === "wait too long";
    return errorFromAnswer(
      {
        method: call.method,
        path: call.path,
        endpoint: this.#options.endpoint,
        tokenSource: this.#options.tokenSource?.(),
        advice: call.advice,
      },
      answer,
      {
        outcomeUnknown,
        retryable: decision.reason !== "not temporary",
        ...(answer.status === 429 && { code: "rate_limited" }),
        ...(tooLong && {
          advice: `The Hub asks to wait ${Math.ceil(decision.delayMs / 1000)} s, which is longer than this client waits. Run again after that time, or raise maxWaitSeconds (${this.#options.maxWaitMs / 1000} now).`,
        }),
      },
      redact,
    );
  }

  #error(
    call: Call,
    details: Omit<Parameters<typeof hubError>[0], "method" | "path" | "endpoint">,
    redact = this.#redactorOf(call),
  ): HubError {
    return hubError(
      { ...details, method: call.method, path: call.path, endpoint: this.#options.endpoint },
      redact,
    );
  }

  async #wait(ms: number): Promise<void> {
    try {
      await this.#options.world.sleep(ms, this.#options.signal);
    } catch (error) {
      throw this.#ended(error);
    }
  }

  #ended(error: unknown, call?: Call): unknown {
    if (!this.#options.signal?.aborted) return error;
    return hubError({
      what: "The call was cancelled while it waited.",
      code: "aborted",
      endpoint: this.#options.endpoint,
      ...(call && { method: call.method, path: call.path }),
    });
  }

  async #readText(answer: TransportAnswer, most: number): Promise<string> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of answer.body) {
      size += chunk.length;
      if (size > most) throw new TooLarge();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks)
      .toString("utf8")
      .replace(/^\uFEFF/, "");
  }

  #redactorOf(call: Call): Redact {
    return redactor([this.#token, ...(call.secrets ?? []), ...(this.#options.secrets?.() ?? [])]);
  }

  #checkedToken(): string {
    if (this.#token !== undefined) return this.#token;
    const token = this.#readToken();
    if (token === undefined || token === "") {
      throw hubError({
        what: "No access token is set, so nothing was sent to the Hub.",
        code: "token_missing",
        endpoint: this.#options.endpoint,
        advice: HOW_TO_SET_A_TOKEN,
      });
    }
    if (!/^[\x21-\x7e]{1,4096}$/.test(token)) {
      throw hubError({
        what: "The access token is malformed (white space, control or non-ASCII characters, or much too long), so nothing was sent to the Hub.",
        code: "token_malformed",
        endpoint: this.#options.endpoint,
        advice: `A token looks like "hf_" and letters and digits. ${HOW_TO_SET_A_TOKEN}`,
      });
    }
    this.#token = token;
    return token;
  }

  #readToken(): string | undefined {
    try {
      return this.#options.token();
    } catch (error) {
      // The token file is there and cannot be read; the sentence says what to do.
      throw hubError({
        what: (error as Error).message,
        code: "token_missing",
        endpoint: this.#options.endpoint,
      });
    }
  }
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

// eslint-disable-next-line @typescript-eslint/require-await -- an empty body has nothing to wait for
async function* nothing(): AsyncGenerator<Uint8Array, void, undefined> {
  yield* [];
}
