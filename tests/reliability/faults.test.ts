// Every fault, at every request, in every step of every resource's life: what happens immediately, and what later
// runs do. The waits use the test's own clock, so hours of waiting take no time.
//
// RELIABILITY=full tries every combination. Otherwise a sample is tried, spread over all faults and requests.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { type Clock } from "../../provider/src/client/clock";
import { makeCertificate } from "../support/certificate";
import { lifecycleContext, randomHex } from "../support/context";
import {
  type DeadEnds,
  type Fault,
  type FaultProxy,
  FAULTS,
  FaultyWay,
  startDeadEnds,
  startFaultProxy,
} from "../support/faultProxy";
import { startHub, type Hub } from "../support/hub";
import { Stack, type StepError } from "../support/stack";
import { type Prepared, type Scenario, SCENARIOS, type Setting } from "./scenarios";

const FULL = process.env["RELIABILITY"] === "full";
/** One combination in this many is tried. */
const SHARE = FULL ? 1 : Number(process.env["RELIABILITY_SHARE"] ?? 29);
/** How many cases run at the same time. Most of them wait for something. */
const AT_ONCE = 12;
/** How many cases share one Hub. Its tables grow with each case. */
const PER_HUB = 200;

/** The time limit for faults in which no answer comes. */
const IMPATIENT_SECONDS = 0.1;
const PATIENT_SECONDS = 20;
/** How much a machine that is busy with other tests may add to a time limit. */
const SLACK_MS = 15_000;

interface Mode {
  retries: number;
  /** Whether the fault affects all requests of the operation from this one on. */
  lasting: boolean;
}
const MODES: readonly Mode[] = [
  { retries: 0, lasting: false },
  { retries: 1, lasting: false },
  { retries: 2, lasting: true },
];

interface Case {
  fault: Fault;
  at: number;
  mode: Mode;
}

/** A clock on which waiting takes no time. It records the waits. */
class QuickClock implements Clock {
  readonly waits: number[] = [];
  #ahead = 0;

  now(): number {
    return Date.now() + this.#ahead;
  }

  sleep(ms: number): Promise<void> {
    this.waits.push(ms);
    this.#ahead += ms;
    return new Promise((resolve) => setImmediate(resolve));
  }

  random(): number {
    return 0.5;
  }
}

const tally = { cases: 0, failed: 0, repaired: 0, requests: 0 };

describe("faults of the Hub", function () {
  this.timeout(3_600_000);
  let ends: DeadEnds;
  let certificates: Setting["certificates"];

  before(async () => {
    ends = await startDeadEnds();
    certificates = {
      first: (await makeCertificate()).certificate,
      second: (await makeCertificate({ cn: "next.acme.example" })).certificate,
    };
  });
  after(async () => {
    await ends.close();
    console.log(
      `      ${FAULTS.length} faults, ${tally.cases} cases: the step failed with a message in ${tally.failed}, and succeeded in ` +
        `${tally.cases - tally.failed}; ${tally.requests} requests; all were correct afterwards`,
    );
  });

  for (const scenario of SCENARIOS) {
    it(`handles each fault: ${scenario.name}`, async () => {
      const calls = await withHub(async (hub, proxy) => {
        const way = new FaultyWay(ends);
        await run(scenario, hub, proxy, way, { retries: 0 });
        return way.calls;
      });
      assert.ok(calls > 0 || scenario.name.startsWith("credential"), "the step sends no request");
      const cases = casesFor(scenario.name, calls);
      for (let from = 0; from < cases.length; from += PER_HUB) {
        const some = cases.slice(from, from + PER_HUB);
        await withHub((hub, proxy) =>
          atOnce(scenario.sso ? 1 : AT_ONCE, some, (one) => tried(scenario, hub, proxy, one)),
        );
      }
    });
  }

  async function withHub<T>(work: (hub: Hub, proxy: FaultProxy) => Promise<T>): Promise<T> {
    const hub = await startHub();
    const proxy = await startFaultProxy(hub.endpoint);
    try {
      return await work(hub, proxy);
    } finally {
      await proxy.close();
      await hub.close();
    }
  }

  async function tried(scenario: Scenario, hub: Hub, proxy: FaultProxy, one: Case): Promise<void> {
    const way = new FaultyWay(ends, { fault: one.fault, at: one.at, lasting: one.mode.lasting });
    try {
      await run(scenario, hub, proxy, way, one.mode, one.fault);
    } catch (error) {
      const { fault, at, mode } = one;
      throw new Error(
        `${scenario.name}, request ${at + 1}, ${fault.name}${mode.lasting ? " (lasting)" : ""}, ${mode.retries} retries: ${(error as Error).message}`,
        { cause: error },
      );
    }
  }

  async function run(
    scenario: Scenario,
    hub: Hub,
    proxy: FaultProxy,
    way: FaultyWay,
    { retries }: { retries: number },
    fault?: Fault,
  ): Promise<void> {
    const byHand = new HubClient({
      endpoint: hub.endpoint,
      token: hub.tokens.admin,
      timeoutSeconds: PATIENT_SECONDS,
    });
    const prepared = await scenario.prepare({ hub, byHand, certificates });
    const clock = new QuickClock();
    // One mode has less patience than a rate-limit window is long.
    const maxWaitSeconds = retries === 1 ? 20 : 310;
    const timeoutSeconds = fault?.slow ? IMPATIENT_SECONDS : PATIENT_SECONDS;
    let clean = true;
    const client = (): HubClient =>
      clean
        ? new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin, timeoutSeconds: PATIENT_SECONDS })
        : new HubClient(
            {
              endpoint: proxy.endpoint,
              token: hub.tokens.admin,
              timeoutSeconds,
              maxRetries: retries,
              maxWaitSeconds,
              maxBodyBytes: 1024 * 1024,
            },
            { transport: way, clock },
          );
    const stack = new Stack(prepared.before ?? prepared.program, () =>
      lifecycleContext(client(), { now: new Date(), randomHex }),
    );

    try {
      if (prepared.before) succeeded((await stack.up()).errors);
      await prepared.meanwhile?.(stack);
      stack.program = prepared.program;

      clean = false;
      const errors = await operate(stack, prepared);
      clean = true;
      prepared.always(stack);
      for (const { error } of errors) sayWhatHappened(error, hub);
      if (!fault) {
        succeeded(errors);
      } else {
        tally.cases += 1;
        tally.requests += way.calls;
        if (errors.length > 0) tally.failed += 1;
        if (fault.harmless) succeeded(errors);
        for (const wait of clock.waits)
          assert.ok(wait <= maxWaitSeconds * 1000 + 1000, `it waited ${wait} ms`);
        const limit = 2 * timeoutSeconds * 1000 + SLACK_MS;
        assert.ok(way.longest <= limit, `a request took ${way.longest} ms`);
      }
      await follow(stack, prepared);
      prepared.finally(stack);
    } finally {
      clean = true;
      way.close();
      // Leftovers of one case would slow down the next ones.
      if (stack.kept.size > 0) await stack.destroy();
    }
  }
});

