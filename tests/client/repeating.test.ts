// Covers which requests are repeated, and the error after a change whose answer was lost.
import assert from "node:assert/strict";
import {
  resetBefore,
  resetDuring,
  type ScriptedServer,
  startScriptedServer,
  type Step,
} from "../support/scriptedServer";
import { CREATED, TOKENS } from "./answers";
import { failure } from "./failure";
import { type QuickClient, quickClient } from "./quickClient";

describe("retries", () => {
  let server: ScriptedServer;
  afterEach(() => server.close());

  const start = async (...steps: Step[]): Promise<QuickClient> => {
    server = await startScriptedServer(...steps);
    return quickClient(server.endpoint);
  };
  const create = ({ client }: QuickClient) => client.createToken({ name: "ci", role: "read" });

  const passing: [name: string, step: Step][] = [
    ...[408, 500, 502, 503, 504].map((status): [string, Step] => [
      String(status),
      { status, body: { error: "x" } },
    ]),
    ["a reset before the answer", resetBefore],
    ["a reset during the answer", resetDuring(200, "[")],
    [
      "a truncated chunked answer",
      (_request, response) => {
        response.writeHead(200);
        response.write("[", () => response.socket?.destroy());
      },
    ],
  ];
  for (const [name, step] of passing) {
    it(`repeat a read after ${name}`, async () => {
      const { client, waits } = await start(step, step, { body: TOKENS });
      assert.equal((await client.listTokens()).length, 1);
      assert.equal(server.requests.length, 3);
      assert.deepEqual(waits, [1000, 2000]);
    });

    it(`never repeat a creation after ${name}, and the error warns that it may have happened`, async () => {
      const error = await failure(create(await start(step, { status: 201, body: CREATED })));
      assert.equal(server.requests.length, 1);
      assert.equal(error.outcomeUnknown, true);
    });
  }

  it("repeat a creation after 429, because nothing has happened", async () => {
    const quick = await start(
      { status: 429, headers: { "Retry-After": "3" } },
      { status: 201, body: CREATED },
    );
    assert.equal((await create(quick)).token, CREATED.token);
    assert.equal(server.requests.length, 2);
  });

  it("repeat a creation if the connection was refused, because it did not happen", async () => {
    await start();
    await server.close();
    const quick = quickClient(server.endpoint, { maxRetries: 2 });
    const error = await failure(create(quick));
    assert.equal(error.code, "network");
    assert.equal(error.outcomeUnknown, false);
    assert.equal(quick.waits.length, 2);
    await start();
  });

  it('end with the outcome "not done" if the Hub refuses a creation', async () => {
    const error = await failure(create(await start({ status: 409, body: { error: "taken" } })));
    assert.equal(error.outcomeUnknown, false);
    assert.match(error.message, /already exists/);
  });

  for (const [name, body] of [
    ["HTML", "<html><title>x</title></html>"],
    ["truncated JSON", JSON.stringify(CREATED).slice(0, 40)],
    ["a body without the value", JSON.stringify({ ...CREATED, token: undefined })],
    ["empty", ""],
  ] as const) {
    it(`end with the outcome "unknown" if the answer to a creation is ${name}`, async () => {
      const error = await failure(create(await start({ status: 201, body })));
      assert.equal(error.code, "invalid_response");
      assert.equal(error.outcomeUnknown, true);
      assert.ok(!error.message.includes("NewToken"));
      assert.equal(server.requests.length, 1);
    });
  }

  it("remember that an earlier try may have carried out the change", async () => {
    const { client } = await start(resetBefore, { status: 403, body: { error: "no" } });
    const error = await failure(client.setRepoVisibility("acme/m", { private: true }));
    assert.equal(error.status, 403);
    assert.equal(error.outcomeUnknown, true);
  });

  it("treat 404 as success only if an earlier try may have deleted the object", async () => {
    const { client } = await start(resetBefore, { status: 404, body: { error: "gone" } });
    await client.revokeToken("ci");
    assert.equal(server.requests.length, 2);
    assert.equal((await failure(client.revokeToken("ci"))).status, 404);
  });

  it("end after five more tries and report the last failure", async () => {
    const { client, waits } = await start({
      status: 503,
      headers: { "X-Request-Id": "abc" },
      body: { error: "down" },
    });
    const error = await failure(client.listTokens());
    assert.equal(server.requests.length, 6);
    assert.deepEqual(waits, [1000, 2000, 4000, 8000, 8000]);
    assert.equal(error.requestId, "abc");
    assert.equal(error.retryable, true);
  });

  it("end after five more tries even if the longest allowed wait is shorter", async () => {
    await start({ status: 503, body: { error: "down" } });
    const { client, waits } = quickClient(server.endpoint, { maxWaitSeconds: 3 });
    await failure(client.listTokens());
    assert.deepEqual(waits, [1000, 2000, 3000, 3000, 3000]);
  });

  it("do not repeat a request that cannot succeed", async () => {
    const { client } = await start({ status: 403, body: { error: "no" } });
    const error = await failure(client.listTokens());
    assert.equal(server.requests.length, 1);
    assert.equal(error.retryable, false);
  });
});
