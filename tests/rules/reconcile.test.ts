import assert from "node:assert/strict";
import {
  type Facet,
  isLooser,
  ordered,
  reconcile,
  reconcileSet,
  type Situation,
  unordered,
  type Verdict,
} from "../../provider/src/rules/reconcile";

type Door = "shut" | "ajar" | "open";

const DOORS: readonly Door[] = ["shut", "ajar", "open"];
const door = ordered(DOORS);
const colour = unordered<string>((left, right) => left === right);

/** A list of guests; an empty list means everyone. */
const guests: Facet<readonly string[]> = {
  equals: (left, right) => left.join() === right.join(),
  meet(left, right) {
    if (left.length === 0) return right;
    if (right.length === 0) return left;
    const both = left.filter((guest) => right.includes(guest));
    return both.length > 0 ? both : undefined;
  },
};

/** A situation in which only the given values are known. */
function known<V>(situation: Pick<Situation<V>, "declared" | "possible"> & Partial<Situation<V>>) {
  return { applied: undefined, speaks: false, ...situation };
}

describe("the rule", () => {
  const table: [string, Partial<Situation<Door>> & { hub: Door | Door[] }, Verdict<Door>][] = [
    [
      "sends nothing if the Hub holds the declared value",
      { declared: "ajar", hub: "ajar", applied: "open" },
      { row: "as declared", refused: false, applied: "ajar" },
    ],
    [
      "tightens a looser value, no matter who loosened it",
      { declared: "ajar", hub: "open", applied: "shut" },
      { row: "tighten", send: "ajar", refused: false, applied: "ajar" },
    ],
    [
      "loosens a value that is still as last applied",
      { declared: "open", hub: "shut", applied: "shut" },
      { row: "program changed", send: "open", refused: false, applied: "open" },
    ],
    [
      "counts a tried value as applied",
      { declared: "open", hub: "shut", applied: "ajar", tried: "shut" },
      { row: "program changed", send: "open", refused: false, applied: "open" },
    ],
    [
      "refuses to loosen a value that someone tightened",
      { declared: "open", hub: "shut", applied: "open" },
      { row: "by hand", refused: true, applied: "open" },
    ],
    [
      "refuses to loosen such a value even if the program changed too",
      { declared: "open", hub: "shut", applied: "ajar" },
      { row: "by hand", refused: true, applied: "ajar" },
    ],
    [
      "loosens a value that someone tightened if a reason allows it",
      { declared: "open", hub: "shut", applied: "open", speaks: true },
      { row: "reason", send: "open", refused: false, applied: "open" },
    ],
    [
      "loosens nothing if no value counts as applied",
      { declared: "open", hub: "shut" },
      { row: "by hand", refused: true, applied: undefined },
    ],
    [
      "adopts a value that is declared for the first time",
      { declared: "open", hub: "shut", adopts: true },
      { row: "adopt", send: "open", refused: false, applied: "open" },
    ],
    [
      "adopts nothing without the required approval",
      { declared: "open", hub: "shut", adopts: false, speaks: true },
      { row: "not adopted", refused: true, applied: undefined },
    ],
    [
      "tightens a value that is declared for the first time without approval",
      { declared: "shut", hub: "open", adopts: false },
      { row: "tighten", send: "shut", refused: false, applied: "shut" },
    ],
    [
      "leaves a value that it cannot see exactly if no possible value is looser",
      { declared: "ajar", hub: ["ajar", "shut"], applied: "ajar" },
      { row: "as declared", refused: false, applied: "ajar" },
    ],
    [
      "refuses to loosen a value that it cannot see exactly if someone tightened it",
      { declared: "open", hub: ["ajar", "shut"], applied: "open" },
      { row: "not seen", refused: true, applied: "open" },
    ],
    [
      "tightens a value that it cannot see exactly if it may be looser",
      { declared: "shut", hub: ["shut", "ajar"], applied: "shut" },
      { row: "tighten", send: "shut", refused: false, applied: "shut" },
    ],
    [
      "follows the program if every possible value allows it",
      { declared: "ajar", hub: ["shut", "ajar"], applied: "shut" },
      { row: "program changed", send: "ajar", refused: false, applied: "ajar" },
    ],
    [
      "refuses if a possible value is tighter and not as applied",
      { declared: "open", hub: ["shut", "ajar"], applied: "ajar" },
      { row: "not seen", refused: true, applied: "ajar" },
    ],
    [
      "refuses if the value may be looser or tighter",
      { declared: "ajar", hub: ["shut", "open"], applied: "ajar" },
      { row: "not seen", refused: true, applied: "ajar" },
    ],
    [
      "applies a reason to every possible value",
      { declared: "open", hub: ["shut", "ajar"], applied: "ajar", speaks: true },
      { row: "reason", send: "open", refused: false, applied: "open" },
    ],
  ];
  for (const [title, { hub, declared = "shut", ...rest }, verdict] of table) {
    it(title, () =>
      assert.deepEqual(reconcile(door, known({ declared, possible: [hub].flat(), ...rest })), verdict),
    );
  }

  it("rejects a situation without a possible value", () =>
    assert.throws(() => reconcile(door, known({ declared: "shut", possible: [] })), /no value/));

  it("refuses to change a value that it cannot see exactly if nothing counts as applied", () => {
    const situation = known<readonly string[]>({ declared: ["a", "b"], possible: [["a"], ["b"]] });
    assert.deepEqual(reconcile(guests, situation), { row: "not seen", refused: true, applied: undefined });
  });

  it("changes an unordered value only if it is as applied or a reason allows it", () => {
    const decide = (situation: Partial<Situation<string>>) =>
      reconcile(colour, known({ declared: "red", possible: ["blue"], ...situation }));
    assert.deepEqual(decide({ applied: "green" }), {
      ...{ row: "by hand", refused: true, applied: "green", inexpressible: true },
    });
    assert.equal(decide({ applied: "blue" }).send, "red");
    assert.equal(decide({ applied: "green", speaks: true }).send, "red");
  });

  it("sends what both values allow if it refuses the rest", () => {
    const decide = (hub: string[], declared: string[]) =>
      reconcile(guests, known<readonly string[]>({ declared, possible: [hub], applied: ["z"] }));
    assert.deepEqual(decide(["a", "b"], ["b", "c"]), {
      ...{ row: "by hand", refused: true, applied: ["z"], send: ["b"] },
    });
    assert.deepEqual(decide(["b"], ["b", "c"]), { row: "by hand", refused: true, applied: ["z"] });
    assert.deepEqual(decide(["a"], []), { row: "by hand", refused: true, applied: ["z"] });
    assert.deepEqual(decide(["a"], ["b"]), {
      ...{ row: "by hand", refused: true, applied: ["z"], inexpressible: true },
    });
    assert.equal(decide([], ["b"]).row, "tighten");
  });

  it("loosens only with an intent, and never leaves a value looser than declared", () => {
    const maybe = [undefined, ...DOORS];
    let decided = 0;
    for (const declared of DOORS)
      for (const applied of maybe)
        for (const tried of maybe)
          for (const hub of DOORS)
            for (const speaks of [false, true])
              for (const adopts of [undefined, false, true]) {
                decided++;
                const situation = { declared, applied, tried, possible: [hub], speaks, adopts };
                const { send, refused } = reconcile(door, situation);
                const after = DOORS.indexOf(send ?? hub);
                const shown = JSON.stringify(situation);
                assert.ok(after <= DOORS.indexOf(declared), `looser than declared: ${shown}`);
                assert.equal(
                  refused,
                  after < DOORS.indexOf(declared),
                  `refused if and only if tighter than declared: ${shown}`,
                );
                const intended =
                  adopts ?? (adopts === undefined && (speaks || hub === applied || hub === tried));
                if (after > DOORS.indexOf(hub)) assert.ok(intended, `loosened without an intent: ${shown}`);
                else if (intended) assert.ok(!refused, `refused despite an intent: ${shown}`);
              }
    assert.equal(decided, 3 * 4 * 4 * 3 * 2 * 3);
  });
});

