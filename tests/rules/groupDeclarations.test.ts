import assert from "node:assert/strict";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { refuseBesideList } from "../../provider/src/rules/groupDeclarations";

describe("a single member or repository beside a complete list", () => {
  it("is noted, and refused only for the list of the same resource group", () => {
    const declaredBy = new Map<string, string>();
    assert.deepEqual(refuseBesideList("members", "a", declaredBy), []);
    assert.ok(declaredBy.has("ResourceGroupMember a"));
    declaredBy.set("ResourceGroup members a", "1").set("ResourceGroup repositories b", "1");
    assert.equal(refuseBesideList("members", "a", declaredBy).length, 1);
    assert.deepEqual(refuseBesideList("members", "b", declaredBy), []);
  });
  it("is neither noted nor refused while the id is unknown", () => {
    const declaredBy = new Map([[`ResourceGroup members ${UNKNOWN}`, "1"]]);
    assert.deepEqual(refuseBesideList("members", UNKNOWN, declaredBy), []);
    assert.equal(declaredBy.size, 1);
  });
});
