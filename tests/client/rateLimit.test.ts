import assert from "node:assert/strict";
import { type ScriptedServer, startScriptedServer } from "../support/scriptedServer";
import { TOKENS } from "./answers";
import { failure } from "./failure";
import { quickClient } from "./quickClient";

describe("rate limit of the Hub", () => {
  let server: ScriptedServer;
  afterEach(() => server.close());

  const limits: [name: string, headers: Record<string, string>][] = [
    ["RateLimit", { RateLimit: '"api";r=0;t=41', "RateLimit-Policy": '"fixed window";"api";q=500;w=300' }],
    ["Retry-After", { "Retry-After": "41" }],
  ];
  for (const [name, headers] of limits) {
    it(`makes the client wait and announce it after a refusal with ${name}`, async () => {
      server = await startScriptedServer({ status: 429, headers }, { body: TOKENS });
      const { client, waits, notices } = quickClient(server.endpoint);
      await client.listTokens();
      const total = waits.reduce((sum, ms) => sum + ms, 0);
      assert.ok(total >= 41_000 && total < 46_000, String(total));
      assert.equal(notices.length, 1);
      assert.match(notices[0]?.message ?? "", /^rate limited, resuming in \d+ s$/);
    });

    it(`makes the client give up after a refusal with ${name} if the wait exceeds the user's limit`, async () => {
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

  it("makes the client give up if it is used up and the wait exceeds the user's limit", async () => {
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

  it("delays requests if the Hub has reported that none are left", async () => {
    server = await startScriptedServer(
      { headers: { RateLimit: '"api";r=0;t=30' }, body: TOKENS },
      { body: TOKENS },
    );
    const { client, waits } = quickClient(server.endpoint);
    await client.listTokens();
    assert.deepEqual(waits, []);
    await Promise.all([client.listTokens(), client.listTokens()]);
    // The requests after the wait start slowly.
    assert.ok((waits[0] ?? 0) >= 30_000 && waits.slice(1).every((ms) => ms < 1000 || ms >= 30_000));
  });

  it("never makes the client wait longer than one window without a user limit", async () => {
    server = await startScriptedServer({ status: 429, headers: { "Retry-After": "3600" } });
    const { client, waits } = quickClient(server.endpoint);
    const error = await failure(client.listTokens());
    assert.deepEqual(waits, []);
    assert.match(error.message, /asks to wait 3601 s.*maxWaitSeconds \(310 now\)/s);
  });
});
