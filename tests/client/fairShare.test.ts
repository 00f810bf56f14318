// Twenty pipelines share one quota, each with its own pacer, on a clock that the test controls.
import assert from "node:assert/strict";
import * as sinon from "sinon";
import { Pacer } from "../../provider/src/client/pacer";

const PIPELINES = 20;
const REQUESTS = 40;
const QUOTA = 320;
const WINDOW_MS = 90_000;
const LATENCY_MS = 50;
/** The number of reads that the engine runs at the same time. */
const AT_ONCE = 8;

/**
 * The number of answers for each pipeline in the first window after a common wait, and the total number of refusals.
 */
async function race(clock: sinon.SinonFakeTimers, random: () => number) {
  let windowEnds = Date.now() + WINDOW_MS;
  let remaining = 0;
  let window = 0;
  let refused = 0;
  let finished = 0;
  const served = Array.from({ length: PIPELINES }, () => 0);
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

  async function ask(pacer: Pacer, mine: number): Promise<void> {
    for (;;) {
      await pacer.acquire(Infinity);
      await sleep(LATENCY_MS * (0.8 + 0.4 * random()));
      if (Date.now() >= windowEnds) {
        windowEnds += WINDOW_MS;
        remaining = QUOTA;
        window += 1;
      }
      // The Hub counts in whole seconds.
      const resetMs = 1000 * Math.ceil((windowEnds - Date.now()) / 1000);
      if (remaining > 0) {
        remaining -= 1;
        if (window === 1) served[mine]! += 1;
        pacer.answered({ remaining, resetMs, quota: QUOTA });
        return;
      }
      refused += 1;
      pacer.answered({ remaining: 0, resetMs, quota: QUOTA });
    }
  }

  async function pipeline(mine: number): Promise<void> {
    await sleep(60_000 * random());
    const pacer = new Pacer({ now: () => Date.now(), random, sleep }, () => undefined);
    let left = REQUESTS;
    const worker = async () => {
      while (left-- > 0) await ask(pacer, mine);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    finished += 1;
  }

  const all = Promise.all(served.map((_, mine) => pipeline(mine)));
  for (let i = 0; i < 600 && finished < PIPELINES; i += 1) await clock.tickAsync(1000);
  assert.equal(finished, PIPELINES, "not all pipelines finished");
  await all;
  return { served, refused, windows: window };
}

/** The same numbers in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

describe("twenty pipelines on one quota", () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => (clock = sinon.useFakeTimers({ now: 1_000_000 })));
  afterEach(() => clock.restore());

  for (const seed of [1, 2, 3, 4, 5]) {
    it(`share it evenly, with hardly any refusals (${seed})`, async () => {
      const { served, refused, windows } = await race(clock, seeded(seed));
      const sum = served.reduce((total, each) => total + each, 0);
      const squares = served.reduce((total, each) => total + each ** 2, 0);
      const evenness = sum ** 2 / (PIPELINES * squares);
      assert.ok(evenness >= 0.8, `Jain's index is ${evenness.toFixed(2)}: ${served.join(", ")}`);
      assert.ok(refused <= PIPELINES * (windows + 1), `${refused} refusals in ${windows} windows`);
      assert.ok(sum >= 0.9 * QUOTA, `only ${sum} of ${QUOTA} were used`);
    });
  }
});
