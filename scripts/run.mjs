// node scripts/run.mjs [--pulumi] FILE [arguments]: prepares the repository, then runs one of its programs. With --pulumi, it also
// puts the Pulumi CLI on PATH. Standard output contains only the program's output.
import { bootstrap } from "./bootstrap.mjs";
import { passThrough } from "./lib/processes.mjs";
import { Problem, runMain } from "./lib/report.mjs";
import { withPulumi } from "./pulumi-cli.mjs";
import { root } from "./pulumi-env.mjs";

runMain(async () => {
  const args = process.argv.slice(2);
  const pulumi = args[0] === "--pulumi" && args.shift();
  if (!args[0]) throw new Problem("Usage: node scripts/run.mjs [--pulumi] FILE [arguments]");
  await bootstrap();
  const loader = args[0].endsWith(".ts") ? ["--import", "tsx"] : [];
  const env = pulumi ? await withPulumi() : process.env;
  return passThrough(process.execPath, [...loader, ...args], { cwd: root, env });
});
