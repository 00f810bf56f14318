import assert from "node:assert/strict";
import { GROUP_OF_REPO, refuseBesideList } from "../../provider/src/rules/groups";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { isLooser, reconcile } from "../../provider/src/rules/reconcile";

describe("the resource group of a repository", () => {
  it("is tighter than none, and has no order with another one", () => {
    const table: [string | null, string | null, boolean][] = [
      [null, "a", true],
      ["a", null, false],
      ["a", "b", false],
      ["b", "a", false],
      ["a", "a", false],
      [null, null, false],
    ];
    for (const [left, right, looser] of table)
      assert.equal(isLooser(GROUP_OF_REPO, left, right), looser, `${left} and ${right}`);
  });
  it("is not replaced by another one without a reason", () => {
    const by = { declared: "a", applied: "a", speaks: false };
    assert.equal(reconcile(GROUP_OF_REPO, { ...by, possible: [null] }).send, "a");
    const { refused, send, inexpressible } = reconcile(GROUP_OF_REPO, { ...by, possible: ["b"] });
    assert.deepEqual(
      { refused, send, inexpressible },
      { refused: true, send: undefined, inexpressible: true },
    );
  });
});

describe("a single member or repository beside a complete list", () => {
  const member = (groupId: string) => ({ type: "ResourceGroupMember", list: "members", groupId }) as const;
  it("is noted, and refused only for the list of the same resource group", () => {
    const declaredBy = new Map<string, string>();
    assert.deepEqual(refuseBesideList(member("a"), declaredBy), []);
    assert.ok(declaredBy.has("ResourceGroupMember a"));
    declaredBy.set("ResourceGroup members a", "1").set("ResourceGroup repositories b", "1");
    assert.equal(refuseBesideList(member("a"), declaredBy).length, 1);
    assert.deepEqual(refuseBesideList(member("b"), declaredBy), []);
  });
  it("is neither noted nor refused while the id is unknown", () => {
    const declaredBy = new Map([[`ResourceGroup members ${UNKNOWN}`, "1"]]);
    assert.deepEqual(refuseBesideList(member(UNKNOWN), declaredBy), []);
    assert.equal(declaredBy.size, 1);
  });
});
