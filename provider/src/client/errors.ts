import { printableLine } from "./printable";
import { type Redact, redactor } from "./redact";

/**
 * The codes of a {@link HubError} that this package sets. Other codes come from the Hub's header `X-Error-Code`.
 *
 * - `token_missing`: no token is set; nothing was sent
 * - `token_malformed`: the token has characters that a token cannot have; nothing was sent
 * - `endpoint_refused`: the endpoint is not allowed, or the Hub pointed to another origin; the token was not sent there
 * - `invalid_argument`: an argument is not allowed; nothing was sent
 * - `network`: the Hub cannot be reached, or the connection broke
 * - `timeout`: the Hub did not answer completely in time
 * - `aborted`: the signal of the client was aborted
 * - `invalid_response`: the answer cannot be used
 * - `too_large`: the answer is larger than the client's limit
 * - `rate_limited`: the Hub asks for a longer wait than the client allows, or no attempts are left
 * - `token_approval_pending`: the organization has not approved the token yet
 * - `token_revoked_by_organization`: the organization has revoked the token
 */
export type ClientErrorCode =
  | "token_missing"
  | "token_malformed"
  | "endpoint_refused"
  | "invalid_argument"
  | "network"
  | "timeout"
  | "aborted"
  | "invalid_response"
  | "too_large"
  | "rate_limited"
  | "token_approval_pending"
  | "token_revoked_by_organization";

/** The parts of a {@link HubError}. */
export interface HubErrorDetails {
  /** One sentence: what happened. */
  what: string;
  status?: number;
  code?: string;
  requestId?: string;
  method?: string;
  /** Without a query. */
  path?: string;
  endpoint?: string;
  retryable?: boolean;
  outcomeUnknown?: boolean;
  /** One or two sentences: what to do. */
  advice?: string;
}

/**
 * The error of every failed call to a Hub.
 *
 * Its message is one line: what happened and what to do. It never contains headers, bodies, or the values of tokens and secrets.
 */
export class HubError extends Error {
  override readonly name = "HubError";
  /** The HTTP status of the answer. Absent if no answer came or nothing was sent. */
  readonly status?: number;
  /** The Hub's `X-Error-Code`, or one of {@link ClientErrorCode}. */
  readonly code?: string;
  /** The Hub's id of the request. Quote it when you contact the Hub's support. */
  readonly requestId?: string;
  /** The HTTP method; empty if the error happened before the request. */
  readonly method: string;
  /** The path of the request without its query; empty if the error happened before the request. */
  readonly path: string;
  /** The address of the Hub; empty if it is not known yet. */
  readonly endpoint: string;
  /** Whether the same call may succeed later without any other change. */
  readonly retryable: boolean;
  /** Whether the Hub may have executed a change although no complete answer confirmed it. */
  readonly outcomeUnknown: boolean;
  /** What to do, if known. The message also contains it. */
  readonly advice?: string;

  /** Creates an error. This package creates all errors with `hubError`, which removes secrets. */
  constructor(details: HubErrorDetails) {
    super(messageOf(details));
    this.status = details.status;
    this.code = details.code;
    this.requestId = details.requestId;
    this.method = details.method ?? "";
    this.path = details.path ?? "";
    this.endpoint = details.endpoint ?? "";
    this.retryable = details.retryable ?? false;
    this.outcomeUnknown = details.outcomeUnknown ?? false;
    this.advice = details.advice;
  }

  /** Prints only the message, without fields and stack, if the program does not catch the error. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `${this.name}: ${this.message}`;
  }
}

/** Whether the Hub answered 404: the object does not exist, or the token may not see it. */
export function isNotFound(error: unknown): error is HubError {
  return statusOf(error) === 404;
}

/** Whether the Hub answered 409: the object already exists, or someone changed it at the same time. */
export function isConflict(error: unknown): error is HubError {
  return statusOf(error) === 409;
}

/** Whether the Hub may have executed the change although no complete answer confirmed it. */
export function outcomeIsUnknown(error: unknown): error is HubError {
  return fieldsOf(error).outcomeUnknown === true;
}

/** The HTTP status of a {@link HubError}; `undefined` if no answer came, and for other errors. */
export function statusOf(error: unknown): number | undefined {
  return fieldsOf(error).status;
}

/** The code of a {@link HubError}; `undefined` for other errors. */
export function codeOf(error: unknown): string | undefined {
  return fieldsOf(error).code;
}

/** Checks fields and not the class, because a program may have loaded this package twice. */
function fieldsOf(error: unknown): Partial<HubError> {
  return error instanceof Error ? (error as Partial<HubError>) : {};
}

function messageOf({ what, code, requestId, advice, status }: HubErrorDetails): string {
  const notes: string[] = [];
  if (code !== undefined && status !== undefined) notes.push(`code ${code}`);
  if (requestId !== undefined) notes.push(`request ${requestId}`);
  return [what, notes.length > 0 ? `(${notes.join(", ")})` : "", advice ?? ""].filter(Boolean).join(" ");
}

/**
 * Creates a {@link HubError} and removes secrets from its texts. Every error is created here.
 *
 * @param redact - removes more values than the well-known forms (tokens of the Hub, URLs with passwords, private keys)
 */
export function hubError(details: HubErrorDetails, redact: Redact = redactor([])): HubError {
  const clean = (text: string | undefined, longest: number): string | undefined =>
    // guard: redacted-texts
    text === undefined ? undefined : printableLine(redact(text), longest);
  return new HubError({
    ...details,
    what: clean(details.what, 1000) ?? "",
    code: clean(details.code, 100),
    requestId: clean(details.requestId, 200),
    path: clean(details.path, 500),
    endpoint: clean(details.endpoint, 300),
    advice: clean(details.advice, 1000),
  });
}
