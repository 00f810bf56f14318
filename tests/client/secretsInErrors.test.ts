// The Hub repeats what it was sent in every possible way. The tests search all parts of the errors: message, stack,
// causes, JSON, hidden properties. None of them may contain a secret.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import * as https from "node:https";
import * as net from "node:net";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { type HubClient, HubError } from "../../provider/src/client";
import { type HubClientOptions } from "../../provider/src/client/types";
import { makeCertificate } from "../support/certificate";
import { type ProxyManner, startForwardProxy } from "../support/forwardProxy";
import {
  drip,
  type ScriptedServer,
  type SeenRequest,
  startScriptedServer,
  type Step,
} from "../support/scriptedServer";
import { SecretSearch } from "../support/secretSearch";
import { quickClient } from "./quickClient";

const random = () => randomBytes(12).toString("hex");

const search = new SecretSearch();
const token = search.plant("administrator's token", `tk-${random()}`);
const clientSecret = search.plant("client secret", `cs "quo\\te"/+&é<${random()}`);
const leaked = search.plant("leaked credential", `lc ${random()}`);

const spaceSecret = search.plant("secret of a Space", `sp "quo\\te"/+&ü<${random()}`);

/** One call of each kind: reads, changes, creations, a stream. */
const calls: Record<string, (client: HubClient) => Promise<unknown>> = {
  "a listing": (client) => client.listMembers("acme"),
  "a change": (client) => client.updateSsoConfig("acme", { provider: "oidc", clientSecret }),
  "a new credential": (client) => client.updateSsoCredential("acme", { clientSecret }),
  "a creation": (client) => client.createToken({ name: "ci", role: "read" }),
  "a deletion": (client) => client.revokeToken("ci"),
  "a Space's secret": (client) => client.setSpaceSecret("acme/s", { key: "KEY", value: spaceSecret }),
  "a report": (client) => client.revokeLeakedCredentials([leaked, clientSecret]),
  "a stream": async (client) => {
    for await (const entry of client.streamAuditLogs("acme")) void entry;
  },
};

/** The whole request as one text. */
const said = ({ method, url, headers, body }: SeenRequest): string =>
  `${method} ${url} ${String(headers.authorization)} ${body}`;

/** The forms in which a careless server may repeat it. */
const forms: Record<string, (text: string) => string> = {
  plain: (text) => text,
  base64: (text) => Buffer.from(text).toString("base64"),
  URL: encodeURIComponent,
  "JSON in JSON": (text) => JSON.stringify(JSON.stringify(text)),
};

const json = { "Content-Type": "application/json" };
const answer =
  (make: (text: string) => { status: number; headers?: Record<string, string>; body?: string }): Step =>
  (request, response) => {
    const { status, headers = {}, body = "" } = make(said(request));
    response.writeHead(status, headers).end(body);
  };

