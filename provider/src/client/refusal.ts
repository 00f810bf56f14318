// The error for an answer that refuses a request: the Hub's own message, and what to do.
import { type ClientErrorCode, type HubError, hubError } from "./errors";
import { printableLine } from "./printable";
import { type Redact } from "./redact";
import { HOW_TO_SET_A_TOKEN } from "./token";

/** The parts of an answer that an error uses. Header names are in lower case. */
export interface RefusedAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Returns what to do for a refusal; `undefined` for the general advice for its status. */
export type Advice = (refusal: { status: number; code?: string; text?: string }) => string | undefined;

/** The parts of a request that an error uses. */
export interface AskedFor {
  method: string;
  path: string;
  endpoint: string;
  /** Where the token comes from, in words; absent if only the caller knows. */
  tokenSource?: string;
  advice?: Advice;
}

/** Creates the error for an answer that refuses a request. */
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

/** The Hub's id of a request, or the id of the load balancer or cache in front of it. */
export function requestIdOf(headers: Readonly<Record<string, string>>): string | undefined {
  return headers["x-request-id"] ?? headers["x-amzn-trace-id"] ?? headers["x-amz-cf-id"];
}

/** The Hub's message, which may be JSON in several forms, plain text, HTML or a header. */
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
  // The title is the only useful text of a web page.
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
    return "An administrator of the organization has revoked this token permanently. Use another token.";
  }
  if (code === "token_approval_pending" || organizationRefusal(status, text) === "token_approval_pending") {
    return "The organization's token policy requires approval of this token. Ask an administrator to approve it in the organization's settings, then run again.";
  }
  switch (status) {
    case 400:
    case 422:
      return "The Hub does not accept a value in the request. Its message says which value; correct it.";
    case 401:
      return (
        `The Hub does not accept the token${tokenSource === undefined ? "" : ` from ${tokenSource}`}: it may be revoked or expired, or it ` +
        `may not see this repository. ${tokenSource === undefined ? HOW_TO_SET_A_TOKEN : "Replace it with a valid token."}`
      );
    case 402:
      return "The organization's plan does not include this. Upgrade the plan, or remove this setting.";
    case 403:
      return "The token's owner does not have the required role, or the token does not have the required permission. Use an administrator's token, or give this token the permission.";
    case 404:
      return "It does not exist, or this token may not see it. Check the name and the token's access.";
    case 407:
      return "The proxy in front of the Hub requires other credentials. Check the user name and password in the proxy's address.";
    case 408:
      return "The Hub did not receive the whole request in time. Run again.";
    case 409:
      return "It already exists, or someone changed it at the same time. Check it on the Hub, then run again.";
    case 413:
      return "The request is larger than the Hub accepts.";
    case 429:
      return "The rate limit is used up. Run again later, or with fewer runs at the same time.";
    default:
      return status >= 500
        ? "The Hub has a problem. Run again later; see its status at https://status.huggingface.co."
        : undefined;
  }
}

/** Quotes the Hub's words. Redact secrets before, because half of a shortened secret would not be found. */
function quoted(text: string): string {
  const sentence = printableLine(text.replace(/\s+/g, " ").trim(), 500);
  return /[.!?…]$/.test(sentence) ? `"${sentence}"` : `"${sentence}".`;
}