describe("isLooser", () => {
  it("is true for a value that allows more", () => {
    for (const [i, value] of DOORS.entries())
      for (const [j, other] of DOORS.entries()) assert.equal(isLooser(door, value, other), i > j);
  });
  it("is false for values without an order", () => assert.ok(!isLooser(colour, "red", "blue")));
  it("is true for a larger set, and for an empty set if that means everyone", () => {
    assert.ok(isLooser(guests, ["a", "b"], ["a"]));
    assert.ok(isLooser(guests, [], ["a"]));
    assert.ok(!isLooser(guests, ["a"], []));
    assert.ok(!isLooser(guests, ["a", "b"], ["b", "c"]));
  });
});

describe("the rule for a set", () => {
  const decide = (situation: Partial<Parameters<typeof reconcileSet<string>>[0]>) =>
    reconcileSet({ declared: [], applied: [], observed: [], speaks: false, ...situation });

  it("sends nothing if the Hub has the same elements in any order", () =>
    assert.deepEqual(decide({ declared: ["a", "b"], observed: ["b", "a"] }), {
      ...{ refused: [] },
    }));
  it("removes undeclared elements and adds those that the program added", () =>
    assert.deepEqual(decide({ declared: ["a", "b"], applied: ["a"], observed: ["a", "c"] }), {
      ...{ send: ["a", "b"], refused: [] },
    }));
  it("does not add back an element that someone removed, but makes the other changes", () =>
    assert.deepEqual(decide({ declared: ["a", "b"], applied: ["a"], observed: ["c"] }), {
      ...{ send: ["b"], refused: ["a"] },
    }));
  it("adds an element back if a reason allows it", () =>
    assert.deepEqual(decide({ declared: ["a"], applied: ["a"], speaks: true }).send, ["a"]));
  it("adds nothing if nothing counts as applied", () =>
    assert.deepEqual(decide({ declared: ["a"], applied: undefined }).refused, ["a"]));
  it("counts a duplicate element once", () =>
    assert.deepEqual(decide({ declared: ["a", "a"], observed: [] }).send, ["a"]));
});
