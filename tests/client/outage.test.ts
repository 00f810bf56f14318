// Covers the notices during an outage of the Hub, while the client retries.
import assert from "node:assert/strict";
import { silence, startScriptedServer } from "../support/scriptedServer";
import { quickClient } from "./quickClient";

describe("outage of the Hub", () => {
  const unreachable = "http://127.0.0.1:1";

  it("is announced once, after some seconds, with the remaining time of the retries", async () => {
    const { client, notices, waits } = quickClient(unreachable, { maxRetries: 5 });
    await assert.rejects(client.whoami(), /refused the connection/);
    assert.equal(waits.length, 5);
    assert.deepEqual(notices, [
      // After 1 s and 2 s, waits of 4 s, 8 s and 8 s remain.
      {
        severity: "warning",
        message: `the Hub at ${unreachable} refuses connections. Trying again for up to 20 s.`,
      },
    ]);
  });

  it("is announced once for all waiting requests", async () => {
    const { client, notices } = quickClient(unreachable, { maxRetries: 5 });
    await Promise.allSettled([
      client.listServiceAccounts("acme"),
      client.listServiceAccounts("globex"),
      client.getRepo("acme/llm"),
    ]);
    assert.equal(notices.length, 1);
  });

  it("is not announced if it is short or there are no retries", async () => {
    const short = quickClient(unreachable, { maxRetries: 1 });
    await assert.rejects(short.client.whoami());
    assert.deepEqual(short.notices, []);
    const never = quickClient(unreachable, { maxRetries: 0 });
    await assert.rejects(never.client.whoami());
    assert.deepEqual(never.notices, []);
  });

  it("is announced again if the Hub recovered in between, also for 503 answers", async () => {
    const trouble = Array.from({ length: 4 }, () => ({ status: 503 }));
    const server = await startScriptedServer(...trouble, { body: [] }, ...trouble, { body: [] });
    try {
      const { client, notices } = quickClient(server.endpoint, { maxRetries: 5 });
      await client.listServiceAccounts("acme");
      await client.listServiceAccounts("acme");
      assert.deepEqual(
        notices.map(({ message }) => message),
        Array(2).fill(`the Hub at ${server.endpoint} answers 503. Trying again for up to 20 s.`),
      );
    } finally {
      await server.close();
    }
  });

  it("is announced after the first timeout, with the time of all tries", async () => {
    const server = await startScriptedServer(silence);
    try {
      const { client, notices } = quickClient(server.endpoint, { maxRetries: 1, timeoutSeconds: 2 });
      await assert.rejects(client.whoami(), /no complete answer within 2 s/);
      assert.deepEqual(
        notices.map(({ message }) => message),
        [`the Hub at ${server.endpoint} does not answer in time. Trying again for up to 3 s.`],
      );
    } finally {
      await server.close();
    }
  });
});
