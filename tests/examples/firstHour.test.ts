// Runs the README's "Your first program" word for word in a fresh copy of the repository, like a new user.
import assert from "node:assert/strict";
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { promisify } from "node:util";
import { blocks } from "../docs/documents";

const run = promisify(execFile);
const ROOT = join(__dirname, "../..");
/** Not copied: files that git ignores (except the build), and the modules, which are linked. */
const NOT_COPIED = new Set([".git", ".work", "node_modules", "packed"]);

describe("first program of the README", function () {
  this.timeout(600_000);
  let parent: string;
  let copy: string;

  before(async () => {
    parent = await mkdtemp(join(tmpdir(), "first-hour-"));
    copy = join(parent, "pulumi-huggingface");
    const filter = (path: string): boolean => !NOT_COPIED.has(basename(path));
    await cp(ROOT, copy, { recursive: true, preserveTimestamps: true, filter });
    for (const folder of ["", "provider", "local-hub", "cli", "examples", "tests"]) {
      const modules = join(folder, "node_modules");
      await symlink(join(ROOT, modules), join(copy, modules)).catch(() => undefined);
    }
  });
  after(() => rm(parent, { recursive: true, force: true }));

  for (const manager of ["npm", "pnpm"] as const) {
    it(`ends with a reverted drift, with ${manager}`, async () => {
      const { program, pulumiYaml, build, install, firstUp, drift } = await readFirstProgram();
      await writeFile(join(parent, "index.ts"), program);
      await writeFile(join(parent, "Pulumi.yaml"), pulumiYaml);
      const [pack = "", serve = ""] = build.split("\n");
      await shell(pack, copy);
      const hub = await startedBy(serve);
      try {
        const saved = `cp "${parent}/index.ts" "${parent}/Pulumi.yaml" .`;
        const terminal = [hub.exports, withManager(install, manager), saved, firstUp, drift];
        const shown = await shell(terminal.join("\n"), copy);
        assert.match(shown, /\+ 5 created/);
        assert.match(shown, /yourRole\s*: "admin"/);
        assert.match(shown, /visibility\s*: "public" => "private"/);
        assert.match(shown, /~ 1 updated/);
      } finally {
        await hub.stop();
        await rm(join(parent, "my-organization"), { recursive: true, force: true });
      }
    });
  }

  /** Runs lines in a shell that stops at the first failure, and returns all output. */
  async function shell(lines: string, cwd: string): Promise<string> {
    const { stdout, stderr } = await run("bash", ["-euc", lines], {
      cwd,
      env: environment(parent),
      maxBuffer: 1 << 26,
    });
    return stdout + stderr;
  }

  /** Starts the Hub with the README's own command, and waits for the lines to copy. */
  async function startedBy(command: string): Promise<{ exports: string; stop(): Promise<void> }> {
    const child = spawn("bash", ["-euc", command], { cwd: copy, env: environment(parent), detached: true });
    const exports = await new Promise<string>((resolve, reject) => {
      let text = "";
      child.stderr.setEncoding("utf8").on("data", (more: string) => {
        text += more;
        const lines = text.match(/^export HF_(?:ENDPOINT|TOKEN)=\S+$/gm) ?? [];
        if (lines.length === 2) resolve(lines.join("\n"));
      });
      child.once("exit", () => reject(new Error(`${command} ended: ${text}`)));
    });
    return { exports, stop: () => ended(child) };
  }
});

async function ended(child: ChildProcess): Promise<void> {
  const end = new Promise((resolve) => child.once("exit", resolve));
  // The whole process group: npm, its shell, and the Hub.
  process.kill(-(child.pid as number), "SIGTERM");
  await end;
}

/** The environment of a user, without the variables of this machine's tests and Hub tools. */
function environment(home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(HF_|HUGGING|PULUMI_|npm_)/.test(name));
  return {
    ...Object.fromEntries(kept),
    PATH: [join(ROOT, "node_modules/.bin"), process.env["PATH"]].join(delimiter),
    PULUMI_HOME: join(home, "pulumi-home"),
    // Replaces the person who confirms.
    PULUMI_SKIP_CONFIRMATIONS: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

async function readFirstProgram(): Promise<
  Record<"program" | "pulumiYaml" | "build" | "install" | "firstUp" | "drift", string>
> {
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  const [program = ""] = blocks(readme, "ts");
  const section = /^## Your first program\n([\s\S]*?)^## /m.exec(readme)?.[1] ?? "";
  const [pulumiYaml = ""] = blocks(section, "yaml");
  const commands = blocks(section, "sh");
  assert.equal(commands.length, 4);
  const [build, install, firstUp, drift] = commands as [string, string, string, string];
  return { program, pulumiYaml, build, install, firstUp, drift };
}

/** The install line in the README for each package manager. */
function withManager(install: string, manager: "npm" | "pnpm"): string {
  if (manager === "npm") return install;
  const line = /^npm install .*# or: (pnpm add .*)$/m;
  assert.match(install, line);
  return install.replace(line, "$1");
}
