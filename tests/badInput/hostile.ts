// Malformed input: values of every kind for any place in JSON data, and ways to spoil valid data.
import assert from "node:assert/strict";
import fc from "fast-check";
import { UNKNOWN } from "../../provider/src/model/unknown";

const FACTOR = Number(process.env.BAD_INPUT_FACTOR ?? "1");

/**
 * Number of cases for each property. `BAD_INPUT_FACTOR=20 npm test -- tests/badInput` runs twenty times as
 * many.
 */
export function runs(count: number): { numRuns: number; endOnFailure: boolean } {
  return { numRuns: Math.max(1, Math.round(count * FACTOR)), endOnFailure: true };
}

/** A name that looks like a command to the log of a pipeline, in each form that a line can start with. */
export const COMMANDS =
  "a\n::add-mask::b1\r::add-mask::b2\u2028::add-mask::b3\u001B[1A::b4 ##[add-mask]b5 ##vso[task.complete]b6";

/** Names with a special meaning in JavaScript objects, and names that only look like known ones. */
export const hostileKey = fc.constantFrom(
  ..."__proto__ constructor prototype toString hasOwnProperty valueOf then toJSON length".split(" "),
  ..."0 nаme organisation a/b a~1b a~0b \u001B[2J \u202Egro".split(" "),
  "",
  "k".repeat(3000),
);

/** Texts that can confuse parsers, terminals, paths and regular expressions. */
export const hostileText = fc.oneof(
  fc.constantFrom(
    ..."\0 ../.. .. a/../b %2e%2e%2f a%2Fb аcme ａｃｍｅ acme／m acme\u2044m -acme ac--me/m ac..me/m".split(
      " ",
    ),
    ..."__proto__ constructor null NaN Infinity -0 1e999 9007199254740993".split(" "),
    ..."275760-09-13T00:00:01Z 2026-02-31T00:00:00Z 9999-99-99T99:99:99Z javascript:alert(1)".split(" "),
    ..."\u001B[31mred \u202Eesrever \uD800 https://user:pass@idp.example/".split(" "),
    "",
    " ",
    "acme ",
    "acme\n",
    "::add-mask::acme",
    COMMANDS,
    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
    "hf_" + "A".repeat(34),
    "a".repeat(10_000),
    "-".repeat(10_000),
    "\u0301".repeat(5000),
    UNKNOWN,
    UNKNOWN.toUpperCase(),
    ` ${UNKNOWN}`,
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
);

const hostileNumber = fc.oneof(
  fc.constantFrom(NaN, Infinity, -Infinity, -0, 0, -1, 0.1, 1e308, 5e-324, 2 ** 53, -(2 ** 31), 3651, 8761),
  fc.double(),
);

const hostileLeaf = fc.oneof(
  hostileText,
  hostileNumber,
  fc.boolean(),
  fc.constantFrom<unknown>(null, [], {}, [[]], [null], { "": null }),
);

/** Any JSON data, and the numbers that only the engine's wire format allows. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileLeaf },
  {
    weight: 1,
    arbitrary: fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        hostileLeaf,
        fc.array(tie("value"), { maxLength: 4 }),
        fc
          .array(fc.tuple(fc.oneof(hostileKey, fc.string({ maxLength: 5 })), tie("value")), { maxLength: 4 })
          .map(objectOf),
      ),
    })).value,
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("deep", "wide").map((shape) => (shape === "deep" ? deep() : wide())),
  },
);

/** An object with exactly these fields, including `__proto__`, as `JSON.parse` creates it. */
export function objectOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(entries);
}

/** Nested lists, deeper than any call stack. */
export function deep(levels = 20_000): unknown {
  let value: unknown = "bottom";
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { inside: value };
  return value;
}

function wide(): unknown {
  return Array.from({ length: 300 }, (_item, index) => ({ index }));
}

type Path = readonly (string | number)[];

/** The paths of all parts of the data, except the whole. */
export function pathsIn(data: unknown, at: Path = []): Path[] {
  if (typeof data !== "object" || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => {
    const path = [...at, Array.isArray(data) ? Number(key) : key];
    return [path, ...pathsIn(value, path)];
  });
}

/** The data with another value in one place; `undefined` removes the value. */
export function withAt(data: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(data)) {
    const copy = [...(data as unknown[])];
    const index = Number(key);
    if (rest.length === 0 && value === undefined) copy.splice(index, 1);
    else copy[index] = withAt(copy[index], rest, value);
    return copy;
  }
  const entries = Object.entries(data as object).filter(([name]) => name !== key);
  const inner = withAt((data as Record<string, unknown>)[key], rest, value);
  return objectOf(inner === undefined ? entries : [...entries, [String(key), inner]]);
}

/** The value in one place. */
export function partAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], data);
}

/** The data with one mistake: a part is replaced, removed, repeated or nested, or a field is added. */
export function spoilt(data: object): fc.Arbitrary<unknown> {
  const paths = pathsIn(data);
  const place = fc.constantFrom(...paths);
  const holders = [[] as Path, ...paths].filter((path) => {
    const part = partAt(data, path);
    return typeof part === "object" && part !== null;
  });
  return fc.oneof(
    { weight: 6, arbitrary: fc.tuple(place, hostileValue).map(([path, value]) => withAt(data, path, value)) },
    { weight: 1, arbitrary: place.map((path) => withAt(data, path, undefined)) },
    {
      weight: 1,
      arbitrary: place.map((path) => withAt(data, path, [partAt(data, path), partAt(data, path)])),
    },
    { weight: 1, arbitrary: place.map((path) => withAt(data, path, { inside: partAt(data, path) })) },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.constantFrom(...holders), hostileKey, hostileValue).map(([path, key, value]) => {
        const part = partAt(data, path);
        return withAt(
          data,
          path,
          Array.isArray(part)
            ? [...(part as unknown[]), value]
            : objectOf([...Object.entries(part as object), [key, value]]),
        );
      }),
    },
  );
}

/**
 * Checks that reading changed neither the prototype of all objects nor the prototype of one of the results.
 */
export function assertNoPollution(...results: unknown[]): void {
  assert.deepEqual(Object.getOwnPropertyNames({}), []);
  assert.equal(Object.keys(Object.prototype).length, 0);
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  for (const result of results) assertPlain(result);
}

/** Does not recurse, because the data may be deep. */
function assertPlain(value: unknown): void {
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== "object" || next === null) continue;
    const prototype: unknown = Object.getPrototypeOf(next);
    assert.ok(
      prototype === Object.prototype || prototype === Array.prototype,
      "The result has a foreign prototype.",
    );
    for (const name of Object.keys(next)) {
      open.push(Object.getOwnPropertyDescriptor(next, name)?.value);
    }
  }
}

/** Checks that a text gives no command to the log of a pipeline, even at the start of a line. */
export function assertNoCommand(text: string): void {
  // GitHub ignores the spaces at the start of a line.
  for (const line of text.split(/\r\n|[\n\r\u0085\u2028\u2029]/)) assert.doesNotMatch(line, /^\s*::|##\w*\[/);
}

/**
 * Checks that a text is safe to print: of limited length and without control sequences for a terminal or a
 * pipeline.
 */
export function assertPresentable(text: string): void {
  assert.ok(text.length > 0 && text.length < 4000, `${text.length} characters: ${text.slice(0, 300)}`);
  assertNoCommand(text);
  assert.doesNotMatch(text, /[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
}
