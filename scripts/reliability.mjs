// npm run reliability [-- files and options of mocha]: the tests of tests/reliability, every combination of them and sixty kills
// at each point, and a million steps of random histories in tests/laws. Takes hours. RELIABILITY_KILLS and RELIABILITY_WIDTH set the
// kills' number and how much each interrupts; LAWS_STEPS and LAWS_SEED set the steps and their seed.
import { join } from "node:path";
import { passThrough } from "./lib/processes.mjs";
import { runMain } from "./lib/report.mjs";
import { root } from "./pulumi-env.mjs";

runMain(async () => {
  const args = process.argv.slice(2);
  const files = args.some((arg) => arg.endsWith(".ts"))
    ? []
    : ["reliability", "laws"].map((folder) => join("tests", folder));
  return passThrough(process.execPath, [join(root, "scripts", "test.mjs"), ...files, ...args], {
    cwd: root,
    env: { ...process.env, RELIABILITY: "full" },
  });
});
