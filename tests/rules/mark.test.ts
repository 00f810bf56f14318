import assert from "node:assert/strict";
import fc from "fast-check";
import {
  MARK_LENGTH,
  ownerOf,
  refusalOfForeignMark,
  splitMark,
  withMark,
} from "../../provider/src/rules/mark";

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length });

describe("mark", () => {
  it("can be separated from any text it was added to", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), hex(8), hex(4), (text, owner, random) => {
        const marked = withMark(text, { owner, random });
        assert.deepEqual(splitMark(marked), { text, mark: { owner, random } });
        if (text) assert.equal(marked.length, text.length + MARK_LENGTH);
      }),
      { numRuns: 2000 },
    );
  });
  it("is not found in text of another form", () => {
    for (const text of [
      "ci",
      "ci [abc]",
      "ci [0123456-1234]",
      "ci [01234567-1234] ",
      "ci[01234567-1234]",
      "",
    ]) {
      assert.deepEqual(splitMark(text), { text });
    }
  });
  it("differs between resources, types, stacks and projects, and never changes", () => {
    const owners = [
      ownerOf("p", "s", "HubToken", "a"),
      ownerOf("p", "s", "HubToken", "b"),
      ownerOf("p", "s", "ServiceAccount", "a"),
      ownerOf("p", "t", "HubToken", "a"),
      ownerOf("q", "s", "HubToken", "a"),
      ownerOf("p", "s", "HubToken", "a", "x"),
      // Joined without separators, these parts give the same text as the first.
      ownerOf("ps", "", "HubToken", "a"),
    ];
    assert.equal(new Set(owners).size, owners.length);
    assert.equal(owners[0], "821ce00b");
  });
  it("prevents the import of an object by another resource", () => {
    const refusal = (text: string, owner?: string) => refusalOfForeignMark(text, owner, "The token ci");
    assert.equal(refusal("ci", "01234567"), undefined);
    assert.equal(refusal("ci [01234567-1234]", "01234567"), undefined);
    for (const owner of ["76543210", undefined]) {
      assert.match(
        refusal("ci [01234567-1234]", owner) ?? "",
        /^The token ci has the mark of another resource, .* Nothing was changed\. .* `aliases` .* see docs\/import\.md\.$/,
      );
    }
  });
});
