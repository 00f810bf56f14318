import assert from "node:assert/strict";
import { Pacer } from "../../provider/src/client/pacer";

function onQuickClock() {
  const state = { now: 1_000_000, slept: [] as number[], said: [] as number[] };
  const clock = {
    now: () => state.now,
    random: () => 0,
    sleep: (ms: number) => {
      state.slept.push(ms);
      state.now += ms;
      return Promise.resolve();
    },
  };
  const pacer = new Pacer(clock, (ms) => state.said.push(ms));
  return { pacer, state };
}

/** Lets the pacer see that it is the only one who uses the quota, down to this remainder. */
async function alone(pacer: Pacer, remaining: number): Promise<void> {
  for (let left = remaining + 12; left >= remaining; left--) {
    await pacer.acquire(1e6);
    pacer.answered({ remaining: left, resetMs: 60_000 });
  }
}

describe("the pace", () => {
  it("sends the first request alone, because nobody knows what is left", async () => {
    const { pacer } = onQuickClock();
    await pacer.acquire(1e6);
    let second = false;
    const held = pacer.acquire(1e6).then(() => (second = true));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(second, false);
    pacer.answered(undefined);
    await held;
  });

  it("holds nothing back while the Hub says nothing", async () => {
    const { pacer, state } = onQuickClock();
    await pacer.acquire(1000);
    pacer.answered(undefined);
    for (let i = 0; i < 100; i++) assert.equal(await pacer.acquire(1000), true);
    assert.deepEqual(state.slept, []);
  });

  it("waits before sending where the Hub said that none is left, and says so once", async () => {
    const { pacer, state } = onQuickClock();
    await pacer.acquire(1e6);
    pacer.answered({ remaining: 0, resetMs: 41_000 });
    const send = () => pacer.acquire(1e6).then(() => pacer.answered(undefined));
    await Promise.all([send(), send(), send()]);
    assert.deepEqual(state.said, [41_100]);
    assert.ok(state.now >= 1_041_000);
  });

  it("does not send more at once than are left", async () => {
    const { pacer } = onQuickClock();
    await alone(pacer, 2);
    await pacer.acquire(1e6);
    await pacer.acquire(1e6);
    let third = false;
    const held = pacer.acquire(1e6).then(() => (third = true));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(third, false);
    pacer.answered({ remaining: 1, resetMs: 60_000 });
    pacer.answered({ remaining: 1, resetMs: 60_000 });
    await held;
    assert.equal(third, true);
  });

  it("does not believe an answer that was overtaken", async () => {
    const { pacer } = onQuickClock();
    await alone(pacer, 6);
    await pacer.acquire(1e6);
    await pacer.acquire(1e6);
    pacer.answered({ remaining: 4, resetMs: 60_000 });
    pacer.answered({ remaining: 5, resetMs: 60_000 });
    for (let i = 0; i < 4; i++) await pacer.acquire(1e6);
    let fifth = false;
    void pacer.acquire(1e6).then(() => (fifth = true));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(fifth, false);
  });

  it("gives up where the wait is too long", async () => {
    const { pacer, state } = onQuickClock();
    pacer.block(400_000);
    assert.equal(await pacer.acquire(310_000), false);
    assert.deepEqual(state.slept, []);
  });

  it("never gets stuck where the Hub says no end of the window", async () => {
    const { pacer } = onQuickClock();
    await pacer.acquire(1e6);
    pacer.answered({ remaining: 0 });
    assert.equal(await pacer.acquire(1e6), true);
  });

  it("runs at full speed again in the next window", async () => {
    const { pacer, state } = onQuickClock();
    await alone(pacer, 1);
    await pacer.acquire(1e6);
    pacer.answered({ remaining: 1, resetMs: 10_000, quota: 50 });
    state.now += 61_000;
    for (let i = 0; i < 50; i++) await pacer.acquire(1e6);
    assert.deepEqual(state.slept, []);
  });

  it("leaves others their part of a quota that shrinks faster than by its own requests", async () => {
    const { pacer } = onQuickClock();
    let remaining = 400;
    // For each of ours, nine of others.
    for (let i = 0; i < 20; i++) {
      await pacer.acquire(1e6);
      remaining -= 10;
      pacer.answered({ remaining, resetMs: 60_000, quota: 400 });
    }
    let sent = 0;
    for (let i = 0; i < 100; i++) void pacer.acquire(1e6).then(() => (sent += 1));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(sent, 20, "a tenth of the 200 that are left");
  });

  it("sends one at a time where others have left hardly any", async () => {
    const { pacer } = onQuickClock();
    for (const remaining of [100, 60, 20, 9]) {
      await pacer.acquire(1e6);
      pacer.answered({ remaining, resetMs: 60_000, quota: 400 });
    }
    let sent = 0;
    for (let i = 0; i < 9; i++) void pacer.acquire(1e6).then(() => (sent += 1));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(sent, 1);
  });

  it("comes back gently after a wait, so that whoever is first does not take all", async () => {
    const { pacer, state } = onQuickClock();
    await alone(pacer, 1);
    await pacer.acquire(1e6);
    pacer.answered({ remaining: 0, resetMs: 10_000, quota: 50 });
    await pacer.acquire(1e6);
    let more = 0;
    for (let i = 0; i < 9; i++) void pacer.acquire(1e6).then(() => (more += 1));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(more, 0, "one at a time");
    state.now += 4000;
    pacer.answered({ remaining: 49, resetMs: 10_000, quota: 50 });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(more, 9, "at full speed where nobody else came");
  });
});
