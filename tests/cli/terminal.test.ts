// What all commands have in common: help, colours, errors, and their behaviour on a real terminal.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { type Command } from "commander";
import { createProgram } from "../../cli/src/program";
import { wrapped } from "../../cli/src/terminal";
import { milliseconds } from "../../cli/src/duration";
import { CLI, cliEnvironment, runCli, runInProcess, startCli } from "../support/cli";
import { type Hub, startHub } from "../support/hub";

const ESCAPE = "\u001b[";
const NOWHERE = { endpoint: "http://127.0.0.1:1" };
const OWN = ["drift", "audit", "doctor", "adopt", "tokens", "members", "role", "whoami", "completion"];

describe("the command line", function () {
  this.timeout(20_000);
  let hub: Hub;
  before(async () => (hub = await startHub()));
  after(() => hub.close());
  const admin = () => ({ endpoint: hub.endpoint, token: hub.tokens.admin });

  it("runs as a command, and prints its version and help", async () => {
    const [version, help] = await Promise.all([runCli(["--version"], NOWHERE), runCli(["--help"], NOWHERE)]);
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
    assert.deepEqual([help.code, help.stderr], [0, ""]);
    for (const name of OWN) assert.match(help.stdout, new RegExp(`^  ${name} `, "m"));
  });

  for (const name of OWN) {
    it(`describes ${name} completely`, async () => {
      const { code, stdout } = await runInProcess([name, "--help"], NOWHERE, { columns: 80 });
      assert.equal(code, 0);
      const command = createProgram().commands.find((each) => each.name() === name) as Command;
      for (const argument of command.registeredArguments) assert.ok(argument.description, argument.name());
      for (const { long, description, argChoices, defaultValue } of command.options) {
        assert.ok(stdout.includes(long as string), long);
        assert.ok(description, long);
        if (argChoices) assert.match(stdout, /choices:/);
        if (defaultValue !== undefined) assert.match(stdout, /default:/);
      }
      assert.match(stdout, /^Exit codes:\s+0 [^]*\b1 /m);
      assert.match(stdout, new RegExp(`^Examples?:\\n {2}.*pulumi-huggingface ${name}`, "m"));
      assert.deepEqual(
        stdout.split("\n").filter((line) => line.length > 80),
        [],
      );
    });
  }

  it("uses colours on a terminal only, and not with NO_COLOR", async () => {
    const run = (options: object) => runInProcess(["doctor", "acme"], admin(), options);
    assert.ok((await run({ columns: 80 })).stdout.includes(`${ESCAPE}32m`));
    assert.ok(!(await run({ columns: 80, env: { NO_COLOR: "1" } })).stdout.includes(ESCAPE));
    assert.ok(!(await run({ columns: 80, env: { TERM: "dumb" } })).stdout.includes(ESCAPE));
    assert.ok(!(await run({})).stdout.includes(ESCAPE));
  });

  it("prints an error as one line without a stack", async () => {
    const results = await Promise.all([
      runCli(["audit", "acme"], { endpoint: "ftp://example.com", token: "hf_x" }),
      runCli(["role", "a/b"], { endpoint: hub.endpoint, token: "hf_x" }),
      runCli(["whoami", "--token-env", "NOT_SET"], NOWHERE),
    ]);
    for (const { code, stdout, stderr } of results) {
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /^error: .+\n$/);
      assert.doesNotMatch(stderr, / at .*\.js:/);
    }
  });

  it("suggests the right command for a misspelled one", async () => {
    const { code, stderr } = await runInProcess(["audot"], NOWHERE);
    assert.equal(code, 1);
    assert.match(stderr, /unknown command 'audot'\n\(Did you mean audit\?\)/);
  });

  const closes = process.platform === "win32" ? describe.skip : describe;
  closes("with a reader that ends early", () => {
    const run = async (args: string[], stream: "stdout" | "stderr", token = hub.tokens.read) => {
      const command = startCli(args, { endpoint: hub.endpoint, token });
      command.process[stream]?.destroy();
      return command.ended;
    };

    it("fails in a command that checks something, because its result was not read", async () => {
      for (const args of [
        ["role", "acme", "--at-least", "admin"],
        ["role", "acme"],
        ["doctor", "acme"],
      ]) {
        assert.equal((await run(args, "stdout")).code, 1, args.join(" "));
      }
    });

    it("succeeds in a command that prints a list", async () => {
      for (const args of [
        ["members", "acme"],
        ["audit", "acme"],
      ]) {
        assert.equal((await run(args, "stdout", hub.tokens.admin)).code, 0, args.join(" "));
      }
    });

    it("fails after an error that no one reads, and continues without messages", async () => {
      assert.equal((await run(["members", "no-such-organization"], "stderr")).code, 1);
      const { code, stdout } = await run(["tokens", "acme"], "stderr", hub.tokens.admin);
      assert.equal(code, 0);
      assert.match(stdout, /local hub admin/);
    });
  });

  (existsSync("/dev/full") ? it : it.skip)("fails with one line on a full disk", async () => {
    const child = spawn("sh", ["-c", '"$0" "$1" members acme > /dev/full', process.execPath, CLI], {
      env: cliEnvironment(admin()),
      stdio: ["ignore", "ignore", "pipe"],
    });
    let text = "";
    child.stderr.setEncoding("utf8").on("data", (part: string) => (text += part));
    const [code] = (await once(child, "close")) as [number];
    assert.equal(code, 1);
    assert.match(text, /^error: The result cannot be written: ENOSPC.*\n$/);
  });

  const hasScript = process.platform === "linux" && !spawnSync("script", ["--version"]).error;
  (hasScript ? it : it.skip)("fits into a real terminal, with colours", async () => {
    const command = `stty cols 80; exec "${process.execPath}" "${CLI}" tokens acme`;
    const child = spawn("script", ["-qec", command, "/dev/null"], {
      env: cliEnvironment(admin(), { TERM: "xterm" }),
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    const [code] = (await once(child, "close")) as [number];
    assert.equal(code, 0);
    assert.ok(output.includes(`${ESCAPE}1m`));
    assert.match(output, /may: write/);
    // eslint-disable-next-line no-control-regex -- the sequences of the terminal
    const lines = output.replace(/\u001b\[[\d;]*[a-zA-Z]/g, "").split(/\r?\n/);
    assert.deepEqual(
      lines.filter((line) => line.length > 80),
      [],
    );
  });

  (hasScript ? it : it.skip)("ends quietly after Ctrl-C at a question", async () => {
    const command = `exec "${process.execPath}" "${CLI}" adopt acme --out /nonexistent/program`;
    const child = spawn("script", ["-qec", command, "/dev/null"], {
      env: cliEnvironment(admin(), { TERM: "xterm" }),
      stdio: ["pipe", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (text.includes("What do you want to adopt?")) child.stdin.write("\u0003");
    });
    const [code] = (await once(child, "close")) as [number];
    assert.equal(code, 130);
    assert.match(output, /Nothing was written\.\s*$/);
    assert.doesNotMatch(output, /error/);
  });
});

describe("texts of the command line", () => {
  it("wraps a text between words, and long words after a separator", () => {
    assert.deepEqual(wrapped("one two three", 8), ["one two", "three"]);
    assert.deepEqual(wrapped("inference.serverless.write", 12), ["inference.", "serverless.", "write"]);
    assert.deepEqual(wrapped("abcdefgh", 3), ["abc", "def", "gh"]);
    assert.deepEqual(wrapped("", 3), [""]);
  });

  it("reads durations", () => {
    for (const [text, expected] of [
      ["30s", 30_000],
      ["30m", 1_800_000],
      ["12h", 43_200_000],
      ["7d", 604_800_000],
      ["2w", 1_209_600_000],
      ["7", undefined],
      ["-7d", undefined],
      ["7 d", undefined],
      ["1.5h", undefined],
    ] as const) {
      assert.equal(milliseconds(text), expected, text);
    }
  });
});
