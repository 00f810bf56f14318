// Secrets on the network: a Hub that redirects, a proxy, and the errors about them.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Asked, type Treatment } from "../support/echoProxy";
import { type Env } from "../support/engine";
import { type ForwardProxy, startForwardProxy } from "../support/forwardProxy";
import { done, failed, HEAD, lifecycle, PlantedStack, random, refused } from "../support/plantedStack";
import { type ScriptedServer, startScriptedServer } from "../support/scriptedServer";
import { startTlsFront, type TlsFront } from "../support/tlsFront";

/** So that one refusal does not hide the others. */
const ALL = ["--continue-on-error"];

const STATUSES = [301, 302, 303, 307, 308];

const reads = ({ method, url }: Asked): boolean => method === "GET" && !url.startsWith("/echo");
const changes = ({ method }: Asked): boolean => method !== "GET";

/** Everything that a server has received, as one text. */
const got = ({ requests }: ScriptedServer): string => JSON.stringify(requests);

describe("secrets on the way", function () {
  this.timeout(600_000);
  let stack: PlantedStack;
  let elsewhere: ScriptedServer;

  before(async () => {
    stack = await PlantedStack.start("on-the-way");
    elsewhere = await startScriptedServer({ body: [] });
    await stack.project.setConfig({ "huggingface:maxRetries": "0" });
    done(await stack.run("up"));
  });
  afterEach(() => {
    stack.proxy.treatment = undefined;
    stack.proxy.manner = "pass";
  });
  after(async () => {
    await stack.close();
    await elsewhere.close();
  });

  /** Answers with each redirect in turn. The address contains the request, in plain text and encoded. */
  const redirecting = (which: (asked: Asked) => boolean, origin: string) => {
    let count = 0;
    const used = new Set<number>();
    const treatment: Treatment = (asked, response) => {
      if (asked.url.startsWith("/echo")) {
        response.writeHead(400).end(`${asked.url} ${asked.said}`);
        return true;
      }
      if (!which(asked)) return false;
      const status = STATUSES[count % STATUSES.length] ?? 302;
      const url = encodeURIComponent(asked.said);
      const base64 = Buffer.from(asked.said).toString("base64url");
      const { protocol, host } = new URL(origin);
      const places = [
        `${origin}/echo?asked=${url}`,
        `${origin}/echo/${base64}#${url}`,
        `${protocol}//hub:${base64.slice(0, 200)}@${host}/echo`,
        `//${host}/echo?${base64}`,
      ];
      response.writeHead(status, { Location: places[count++ % places.length] }).end(asked.said);
      used.add(status);
      return true;
    };
    return { treatment, used };
  };

  for (const [kind, which] of Object.entries({ reads, changes })) {
    for (const there of ["another origin", "the same origin"]) {
      it(`do not leak through redirects of ${kind} to ${there}, with token and body in the address`, async () => {
        await stack.project.write("index.js", refused);
        const origin = there === "another origin" ? elsewhere.endpoint : stack.proxy.endpoint;
        const { treatment, used } = redirecting(which, origin);
        stack.proxy.treatment = treatment;
        const result = await stack.run("up", { args: ALL });
        const followed = kind === "reads" && there === "the same origin";
        const reason = followed
          ? /answered 400/
          : there === "another origin"
            ? /with a redirect to another origin/
            : /with a redirect to another address/;
        failed(result, reason);
        if (which === reads) failed(await stack.run("refresh"), reason);
        assert.equal(used.size, STATUSES.length, `statuses used: ${[...used].join(", ")}`);
        assert.deepEqual(elsewhere.requests, []);
      });
    }
  }

  it("do not leak through links to another origin that contain the token", async () => {
    let linked = 0;
    stack.proxy.treatment = async (asked, response) => {
      if (asked.method !== "GET") return false;
      const { status, headers, text } = await asked.forward();
      if (text.startsWith("[")) {
        linked += 1;
        headers["link"] = `<${elsewhere.endpoint}/?asked=${encodeURIComponent(asked.said)}>; rel="next"`;
      }
      response.writeHead(status, headers).end(text);
      return true;
    };
    await stack.project.write(
      "index.js",
      `${HEAD}
const { inspect } = require("node:util");
const stream = async () => { for await (const entry of hf.streamAuditLogs("acme")) void entry; };
for (const call of [() => hf.getMemberTokens("acme"), () => hf.getRepositories("acme"), stream]) {
  call().catch((error) => console.error("caught", error.code, error.stack,
    inspect(error, { depth: Infinity, showHidden: true, customInspect: false })));
}
hf.getRepositories("acme", { search: "not caught" });
new hf.RepoVisibility("c", { repo: "acme/speech-base", visibility: "internal" });
`,
    );
    const result = await stack.run("up", { args: ALL });
    failed(result, /leads to another origin, to which the token must not be sent/);
    for (const path of ["settings/tokens", "settings/repositories", "audit-log/export"]) {
      assert.ok(
        result.stdout.includes(`path: '/api/organizations/acme/${path}'`),
        `the error for ${path} should be caught`,
      );
    }
    assert.match(result.stdout, /error: HubError: The Hub's link/);
    assert.ok(linked >= 4, `${linked} links`);
    assert.deepEqual(elsewhere.requests, []);
  });

  it("would be found in the requests to the other origin", async () => {
    const token = stack.tokens.env;
    await fetch(elsewhere.endpoint, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(elsewhere.requests.length, 1);
    assert.ok(stack.search.in("the other origin", got(elsewhere)).length > 0);
    elsewhere.requests.splice(0);
  });

  it("do not leak over plain http to another machine", async () => {
    await stack.project.write("index.js", refused);
    failed(
      await stack.run("up", { args: ALL, env: { HF_ENDPOINT: "http://hub.acme.example" } }),
      /http would send the token unencrypted/,
    );
  });

  describe("through a proxy with a password", () => {
    const HOST = "hub.acme.example";
    let front: TlsFront;
    let way: ForwardProxy;
    let password: string;
    /** The proxy in one of the variables. */
    const env = (variable: string, address: string): Env => ({
      HF_ENDPOINT: `https://${HOST}`,
      NODE_EXTRA_CA_CERTS: join(stack.project.dir, "authority.pem"),
      // The engine's own processes communicate over this machine.
      NO_PROXY: "127.0.0.1",
      no_proxy: "127.0.0.1",
      HTTP_PROXY: address,
      [variable]: address,
    });
    const address = (port: number) => `http://proxy-user:${password}@127.0.0.1:${port}`;

    before(async () => {
      front = await startTlsFront(HOST, stack.proxy.endpoint);
      password = stack.search.plant("password of the proxy", random());
      way = await startForwardProxy(front.port, `proxy-user:${password}`);
      await writeFile(join(stack.project.dir, "authority.pem"), front.certificate);
    });
    after(async () => {
      await way.close();
      await front.close();
    });

    it("do not leak over a whole lifecycle: the proxy sees none of ours, and no one else sees its password", async () => {
      await stack.project.write("index.js", lifecycle(true));
      done(await stack.run("up", { env: env("HTTPS_PROXY", address(way.port)), json: true }));
      done(await stack.run("refresh", { env: env("ALL_PROXY", address(way.port)) }));
      done(await stack.run("preview", { env: env("https_proxy", address(way.port)) }));
      assert.ok(way.heads.length >= 10, `${way.heads.length} requests`);
      assert.ok(way.heads.every((head) => head.startsWith("CONNECT ")));
      assert.ok(way.heads.some((head) => head.startsWith(`CONNECT ${HOST}:443\n`)));
      const ours = stack.search
        .in("the proxy", way.heads.join("\n") + way.wire())
        .filter(({ secret }) => secret !== "password of the proxy");
      assert.deepEqual(ours, []);
      assert.ok(way.wire().length > 10_000, "all requests should use the proxy");
      assert.ok(
        stack.search.in("the proxy", way.heads.join("\n")).length > 0,
        "the proxy should receive its password",
      );
    });

    it("do not leak if the proxy refuses and repeats the request", async () => {
      await stack.project.write("index.js", refused);
      way.manner = "echo";
      const before = way.heads.length;
      const result = await stack.run("up", { args: ALL, env: env("HTTPS_PROXY", address(way.port)) });
      failed(result, /answered 407/);
      assert.match(result.text, /not you: .*\[secret\]/);
      failed(
        await stack.run("refresh", { env: env("ALL_PROXY", address(way.port)) }),
        /answered 40[37]|answered 502/,
      );
      assert.ok(way.heads.length >= before + 8, `${way.heads.length - before} requests`);
    });

    it("do not leak if the proxy is silent, missing or invalid", async () => {
      await stack.project.setConfig({ "huggingface:timeoutSeconds": "2" });
      way.manner = "cut";
      const up = (at: string, port: number | string) =>
        stack.run("up", { args: ALL, env: env(at, address(port as number)) });
      failed(await up("HTTPS_PROXY", way.port), /could not be reached/);
      failed(await up("ALL_PROXY", 9), /refused the connection|could not be reached/);
      failed(await up("HTTPS_PROXY", "no-port"), /could not be reached/);
      await stack.project.removeConfig("huggingface:timeoutSeconds");
    });
  });

  it("do not leak in destroy, with each redirect again", async () => {
    await stack.project.write("index.js", lifecycle(true));
    const { treatment } = redirecting(changes, elsewhere.endpoint);
    stack.proxy.treatment = treatment;
    failed(await stack.run("destroy", { args: ALL }), /with a redirect to another origin/);
    stack.proxy.treatment = undefined;
    done(await stack.run("destroy"));
    assert.deepEqual(elsewhere.requests, []);
  });
});
