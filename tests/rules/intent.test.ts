import assert from "node:assert/strict";
import {
  carried,
  fingerprint,
  type Heard,
  listen,
  noted,
  readHeard,
  settled,
  stillOpen,
} from "../../provider/src/rules/intent";

const NARROW = { visibility: "private" };
const WIDE = { visibility: "public" };

/** What is kept after these reasons, each of which has done what it was given for. */
const after = (...reasons: unknown[]): Heard =>
  reasons.reduce<Heard>((heard, reason) => settled(listen(heard, reason, WIDE).heard), { seen: [] });

describe("a reason", () => {
  it("speaks the first time", () => {
    const { speaks, isNew, heard } = listen(undefined, "incident 7 is over", NARROW);
    assert.ok(speaks && isNew);
    assert.equal(heard.seen.length, 1);
  });
  it("does not speak again once it was seen", () =>
    assert.ok(!listen(after("incident 7 is over"), "incident 7 is over", NARROW).speaks));
  it("does not speak when it returns after another one", () =>
    assert.ok(!listen(after("first", "second"), "first", NARROW).speaks));
  it("does not speak if there is none", () => {
    for (const reason of [undefined, null, {}])
      assert.deepEqual(listen(after("first"), reason, NARROW), {
        speaks: false,
        isNew: false,
        heard: after("first"),
      });
  });
  it("still speaks in a retry, if the Hub holds what it was given for", () => {
    const { heard } = listen(after("first"), "second", NARROW);
    const retry = listen(heard, "second", NARROW);
    assert.ok(retry.speaks && !retry.isNew);
    assert.deepEqual(retry.heard, heard);
  });
  it("does not speak in a retry for what someone did meanwhile, nor after it", () => {
    const { heard } = listen(undefined, "first", NARROW);
    const later = listen(heard, "first", WIDE);
    assert.ok(!later.speaks);
    assert.ok(!listen(later.heard, "first", NARROW).speaks);
  });
  it("does not speak in a retry once another reason was given", () => {
    const { heard } = listen(undefined, "first", NARROW);
    const { heard: both } = listen(heard, "second", NARROW);
    assert.ok(!listen(both, "first", NARROW).speaks);
  });
  it("is not open any more once the program gives none", () => {
    const { heard } = listen(undefined, "first", NARROW);
    assert.ok(!listen(listen(heard, undefined, NARROW).heard, "first", NARROW).speaks);
  });
  it("speaks in a retry for what its own run has made of it, and for that alone", () => {
    const { heard } = listen(after("first"), "second", WIDE);
    const kept = carried(heard, NARROW);
    assert.ok(listen(kept, "second", NARROW).speaks);
    assert.ok(!listen(kept, "second", WIDE).speaks);
    assert.ok(!listen(kept, "first", NARROW).speaks);
  });
  it("stays open over a refresh that finds what it was given for, kept in whichever way, and over no other", () => {
    const { heard } = listen(after("first"), "second", NARROW);
    assert.deepEqual(
      stillOpen(heard, () => [NARROW]),
      heard,
    );
    assert.deepEqual(
      stillOpen(heard, () => [WIDE, NARROW]),
      heard,
    );
    assert.deepEqual(
      stillOpen(heard, () => [WIDE]),
      after("first", "second"),
    );
    assert.deepEqual(
      stillOpen(after("first"), () => [WIDE]),
      after("first"),
    );
    assert.equal(
      stillOpen(undefined, () => [WIDE]),
      undefined,
    );
  });
  it("is not opened by what its run has changed", () => {
    const kept = carried(after("first"), NARROW);
    assert.deepEqual(kept, after("first"));
    assert.ok(!listen(kept, "first", NARROW).speaks);
  });
  it("may be an object, whose order does not count", () => {
    const heard = after({ a: "1", b: "2" });
    assert.ok(!listen(heard, { b: "2", a: "1" }, NARROW).speaks);
    assert.ok(listen(heard, { a: "1", b: "3" }, NARROW).speaks);
  });
  it("does not speak if it was only noted", () => {
    const heard = noted(after("first"), "second");
    assert.deepEqual(heard, after("first", "second"));
    assert.ok(!listen(heard, "second", NARROW).speaks);
    assert.deepEqual(noted(heard, "first"), heard);
    assert.deepEqual(noted(undefined, undefined), { seen: [] });
  });
  it("is kept in a form that is checked when it is read", () => {
    assert.doesNotThrow(() => readHeard(undefined, ""));
    assert.doesNotThrow(() => readHeard(listen(undefined, "first", NARROW).heard, ""));
    for (const damaged of [{}, { seen: "a" }, { seen: [1] }, { seen: [], open: { reason: "a" } }])
      assert.throws(() => readHeard(damaged, ""), JSON.stringify(damaged));
  });
  it("is kept as a hash, from which no one reads it", () => {
    const reason = "incident 7 is over";
    const kept = JSON.stringify(listen(undefined, reason, NARROW).heard);
    assert.ok(!kept.includes("incident") && !kept.includes("private"));
    assert.equal(fingerprint(reason)?.length, 16);
    assert.notEqual(fingerprint(reason), fingerprint("incident 8 is over"));
  });
});
