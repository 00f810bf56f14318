import assert from "node:assert/strict";
import { isLooser } from "../../provider/src/rules/reconcile";
import {
  canBeGated,
  GATE,
  GATES,
  isOpenToOutsiders,
  isWider,
  possibleVisibilities,
  visibilitiesOf,
} from "../../provider/src/rules/visibility";

describe("visibility", () => {
  const order = ["private", "internal", "protected", "public"] as const;

  it("widens from private to internal, protected and public", () => {
    for (const [i, to] of order.entries()) {
      for (const [j, from] of order.entries()) assert.equal(isWider(to, from), i > j, `${from} to ${to}`);
    }
  });
  it("is open to outsiders if protected or public", () =>
    assert.deepEqual(order.filter(isOpenToOutsiders), ["protected", "public"]));
  it("depends on the type of the repository", () => {
    const all = (["model", "dataset", "space", "bucket"] as const).map((type) => [
      visibilitiesOf(type).join(" "),
      canBeGated(type),
    ]);
    assert.deepEqual(all, [
      ["private internal public", true],
      ["private internal public", true],
      ["private internal protected public", false],
      ["private public", false],
    ]);
  });
  it("may be any visibility of its type that matches the `private` flag", () => {
    assert.deepEqual(possibleVisibilities("model", false), ["public"]);
    assert.deepEqual(possibleVisibilities("model", true), ["private", "internal"]);
    assert.deepEqual(possibleVisibilities("space", true), ["private", "internal", "protected"]);
    assert.deepEqual(possibleVisibilities("bucket", true), ["private"]);
    assert.deepEqual(possibleVisibilities("bucket", undefined), ["private", "public"]);
  });
});

describe("a gate", () => {
  it("loosens from manual to auto to none", () => {
    assert.deepEqual(GATES, ["manual", "auto", false]);
    for (const [i, to] of GATES.entries()) {
      for (const [j, from] of GATES.entries())
        assert.equal(isLooser(GATE, to, from), i > j, `${from} to ${to}`);
    }
  });
});
