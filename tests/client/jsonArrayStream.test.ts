import assert from "node:assert/strict";
import fc from "fast-check";
import { JsonArrayReader } from "../../provider/src/client/jsonArrayStream";
import { ShapeError } from "../../provider/src/client/shape";

/** Reads a text in pieces of the given sizes; the last size repeats. */
function read(bytes: Uint8Array, sizes: readonly number[] = [bytes.length || 1], max = 1 << 20): unknown[] {
  const reader = new JsonArrayReader(max);
  const values: unknown[] = [];
  let position = 0;
  for (let i = 0; position < bytes.length; i++) {
    const size = sizes[Math.min(i, sizes.length - 1)] ?? 1;
    reader.push(bytes.subarray(position, position + size));
    position += size;
    for (let value = reader.next(); value !== undefined; value = reader.next()) values.push(value);
  }
  reader.end();
  return values;
}

const text = (value: string): Uint8Array => Buffer.from(value, "utf8");

/** JSON with white space in every place that allows it. */
function spaced(json: string, gap: string): string {
  let result = "";
  let quoted = false;
  for (let i = 0; i < json.length; i++) {
    const c = json[i] as string;
    result += c;
    if (quoted && c === "\\") result += json[++i] ?? "";
    else if (c === '"') quoted = !quoted;
    else if (!quoted && "[]{},:".includes(c)) result += gap;
  }
  return result;
}

describe("JSON list in pieces", () => {
  it("is parsed in the same way as by JSON.parse, for any size of the pieces", () => {
    const element = fc.oneof(
      fc.jsonValue({ maxDepth: 4 }),
      fc.string({ unit: "binary" }).filter((s) => !/\p{Cs}/u.test(s)),
      fc.array(
        fc.record({ a: fc.string({ unit: fc.constantFrom("}", "{", ",", "]", "[", '"', "\\", "é", "😀") }) }),
      ),
    );
    fc.assert(
      fc.property(
        fc.array(element, { maxLength: 20 }),
        fc.constantFrom("", " ", "\n\t", "\r\n  "),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 10 }),
        (list, gap, sizes) => {
          const json = spaced(JSON.stringify(list), gap);
          assert.deepEqual(read(text(json), sizes), JSON.parse(json));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("is refused if JSON.parse refuses it or if it is not a list", () => {
    const broken = fc.tuple(
      fc.array(fc.jsonValue({ maxDepth: 3 })),
      fc.nat(),
      fc.constantFrom("", "]", "}", ",", '"', "x", "[", "\\"),
    );
    fc.assert(
      fc.property(broken, fc.integer({ min: 1, max: 20 }), ([list, at, insert], size) => {
        const json = JSON.stringify(list);
        const position = at % (json.length + 1);
        const damaged =
          insert === "" ? json.slice(0, position) : json.slice(0, position) + insert + json.slice(position);
        let expected: unknown;
        try {
          expected = JSON.parse(damaged);
        } catch {
          expected = undefined;
        }
        if (Array.isArray(expected)) assert.deepEqual(read(text(damaged), [size]), expected);
        else assert.throws(() => read(text(damaged), [size]), ShapeError);
      }),
      { numRuns: 3000 },
    );
  });

  it("does not crash the reader, whatever its bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 9 }), (bytes, size) => {
        try {
          read(Buffer.concat([Buffer.from("["), bytes, Buffer.from("]")]), [size]);
        } catch (error) {
          assert.ok(error instanceof ShapeError, String(error));
        }
      }),
    );
  });

  for (const [name, json, message] of [
    ["nothing", "", /ends in the middle, after 0/],
    ["an object", '{"error":"x"}', /not a JSON list/],
    ["HTML", "<html>", /not a JSON list/],
    ["the middle of an entry", '[{"a":1},{"b"', /after 1 complete/],
    ["the middle of a string", '[{"a":1},"b', /after 1 complete/],
    ["after a comma", '[{"a":1},', /after 1 complete/],
    ["no end", '[{"a":1}', /after 1 complete/],
    ["two commas", '[{"a":1},,{"a":1}]', /not valid JSON after 1/],
    ["a comma at the end", '[{"a":1},]', /not valid JSON after 1/],
    ["a comma at the beginning", "[,1]", /not valid JSON after 0/],
    ["no comma", '[{"a":1}{"a":1}]', /not valid JSON after 1/],
    ["brackets that do not match", '[{"a":1],2]', /entry 0 is not valid JSON/],
    ["a bare word", "[nope]", /entry 0 is not valid JSON/],
    ["something after the end", "[1] 2", /continues after/],
    ["a second list", "[1][2]", /continues after/],
  ] as const) {
    for (const size of [1, 1000]) {
      it(`leads to an error that describes the problem: ${name}, in pieces of ${size}`, () => {
        assert.throws(
          () => read(text(json), [size]),
          (error: Error) => error instanceof ShapeError && message.test(error.message),
        );
      });
    }
  }

  it("is refused if it is not valid UTF-8", () => {
    assert.throws(() => read(Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d])), /entry 0 is not UTF-8/);
    assert.throws(
      () => read(Buffer.concat([text('[{"a":"'), Buffer.from([0xc3]), text('"},{"a":1}]')])),
      /not UTF-8/,
    );
    assert.deepEqual(read(text('["\uFFFD"]')), ["\uFFFD"]);
  });

  it("has a size limit for each entry, not for the list", () => {
    const entry = JSON.stringify({ a: "x".repeat(90) });
    assert.equal(read(text(`[${Array(1000).fill(entry).join(",")}]`), [37], 100).length, 1000);
    for (const size of [1, 64, 100_000]) {
      assert.throws(
        () => read(text(`[${entry},{"a":"${"x".repeat(200)}"},${entry}]`), [size], 100),
        /entry 1 is larger than 100 bytes/,
      );
    }
    assert.throws(() => read(text("[" + "[".repeat(1000)), [10], 100), /larger/);
  });

  it("is read quickly even if every guess about its borders is wrong", () => {
    const hostile = `[${Array(100_000).fill('{"a":[{},{}]}').join(",")}]`;
    const near = `[${"{} ,".repeat(300_000)}{},{}]`;
    // In each piece the only border comes last, so each element seems to continue up to it.
    const last = `[${`${"{} ,".repeat(16_380)}{},{} ,`.repeat(40)}{}]`;
    const started = performance.now();
    assert.equal(read(text(last), [65_536]).length, 40 * 16_382 + 1);
    assert.equal(read(text(hostile), [65_536]).length, 100_000);
    assert.equal(read(text(near), [65_536]).length, 300_002);
    assert.ok(performance.now() - started < 5000);
  });

  it("cannot change the prototype of objects", () => {
    const [entry] = read(text('[{"__proto__":{"polluted":true}}]')) as [Record<string, unknown>];
    assert.ok(Object.hasOwn(entry, "__proto__"));
    assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  });
});
