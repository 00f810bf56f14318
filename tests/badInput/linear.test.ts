// A text from outside cannot make reading it slow. The test measures how the time grows with the length, not
// the time itself.
import assert from "node:assert/strict";
import { checkEndpoint } from "../../provider/src/client/endpoint";
import { JsonArrayReader } from "../../provider/src/client/jsonArrayStream";
import { nextLink } from "../../provider/src/client/paging";
import { freeSegment } from "../../provider/src/client/paths";
import { redactor } from "../../provider/src/client/redact";
import { textOf } from "../../provider/src/client/refusal";
import { parseRateLimit, parseRetryAfter } from "../../provider/src/client/retry";
import { parseAnswer, string } from "../../provider/src/client/shape";
import { outsizedProperties, validate } from "../../provider/src/model/validate";
import { printableLine } from "../../provider/src/client/printable";
import { fingerprintOf, parseCertificate } from "../../provider/src/rules/certificate";
import { splitMark } from "../../provider/src/rules/mark";
import { sameAddress, signInUrlProblem } from "../../provider/src/rules/signInUrl";
import { definitions } from "./definitions";
import { allExpressions } from "./regularExpressions";

/** Four times the length takes four times as long, or sixteen times if the growth is quadratic. */
const STEP = 4;
const ALLOWED_RATIO = 9;
const LONGEST = 16_384;

/** Shorter times are noise. Quadratic work takes a hundred times as long at the full length. */
const NOISE_MS = 4;

function millisecondsOf(work: () => unknown): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/**
 * How many times longer the work takes for `STEP` times the length, or 0 if the time is too short to measure.
 * The length grows in small steps, so that exponential growth is found early.
 */
function growth(work: (length: number) => () => unknown, longest = LONGEST): number {
  const best = (length: number, tries: number): number =>
    Math.min(...Array.from({ length: tries }, () => millisecondsOf(work(length))));
  // A warm-up run, so that loading and compiling are not measured.
  work(16)();
  for (const length of [16, 20, 24, 28, 64, 256, 1024, 4096].filter((each) => each < longest)) {
    if (millisecondsOf(work(length)) > 300 && best(length, 2) > 300) return Infinity;
  }
  if (best(longest, 2) < NOISE_MS) return 0;
  return best(longest, 5) / Math.max(best(longest / STEP, 5), 0.001);
}

const PUMPS = [
  ..."aA0_-./\\=+%:;,<> \t\n\r\"'@#?&[]{}é\0\u2028",
  ...'%2f a. -a -- a/ a- 0a == r=0; :// <a> \\" },{'.split(" "),
  ...["\r\n", "a b", "ab "],
];

/** Words of an expression that a matching text starts with. */
function wordsIn(source: string): string[] {
  return source
    .split(/[^A-Za-z0-9_<=: -]+/)
    .filter((word) => word.length > 1)
    .slice(0, 12);
}

