// npm run contract [-- --openapi FILE|URL] [--without-python]: sets up, gets the Pulumi CLI, and checks the project against the
// Hub's OpenAPI document.
import { delimiter, join } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { passThrough } from "./lib/processes.mjs";
import { runMain, say } from "./lib/report.mjs";
import { ensurePulumi } from "./pulumi-cli.mjs";
import { root } from "./pulumi-env.mjs";

runMain(async () => {
  await bootstrap();
  const { binDir, version, how } = await ensurePulumi();
  say(`Pulumi CLI ${version}, ${how}`);
  const main = join(root, "tests", "contract", "main.ts");
  return passThrough(process.execPath, ["--import", "tsx", main, ...process.argv.slice(2)], {
    cwd: root,
    env: { ...process.env, PATH: [binDir, process.env.PATH].filter(Boolean).join(delimiter) },
  });
});
