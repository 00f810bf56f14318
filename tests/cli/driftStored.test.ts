// Drift that a refresh has stored in the stack, for resources whose applied values are encrypted there.
import assert from "node:assert/strict";
import { type DriftReport, exitCodeOf } from "../../cli/src/drift/report";
import {
  type DriftObject,
  type HandChange,
  ownToken,
  repository,
  setting,
  sso,
  token,
} from "../support/driftObjects";
import { DriftStack } from "../support/driftStack";

const ACCOUNT = "65bb00000000000000000001";

/** Each object with a change by hand, and what a check reports about it. */
const CASES: [DriftObject, number, string[]][] = [
  [
    token("widened", { permissions: ["org.read"] }, { accountId: ACCOUNT }),
    1,
    ["permissions exposed reverts"],
  ],
  [
    token("narrowed", { permissions: ["org.read"] }, { accountId: ACCOUNT }),
    0,
    ["permissions tightened unknown"],
  ],
  [ownToken("own", "read"), 2, ["role exposed reverts"]],
  [sso("sso"), 0, ["enabled exposed reverts"]],
  [setting("secret", "space-secret"), 0, ["value changed unknown"]],
  [setting("variable", "space-variable"), 0, ["value changed unknown"]],
  [repository("model", "llm"), 2, ["visibility exposed reverts"]],
];

describe("drift that a refresh has stored", () => {
  let stack: DriftStack | undefined;
  afterEach(async () => {
    await stack?.close();
    stack = undefined;
  });

  it("is still reported, by every later check", async () => {
    stack = await DriftStack.start(CASES.map(([object]) => object));
    for (const [{ name, hand }, index] of CASES) stack.byHand("eve", name, hand[index] as HandChange);
    for (let round = 0; round < 2; round++) {
      await stack.refresh();
      const report: DriftReport = await stack.check();
      const { drifts, notCompared } = report;
      const told = (name: string): string[] =>
        drifts
          .filter((each) => each.name === name)
          .map((each) => `${each.property} ${each.category} ${each.up}`);
      for (const [{ name }, , expected] of CASES)
        assert.deepEqual(told(name), expected, `${name}, round ${round}`);
      assert.deepEqual(notCompared, []);
      for (const { name, events } of drifts) {
        if (name !== "own") assert.equal(events[0]?.user, "eve", name);
      }
    }
  });

  it("is not claimed to be over if someone changes the value again", async () => {
    const ci = token("ci", { permissions: ["org.read"] }, { accountId: ACCOUNT });
    stack = await DriftStack.start([ci]);
    stack.byHand("eve", "ci", ci.hand[1] as HandChange);
    await stack.refresh();
    stack.byHand("eve", "ci", ci.hand[2] as HandChange);
    const report = await stack.check();
    assert.deepEqual(
      report.notCompared.map(({ message }) => message.split(" ")[0]),
      ["permissions"],
    );
    assert.equal(exitCodeOf(report), 1);
    assert.equal((await stack.check({ showSecrets: true })).notCompared.length, 0);
  });

  it("is over after the next `up`", async () => {
    const ci = token("ci", { permissions: ["org.read"] }, { accountId: ACCOUNT });
    stack = await DriftStack.start([ci]);
    stack.byHand("eve", "ci", ci.hand[1] as HandChange);
    await stack.refresh();
    await stack.up();
    const report = await stack.check();
    assert.deepEqual([report.drifts, report.notCompared], [[], []]);
  });
});
