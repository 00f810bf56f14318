import { type Call, isChange } from "./call";
import { type HubError, hubError, type HubErrorDetails } from "./errors";
import { NO_ANSWER } from "./noAnswer";
import { type PagingError } from "./paging";
import { redactor } from "./redact";
import { errorFromAnswer, type RefusedAnswer, requestIdOf } from "./refusal";
import { type RetryDecision, type RetryQuestion } from "./retry";
import { type RequesterSettings } from "./settings";
import { ShapeError } from "./shape";
import { type Token } from "./token";
import { TransportFailure } from "./transport";

/** A failed attempt: what decides about the next attempt, and the error if there is none. */
export interface FailedTry extends Pick<RetryQuestion, "status" | "headers" | "kind"> {
  /** Whether the Hub may have executed a change. */
  mayHaveHappened: boolean;
  error(decision: RetryDecision, outcomeUnknown: boolean): HubError;
}

type AnswerHead = Pick<RefusedAnswer, "status" | "headers">;

/** Creates the errors of a {@link Requester}: what happened, why and what to do, without secrets. */
export class Failures {
  constructor(
    private readonly settings: RequesterSettings,
    private readonly token: Token,
  ) {}

  /** The Hub refused the request. */
  refused(call: Call, answer: RefusedAnswer): FailedTry {
    const { endpoint, tokenSource, maxWaitMs } = this.settings;
    const { status, headers } = answer;
    return {
      status,
      headers,
      mayHaveHappened: isChange(call) && (status >= 500 || status === 408),
      error: (decision, outcomeUnknown) =>
        errorFromAnswer(
          {
            method: call.method,
            path: call.path,
            endpoint,
            tokenSource: tokenSource?.(),
            advice: call.advice,
          },
          answer,
          {
            outcomeUnknown,
            retryable: decision.reason !== "not temporary",
            ...(status === 429 && { code: "rate_limited" }),
            ...(decision.reason === "wait too long" && {
              advice: `The Hub asks to wait ${Math.ceil(decision.delayMs / 1000)} s, which is longer than this client waits. Run again after that time, or raise maxWaitSeconds (${maxWaitMs / 1000} now).`,
            }),
          },
          this.#redactorOf(call),
        ),
    };
  }

  /** No complete answer came. */
  unanswered(call: Call, failure: TransportFailure): FailedTry {
    return {
      kind: failure.kind,
      // guard: outcome-unknown
      mayHaveHappened: isChange(call) && failure.mayHaveArrived,
      error: (_decision, outcomeUnknown) => this.#noAnswer(call, failure, outcomeUnknown),
    };
  }

  /** Converts an error in the middle of a streamed answer. Other errors stay unchanged. */
  inStream(call: Call, answer: AnswerHead, error: unknown): unknown {
    if (error instanceof TransportFailure) return this.#noAnswer(call, error, false);
    if (error instanceof ShapeError) return this.unusable(call, answer, error);
    return error;
  }

