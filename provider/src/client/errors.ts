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

/** What came back, as far as an error is made of it. Header names are in lower case. */
export interface RefusedAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** What was asked, as far as an error speaks of it. */
export interface AskedFor {
  method: string;
  path: string;
  endpoint: string;
  /** What the token came from, in words; absent where only the caller knows. */
  tokenSource?: string;
  /** Says what to do where the call knows better than the status alone; `undefined` leaves it to the status. */
  advice?: (answer: { status: number; code?: string; text?: string }) => string | undefined;
}

/** The error for an answer that refuses. */
export function errorFromAnswer(
  asked: AskedFor,
  answer: RefusedAnswer,
  details: { outcomeUnknown: boolean; retryable: boolean; code?: string; advice?: string },
  redact: Redact,
): HubError {
  const text = textOf(answer);
  const code = answer.headers["x-error-code"] ?? details.code ?? organizationRefusal(answer.status, text);
  const refusal = { status: answer.status, code, text };
  return hubError(
    {
      what: `The Hub at ${asked.endpoint} answered ${answer.status} to ${asked.method} ${asked.path}${text ? `: ${quoted(redact(text))}` : "."}`,
      status: answer.status,
      code,
      requestId: requestIdOf(answer.headers),
      method: asked.method,
      path: asked.path,
      endpoint: asked.endpoint,
      retryable: details.retryable,
      outcomeUnknown: details.outcomeUnknown,
      advice:
        details.advice ??
        asked.advice?.(refusal) ??
        adviceFor({ ...refusal, tokenSource: asked.tokenSource }),
    },
    redact,
  );
}

/** The Hub's own id of a request, or that of the load balancer or the cache before it. */
export function requestIdOf(headers: Readonly<Record<string, string>>): string | undefined {
  return headers["x-request-id"] ?? headers["x-amzn-trace-id"] ?? headers["x-amz-cf-id"];
}

/** The Hub's sentence in any of the forms that it has: JSON in several shapes, plain text, HTML, or a header. */
export function textOf(answer: RefusedAnswer): string | undefined {
  const header = answer.headers["x-error-message"];
  const text = (fromJson(answer.body) ?? fromMarkup(answer.body))?.trim();
  return text || header || undefined;
}

function fromJson(body: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  return sentenceIn(value) ?? "";
}

function sentenceIn(value: unknown, depth = 0): string | undefined {
  if (typeof value === "string") return value;
  if (depth > 3 || typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) {
    const all = value.slice(0, 10).map((item) => sentenceIn(item, depth + 1));
    return all.filter(Boolean).join("; ") || undefined;
  }
  const { error, error_description, errors, message, detail } = value as Record<string, unknown>;
  const description = typeof error_description === "string" ? error_description : undefined;
  const main = sentenceIn(error, depth + 1) ?? sentenceIn(message, depth + 1);
  if (main && description) return `${main}: ${description}`;
  return main || description || sentenceIn(errors, depth + 1) || sentenceIn(detail, depth + 1);
}

function fromMarkup(body: string): string {
  if (!/^\s*</.test(body)) return body;
  // The title says as much as a page for people ever says to a program.
  const start = body.search(/<title(?:\s[^<>]{0,100})?>/i);
  if (start < 0) return "";
  const from = body.indexOf(">", start) + 1;
  const to = body.indexOf("<", from);
  return to < 0 ? "" : body.slice(from, to);
}

function organizationRefusal(status: number, text = ""): ClientErrorCode | undefined {
  if (status !== 403) return undefined;
  if (/revoked/i.test(text) && /admin|organi[sz]ation/i.test(text)) return "token_revoked_by_organization";
  if (/token/i.test(text) && /approv|pending|polic/i.test(text)) return "token_approval_pending";
  return undefined;
}

/** How to set a token, for every error that is about one. */
export const HOW_TO_SET_A_TOKEN =
  "Set the environment variable HF_TOKEN, log in with the Hub's command line (`hf auth login`), or pass a token to the client or provider.";

function adviceFor({
  status,
  code,
  text,
  tokenSource,
}: {
  status: number;
  code?: string;
  text?: string;
  tokenSource?: string;
}): string | undefined {
  if (
    code === "token_revoked_by_organization" ||
    organizationRefusal(status, text) === "token_revoked_by_organization"
  ) {
    return "An administrator of the organization has revoked this token for good. Use another token.";
  }
  if (code === "token_approval_pending" || organizationRefusal(status, text) === "token_approval_pending") {
    return "The organization's token policy wants this token approved first: ask an administrator to approve it in the organization's settings, then run again.";
  }
  switch (status) {
    case 400:
    case 422:
      return "The Hub does not accept a value in the request; its sentence says which.";
    case 401:
      return (
        `The Hub does not accept the token${tokenSource === undefined ? "" : ` from ${tokenSource}`}: it may have been revoked or have expired, or this is a ` +
        `repository that it must not see. ${tokenSource === undefined ? HOW_TO_SET_A_TOKEN : "Put another token there."}`
      );
    case 402:
      return "The organization's plan does not include this. Ask for a plan that does, or leave this setting out.";
    case 403:
      return "The token's owner lacks the role, or the token the permission, for this. Use an administrator's token, or give this one the permission.";
    case 404:
      return "It does not exist, or this token must not see it. Check the name, and the token's access.";
    case 407:
      return "The proxy before the Hub wants other credentials.";
    case 408:
      return "The Hub did not get the whole request in time. Run again.";
    case 409:
      return "It exists already, or somebody changed it at the same moment.";
    case 413:
      return "The request is larger than the Hub takes.";
    case 429:
      return "The rate limit is used up. Run again later, or with fewer runs at the same time.";
    default:
      return status >= 500
        ? "The Hub has trouble. Run again later; its state is at https://status.huggingface.co."
        : undefined;
  }
}

/** In quotes, so that a reader sees which words are the Hub's. Without secrets already: half of one would not be found. */
function quoted(text: string): string {
  const sentence = printableLine(text.replace(/\s+/g, " ").trim(), 500);
  return /[.!?…]$/.test(sentence) ? `"${sentence}"` : `"${sentence}".`;
}
