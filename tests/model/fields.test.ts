import assert from "node:assert/strict";
import { filled, object, oneOf, optional, string } from "../../provider/src/client/shape";
import {
  definedBy,
  type FieldSchema,
  inputsIn,
  type InputsOf,
  type ResourceModel,
  shapeOf,
  type StateOf,
} from "../../provider/src/model/fields";

const description = "what is allowed";

const model = {
  type: "Thing",
  fields: {
    owner: { schema: { type: "string", description } },
    name: { schema: { type: "string", minLength: 1, description }, required: true, replaces: true },
    note: { schema: { type: "string", description }, stored: optional(filled) },
    size: { schema: { type: "integer", default: 1, description } },
    kind: { schema: { enum: ["small", "large"], description }, required: true },
    hush: { schema: { type: "string", description }, secret: true },
  },
  outputs: { value: optional(string), status: oneOf("active", "missing") },
  memory: { applied: object({ size: optional(string) }) },
  secretOutputs: ["value"],
} as const satisfies ResourceModel;

interface Args {
  name: string;
  note?: string;
  size?: number;
  kind: "small" | "large";
  hush?: string;
}

/** The error for a state with one changed property, or undefined. */
function problem(fields: ResourceModel["fields"], state: object): string | undefined {
  try {
    definedBy({ type: "Thing", fields, outputs: {} }).stateReader(state, "");
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe("a resource's fields", () => {
  it("define the schema of the arguments, the secrets and the arguments that replace the resource", () => {
    const { schema, secrets, replaceOn, type, followsOwner } = definedBy(model);
    assert.deepEqual(
      { ...schema, properties: Object.keys(schema.properties) },
      {
        type: "object",
        required: ["name", "kind"],
        additionalProperties: false,
        properties: ["owner", "name", "note", "size", "kind", "hush"],
      },
    );
    assert.deepEqual(schema.properties["size"], { type: "integer", default: 1, description });
    assert.deepEqual(
      { secrets, replaceOn, type, followsOwner },
      { secrets: ["hush", "value"], replaceOn: ["name"], type: "Thing", followsOwner: undefined },
    );
  });

  it("define the class's secrets and all its properties", () => {
    assert.deepEqual(shapeOf<Args>()(model), {
      type: "Thing",
      secrets: ["hush", "value"],
      outputs: ["owner", "name", "note", "size", "kind", "hush", "value", "status"],
      owned: true,
    });
  });

  it("make the class set the owner's mark, unless there is none or it follows another resource", () => {
    const { owner: _owner, ...others } = model.fields;
    assert.equal(shapeOf<Args>()({ ...model, fields: others }).owned, false);
    assert.equal(shapeOf<Args>()({ ...model, followsOwner: true }).owned, false);
    assert.equal(definedBy({ ...model, followsOwner: true }).followsOwner, true);
  });

  it("extract the arguments from a state", () => {
    const state: StateOf<typeof model> = {
      name: "a",
      size: 2,
      kind: "small",
      value: "v",
      status: "active",
      applied: {},
    };
    const inputs: InputsOf<typeof model> = inputsIn(model, state);
    assert.deepEqual(inputs, {
      owner: undefined,
      name: "a",
      note: undefined,
      size: 2,
      kind: "small",
      hush: undefined,
    });
  });

  it("read a complete state, with outputs and internal values", () => {
    const { stateReader } = definedBy(model);
    const state = { name: "a", size: 1, kind: "small", status: "active", applied: {} };
    assert.deepEqual(stateReader(state, ""), state);
    assert.throws(() => stateReader({ ...state, status: "gone" }, ""), /status should be one of/);
    assert.throws(
      () => stateReader({ ...state, applied: { size: 1 } }, ""),
      /applied\.size should be a string/,
    );
    assert.throws(() => stateReader({ ...state, note: "" }, ""), /note should be a non-empty string/);
  });

  const parts = { a: { type: "string", description }, b: { type: "boolean", description } } as const;
  const kinds: [what: string, schema: FieldSchema, good: unknown, bad: unknown, message: string][] = [
    ["a text", { type: "string", description }, "", 1, "x should be a string"],
    [
      "a non-empty text",
      { type: "string", minLength: 1, description },
      "a",
      "",
      "x should be a non-empty string",
    ],
    ["a word from a list", { enum: ["a", false], description }, false, true, "x should be one of a, false"],
    ["a switch", { type: "boolean", description }, false, "false", "x should be true or false"],
    ["a whole number", { type: "integer", description }, 1, "1", "x should be a number"],
    ["a number", { type: "number", description }, 1.5, NaN, "x should be a number"],
    ["a list", { type: "array", items: parts.a, description }, ["a"], [1], "x[0] should be a string"],
    [
      "an object of texts",
      { type: "object", additionalProperties: parts.a, description },
      { y: "a" },
      { y: 1 },
      "x.y should be a string",
    ],
    [
      "an object with parts",
      { type: "object", properties: parts, required: ["a", "b"], description },
      { a: "a", b: true },
      { a: "a" },
      "x.b should be true or false",
    ],
  ];
  for (const [what, schema, good, bad, message] of kinds) {
    it(`read ${what} from a state by its schema`, () => {
      assert.equal(problem({ x: { schema } }, { x: good }), undefined);
      assert.equal(problem({ x: { schema } }, {}), undefined);
      assert.ok(
        problem({ x: { schema } }, { x: bad })?.startsWith(message),
        problem({ x: { schema } }, { x: bad }),
      );
      assert.match(problem({ x: { schema, required: true } }, {}) ?? "", /^x should be .*, but is missing$/);
    });
  }
});
