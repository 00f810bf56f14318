// The histories of tests/laws on real stacks: the real engine does what the simulated one does, and no law is broken
// on it.
//
//   npm test -- tests/reliability/realEngine.test.ts         a few, always the same; npm run reliability plays forty
//   LAWS_HISTORIES=3 LAWS_SEED=42 npm test -- …              this many of each type, chosen from this seed on
//   npx tsx tests/laws/real/play.ts RepoVisibility 42        a single one
import { strict as assert } from "node:assert";
import { Counters } from "../laws/counters";
import { chosenSeeds } from "../laws/real/choose";
import { type Chosen, foundOnEngine } from "../laws/real/pool";
import { slots } from "../laws/slots";
import { type LawHubHolder, replaceTransport } from "../laws/transport";

const { RELIABILITY, LAWS_HISTORIES, LAWS_SEED } = process.env;
const isShort = LAWS_HISTORIES === undefined && RELIABILITY !== "full";
const OF_EACH_TYPE = Number(LAWS_HISTORIES ?? (isShort ? 1 : 8));
const TYPES = isShort ? ["RepoVisibility", "SsoConfig", "HubToken"] : Object.keys(slots);
/** The short run always uses the same seed, a long one a new seed each time. */
const FIRST = LAWS_SEED === undefined ? (isShort ? 1 : Date.now() % 2 ** 31) : Number(LAWS_SEED);
/** Most of the time the machine waits for processes. */
const AT_ONCE = 5;

describe("Laws of the rule, on the real engine", function () {
  this.timeout(3_600_000);

  it("are never broken, and each operation matches the simulated engine", async () => {
    const chosen = await chosenOfAll();
    const counters = new Counters();
    const begin = performance.now();
    const found = await foundOnEngine(chosen, AT_ONCE, counters);
    counters.seconds = (performance.now() - begin) / 1000;
    console.log(`${chosen.length} histories\n${counters.lines().join("\n")}`);
    assert.ok(counters.total > chosen.length * 10, "the handlers were hardly called");
    if (found.length > 0) assert.fail(`\n${found.join("\n\n")}`);
  });
});

async function chosenOfAll(): Promise<Chosen[]> {
  const holder: LawHubHolder = {};
  const restore = replaceTransport(holder);
  try {
    const chosen: Chosen[] = [];
    for (const type of TYPES) {
      const seeds = await chosenSeeds(type, OF_EACH_TYPE, FIRST, holder);
      chosen.push(...seeds.map((seed) => ({ type, seed })));
    }
    return chosen;
  } finally {
    restore();
  }
}
