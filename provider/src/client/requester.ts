import { type Call, isRepeatable } from "./call";
import { HubError } from "./errors";
import { type Exchanged, exchange, readText } from "./exchange";
import { type FailedTry, Failures } from "./failures";
import { Outage } from "./outage";
import { Pacer } from "./pacer";
import { Pages, PagingError } from "./paging";
import { urlOf } from "./paths";
import { decideRetry, type RetryDecision, type RetryQuestion, spread } from "./retry";
import { type RequesterSettings } from "./settings";
import { parseAnswer, type Reader, ShapeError } from "./shape";
import { Token } from "./token";
import { type TransportAnswer, TransportFailure } from "./transport";

/** A streamed page after its headers have arrived. */
export interface OpenPage {
  url: string;
  answer: TransportAnswer;
  /** Converts an error in the middle of the body to the error to throw. */
  failure(error: unknown): unknown;
}

/** A completely read answer. */
interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  url: string;
}

/** A list may have some empty pages, but a list with more of them in a row probably has no end. */
const MAX_EMPTY_PAGES = 100;
const MAX_ERROR_BODY_BYTES = 64 * 1024;

/** Sends requests, repeats them if that is safe and may help, and throws a {@link HubError} for every failure. */
export class Requester {
  readonly #settings: RequesterSettings;
  readonly #token: Token;
  readonly #failures: Failures;
  readonly #outage: Outage;
  readonly #pacer: Pacer;
  readonly #separatePacer: Pacer;

  constructor(settings: RequesterSettings) {
    this.#settings = settings;
    this.#token = new Token(settings.endpoint, settings.token);
    this.#failures = new Failures(settings, this.#token);
    this.#outage = new Outage(settings);
    const announce = (ms: number): void =>
      settings.notify({ severity: "info", message: `rate limited, resuming in ${Math.ceil(ms / 1000)} s` });
    this.#pacer = new Pacer(settings.clock, announce, settings.signal);
    this.#separatePacer = new Pacer(settings.clock, announce, settings.signal);
  }

  get maxEntryBytes(): number {
    return this.#settings.maxEntryBytes;
  }

  /** Sends a request and reads an answer of a known form. */
  async json<T>(call: Call, reader: Reader<T>): Promise<T> {
    return this.#read(call, await this.#answer(call, this.#urlOf(call)), reader);
  }

  /** Sends a request and ignores the content of the answer. A web page is an error, because it did not come from the Hub. */
  async send(call: Call): Promise<void> {
    await this.#sent(call);
  }

  /** Sends a request and returns the content of the answer; `undefined` if it does not have this form. */
  async told<T>(call: Call, reader: Reader<T>): Promise<T | undefined> {
    const { body } = await this.#sent(call);
    try {
      return parseAnswer(body, reader);
    } catch (error) {
      if (error instanceof ShapeError) return undefined;
      throw error;
    }
  }

