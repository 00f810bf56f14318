import assert from "node:assert/strict";
import { type Gated } from "../../provider/src/client";
import {
  canBeGated,
  isLooserGate,
  isOpenToOutsiders,
  isWider,
  NARROWEST_GATE,
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
});

describe("a gate", () => {
  it("is looser from manual to auto and none; one that nobody knows is not compared", () => {
    const order: (Gated | undefined)[] = ["manual", "auto", false];
    for (const [i, to] of order.entries()) {
      for (const [j, from] of order.entries())
        assert.equal(isLooserGate(to, from), i > j, `${from} to ${to}`);
      assert.equal(isLooserGate(to, undefined), false);
      assert.equal(isLooserGate(undefined, to), false);
    }
    assert.equal(NARROWEST_GATE, order[0]);
  });
});
