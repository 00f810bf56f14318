// Covers the contents of a request, its connection, and what prevents it from being sent.
import assert from "node:assert/strict";
import axios from "axios";
import { HubClient } from "../../provider/src/client/hubClient";
import { type ScriptedServer, startScriptedServer } from "../support/scriptedServer";
import { CREATED, TOKENS } from "./answers";
import { failure } from "./failure";
import { quickClient, TOKEN } from "./quickClient";

describe("request", () => {
  let server: ScriptedServer;
  afterEach(() => server.close());

  it("carries the token and a user agent", async () => {
    server = await startScriptedServer({ body: TOKENS });
    await quickClient(server.endpoint).client.listTokens();
    const [seen] = server.requests;
    assert.equal(seen?.headers.authorization, `Bearer ${TOKEN}`);
    assert.match(seen?.headers["user-agent"] ?? "", /^pulumi-huggingface\/\d/);
  });

  it("keeps the connection for the next one, but uses a new connection for a creation", async () => {
    server = await startScriptedServer({ body: TOKENS }, { body: TOKENS }, { status: 201, body: CREATED });
    const { client } = quickClient(server.endpoint);
    await client.listTokens();
    await client.listTokens();
    await client.createToken({ name: "ci", role: "read" });
    const [first, second, third] = server.requests.map(({ connection }) => connection);
    assert.equal(first, second);
    assert.notEqual(third, second);
  });

  it("to revoke fails if a page comes back, because the answer is not from the Hub", async () => {
    const page = "<!doctype html><p>Sign in to the network</p>";
    const html = { "Content-Type": "text/html; charset=utf-8" };
    for (const answer of [{ body: page }, { body: "Sign in", headers: html }]) {
      server = await startScriptedServer(answer);
      const error = await failure(quickClient(server.endpoint).client.revokeToken("ci"));
      assert.equal(error.code, "invalid_response");
      assert.match(error.message, /it is a web page, not JSON/);
      await server.close();
    }
    server = await startScriptedServer({ status: 204, headers: html, body: "" }, { body: "" });
    const { client } = quickClient(server.endpoint);
    await client.revokeToken("ci");
    await client.revokeToken("ci");
  });

  it("is independent of settings that a program makes on the shared axios", async () => {
    server = await startScriptedServer({ body: TOKENS });
    let spied = false;
    const interceptor = axios.interceptors.request.use((config) => {
      spied = true;
      return config;
    });
    axios.defaults.baseURL = "http://127.0.0.1:9/";
    axios.defaults.headers.common["X-Spy"] = "1";
    try {
      await quickClient(server.endpoint).client.listTokens();
      assert.equal(spied, false);
      assert.equal(server.requests[0]?.headers["x-spy"], undefined);
    } finally {
      axios.interceptors.request.eject(interceptor);
      delete axios.defaults.baseURL;
      delete axios.defaults.headers.common["X-Spy"];
    }
  });

  it("goes directly to this machine, not through a proxy", async () => {
    server = await startScriptedServer({ body: TOKENS });
    const names = ["http_proxy", "HTTP_PROXY", "https_proxy", "no_proxy", "NO_PROXY"] as const;
    const before = names.map((name) => process.env[name]);
    for (const name of names)
      process.env[name] = name.startsWith("no") || name.startsWith("NO") ? "" : "http://u:p@127.0.0.1:9";
    try {
      await quickClient(server.endpoint).client.listTokens();
    } finally {
      names.forEach((name, index) => {
        if (before[index] === undefined) delete process.env[name];
        else process.env[name] = before[index];
      });
    }
    assert.equal(server.requests.length, 1);
  });

  for (const [token, code] of [
    ["", "token_missing"],
    [" ", "token_malformed"],
    ["hf_abc\n", "token_malformed"],
    ["hf_abc def", "token_malformed"],
    ["hf_äbc", "token_malformed"],
    ["hf_\u0000", "token_malformed"],
    ["x".repeat(5000), "token_malformed"],
  ] as const) {
    it(`is refused with the token ${JSON.stringify(token.slice(0, 20))}`, async () => {
      server = await startScriptedServer({ body: TOKENS });
      const error = await failure(quickClient(server.endpoint, { token }).client.listTokens());
      assert.equal(error.code, code);
      assert.match(error.message, /HF_TOKEN/);
      assert.ok(token.trim().length < 5 || !error.message.includes(token.trim()));
      assert.equal(server.requests.length, 0);
    });
  }

  it("uses the token and the endpoint of the environment if the options have none", async () => {
    server = await startScriptedServer({ body: TOKENS });
    const resolveEnvironment = () => ({
      endpoint: server.endpoint,
      endpointSource: "HF_ENDPOINT",
      token: "hf_environment",
    });
    await new HubClient({}, { resolveEnvironment }).listTokens();
    assert.equal(server.requests[0]?.headers.authorization, "Bearer hf_environment");
  });

  it("does not take a token of the program to an endpoint of the environment", async () => {
    server = await startScriptedServer();
    const resolveEnvironment = () => ({ endpoint: server.endpoint, endpointSource: "HF_ENDPOINT" });
    assert.throws(() => new HubClient({ token: TOKEN }, { resolveEnvironment }), {
      code: "endpoint_refused",
    });
  });

  it("fails with a clear error if the token file cannot be read", async () => {
    server = await startScriptedServer({ body: TOKENS });
    const resolveEnvironment = () => ({
      endpoint: server.endpoint,
      get token(): string {
        throw new Error("The token file /x cannot be read (EACCES).");
      },
    });
    const error = await failure(new HubClient({}, { resolveEnvironment }).listTokens());
    assert.equal(error.code, "token_missing");
    assert.match(error.message, /^The token file \/x cannot be read/);
    assert.equal(server.requests.length, 0);
  });

  it("to report leaked credentials does not carry the client's own token", async () => {
    server = await startScriptedServer({ status: 202 });
    await quickClient(server.endpoint, { token: "" }).client.revokeLeakedCredentials([
      "hf_leakedleakedleaked",
    ]);
    assert.equal(server.requests[0]?.headers.authorization, undefined);
  });
});
