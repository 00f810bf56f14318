import assert from "node:assert/strict";
import { changedProperties, diffOf, differingFrom } from "../../provider/src/model/diff";
import { UNKNOWN } from "../../provider/src/model/unknown";

const definition = {
  schema: { properties: { owner: {}, name: {}, size: { default: 1 }, list: {} } },
  replaceOn: ["name"],
} as unknown as Parameters<typeof changedProperties>[0];

describe("comparison of arguments", () => {
  const cases: [string, state: object, inputs: object, changed: string[]][] = [
    ["finds a changed argument", { name: "a" }, { name: "b" }, ["name"]],
    ["ignores the owner", { owner: "a" }, { owner: "b" }, []],
    ["treats a missing argument as its default value", { size: 1 }, {}, []],
    ["compares an argument with its default value", {}, { size: 2 }, ["size"]],
    ["ignores outputs", { list: [1], other: 1 }, { list: [1] }, []],
    ["treats an unknown value as changed", { list: UNKNOWN }, { list: UNKNOWN }, ["list"]],
  ];
  for (const [name, state, inputs, changed] of cases) {
    it(name, () => assert.deepEqual(changedProperties(definition, state, inputs), changed));
  }
  it("requires a replacement if the definition says so", () => {
    for (const [changed, changes, replaces] of [
      [[], false, []],
      [["size"], true, []],
      [["size", "name"], true, ["name"]],
    ] as [string[], boolean, string[]][]) {
      assert.deepEqual(diffOf(definition, changed), { changes, changed, replaces, renews: [] });
    }
  });
  it("returns the values that differ on the Hub", () =>
    assert.deepEqual(differingFrom({ name: "a", size: 1 }, { name: "b", size: 1, list: [] }), { name: "a" }));
});
