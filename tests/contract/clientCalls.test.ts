import assert from "node:assert/strict";
import { clientCalls } from "./clientCalls";
import { clientMethods, uncalledMethods } from "./completeness";

describe("client calls", () => {
  it("cover every method, also of the base classes", () => {
    assert.ok(clientMethods().includes("getRepo") && clientMethods().includes("listResourceGroups"));
    assert.deepEqual(uncalledMethods(clientCalls.map(({ method }) => method)), []);
  });
});
