import assert from "node:assert/strict";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { startLocalHub, type LocalHub } from "huggingface-local-hub";
import { expectStatus } from "./ask";

const CREATE = "/api/repos/create";

describe("local Hub: HTTP", () => {
  // Not through the contract test's proxy, which reads and sends requests in its own way.
  let hub: LocalHub;
  before(async () => (hub = await startLocalHub({ checkAnswers: true })));
  after(() => hub.close());

  async function send(method: string, path: string, body?: string, type?: string): Promise<Response> {
    return fetch(hub.endpoint + path, {
      method,
      headers: { authorization: `Bearer ${hub.tokens.admin}`, ...(type && { "content-type": type }) },
      body,
    });
  }

  for (const [what, status, error, ...request] of [
    ["a body of another type", 415, "Unsupported Media Type", "POST", CREATE, "name=x", "text/plain"],
    ["a body of a type like JSON", 415, "Unsupported Media Type", "POST", CREATE, "{}", "application/json5"],
    [
      "a body that is too large",
      413,
      "Request body is too large",
      "POST",
      CREATE,
      " ".repeat(9e6),
      "application/json",
    ],
    ["an invalid address", 400, "The address is not a valid URL", "GET", "/api/models/%zz/x"],
    [
      "an unknown path",
      404,
      /^Sorry, we can't find the page/,
      "POST",
      "/api/nothing",
      "{",
      "application/json",
    ],
    ["an unknown method", 404, /^Sorry, we can't find the page/, "OPTIONS", "/api/whoami-v2"],
  ] as const) {
    it(`answers ${status} to ${what}`, async () => {
      const [method, path, body, type] = request;
      const response = await send(method, path, body, type);
      assert.equal(response.status, status);
      const said = ((await response.json()) as { error: string }).error;
      if (typeof error === "string") assert.equal(said, error);
      else assert.match(said, error);
      assert.equal(response.headers.get("x-error-message"), said);
    });
  }

  it("answers 413 to a body that is too large and has no declared length", async () => {
    const response = await fetch(hub.endpoint + CREATE, {
      method: "POST",
      headers: { authorization: `Bearer ${hub.tokens.admin}`, "content-type": "application/json" },
      body: new Blob([" ".repeat(9e6)]).stream(),
      duplex: "half",
    });
    assert.equal(response.status, 413);
  });

  it("accepts JSON whatever the case and parameters of its content type, and an empty body", async () => {
    const body = JSON.stringify({ name: "typed", organization: "acme" });
    assert.equal((await send("POST", CREATE, body, "Application/JSON;charset=utf-8")).status, 200);
    const settings = "/api/models/acme/typed/settings";
    assert.equal((await send("PUT", settings, undefined, "application/json")).status, 200);
    assert.equal((await send("PUT", settings)).status, 200);
  });

  it("stores non-ASCII characters that arrive byte by byte", async () => {
    const body = Buffer.from(JSON.stringify({ name: "Ünïcödé 日本", description: "" }));
    const path = "/api/organizations/acme/service-accounts";
    await new Promise<void>((resolve, reject) => {
      const { hostname, port } = new URL(hub.endpoint);
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          `POST ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${hub.tokens.admin}\r\n` +
            `content-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`,
        );
        socket.setNoDelay();
        for (const byte of body) socket.write(Buffer.of(byte));
      });
      socket
        .on("error", reject)
        .on("close", () => resolve())
        .resume();
    });
    assert.ok(hub.store.serviceAccountsOf("acme").some(({ name }) => name === "Ünïcödé 日本"));
  });

  it("ignores a request whose body is interrupted, and keeps serving", async () => {
    const before = hub.store.requests.length;
    await new Promise<void>((resolve, reject) => {
      const { hostname, port } = new URL(hub.endpoint);
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          `POST ${CREATE} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${hub.tokens.admin}\r\n` +
            `content-type: application/json\r\ncontent-length: 100\r\n\r\n{"name": "half"`,
        );
        setTimeout(() => socket.destroy(), 50);
      });
      socket
        .on("error", reject)
        .on("close", () => resolve())
        .resume();
    });
    await expectStatus(200, hub, "GET", "/api/whoami-v2");
    assert.equal(hub.store.repository("ada-admin/half"), undefined);
    while (hub.store.requests.length < before + 2) await sleep(10);
    const statuses = hub.store.requests.slice(before).map(({ status }) => status);
    assert.deepEqual(statuses.sort(), [200, 400]);
  });

  it("keeps connections open between requests, and closes them when the Hub stops", async () => {
    const own = await startLocalHub({ checkAnswers: true });
    const { hostname, port } = new URL(own.endpoint);
    const socket = connect(Number(port), hostname);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    let text = "";
    for (let i = 1; i <= 2; i++) {
      socket.write("GET /api/whoami-v2 HTTP/1.1\r\nhost: localhost\r\n\r\n");
      while (text.split("HTTP/1.1 401").length <= i) {
        text += String(await new Promise((resolve) => socket.once("data", resolve)));
      }
    }
    await own.close();
    await closed;
  });
});
