import assert from "node:assert/strict";
import { type ArgsSchema } from "../../provider/src/model/definition";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { nearestName, normalise, outsizedProperties, validate } from "../../provider/src/model/validate";

const schema: ArgsSchema = {
  type: "object",
  required: ["name"],
  additionalProperties: false,
  properties: {
    owner: { type: "string", description: "the mark" },
    name: { type: "string", maxLength: 5, pattern: "^[a-z]*$", description: "at most 5 letters" },
    size: { type: ["number", "boolean"], description: "a number or not" },
    bare: { type: "string", minLength: 2 },
    kind: { enum: ["a", false], default: "a", description: "a or false" },
    set: { type: "array", items: { type: "string" }, uniqueItems: true, maxItems: 2, description: "a set" },
    list: { type: "array", items: { type: "string" }, description: "a list" },
    parts: {
      type: "array",
      items: {
        type: "object",
        required: ["id"],
        properties: { id: { type: "string", description: "an id" } },
        description: "a part with an id",
      },
      description: "parts",
    },
    labels: {
      type: "object",
      additionalProperties: { type: "string", description: "text" },
      description: "labels",
    },
  },
};
const ALLOWED = "Allowed: name, size, bare, kind, set, list, parts, labels";

/** Failures as `property|reason`. A new schema is compiled again. */
const failures = (inputs: object, secrets: string[] = []) =>
  validate(structuredClone(schema), secrets, { name: "ok", ...inputs }).map(
    ({ property, reason }) => `${property}|${reason}`,
  );
const entries = (count: number, entry: (index: number) => [string, unknown]) =>
  Object.fromEntries(Array.from({ length: count }, (_item, index) => entry(index)));

describe("validation", () => {
  const cases: [string, inputs: object, ...expected: string[]][] = [
    ["accepts valid arguments", { kind: false, set: ["x", "y"], parts: [{ id: "1" }] }],
    ["names a missing argument", { name: undefined }, "name|is required: at most 5 letters"],
    ["names a wrong type", { name: 5 }, "name|must be string, not number; at most 5 letters"],
    ["names null in the error", { name: null }, "name|must be string, not null; at most 5 letters"],
    ["names a list in the error", { name: ["a"] }, "name|must be string, not array; at most 5 letters"],
    ["names all allowed types", { size: {} }, "size|must be number or boolean, not object; a number or not"],
    ["refuses NaN", { size: NaN }, "size|must be number or boolean, not number; a number or not"],
    ["describes a wrong form", { name: "A" }, "name|does not have the right form; at most 5 letters"],
    [
      "describes a wrong length",
      { name: "abcdef" },
      "name|must NOT have more than 5 characters; at most 5 letters",
    ],
    [
      "refers to the documentation if there is no description",
      { bare: "x" },
      "bare|must NOT have fewer than 2 characters; see the documentation",
    ],
    ["lists the allowed values", { kind: "b" }, 'kind|must be one of "a", false'],
    [
      "names the index of a wrong item",
      { list: ["x", 1] },
      "list|item 1: must be string, not number; see the documentation",
    ],
    [
      "refuses duplicates in a set",
      { set: ["x", "x"] },
      "set|must NOT have duplicate items (items ## 1 and 0 are identical); a set",
    ],
    [
      "names a missing part",
      { parts: [{ id: "1" }, {}] },
      "parts|item 1: must have required property 'id'; a part with an id",
    ],
    ["names a wrong part", { parts: [{ id: 1 }] }, "parts|item 0.id: must be string, not number; an id"],
    [
      "names a key with special characters",
      { labels: { "a/b~c": 1 } },
      "labels|item a/b~c: must be string, not number; text",
    ],
    [
      "replaces control characters in a key",
      { labels: { "a\nb\u001Bc": 1 } },
      "labels|item a?b?c: must be string, not number; text",
    ],
    [
      "shows a key of 100 characters",
      { labels: { ["k".repeat(100)]: 1 } },
      `labels|item ${"k".repeat(100)}: must be string, not number; text`,
    ],
    [
      "shortens a longer key",
      { labels: { ["k".repeat(101)]: 1 } },
      `labels|item ${"k".repeat(100)}…: must be string, not number; text`,
    ],
    [
      "suggests the nearest name for a misspelled one, without its value",
      { nmae: "secret" },
      `|unknown property "nmae"; did you mean "name"? ${ALLOWED}`,
    ],
    [
      "suggests nothing for a name that is not similar to any",
      { zzzzzzzzz: 1 },
      `|unknown property "zzzzzzzzz" ${ALLOWED}`,
    ],
    [
      "refuses __proto__ like any unknown name",
      entries(1, () => ["__proto__", { polluted: true }]),
      `|unknown property "__proto__" ${ALLOWED}`,
    ],
    [
      "reports all failures together",
      { name: 5, kind: "c", list: [1] },
      "name|must be string, not number; at most 5 letters",
      'kind|must be one of "a", false',
      "list|item 0: must be string, not number; see the documentation",
    ],
  ];
  for (const [name, inputs, ...expected] of cases) {
    it(name, () => assert.deepEqual(failures(inputs), expected));
  }

  it("names a secret only in the reason, because the engine prints the value of a property", () =>
    assert.deepEqual(failures({ bare: "x" }, ["bare"]), [
      "|bare: must NOT have fewer than 2 characters; see the documentation",
    ]));
  it("reports at most a hundred failures, each only once", () => {
    assert.equal(failures({ labels: entries(300, (index) => [`l${index}`, 1]) }).length, 100);
    const alike = entries(5, (index) => [`${"k".repeat(100)}${index}`, 1]);
    assert.equal(failures({ labels: alike }).length, 1);
  });
  it("accepts an unknown value in any place", () => {
    for (const inputs of [
      { name: UNKNOWN, size: UNKNOWN, kind: UNKNOWN, parts: UNKNOWN, labels: UNKNOWN },
      { set: [UNKNOWN, UNKNOWN] },
      { set: [UNKNOWN, "a", "b"] },
      { parts: [UNKNOWN, { id: UNKNOWN }] },
      { labels: { a: UNKNOWN } },
    ]) {
      assert.deepEqual(failures(inputs), [], JSON.stringify(inputs));
    }
  });
  it("refuses arguments that stay wrong whatever an unknown value becomes", () => {
    for (const inputs of [
      { name: [UNKNOWN] },
      { kind: { a: UNKNOWN } },
      { size: { a: UNKNOWN } },
      { parts: [{ other: UNKNOWN }] },
      { other: UNKNOWN },
      { list: [UNKNOWN, 1] },
    ]) {
      assert.equal(failures(inputs).length, 1, JSON.stringify(inputs));
    }
  });
});

