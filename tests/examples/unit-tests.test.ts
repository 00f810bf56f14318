import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { type AddressInfo, createServer } from "node:net";
import { EXAMPLES, runExample } from "../support/example";

describe("example unit-tests", function () {
  this.timeout(120_000);

  it("passes its own tests without any connection", async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const child = spawn("npm", ["test", "--silent", "--", "--reporter", "json"], {
      cwd: EXAMPLES,
      env: { ...process.env, HF_ENDPOINT: `http://127.0.0.1:${port}`, HF_TOKEN: `hf_${"d".repeat(34)}` },
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise((resolve) => child.once("close", resolve));
    server.close();
    assert.equal(code, 0, output);
    const { stats } = JSON.parse(output) as { stats: { passes: number; pending: number } };
    assert.deepEqual({ passes: stats.passes, pending: stats.pending }, { passes: 3, pending: 0 });
    assert.equal(connections, 0);
  });

  it("is a program that works on a Hub", () =>
    runExample("unit-tests", {
      afterUp: (hub, { permissions, readable }) => {
        assert.deepEqual(permissions, ["repo.content.read"]);
        assert.ok((readable as string[]).includes("acme/llm-private"));
        assert.ok(hub.store.serviceAccountsOf("acme").some(({ name }) => name === "evaluation"));
      },
      afterDestroy: (hub) => {
        assert.ok(!hub.store.serviceAccountsOf("acme").some(({ name }) => name === "evaluation"));
      },
    }));
});
