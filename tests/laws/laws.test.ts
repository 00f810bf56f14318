// The laws of "tighten automatically; loosen only on fresh human intent", on random histories, seen from outside.
//
//   npm test -- tests/laws                                   a short run
//   LAWS_STEPS=1000000 npm test -- tests/laws                as many calls of the handlers
//   LAWS_SEED=42 npm test -- tests/laws                      a failure again, with the seed that it printed
//   LAWS_SURVEY=1 npm test -- tests/laws                     goes on after a violation, and reports one of each kind
//   LAWS_OF=RepoVisibility npm test -- tests/laws            one type of resource
import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { Counters } from "./counters";
import { type Act, histories, inWords, shortest } from "./history";
import { type Violation } from "./oracle";
import { slots } from "./slots";
import { type Slot } from "./slots/slot";
import { type LawHubHolder, replaceTransport } from "./transport";
import { World } from "./world";

const { LAWS_STEPS, LAWS_SEED, LAWS_SURVEY, LAWS_OF } = process.env;
const STEPS = Number(LAWS_STEPS ?? 4000);
const SEED = LAWS_SEED === undefined ? Date.now() % 2 ** 31 : Number(LAWS_SEED);

describe("The laws of the rule", function () {
  this.timeout(Math.max(60_000, STEPS * 20));
  const holder: LawHubHolder = {};
  let replaced: sinon.SinonStub;
  before(() => (replaced = replaceTransport(holder)));
  after(() => replaced.restore());

  const types = Object.keys(slots);
  for (const type of types.filter((each) => LAWS_OF === undefined || LAWS_OF === each)) {
    it(`hold for ${type} in any history`, async () => {
      const own = slots[type] ?? [];
      const counters = new Counters();
      const goal = Math.ceil(STEPS / types.length);
      try {
        await check(own, counters, holder, goal);
      } finally {
        console.log(counters.lines().join("\n"));
      }
    });
  }
});

/** Plays histories until so many calls were made; the first violation of each kind is reported with a short history. */
async function check(
  own: readonly Slot[],
  counters: Counters,
  holder: LawHubHolder,
  goal: number,
): Promise<void> {
  const found = new Map<string, string>();
  for (let seed = SEED; counters.total < goal; seed++) {
    const [acts] = fc.sample(histories(own), { seed, numRuns: 1 });
    const violation = await play(acts as Act[], own, counters, holder);
    if (!violation) continue;
    const id = idOf(violation);
    if (found.has(id)) continue;
    const few = await shortest(acts as Act[], async (fewer) => {
      const again = await play(fewer, own, new Counters(), holder);
      return again !== undefined && idOf(again) === id;
    });
    const why = await play(few, own, new Counters(), holder);
    found.set(id, `${why?.message ?? ""}\n${inWords(few, own)}\n      LAWS_SEED=${seed}`);
    if (LAWS_SURVEY === undefined) break;
  }
  if (found.size > 0) assert.fail(`\n${[...found.values()].join("\n\n")}`);
}

const idOf = ({ law, kind }: Violation): string => `${law} ${kind}`;

/** The first violation in a history. */
async function play(
  acts: readonly Act[],
  own: readonly Slot[],
  counters: Counters,
  holder: LawHubHolder,
): Promise<Violation | undefined> {
  const world = new World(own, counters, holder);
  try {
    for (const act of acts) {
      await world.play(act);
      if (world.violations.length > 0) return world.violations[0];
    }
    return undefined;
  } finally {
    world.close();
  }
}
