import assert from "node:assert/strict";
import { AUTO_JOIN, type AutoJoinSetting, GROUP_OF_REPO, SPEND_LIMIT } from "../../provider/src/rules/groups";
import { isLooser, reconcile } from "../../provider/src/rules/reconcile";
import { MEMBERSHIP, roleFrom } from "../../provider/src/rules/roles";

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

const joining = (text: string): AutoJoinSetting => {
  const [role, scope] = text.split("/") as ["read" | "write", "all" | "read_plus" | undefined];
  return scope === undefined ? null : { role, scope };
};

describe("facets of resource groups", () => {
  for (const [left, right, both, isLeftLooser] of [
    ["none", "none", "none", false],
    ["read/read_plus", "none", "none", true],
    ["none", "write/all", "none", false],
    ["read/all", "read/read_plus", "read/read_plus", true],
    ["write/read_plus", "read/read_plus", "read/read_plus", true],
    ["write/all", "read/read_plus", "read/read_plus", true],
    // Neither is looser: one has the higher role, the other the larger scope.
    ["write/read_plus", "read/all", "read/read_plus", false],
    ["read/all", "write/read_plus", "read/read_plus", false],
  ] as const) {
    it(`automatic joining: ${left} and ${right} both allow ${both}`, () => {
      assert.deepEqual(AUTO_JOIN.meet(joining(left), joining(right)), joining(both));
      assert.equal(isLooser(AUTO_JOIN, joining(left), joining(right)), isLeftLooser);
    });
  }

  for (const [left, right, both, isLeftLooser] of [
    [null, null, null, false],
    [null, 5, 5, true],
    [5, null, 5, false],
    [6, 5, 5, true],
    [0, 5, 0, false],
  ] as const) {
    it(`limits: ${left} and ${right} both allow ${both}`, () => {
      assert.equal(SPEND_LIMIT.meet(left, right), both);
      assert.equal(isLooser(SPEND_LIMIT, left, right), isLeftLooser);
    });
  }

  for (const [left, right, both, isLeftLooser] of [
    [null, "a", "a", true],
    ["a", null, "a", false],
    ["a", "a", "a", false],
    ["a", "b", undefined, false],
  ] as const) {
    it(`repositories: in ${left} and in ${right}: both allow ${both}`, () => {
      assert.equal(GROUP_OF_REPO.meet(left, right), both);
      assert.equal(isLooser(GROUP_OF_REPO, left, right), isLeftLooser);
    });
  }

  it("members: not being one is tighter than the lowest role", () => {
    assert.ok(isLooser(MEMBERSHIP, "no_access", null));
    assert.ok(isLooser(MEMBERSHIP, "admin", "write"));
    assert.throws(() => roleFrom("owner", "ada"), /^LifecycleError: ada has the role "owner" on the Hub/);
  });
});
