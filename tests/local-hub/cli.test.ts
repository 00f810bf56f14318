import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { type AddressInfo } from "node:net";
import { expectStatus } from "./ask";
import { HUB_CLI, startHubProcess } from "../support/hub";

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [HUB_CLI, ...args], { encoding: "utf8", timeout: 15_000 });
}

/** The exit code after a signal. Windows has none: a signal ends the process like a kill. */
const CLEAN = process.platform === "win32" ? null : 0;

describe("local Hub: command line", () => {
  it("prints one line of JSON and nothing else, and logs without secrets to standard error", async () => {
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
    assert.match(hub.stderr(), /GET \/api\/whoami-v2 200/);
    assert.doesNotMatch(hub.stderr(), /hf_[A-Za-z0-9]{34}/);
  });

  it("ends cleanly on SIGINT, with connections open", async () => {
    const hub = await startHubProcess();
    await expectStatus(200, hub, "GET", "/api/whoami-v2");
    assert.equal(await hub.stop("SIGINT"), CLEAN);
  });

  it("takes its flags", async () => {
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
    it(`refuses ${args.join(" ")} with the reason`, () => {
      const { status, stdout, stderr } = run(...args);
      assert.equal(status, 1);
      assert.equal(stdout, "");
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });
  }

  it("says so when the port is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { status, stderr } = run("--port", String(port));
    assert.equal(status, 1);
    assert.match(stderr, /EADDRINUSE/);
    await new Promise((resolve) => server.close(resolve));
  });
});
