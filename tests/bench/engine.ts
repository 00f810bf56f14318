// Measures the engine with a fleet: create, preview, size of the state, growth.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Bench, python } from "./context";
import { ratios, sample } from "./figures";
import { startHub } from "./hub";
import { plot, type Point } from "./plot";
import { run } from "./processes";
import { type Fleet, PYTHON_REPOSITORIES, repositoryName } from "./programs";
import { seedOf } from "./refresh";
import { type BenchStack, makeStack } from "./stacks";

const LATENCY_MS = 50;
const onlyRepositories = (repositories: number, prefix?: string): Fleet => ({
  organization: "acme",
  repositories,
  accounts: 0,
  tokensPerAccount: 0,
  sso: false,
  ...(prefix !== undefined && { prefix }),
});

/** Goal 2: an `up` that creates resources, with latency to the Hub. The floor sends no requests. */
export async function up(bench: Bench): Promise<void> {
  const count = bench.quick ? 30 : 500;
  const ours: number[] = [];
  const floor: number[] = [];
  const textbook: number[] = [];
  const script: number[] = [];
  const processors = { ours: [] as number[], floor: [] as number[], textbook: [] as number[] };
  const interpreter = await python(bench.say);
  for (let i = 0; i < bench.runs; i += 1) {
    // In each run, each contestant restricts its own repositories, which are public before.
    const fleets = {
      floor: onlyRepositories(count),
      ours: onlyRepositories(count, "mine"),
      textbook: onlyRepositories(count, "book"),
      script: onlyRepositories(count, "script"),
    };
    const seed = {
      repositories: Object.values(fleets).flatMap(
        (fleet) => (seedOf(fleet, "public") as { repositories: { repo: string }[] }).repositories,
      ),
    };
    const hub = await startHub({ seed, latencyMs: LATENCY_MS });
    try {
      for (const [contestant, times] of [
        ["floor", floor],
        ["ours", ours],
        ...(i === 0 ? [["textbook", textbook] as const] : []),
      ] as const) {
        const stack = await makeStack(contestant, fleets[contestant], hub);
        const { seconds, cpuSeconds } = await stack.pulumi(["up", "--yes", "--skip-preview"]);
        times.push(seconds);
        processors[contestant].push(cpuSeconds);
        const { requests } = await hub.traffic();
        bench.say(`up ${i + 1}: ${contestant} ${seconds.toFixed(1)} s, ${requests} requests`);
        await stack.dispose();
      }
      if (interpreter && i === 0) {
        const env = { PATH: process.env.PATH ?? "", HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.token };
        const names = Array.from({ length: count }, (_, index) => repositoryName(fleets.script, index));
        const { stdout } = await run(
          interpreter,
          ["-c", PYTHON_REPOSITORIES, "write", fleets.script.organization, ...names],
          { env },
        );
        script.push(Number(stdout));
      }
    } finally {
      await hub.stop();
    }
  }
  bench.add(`up that creates ${count}: time / floor's without latency`, ratios(ours, floor), "×", {
    relation: "<=",
    value: 1.1,
  });
  bench.add("up: processors' time / floor's", ratios(processors.ours, processors.floor), "×");
  bench.add("up: time", ours, "s");
  bench.add("up: the floor's time", floor, "s");
  bench.add("up: time / textbook's", ratios(ours.slice(0, 1), textbook), "×");
  if (script.length > 0) bench.add("up: time / Python's", ratios(ours.slice(0, 1), script), "×");
}

/** Goals 2 and 4: a preview without changes, and the size of the state. */
export async function preview(bench: Bench): Promise<void> {
  const count = bench.quick ? 60 : 1000;
  const fleet = onlyRepositories(count);
  const hub = await startHub({ seed: seedOf(fleet, "private"), latencyMs: 0 });
  const [ours, floor, textbook] = await Promise.all([
    makeStack("ours", fleet, hub),
    makeStack("floor", fleet, hub),
    makeStack("textbook", fleet, hub),
  ]);
  try {
    for (const stack of [ours, floor, textbook]) await stack.fill();
    const times = { ours: [] as number[], floor: [] as number[] };
    const processors = { ours: [] as number[], floor: [] as number[] };
    for (let i = 0; i < bench.runs; i += 1) {
      // The order alternates, because the second one profits from the machine's warm caches.
      for (const stack of i % 2 === 0 ? [floor, ours] : [ours, floor]) {
        const which = stack.contestant === "ours" ? "ours" : "floor";
        const { seconds, cpuSeconds } = await stack.pulumi(["preview", "--expect-no-changes"]);
        times[which].push(seconds);
        processors[which].push(cpuSeconds);
        bench.say(`preview ${i + 1}: ${stack.contestant} ${seconds.toFixed(2)} s`);
      }
    }
    bench.add(`preview of ${count} without changes: time / floor's`, ratios(times.ours, times.floor), "×", {
      relation: "<=",
      value: 1,
    });
    bench.add("preview: processors' time / floor's", ratios(processors.ours, processors.floor), "×");
    bench.add("preview: time", times.ours, "s");
    bench.add("preview: the floor's time", times.floor, "s");

    const [mine, theirs, book] = await Promise.all([ours, floor, textbook].map(sizesOf));
    if (!mine || !theirs || !book) throw new Error("A stack has no state.");
    bench.add("state: `__provider` per copy", mine.code, "B", { relation: "<=", value: 300 });
    bench.add("state: whole RepoVisibility", mine.whole, "B", { relation: "<=", value: 1500 });
    bench.add("state: whole resource / floor's", [mean(mine.whole) / mean(theirs.whole)], "×");
    bench.add("state: whole resource / textbook's", [mean(mine.whole) / mean(book.whole)], "×");
  } finally {
    for (const stack of [ours, floor, textbook]) await stack.dispose();
    await hub.stop();
  }
}

