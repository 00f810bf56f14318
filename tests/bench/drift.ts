// Measures the drift check of the command line, compared with that of the engine and with what both have to read.
import { join } from "node:path";
import { type Bench } from "./context";
import { ratios } from "./figures";
import { startHub } from "./hub";
import { run, type Run } from "./processes";
import { type Fleet } from "./programs";
import { seedOf } from "./refresh";
import { makeStack } from "./stacks";

const LATENCY_MS = 50;
const CLI = join(__dirname, "../../cli/bin/pulumi-huggingface.js");
const LISTINGS = join(__dirname, "listings.cjs");

type Form = "command" | "engine" | "export" | "listings";

/** Goals: 5,000 repositories and 500 tokens in a tenth of the engine's time, and 1.5 times that of the export and the listings. */
export async function drift(bench: Bench): Promise<void> {
  const fleet: Fleet = bench.quick
    ? { organization: "acme", repositories: 100, accounts: 2, tokensPerAccount: 5, sso: false }
    : { organization: "acme", repositories: 5000, accounts: 50, tokensPerAccount: 10, sso: false };
  const folder = await bench.scratch("drift");
  const state = { stateFile: join(folder, "hub.jsonl") };
  let hub = await startHub({ ...state, seed: seedOf(fleet, "private") });
  const port = Number(new URL(hub.endpoint).port);
  const stack = await makeStack("ours", fleet, hub);
  try {
    bench.say(`drift: filling the stack (${fleet.repositories} repositories)`);
    await stack.fill();
    await hub.stop();
    hub = await startHub({ ...state, port, latencyMs: LATENCY_MS });
    const { dir, env, stack: name } = stack.project;
    const node = (file: string, ...args: string[]): Promise<Run> =>
      run(process.execPath, [file, ...args], { cwd: dir, env });
    const forms: Record<Form, () => Promise<Run>> = {
      command: () => node(CLI, "drift", "--stack", name),
      export: () => stack.pulumi(["stack", "export"]),
      listings: () => node(LISTINGS, fleet.organization),
      engine: () => stack.pulumi(["preview", "--refresh", "--expect-no-changes"]),
    };
    const seconds: Record<Form, number[]> = { command: [], export: [], listings: [], engine: [] };
    const requests: Record<Form, number[]> = { command: [], export: [], listings: [], engine: [] };
    await hub.traffic();
    for (let i = 0; i < bench.runs; i += 1) {
      for (const form of Object.keys(forms) as Form[]) {
        seconds[form].push((await forms[form]()).seconds);
        requests[form].push((await hub.traffic()).requests);
      }
      const last = (form: Form): string => `${form} ${seconds[form].at(-1)?.toFixed(2)} s`;
      bench.say(`drift ${i + 1}: ${(Object.keys(forms) as Form[]).map(last).join(", ")}`);
    }
    const size = `${fleet.repositories} repositories and ${fleet.accounts * fleet.tokensPerAccount} tokens`;
    const title = `\`pulumi-huggingface drift\` of ${size}`;
    bench.add(
      `${title}: time / that of \`pulumi preview --refresh\``,
      ratios(seconds.command, seconds.engine),
      "×",
      { relation: "<=", value: 0.1 },
    );
    const needed = seconds.export.map((each, index) => each + (seconds.listings[index] ?? 0));
    bench.add(
      `${title}: time / that of \`pulumi stack export\` and the listings`,
      ratios(seconds.command, needed),
      "×",
      { relation: "<=", value: 1.5 },
    );
    bench.add(`${title}: requests`, requests.command, "");
    bench.add(`the listings of ${size}: requests`, requests.listings, "");
    bench.add(`\`pulumi preview --refresh\` of ${size}: requests`, requests.engine, "");
    bench.add(`${title}: time`, seconds.command, "s");
    bench.add(`\`pulumi stack export\` of ${size}: time`, seconds.export, "s");
    bench.add(`the listings of ${size}: time`, seconds.listings, "s");
    bench.add(`\`pulumi preview --refresh\` of ${size}: time`, seconds.engine, "s");
  } finally {
    await hub.stop();
    await stack.dispose();
  }
}
