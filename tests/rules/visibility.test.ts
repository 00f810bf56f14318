import assert from "node:assert/strict";
import { isOpenToOutsiders, isWider } from "../../provider/src/rules/visibility";

describe("visibility: private < internal < protected < public", () => {
  const order = ["private", "internal", "protected", "public"] as const;
  for (const [i, to] of order.entries()) {
    for (const [j, from] of order.entries()) {
      it(`${to} is ${i > j ? "" : "not "}wider than ${from}`, () => assert.equal(isWider(to, from), i > j));
    }
  }
  it("outsiders see protected and public", () => {
    assert.deepEqual(order.map(isOpenToOutsiders), [false, false, true, true]);
  });
});
