// Completion scripts, in the shells that this machine has.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { bashScript } from "../../cli/src/completion/bash";
import { fishScript } from "../../cli/src/completion/fish";
import { treeOf } from "../../cli/src/completion/tree";
import { zshScript } from "../../cli/src/completion/zsh";
import { createProgram } from "../../cli/src/program";
import { runInProcess } from "../support/cli";

const SHELLS = { bash: bashScript, zsh: zshScript, fish: fishScript };
/** Windows has a bash of its own, which does not know the paths of Node.js. */
const isInstalled = (shell: string): boolean =>
  process.platform !== "win32" && !spawnSync(shell, ["-c", "true"]).error;

/** A program with nested commands, paths, and descriptions with special characters. */
function otherProgram(): Command {
  const program = new Command("other-tool").description("A tool");
  const outer = program.command("outer").description('it\'s [an] "outer": command\nwith two lines');
  outer
    .command("inner <kind>")
    .description("inner command")
    .addOption(new Option("-c, --color <when>", "when's [that]: $HOME `id`").choices(["always", "never"]))
    .option("--out <file>", "file to write");
  return program;
}

const hasTmux = !spawnSync("tmux", ["-V"]).error;

describe("completion", () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), "completion-"))));
  after(() => rm(folder, { recursive: true, force: true }));

  const scriptFor = async (shell: keyof typeof SHELLS, program: Command): Promise<string> => {
    const file = join(folder, `${program.name()}.${shell}`);
    await writeFile(file, SHELLS[shell](treeOf(program)));
    return file;
  };

  it("prints the script of each shell, which has every command and every option", async () => {
    const program = createProgram();
    for (const shell of Object.keys(SHELLS)) {
      const { code, stdout, stderr } = await runInProcess(["completion", shell], {
        endpoint: "http://127.0.0.1:1",
      });
      assert.deepEqual([code, stderr], [0, ""]);
      for (const command of program.commands) {
        assert.ok(stdout.includes(command.name()), `${shell}: ${command.name()}`);
        for (const { long } of command.options) {
          const name = shell === "fish" ? `-l ${long?.slice(2)}` : (long as string);
          assert.ok(stdout.includes(name), `${shell}: ${command.name()} ${name}`);
        }
      }
    }
    const { code, stderr } = await runInProcess(["completion", "csh"], { endpoint: "http://127.0.0.1:1" });
    assert.equal(code, 1);
    assert.match(stderr, /Allowed choices are bash, zsh, fish/);
  });

  (isInstalled("bash") ? describe : describe.skip)("in bash", () => {
    async function complete(words: string[], program = createProgram()): Promise<string[]> {
      const file = await scriptFor("bash", program);
      const name = `_${program.name().replace(/\W/g, "_")}`;
      const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); ${name}; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { status, stdout, stderr } = spawnSync(
        "bash",
        ["--norc", "-c", script, "bash", file, program.name(), ...words],
        { encoding: "utf8", cwd: folder },
      );
      assert.deepEqual([status, stderr], [0, ""]);
      return stdout.split("\n").filter(Boolean);
    }

    it("completes commands, options and their values", async () => {
      assert.deepEqual(await complete(["au"]), ["audit"]);
      assert.deepEqual(await complete(["completion", ""]), ["bash", "zsh", "fish"]);
      assert.deepEqual(await complete(["audit", "acme", "--fo"]), ["--format", "--follow"]);
      assert.deepEqual(await complete(["audit", "--format", ""]), ["table", "jsonl", "csv"]);
      assert.deepEqual(await complete(["audit", "--format", "=", "j"]), ["jsonl"]);
      assert.deepEqual(await complete(["audit", "--format", "="]), ["table", "jsonl", "csv"]);
      assert.deepEqual(await complete(["role", "acme", "--at-least", "w"]), ["write"]);
      assert.deepEqual(await complete(["help", "do"]), ["doctor"]);
      // The value of an option is not a command.
      assert.deepEqual(await complete(["audit", "--user", "role", "--at"]), []);
      assert.deepEqual(await complete(["audit", "--user", ""]), []);
    });

    it("completes nested commands and files", async () => {
      const program = otherProgram();
      assert.deepEqual(await complete(["outer", ""], program), ["inner", "help"]);
      assert.deepEqual(await complete(["outer", "inner", "x", "-"], program), [
        "-c",
        "--color",
        "--out",
        "-h",
        "--help",
      ]);
      assert.deepEqual(await complete(["outer", "inner", "-c", "a"], program), ["always"]);
      assert.deepEqual(await complete(["outer", "inner", "--out", "other-tool.b"], program), [
        "other-tool.bash",
      ]);
    });
  });

  (isInstalled("fish") ? describe : describe.skip)("in fish", () => {
    async function complete(line: string, program = createProgram()): Promise<string[]> {
      const file = await scriptFor("fish", program);
      const { status, stdout, stderr } = spawnSync(
        "fish",
        ["--no-config", "-c", `source ${file}; complete -C '${program.name()} ${line}'`],
        { encoding: "utf8", cwd: folder, env: { ...process.env, HOME: folder } },
      );
      assert.deepEqual([status, stderr], [0, ""]);
      return stdout.split("\n").flatMap((each) => (each ? [each.split("\t")[0] as string] : []));
    }

    it("completes commands, options, values and nested commands", async () => {
      assert.deepEqual(await complete("au"), ["audit"]);
      assert.deepEqual(await complete("audit acme --fo"), ["--follow", "--format"]);
      assert.deepEqual(await complete("audit --format "), ["csv", "jsonl", "table"]);
      assert.deepEqual(await complete("completion "), ["bash", "fish", "zsh"]);
      const program = otherProgram();
      assert.deepEqual(await complete("outer in", program), ["inner"]);
      assert.deepEqual(await complete("outer inner --color ", program), ["always", "never"]);
      assert.deepEqual(await complete("outer inner --out other-tool.f", program), ["other-tool.fish"]);
    });
  });

  (isInstalled("zsh") ? describe : describe.skip)("in zsh", function () {
    this.timeout(20_000);

    it("has valid syntax", async () => {
      for (const program of [createProgram(), otherProgram()]) {
        const { status, stderr } = spawnSync("zsh", ["-n", await scriptFor("zsh", program)], {
          encoding: "utf8",
        });
        assert.deepEqual([status, stderr], [0, ""]);
      }
    });

    (hasTmux ? it : it.skip)("completes commands, options and values on a terminal", async () => {
      const file = await scriptFor("zsh", createProgram());
      const socket = join(folder, "tmux");
      const tmux = (...args: string[]) => spawnSync("tmux", ["-S", socket, ...args], { encoding: "utf8" });
      const shows = async (text: RegExp): Promise<void> => {
        for (let tries = 0; tries < 100; tries++) {
          if (text.test(tmux("capture-pane", "-p").stdout)) return;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        assert.fail(tmux("capture-pane", "-p").stdout);
      };
      tmux("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", "zsh -f");
      try {
        tmux("send-keys", `autoload -Uz compinit; compinit -u -D; source ${file}; print read''y`, "Enter");
        await shows(/^ready$/m);
        tmux("send-keys", "pulumi-huggingface aud", "Tab", "acme --form", "Tab", "js", "Tab");
        await shows(/pulumi-huggingface audit acme --format[ =]jsonl/);
      } finally {
        tmux("kill-server");
      }
    });
  });
});
