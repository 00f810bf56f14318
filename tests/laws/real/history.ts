// Histories that are short enough for the real engine, and how one is played and recorded.
import * as fc from "fast-check";
import { type Counters } from "../counters";
import { type Engine } from "../engine";
import { type Act, histories } from "../history";
import { type Slot } from "../slots/slot";
import { type LawHubHolder } from "../transport";
import { World } from "../world";
import { type Record, recorded } from "./record";

const FIRST: Act = {
  do: "run",
  kind: "up",
  stack: 0,
  refresh: false,
  previewFirst: false,
  othersGoOn: false,
};

/** Returns the same history for the same seed. */
export function historyOf(own: readonly Slot[], seed: number): Act[] {
  const [acts] = fc.sample(histories(own, 13, 9), { seed, numRuns: 1 });
  return [FIRST, ...(acts as Act[])];
}

/** Plays the acts until a law is broken or the history ends. */
export async function playOn(
  engine: Engine,
  own: readonly Slot[],
  acts: readonly Act[],
  holder: LawHubHolder,
  counters: Counters,
): Promise<{ records: Record[]; violation: string | undefined }> {
  const records: Record[] = [];
  const world = new World(own, counters, holder, recorded(engine, records, own));
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
