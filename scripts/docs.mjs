// npm run docs [-- --serve]: builds the documentation's site into the folder site. With --serve it then serves the site on this machine
// until Ctrl-C. DOCS_BASE is the path of the address that the site is for, such as /pulumi-huggingface/; DOCS_OUT is another folder.
import { join } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { withLock } from "./lib/lock.mjs";
import { capture, tail } from "./lib/processes.mjs";
import { Problem, runMain, step } from "./lib/report.mjs";
import { root, workDir } from "./pulumi-env.mjs";

const base = process.env.DOCS_BASE ?? "/";
const folder = process.env.DOCS_OUT ?? join(root, "site");

async function main() {
  if (!/^\/([^?#]*\/)?$/.test(base)) throw new Problem("DOCS_BASE has to begin and end with /.");
  await bootstrap();
  await withLock(join(workDir, "docs.lock"), "building the site", () => step("Building the site", build));
  console.log(`The site is in ${folder}`);
  if (!process.argv.includes("--serve")) {
    console.log("To look at it, run: npm run docs -- --serve");
    return;
  }
  const { serveFolder } = await import("./docs/server.mjs");
  const { address } = await serveFolder(folder, base);
  console.log(`Look at it: ${address} (Ctrl-C ends the server)`);
}

async function build() {
  const { writeReference } = await import("./docs/reference.mjs");
  await writeReference();
  const vitepress = join(root, "node_modules/vitepress/bin/vitepress.js");
  const args = [vitepress, "build", "docs", "--base", base, "--outDir", folder];
  const { code, output } = await capture(process.execPath, args, {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1" },
  });
  const withoutStack = output.replace(/^ +at .*\n/gm, "");
  if (code !== 0) throw new Problem(`VitePress failed:\n${tail(withoutStack)}`);
}

runMain(main);
