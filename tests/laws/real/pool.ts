// Plays histories on the real engine, several at the same time, each in its own process.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { type Counters } from "../counters";
import { type Played } from "./play";

/** A history: a type of resource and a seed. */
export interface Chosen {
  type: string;
  seed: number;
}

/** What was found, in words: the history, with a broken law or a difference between the engines. */
export async function foundOnEngine(
  chosen: readonly Chosen[],
  atOnce: number,
  counters: Counters,
): Promise<string[]> {
  const found: string[] = [];
  const left = [...chosen];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      const { words, played } = await play(next);
      for (const each of ["steps", "acts", "rows"] as const) {
        for (const [name, count] of played?.[each] ?? []) {
          counters[each].set(name, (counters[each].get(name) ?? 0) + count);
        }
      }
      if (!played || played.found.length > 0) {
        found.push(`${words}\nnpx tsx tests/laws/real/play.ts ${next.type} ${next.seed}`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return found;
}

async function play({ type, seed }: Chosen): Promise<{ words: string; played?: Played }> {
  const file = join(__dirname, "play.ts");
  const child = spawn(process.execPath, ["--import", "tsx", file, type, String(seed)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  }
  await new Promise((resolve) => child.once("close", resolve));
  const lines = text.trimEnd().split("\n");
  const last = lines.at(-1) ?? "";
  if (!last.startsWith("{")) return { words: text };
  return { words: lines.slice(0, -1).join("\n"), played: JSON.parse(last) as Played };
}
