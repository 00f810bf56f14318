// npm run hub [-- arguments]: the local Hub alone, until Ctrl-C. Standard output is the Hub's own.
import { join } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { passThrough } from "./lib/processes.mjs";
import { runMain } from "./lib/report.mjs";
import { root } from "./pulumi-env.mjs";

runMain(async () => {
  await bootstrap();
  const cli = join(root, "local-hub", "dist", "cli.js");
  return passThrough(process.execPath, [cli, ...process.argv.slice(2)]);
});
