// node scripts/run.mjs [--pulumi] FILE [arguments]: sets up, then runs a program of this repository, until Ctrl-C if it does not end.
// With --pulumi it gets the Pulumi CLI too. Standard output is the program's own.
import { bootstrap } from "./bootstrap.mjs";
import { passThrough } from "./lib/processes.mjs";
import { Problem, runMain } from "./lib/report.mjs";
import { withPulumi } from "./pulumi-cli.mjs";
import { root } from "./pulumi-env.mjs";

runMain(async () => {
  const args = process.argv.slice(2);
  const pulumi = args[0] === "--pulumi" && args.shift();
  if (!args[0]) throw new Problem("Give the file of the program, such as local-hub/dist/cli.js.");
  await bootstrap();
  const loader = args[0].endsWith(".ts") ? ["--import", "tsx"] : [];
  const env = pulumi ? await withPulumi() : process.env;
  return passThrough(process.execPath, [...loader, ...args], { cwd: root, env });
});
