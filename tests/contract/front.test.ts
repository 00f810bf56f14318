import assert from "node:assert/strict";
import { once } from "node:events";
import * as http from "node:http";
import { type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { nextPath } from "../local-hub/ask";
import { Checker } from "./check";
import { type Front, INJECTED, startFront } from "./front";
import { type Exchange } from "./record";
import { REASON, small } from "./smallDocument";

const things = {
  kind: "clients" as const,
  method: "get",
  paths: ["/api/things"],
  operation: {
    parameters: [{ name: "expand", in: "query", schema: {} }],
    responses: { 200: { content: { "application/json": { schema: { items: { required: ["id"] } } } } } },
  },
  reason: REASON,
};

describe("contract proxy", () => {
  const document = small({ additions: [things] });
  let handle: http.RequestListener = () => undefined;
  let seen: Exchange[] = [];
  let hub: http.Server;
  let front: Front;
  const answer = (status: number, body?: unknown, headers: http.OutgoingHttpHeaders = {}) => {
    handle = (request, response) => {
      request.resume().on("end", () => {
        response.writeHead(status, headers).end(body === undefined ? undefined : JSON.stringify(body));
      });
    };
  };
  const send = (path: string, init?: RequestInit) => fetch(front.endpoint + path, init);
  const post = (body: unknown) => send("/api/groups", { method: "POST", body: JSON.stringify(body) });

  before(async () => {
    hub = http.createServer((request, response) => handle(request, response)).listen(0, "127.0.0.1");
    await once(hub, "listening");
    const { port } = hub.address() as AddressInfo;
    front = await startFront(`http://127.0.0.1:${port}`, new Checker(document), (exchange) =>
      seen.push(exchange),
    );
  });
  beforeEach(() => (seen = []));
  after(async () => {
    await front.close();
    hub.closeAllConnections();
    hub.close();
  });

  it("forwards method, path, headers, body, status and answer unchanged", async () => {
    let got: unknown;
    handle = (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { method, url, headers } = request;
        got = [method, url, headers.authorization, headers.host, Buffer.concat(chunks).toString()];
        response.writeHead(202, { "x-anything": "kept" }).end("done");
      });
    };
    const headers = { authorization: "Bearer hf_x" };
    const response = await send("/api/pets?a=%20&a=2", { method: "PUT", headers, body: '{"kind": "?"}' });
    const host = new URL(front.endpoint).host;
    assert.deepEqual(got, ["PUT", "/api/pets?a=%20&a=2", "Bearer hf_x", host, '{"kind": "?"}']);
    assert.deepEqual(
      [response.status, response.headers.get("x-anything"), await response.text()],
      [202, "kept", "done"],
    );
  });

  it("is the target of the link to the next page", async () => {
    handle = (request, response) => {
      const link = `<http://${request.headers.host}/api/groups?q=2>; rel="next"`;
      response.writeHead(200, { link }).end("[]");
    };
    const response = await send("/api/groups?q=1");
    assert.ok(response.headers.get("link")?.startsWith(`<${front.endpoint}/`));
    assert.equal(nextPath(response.headers), "/api/groups?q=2");
  });

  it("records a request with a correct answer", async () => {
    answer(200, []);
    await send("/api/groups?q=1", { headers: { "user-agent": "someone/1.0 (x)" } });
    assert.deepEqual(seen, [
      {
        operation: "GET /api/groups",
        method: "GET",
        path: "/api/groups",
        status: 200,
        client: "someone",
        request: [],
        beyond: [],
        answer: [],
      },
    ]);
  });

  it("records the problems of a request if the Hub accepted it", async () => {
    answer(201);
    await post({ colour: "red" });
    assert.deepEqual(seen[0]?.request, ["body /: wanted the field name, has none"]);
    assert.deepEqual(seen[0]?.beyond, ["body /colour"]);
    answer(400, { error: "name: required" });
    await post({ colour: "red" });
    assert.deepEqual([seen[1]?.request, seen[1]?.beyond], [[], []]);
  });

  it("records the problems of an answer, once for all items", async () => {
    const group = { name: "a", members: [], repos: [] };
    answer(200, [group, group]);
    await send("/api/groups?q=1");
    assert.deepEqual(seen[0]?.answer, ["answer 200 /*: wanted no field repos, has it"]);
    answer(409, {});
    await post({ name: "a" });
    assert.deepEqual(seen[1]?.answer, ["answer 409 /: wanted the field url, has none"]);
  });

  it("reports no missing field of a repository if the request selects fields", async () => {
    answer(200, [{ name: "a" }]);
    await send("/api/things");
    await send("/api/things?expand=name");
    assert.deepEqual(
      seen.map((exchange) => exchange.answer),
      [["answer 200 /*: wanted the field id, has none"], []],
    );
  });

  it("reads a compressed answer, and forwards it compressed", async () => {
    handle = (_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync('{"not": "a list"}'));
    };
    const response = await send("/api/groups?q=1");
    assert.equal(response.headers.get("content-encoding"), "gzip");
    assert.deepEqual(await response.json(), { not: "a list" });
    assert.deepEqual(seen[0]?.answer, ["answer 200 /: wanted array, has an object"]);
  });

  it("treats an answer that is not JSON as text", async () => {
    handle = (_request, response) => response.writeHead(200).end("<html>");
    await send("/api/groups?q=1");
    assert.deepEqual(seen[0]?.answer, ['answer 200 /: wanted array, has "<html>"']);
  });

  it("records an operation that the document lacks", async () => {
    answer(200, {});
    await send("/api/secret-door");
    assert.deepEqual(
      [seen[0]?.operation, seen[0]?.path, seen[0]?.status],
      [undefined, "/api/secret-door", 200],
    );
  });

  it("does not check an answer that a test injected, and removes the header that marks it", async () => {
    answer(200, { not: "a list" }, { [INJECTED]: "1" });
    const response = await send("/api/groups?q=1");
    assert.equal(response.headers.get(INJECTED), null);
    assert.deepEqual([seen[0]?.injected, seen[0]?.answer], [true, []]);
  });

  it("breaks the connection if the Hub does", async () => {
    handle = (request) => request.socket.destroy();
    await assert.rejects(send("/api/groups?q=1"));
    handle = (_request, response) => {
      response.writeHead(200).write("[");
      setTimeout(() => response.destroy(), 20);
    };
    await assert.rejects(send("/api/groups?q=1").then((response) => response.text()));
    assert.deepEqual(seen, []);
  });

  it("forwards the beginning of an answer before its end", async () => {
    let finish = (): void => undefined;
    handle = (_request, response) => {
      response.writeHead(200).write("[");
      finish = () => void response.end("]");
    };
    const response = await send("/api/groups?q=1");
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    assert.equal(Buffer.from((await reader.read()).value as Uint8Array).toString(), "[");
    assert.equal(seen.length, 0);
    finish();
    await reader.read();
    while (seen.length === 0) await sleep(5);
    assert.equal(seen[0]?.status, 200);
  });
});
