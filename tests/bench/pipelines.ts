// Many pipelines check for drift at the same time, with one shared quota.
import { join } from "node:path";
import { type Bench } from "./context";
import { type BenchHub, startHub } from "./hub";
import { type Fleet } from "./programs";
import { seedOf } from "./refresh";
import { type BenchStack, makeStack } from "./stacks";

/** Goal 7: all refreshes finish, each gets its share, few requests are refused, and the log reports each wait. */
export async function pipelines(bench: Bench): Promise<void> {
  const many = bench.quick ? 3 : 20;
  // Each repository needs its own request, because it declares `gated`. A refresh sends one request for each, and the
  // path shows whose request it is.
  const each = bench.quick ? 60 : 40;
  const quota = Math.floor((many * each) / 2.5);
  const windowSeconds = bench.quick ? 20 : 90;
  const fleets = Array.from({ length: many }, (_, index): Fleet => ({
    organization: "acme",
    repositories: each,
    accounts: 0,
    tokensPerAccount: 0,
    sso: false,
    gated: true,
    prefix: `pipeline${index}`,
  }));
  const seed = {
    repositories: fleets.flatMap(
      (fleet) => (seedOf(fleet, "private") as { repositories: { repo: string }[] }).repositories,
    ),
  };
  const stacks: BenchStack[] = [];
  // Keeps the state, because a repository that is created again has another identity.
  const state = { stateFile: join(await bench.scratch("pipelines"), "hub.jsonl") };
  let hub: BenchHub = await startHub({ ...state, seed });
  const port = Number(new URL(hub.endpoint).port);
  try {
    bench.say(`pipelines: filling ${many} stacks of ${each} resources`);
    for (const fleet of fleets) {
      const stack = await makeStack("ours", fleet, hub);
      stacks.push(stack);
      await stack.fill();
    }
    await hub.stop();
    hub = await startHub({
      ...state,
      port,
      latencyMs: 50,
      rateLimit: quota,
      rateLimitWindowSeconds: windowSeconds,
    });
    bench.say(
      `pipelines: ${many} refreshes at the same time, ${quota} requests per ${windowSeconds} s for all`,
    );
    // The engine does not start all refreshes at the same moment. The quota is used up first, so that none of them
    // gets all of it.
    await useUp(hub, quota);
    const runs = await Promise.all(
      stacks.map((stack) =>
        stack.pulumi(["refresh", "--preview-only", "--expect-no-changes"], {
          allowFailure: true,
          env: { HF_TOKEN: hub.token },
        }),
      ),
    );
    const { lines, requests, statuses } = await hub.traffic();
    // The answers of the first window that all refreshes waited for.
    const granted = lines.filter((line) => line.endsWith(" 200")).slice(0, quota);
    const served = fleets.map(({ prefix }) => granted.filter((line) => line.includes(`/${prefix}-`)).length);
    const what = `${many} refreshes in parallel`;
    const finished = runs.filter(({ code }) => code === 0).length;
    for (const { code, text } of runs) if (code !== 0) bench.say(text.slice(-1500));
    bench.add(`${what}: finished`, [finished], "", { relation: "=", value: many });
    const windows = Math.ceil(requests / quota);
    bench.add(`${what}: requests, at a quota of ${quota} per ${windowSeconds} s`, [requests], "");
    // A refresh that only learns from refusals is refused at most once per window.
    bench.add(`${what}: 429 answers per refresh and window`, [(statuses["429"] ?? 0) / many / windows], "", {
      relation: "<=",
      value: 1,
    });
    const announced = runs.filter(({ text }) => /rate limited, resuming in \d+ s/.test(text)).length;
    bench.add(`${what}: said "rate limited, resuming in … s"`, [announced], "", {
      relation: ">=",
      value: many / 2,
    });
    const times = runs.map(({ seconds }) => seconds);
    bench.add(`${what}: slowest / fastest`, [Math.max(...times) / Math.min(...times)], "×");
    bench.add(`${what}: time`, times, "s");
    bench.add(`${what}: served to each in one window`, served, "");
    bench.add(`${what}: evenness of that (Jain's index, 1 is even)`, [evenness(served)], "", {
      relation: ">=",
      value: 0.8,
    });
  } finally {
    await hub.stop();
    for (const stack of stacks) await stack.dispose();
  }
}

async function useUp(hub: BenchHub, quota: number): Promise<void> {
  const headers = { authorization: `Bearer ${hub.token}` };
  for (let left = quota; left > 0; left -= 20) {
    const part = Array.from({ length: Math.min(20, left) }, () =>
      fetch(`${hub.endpoint}/api/whoami-v2`, { headers }).then((answer) => answer.text()),
    );
    await Promise.all(part);
  }
  await hub.traffic();
}

function evenness(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  return sum ** 2 / (values.length * values.reduce((total, value) => total + value ** 2, 0));
}
