import assert from "node:assert/strict";
import fc from "fast-check";
import { MARK_LENGTH, ownerOf, splitMark, withMark } from "../../provider/src/rules/mark";

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length });

describe("mark", () => {
  it("gives back the text and the mark that went in, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), hex(8), hex(4), (text, owner, random) => {
        const marked = withMark(text, { owner, random });
        assert.deepEqual(splitMark(marked), { text, mark: { owner, random } });
        if (text) assert.equal(marked.length, text.length + MARK_LENGTH);
      }),
      { numRuns: 2000 },
    );
  });
  it("sees no mark where there is none", () => {
    for (const text of [
      "ci",
      "ci [abc]",
      "ci [0123456-1234]",
      "ci [01234567-1234] ",
      "ci[01234567-1234]",
      "",
    ]) {
      assert.equal(splitMark(text).mark, undefined, text);
    }
  });
  it("tells resources, types, stacks and projects apart, and stays the same", () => {
    const owners = [
      ownerOf("p", "s", "HubToken", "a"),
      ownerOf("p", "s", "HubToken", "b"),
      ownerOf("p", "s", "ServiceAccount", "a"),
      ownerOf("p", "t", "HubToken", "a"),
      ownerOf("q", "s", "HubToken", "a"),
      ownerOf("p", "s", "HubToken", "a", "x"),
      // Parts that only run together the same way.
      ownerOf("ps", "", "HubToken", "a"),
    ];
    assert.equal(new Set(owners).size, owners.length);
    assert.equal(ownerOf("p", "s", "HubToken", "a"), "821ce00b");
    assert.match(owners[0] as string, /^[0-9a-f]{8}$/);
  });
});
