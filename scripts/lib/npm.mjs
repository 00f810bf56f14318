import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { which } from "./processes.mjs";
import { Problem } from "./report.mjs";

/**
 * Returns the command that runs npm, and its first arguments.
 *
 * @returns {[string, ...string[]]}
 */
export function npm() {
  // The npm that runs this script. On Windows, otherwise the npm-cli.js from the Node.js installer, because npm.cmd needs a shell.
  const scripts = [process.env.npm_execpath];
  if (process.platform === "win32") {
    scripts.push(join(dirname(process.execPath), "node_modules", "npm", "bin", "npm-cli.js"));
  }
  const script = scripts.find((file) => file?.endsWith("npm-cli.js") && existsSync(file));
  if (script) return [process.execPath, script];
  const found = which("npm");
  if (!found) throw new Problem("npm is not on PATH. Install Node.js, which includes npm.");
  return [found];
}