  /** A successful answer without the expected content. */
  unusable(call: Call, answer: AnswerHead, { message }: ShapeError): HubError {
    return this.#error(call, {
      what: `The Hub at ${this.settings.endpoint} answered ${answer.status} to ${nameOf(call)}, but the answer cannot be used: ${message}.`,
      code: "invalid_response",
      status: answer.status,
      requestId: requestIdOf(answer.headers),
      outcomeUnknown: isChange(call),
      advice: "Check that the endpoint is the address of a Hub and that no proxy answers instead of it.",
    });
  }

  tooLarge(call: Call, answer: AnswerHead): HubError {
    return this.#error(call, {
      what: `The Hub's answer to ${nameOf(call)} is larger than ${this.settings.maxBodyBytes} bytes; the rest of it was not read.`,
      code: "too_large",
      status: answer.status,
      requestId: requestIdOf(answer.headers),
      outcomeUnknown: isChange(call),
      advice: "Check that the endpoint is the address of a Hub; if the answer is right, raise maxBodyBytes.",
    });
  }

  foreignEncoding(call: Call, answer: AnswerHead): HubError {
    return this.#error(call, {
      what: `The Hub's answer to ${nameOf(call)} has an encoding that was not requested.`,
      code: "invalid_response",
      status: answer.status,
      outcomeUnknown: isChange(call),
    });
  }

  /** @param elsewhere - whether the redirect leads to another origin, to which the token must not be sent */
  redirect(call: Call, answer: AnswerHead, elsewhere: boolean): HubError {
    return this.#error(call, {
      what: `The Hub at ${this.settings.endpoint} answered ${answer.status} to ${nameOf(call)} with a redirect to ${elsewhere ? "another origin" : "another address"}, which was not followed.`,
      code: elsewhere ? "endpoint_refused" : "redirect_refused",
      status: answer.status,
      requestId: requestIdOf(answer.headers),
      advice: elsewhere
        ? "The token is never sent to another origin. If the Hub has moved, set the new address as the endpoint."
        : "The object may have been renamed or moved. Use its current name.",
    });
  }

  /** The link to the next page of a list cannot be followed. */
  paging(call: Call, { message, foreign }: PagingError): HubError {
    return this.#error(call, {
      what: message,
      code: foreign ? "endpoint_refused" : "invalid_response",
      advice: "Check that the endpoint is the address of a Hub, and run again later.",
    });
  }

  emptyPages(call: Call, count: number): HubError {
    return this.#error(call, {
      what: `The Hub's list for ${nameOf(call)} continues after ${count} empty pages.`,
      code: "invalid_response",
      advice: "Run again later. If this happens again, report it to the Hub's support.",
    });
  }

  /** A list without links to further pages is as long as the largest limit. */
  incomplete(call: Call, limit: number): HubError {
    return this.#error(call, {
      what: `The Hub's list for ${nameOf(call)} may be incomplete: it has ${limit} or more items and no link to further pages.`,
      code: "invalid_response",
      advice: "Check that no proxy removes the header Link, and report it to the Hub's support.",
    });
  }

  /** The rate limit is used up for longer than the user allows to wait. */
  quotaUsedUp(call: Call, forMs: number, outcomeUnknown: boolean): HubError {
    return this.#error(call, {
      what: `The Hub's rate limit is used up for another ${Math.ceil(forMs / 1000)} s, which is longer than this client waits.`,
      code: "rate_limited",
      retryable: true,
      outcomeUnknown,
      advice: `Run again later, or raise maxWaitSeconds (${this.settings.maxWaitMs / 1000} now).`,
    });
  }

  /** A wait ended early: the caller cancelled it, or `error` happened. */
  inWait(error: unknown, call?: Call): unknown {
    if (!this.settings.signal?.aborted) return error;
    return hubError({
      what: "The call was cancelled while it waited.",
      code: "aborted",
      endpoint: this.settings.endpoint,
      method: call?.method,
      path: call?.path,
    });
  }

  #noAnswer(call: Call, { kind, detail }: TransportFailure, outcomeUnknown: boolean): HubError {
    const { endpoint, timeoutMs } = this.settings;
    const { happened, code, advice } = NO_ANSWER[kind];
    const why = detail === undefined ? "" : ` (${detail})`;
    const unknown = outcomeUnknown ? " It is unclear whether the request was carried out." : "";
    return this.#error(call, {
      what: `The Hub at ${endpoint} ${happened(timeoutMs / 1000)}${why}: ${nameOf(call)}.${unknown}`,
      code,
      retryable: kind !== "aborted" && kind !== "tls",
      outcomeUnknown,
      advice,
    });
  }

  #error(call: Call, details: Omit<HubErrorDetails, "method" | "path" | "endpoint">): HubError {
    const { method, path } = call;
    return hubError({ ...details, method, path, endpoint: this.settings.endpoint }, this.#redactorOf(call));
  }

  #redactorOf(call: Call): ReturnType<typeof redactor> {
    // guard: redacted-call
    return redactor([this.token.found, ...(call.secrets ?? []), ...(this.settings.secrets?.() ?? [])]);
  }
}

function nameOf({ method, path }: Call): string {
  return `${method} ${path}`;
}