describe("check for nesting and size", () => {
  const deep = JSON.parse("[".repeat(40) + "]".repeat(40)) as unknown;
  const reason = "is nested more than 32 levels deep";

  it("names an argument that is in the schema as the property, and any other only in the reason", () => {
    const inputs = { name: "x", list: deep, other: deep, "a\u001Bb": deep, toString: deep };
    assert.deepEqual(outsizedProperties(schema, inputs), [
      { property: "list", reason },
      ...["other", "a?b", "toString"].map((name) => ({
        property: "",
        reason: `unknown property "${name}": ${reason}`,
      })),
    ]);
    assert.deepEqual(outsizedProperties(schema, { name: "x", list: ["a"] }), []);
  });
  it("reports at most a hundred arguments", () =>
    assert.equal(
      outsizedProperties(
        schema,
        entries(150, (index) => [`p${index}`, deep]),
      ).length,
      100,
    ));
});

describe("normal form", () => {
  it("adds default values, sorts sets, and changes nothing else", () => {
    const inputs = { set: ["b", "a"], list: ["b", "a"], name: "x" };
    assert.deepEqual(normalise(schema, inputs), { ...inputs, kind: "a", set: ["a", "b"] });
    assert.deepEqual(inputs.set, ["b", "a"]);
  });
  it("does not change a set that is not a list of known texts", () => {
    for (const set of [["b", UNKNOWN, "a"], ["b", 1, "a"], [1, 2], "ba", undefined, UNKNOWN]) {
      assert.deepEqual(normalise(schema, { set })["set"], set);
    }
  });
});

describe("nearest name", () => {
  const names = ["organization", "name", "repoPermissions"];
  const long = "a".repeat(100);
  const cases: [name: string, nearest: string | undefined, known?: string[]][] = [
    ["organisation", "organization"],
    ["ORGANIZATION", "organization"],
    ["organizati", "organization"],
    ["orgnizatn", "organization"],
    ["organ", undefined],
    ["nam", "name"],
    ["nn", undefined],
    ["n", undefined],
    ["x", undefined, []],
    [`${long}bc`, long, [long]],
    [`${long}${"b".repeat(100)}`, long, [long]],
  ];
  for (const [name, nearest, known = names] of cases) {
    it(`of ${name.slice(0, 20)} (${name.length} characters) is ${nearest?.slice(0, 20) ?? "none"}`, () =>
      assert.equal(nearestName(name, known), nearest));
  }
});
