// Measures the drift check of a whole organization: requests, time, and the effect of a quota.
import { join } from "node:path";
import { type Bench, python } from "./context";
import { ratios } from "./figures";
import { type BenchHub, startHub } from "./hub";
import { run } from "./processes";
import { type Fleet, PYTHON_REPOSITORIES, repositoryName, resourceCount } from "./programs";
import { type BenchStack, type Contestant, makeStack } from "./stacks";

const LATENCY_MS = 50;

/** The seed of an organization that already has the repositories of the fleet. */
export function seedOf(fleet: Fleet, visibility: "private" | "public"): object {
  return {
    repositories: Array.from({ length: fleet.repositories }, (_, index) => ({
      repo: repositoryName(fleet, index),
      visibility,
    })),
  };
}

const GATE = ["preview", "--refresh", "--expect-no-changes"];

/**
 * Goals 1 and 2: the drift check of a fleet, compared with the floor, the textbook provider and Python; then with a
 * quota.
 */
export async function refresh(bench: Bench): Promise<void> {
  const fleet: Fleet = bench.quick
    ? { organization: "acme", repositories: 60, accounts: 2, tokensPerAccount: 3, sso: true }
    : { organization: "acme", repositories: 1000, accounts: 10, tokensPerAccount: 10, sso: true };
  const folder = await bench.scratch("refresh");
  const state = { stateFile: join(folder, "hub.jsonl") };
  let hub = await startHub({ ...state, seed: seedOf(fleet, "private") });
  const port = Number(new URL(hub.endpoint).port);
  const stacks = {} as Record<Contestant, BenchStack>;
  const size = `${fleet.repositories} repositories, ${fleet.accounts * fleet.tokensPerAccount} tokens, SSO`;
  try {
    for (const contestant of ["ours", "floor", "textbook"] as const) {
      bench.say(`refresh: filling the stack "${contestant}" (${resourceCount(fleet)} resources)`);
      stacks[contestant] = await makeStack(contestant, fleet, hub);
      await stacks[contestant].fill();
    }
    // The Hub of the timed runs has the latency of a real one.
    await hub.stop();
    hub = await startHub({ ...state, port, latencyMs: LATENCY_MS });
    await timed(bench, fleet, stacks, hub, size);
    await hub.stop();

    const quota = bench.quick ? 50 : 1000;
    hub = await startHub({ ...state, port, latencyMs: LATENCY_MS, rateLimit: quota });
    const under = async (contestant: Contestant): Promise<{ refused: number; code: number | null }> => {
      const { code } = await stacks[contestant].pulumi(GATE, { allowFailure: true });
      const { statuses } = await hub.traffic();
      return { refused: statuses["429"] ?? 0, code };
    };
    bench.say(`refresh: against a quota of ${quota} requests`);
    const ours = await under("ours");
    bench.add(`refresh, quota of ${quota}: 429 answers`, [ours.refused], "", { relation: "=", value: 0 });
    bench.add(`refresh, quota of ${quota}: exit code`, [ours.code ?? -1], "", { relation: "=", value: 0 });
    const textbook = await under("textbook");
    bench.add(`refresh, quota of ${quota}: 429 answers of the textbook provider`, [textbook.refused], "");
    bench.add(`refresh, quota of ${quota}: exit code of the textbook provider`, [textbook.code ?? -1], "");
  } finally {
    await hub.stop();
    for (const stack of Object.values(stacks)) await stack.dispose();
  }
}

async function timed(
  bench: Bench,
  fleet: Fleet,
  stacks: Record<Contestant, BenchStack>,
  hub: BenchHub,
  size: string,
): Promise<void> {
  const requests: Record<Contestant, number[]> = { ours: [], floor: [], textbook: [] };
  const seconds: Record<Contestant, number[]> = { ours: [], floor: [], textbook: [] };
  const processors: Record<Contestant, number[]> = { ours: [], floor: [], textbook: [] };
  const whoAmI: number[] = [];
  const script = { read: [] as number[], list: [] as number[] };
  const interpreter = await python(bench.say);
  const names = Array.from({ length: fleet.repositories }, (_, index) => repositoryName(fleet, index));
  await hub.traffic();
  for (let i = 0; i < bench.runs; i += 1) {
    // The slow contestants run once: they are for comparison, and no goal depends on them.
    const once = i === 0;
    for (const contestant of ["floor", "ours", ...(once ? ["textbook" as const] : [])] as const) {
      const { seconds: time, cpuSeconds } = await stacks[contestant].pulumi(GATE);
      seconds[contestant].push(time);
      processors[contestant].push(cpuSeconds);
      const traffic = await hub.traffic();
      requests[contestant].push(traffic.requests);
      if (contestant === "ours")
        whoAmI.push(traffic.lines.filter((line) => line.includes("/whoami-v2")).length);
      bench.say(`refresh ${i + 1}: ${contestant} ${time.toFixed(1)} s, ${traffic.requests} requests`);
    }
    if (!interpreter || !once) continue;
    for (const task of ["read", "list"] as const) {
      const env = { PATH: process.env.PATH ?? "", HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.token };
      const args = ["-c", PYTHON_REPOSITORIES, task, fleet.organization, ...names];
      const { stdout } = await run(interpreter, args, { env });
      script[task].push(Number(stdout));
      const traffic = await hub.traffic();
      bench.say(`refresh: Python (${task}) ${stdout.trim()} s, ${traffic.requests} requests`);
    }
  }
  bench.add(`refresh of ${size}: requests`, requests.ours, "", { relation: "<=", value: 40 });
  bench.add("refresh: requests of the textbook provider", requests.textbook, "");
  bench.add("refresh: requests for who-am-I", whoAmI, "", { relation: "<=", value: 1 });
  bench.add("refresh: time / floor's", ratios(seconds.ours, seconds.floor), "×", {
    relation: "<=",
    value: 1.1,
  });
  bench.add("refresh: processors' time / floor's", ratios(processors.ours, processors.floor), "×");
  bench.add("refresh: time / textbook's", ratios(seconds.ours.slice(0, 1), seconds.textbook), "×");
  bench.add("refresh: time", seconds.ours, "s");
  bench.add("refresh: the floor's time", seconds.floor, "s");
  if (script.read.length > 0) {
    bench.add(
      "refresh: time / Python's, request by request",
      ratios(seconds.ours.slice(0, 1), script.read),
      "×",
    );
    bench.add("refresh: time / Python's, one listing", ratios(seconds.ours.slice(0, 1), script.list), "×");
  }
}
