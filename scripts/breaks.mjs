// npm run breaks [-- words]: breaks the code on purpose, one property at a time, in a copy, and looks whether a test notices.
// Words choose among the breaks by what they are about: `npm run breaks -- "lost answers"`. See docs/reliability.md.
import { join } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { passThrough } from "./lib/processes.mjs";
import { runMain } from "./lib/report.mjs";
import { root } from "./pulumi-env.mjs";

runMain(async () => {
  await bootstrap();
  const main = join(root, "tests", "breaks", "main.ts");
  return passThrough(process.execPath, ["--import", "tsx", main, ...process.argv.slice(2)], { cwd: root });
});