describe("time to read a text", function () {
  this.timeout(240_000);

  it("finds quadratic and exponential growth", () => {
    assert.ok(growth((length) => () => /=+$/.test(`${"=".repeat(length)}x`)) > ALLOWED_RATIO);
    assert.ok(growth((length) => () => /^(a+)+$/.test(`${"a".repeat(length)}!`)) > ALLOWED_RATIO);
    assert.ok(growth((length) => () => /^a*$/.test("a".repeat(length))) <= ALLOWED_RATIO);
  });

  it("grows linearly for all regular expressions of the code and the schemas", () => {
    const found = allExpressions();
    assert.ok(found.length > 80, `${found.length}`);
    assert.ok(found.some(({ where }) => where.startsWith("client/redact.ts")));
    assert.ok(found.some(({ where }) => where.startsWith("HubToken.properties.repos")));
  });

  const seen = new Set<string>();
  for (const { where, expression } of allExpressions()) {
    if (seen.has(String(expression))) continue;
    seen.add(String(expression));
    it(`grows linearly for ${where} ${String(expression).slice(0, 60)}`, () => {
      const words = wordsIn(expression.source);
      for (const beginning of ["", ...words.slice(0, 3), "a", "x:", "\n"]) {
        for (const pump of new Set([...PUMPS, ...words])) {
          const ratio = growth((length) => {
            const text = `${beginning}${pump.repeat(Math.ceil(length / pump.length))}\u0001`;
            const each = new RegExp(expression.source, expression.flags.replace("g", ""));
            return () => (expression.flags.includes("g") ? text.replace(expression, "") : each.test(text));
          });
          assert.ok(
            ratio <= ALLOWED_RATIO,
            `${JSON.stringify(beginning)}, ${JSON.stringify(pump)}: ${ratio}`,
          );
        }
      }
    });
  }

  const HEADERS = ["ratelimit", "ratelimit-policy", "x-error-message"];
  const parsers: Record<string, (text: string) => unknown> = {
    checkEndpoint: (text) => quietly(() => checkEndpoint(`https://hub.example/${text}x`)),
    freeSegment: (text) => quietly(() => freeSegment("The name", text)),
    nextLink: (text) => nextLink(text),
    parseRetryAfter: (text) => parseRetryAfter(text, 0),
    parseRateLimit: (text) => parseRateLimit(Object.fromEntries(HEADERS.map((name) => [name, text]))),
    redactor: (text) => redactor(["s3cret-s3cret-s3cret"])(text),
    "a secret of any length": (text) => redactor([text.slice(0, 2000)])("nothing"),
    textOf: (text) => textOf({ status: 400, headers: {}, body: `<${text}` }),
    "textOf JSON": (text) => textOf({ status: 400, headers: {}, body: JSON.stringify({ error: text }) }),
    parseAnswer: (text) => quietly(() => parseAnswer(text, string)),
    splitMark: (text) => splitMark(text),
    parseCertificate: (text) => parseCertificate(text),
    fingerprintOf: (text) => fingerprintOf(text),
    signInUrlProblem: (text) => signInUrlProblem(`https://${text}`),
    sameAddress: (text) => sameAddress(`https://h/${text}`, `https://h/${text}/`),
    printable: (text) => printableLine(text, 1e9),
    JsonArrayReader: (text) =>
      quietly(() => {
        const reader = new JsonArrayReader(1 << 20);
        const bytes = Buffer.from(`[{"a":"${text}`);
        // In small pieces, as from a slow connection.
        for (let at = 0; at < bytes.length; at += 512) {
          reader.push(bytes.subarray(at, at + 512));
          while (reader.next() !== undefined);
        }
      }),
    "JsonArrayReader of borders": (text) =>
      quietly(() => {
        const reader = new JsonArrayReader(1 << 20);
        reader.push(Buffer.from(`[{"a":["${text}`));
        while (reader.next() !== undefined);
      }),
    ...Object.fromEntries(
      definitions.map(({ type, schema, secrets }) => [
        `arguments of ${type}`,
        (text: string) => {
          const parts = text.slice(0, 400).split("");
          const inputs = Object.fromEntries(
            Object.keys(schema.properties).map((name) => [name, name.endsWith("s") ? parts : text]),
          );
          outsizedProperties(schema, inputs);
          validate(schema, secrets, { ...inputs, [text]: text });
        },
      ]),
    ),
  };

  for (const [name, parse] of Object.entries(parsers)) {
    it(`grows linearly for ${name}`, () => {
      for (const pump of name.startsWith("arguments") ? ["a", "-a", "/", " ", "é"] : PUMPS) {
        const ratio = growth((length) => {
          const text = pump.repeat(Math.ceil(length / pump.length));
          return () => parse(text);
        });
        assert.ok(ratio <= ALLOWED_RATIO, `${JSON.stringify(pump)}: ${ratio}`);
      }
    });
  }
});

function quietly(work: () => unknown): void {
  try {
    work();
  } catch {
    // This test checks the time only.
  }
}