const answers: [name: string, step: Step][] = [
  ...[400, 401, 402, 403, 404, 407, 408, 409, 413, 422, 429, 500, 502, 503, 504].flatMap((status) =>
    Object.entries(forms).map(([form, write]): [string, Step] => [
      `${status} with the request in it, ${form}`,
      answer((text) => ({ status, headers: json, body: JSON.stringify({ error: write(text) }) })),
    ]),
  ),
  ...Object.entries(forms).flatMap(([form, write]): [string, Step][] => {
    // Characters that a header cannot contain are left out.
    const header = (text: string) => write(text).replace(/[^\x20-\x7e]/g, "");
    return [
      [
        `a refusal with the request in its headers, ${form}`,
        answer((text) => ({
          status: 403,
          headers: {
            "X-Error-Message": header(text),
            "X-Error-Code": header(text),
            "X-Request-Id": header(text),
          },
        })),
      ],
      [
        `a refusal as a page, ${form}`,
        answer((text) => ({ status: 403, body: `<html><title>${write(text)}</title></html>` })),
      ],
      [
        `a refusal as plain text, ${form}`,
        answer((text) => ({ status: 400, headers: { "Content-Type": "text/plain" }, body: write(text) })),
      ],
      [
        `text in place of an answer, ${form}`,
        answer((text) => ({ status: 200, headers: json, body: write(text) })),
      ],
      [
        `a page in place of an answer, ${form}`,
        answer((text) => ({
          status: 200,
          headers: { "Content-Type": "text/html" },
          body: `<${write(text)}`,
        })),
      ],
      [
        `an answer of another form, ${form}`,
        answer((text) => ({
          status: 200,
          headers: { "Content-Type": "text/html" },
          body: JSON.stringify({ [write(text)]: write(text), token: { [write(text)]: 1 } }),
        })),
      ],
      [
        `a list of wrong items, ${form}`,
        answer((text) => ({
          status: 200,
          headers: { "Content-Type": "text/html" },
          body: JSON.stringify([write(text), { _id: write(text), type: write(text), token: 5 }]),
        })),
      ],
      [
        `another encoding, ${form}`,
        answer((text) => ({ status: 200, headers: { "Content-Encoding": header(text).slice(0, 2000) } })),
      ],
      ...[301, 302, 303, 307, 308].map((status): [string, Step] => [
        `${status} to another origin with the request in its address, ${form}`,
        answer((text) => ({
          status,
          headers: { Location: `http://u:${encodeURIComponent(write(text))}@127.0.0.1:9/?q=${header(text)}` },
        })),
      ]),
      [
        `307 to the same origin with the request in its address, ${form}`,
        answer((text) => ({ status: 307, headers: { Location: `/${encodeURIComponent(write(text))}` } })),
      ],
      [
        `307 to an invalid address, ${form}`,
        answer((text) => ({ status: 307, headers: { Location: `http://[${header(text)}` } })),
      ],
    ];
  }),
  [
    "an interrupted refusal",
    (request, response) => {
      response.writeHead(400, { "Content-Length": 100_000 });
      response.write(`{"error":"${said(request)}`, () => setTimeout(() => response.destroy(), 5));
    },
  ],
  [
    "an interrupted answer",
    (request, response) => {
      response.writeHead(200, { ...json, "Content-Length": 100_000 });
      response.write(`["${said(request)}`, () => setTimeout(() => response.destroy(), 5));
    },
  ],
  [
    "an answer that never ends",
    (request, response) => {
      response.writeHead(200, json);
      response.write(`["${said(request)}`);
    },
  ],
  [
    "a large answer",
    (request, response) => void response.writeHead(200).end(`["${said(request)}${"x".repeat(50_000)}`),
  ],
  [
    "interrupted gzip",
    (request, response) => {
      const whole = gzipSync(said(request) + random().repeat(50));
      response
        .writeHead(200, { ...json, "Content-Encoding": "gzip" })
        .end(whole.subarray(0, whole.length / 2));
    },
  ],
  ["a very slow answer", drip(10)],
  ["silence", () => undefined],
  ["a reset", (_request, response) => void response.socket?.resetAndDestroy()],
  [
    "an answer that is not HTTP",
    (request, response) => void response.socket?.end(`HTTP/1.1 ${said(request)}\r\n${said(request)}\r\n\r\n`),
  ],
];

/** The error of a call, after a check that it contains no secret. */
async function clean(promise: Promise<unknown>, what: string): Promise<HubError> {
  const error = await promise.then(
    () => assert.fail(`The call succeeded: ${what}`),
    (reason: unknown) => reason,
  );
  assert.deepEqual(search.inError(error), [], what);
  assert.ok(error instanceof HubError, what);
  return error;
}

