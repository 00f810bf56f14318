// What a run decides about one value, without a Hub.
import assert from "node:assert/strict";
import { noted } from "../../provider/src/rules/intent";
import {
  appliedValue,
  decideValue,
  isPendingValue,
  lastSeen,
  missingValue,
  recognizedValue,
  type ValueDecision,
  type ValueRule,
  type ValueState,
} from "../../provider/src/rules/managedValue";
import { type Row } from "../../provider/src/rules/reconcile";
import { MEMBERSHIP } from "../../provider/src/rules/roles";

interface Inputs {
  role: "read" | "write" | "admin";
  acknowledgeOverwrite?: string | undefined;
}

const rule: ValueRule<Inputs> = { facet: MEMBERSHIP, declared: ({ role }) => role };
const write: Inputs = { role: "write" };

/** The state after a run that applied `write` to object 1. */
const stateWith = (changes: Partial<ValueState> = {}): ValueState => ({
  applied: "write",
  appliedAt: "2026-03-01T00:00:00.000Z",
  heard: noted(undefined, undefined),
  identity: "1",
  status: "active",
  ...changes,
});
const found = (value: string | null, identity = "1") => ({ value, identity });
/** The decision of a run that finds this value. */
const run = (inputs: Inputs, state: ValueState | undefined, seen = found("read"), about = rule) =>
  decideValue(about, inputs, state && recognizedValue(state, seen), seen);
const because = (acknowledgeOverwrite: string): Inputs => ({ ...write, acknowledgeOverwrite });

describe("the decision about one value", () => {
  const table: [
    string,
    Inputs,
    ValueState | undefined,
    ReturnType<typeof found>,
    Row,
    "sends" | "refused" | "-",
  ][] = [
    ["as declared", write, stateWith(), found("write"), "as declared", "-"],
    ["as declared by hand", write, stateWith({ applied: "read" }), found("write"), "as declared", "-"],
    ["raised by hand", write, stateWith(), found("admin"), "tighten", "sends"],
    ["lowered by the program", { role: "read" }, stateWith(), found("write"), "tighten", "sends"],
    ["raised by the program", { role: "admin" }, stateWith(), found("write"), "program changed", "sends"],
    [
      "sent without an answer",
      { role: "admin" },
      stateWith({ tried: "read" }),
      found("read"),
      "program changed",
      "sends",
    ],
    ["lowered by hand", write, stateWith(), found("read"), "by hand", "refused"],
    ["removed by hand", write, stateWith(), found(null), "by hand", "refused"],
    ["lowered by hand, with a reason", because("new"), stateWith(), found("read"), "reason", "sends"],
    ["removed by hand, with a reason", because("new"), stateWith(), found(null), "reason", "sends"],
    ["first declared, tighter on the Hub", write, undefined, found("read"), "adopt", "sends"],
    ["first declared, looser on the Hub", write, undefined, found("admin"), "tighten", "sends"],
    ["first declared, nothing on the Hub", write, undefined, found(null), "adopt", "sends"],
    ["first declared, as declared", write, undefined, found("write"), "as declared", "-"],
    ["another object, looser", write, stateWith(), found("admin", "2"), "tighten", "sends"],
    ["another object, as declared", write, stateWith(), found("write", "2"), "as declared", "-"],
    ["another object, tighter", write, stateWith(), found("read", "2"), "by hand", "refused"],
    [
      "another object, tighter, with a reason",
      because("new"),
      stateWith(),
      found("read", "2"),
      "by hand",
      "refused",
    ],
    [
      "missing before",
      because("new"),
      stateWith({ gone: true, status: "missing" }),
      found("read"),
      "by hand",
      "refused",
    ],
  ];
  for (const [words, inputs, state, seen, row, what] of table) {
    it(`is "${row}" for a value that is ${words}`, () => {
      const decision = run(inputs, state, seen);
      assert.equal(decision.row, row);
      assert.equal(decision.sends, what === "sends");
      assert.equal(decision.refused, what === "refused");
    });
  }

  it("counts a value that was found as declared as applied, even if the run fails later", () => {
    assert.equal(run(write, stateWith({ applied: "read" }), found("write")).found, "write");
    assert.equal(run(write, stateWith(), found("admin")).found, "write");
    assert.equal(run(write, undefined, found("admin")).found, undefined);
  });

  it("asks for the condition of a first declaration, but not later", () => {
    const careful = {
      ...rule,
      mayAdopt: ({ acknowledgeOverwrite }: Inputs) => acknowledgeOverwrite !== undefined,
    };
    assert.equal(run(write, undefined, found("read"), careful).row, "not adopted");
    assert.equal(run(because("agreed"), undefined, found("read"), careful).row, "adopt");
    assert.equal(run(write, stateWith({ applied: "read" }), found("read"), careful).row, "program changed");
  });

  describe("with a new value in the program that wins", () => {
    const wins = { ...rule, newValueWins: true };
    const row = (inputs: Inputs, state: ValueState, seen = found("read")) =>
      run(inputs, state, seen, wins).row;
    it("replaces a value that someone changed", () => {
      assert.equal(row({ role: "admin" }, stateWith()), "reason");
    });
    it("does not replace it without a new value", () => assert.equal(row(write, stateWith()), "by hand"));
    it("does not bring back a value that someone removed", () => {
      assert.equal(row({ role: "admin" }, stateWith(), found(null)), "by hand");
    });
    it("does not reach another object", () => {
      assert.equal(row({ role: "admin" }, stateWith(), found("read", "2")), "by hand");
    });
  });

  describe("with a reason", () => {
    const kept = (decision: ValueDecision, changes: Partial<ValueState> = {}) =>
      stateWith({ heard: decision.heard, ...changes });
    it("does not use one that an earlier run has seen", () => {
      assert.equal(run(because("old"), stateWith({ heard: noted(undefined, "old") })).row, "by hand");
    });
    it("uses one again after a failure, as long as the Hub has the same value", () => {
      const failed = run(because("new"), stateWith());
      assert.equal(run(because("new"), kept(failed)).row, "reason");
      assert.equal(run(because("new"), kept(failed), found(null)).row, "by hand");
    });
    it("does not use it again after it was done", () => {
      const state = appliedValue("write", run(because("new"), stateWith()), {
        identity: "1",
        at: new Date(),
      });
      assert.equal(run(because("new"), state).row, "by hand");
    });
    it("uses one for another object only in the run after the report", () => {
      const seen = found("read", "2");
      const reported = run(because("early"), stateWith(), seen);
      const next = { heard: reported.heard, identity: "2", applied: undefined };
      assert.equal(run(because("early"), stateWith(next), seen).row, "by hand");
      assert.equal(run(because("later"), stateWith(next), seen).row, "reason");
    });
    it("keeps the reasons of a missing object as seen", () => {
      const missing = missingValue(stateWith(), "early");
      assert.deepEqual(missing.heard, noted(undefined, "early"));
      const back = recognizedValue(missing, found("read"));
      assert.equal(back.unreported, true);
      assert.equal(back.applied, undefined);
      const reported = { ...back, unreported: undefined };
      assert.equal(run(because("early"), reported).row, "by hand");
    });
  });
});

