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

/** A list of guests; an empty one means everyone. */
const guests: Facet<readonly string[]> = {
  equals: (left, right) => left.join() === right.join(),
  meet(left, right) {
    if (left.length === 0) return right;
    if (right.length === 0) return left;
    const both = left.filter((guest) => right.includes(guest));
    return both.length > 0 ? both : undefined;
  },
};

/** Nothing is known but what is given. */
function known<V>(situation: Pick<Situation<V>, "declared" | "possible"> & Partial<Situation<V>>) {
  return { applied: undefined, speaks: false, ...situation };
}

describe("the rule", () => {
  const table: [string, Partial<Situation<Door>> & { hub: Door | Door[] }, Verdict<Door>][] = [
    [
      "sends nothing if the Hub holds what is declared",
      { declared: "ajar", hub: "ajar", applied: "open" },
      { row: "as declared", refused: false, applied: "ajar" },
    ],
    [
      "tightens what is looser, whoever loosened it",
      { declared: "ajar", hub: "open", applied: "shut" },
      { row: "tighten", send: "ajar", refused: false, applied: "ajar" },
    ],
    [
      "loosens what is as it was last applied",
      { declared: "open", hub: "shut", applied: "shut" },
      { row: "program changed", send: "open", refused: false, applied: "open" },
    ],
    [
      "counts what was tried as applied",
      { declared: "open", hub: "shut", applied: "ajar", tried: "shut" },
      { row: "program changed", send: "open", refused: false, applied: "open" },
    ],
    [
      "refuses to loosen what someone tightened",
      { declared: "open", hub: "shut", applied: "open" },
      { row: "by hand", refused: true, applied: "open" },
    ],
    [
      "refuses although the program changed too",
      { declared: "open", hub: "shut", applied: "ajar" },
      { row: "by hand", refused: true, applied: "ajar" },
    ],
    [
      "loosens what someone tightened if a reason speaks for it",
      { declared: "open", hub: "shut", applied: "open", speaks: true },
      { row: "reason", send: "open", refused: false, applied: "open" },
    ],
    [
      "loosens nothing if nothing counts as applied",
      { declared: "open", hub: "shut" },
      { row: "by hand", refused: true, applied: undefined },
    ],
    [
      "adopts what is declared for the first time",
      { declared: "open", hub: "shut", adopts: true },
      { row: "adopt", send: "open", refused: false, applied: "open" },
    ],
    [
      "adopts nothing without what that asks for",
      { declared: "open", hub: "shut", adopts: false, speaks: true },
      { row: "not adopted", refused: true, applied: undefined },
    ],
    [
      "tightens what is declared for the first time, without being asked",
      { declared: "shut", hub: "open", adopts: false },
      { row: "tighten", send: "shut", refused: false, applied: "shut" },
    ],
    [
      "leaves what it cannot see exactly if nothing of it is looser",
      { declared: "ajar", hub: ["ajar", "shut"], applied: "ajar" },
      { row: "as declared", refused: false, applied: "ajar" },
    ],
    [
      "refuses what it cannot see exactly if someone has tightened it, whatever it is now",
      { declared: "open", hub: ["ajar", "shut"], applied: "open" },
      { row: "not seen", refused: true, applied: "open" },
    ],
    [
      "closes what it cannot see exactly if it may be looser",
      { declared: "shut", hub: ["shut", "ajar"], applied: "shut" },
      { row: "tighten", send: "shut", refused: false, applied: "shut" },
    ],
    [
      "follows the program if each value that it may have allows that",
      { declared: "ajar", hub: ["shut", "ajar"], applied: "shut" },
      { row: "program changed", send: "ajar", refused: false, applied: "ajar" },
    ],
    [
      "refuses if one value that it may have is tighter, and not as applied",
      { declared: "open", hub: ["shut", "ajar"], applied: "ajar" },
      { row: "not seen", refused: true, applied: "ajar" },
    ],
    [
      "refuses if it may be looser, and may be tighter",
      { declared: "ajar", hub: ["shut", "open"], applied: "ajar" },
      { row: "not seen", refused: true, applied: "ajar" },
    ],
    [
      "takes a reason for every value that it may have",
      { declared: "open", hub: ["shut", "ajar"], applied: "ajar", speaks: true },
      { row: "reason", send: "open", refused: false, applied: "open" },
    ],
  ];
  for (const [title, { hub, declared = "shut", ...rest }, verdict] of table) {
    it(title, () =>
      assert.deepEqual(reconcile(door, known({ declared, possible: [hub].flat(), ...rest })), verdict),
    );
  }

  it("takes no situation without a value", () =>
    assert.throws(() => reconcile(door, known({ declared: "shut", possible: [] })), /no value/));

  it("refuses what it cannot see exactly if nothing counts as applied", () => {
    const situation = known<readonly string[]>({ declared: ["a", "b"], possible: [["a"], ["b"]] });
    assert.deepEqual(reconcile(guests, situation), { row: "not seen", refused: true, applied: undefined });
  });

  it("changes what has no order only if it is as applied, or a reason speaks", () => {
    const decide = (situation: Partial<Situation<string>>) =>
      reconcile(colour, known({ declared: "red", possible: ["blue"], ...situation }));
    assert.deepEqual(decide({ applied: "green" }), {
      ...{ row: "by hand", refused: true, applied: "green", inexpressible: true },
    });
    assert.equal(decide({ applied: "blue" }).send, "red");
    assert.equal(decide({ applied: "green", speaks: true }).send, "red");
  });

  it("sends what both allow of what it refuses", () => {
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

  it("never loosens what is not as applied without intent, and never leaves anything looser", () => {
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
                assert.equal(refused, after < DOORS.indexOf(declared), `refused or done: ${shown}`);
                const intended =
                  adopts ?? (adopts === undefined && (speaks || hub === applied || hub === tried));
                if (after > DOORS.indexOf(hub)) assert.ok(intended, `loosened: ${shown}`);
                else if (intended) assert.ok(!refused, `refused in spite of an intent: ${shown}`);
              }
    assert.equal(decided, 3 * 4 * 4 * 3 * 2 * 3);
  });
});

describe("what is looser", () => {
  it("allows more than the other", () => {
    for (const [i, value] of DOORS.entries())
      for (const [j, other] of DOORS.entries()) assert.equal(isLooser(door, value, other), i > j);
  });
  it("is nothing without an order", () => assert.ok(!isLooser(colour, "red", "blue")));
  it("is a set that holds the other, and one that is empty if that means everyone", () => {
    assert.ok(isLooser(guests, ["a", "b"], ["a"]));
    assert.ok(isLooser(guests, [], ["a"]));
    assert.ok(!isLooser(guests, ["a"], []));
    assert.ok(!isLooser(guests, ["a", "b"], ["b", "c"]));
  });
});

describe("the rule about a set", () => {
  const decide = (situation: Partial<Parameters<typeof reconcileSet<string>>[0]>) =>
    reconcileSet({ declared: [], applied: [], observed: [], speaks: false, ...situation });

  it("sends nothing if the Hub holds just that, in whatever order", () =>
    assert.deepEqual(decide({ declared: ["a", "b"], observed: ["b", "a"] }), {
      ...{ refused: [] },
    }));
  it("takes out what is not declared, and puts in what the program has added", () =>
    assert.deepEqual(decide({ declared: ["a", "b"], applied: ["a"], observed: ["a", "c"] }), {
      ...{ send: ["a", "b"], refused: [] },
    }));
  it("puts nothing back that someone took out, and does the rest all the same", () =>
    assert.deepEqual(decide({ declared: ["a", "b"], applied: ["a"], observed: ["c"] }), {
      ...{ send: ["b"], refused: ["a"] },
    }));
  it("puts back what a reason speaks for", () =>
    assert.deepEqual(decide({ declared: ["a"], applied: ["a"], speaks: true }).send, ["a"]));
  it("puts nothing in if nothing counts as applied", () =>
    assert.deepEqual(decide({ declared: ["a"], applied: undefined }).refused, ["a"]));
  it("counts an element once that is named twice", () =>
    assert.deepEqual(decide({ declared: ["a", "a"], observed: [] }).send, ["a"]));
});
