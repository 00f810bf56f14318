import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { type AddressInfo } from "node:net";
import { shellLines } from "huggingface-local-hub/dist/shell.js";
import { expectStatus } from "./ask";
import { HUB_CLI, startHubProcess } from "../support/hub";

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [HUB_CLI, ...args], { encoding: "utf8", timeout: 15_000 });
}

/** The exit code after a signal. Windows has no signals: the process is killed instead. */
const CLEAN = process.platform === "win32" ? null : 0;

describe("local Hub: command line", () => {
  it("prints one line of JSON to standard output, and logs without secrets to standard error", async () => {
    const hub = await startHubProcess();
    await expectStatus(200, hub, "GET", "/api/whoami-v2");
    await expectStatus(200, hub, "GET", "/api/whoami-v2", { token: hub.tokens.outsider });
    assert.equal(await hub.stop(), CLEAN);
    const lines = hub.stdout().split("\n");
    assert.equal(lines.length, 2);
    assert.equal(lines[1], "");
    const line = JSON.parse(lines[0] ?? "") as { endpoint: string; tokens: Record<string, string> };
    assert.deepEqual(Object.keys(line), ["endpoint", "tokens"]);
    assert.match(line.endpoint, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.deepEqual(Object.keys(line.tokens), ["admin", "write", "contributor", "read", "outsider"]);
    for (const token of Object.values(line.tokens)) assert.match(token, /^hf_[A-Za-z0-9]{34}$/);
    const [greeting = "", log = ""] = hub.stderr().split(`In your browser: ${line.endpoint}/\n`);
    assert.match(greeting, /^export HF_TOKEN=/m);
    assert.match(log, /GET \/api\/whoami-v2 200/);
    assert.doesNotMatch(log, /hf_[A-Za-z0-9]{34}/);
  });

  it("prints the shell lines that configure other programs for it to standard error", async function () {
    if (process.platform === "win32") return this.skip();
    const hub = await startHubProcess();
    try {
      await expectStatus(200, hub, "GET", "/api/whoami-v2");
      const { endpoint } = JSON.parse(hub.stdout()) as { endpoint: string };
      const exports = hub.stderr().match(/^export .*$/gm) ?? [];
      assert.deepEqual(exports, [`export HF_ENDPOINT=${endpoint}`, `export HF_TOKEN=${hub.tokens.admin}`]);
      const shell = spawnSync("sh", ["-c", `${exports.join("\n")}\nenv`], { encoding: "utf8" });
      assert.match(shell.stdout, new RegExp(`^HF_ENDPOINT=${endpoint}$`, "m"));
      assert.match(shell.stdout, new RegExp(`^HF_TOKEN=${hub.tokens.admin}$`, "m"));
    } finally {
      await hub.stop();
    }
  });

  it("escapes CI pipeline commands in a logged path", async () => {
    const hub = await startHubProcess();
    const path = "/##[add-mask]a/##vso[task.complete]b";
    const socket = connect(Number(new URL(hub.endpoint).port), "127.0.0.1");
    socket.end(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    await once(socket.resume(), "close");
    await hub.stop();
    assert.match(hub.stderr(), /^GET \/# #\[add-mask\]a\/# #vso\[task\.complete\]b 200$/m);
    assert.doesNotMatch(hub.stderr(), /##/);
  });

  it("prints PowerShell lines on Windows", () => {
    const tokens = { admin: "hf_a", write: "", contributor: "", read: "", outsider: "" };
    assert.deepEqual(shellLines({ endpoint: "http://127.0.0.1:1", tokens }, "win32"), [
      '$env:HF_ENDPOINT = "http://127.0.0.1:1"',
      '$env:HF_TOKEN = "hf_a"',
    ]);
  });

  it("exits cleanly on SIGINT with open connections", async () => {
    const hub = await startHubProcess();
    await expectStatus(200, hub, "GET", "/api/whoami-v2");
    assert.equal(await hub.stop("SIGINT"), CLEAN);
  });

  it("applies its flags", async () => {
    const hub = await startHubProcess({ profile: "public", latency: 300, rateLimit: 1 });
    try {
      const started = Date.now();
      await expectStatus(200, hub, "GET", "/api/whoami-v2");
      assert.ok(Date.now() - started >= 290);
      await expectStatus(429, hub, "GET", "/api/whoami-v2");
      await expectStatus(404, hub, "GET", "/api/settings/tokens");
    } finally {
      await hub.stop();
    }
  });

  for (const [args, message] of [
    [["--port", "70000"], /whole number from 0 to 65535/],
    [["--latency", "-1"], /whole number from 0 to 600000/],
    [["--rate-limit", "0"], /whole number from 1 to/],
    [["--profile", "private"], /Allowed choices are extended, public/],
    [["--verbose"], /unknown option '--verbose'/],
    [["something"], /too many arguments/],
    [["--seed", "/nowhere/seed.json"], /cannot be read \(ENOENT\)/],
  ] as const) {
    it(`refuses ${args.join(" ")} and prints the reason`, () => {
      const { status, stdout, stderr } = run(...args);
      assert.equal(status, 1);
      assert.equal(stdout, "");
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });
  }

  it("fails with EADDRINUSE if the port is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { status, stderr } = run("--port", String(port));
    assert.equal(status, 1);
    assert.match(stderr, /EADDRINUSE/);
    await new Promise((resolve) => server.close(resolve));
  });
});