/** Bytes of each resource in the stored state, and of the code in it. */
async function sizesOf(stack: BenchStack): Promise<{ whole: number[]; code: number[] }> {
  const state = JSON.parse(await stack.stateText()) as {
    checkpoint: { latest: { resources: { type: string; outputs?: { __provider?: string } }[] } };
  };
  const resources = state.checkpoint.latest.resources.filter(({ outputs }) => outputs?.__provider);
  return {
    // The stored state has no white space.
    whole: resources.map((resource) => Buffer.byteLength(JSON.stringify(resource))),
    code: resources.map(({ outputs }) => Buffer.byteLength(outputs?.__provider ?? "")),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Goal 5: the drift check of fleets of different sizes. */
export async function growth(bench: Bench): Promise<void> {
  const counts = bench.quick ? [20, 60, 180] : [100, 1000, 5000];
  // The same run measures the memory. More runs of the largest fleet take long and add little.
  const runs = Math.min(bench.runs, 3);
  const points: Record<"ours" | "floor", Point[]> = { ours: [], floor: [] };
  for (const count of counts) {
    const fleet = onlyRepositories(count);
    const hub = await startHub({ seed: seedOf(fleet, "private"), latencyMs: 0 });
    const stacks = [await makeStack("floor", fleet, hub), await makeStack("ours", fleet, hub)];
    const seconds = { ours: [] as number[], floor: [] as number[] };
    const megabytes = { ours: [] as number[], floor: [] as number[] };
    try {
      for (const stack of stacks) await stack.fill();
      for (let i = 0; i < runs; i += 1) {
        for (const stack of stacks) {
          const which = stack.contestant === "ours" ? "ours" : "floor";
          const result = await stack.pulumi(["preview", "--refresh", "--expect-no-changes"], {
            memory: true,
          });
          seconds[which].push(result.seconds);
          megabytes[which].push(result.peakMegabytes);
          const figures = `${result.seconds.toFixed(1)} s, ${result.peakMegabytes.toFixed(0)} MB`;
          bench.say(`growth ${count}, ${i + 1}: ${which} ${figures}`);
        }
      }
    } finally {
      for (const stack of stacks) await stack.dispose();
      await hub.stop();
    }
    for (const which of ["ours", "floor"] as const) {
      points[which].push({
        count,
        seconds: sample(seconds[which]).median,
        megabytes: sample(megabytes[which]).median,
      });
    }
  }
  const [small, middle, large] = counts;
  for (const [what, unit] of [
    ["seconds", "time"],
    ["megabytes", "memory"],
  ] as const) {
    const ours = bend(points.ours, what);
    const name = `growth: ${unit} per resource from ${middle} to ${large}, / from ${small} to ${middle}`;
    bench.add(name, [ours], "×", { relation: "<=", value: 1.25 });
    bench.add(`${name}, the floor`, [bend(points.floor, what)], "×");
    const last = points.ours.length - 1;
    bench.add(
      `growth: ${unit} of ${large} / floor's`,
      [(points.ours[last]?.[what] ?? NaN) / (points.floor[last]?.[what] ?? NaN)],
      "×",
    );
  }
  if (!bench.quick) {
    await writeFile(join(__dirname, "..", "..", "docs", "growth.svg"), plot(points));
    bench.say("growth: written to docs/growth.svg");
  }
}

/** The slope of a curve in its second part, divided by the slope in its first part: 1 for a straight line. */
function bend(points: readonly Point[], what: "seconds" | "megabytes"): number {
  const slope = (from: number): number => {
    const [a, b] = [points[from], points[from + 1]];
    if (!a || !b) return NaN;
    return (b[what] - a[what]) / (b.count - a.count);
  };
  return slope(1) / slope(0);
}
