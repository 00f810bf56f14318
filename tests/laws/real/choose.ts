// Chooses the histories that are worth playing on the real engine: those that show something new on the simulated
// one.
import { Counters } from "../counters";
import { simulated } from "../engine";
import { slots } from "../slots";
import { type Slot } from "../slots/slot";
import { type LawHubHolder } from "../transport";
import { historyOf, playOn } from "./history";

/** How many histories are looked at for each one chosen. */
const LOOKED_AT = 40;
/** The cost of a new stack, in operations. */
const BEFORE = 3;

/**
 * The seeds of `count` histories of a type, those that show most first. Histories that break a law are left to the
 * simulated engine.
 *
 * @param first - the first seed to look at
 */
export async function chosenSeeds(
  type: string,
  count: number,
  first: number,
  holder: LawHubHolder,
): Promise<number[]> {
  const own = slots[type] as readonly Slot[];
  const left = new Map<number, { shown: Set<string>; operations: number }>();
  for (let seed = first; seed < first + count * LOOKED_AT; seed++) {
    const counters = new Counters();
    const { records, violation } = await playOn(simulated, own, historyOf(own, seed), holder, counters);
    if (violation !== undefined) continue;
    const calls = records.flatMap(({ lines }) => lines).filter((line) => !line.startsWith("Hub: "));
    // Without the numbers that tell names of the same resource apart.
    const shown = new Set([
      ...counters.rows.keys(),
      ...counters.acts.keys(),
      ...calls.map((line) => line.replace(/-\d+/g, "")),
    ]);
    left.set(seed, { shown, operations: records.length });
  }
  const seen = new Set<string>();
  const chosen: number[] = [];
  while (chosen.length < count && left.size > 0) {
    const worth = ([, { shown, operations }]: [number, { shown: Set<string>; operations: number }]): number =>
      [...shown].filter((each) => !seen.has(each)).length / (operations + BEFORE);
    const [seed, { shown }] = [...left].reduce((best, each) => (worth(each) > worth(best) ? each : best));
    for (const each of shown) seen.add(each);
    left.delete(seed);
    chosen.push(seed);
  }
  return chosen;
}
