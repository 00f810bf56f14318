// A runner whose clock is wrong decides what is due by the Hub's.
import assert from "node:assert/strict";
import sinon from "sinon";
import { type EngineHandler, engineHandler } from "../../provider/src/dynamic/handler";
import { Run } from "../../provider/src/hub/run";
import { type ResourceDefinition } from "../../provider/src/model/definition";
import { hubTokenDefinition } from "../../provider/src/resources/hubToken/lifecycle";
import { hubTokenPredecessorsDefinition } from "../../provider/src/resources/hubTokenPredecessors/lifecycle";
import { type Hub, startHub } from "../support/hub";

const HOUR = 3_600_000;

/** The true time, whatever this process takes for it. */
const realNow = (): Date => new Date(performance.timeOrigin + performance.now());

describe("a run on a machine whose clock is wrong", () => {
  let hub: Hub;
  /** Milliseconds by which the Hub's clock is ahead of the true time. */
  let hubAhead: number;
  let clock: sinon.SinonFakeTimers | undefined;
  let said: string[];

  beforeEach(async () => {
    hubAhead = 0;
    hub = await startHub({ now: () => new Date(realNow().getTime() + hubAhead) });
    said = [];
  });
  afterEach(async () => {
    clock?.restore();
    clock = undefined;
    await hub.close();
  });

  const runAt = (
    ahead: number,
  ): (<I extends object, S extends I>(of: ResourceDefinition<I, S>) => EngineHandler) => {
    clock?.restore();
    clock = sinon.useFakeTimers({ now: realNow().getTime() + ahead, toFake: ["Date"] });
    const run = new Run((severity, message) => void said.push(`${severity}: ${message}`));
    const settings: Record<string, string> = {
      "huggingface:token": hub.tokens.admin,
      "huggingface:endpoint": hub.endpoint,
    };
    return (definition) => {
      const handler = engineHandler(definition, run, () => Promise.resolve());
      handler.configure({ config: { get: (key) => settings[key] } });
      return handler;
    };
  };
  const code = { __provider: "code" };
  const own = { owner: "0123abcd", name: "own", role: "read" };
  const token = async (handler: EngineHandler, changes: object = {}, olds = {}) =>
    (await handler.check(olds, { ...own, ...changes, ...code })).inputs;

  /** What comes after a rotation: the child that knows the predecessor, and its arguments. */
  const rotated = async (first: ReturnType<typeof runAt>) => {
    const inputs = await token(first(hubTokenDefinition));
    const { id, outs } = await first(hubTokenDefinition).create(inputs);
    const next = await token(first(hubTokenDefinition), { rotationTriggers: { why: "now" } });
    const successor = (await first(hubTokenDefinition).update(id, outs, next)).outs;
    const childInputs = {
      owner: own.owner,
      tokenId: successor["tokenId"],
      predecessors: successor["predecessors"],
      overlapHours: 24,
      idleMinutes: 0,
      ...code,
    };
    const child = await first(hubTokenPredecessorsDefinition).create(childInputs);
    return { child, childInputs, predecessors: successor["predecessors"] as { supersededAt: string }[] };
  };

  it("revokes no predecessor inside its overlap, and says once that the clock is wrong", async () => {
    const { child, childInputs } = await rotated(runAt(0));
    const later = runAt(48 * HOUR)(hubTokenPredecessorsDefinition);
    const { outs: kept } = await later.update(child.id, child.outs, childInputs);
    assert.equal((kept["pending"] as unknown[]).length, 1, said.join("\n"));
    assert.match(said.join("\n"), /the predecessor own .* stays valid at least until/);
    const warnings = said.filter((each) => each.includes("clock"));
    assert.deepEqual(warnings, [
      "warning: this machine's clock is 2880 min ahead of the Hub's, so this run revokes no predecessor and no stray. Rotations and ends " +
        "are decided by the Hub's clock, but a preview has only this one: set the clock that is wrong.",
    ]);
  });

  for (const [what, hubHours, runnerHours] of [
    ["the Hub's clock alone is ahead", 48, 0],
    ["the overlap is over by both, and they differ", 72, 48],
  ] as const) {
    it(`revokes no predecessor if ${what}`, async () => {
      const { child, childInputs } = await rotated(runAt(0));
      hubAhead = hubHours * HOUR;
      const later = runAt(runnerHours * HOUR)(hubTokenPredecessorsDefinition);
      const refreshed = await later.read(child.id, { ...child.outs, ...code });
      const { changes } = await later.diff(child.id, refreshed.props!, childInputs);
      assert.equal(changes, false);
      const { outs: kept } = await later.update(child.id, refreshed.props!, childInputs);
      assert.equal((kept["pending"] as unknown[]).length, 1, said.join("\n"));
      assert.match(said.join("\n"), /so this run revokes no predecessor and no stray/);
    });
  }

  it("revokes no predecessor by the overlap of one clock, however little they differ", async () => {
    const { child, childInputs } = await rotated(runAt(0));
    hubAhead = 24 * HOUR + 60_000;
    const later = runAt(24 * HOUR - 120_000)(hubTokenPredecessorsDefinition);
    const { outs: kept } = await later.update(child.id, child.outs, childInputs);
    assert.equal((kept["pending"] as unknown[]).length, 1, said.join("\n"));
  });

  it("revokes a predecessor whose overlap is over by both clocks", async () => {
    const { child, childInputs } = await rotated(runAt(0));
    hubAhead = 48 * HOUR;
    const later = runAt(48 * HOUR)(hubTokenPredecessorsDefinition);
    const { outs: kept } = await later.update(child.id, child.outs, childInputs);
    assert.deepEqual(kept["pending"], []);
  });

  it("lets an overlap begin by the later clock", async () => {
    for (const ahead of [48, -48]) {
      hubAhead = 0;
      const { predecessors } = await rotated(runAt(ahead * HOUR));
      const begin = Date.parse(predecessors[0]!.supersededAt) - realNow().getTime();
      assert.ok(Math.abs(begin - Math.max(0, ahead) * HOUR) < 5 * 60_000, String(begin));
    }
  });

  it("calls no live token expired, and gives it no successor before its time", async () => {
    const ends = {
      expiresAt: new Date(realNow().getTime() + 24 * HOUR).toISOString(),
      recreateIfInvalid: true,
    };
    const first = runAt(0)(hubTokenDefinition);
    const inputs = await token(first, ends);
    const { id, outs } = await first.create(inputs);
    const read = await runAt(48 * HOUR)(hubTokenDefinition).read(id, { ...outs, ...code });
    assert.equal(read.props?.["status"], "active");
    const { outs: updated } = await runAt(48 * HOUR)(hubTokenDefinition).update(id, outs, inputs);
    assert.equal(updated["tokenId"], outs["tokenId"]);
  });

  it("rotates in time although its clock is behind", async () => {
    const first = runAt(0)(hubTokenDefinition);
    const inputs = await token(first, { rotateEveryDays: 1 });
    const { id, outs } = await first.create(inputs);
    const due = {
      ...outs,
      rotateAt: new Date(realNow().getTime() - HOUR).toISOString(),
      createdAt: new Date(realNow().getTime() - 25 * HOUR).toISOString(),
    };
    const { outs: updated } = await runAt(-48 * HOUR)(hubTokenDefinition).update(id, due, inputs);
    assert.notEqual(updated["tokenId"], outs["tokenId"]);
    assert.match(said.join("\n"), /clock is 2880 min behind the Hub's/);
  });

  it("compares by the Hub's clock too, once an answer has told it", async () => {
    const first = runAt(0)(hubTokenDefinition);
    const inputs = await token(first, { rotateEveryDays: 1 });
    const { id, outs } = await first.create(inputs);
    const ahead = runAt(48 * HOUR)(hubTokenDefinition);
    assert.equal((await ahead.diff(id, outs, inputs)).changes, true, "there is nothing else to go by");
    await ahead.read(id, { ...outs, ...code });
    assert.equal((await ahead.diff(id, outs, inputs)).changes, false);
  });
});
