// Plays one history on both engines, in its own process because the fake clock affects the whole process.
//
//   npx tsx tests/laws/real/play.ts RepoVisibility 42        prints the result as its last line
import { Counters } from "../counters";
import { simulated } from "../engine";
import { inWords } from "../history";
import { slots } from "../slots";
import { type LawHubHolder, replaceTransport } from "../transport";
import { RealEngine } from "./engine";
import { historyOf, playOn } from "./history";
import { difference } from "./record";

/** The result of a history. */
export interface Played {
  /** What was found: a broken law, or the first difference between the engines. */
  found: string[];
  operations: number;
  steps: [string, number][];
  acts: [string, number][];
  rows: [string, number][];
}

async function main([type = "", seed = "1"]: string[]): Promise<void> {
  const own = slots[type];
  if (!own) throw new Error(`Unknown type ${type}; known types: ${Object.keys(slots).join(", ")}`);
  const acts = historyOf(own, Number(seed));
  const holder: LawHubHolder = {};
  const restore = replaceTransport(holder);
  const one = await playOn(simulated, own, acts, holder, new Counters());
  restore();
  const engine = await RealEngine.start();
  const counters = new Counters();
  try {
    const other = await playOn(engine, own, acts, {}, counters);
    const differs = difference(one.records, other.records);
    const played: Played = {
      found: [
        ...(one.violation === undefined ? [] : [`On the simulated engine: ${one.violation}`]),
        ...(other.violation === undefined ? [] : [`On the real engine: ${other.violation}`]),
        ...(differs === undefined ? [] : [`The engines differ in ${differs}`]),
      ],
      operations: other.records.length,
      steps: [...counters.steps],
      acts: [...counters.acts],
      rows: [...counters.rows],
    };
    console.log(`${inWords(acts, own)}\n${played.found.join("\n")}\n${JSON.stringify(played)}`);
  } finally {
    await engine.close();
  }
}

void main(process.argv.slice(2));
