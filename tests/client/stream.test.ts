// The audit log as a stream: how early it starts, what it contains, and that it stops when the reader stops.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { type AuditLogEntry } from "../../provider/src/client/types";
import { type ScriptedServer, silence, startScriptedServer, type Step } from "../support/scriptedServer";
import { failure } from "./failure";
import { quickClient } from "./quickClient";

const event = (id: number, second = id): object => ({
  _id: `e${id}`,
  createdAt: new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString(),
  type: id % 2 ? "org.invite_user" : "repo.create",
  message: `"é😀 ${id}\\`,
  author: { _id: "1", user: "ada", type: "user" },
});

async function collect(entries: AsyncIterable<AuditLogEntry>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of entries) ids.push(id);
  return ids;
}

const until = async (condition: () => boolean): Promise<void> => {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(condition());
};

describe("audit log stream", () => {
  let server: ScriptedServer;
  afterEach(() => server.close());

  it("yields the first entry before the answer is complete", async () => {
    let finish = (): void => {};
    server = await startScriptedServer((_request, response) => {
      response.writeHead(200);
      response.write(`[${JSON.stringify(event(0))},${JSON.stringify(event(1)).slice(0, 30)}`);
      finish = () => response.end(`${JSON.stringify(event(1)).slice(30)}]`);
    });
    const entries = quickClient(server.endpoint).client.streamAuditLogs("acme")[Symbol.asyncIterator]();
    assert.equal(((await entries.next()) as { value: AuditLogEntry }).value.id, "e0");
    finish();
    assert.equal(((await entries.next()) as { value: AuditLogEntry }).value.id, "e1");
    assert.equal((await entries.next()).done, true);
  });

  it("stops the download when the consumer stops", async () => {
    let sent = 0;
    server = await startScriptedServer((_request, response) => {
      response.writeHead(200);
      response.write("[");
      const more = (): void => {
        while (!response.destroyed && response.write(`${JSON.stringify(event(sent))},`)) sent += 1;
      };
      response.on("drain", more);
      more();
    });
    const { client } = quickClient(server.endpoint);
    const ids: string[] = [];
    for await (const { id } of client.streamAuditLogs("acme")) {
      if (ids.push(id) === 20) break;
    }
    await until(() => server.openConnections() === 0);
    assert.equal(ids.length, 20);
    const afterwards = sent;
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(sent, afterwards);
  });

  it("stops the download at the limit", async () => {
    server = await startScriptedServer((_request, response) => {
      response.writeHead(200);
      response.write(`[${Array.from({ length: 50 }, (_, i) => JSON.stringify(event(i))).join(",")},`);
    });
    const { client } = quickClient(server.endpoint);
    assert.deepEqual(await collect(client.streamAuditLogs("acme", { limit: 3, offset: 2 })), [
      "e2",
      "e3",
      "e4",
    ]);
    await until(() => server.openConnections() === 0);
  });

  it("sends no request before it is read, and a new one each time it is read", async () => {
    server = await startScriptedServer({ body: [event(0)] });
    const stream = quickClient(server.endpoint).client.streamAuditLogs("acme");
    assert.equal(server.requests.length, 0);
    assert.deepEqual(await collect(stream), ["e0"]);
    assert.deepEqual(await collect(stream), ["e0"]);
    assert.equal(server.requests.length, 2);
  });

  it("follows the links to the end, and fetches the next page only when it is needed", async () => {
    server = await startScriptedServer(
      { headers: { Link: '<?cursor=b>; rel="next"' }, body: [event(0), event(1)] },
      { headers: { Link: '<?cursor=c>; rel="next"' }, body: [] },
      { body: [event(2)] },
    );
    const { client } = quickClient(server.endpoint);
    assert.deepEqual(await collect(client.streamAuditLogs("acme")), ["e0", "e1", "e2"]);
    assert.equal(server.requests[2]?.url, "/api/organizations/acme/audit-log/export?cursor=c");
  });

  it("ends if the links form a circle, and never follows a link to another origin", async () => {
    server = await startScriptedServer({ headers: { Link: '<?cursor=a>; rel="next"' }, body: [event(0)] });
    assert.match(
      (await failure(collect(quickClient(server.endpoint).client.streamAuditLogs("acme")))).message,
      /form a loop/,
    );
    await server.close();
    server = await startScriptedServer({
      headers: { Link: '<https://evil.example/>; rel="next"' },
      body: [event(0)],
    });
    const error = await failure(collect(quickClient(server.endpoint).client.streamAuditLogs("acme")));
    assert.equal(error.code, "endpoint_refused");
  });

  it("reads compressed answers without keeping the whole log in memory", async () => {
    const all = gzipSync(
      JSON.stringify(Array.from({ length: 100_000 }, (_, i) => ({ ...event(i), data: "x".repeat(500) }))),
    );
    server = await startScriptedServer({ headers: { "Content-Encoding": "gzip" }, body: all });
    const { client } = quickClient(server.endpoint);
    let count = 0;
    let peak = 0;
    const before = process.memoryUsage().rss;
    for await (const entry of client.streamAuditLogs("acme")) {
      assert.ok(entry.id);
      if (++count % 1000 === 0) peak = Math.max(peak, process.memoryUsage().rss - before);
    }
    assert.equal(count, 100_000);
    assert.ok(peak < 80_000_000, `peak of ${peak} bytes`);
  });

  it("waits for a slow consumer without a timeout", async () => {
    server = await startScriptedServer({ body: [event(0), event(1)] });
    const { client } = quickClient(server.endpoint, { timeoutSeconds: 0.1 });
    const ids: string[] = [];
    for await (const { id } of client.streamAuditLogs("acme")) {
      ids.push(id);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    assert.equal(ids.length, 2);
  });

  it("may take longer in total than the limit for an answer, as long as data arrives", async () => {
    server = await startScriptedServer((_request, response) => {
      response.writeHead(200);
      response.write("[");
      let sent = 0;
      const timer = setInterval(() => {
        response.write(`${sent === 0 ? "" : ","}${JSON.stringify(event(sent))}`);
        if (++sent < 8) return;
        clearInterval(timer);
        response.end("]");
      }, 50);
    });
    const { client } = quickClient(server.endpoint, { timeoutSeconds: 0.2 });
    assert.equal((await collect(client.streamAuditLogs("acme"))).length, 8);
  });

  it("yields the entries before a fault in the same piece", async () => {
    server = await startScriptedServer({ body: [event(0), event(1), 5, event(3)] });
    const ids: string[] = [];
    const reading = async (): Promise<void> => {
      for await (const { id } of quickClient(server.endpoint).client.streamAuditLogs("acme")) ids.push(id);
    };
    assert.match((await failure(reading())).message, /entry 2 should be an object/);
    assert.deepEqual(ids, ["e0", "e1"]);
  });

  const cut: [name: string, step: Step, code: string, message: RegExp][] = [
    ["silence", silence, "timeout", /no complete answer/],
    [
      "silence in the middle",
      (_request, response) => {
        response.writeHead(200);
        response.write(`[${JSON.stringify(event(0))},`);
      },
      "timeout",
      /no complete answer/,
    ],
    [
      "a reset in the middle",
      (_request, response) => {
        response.writeHead(200);
        response.write(`[${JSON.stringify(event(0))},`, () =>
          setTimeout(() => response.socket?.resetAndDestroy(), 20),
        );
      },
      "network",
      /before the answer was complete/,
    ],
    [
      "an end in the middle",
      { body: `[${JSON.stringify(event(0))},` },
      "invalid_response",
      /ends in the middle, after 1/,
    ],
    ["an answer that is not a list", { body: { events: [] } }, "invalid_response", /not a JSON list/],
    ["HTML", { body: "<html></html>" }, "invalid_response", /not a JSON list/],
    [
      "an entry without a time",
      { body: [{ ...event(0), createdAt: "soon" }] },
      "invalid_response",
      /entry 0\.createdAt/,
    ],
    [
      "an entry that is not an object",
      { body: [event(0), 5] },
      "invalid_response",
      /entry 1 should be an object/,
    ],
    [
      "a huge entry",
      { body: [{ ...event(0), data: "x".repeat(2_000_000) }] },
      "invalid_response",
      /larger than 1048576/,
    ],
    ["a refusal", { status: 402, body: { error: "Upgrade" } }, "", /plan/],
  ];
  for (const [name, step, code, message] of cut) {
    it(`ends with a clear error for ${name}`, async () => {
      server = await startScriptedServer(step);
      // A short timeout only for the test of the timeout, so that a slow machine causes no timeout in the others.
      const timeoutSeconds = code === "timeout" ? 0.15 : 15;
      const { client } = quickClient(server.endpoint, { timeoutSeconds, maxRetries: 0 });
      const error = await failure(collect(client.streamAuditLogs("acme")));
      assert.equal(error.code ?? "", code);
      assert.match(error.message, message);
      assert.equal(error.outcomeUnknown, false);
      if (code !== "") await until(() => server.openConnections() === 0 || code === "invalid_response");
    });
  }

  it("checks its options before it is read", async () => {
    server = await startScriptedServer();
    const { client } = quickClient(server.endpoint);
    assert.throws(() => client.streamAuditLogs("acme", { limit: 0 }), /limit/);
    assert.throws(() => client.streamAuditLogs("../acme"), /organization/);
  });
});

describe("audit log list", () => {
  let server: ScriptedServer;
  afterEach(() => server.close());

  it("is sorted newest first over all pages, whatever the Hub's order", async () => {
    server = await startScriptedServer(
      { headers: { Link: '<?cursor=b>; rel="next"' }, body: [event(3), event(9), event(1)] },
      { body: [event(10), event(2), event(5)] },
    );
    const { client } = quickClient(server.endpoint);
    const entries = await client.auditLogs("acme", { limit: 3, offset: 1 });
    assert.deepEqual(
      entries.map(({ id }) => id),
      ["e9", "e5", "e3"],
    );
  });

  it("has 100 entries by default, and applies filters before the limit", async () => {
    server = await startScriptedServer({ body: Array.from({ length: 500 }, (_, i) => event(i)) });
    const { client } = quickClient(server.endpoint);
    assert.equal((await client.auditLogs("acme")).length, 100);
    const invited = await client.auditLogs("acme", {
      action: "member.invite",
      endDate: "2026-01-01T00:00:09Z",
    });
    assert.deepEqual(
      invited.map(({ id }) => id),
      ["e9", "e7", "e5", "e3", "e1"],
    );
  });

  it("is read again if the connection breaks, without duplicate entries", async () => {
    server = await startScriptedServer(
      (_request, response) => {
        response.writeHead(200);
        response.write(`[${JSON.stringify(event(1))},`, () =>
          setTimeout(() => response.socket?.resetAndDestroy(), 20),
        );
      },
      { body: [event(1), event(2)] },
    );
    const entries = await quickClient(server.endpoint).client.auditLogs("acme");
    assert.deepEqual(
      entries.map(({ id }) => id),
      ["e2", "e1"],
    );
  });
});
