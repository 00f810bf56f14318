// Texts that match a schema. Ids, times and addresses come from a table by field name, because a schema often says
// only "string". Other texts are generated from their pattern.
import { createHash } from "node:crypto";
import { Ajv2020 } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { type Schema } from "./document";

/** All times of samples are equal, so that repeated values agree. */
export const SAMPLE_TIME = "2026-01-01T00:00:00.000Z";

/** Other forms of a time that the Hub may use. Expiry times are in the future. */
const TIMES = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.123456Z", "2024-02-29T23:59:59.9Z"];
const ENDS = ["2099-01-01T00:00:00Z", "2099-01-01T00:00:00.123456Z", "2096-02-29T23:59:59.9Z"];

interface Named {
  name: RegExp;
  text: (at: string) => string;
  /** The field identifies something, so an empty text would be useless, even if the schema allows it. */
  identifies: boolean;
}

const END = /^expir\w*$/;

const NAMED: Named[] = [
  { name: /^(_id|id|\w*Ids?|key)$/, text: (at) => hexOf(at, 24), identifies: true },
  // Another test covers expired tokens.
  { name: END, text: () => "2099-01-01T00:00:00.000Z", identifies: true },
  { name: /(At|lastUsed)$/, text: () => SAMPLE_TIME, identifies: true },
  { name: /^(token|secret)$/, text: (at) => `hf_${hexOf(at, 34)}`, identifies: true },
  { name: /^last4$/, text: (at) => hexOf(at, 4), identifies: true },
  { name: /email/i, text: (at) => `${hexOf(at, 6)}@acme.example`, identifies: false },
  { name: /url$/i, text: (at) => `https://acme.example/${hexOf(at, 6)}`, identifies: false },
  { name: /^(name|user|type|role|status|visibility)$/, text: ordinary, identifies: true },
];

/** For patterns that `stringMatching` does not support, such as look-ahead. The first match is used. */
const CANDIDATES = [
  "a",
  "acme",
  "/acme",
  "models/acme/llm",
  "a=b",
  "2026-01",
  "2026-01-01",
  "2026-W01",
  "2601.00001",
  "@daily",
  "192.0.2.0/24",
  "2001:db8::/32",
  "a@acme.example",
  "https://acme.example/a",
];

const ajv = addFormats(new Ajv2020({ strict: false, logger: false }));
const compiled = new Map<string, (value: unknown) => boolean>();

/** Returns true if a value matches a schema. */
export function fits(schema: Schema, value: unknown): boolean {
  const key = JSON.stringify(schema);
  let validate = compiled.get(key);
  if (!validate) compiled.set(key, (validate = ajv.compile(schema)));
  return validate(value);
}

/** A text that matches. Another place, or another `pick`, gives another text. */
export function textFor(form: Schema, at: string, pick = 0): string {
  const place = pick === 0 ? at : `${at}#${pick}`;
  const candidates = [
    named(at)?.text(place),
    ordinary(place),
    SAMPLE_TIME,
    hexOf(place, 24),
    hexOf(place, 64),
  ];
  for (const text of [...candidates, ...CANDIDATES]) {
    if (text !== undefined && fits(form, text)) return text;
  }
  const short = ordinary(place).slice(0, Number(form["maxLength"] ?? Infinity));
  if (fits(form, short)) return short;
  const { pattern } = form;
  const drawn =
    typeof pattern === "string"
      ? fc.sample(fc.stringMatching(new RegExp(pattern, "u")), { numRuns: 50, seed: 1 })
      : ["x".repeat(Number(form["minLength"] ?? 0))];
  const found = drawn.find((text) => fits(form, text));
  if (found === undefined) throw new Error(`No known text matches ${JSON.stringify(form)} at ${at}.`);
  return found;
}

/** Texts of different kinds: an empty one, a time in another form. */
export function otherTexts(form: Schema, at: string): string[] {
  const times = END.test(nameOf(at)) ? ENDS : TIMES;
  const identifies = named(at)?.identifies === true;
  return [...(form["format"] === "date-time" ? times : []), ...(identifies ? [] : [""])].filter((text) =>
    fits(form, text),
  );
}

function named(at: string): Named | undefined {
  const name = nameOf(at);
  return NAMED.find((each) => each.name.test(name));
}

/** The name of the field. For an item, the name of its list. */
function nameOf(at: string): string {
  return (
    at
      .split("/")
      .filter((step) => step !== "" && !/^\d+$/.test(step))
      .at(-1) ?? "text"
  );
}

function ordinary(at: string): string {
  return `${nameOf(at.replace(/#.*$/, ""))}-${hexOf(at, 4)}`;
}

/** Digits that depend only on the place. */
export function hexOf(at: string, length: number): string {
  return createHash("sha256").update(at).digest("hex").slice(0, length);
}
