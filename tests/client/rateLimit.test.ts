import assert from "node:assert/strict";
import { type ScriptedServer, startScriptedServer } from "../support/scriptedServer";
import { TOKENS } from "./answers";
import { failure } from "./failure";
import { quickClient } from "./quickClient";

describe("the Hub's rate limit", () => {
  let server: ScriptedServer;
  afterEach(() => server.close());

  const limits: [name: string, headers: Record<string, string>][] = [
    ["RateLimit", { RateLimit: '"api";r=0;t=41', "RateLimit-Policy": '"fixed window";"api";q=500;w=300' }],
    ["Retry-After", { "Retry-After": "41" }],
  ];
  for (const [name, headers] of limits) {
    it(`is obeyed after a refusal with ${name}, and announced`, async () => {
      server = await startScriptedServer({ status: 429, headers }, { body: TOKENS });
      const { client, waits, notices } = quickClient(server.endpoint);
      await client.listTokens();
      const total = waits.reduce((sum, ms) => sum + ms, 0);
      assert.ok(total >= 41_000 && total < 46_000, String(total));
      assert.equal(notices.length, 1);
      assert.match(notices[0]?.message ?? "", /^rate limited, resuming in \d+ s$/);
    });

    it(`is not waited for longer than the user allows after a refusal with ${name}`, async () => {
      server = await startScriptedServer({ status: 429, headers }, { body: TOKENS });
      const { client, waits } = quickClient(server.endpoint, { maxWaitSeconds: 20 });
      const error = await failure(client.listTokens());
      assert.deepEqual(waits, []);
      assert.equal(server.requests.length, 1);
      assert.equal(error.status, 429);
      assert.equal(error.code, "rate_limited");
      assert.equal(error.retryable, true);
      assert.match(error.message, /asks to wait 42 s.*maxWaitSeconds \(20 now\)/s);
    });
  }

  it("is not waited for longer than the user allows if it is known to be used up", async () => {
    server = await startScriptedServer({ headers: { RateLimit: '"api";r=0;t=30' }, body: TOKENS });
    const { client, waits } = quickClient(server.endpoint, { maxWaitSeconds: 1 });
    await client.listTokens();
    const error = await failure(client.listTokens());
    assert.deepEqual(waits, []);
    assert.equal(server.requests.length, 1);
    assert.equal(error.code, "rate_limited");
    assert.equal(error.retryable, true);
    assert.match(error.message, /used up for another 3\d s.*maxWaitSeconds \(1 now\)/s);
  });

  it("holds requests back if the Hub has said that none is left", async () => {
    server = await startScriptedServer(
      { headers: { RateLimit: '"api";r=0;t=30' }, body: TOKENS },
      { body: TOKENS },
    );
    const { client, waits } = quickClient(server.endpoint);
    await client.listTokens();
    assert.deepEqual(waits, []);
    await Promise.all([client.listTokens(), client.listTokens()]);
    // What follows the wait begins gently.
    assert.ok((waits[0] ?? 0) >= 30_000 && waits.slice(1).every((ms) => ms < 1000 || ms >= 30_000));
  });

  it("is not waited for longer than a window if the user says nothing", async () => {
    server = await startScriptedServer({ status: 429, headers: { "Retry-After": "3600" } });
    const { client, waits } = quickClient(server.endpoint);
    const error = await failure(client.listTokens());
    assert.deepEqual(waits, []);
    assert.match(error.message, /asks to wait 3601 s.*maxWaitSeconds \(310 now\)/s);
  });
});