describe("secrets in the client's errors", function () {
  this.timeout(60_000);
  const quick = (endpoint: string, options: HubClientOptions = {}) =>
    quickClient(endpoint, { token, timeoutSeconds: 0.1, maxRetries: 0, maxBodyBytes: 20_000, ...options })
      .client;

  for (const [name, call] of Object.entries(calls)) {
    it(`${name} leaks none, whatever the Hub answers`, async () => {
      let failed = 0;
      for (const [what, step] of answers) {
        // A stream has no total time limit.
        if (name === "a stream" && what === "a very slow answer") continue;
        const server = await startScriptedServer(step);
        const client = quick(server.endpoint);
        try {
          const error = await call(client).then(
            () => undefined,
            (reason: unknown) => reason,
          );
          assert.deepEqual(search.inError(error), [], `${name}, ${what}`);
          if (error !== undefined) {
            assert.ok(error instanceof HubError, `${name}, ${what}: ${inspect(error)}`);
            failed += 1;
          }
        } finally {
          client.close();
          await server.close();
        }
      }
      // If the client ignores the body of a success, a malformed body is still a success.
      assert.ok(failed > answers.length * 0.8, `only ${failed} of ${answers.length} failed`);
    });
  }

  it("do not leak through a link to another origin that contains the token", async () => {
    const other = await startScriptedServer({ body: [] });
    let server: ScriptedServer | undefined;
    try {
      for (const [form, write] of Object.entries(forms)) {
        server = await startScriptedServer((request, response) => {
          const link = `${other.endpoint}/?q=${encodeURIComponent(write(said(request)))}`;
          response.writeHead(200, { ...json, Link: `<${link}>; rel="next"` }).end("[]");
        });
        const client = quick(server.endpoint);
        for (const name of ["a listing", "a stream"]) {
          const error = await clean(calls[name]!(client), `${name}, ${form}`);
          assert.equal(error.code, "endpoint_refused");
        }
        client.close();
        await server.close();
      }
    } finally {
      await other.close();
    }
    assert.deepEqual(other.requests, []);
  });

  it("do not leak on connection errors: refused, untrusted certificate, unknown name, cancelled call", async () => {
    const closed = await startScriptedServer();
    await closed.close();
    const { certificate: cert, privateKey: key } = await makeCertificate({ cn: "localhost" });
    const untrusted = https.createServer({ cert, key }, (_request, response) => response.end("[]"));
    untrusted.listen(0, "127.0.0.1");
    await once(untrusted, "listening");
    const mute = net.createServer(() => undefined).listen(0, "127.0.0.1");
    await once(mute, "listening");
    const portOf = (server: net.Server) => (server.address() as net.AddressInfo).port;
    const endpoints: [string, string, HubClientOptions?][] = [
      [closed.endpoint, "network"],
      [`https://127.0.0.1:${portOf(untrusted)}`, "network"],
      [`https://127.0.0.1:${portOf(mute)}`, "timeout"],
      ["https://hub.invalid", "network"],
      [closed.endpoint, "aborted", { signal: AbortSignal.abort(new Error(token)) }],
    ];
    try {
      for (const [endpoint, code, options] of endpoints) {
        for (const [name, call] of Object.entries(calls)) {
          const client = quick(endpoint, {
            // A short timeout only for the test of the timeout, so that a slow machine causes no timeout in the
            // others.
            timeoutSeconds: code === "timeout" ? 0.1 : 10,
            ...options,
          });
          const error = await clean(call(client), `${name}, ${endpoint}`);
          // Without internet access the name server may not answer either.
          assert.ok(error.code === code || endpoint.includes("invalid"), `${endpoint}: ${error.code}`);
          client.close();
        }
      }
    } finally {
      untrusted.close();
      untrusted.closeAllConnections();
      mute.close();
    }
  });

  it("are found anywhere in an error by the search", () => {
    const grave = new Error("outer", { cause: new Error(`inner ${token}`) });
    Object.defineProperty(grave, "hidden", {
      value: { deep: [Buffer.from(clientSecret).toString("base64")] },
    });
    Object.assign(grave, { config: { headers: new Map([["authorization", leaked]]) } });
    class Shy extends Error {
      get more(): string {
        return encodeURIComponent(token);
      }
      [Symbol.for("nodejs.util.inspect.custom")](): string {
        return "nothing to see";
      }
    }
    const shy = Object.assign(new Shy("shy"), { config: { token } });
    const places = [...search.inError(grave), ...search.inError(shy)].map(({ place }) => place);
    for (const place of [
      "property cause.message of the error",
      "property cause.stack of the error",
      "property hidden.deep.0 of the error",
      "property config.headers[].1 of the error",
      "property more of the error",
      "JSON of the error",
      "error as Node prints it",
      "error as Node prints it in whole",
      "error as Node prints it without its own form",
    ]) {
      assert.ok(places.includes(place), `${place} in ${places.join("\n")}`);
    }
    assert.equal(
      search.inError(new Error(token)).some(({ place }) => place === "text of the error"),
      true,
    );
  });
});

describe("proxy user name and password", function () {
  this.timeout(60_000);
  const user = "proxy-user";
  const names = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy", "HTTP_PROXY"] as const;
  const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  const setProxy = (name: (typeof names)[number] | undefined, value = "") => {
    for (const each of names) delete process.env[each];
    if (name !== undefined) process.env[name] = value;
  };
  after(() => {
    for (const name of names) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });
  // In a URL, where some characters are escaped.
  const passwords = { plain: `pw${random()}`, escaped: `p%40w%2F%20${random()}%22` };

  for (const [kind, password] of Object.entries(passwords)) {
    for (const name of ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] as const) {
      it(`are not in any error: ${name}, ${kind}`, async () => {
        search.plant("password of the proxy", password);
        search.plant("password of the proxy, decoded", decodeURIComponent(password));
        const proxy = await startForwardProxy(9, "");
        const url = (port: number | string) => `http://${user}:${password}@127.0.0.1:${port}`;
        try {
          for (const manner of ["echo", "cut", "tunnel"] satisfies ProxyManner[]) {
            proxy.manner = manner;
            setProxy(name, url(proxy.port));
            for (let round = 0; round < (manner === "echo" ? 8 : 1); round++) {
              const client = quickClient("https://hub.invalid", { token, maxRetries: 0 }).client;
              await clean(calls["a change"]!(client), `${manner} ${round}`);
              client.close();
            }
          }
          assert.equal(proxy.heads.length, 10);
          assert.ok(proxy.heads.every((head) => head.startsWith("CONNECT hub.invalid:443\n")));
          assert.deepEqual(
            search.in("the proxy", proxy.heads.join("\n")).filter(({ secret }) => !secret.includes("proxy")),
            [],
            "the proxy should not see our secrets",
          );
        } finally {
          await proxy.close();
        }
        // A port without a server, an invalid port, an invalid URL.
        for (const port of [proxy.port, "99999", "x"]) {
          setProxy(name, url(port));
          const client = quickClient("https://hub.invalid", { token, maxRetries: 0 }).client;
          await clean(calls["a change"]!(client), String(port));
        }
      });
    }
  }
});
