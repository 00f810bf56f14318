import assert from "node:assert/strict";
import { HubError } from "../../provider/src/client/errors";
import { checkCredentials, checkEndpointPatterns } from "../../provider/src/client/limits";

function refusal(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof HubError);
    assert.equal(error.code, "invalid_argument");
    return error.message.replace(/ \(code .*$/, "");
  }
}

describe("limits of endpoint patterns", () => {
  const check = (patterns: unknown) => refusal(() => checkEndpointPatterns(patterns as string[]));
  const malformed = (index: number) =>
    `endpointPatterns[${index}] must have 1 to 256 characters, without . ? \\ and brackets.`;
  const many = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`);

  it("accept what the Hub accepts", () => {
    // A character outside the basic plane counts as one, as on the Hub.
    for (const patterns of [undefined, [], ["acme/*"], many(20), ["x".repeat(256)], ["😀".repeat(256)]]) {
      assert.equal(check(patterns), undefined);
    }
  });
  it("name the pattern that the Hub refuses", () => {
    for (const bad of ["", "x".repeat(257), ..."a.b a?b (a a) [a a] {a a} a\\b".split(" "), 5, null]) {
      assert.equal(check([bad]), malformed(0));
      assert.equal(check(["good", bad]), malformed(1));
    }
  });
  it("accept only a list of at most 20", () => {
    for (const bad of [many(21), "acme/*", { length: 0 }, null, 5]) {
      assert.equal(check(bad), "endpointPatterns must be a list of at most 20 patterns.");
    }
  });
});

describe("limits of leaked credentials", () => {
  const check = (values: unknown) => refusal(() => checkCredentials(values as string[]));

  it("accept 1 to 1000 values of 1 to 200 characters", () => {
    for (const values of [["x"], Array<string>(1000).fill("x"), ["x".repeat(200)], ["😀".repeat(200)]]) {
      assert.equal(check(values), undefined);
    }
  });
  it("refuse fewer or more values, and anything but a list", () => {
    for (const bad of [[], Array<string>(1001).fill("x"), "hf_x", { length: 1 }, undefined]) {
      assert.equal(check(bad), "revokeLeakedCredentials takes 1 to 1000 values.");
    }
  });
  it("name a value by its position and do not repeat it", () => {
    for (const bad of ["", "x".repeat(201), 5, null, undefined, ["hf_x"]]) {
      const message = (index: number) =>
        `Value ${index} for revokeLeakedCredentials must be a string of 1 to 200 characters.`;
      assert.equal(check([bad]), message(0));
      assert.equal(check(["hf_secret", bad]), message(1));
    }
  });
});
