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

/** Shows the pacer answers of a quota that only this pacer uses, down to this remainder. */
async function alone(pacer: Pacer, remaining: number): Promise<void> {
  for (let left = remaining + 12; left >= remaining; left--) {
    await pacer.acquire(1e6);
    pacer.answered({ remaining: left, resetMs: 60_000 });
  }
}

describe("pacer", () => {
  it("sends the first request alone, because the remaining quota is unknown", async () => {
    const { pacer } = onQuickClock();
    await pacer.acquire(1e6);
    let second = false;
    const held = pacer.acquire(1e6).then(() => (second = true));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(second, false);
    pacer.answered(undefined);
    await held;
  });

  it("does not delay requests if the Hub reports no quota", async () => {
    const { pacer, state } = onQuickClock();
    await pacer.acquire(1000);
    pacer.answered(undefined);
    for (let i = 0; i < 100; i++) assert.equal(await pacer.acquire(1000), true);
    assert.deepEqual(state.slept, []);
  });

  it("waits before sending if the quota is used up, and announces it once", async () => {
    const { pacer, state } = onQuickClock();
    await pacer.acquire(1e6);
    pacer.answered({ remaining: 0, resetMs: 41_000 });
    const send = () => pacer.acquire(1e6).then(() => pacer.answered(undefined));
    await Promise.all([send(), send(), send()]);
    assert.deepEqual(state.said, [41_100]);
    assert.ok(state.now >= 1_041_000);
  });

  it("sends no more requests at the same time than the quota allows", async () => {
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

  it("ignores an answer that arrives after a newer one", async () => {
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

  it("gives up if the wait is too long", async () => {
    const { pacer, state } = onQuickClock();
    pacer.block(400_000);
    assert.equal(await pacer.acquire(310_000), false);
    assert.deepEqual(state.slept, []);
  });

  it("does not get stuck if the Hub does not report the end of the window", async () => {
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

  it("leaves other clients their share if the quota shrinks faster than by its own requests", async () => {
    const { pacer } = onQuickClock();
    let remaining = 400;
    // Other clients send nine requests for each of ours.
    for (let i = 0; i < 20; i++) {
      await pacer.acquire(1e6);
      remaining -= 10;
      pacer.answered({ remaining, resetMs: 60_000, quota: 400 });
    }
    let sent = 0;
    for (let i = 0; i < 100; i++) void pacer.acquire(1e6).then(() => (sent += 1));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(sent, 20, "should be a tenth of the remaining 200");
  });

  it("sends one request at a time if other clients have left hardly any quota", async () => {
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

  it("resumes slowly after a wait, so that the first client does not take the whole quota", async () => {
    const { pacer, state } = onQuickClock();
    await alone(pacer, 1);
    await pacer.acquire(1e6);
    pacer.answered({ remaining: 0, resetMs: 10_000, quota: 50 });
    await pacer.acquire(1e6);
    let more = 0;
    for (let i = 0; i < 9; i++) void pacer.acquire(1e6).then(() => (more += 1));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(more, 0, "should send one request at a time");
    state.now += 4000;
    pacer.answered({ remaining: 49, resetMs: 10_000, quota: 50 });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(more, 9, "should run at full speed if there are no other clients");
  });
});
