// npm run bench [-- --quick] [--json] [--runs N] [--only NAME,NAME]
import { parseArgs } from "node:util";
import { makeBench, type Bench } from "./context";
import { plain, table } from "./figures";
import { audit } from "./audit";
import { drift } from "./drift";
import { growth, preview, up } from "./engine";
import { organization } from "./organization";
import { pipelines } from "./pipelines";
import { refresh } from "./refresh";
import { start } from "./start";

const GROUPS: Record<string, (bench: Bench) => Promise<void>> = {
  refresh,
  up,
  preview,
  organization,
  drift,
  start,
  audit,
  pipelines,
  growth,
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      runs: { type: "string" },
      only: { type: "string" },
    },
  });
  const chosen = values.only?.split(",") ?? Object.keys(GROUPS);
  const unknown = chosen.filter((name) => !GROUPS[name]);
  if (unknown.length > 0)
    throw new Error(`No such group: ${unknown.join(", ")}. There are: ${Object.keys(GROUPS).join(", ")}.`);
  const bench = makeBench({
    quick: values.quick,
    runs: Number(values.runs ?? (values.quick ? 1 : 5)),
    // Standard output is for the figures only.
    say: (line) => process.stderr.write(`${line}\n`),
  });
  for (const name of chosen) await GROUPS[name]?.(bench);
  console.log(values.json ? JSON.stringify(plain(bench.figures), null, 2) : table(bench.figures));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
