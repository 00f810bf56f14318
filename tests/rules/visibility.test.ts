import assert from "node:assert/strict";
import { isOpenToOutsiders, isWider } from "../../provider/src/rules/visibility";

describe("visibility", () => {
  const order = ["private", "internal", "protected", "public"] as const;

  it("widens from private to internal, protected and public", () => {
    for (const [i, to] of order.entries()) {
      for (const [j, from] of order.entries()) assert.equal(isWider(to, from), i > j, `${from} to ${to}`);
    }
  });
  it("is open to outsiders if protected or public", () =>
    assert.deepEqual(order.filter(isOpenToOutsiders), ["protected", "public"]));
});
