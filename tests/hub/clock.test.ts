// A machine whose clock is wrong uses the Hub's clock to decide what is due.
import assert from "node:assert/strict";
import sinon from "sinon";
import { type EngineHandler, engineHandler } from "../../provider/src/dynamic/handler";
import { Run } from "../../provider/src/hub/run";
import { type ResourceDefinition } from "../../provider/src/model/definition";
import { hubTokenDefinition } from "../../provider/src/resources/hubToken/lifecycle";
import { hubTokenPredecessorsDefinition } from "../../provider/src/resources/hubTokenPredecessors/lifecycle";
import { type Hub, startHub } from "../support/hub";

const HOUR = 3_600_000;

/** The true time, even if a test has changed this process's clock. */
const realNow = (): Date => new Date(performance.timeOrigin + performance.now());

describe("run on a machine with a wrong clock", () => {
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

  /** The state after a rotation: the child with the predecessor, and its arguments. */
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

  it("revokes no predecessor during its overlap, and warns once about the clock", async () => {
    const { child, childInputs } = await rotated(runAt(0));
    const later = runAt(48 * HOUR)(hubTokenPredecessorsDefinition);
    const { outs: kept } = await later.update(child.id, child.outs, childInputs);
    assert.equal((kept["pending"] as unknown[]).length, 1, said.join("\n"));
    assert.match(said.join("\n"), /the predecessor own .* stays valid at least until/);
    const warnings = said.filter((each) => each.includes("clock"));
    assert.deepEqual(warnings, [
      "warning: this machine's clock is 2880 min ahead of the Hub's, so this run does not revoke predecessors or strays. The " +
        "Hub's clock decides about rotations and expiries, but a preview knows only this machine's clock. Correct the clock that is wrong.",
    ]);
  });

  for (const [what, hubHours, runnerHours] of [
    ["only the Hub's clock is ahead", 48, 0],
    ["the overlap is over by both clocks, but they differ", 72, 48],
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
      assert.match(said.join("\n"), /so this run does not revoke predecessors or strays/);
    });
  }

  it("revokes no predecessor if the overlap is over by one clock only, however little the clocks differ", async () => {
    const { child, childInputs } = await rotated(runAt(0));
    hubAhead = 24 * HOUR + 60_000;
    const later = runAt(24 * HOUR - 120_000)(hubTokenPredecessorsDefinition);
    const { outs: kept } = await later.update(child.id, child.outs, childInputs);
    assert.equal((kept["pending"] as unknown[]).length, 1, said.join("\n"));
  });

  it("revokes a predecessor if its overlap is over by both clocks", async () => {
    const { child, childInputs } = await rotated(runAt(0));
    hubAhead = 48 * HOUR;
    const later = runAt(48 * HOUR)(hubTokenPredecessorsDefinition);
    const { outs: kept } = await later.update(child.id, child.outs, childInputs);
    assert.deepEqual(kept["pending"], []);
  });

  it("starts an overlap at the later of the two times", async () => {
    for (const ahead of [48, -48]) {
      hubAhead = 0;
      const { predecessors } = await rotated(runAt(ahead * HOUR));
      const begin = Date.parse(predecessors[0]!.supersededAt) - realNow().getTime();
      assert.ok(Math.abs(begin - Math.max(0, ahead) * HOUR) < 5 * 60_000, String(begin));
    }
  });

  it("does not report a valid token as expired, and does not replace it early", async () => {
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

  it("also compares by the Hub's clock, after the first answer with a date", async () => {
    const first = runAt(0)(hubTokenDefinition);
    const inputs = await token(first, { rotateEveryDays: 1 });
    const { id, outs } = await first.create(inputs);
    const ahead = runAt(48 * HOUR)(hubTokenDefinition);
    assert.equal(
      (await ahead.diff(id, outs, inputs)).changes,
      true,
      "before an answer, only this machine's clock is known",
    );
    await ahead.read(id, { ...outs, ...code });
    assert.equal((await ahead.diff(id, outs, inputs)).changes, false);
  });
});
