// Each kind of failure, word for word, and what is no failure yet because a value is not known.
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
    kind: { enum: ["a", false], description: "a or false" },
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

// A schema that was not seen before is compiled anew.
const failures = (inputs: object, secrets: string[] = []) =>
  validate(structuredClone(schema), secrets, { name: "ok", ...inputs }).map(
    ({ property, reason }) => `${property}|${reason}`,
  );

describe("failures, word for word", () => {
  const cases: [object, string[]][] = [
    [{}, []],
    [{ name: undefined }, ["name|is required: at most 5 letters"]],
    [{ name: 5 }, ["name|must be string, not number; at most 5 letters"]],
    [{ name: null }, ["name|must be string, not null; at most 5 letters"]],
    [{ name: ["a"] }, ["name|must be string, not array; at most 5 letters"]],
    [{ name: "A" }, ["name|does not have the right form; at most 5 letters"]],
    [{ name: "abcdef" }, ["name|must NOT have more than 5 characters; at most 5 letters"]],
    [{ size: {} }, ["size|must be number or boolean, not object; a number or not"]],
    [{ size: NaN }, ["size|must be number or boolean, not number; a number or not"]],
    [{ bare: "x" }, ["bare|must NOT have fewer than 2 characters; see the documentation"]],
    [{ kind: "b" }, ['kind|must be one of "a", false']],
    [{ list: ["x", 1] }, ["list|item 1: must be string, not number; see the documentation"]],
    [{ set: ["x", "x"] }, ["set|must NOT have duplicate items (items ## 1 and 0 are identical); a set"]],
    [{ parts: [{ id: "1" }, {}] }, ["parts|item 1: must have required property 'id'; a part with an id"]],
    [{ parts: [{ id: 1 }] }, ["parts|item 0.id: must be string, not number; an id"]],
    [{ labels: { "a/b~c": 1 } }, ["labels|item a/b~c: must be string, not number; text"]],
    [{ labels: { "a\nb\u001Bc": 1 } }, ["labels|item a?b?c: must be string, not number; text"]],
    [
      { labels: { ["k".repeat(100)]: 1 } },
      [`labels|item ${"k".repeat(100)}: must be string, not number; text`],
    ],
    [
      { labels: { ["k".repeat(101)]: 1 } },
      [`labels|item ${"k".repeat(100)}…: must be string, not number; text`],
    ],
    [
      { nmae: 1 },
      [
        '|unknown property "nmae"; did you mean "name"? Allowed: name, size, bare, kind, set, list, parts, labels',
      ],
    ],
    [
      { zzzzzzzzz: 1 },
      ['|unknown property "zzzzzzzzz" Allowed: name, size, bare, kind, set, list, parts, labels'],
    ],
  ];
  for (const [inputs, expected] of cases) {
    it(JSON.stringify(inputs).slice(0, 60), () => assert.deepEqual(failures(inputs), expected));
  }

  it("a secret is named in the reason, and never to the engine", () =>
    assert.deepEqual(failures({ bare: "x" }, ["bare"]), [
      "|bare: must NOT have fewer than 2 characters; see the documentation",
    ]));

  it("what is said twice is said once, and no more than a hundred things", () => {
    const labels = Object.fromEntries(Array.from({ length: 300 }, (_item, index) => [`l${index}`, 1]));
    assert.equal(failures({ labels }).length, 100);
    const long = Object.fromEntries(
      Array.from({ length: 5 }, (_item, index) => [`${"k".repeat(100)}${index}`, 1]),
    );
    assert.equal(failures({ labels: long }).length, 1);
  });
});

describe("what is not known yet", () => {
  it("is no failure where it stands", () => {
    for (const inputs of [
      { name: UNKNOWN },
      { size: UNKNOWN },
      { kind: UNKNOWN },
      { set: [UNKNOWN, UNKNOWN] },
      { set: [UNKNOWN, "a", "b"] },
      { parts: [UNKNOWN] },
      { parts: UNKNOWN },
      { parts: [{ id: UNKNOWN }] },
      { labels: { a: UNKNOWN } },
    ]) {
      assert.deepEqual(failures(inputs), [], JSON.stringify(inputs));
    }
  });
  it("excuses nothing that it cannot change", () => {
    for (const [inputs, count] of [
      [{ name: [UNKNOWN] }, 1],
      [{ kind: { a: UNKNOWN } }, 1],
      [{ size: { a: UNKNOWN } }, 1],
      [{ parts: [{ other: UNKNOWN }] }, 1],
      [{ other: UNKNOWN }, 1],
      [{ list: [UNKNOWN, 1] }, 1],
    ] as const) {
      assert.equal(failures(inputs).length, count, JSON.stringify(inputs));
    }
  });
});

describe("what is too deep or too wide", () => {
  const deep = JSON.parse("[".repeat(40) + "]".repeat(40)) as unknown;
  it("is named, known or not", () => {
    assert.deepEqual(outsizedProperties(schema, { name: "x", list: deep, other: deep, "a\u001Bb": deep }), [
      { property: "list", reason: "is nested more than 32 levels deep" },
      { property: "", reason: 'unknown property "other": is nested more than 32 levels deep' },
      { property: "", reason: 'unknown property "a?b": is nested more than 32 levels deep' },
    ]);
    assert.deepEqual(outsizedProperties(schema, { name: "x", list: ["a"] }), []);
  });
  it("no more than a hundred of them", () => {
    const many = Object.fromEntries(Array.from({ length: 150 }, (_item, index) => [`p${index}`, deep]));
    assert.equal(outsizedProperties(schema, many).length, 100);
  });
  it("a property that every object inherits is not known for that", () =>
    assert.equal(outsizedProperties(schema, { toString: deep })[0]?.property, ""));
});

describe("normal form", () => {
  it("sorts what is a set of texts, and leaves all else as it was", () => {
    const inputs = { set: ["b", "a"], list: ["b", "a"], name: "x" };
    assert.deepEqual(normalise(schema, inputs), { ...inputs, set: ["a", "b"] });
    assert.deepEqual(inputs.set, ["b", "a"]);
    for (const set of [["b", UNKNOWN, "a"], ["b", 1, "a"], [1, 2], "ba", undefined, UNKNOWN]) {
      assert.deepEqual(normalise(schema, { set })["set"], set);
    }
  });
});

describe("the nearest name", () => {
  it("is at most two letters off, or a third of a long name", () => {
    const names = ["organization", "name", "repoPermissions"];
    assert.equal(nearestName("organisation", names), "organization");
    assert.equal(nearestName("ORGANIZATION", names), "organization");
    assert.equal(nearestName("nam", names), "name");
    assert.equal(nearestName("nn", names), undefined);
    assert.equal(nearestName("n", names), undefined);
    assert.equal(nearestName("organ", names), undefined);
    assert.equal(nearestName("organizati", names), "organization");
    assert.equal(nearestName("orgnizatn", names), "organization");
    assert.equal(nearestName("x", []), undefined);
    assert.equal(nearestName(`${"a".repeat(100)}bc`, ["a".repeat(100)]), "a".repeat(100));
    assert.equal(nearestName(`${"a".repeat(100)}${"b".repeat(100)}`, ["a".repeat(100)]), "a".repeat(100));
  });
});
