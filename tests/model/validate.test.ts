import assert from "node:assert/strict";
import { type ArgsSchema } from "../../provider/src/model/definition";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { normalise, validate } from "../../provider/src/model/validate";

const schema: ArgsSchema = {
  type: "object",
  required: ["name"],
  additionalProperties: false,
  properties: {
    name: { type: "string", maxLength: 5, description: "at most 5 characters" },
    secret: { type: "string", minLength: 4, description: "at least 4 characters" },
    kind: { enum: ["a", "b"], default: "a", description: "a or b" },
    list: { type: "array", items: { enum: ["x", "y"] }, uniqueItems: true, description: "a list of x and y" },
    labels: {
      type: "object",
      additionalProperties: { type: "string", description: "a string" },
      description: "labels",
    },
  },
};

const failures = (inputs: Record<string, unknown>) => validate(schema, ["secret"], inputs);

describe("validation", () => {
  it("accepts what is right", () => assert.deepEqual(failures({ name: "ok", list: ["x"] }), []));

  it("tells all failures at once, each with its property, what was wrong and what is allowed", () => {
    assert.deepEqual(failures({ kind: "c", list: ["x", "z"], labels: { a: 1 } }), [
      { property: "name", reason: "is required: at most 5 characters" },
      { property: "kind", reason: 'must be one of "a", "b"' },
      { property: "list", reason: 'item 1: must be one of "x", "y"' },
      { property: "labels", reason: "item a: must be string, not number; a string" },
    ]);
  });
  it("names the nearest known property for a misspelt one, and not its value", () => {
    const [failure] = failures({ name: "ok", secrte: "geheim" });
    assert.equal(failure?.property, "");
    assert.match(
      failure?.reason ?? "",
      /unknown property "secrte"; did you mean "secret"\? Allowed: name, secret/,
    );
    assert.ok(!JSON.stringify(failure).includes("geheim"));
  });
  it("suggests nothing for a name that is like none", () => {
    assert.ok(!failures({ name: "ok", zzzzzzzz: 1 })[0]?.reason.includes("did you mean"));
  });
  it("never repeats a secret, and does not name its property to the engine, which would print the value", () => {
    const [failure] = failures({ name: "ok", secret: "geh" });
    assert.equal(failure?.property, "");
    assert.match(failure?.reason ?? "", /^secret: .*at least 4 characters/);
    assert.ok(!JSON.stringify(failure).includes("geh"));
  });
  it("waits for values that are not known yet, at any depth", () => {
    assert.deepEqual(
      failures({ name: UNKNOWN, secret: UNKNOWN, kind: UNKNOWN, list: UNKNOWN, labels: UNKNOWN }),
      [],
    );
    assert.deepEqual(failures({ name: "ok", list: [UNKNOWN, UNKNOWN], labels: { a: UNKNOWN } }), []);
  });
  it("judges what is known beside what is not", () => {
    assert.deepEqual(
      failures({ name: UNKNOWN, list: [UNKNOWN, "z"] }).map(({ property }) => property),
      ["list"],
    );
  });
  it("a key like __proto__ is an unknown property and changes nothing", () => {
    const inputs = JSON.parse('{"name": "ok", "__proto__": {"polluted": true}}') as Record<string, unknown>;
    assert.equal(failures(inputs).length, 1);
    assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  });
});

describe("normal form of arguments", () => {
  it("fills defaults in and sorts sets", () => {
    assert.deepEqual(normalise(schema, { name: "ok", list: ["y", "x"] }), {
      name: "ok",
      kind: "a",
      list: ["x", "y"],
    });
  });
  it("leaves alone what is not known yet", () => {
    assert.deepEqual(normalise(schema, { name: "ok", list: ["y", UNKNOWN] }).list, ["y", UNKNOWN]);
  });
});
