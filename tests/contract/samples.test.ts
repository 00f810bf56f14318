import assert from "node:assert/strict";
import { type Schema } from "./document";
import { alternatives, full, required } from "./samples";
import { fits } from "./sampleText";

const text = { type: "string" };
const id = { type: "string", minLength: 24, maxLength: 24, pattern: "^[0-9a-f]{24}$" };
const word = { enum: ["read", "write", "admin"] };
const object = (properties: Record<string, Schema>, needed: string[] = []): Schema => ({
  type: "object",
  properties,
  required: needed,
  additionalProperties: false,
});

const account = object(
  {
    _id: id,
    createdAt: { type: "string", format: "date-time" },
    role: word,
    email: { anyOf: [text, { type: "null" }] },
    tokens: { type: "array", items: object({ name: text, last4: text }, ["name"]) },
  },
  ["_id", "createdAt", "role"],
);

/** Schemas with each keyword that the Hub's document uses. */
const SCHEMAS: Record<string, Schema> = {
  account,
  "a list of accounts": { type: "array", items: account, minItems: 1 },
  "one of several types": { type: ["string", "null"] },
  "limits of numbers": object({
    a: { type: "integer", minimum: 3, maximum: 3 },
    b: { type: "number", exclusiveMinimum: 0 },
    c: { type: "integer", minimum: -5, maximum: -1 },
  }),
  "limits of texts": object({ a: { type: "string", minLength: 1, maxLength: 3 }, b: { const: "bucket" } }),
  patterns: object({
    drawn: { type: "string", pattern: "^x[0-9]{3}(-[a-f]+)?y$" },
    ahead: { type: "string", pattern: "^(?!\\.)[a-z.]+@([a-z]+\\.)+[a-z]{2,}$" },
    uri: { type: "string", format: "uri" },
  }),
  "combined parts": {
    allOf: [
      { type: "object", properties: { name: text }, required: ["name"] },
      {
        anyOf: [
          { type: "object", properties: { type: { const: "model" } } },
          { type: "object", properties: { type: { const: "space" }, sdk: word }, required: ["type", "sdk"] },
        ],
      },
    ],
  },
  "free names": {
    type: "object",
    propertyNames: { anyOf: [{ enum: ["cpu", "gpu"] }, { not: {} }] },
    additionalProperties: { type: "number" },
  },
  "a list of fixed items": {
    type: "array",
    prefixItems: [text, { type: "boolean" }],
    minItems: 2,
    items: false,
  },
  "an impossible field": object({ never: { not: {} }, name: text }, ["name"]),
  anything: {},
};

describe("schema samples", () => {
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    it(`match the schema: ${name}`, () => {
      const values = [required(schema), full(schema), ...alternatives(schema).map(({ value }) => value)];
      for (const value of values) assert.ok(fits(schema, value), JSON.stringify(value));
    });
  }

  it("have only the required fields, or all of them", () => {
    const least = required(account) as Record<string, unknown>;
    assert.deepEqual(Object.keys(least), ["_id", "createdAt", "role"]);
    const most = full(account) as { email: unknown; tokens: object[] };
    assert.deepEqual(Object.keys(most), ["_id", "createdAt", "role", "email", "tokens"]);
    assert.equal(typeof most.email, "string");
    assert.deepEqual(
      most.tokens.map((each) => Object.keys(each)),
      [
        ["name", "last4"],
        ["name", "last4"],
      ],
    );
    assert.deepEqual(required({ type: "array", items: account }), []);
  });

  it("are the same each time, and differ between places", () => {
    assert.deepEqual(alternatives(account), alternatives(account));
    const [first, second] = full({ type: "array", items: account }) as { _id: string }[];
    assert.notEqual(first?._id, second?._id);
  });

  it("cover each listed value, null, presence and absence at least once", () => {
    const found = alternatives(account);
    const has = (at: string, what: string): boolean =>
      found.some((each) => each.at === at && each.what === what);
    for (const role of word.enum.slice(1)) assert.ok(has("/role", JSON.stringify(role)), role);
    assert.ok(has("/email", "null"));
    assert.ok(has("/email", "absent"));
    assert.ok(has("/tokens", "an empty list"));
    assert.ok(has("/tokens", "a filled list"));
    assert.ok(has("/tokens", "absent"));
    const alone = found.filter(({ at }) => at === "/tokens/0/last4").map(({ value }) => value);
    assert.ok(alone.length > 0);
    for (const value of alone) {
      assert.deepEqual(Object.keys(value as object), ["_id", "createdAt", "role", "tokens"]);
    }
  });

  it("cover every form of a choice", () => {
    const types = alternatives(SCHEMAS["combined parts"] as Schema).map(
      ({ value }) => (value as { type?: string }).type,
    );
    assert.deepEqual([...new Set(types)].sort(), ["model", "space", undefined]);
  });

  it("contain all values of a long list in one answer", () => {
    const words = Array.from({ length: 116 }, (_, i) => `repo.action${i}`);
    const lists = alternatives({ type: "array", items: { enum: words } }).map(({ value }) => value);
    assert.ok(lists.some((list) => (list as string[]).length === words.length));
    assert.ok(lists.length < 5);
  });

  it("are refused if nothing can match", () => {
    assert.throws(() => required({ not: {} }), /Nothing fits/);
    assert.throws(() => required(object({}, ["missing"])), /\/missing is required, but not described/);
  });
});
