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

/** What the state keeps after these reasons, each of which has had its effect. */
const after = (...reasons: unknown[]): Heard =>
  reasons.reduce<Heard>((heard, reason) => settled(listen(heard, reason, WIDE).heard), { seen: [] });

describe("a reason", () => {
  it("takes effect the first time", () => {
    const { speaks, isNew, heard } = listen(undefined, "incident 7 is over", NARROW);
    assert.ok(speaks && isNew);
    assert.equal(heard.seen.length, 1);
  });
  it("has no effect once it has been seen", () =>
    assert.ok(!listen(after("incident 7 is over"), "incident 7 is over", NARROW).speaks));
  it("has no effect if it returns after another reason", () =>
    assert.ok(!listen(after("first", "second"), "first", NARROW).speaks));
  it("has no effect if none is given", () => {
    for (const reason of [undefined, null, {}])
      assert.deepEqual(listen(after("first"), reason, NARROW), {
        speaks: false,
        isNew: false,
        heard: after("first"),
      });
  });
  it("still takes effect in a retry if the Hub's value has not changed", () => {
    const { heard } = listen(after("first"), "second", NARROW);
    const retry = listen(heard, "second", NARROW);
    assert.ok(retry.speaks && !retry.isNew);
    assert.deepEqual(retry.heard, heard);
  });
  it("has no effect in a retry, now or later, if someone changed the Hub's value in between", () => {
    const { heard } = listen(undefined, "first", NARROW);
    const later = listen(heard, "first", WIDE);
    assert.ok(!later.speaks);
    assert.ok(!listen(later.heard, "first", NARROW).speaks);
  });
  it("has no effect in a retry once another reason was given", () => {
    const { heard } = listen(undefined, "first", NARROW);
    const { heard: both } = listen(heard, "second", NARROW);
    assert.ok(!listen(both, "first", NARROW).speaks);
  });
  it("has no effect in a retry once the program dropped it", () => {
    const { heard } = listen(undefined, "first", NARROW);
    assert.ok(!listen(listen(heard, undefined, NARROW).heard, "first", NARROW).speaks);
  });
  it("takes effect in a retry only for the value that its own run left on the Hub", () => {
    const { heard } = listen(after("first"), "second", WIDE);
    const kept = carried(heard, NARROW);
    assert.ok(listen(kept, "second", NARROW).speaks);
    assert.ok(!listen(kept, "second", WIDE).speaks);
    assert.ok(!listen(kept, "first", NARROW).speaks);
  });
  it("stays open after a refresh only if the value it was given for is among the possible ones", () => {
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
  it("is not reopened by what its own run changed", () => {
    const kept = carried(after("first"), NARROW);
    assert.deepEqual(kept, after("first"));
    assert.ok(!listen(kept, "first", NARROW).speaks);
  });
  it("may be an object, whose key order does not matter", () => {
    const heard = after({ a: "1", b: "2" });
    assert.ok(!listen(heard, { b: "2", a: "1" }, NARROW).speaks);
    assert.ok(listen(heard, { a: "1", b: "3" }, NARROW).speaks);
  });
  it("has no effect after it was only recorded", () => {
    const heard = noted(after("first"), "second");
    assert.deepEqual(heard, after("first", "second"));
    assert.ok(!listen(heard, "second", NARROW).speaks);
    assert.deepEqual(noted(heard, "first"), heard);
    assert.deepEqual(noted(undefined, undefined), { seen: [] });
  });
  it("is checked when it is read from the state", () => {
    assert.doesNotThrow(() => readHeard(undefined, ""));
    assert.doesNotThrow(() => readHeard(listen(undefined, "first", NARROW).heard, ""));
    for (const damaged of [{}, { seen: "a" }, { seen: [1] }, { seen: [], open: { reason: "a" } }])
      assert.throws(() => readHeard(damaged, ""), JSON.stringify(damaged));
  });
  it("is stored as a hash, so that no one can read it", () => {
    const reason = "incident 7 is over";
    const kept = JSON.stringify(listen(undefined, reason, NARROW).heard);
    assert.ok(!kept.includes("incident") && !kept.includes("private"));
    assert.equal(fingerprint(reason)?.length, 16);
    assert.notEqual(fingerprint(reason), fingerprint("incident 8 is over"));
  });
});
