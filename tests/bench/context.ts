import { existsSync, mkdirSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { type Figure, type Goal, sample } from "./figures";
import { run } from "./processes";

/** The tools that every group of measurements gets. */
export interface Bench {
  /** Small counts and few runs: a check that the measurements work, not figures to publish. */
  quick: boolean;
  runs: number;
  say: (line: string) => void;
  /** Adds a line to the table. */
  add(name: string, values: readonly number[], unit: string, goal?: Goal): void;
  figures: Figure[];
  /** A temporary folder for one measurement, which git ignores. */
  scratch(name: string): Promise<string>;
}

/** The folder of everything that is kept between runs; git ignores it. */
export async function workFolder(): Promise<string> {
  const { workDir } = await import("../../scripts/pulumi-env.mjs");
  const folder = join(workDir, "bench");
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Creates the tools of one run. */
export function makeBench(options: { quick: boolean; runs: number; say: (line: string) => void }): Bench {
  const figures: Figure[] = [];
  return {
    ...options,
    figures,
    add(name, values, unit, goal) {
      figures.push({ name, sample: sample(values), unit, ...(goal && { goal }) });
    },
    scratch: async (name) => mkdtemp(join(await workFolder(), `${name}-`)),
  };
}

/** Python with the Hub's official client, installed once; undefined if Python or a package index is missing. */
export async function python(say: (line: string) => void): Promise<string | undefined> {
  const folder = join(await workFolder(), "python");
  const bin = join(folder, "bin", "python");
  try {
    if (!existsSync(bin)) await run("python3", ["-m", "venv", folder]);
    const probe = await run(bin, ["-c", "import huggingface_hub"], { allowFailure: true });
    if (probe.code !== 0) await run(bin, ["-m", "pip", "install", "-q", "huggingface_hub"]);
    return bin;
  } catch (error) {
    say(`Without Python's figures: ${String(error).slice(0, 300)}`);
    return undefined;
  }
}
