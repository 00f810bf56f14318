// One history on both engines, in a process of its own, because the clock is the whole process's.
//
//   npx tsx tests/laws/real/play.ts RepoVisibility 42        prints the history, and as its last line what came of it
import * as fc from "fast-check";
import { Counters } from "../counters";
import { type Engine, simulated } from "../engine";
import { type Act, histories, inWords } from "../history";
import { slots } from "../slots";
import { type Slot } from "../slots/slot";
import { type LawHubHolder, replaceTransport } from "../transport";
import { World } from "../world";
import { RealEngine } from "./engine";
import { difference, type Record, recorded } from "./record";

/** What came of a history. */
export interface Played {
  type: string;
  seed: number;
  words: string;
  /** A law that was broken, on either engine. */
  violation?: string;
  /** Where the engines differ first. */
  difference?: string;
  steps: [string, number][];
  rows: [string, number][];
  acts: [string, number][];
  operations: number;
}

const FIRST: Act = {
  do: "run",
  kind: "up",
  stack: 0,
  refresh: false,
  previewFirst: false,
  othersGoOn: false,
};

/** Always the same for a seed. */
export function historyOf(own: readonly Slot[], seed: number): Act[] {
  const [acts] = fc.sample(histories(own, 11, 8), { seed, numRuns: 1 });
  return [FIRST, ...(acts as Act[])];
}

async function playOn(
  engine: Engine,
  own: readonly Slot[],
  acts: readonly Act[],
  holder: LawHubHolder,
  counters: Counters,
) {
  const records: Record[] = [];
  const objects = own.filter(({ object }) => object !== "");
  const world = new World(own, counters, holder, recorded(engine, records, objects));
  try {
    for (const act of acts) {
      await world.play(act);
      if (world.violations.length > 0) break;
    }
    return { records, violation: world.violations[0]?.message };
  } finally {
    world.close();
  }
}

async function main([type = "", seed = "1"]: string[]): Promise<void> {
  const own = slots[type];
  if (!own) throw new Error(`There is no type ${type}: ${Object.keys(slots).join(", ")}`);
  const acts = historyOf(own, Number(seed));
  const words = inWords(acts, own);
  console.log(words);
  const holder: LawHubHolder = {};
  const restore = replaceTransport(holder);
  const one = await playOn(simulated, own, acts, holder, new Counters());
  restore();
  const engine = await RealEngine.start();
  const counters = new Counters();
  try {
    const other = await playOn(engine, own, acts, {}, counters);
    const differs = difference(one.records, other.records);
    const violation = other.violation ?? (one.violation && `only on the simulated engine: ${one.violation}`);
    const played: Played = {
      type,
      seed: Number(seed),
      words,
      ...(violation !== undefined && { violation }),
      ...(differs !== undefined && { difference: differs }),
      steps: [...counters.steps],
      rows: [...counters.rows],
      acts: [...counters.acts],
      operations: other.records.length,
    };
    if (violation ?? differs) console.log(violation, `\n${differs ?? ""}`);
    console.log(JSON.stringify(played));
  } finally {
    await engine.close();
  }
}

if (require.main === module) void main(process.argv.slice(2));
