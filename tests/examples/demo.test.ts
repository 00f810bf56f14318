import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { request } from "../support/request";

const ROOT = join(__dirname, "../..");

/** What a demo has left in the folder for temporary data. Other demos may run at the same time. */
async function leftBy({ pid }: ChildProcess): Promise<string[]> {
  const names = await readdir(join(ROOT, ".work"));
  return names.filter((name) => name.startsWith(`demo-${pid}-`));
}

function startDemo(): { child: ChildProcess; text: () => string; waitFor(pattern: RegExp): Promise<string> } {
  const child = spawn(process.execPath, ["scripts/demo.mjs"], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  return {
    child,
    text: () => text,
    async waitFor(pattern) {
      for (;;) {
        const found = pattern.exec(text)?.[0];
        if (found !== undefined) return found;
        assert.equal(child.exitCode, null, text);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}

describe("npm run demo", function () {
  this.timeout(300_000);

  it("completes every step, shows no token, and leaves nothing behind", async () => {
    const demo = startDemo();
    const [code] = (await once(demo.child, "close")) as [number | null];
    assert.equal(code, 0, demo.text());
    assert.match(demo.text(), /All 10 steps succeeded/);
    assert.doesNotMatch(demo.text(), /hf_[A-Za-z0-9]{10}/);
    assert.deepEqual(await leftBy(demo.child), []);
  });

  it("stops everything that it started when it is interrupted", async () => {
    const demo = startDemo();
    const endpoint = await demo.waitFor(/http:\/\/127\.0\.0\.1:\d+/);
    await demo.waitFor(/\$ pulumi up/);
    assert.equal((await request(endpoint, "", "GET", "/")).status, 200);
    assert.equal((await leftBy(demo.child)).length, 1);
    demo.child.kill("SIGINT");
    const [code] = (await once(demo.child, "close")) as [number | null];
    assert.equal(code, 130, demo.text());
    await assert.rejects(request(endpoint, "", "GET", "/"));
    assert.deepEqual(await leftBy(demo.child), []);
  });
});
