/** A function that replaces the secrets in a text with `[secret]`. */
export type Redact = (text: string) => string;

/** The replacement for a secret. */
export const REDACTED = "[secret]";

/** Shorter values may be ordinary words, and replacing them would make the text unreadable. */
const MIN_SECRET_LENGTH = 4;

/** Shorter pieces of an encoded value may occur by chance. */
const MIN_ENCODED_PIECE_LENGTH = 8;

// Every pattern is bounded or consumes what it scans, so that no hostile text makes it slow.
const PATTERNS: readonly [RegExp, string][] = [
  // A private key, also with escaped line ends or without its end.
  [
    /-----BEGIN(?: |%20|\+)(?:[A-Z0-9]{1,16}(?: |%20|\+)){0,3}PRIVATE(?: |%20|\+)KEY-----[\s\S]*?(?:-----END(?: |%20|\+)(?:[A-Z0-9]{1,16}(?: |%20|\+)){0,3}PRIVATE(?: |%20|\+)KEY-----|$)/g,
    REDACTED,
  ],
  // Any PEM text in base64: it begins with "-----BEGIN ".
  [/LS0tLS1CRUdJTi[A-Za-z0-9+/=_-]*/g, REDACTED],
  [/hf_[A-Za-z0-9_]{8,}/g, REDACTED],
  [/api_org_[A-Za-z0-9]{8,}/g, REDACTED],
  [/\b(Bearer|Basic) +[A-Za-z0-9._~+/=-]{16,}/gi, `$1 ${REDACTED}`],
  // User name and password of a URL.
  [/(:\/\/)[^\s/?#"'<>]{1,1024}@/g, `$1${REDACTED}@`],
];

/**
 * Creates a function that replaces secrets in a text with `[secret]`.
 *
 * It replaces the given values, unchanged, escaped for JSON or a URL, or encoded as base64 or hex. It also replaces tokens of the Hub,
 * user names and passwords in URLs, and private keys.
 *
 * @param secrets - the values to replace; values of fewer than 4 characters are ignored
 */
export function redactor(secrets: Iterable<string | undefined>): Redact {
  const values = [...secrets].filter((secret) => secret !== undefined);
  let ordered: readonly string[] | undefined;
  return (text) => {
    // Computed with the first text, because most requests have none.
    ordered ??= allFormsOf(values);
    let result = text;
    for (const form of ordered) result = result.split(form).join(REDACTED);
    for (const [pattern, replacement] of PATTERNS) result = result.replace(pattern, replacement);
    return result;
  };
}

/** The longest form first, so that a form that contains another one is replaced as a whole. */
function allFormsOf(secrets: readonly string[]): string[] {
  const forms = new Set<string>();
  for (const secret of secrets) {
    for (const part of [secret, ...linesOf(secret)]) {
      if (part.length >= MIN_SECRET_LENGTH) formsOf(part).forEach((form) => forms.add(form));
    }
  }
  return [...forms].sort((a, b) => b.length - a.length);
}

/** The lines of a value with several lines, because an echo may wrap them differently. */
function linesOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  return lines.length > 1 ? lines.filter((line) => line.length >= 16 && !line.startsWith("-----")) : [];
}

function formsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const url = encodeUrl(secret);
  const forms = [secret, json, JSON.stringify(json).slice(1, -1), json.replaceAll("/", "\\/")];
  // An encoded text may be a whole body in which the secret was already escaped.
  for (const text of new Set([secret, json, url, url.replaceAll("%20", "+")])) {
    forms.push(...encodingsOf(text));
  }
  return forms.filter((form) => form.length >= MIN_SECRET_LENGTH);
}

function encodingsOf(text: string): string[] {
  const forms: string[] = [];
  const url = encodeUrl(text);
  forms.push(url, url.replaceAll("%20", "+"), lowerCaseEscapes(url), encodeUrl(url));
  // encodeURIComponent does not encode these characters; other encoders do.
  forms.push(url.replace(/[!'()*~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`));
  const bytes = Buffer.from(text, "utf8");
  forms.push(bytes.toString("hex"));
  for (const piece of base64Pieces(bytes)) {
    const urlSafe = piece.replaceAll("+", "-").replaceAll("/", "_");
    forms.push(piece, urlSafe, encodeUrl(piece), piece.replaceAll("/", "\\/"));
  }
  return forms;
}

/**
 * The base64 of the value inside the base64 of a longer text, at each of the three alignments, without the characters at the ends that
 * depend on the neighbours.
 */
function base64Pieces(bytes: Buffer): string[] {
  const pieces = [bytes.toString("base64").replace(/={1,2}$/, "")];
  for (const before of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/={1,2}$/, "");
    const start = before === 0 ? 0 : before + 1;
    const wholeBits = Math.floor(((before + bytes.length) * 8) / 6);
    pieces.push(encoded.slice(start, wholeBits));
  }
  return pieces.filter((piece, index) => index === 0 || piece.length >= MIN_ENCODED_PIECE_LENGTH);
}

function encodeUrl(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    // A lone surrogate has no URL form.
    return text;
  }
}

function lowerCaseEscapes(url: string): string {
  return url.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}
