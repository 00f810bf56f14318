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

describe("limits of what is sent: patterns of endpoints", () => {
  const check = (patterns: unknown) => refusal(() => checkEndpointPatterns(patterns as string[]));
  const malformed = (index: number) =>
    `endpointPatterns[${index}] must have 1 to 256 characters, without . ? \\ and brackets.`;
  const many = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`);

  it("takes what the Hub takes", () => {
    // A character beyond the basic plane counts as one, as the Hub counts.
    for (const patterns of [undefined, [], ["acme/*"], many(20), ["x".repeat(256)], ["😀".repeat(256)]]) {
      assert.equal(check(patterns), undefined);
    }
  });
  it("names the pattern that the Hub does not take", () => {
    for (const bad of ["", "x".repeat(257), ..."a.b a?b (a a) [a a] {a a} a\\b".split(" "), 5, null]) {
      assert.equal(check([bad]), malformed(0));
      assert.equal(check(["good", bad]), malformed(1));
    }
  });
  it("takes a list of at most 20 and nothing else", () => {
    for (const bad of [many(21), "acme/*", { length: 0 }, null, 5]) {
      assert.equal(check(bad), "endpointPatterns must be a list of at most 20 patterns.");
    }
  });
});

describe("limits of what is sent: values that leaked", () => {
  const check = (values: unknown) => refusal(() => checkCredentials(values as string[]));

  it("takes 1 to 1000 values of 1 to 200 characters", () => {
    for (const values of [["x"], Array<string>(1000).fill("x"), ["x".repeat(200)], ["😀".repeat(200)]]) {
      assert.equal(check(values), undefined);
    }
  });
  it("refuses fewer, more, and what is no list", () => {
    for (const bad of [[], Array<string>(1001).fill("x"), "hf_x", { length: 1 }, undefined]) {
      assert.equal(check(bad), "revokeLeakedCredentials takes 1 to 1000 values.");
    }
  });
  it("names a value by its place, and never repeats it", () => {
    for (const bad of ["", "x".repeat(201), 5, null, undefined, ["hf_x"]]) {
      const message = (index: number) =>
        `Value ${index} for revokeLeakedCredentials must be a string of 1 to 200 characters.`;
      assert.equal(check([bad]), message(0));
      assert.equal(check(["hf_secret", bad]), message(1));
    }
  });
});
