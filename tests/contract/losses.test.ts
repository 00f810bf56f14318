import assert from "node:assert/strict";
import { differences, inWords, isInvented, isUnknown } from "./losses";

const kinds = (answer: unknown, result: unknown): string[] =>
  differences(answer, result).map((each) =>
    isInvented(each) ? `invented ${each.at}` : isUnknown(each) ? `unknown ${each.at}` : `lost ${each.at}`,
  );

describe("differences between an answer and the client's result", () => {
  it("include lost fields, changed values and missing items", () => {
    assert.deepEqual(kinds({ a: 1, b: [{ c: "x" }, { c: "y" }] }, { b: [{ c: "z" }] }), [
      "lost /a",
      "lost /b/0/c",
      "lost /b/1",
    ]);
    assert.deepEqual(kinds({ a: 1, b: [null] }, { a: 1, b: [null] }), []);
  });
  it("are invented if the result has a value that the answer lacks", () => {
    assert.deepEqual(kinds({ private: null }, { private: false }), ["invented /private"]);
    assert.deepEqual(kinds({}, { accessTokens: [] }), ["invented /accessTokens"]);
  });
  it("are only noted if an unknown value stays unknown", () => {
    assert.deepEqual(kinds({ private: null }, {}), ["unknown /private"]);
    assert.deepEqual(kinds({}, { lastUsedAt: null }), ["unknown /lastUsedAt"]);
  });
  it("are described in words", () => {
    assert.equal(
      inWords({ at: "/a", answer: undefined, result: false }),
      "/a: the Hub answers nothing, the client returns false",
    );
  });
});
