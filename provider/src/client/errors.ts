import { printableLine } from "./printable";
import { type Redact, redactor } from "./redact";

/**
 * Our own codes of a {@link HubError}. Any other code is the Hub's, from its header `X-Error-Code`.
 *
 * - `token_missing`, `token_malformed`, `endpoint_refused`, `invalid_argument`: nothing was sent
 * - `network`, `timeout`, `aborted`: no complete answer came
 * - `invalid_response`, `too_large`: an answer came that cannot be used
 * - `rate_limited`: the Hub asks for a longer wait than this client does
 * - `token_approval_pending`, `token_revoked_by_organization`: the two refusals that an organization decides on
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

/** What a {@link HubError} is made of. */
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
 * Everything that can go wrong between this library and a Hub. Holds what was asked, of whom, what came back and what
 * to do; never headers, bodies or the values of tokens and secrets.
 */
export class HubError extends Error {
  override readonly name = "HubError";
  /** The HTTP status; absent where no answer came or none was asked for. */
  readonly status?: number;
  /** The Hub's `X-Error-Code`, or one of {@link ClientErrorCode}. */
  readonly code?: string;
  /** The Hub's id of the request, for its support. */
  readonly requestId?: string;
  /** The HTTP method; empty where nothing was to be sent yet. */
  readonly method: string;
  /** The path that was asked, without its query; empty where nothing was to be sent yet. */
  readonly path: string;
  readonly endpoint: string;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** Whether the request may have been carried out although no complete answer says so. */
  readonly outcomeUnknown: boolean;
  /** What to do, where it can be said. Part of the message too. */
  readonly advice?: string;

  /** Errors are made by {@link hubError}. */
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

  /** What Node prints where nobody catches the error: the sentences for a person, not the fields for a program. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `${this.name}: ${this.message}`;
  }
}

/** Whether the Hub answered 404, which also means "not for these credentials". */
export function isNotFound(error: unknown): error is HubError {
  return statusOf(error) === 404;
}

/** Whether the Hub answered 409: the object exists already, or changed at the same moment. */
export function isConflict(error: unknown): error is HubError {
  return statusOf(error) === 409;
}

/** Whether the request may have been carried out although no complete answer says so. */
export function outcomeIsUnknown(error: unknown): error is HubError {
  return fieldsOf(error).outcomeUnknown === true;
}

/** The HTTP status of a {@link HubError}; `undefined` if there was no answer, or for any other error. */
export function statusOf(error: unknown): number | undefined {
  return fieldsOf(error).status;
}

/** The code of a {@link HubError}: the Hub's `X-Error-Code`, or one of {@link ClientErrorCode}. */
export function codeOf(error: unknown): string | undefined {
  return fieldsOf(error).code;
}

/** Fields, and not the class: a program may have loaded this package twice. */
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
 * The one place where a {@link HubError} is made, and so the one place where secrets are taken out of its texts.
 *
 * @param secrets - values beside the well-known forms (tokens of the Hub, URLs with passwords, private keys)
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
