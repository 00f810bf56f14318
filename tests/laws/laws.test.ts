// The laws of "tighten automatically; loosen only on fresh human intent", checked from outside on random histories.
//
//   npm test -- tests/laws/laws.test.ts                      a short run; npm run reliability makes a million steps
//   LAWS_STEPS=1000000 npm test -- tests/laws                this many handler calls
//   LAWS_SEED=42 npm test -- tests/laws                      repeats a failure with the seed that it printed
//   LAWS_SURVEY=1 npm test -- tests/laws                     continues after a violation, and reports one of each kind
//   LAWS_OF=RepoVisibility npm test -- tests/laws            one type of resource
import { strict as assert } from "node:assert";
import { Counters } from "./counters";
import { unreached } from "./kinds";
import { violationsIn } from "./runner";
import { slots } from "./slots";
import { type LawHubHolder, replaceTransport } from "./transport";

const { LAWS_STEPS, LAWS_SEED, LAWS_SURVEY, LAWS_OF } = process.env;
// A step is one call of a handler.
const STEPS = Number(LAWS_STEPS ?? (process.env["RELIABILITY"] === "full" ? 1_000_000 : 15_000));
/** With this many steps of one type, each kind of step and each row of the table has to be reached. */
const ENOUGH = 20_000;
/** The short run always uses the same seed. A long run uses a new seed and prints it. */
const SEED = LAWS_SEED === undefined ? (STEPS > ENOUGH ? Date.now() % 2 ** 31 : 1) : Number(LAWS_SEED);

describe("Laws of the rule", function () {
  this.timeout(Math.max(60_000, STEPS * 20));
  const holder: LawHubHolder = {};
  let restore: () => void;
  before(() => (restore = replaceTransport(holder)));
  after(() => restore());

  const types = Object.keys(slots).filter((type) => LAWS_OF === undefined || LAWS_OF === type);
  const goal = Math.ceil(STEPS / types.length);
  for (const type of types) {
    it(`are never broken by ${type} in a random history`, async () => {
      const own = slots[type] ?? [];
      const counters = new Counters();
      try {
        const found = await violationsIn(own, {
          counters,
          holder,
          goal,
          seed: SEED,
          survey: LAWS_SURVEY !== undefined,
        });
        if (found.length > 0) assert.fail(`\n${found.join("\n\n")}`);
        const missed = unreached(type, counters);
        if (goal >= ENOUGH) assert.deepEqual(missed, [], "never reached");
      } finally {
        console.log(counters.lines().join("\n"));
      }
    });
  }
});
