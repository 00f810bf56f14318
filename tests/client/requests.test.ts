// The client's way to the Hub and back, against a server that does what a test scripts.
import assert from "node:assert/strict";
import { once } from "node:events";
import * as net from "node:net";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import axios from "axios";
import { HubClient } from "../../provider/src/client/hubClient";
import { HubError } from "../../provider/src/client/errors";
import {
  drip,
  resetBefore,
  resetDuring,
  type ScriptedServer,
  silence,
  startScriptedServer,
  type Step,
} from "../support/scriptedServer";
import { quickClient, TOKEN } from "./quickClient";

const TOKENS = [{ name: "ci", role: "read", createdAt: "2026-01-01T00:00:00Z", lastUsed: null }];
const CREATED = {
  name: "ci",
  role: "read",
  createdAt: "2026-01-01T00:00:00Z",
  token: "hf_NewTokenNewTokenNewTokenNewToken12",
};
const ACCOUNT = "6650000000000000000000aa";

let server: ScriptedServer;

async function failure(promise: Promise<unknown>): Promise<HubError> {
  const error = await promise.then(
    (value) => assert.fail(`succeeded with ${inspect(value)}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof HubError, inspect(error));
  assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes(TOKEN), "the token is in the error");
  return error;
}

describe("the client's requests", () => {
  afterEach(() => server.close());

  describe("a request", () => {
    it("carries the token and says who asks", async () => {
      server = await startScriptedServer({ body: TOKENS });
      await quickClient(server.endpoint).client.listTokens();
      const [seen] = server.requests;
      assert.equal(seen?.headers.authorization, `Bearer ${TOKEN}`);
      assert.match(seen?.headers["user-agent"] ?? "", /^pulumi-huggingface\/\d/);
    });

    it("keeps the connection for the next one, but makes creations on a new one", async () => {
      server = await startScriptedServer({ body: TOKENS }, { body: TOKENS }, { status: 201, body: CREATED });
      const { client } = quickClient(server.endpoint);
      await client.listTokens();
      await client.listTokens();
      await client.createToken({ name: "ci", role: "read" });
      const [first, second, third] = server.requests.map(({ connection }) => connection);
      assert.equal(first, second);
      assert.notEqual(third, second);
    });

    it("is not seen or changed by what a program has set on the shared axios", async () => {
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

    it("does not go through a proxy to this machine", async () => {
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

    it("goes through a proxy of the environment to other machines, and never tells its password", async () => {
      server = await startScriptedServer();
      const proxy = net.createServer((socket) => {
        socket.on("error", () => {});
        socket.once("data", () =>
          socket.end("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"),
        );
      });
      proxy.listen(0, "127.0.0.1");
      await once(proxy, "listening");
      const before = process.env["https_proxy"];
      process.env["https_proxy"] =
        `http://user:proxypassword@127.0.0.1:${(proxy.address() as net.AddressInfo).port}`;
      try {
        const answered = await failure(
          quickClient("https://hub.invalid", { maxRetries: 0 }).client.listTokens(),
        );
        proxy.close();
        await once(proxy, "close");
        const refused = await failure(
          quickClient("https://hub.invalid", { maxRetries: 0 }).client.listTokens(),
        );
        assert.ok(answered.status === 407 || answered.code === "network", inspect(answered));
        assert.equal(refused.code, "network");
        for (const error of [answered, refused]) {
          assert.ok(!/proxypassword|dXNlcj/.test(inspect(error, { depth: 9, showHidden: true })));
        }
      } finally {
        if (before === undefined) delete process.env["https_proxy"];
        else process.env["https_proxy"] = before;
      }
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
      it(`is not sent with the token ${JSON.stringify(token.slice(0, 20))}`, async () => {
        server = await startScriptedServer({ body: TOKENS });
        const error = await failure(quickClient(server.endpoint, { token }).client.listTokens());
        assert.equal(error.code, code);
        assert.match(error.message, /HF_TOKEN/);
        assert.ok(token.trim().length < 5 || !error.message.includes(token.trim()));
        assert.equal(server.requests.length, 0);
      });
    }

    it("takes token and endpoint from the environment where the options name none", async () => {
      server = await startScriptedServer({ body: TOKENS });
      const resolveEnvironment = () => ({
        endpoint: server.endpoint,
        endpointSource: "HF_ENDPOINT",
        token: "hf_environment",
      });
      await new HubClient({}, { resolveEnvironment }).listTokens();
      assert.equal(server.requests[0]?.headers.authorization, "Bearer hf_environment");
      // An explicit token must not follow a variable on the machine.
      assert.throws(() => new HubClient({ token: TOKEN }, { resolveEnvironment }), {
        code: "endpoint_refused",
      });
    });

    it("a token file that cannot be read is an error of the call, and nothing is sent", async () => {
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

    it("sends leaked credentials without the client's own token", async () => {
      server = await startScriptedServer({ status: 202 });
      await quickClient(server.endpoint, { token: "" }).client.revokeLeakedCredentials([
        "hf_leakedleakedleaked",
      ]);
      assert.equal(server.requests[0]?.headers.authorization, undefined);
    });
  });

  describe("repeating", () => {
    const passing: [name: string, step: Step][] = [
      ...[408, 429, 500, 502, 503, 504].map((status): [string, Step] => [
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
      it(`tries again after ${name}`, async () => {
        server = await startScriptedServer(step, step, { body: TOKENS });
        const { client, waits } = quickClient(server.endpoint);
        assert.equal((await client.listTokens()).length, 1);
        assert.equal(server.requests.length, 3);
        assert.ok(waits.length >= 2);
      });

      if (name === "429") continue;
      it(`never repeats a creation after ${name}, and says that it may have happened`, async () => {
        server = await startScriptedServer(step, { status: 201, body: CREATED });
        const error = await failure(
          quickClient(server.endpoint).client.createToken({ name: "ci", role: "read" }),
        );
        assert.equal(server.requests.length, 1);
        assert.equal(error.outcomeUnknown, true);
      });
    }

    it("repeats a creation after 429, because nothing has happened", async () => {
      server = await startScriptedServer(
        { status: 429, headers: { "Retry-After": "3" } },
        { status: 201, body: CREATED },
      );
      const { client } = quickClient(server.endpoint);
      assert.equal((await client.createToken({ name: "ci", role: "read" })).token, CREATED.token);
      assert.equal(server.requests.length, 2);
    });

    it("repeats a creation where nobody listened, and knows that it did not happen", async () => {
      server = await startScriptedServer({ body: {} });
      const { port } = new URL(server.endpoint);
      await server.close();
      const { client, waits } = quickClient(`http://127.0.0.1:${port}`, { maxRetries: 2 });
      const error = await failure(client.createToken({ name: "ci", role: "read" }));
      assert.equal(error.code, "network");
      assert.equal(error.outcomeUnknown, false);
      assert.equal(waits.length, 2);
      server = await startScriptedServer();
    });

    it("knows that a creation did not happen where the Hub refuses it", async () => {
      server = await startScriptedServer({ status: 409, body: { error: "taken" } });
      const error = await failure(
        quickClient(server.endpoint).client.createToken({ name: "ci", role: "read" }),
      );
      assert.equal(error.outcomeUnknown, false);
      assert.match(error.message, /exists already/);
    });

    for (const [name, body] of [
      ["HTML", "<html><title>x</title></html>"],
      ["truncated JSON", JSON.stringify(CREATED).slice(0, 40)],
      ["a body without the value", JSON.stringify({ ...CREATED, token: undefined })],
      ["nothing", ""],
    ] as const) {
      it(`says that a creation may have happened where the answer is ${name}`, async () => {
        server = await startScriptedServer({ status: 201, body });
        const error = await failure(
          quickClient(server.endpoint).client.createToken({ name: "ci", role: "read" }),
        );
        assert.equal(error.code, "invalid_response");
        assert.equal(error.outcomeUnknown, true);
        assert.ok(!error.message.includes("NewToken"));
        assert.equal(server.requests.length, 1);
      });
    }

    it("remembers that an earlier try of a change may have been carried out", async () => {
      server = await startScriptedServer(resetBefore, { status: 403, body: { error: "no" } });
      const error = await failure(
        quickClient(server.endpoint).client.setRepoVisibility("acme/m", { private: true }),
      );
      assert.equal(error.status, 403);
      assert.equal(error.outcomeUnknown, true);
    });

    it("takes 404 for done where an earlier try may have deleted it, and only there", async () => {
      server = await startScriptedServer(resetBefore, { status: 404, body: { error: "gone" } });
      await quickClient(server.endpoint).client.revokeToken("ci");
      assert.equal(server.requests.length, 2);
      assert.equal((await failure(quickClient(server.endpoint).client.revokeToken("ci"))).status, 404);
    });

    it("tries once and five times more, not longer than 8 s apart, and reports the last failure", async () => {
      server = await startScriptedServer({
        status: 503,
        headers: { "X-Request-Id": "abc" },
        body: { error: "down" },
      });
      const { client, waits } = quickClient(server.endpoint);
      const error = await failure(client.listTokens());
      assert.equal(server.requests.length, 6);
      assert.deepEqual(waits, [1000, 2000, 4000, 8000, 8000]);
      assert.equal(error.requestId, "abc");
      assert.equal(error.retryable, true);
    });

    it("tries as often where the longest wait is shorter than that", async () => {
      server = await startScriptedServer({ status: 503, body: { error: "down" } });
      const { client, waits } = quickClient(server.endpoint, { maxWaitSeconds: 3 });
      await failure(client.listTokens());
      assert.deepEqual(waits, [1000, 2000, 3000, 3000, 3000]);
    });

    it("does not repeat what cannot succeed", async () => {
      server = await startScriptedServer({ status: 403, body: { error: "no" } });
      const error = await failure(quickClient(server.endpoint).client.listTokens());
      assert.equal(server.requests.length, 1);
      assert.equal(error.retryable, false);
    });
  });

  describe("the rate limit", () => {
    const forms: [name: string, headers: () => Record<string, string>, waited: number][] = [
      [
        "RateLimit",
        () => ({ RateLimit: '"api";r=0;t=41', "RateLimit-Policy": '"fixed window";"api";q=500;w=300' }),
        41_000,
      ],
      ["Retry-After in seconds", () => ({ "Retry-After": "41" }), 41_000],
      [
        "Retry-After as a date",
        () => ({ "Retry-After": new Date(Date.now() + 42_000).toUTCString() }),
        40_000,
      ],
    ];
    for (const [name, headers, waited] of forms) {
      it(`is obeyed and announced: ${name}`, async () => {
        server = await startScriptedServer({ status: 429, headers: headers() }, { body: TOKENS });
        const { client, waits, notices } = quickClient(server.endpoint);
        await client.listTokens();
        const total = waits.reduce((sum, ms) => sum + ms, 0);
        assert.ok(total >= waited && total < waited + 5000, String(total));
        assert.equal(notices.length, 1);
        assert.match(notices[0]?.message ?? "", /^rate limited, resuming in \d+ s$/);
      });
    }

    for (const [name, headers] of forms) {
      it(`is not waited for longer than the user allows: ${name}`, async () => {
        server = await startScriptedServer({ status: 429, headers: headers() }, { body: TOKENS });
        const { client, waits } = quickClient(server.endpoint, { maxWaitSeconds: 20 });
        const error = await failure(client.listTokens());
        assert.deepEqual(waits, []);
        assert.equal(server.requests.length, 1);
        assert.equal(error.code, "rate_limited");
        assert.match(error.message, /asks to wait 4[0-3] s.*maxWaitSeconds \(20 now\)/s);
      });
    }

    it("that is known to be used up is not waited for longer than the user allows either", async () => {
      server = await startScriptedServer({ headers: { RateLimit: '"api";r=0;t=30' }, body: TOKENS });
      const { client, waits } = quickClient(server.endpoint, { maxWaitSeconds: 1 });
      await client.listTokens();
      const error = await failure(client.listTokens());
      assert.deepEqual(waits, []);
      assert.equal(server.requests.length, 1);
      assert.match(error.message, /used up for 3\d s more.*maxWaitSeconds \(1 now\)/s);
    });

    it("is not run into where the Hub has said that none is left", async () => {
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

    it("does not make anybody wait longer than a window", async () => {
      server = await startScriptedServer({
        status: 429,
        headers: { "Retry-After": "3600" },
        body: { error: "slow" },
      });
      const { client, waits } = quickClient(server.endpoint);
      const error = await failure(client.listTokens());
      assert.deepEqual(waits, []);
      assert.equal(error.status, 429);
      assert.equal(error.code, "rate_limited");
      assert.match(error.message, /3600|3601/);
    });
  });

  describe("limits on time and size", () => {
    it("ends the wait for an answer", async () => {
      server = await startScriptedServer(silence);
      const started = performance.now();
      const { client } = quickClient(server.endpoint, { timeoutSeconds: 0.1, maxRetries: 1 });
      const error = await failure(client.listTokens());
      assert.equal(error.code, "timeout");
      assert.equal(server.requests.length, 2);
      assert.ok(performance.now() - started < 2000);
    });

    it("ends an answer that drips", async () => {
      server = await startScriptedServer(drip(20));
      const error = await failure(
        quickClient(server.endpoint, { timeoutSeconds: 0.2, maxRetries: 0 }).client.listTokens(),
      );
      assert.equal(error.code, "timeout");
    });

    it("ends the wait for a connection: TLS that never begins", async () => {
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

    it("stops reading an endless body", async () => {
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

    it("stops unpacking a bomb", async () => {
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

    it("stops unpacking a bomb of an error, and still tells the status", async () => {
      const bomb = gzipSync(Buffer.alloc(50_000_000, " "));
      server = await startScriptedServer({
        status: 403,
        headers: { "Content-Encoding": "gzip" },
        body: bomb,
      });
      assert.equal((await failure(quickClient(server.endpoint).client.listTokens())).status, 403);
    });

    it("reads compressed answers", async () => {
      server = await startScriptedServer({
        headers: { "Content-Encoding": "gzip" },
        body: gzipSync(JSON.stringify(TOKENS)),
      });
      assert.equal((await quickClient(server.endpoint).client.listTokens()).length, 1);
    });

    it("refuses gzip that is cut off, and an encoding that was not asked for", async () => {
      const cut = gzipSync(JSON.stringify(TOKENS)).subarray(0, 40);
      server = await startScriptedServer(
        { headers: { "Content-Encoding": "gzip" }, body: cut },
        { headers: { "Content-Encoding": "rot13" }, body: TOKENS },
      );
      const { client } = quickClient(server.endpoint, { maxRetries: 0 });
      await failure(client.listTokens());
      assert.equal((await failure(client.listTokens())).code, "invalid_response");
    });

    it("ends at once when the caller's signal says so", async () => {
      server = await startScriptedServer(silence);
      const abort = new AbortController();
      const { client } = quickClient(server.endpoint, { signal: abort.signal, timeoutSeconds: 30 });
      const pending = failure(client.listTokens());
      setTimeout(() => abort.abort(), 50);
      assert.equal((await pending).code, "aborted");
      assert.equal(server.requests.length, 1);
      assert.equal((await failure(client.listTokens())).code, "aborted");
      assert.equal(server.requests.length, 1);
    });

    it("ends a wait between tries when the caller's signal says so", async () => {
      server = await startScriptedServer({ status: 429, headers: { "Retry-After": "200" } });
      const abort = new AbortController();
      const client = new HubClient({ endpoint: server.endpoint, token: TOKEN, signal: abort.signal });
      const pending = failure(client.listTokens());
      setTimeout(() => abort.abort(), 100);
      assert.equal((await pending).code, "aborted");
    });
  });

  describe("redirects", () => {
    it("are followed for reading within the same origin", async () => {
      server = await startScriptedServer(
        { status: 307, headers: { Location: "/api/models/acme/new" } },
        { body: { _id: ACCOUNT, id: "acme/new", private: true, gated: false } },
      );
      assert.equal((await quickClient(server.endpoint).client.getRepo("acme/old")).id, "acme/new");
      assert.equal(server.requests[1]?.url, "/api/models/acme/new");
    });

    it("never take the token to another origin", async () => {
      const other = await startScriptedServer({ body: TOKENS });
      try {
        for (const status of [301, 302, 303, 307, 308]) {
          server = await startScriptedServer({
            status,
            headers: { Location: `${other.endpoint}/api/settings/tokens?hf=${TOKEN}` },
          });
          const error = await failure(quickClient(server.endpoint).client.listTokens());
          assert.equal(error.code, "endpoint_refused");
          await server.close();
        }
        server = await startScriptedServer({
          status: 302,
          headers: { Location: server.endpoint.replace("http://", "http://user@") },
        });
        assert.equal(
          (await failure(quickClient(server.endpoint).client.listTokens())).code,
          "endpoint_refused",
        );
      } finally {
        await other.close();
      }
      assert.equal(other.requests.length, 0);
    });

    it("are not followed for a change, and not without end", async () => {
      server = await startScriptedServer({ status: 307, headers: { Location: "/api/elsewhere" } });
      const { client } = quickClient(server.endpoint);
      assert.equal(
        (await failure(client.setRepoVisibility("acme/m", { private: false }))).code,
        "redirect_refused",
      );
      assert.equal(server.requests.length, 1);
      assert.equal((await failure(client.listTokens())).code, "redirect_refused");
      assert.ok(server.requests.length < 8);
    });
  });

  describe("lists in pages", () => {
    const member = (user: string) => ({ _id: ACCOUNT, user, type: "user" });

    it("are followed to the end", async () => {
      server = await startScriptedServer(
        {
          headers: { Link: '</api/organizations/acme/members?cursor=b>; rel="next"' },
          body: [member("ada")],
        },
        { headers: { Link: '</api/organizations/acme/members?cursor=c>; rel="next"' }, body: [] },
        { body: [member("bob")] },
      );
      const members = await quickClient(server.endpoint).client.listMembers("acme");
      assert.deepEqual(
        members.map(({ user }) => user),
        ["ada", "bob"],
      );
      assert.equal(server.requests[2]?.url, "/api/organizations/acme/members?cursor=c");
    });

    it("never take the token to another origin", async () => {
      const other = await startScriptedServer({ body: [] });
      server = await startScriptedServer({
        headers: { Link: `<${other.endpoint}/x>; rel="next"` },
        body: [member("ada")],
      });
      try {
        const error = await failure(quickClient(server.endpoint).client.listMembers("acme"));
        assert.equal(error.code, "endpoint_refused");
        assert.equal(other.requests.length, 0);
      } finally {
        await other.close();
      }
    });

    it("end where they go round in a circle", async () => {
      server = await startScriptedServer({
        headers: { Link: '<?cursor=a>; rel="next"' },
        body: [member("ada")],
      });
      const error = await failure(quickClient(server.endpoint).client.listMembers("acme"));
      assert.equal(error.code, "invalid_response");
      assert.match(error.message, /circle/);
    });
  });

  describe("secrets that a Hub echoes", () => {
    const clientSecret = "S3cr3t/with+odd=chars&more";
    it("stay out of the error", async () => {
      server = await startScriptedServer((request, response) => {
        response.writeHead(400, {
          "Content-Type": "application/json",
          "X-Error-Message": Buffer.from(request.body).toString("base64"),
        });
        response.end(
          JSON.stringify({
            error: `${request.body} ${encodeURIComponent(request.body)} ${String(request.headers.authorization)} ${request.url}`,
          }),
        );
      });
      const { client } = quickClient(server.endpoint);
      for (const error of [
        await failure(client.updateSsoConfig("acme", { provider: "oidc", clientSecret })),
        await failure(client.updateSsoCredential("acme", { clientSecret })),
        await failure(client.revokeLeakedCredentials([clientSecret, "plainvalue1"])),
      ]) {
        const all = inspect(error, { depth: 9, showHidden: true });
        for (const leak of [clientSecret, encodeURIComponent(clientSecret), "plainvalue1", "S3cr3t"]) {
          assert.ok(!all.includes(leak), all);
        }
        assert.ok(all.includes("[secret]"));
      }
    });
  });
});
