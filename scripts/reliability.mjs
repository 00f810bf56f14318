// npm run reliability [-- FILES and options of mocha]: runs the long tests, which take hours. They are tests/reliability with every
// combination and sixty kills at each point, and tests/laws with a million steps of random histories. RELIABILITY_KILLS and
// RELIABILITY_WIDTH set the number of kills and how much each of them interrupts; LAWS_STEPS and LAWS_SEED set the steps and their seed.
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
