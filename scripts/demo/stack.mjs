// Creates the demo's stack from a copy of the program, and runs the Pulumi CLI on it.
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { Problem } from "../lib/report.mjs";
import { pulumiEnv, root } from "../pulumi-env.mjs";
import { makeFolder, start } from "./processes.mjs";
import { COLORS, bold, engineWindow, indented, say } from "./screen.mjs";

/** @param {{ binDir: string, hub: import("./hub.mjs").Hub }} options */
export async function createStack({ binDir, hub }) {
  // Copy the program, so that the stack's files are deleted with the folder.
  const folder = makeFolder();
  cpSync(join(root, "examples", "demo"), folder, { recursive: true });
  const env = pulumiEnv({
    dir: join(folder, ".pulumi"),
    binDir,
    extra: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
  });

  /**
   * @param {string[]} args
   * @param {(line: string) => void} [onLine]
   */
  const run = (args, onLine) => {
    const options = ["--stack", "demo", "--non-interactive", "--color", COLORS ? "always" : "never"];
    return execute("pulumi", [...args, ...options], onLine);
  };

  /**
   * @param {string} command
   * @param {string[]} args
   * @param {(line: string) => void} [onLine]
   * @returns {Promise<{ code: number | null, output: string }>}
   */
  const execute = (command, args, onLine) =>
    new Promise((resolve, reject) => {
      const child = start(command, args, { cwd: folder, env });
      /** @type {string[]} */
      const lines = [];
      for (const input of [child.stdout, child.stderr]) {
        createInterface({ input }).on("line", (line) => {
          lines.push(line);
          onLine?.(line);
        });
      }
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, output: lines.join("\n") }));
    });

  /** Runs a command without printing its output, which may contain a secret. @param {string[]} args */
  const quietly = async (...args) => {
    const { code, output } = await run(args);
    if (code === 0) return output;
    throw new Problem(`pulumi ${args.slice(0, 2).join(" ")} exited with code ${code}.\n${output}`);
  };

  const certificate = await makeCertificate();
  writeFileSync(join(folder, "identity-provider.pem"), certificate);
  await quietly("stack", "init");
  await quietly("config", "set", "certificateFile", join(folder, "identity-provider.pem"));

  return {
    /** The identity provider's certificate, which the program reads. */
    certificate,

    /** Runs and prints a command; returns its output. @param {string} line @param {number} [expected] The exit code. */
    async pulumi(line, expected = 0) {
      const [operation = "", ...flags] = line.split(" ");
      say(`   ${bold(`$ pulumi ${line}`)}`);
      const unasked = operation === "preview" ? [] : ["--yes", "--skip-preview"];
      const args = [operation, ...flags, ...unasked, "--suppress-progress"];
      const { code, output } = await run(args, engineWindow());
      if (code !== expected) {
        throw new Problem(`pulumi ${line} exited with code ${code} instead of ${expected}.`);
      }
      return stripVTControlCharacters(output);
    },

    /** Runs and prints a command of the package `cli`; returns its output. @param {string} line @param {number} expected */
    async cli(line, expected) {
      say(`   ${bold(`$ pulumi-huggingface ${line}`)}`);
      const args = [join(root, "cli", "bin", "pulumi-huggingface.js"), ...line.split(" "), "--stack", "demo"];
      const { code, output } = await execute(process.execPath, args, indented);
      if (code === expected) return output;
      throw new Problem(`pulumi-huggingface ${line} exited with code ${code} instead of ${expected}.`);
    },

    /** @param {string} key @param {string} value */
    async configure(key, value) {
      await quietly("config", "set", key, value);
      say(`   ${bold(`$ pulumi config set ${key} ${value}`)}`);
    },

    outputs: async () => JSON.parse(await quietly("stack", "output", "--json", "--show-secrets")),
  };
}

async function makeCertificate() {
  const { generate } = await import("selfsigned");
  const name = [{ name: "commonName", value: "idp.acme.example" }];
  return (await generate(name, { algorithm: "sha256" })).cert;
}