async function operate(stack: Stack, { operation }: Prepared): Promise<StepError[]> {
  if (operation === "destroy") return stack.destroy();
  if (operation === "refresh") return stack.refresh();
  return (await stack.up({ refresh: operation === "up --refresh" })).errors;
}

/** Runs the following operations of a pipeline. The last one must have nothing left to do. */
async function follow(stack: Stack, prepared: Prepared): Promise<void> {
  if (prepared.operation === "destroy") {
    if (stack.kept.size > 0) succeeded(await stack.destroy());
    return;
  }
  for (let run = 1; run <= 3; run++) {
    succeeded((await stack.up({ refresh: run !== 2 })).errors);
    prepared.always(stack);
  }
  const { steps, errors } = await stack.up({ refresh: true });
  succeeded(errors);
  assert.deepEqual(steps, [], "there is still something to do");
}

function succeeded(errors: StepError[]): void {
  assert.deepEqual(
    errors.map(({ name, step, error }) => `${name}: ${step}: ${error.message}`),
    [],
  );
}

/**
 * Checks that an error is made for people: what was requested, what happened and what to do, without secrets and
 * internals.
 */
function sayWhatHappened(error: Error, hub: Hub): void {
  const { name, message } = error;
  assert.ok(
    ["HubError", "LifecycleError"].includes(name),
    `an unexpected ${name}: ${error.stack ?? message}`,
  );
  assert.match(message, /Hub|token|organization/);
  assert.match(message, /\.$|\.\)$/, `not a complete sentence: ${message}`);
  assert.doesNotMatch(message, /undefined|\[object|NaN|hf_[A-Za-z0-9]{10}/, message);
  assert.ok(!Object.values(hub.tokens).some((value) => message.includes(value)));
  assert.ok(message.length < 2500, `${message.length} characters`);
  if (name === "HubError") {
    const { advice, path, code } = error as unknown as { advice?: string; path?: string; code?: string };
    assert.ok(path, `does not name the request: ${message}`);
    assert.ok(
      advice || code === "endpoint_refused" || code === "too_large",
      `does not say what to do: ${message}`,
    );
  }
}

function casesFor(name: string, calls: number): Case[] {
  const cases: Case[] = [];
  for (const fault of FAULTS) {
    for (let at = 0; at < calls; at++) {
      for (const mode of MODES) cases.push({ fault, at, mode });
    }
  }
  // Each scenario tries another share, always the same one in each run.
  return cases.filter((_case, index) => (index + name.length) % SHARE === 0);
}

/** Handles this many items at the same time, continues after failures, and reports them at the end. */
async function atOnce<T>(most: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const failures: Error[] = [];
  await Promise.all(
    Array.from({ length: most }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
        await work(item).catch((error: unknown) => void failures.push(error as Error));
      }
    }),
  );
  const [first] = failures;
  if (first === undefined) return;
  const told = failures.slice(0, 20).map(({ message }) => message);
  throw new Error([`${failures.length} of ${items.length} cases failed`, ...told].join("\n"), {
    cause: first,
  });
}