describe("the recognized state of a value", () => {
  it("is unchanged for the same object", () => {
    assert.deepEqual(recognizedValue(stateWith(), found("write")), stateWith({ tried: undefined }));
  });
  it("settles a value that was sent without an answer", () => {
    assert.equal(recognizedValue(stateWith({ tried: "admin" }), found("admin")).applied, "admin");
    const other = recognizedValue(stateWith({ tried: "admin" }), found("read"));
    assert.deepEqual([other.applied, other.tried], ["write", undefined]);
  });
  it("gets the identity only from an object that has the applied value", () => {
    assert.equal(recognizedValue(stateWith({ identity: undefined }), found("write")).identity, "1");
    assert.equal(recognizedValue(stateWith({ identity: undefined }), found("read")).identity, undefined);
  });
  it("has nothing applied, and no open reason, for another object", () => {
    const heard = { seen: ["a"], open: { reason: "a", hub: "b" } };
    const other = recognizedValue(stateWith({ heard, tried: "admin" }), found("admin", "2"));
    const { applied, appliedAt, tried, identity, unreported } = other;
    assert.deepEqual(
      { applied, appliedAt, tried, identity, unreported },
      {
        ...{ applied: undefined, appliedAt: undefined, tried: undefined },
        ...{ identity: "2", unreported: true },
      },
    );
    assert.deepEqual(other.heard, { seen: ["a"] });
  });
});

describe("an update of a value", () => {
  const isPending = (inputs: Inputs, state: ValueState, value: string | null) =>
    isPendingValue(rule, inputs, state, found(value));
  it("is pending until the declared value is applied and on the Hub", () => {
    assert.equal(isPending(write, stateWith(), "write"), false);
    assert.equal(isPending(write, stateWith(), "read"), true);
    assert.equal(isPending(write, stateWith({ applied: "read" }), "write"), true);
    assert.equal(isPending(write, stateWith({ unreported: true }), "write"), true);
    assert.equal(isPending(write, missingValue(stateWith(), undefined), null), false);
  });
  it("uses the value of the last look", () => {
    assert.equal(lastSeen(rule, { ...write, ...stateWith() }).value, "write");
    assert.equal(lastSeen(rule, { ...write, ...stateWith({ seen: { value: "read" } }) }).value, "read");
    assert.equal(lastSeen(rule, { ...write, ...stateWith({ seen: {} }) }).value, null);
  });
});