  async #sent(call: Call): Promise<Answer> {
    const answer = await this.#answer(call, this.#urlOf(call));
    const isPage = /^\s*</.test(answer.body) || /^text\/html\b/i.test(answer.headers["content-type"] ?? "");
    // guard: page-is-no-answer
    if (isPage && answer.status !== 204) {
      throw this.#failures.unusable(call, answer, new ShapeError("it is a web page, not JSON"));
    }
    return answer;
  }

  /** Reads all pages of a list, or its first `limit` items. */
  async all<T>(call: Call, reader: Reader<T[]>, limit = Infinity): Promise<T[]> {
    return (await this.#pages(call, reader, limit)).items;
  }

  /**
   * Reads a complete list of a Hub that may not link to further pages. A full answer without a link may be cut, so it is requested again
   * with the next, larger limit.
   *
   * @param limits - the limits for one answer, from the smallest to the largest
   * @throws HubError with the code `invalid_response` if the answer to the largest limit is full too
   */
  async complete<T>(call: Call, reader: Reader<T[]>, limits: readonly number[]): Promise<T[]> {
    for (const limit of limits) {
      const query = { ...call.query, limit };
      const { items, linked } = await this.#pages({ ...call, query }, reader, Infinity);
      // guard: complete-list
      if (linked || items.length < limit) return items;
    }
    throw this.#failures.incomplete(call, limits.at(-1) ?? 0);
  }

  /** The items of a list, and whether any page links to another one. */
  async #pages<T>(call: Call, reader: Reader<T[]>, limit: number): Promise<{ items: T[]; linked: boolean }> {
    const items: T[] = [];
    let linked = false;
    let url: string | undefined = this.#urlOf(call);
    const pages = new Pages(this.#settings.endpoint, url);
    let emptyPages = 0;
    while (url !== undefined && items.length < limit) {
      const answer = await this.#answer(call, url);
      const page = this.#read(call, answer, reader);
      for (const item of page) items.push(item);
      emptyPages = page.length === 0 ? emptyPages + 1 : 0;
      if (emptyPages > MAX_EMPTY_PAGES) throw this.#failures.emptyPages(call, emptyPages);
      url = this.#nextPage(call, pages, answer);
      linked ||= url !== undefined;
    }
    return { items: items.length > limit ? items.slice(0, limit) : items, linked };
  }

  /** Opens the pages of a streamed list one after another, each after the consumer has read the page before. */
  async *open(call: Call): AsyncGenerator<OpenPage, void, undefined> {
    let url: string | undefined = this.#urlOf(call);
    const pages = new Pages(this.#settings.endpoint, url);
    while (url !== undefined) {
      const { answer, url: from } = await this.#withRetries(call, url, true, (opened) =>
        Promise.resolve(opened),
      );
      yield { url: from, answer, failure: (error) => this.#failures.inStream(call, answer, error) };
      url = this.#nextPage(call, pages, { url: from, headers: answer.headers });
    }
  }

  /** Runs a function that reads a whole stream, and repeats it like a request if the stream breaks. */
  async repeating<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        const kind = brokeOff(error) ? "reset" : "aborted";
        const decision = this.#decide({ repeatable: true, kind, attempt });
        if (!decision.retry) throw error;
        await this.#wait(decision.delayMs);
      }
    }
  }

  close(): void {
    this.#settings.transport.close();
  }

  #urlOf(call: Call): string {
    return urlOf(this.#settings.endpoint, call.path, call.query);
  }

  #nextPage(call: Call, pages: Pages, { url, headers }: Pick<Answer, "url" | "headers">): string | undefined {
    try {
      return pages.next(url, headers["link"]);
    } catch (error) {
      throw error instanceof PagingError ? this.#failures.paging(call, error) : error;
    }
  }

  #read<T>(call: Call, answer: Answer, reader: Reader<T>): T {
    try {
      return parseAnswer(answer.body, reader);
    } catch (error) {
      throw error instanceof ShapeError ? this.#failures.unusable(call, answer, error) : error;
    }
  }

  async #answer(call: Call, url: string): Promise<Answer> {
    return this.#withRetries(call, url, false, async ({ answer, url: from }) => {
      const body = await readText(answer, this.#settings.maxBodyBytes);
      if (body === undefined) throw this.#failures.tooLarge(call, answer);
      return { status: answer.status, headers: answer.headers, body, url: from };
    });
  }

  /** Sends a request until {@link decideRetry} stops it. */
  // axios-retry does not fit: it sees only headers, but our answers can also fail in the middle of the body, and all requests of a
  // client share the waits between attempts.
  async #withRetries<T>(
    call: Call,
    url: string,
    streamed: boolean,
    use: (exchanged: Exchanged) => Promise<T>,
  ): Promise<T> {
    const token = call.authenticated === false ? undefined : this.#token.checked();
    const pacer = call.separateRateLimit ? this.#separatePacer : this.#pacer;
    const sending = { call, url, token, streamed, pacer };
    let outcomeUnknown = false;
    for (let attempt = 0; ; attempt++) {
      await this.#pace(call, pacer, outcomeUnknown);
      let failed: FailedTry;
      try {
        const sentAt = this.#settings.clock.now();
        const { answer, url: from } = await exchange(sending, this.#settings, this.#failures);
        this.#settings.hubClock?.note(answer, sentAt);
        if (answer.status < 500) this.#outage.end();
        if (answer.status >= 200 && answer.status < 300) return await use({ answer, url: from });
        const body = (await readText(answer, MAX_ERROR_BODY_BYTES).catch(() => undefined)) ?? "";
        // An earlier attempt without an answer has deleted the object.
        // guard: 404-after-delete
        if (answer.status === 404 && call.method === "DELETE" && outcomeUnknown) {
          return await use({ answer: { ...answer, status: 204, body: nothing() }, url: from });
        }
        failed = this.#failures.refused(call, { status: answer.status, headers: answer.headers, body });
      } catch (error) {
        if (!(error instanceof TransportFailure)) throw error;
        failed = this.#failures.unanswered(call, error);
      }
      outcomeUnknown ||= failed.mayHaveHappened;
      const { status, headers, kind } = failed;
      const decision = this.#decide({ repeatable: isRepeatable(call), status, headers, kind, attempt });
      if (!decision.retry) throw failed.error(decision, outcomeUnknown);
      if (decision.reason === "rate limited") {
        // All requests wait, because the Hub would also refuse the others.
        pacer.block(decision.delayMs);
      } else {
        this.#outage.goesOn(failed, attempt, decision.delayMs);
        await this.#wait(decision.delayMs);
      }
    }
  }

  #decide(
    question: Pick<RetryQuestion, "repeatable" | "status" | "headers" | "kind" | "attempt">,
  ): RetryDecision {
    const { maxRetries, maxWaitMs, clock } = this.#settings;
    return decideRetry({ ...question, maxRetries, maxWaitMs, now: clock.now(), random: clock.random() });
  }

  async #pace(call: Call, pacer: Pacer, outcomeUnknown: boolean): Promise<void> {
    let granted: boolean;
    try {
      granted = await pacer.acquire(this.#settings.maxWaitMs + spread(1));
    } catch (error) {
      throw this.#failures.inWait(error, call);
    }
    if (!granted) throw this.#failures.quotaUsedUp(call, pacer.blockedFor(), outcomeUnknown);
  }

  async #wait(ms: number): Promise<void> {
    try {
      await this.#settings.clock.sleep(ms, this.#settings.signal);
    } catch (error) {
      throw this.#failures.inWait(error);
    }
  }
}

/** Whether a stream ended early and reading it again may help. */
function brokeOff(error: unknown): boolean {
  return (
    error instanceof HubError &&
    error.retryable &&
    error.status === undefined &&
    (error.code === "network" || error.code === "timeout")
  );
}

// eslint-disable-next-line @typescript-eslint/require-await -- an empty body needs no await
async function* nothing(): AsyncGenerator<Uint8Array, void, undefined> {
  yield* [];
}
