import assert from "node:assert/strict";
import { checkOptions, wholeNumber } from "../../provider/src/client/arguments";

const refuses = (call: () => unknown, what: string) =>
  assert.throws(call, { name: "HubError", code: "invalid_argument", message: what });

describe("client options", () => {
  const check = (options: unknown) => checkOptions("a list", options as object, ["limit", "search"]);

  it("accepts any known options, or none", () => {
    check({});
    check({ limit: 1, search: undefined });
  });

  it("refuses options that are not an object", () => {
    for (const options of [null, undefined, 5, "limit", ["limit"]]) {
      refuses(() => check(options), "The options of a list must be an object.");
    }
  });

  it("refuses a misspelt option and lists the known ones", () => {
    refuses(
      () => check({ limit: 1, Search: "x" }),
      '"Search" is not an option of a list. Known: limit, search.',
    );
    refuses(
      () => check({ ["x".repeat(61)]: 1 }),
      `"${"x".repeat(60)}" is not an option of a list. Known: limit, search.`,
    );
  });
});

describe("whole-number option", () => {
  it("accepts the minimum and the maximum", () => {
    for (const value of [1, 2, 5]) assert.equal(wholeNumber("limit", value, 1, 5), value);
    for (const value of [1, 1e9, Infinity]) assert.equal(wholeNumber("limit", value, 1, Infinity), value);
  });

  it("refuses fractions, values that are not numbers, and values out of range", () => {
    for (const value of [0, 6, 1.5, "3", null, undefined, NaN, Infinity]) {
      refuses(() => wholeNumber("limit", value, 1, 5), "limit must be a whole number from 1 to 5.");
    }
    for (const value of [0, 2 ** 53, -Infinity]) {
      refuses(() => wholeNumber("limit", value, 1, Infinity), "limit must be a whole number from 1.");
    }
  });
});
