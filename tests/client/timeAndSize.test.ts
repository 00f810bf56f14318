// The limits for the time and the size of an answer, and the effect of the caller's signal.
import assert from "node:assert/strict";
import { once } from "node:events";
import * as net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { HubClient } from "../../provider/src/client/hubClient";
import { drip, type ScriptedServer, silence, startScriptedServer } from "../support/scriptedServer";
import { TOKENS } from "./answers";
import { failure } from "./failure";
import { quickClient, TOKEN } from "./quickClient";

describe("limits on time and size", () => {
  let server: ScriptedServer;
  afterEach(() => server.close());

  it("end the wait for an answer", async () => {
    server = await startScriptedServer(silence);
    const started = performance.now();
    const { client } = quickClient(server.endpoint, { timeoutSeconds: 0.1, maxRetries: 1 });
    const error = await failure(client.listTokens());
    assert.equal(error.code, "timeout");
    assert.equal(server.requests.length, 2);
    assert.ok(performance.now() - started < 2000);
  });

  it("end an answer that arrives byte by byte", async () => {
    server = await startScriptedServer(drip(20));
    const error = await failure(
      quickClient(server.endpoint, { timeoutSeconds: 0.2, maxRetries: 0 }).client.listTokens(),
    );
    assert.equal(error.code, "timeout");
  });

  it("end the wait for a TLS handshake that never starts", async () => {
    server = await startScriptedServer();
    const mute = net.createServer(() => {}).listen(0, "127.0.0.1");
    await once(mute, "listening");
    const { port } = mute.address() as net.AddressInfo;
    const { client } = quickClient(`https://127.0.0.1:${port}`, { timeoutSeconds: 0.1, maxRetries: 0 });
    const error = await failure(client.createToken({ name: "ci", role: "read" }));
    assert.equal(error.code, "timeout");
    assert.match(error.message, /could not be reached within 0.1 s/);
    assert.equal(error.outcomeUnknown, false);
    client.close();
    mute.close();
  });

  it("stop reading an endless body", async () => {
    let sent = 0;
    server = await startScriptedServer((_request, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write("x".repeat(65_536))) sent += 65_536;
      };
      response.on("drain", more);
      more();
    });
    const { client } = quickClient(server.endpoint, { maxBodyBytes: 1_000_000 });
    const error = await failure(client.listTokens());
    assert.equal(error.code, "too_large");
    assert.ok(sent < 30_000_000);
    assert.equal(server.requests.length, 1);
  });

  it("stop decompressing a bomb", async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000, " "));
    assert.ok(bomb.length < 200_000);
    server = await startScriptedServer({ headers: { "Content-Encoding": "gzip" }, body: bomb });
    const before = process.memoryUsage().rss;
    const error = await failure(
      quickClient(server.endpoint, { maxBodyBytes: 1_000_000 }).client.listTokens(),
    );
    assert.equal(error.code, "too_large");
    assert.ok(process.memoryUsage().rss - before < 60_000_000);
  });

  it("stop decompressing a bomb in a refusal, and still report the status", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, " "));
    server = await startScriptedServer({
      status: 403,
      headers: { "Content-Encoding": "gzip" },
      body: bomb,
    });
    assert.equal((await failure(quickClient(server.endpoint).client.listTokens())).status, 403);
  });

  it("allow compressed answers", async () => {
    server = await startScriptedServer({
      headers: { "Content-Encoding": "gzip" },
      body: gzipSync(JSON.stringify(TOKENS)),
    });
    assert.equal((await quickClient(server.endpoint).client.listTokens()).length, 1);
  });

  it("refuse interrupted gzip, and an encoding that was not requested", async () => {
    const cut = gzipSync(JSON.stringify(TOKENS)).subarray(0, 40);
    server = await startScriptedServer(
      { headers: { "Content-Encoding": "gzip" }, body: cut },
      { headers: { "Content-Encoding": "rot13" }, body: TOKENS },
    );
    const { client } = quickClient(server.endpoint, { maxRetries: 0 });
    await failure(client.listTokens());
    assert.equal((await failure(client.listTokens())).code, "invalid_response");
  });

  it("end the request immediately when the caller's signal aborts, and nothing more is sent", async () => {
    server = await startScriptedServer(silence);
    const abort = new AbortController();
    const { client } = quickClient(server.endpoint, { signal: abort.signal, timeoutSeconds: 30 });
    const pending = failure(client.listTokens());
    // On a busy machine, the request may take a while to arrive.
    while (server.requests.length === 0) await sleep(10);
    abort.abort();
    assert.equal((await pending).code, "aborted");
    assert.equal(server.requests.length, 1);
    assert.equal((await failure(client.listTokens())).code, "aborted");
    assert.equal(server.requests.length, 1);
  });

  it("end a wait between tries when the caller's signal aborts", async () => {
    server = await startScriptedServer({ status: 429, headers: { "Retry-After": "200" } });
    const abort = new AbortController();
    const client = new HubClient({ endpoint: server.endpoint, token: TOKEN, signal: abort.signal });
    const pending = failure(client.listTokens());
    setTimeout(() => abort.abort(), 100);
    assert.equal((await pending).code, "aborted");
  });
});
