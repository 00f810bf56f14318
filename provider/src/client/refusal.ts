// The error for an answer that refuses: the Hub's own sentence, and what to do.
import { type ClientErrorCode, type HubError, hubError } from "./errors";
import { printableLine } from "./printable";
import { type Redact } from "./redact";
import { HOW_TO_SET_A_TOKEN } from "./token";

/** What came back, as far as an error is made of it. Header names are in lower case. */
export interface RefusedAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Says what to do if the call knows better than the status alone; `undefined` leaves it to the status. */
export type Advice = (refusal: { status: number; code?: string; text?: string }) => string | undefined;

/** What was asked, as far as an error speaks of it. */
export interface AskedFor {
  method: string;
  path: string;
  endpoint: string;
  /** What the token came from, in words; absent where only the caller knows. */
  tokenSource?: string;
  advice?: Advice;
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
