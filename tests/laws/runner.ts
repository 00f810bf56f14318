// Plays random histories, and shortens those that break a law.
import * as fc from "fast-check";
import { Counters } from "./counters";
import { type Act, histories, inWords, shortest } from "./history";
import { type Violation } from "./oracle";
import { type Slot } from "./slots/slot";
import { type LawHubHolder } from "./transport";
import { World } from "./world";

/** How much to play. */
export interface Plan {
  counters: Counters;
  holder: LawHubHolder;
  /** The number of handler calls. */
  goal: number;
  /** The seed of the first history; the others count up from it. */
  seed: number;
  /** Whether to continue after a violation and collect one of each kind. */
  survey: boolean;
}

/** Plays histories until `goal` calls are made. The first violation of each kind is reported with a short history. */
export async function violationsIn(
  own: readonly Slot[],
  { counters, holder, goal, seed: first, survey }: Plan,
): Promise<string[]> {
  const found = new Map<string, string>();
  for (let seed = first; counters.total < goal; seed++) {
    const [acts] = fc.sample(histories(own), { seed, numRuns: 1 });
    const begin = performance.now();
    const violation = await play(acts as Act[], own, counters, holder);
    counters.seconds += (performance.now() - begin) / 1000;
    if (!violation) continue;
    const id = idOf(violation);
    if (found.has(id)) continue;
    const few = await shortest(acts as Act[], async (fewer) => {
      const again = await play(fewer, own, new Counters(), holder);
      return again !== undefined && idOf(again) === id;
    });
    const why = await play(few, own, new Counters(), holder);
    found.set(id, `${why?.message ?? ""}\n${inWords(few, own)}\n      LAWS_SEED=${seed}`);
    if (!survey) break;
  }
  return [...found.values()];
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
