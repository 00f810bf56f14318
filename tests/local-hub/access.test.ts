import assert from "node:assert/strict";
import { request } from "node:http";
import { routes } from "huggingface-local-hub/dist/routes/index.js";
import { ask, expectStatus } from "./ask";
import { startHub, type Hub } from "../support/hub";

/** A path that matches the route's pattern. */
function examplePath(url: string): string {
  return url
    .replace(":org", "acme")
    .replace(":namespace/:repo", "acme/llm-private")
    .replace(/:id|:tokenId/g, "0".repeat(24))
    .replace(":username", "rex-read")
    .replace(":name", "x")
    .replace(":revision", "main")
    .replace(":namespace/:slug", "acme/none")
    .replace(":namespace", "acme")
    .replace(/:itemId|:logId/, "0".repeat(24));
}

describe("local Hub: access", () => {
  let hub: Hub;
  before(async () => (hub = await startHub()));
  after(() => hub.close());

  for (const route of routes) {
    const name = `${route.method} ${route.url}`;
    const path = examplePath(route.url);
    if ((route.auth ?? "required") === "required") {
      it(`${name} requires a token`, () => expectStatus(401, hub, route.method, path, { token: null }));
    }
    if ((route.auth ?? "required") !== "none") {
      it(`${name} refuses an unknown token`, async () => {
        const { body, headers } = await expectStatus<{ error: string }>(401, hub, route.method, path, {
          token: `hf_${"x".repeat(34)}`,
        });
        assert.equal(body.error, "Invalid credentials in Authorization header");
        assert.equal(headers.get("x-error-message"), body.error);
      });
    }
    if (route.method !== "GET" && route.auth !== "none") {
      it(`${name} refuses a read token`, () =>
        expectStatus(403, hub, route.method, path, { token: hub.tokens.read }));
    }
    if (route.method !== "GET") {
      it(`${name} ignores an unknown field and does not echo it`, async () => {
        const { body, status } = await ask(hub, route.method, path, { body: { surprise: "s3cret" } });
        assert.notEqual(status, 500);
        assert.doesNotMatch(JSON.stringify(body ?? {}), /surprise|s3cret/);
      });
    }
    if (route.method === "GET") {
      it(`${name} ignores an unknown query parameter`, async () => {
        const plain = await ask(hub, "GET", path);
        const { status } = await ask(hub, "GET", `${path}?surprise=1`);
        assert.equal(status, plain.status);
      });
    }
  }

  it("names an invalid field in the error, but not its value", async () => {
    const { body } = await expectStatus<{ error: string }>(400, hub, "POST", "/api/settings/tokens", {
      body: { name: "x", role: "s3cret" },
    });
    assert.match(body.error, /^role: must be one of/);
    assert.doesNotMatch(body.error, /s3cret/);
  });

  it("adds a request id to every answer, and returns the client's own id", async () => {
    const { headers } = await ask(hub, "GET", "/api/nothing");
    assert.match(headers.get("x-request-id") ?? "", /^Root=1-[0-9a-f]{24}$/);
    const own = await ask(hub, "GET", "/api/whoami-v2", { headers: { "x-request-id": "mine-1" } });
    assert.equal(own.headers.get("x-request-id"), "mine-1");
  });

  it("answers 404 with an error for an unknown path", async () => {
    const { body } = await expectStatus<{ error: string }>(404, hub, "GET", "/api/nothing");
    assert.equal(typeof body.error, "string");
  });

  it("answers 400 to a body that is not JSON", async () => {
    const response = await fetch(`${hub.endpoint}/api/repos/create`, {
      method: "POST",
      headers: { authorization: `Bearer ${hub.tokens.admin}`, "content-type": "application/json" },
      body: "{",
    });
    assert.equal(response.status, 400);
    assert.deepEqual(await response.json(), { error: "The body is not JSON" });
  });

  it("refuses a host name of another machine, so that foreign web pages cannot read it", async () => {
    const { port } = new URL(hub.endpoint);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request({ port, host: "127.0.0.1", path: "/", headers: { host: "evil.example" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    assert.equal(status, 421);
  });

  it("returns the caller's role, plan and token", async () => {
    const { body } = await expectStatus<{
      name: string;
      auth: { accessToken: { role: string } };
      orgs: { name: string; roleInOrg: string; plan: string; isEnterprise?: boolean }[];
    }>(200, hub, "GET", "/api/whoami-v2");
    assert.ok(body.orgs.every((org) => !("isEnterprise" in org)));
    assert.equal(body.name, "ada-admin");
    assert.equal(body.auth.accessToken.role, "god");
    assert.deepEqual(
      body.orgs.map(({ name, roleInOrg, plan }) => ({ name, roleInOrg, plan })),
      [{ name: "acme", roleInOrg: "admin", plan: "enterprise" }],
    );
  });

  for (const role of ["write", "contributor", "read"] as const) {
    it(`returns the role of the ${role} member`, async () => {
      const { body } = await expectStatus<{ orgs: { roleInOrg: string }[] }>(
        200,
        hub,
        "GET",
        "/api/whoami-v2",
        {
          token: hub.tokens[role],
        },
      );
      assert.equal(body.orgs[0]?.roleInOrg, role);
    });
  }

  it("does not list an organization to a user who is not a member", async () => {
    const { body } = await expectStatus<{ orgs: { name: string }[] }>(200, hub, "GET", "/api/whoami-v2", {
      token: hub.tokens.outsider,
    });
    assert.deepEqual(
      body.orgs.map((org) => org.name),
      ["globex"],
    );
  });

  it("records when a token was last used", async () => {
    const { token } = hub.store.findToken(hub.tokens.write) ?? assert.fail();
    hub.store.markTokenUsed(token.id, null);
    await ask(hub, "GET", "/api/whoami-v2", { token: hub.tokens.write });
    const { lastUsedAt } = hub.store.userTokens.get(token.id) ?? assert.fail();
    assert.ok(Date.now() - Date.parse(lastUsedAt ?? "") < 5000);
  });

  it("records requests without their tokens", async () => {
    await ask(hub, "GET", "/api/whoami-v2?");
    const last = hub.store.requests.at(-1);
    assert.equal(last?.path, "/api/whoami-v2");
    assert.equal(last?.status, 200);
    assert.doesNotMatch(JSON.stringify(hub.store.requests), /hf_[A-Za-z0-9]{34}/);
  });

  it("carries out a request and drops its answer on demand", async () => {
    hub.inject({ method: "POST", path: "/api/repos/create", effect: "lose-answer" });
    const body = { organization: "acme", name: "lost" };
    await assert.rejects(ask(hub, "POST", "/api/repos/create", { body }));
    assert.ok(hub.store.repository("acme/lost"));
    assert.equal(hub.store.requests.at(-1)?.status, 0);
    await expectStatus(409, hub, "POST", "/api/repos/create", { body });
  });

  it("refuses a connection or sends an injected answer, as often as requested", async () => {
    hub.inject({ path: /whoami/, effect: "refuse" });
    await assert.rejects(ask(hub, "GET", "/api/whoami-v2"));
    hub.inject({ path: /whoami/, times: 2, effect: { status: 503, headers: { "retry-after": "1" } } });
    await expectStatus(503, hub, "GET", "/api/whoami-v2");
    await expectStatus(503, hub, "GET", "/api/whoami-v2");
    await expectStatus(200, hub, "GET", "/api/whoami-v2");
  });

  it("answers 404 without an error code on demand, like a Hub that lacks the operation", async () => {
    const path = "/api/organizations/acme/settings/sso";
    hub.inject({ path, effect: { status: 404, body: { error: "Not found" } } });
    const { headers } = await expectStatus(404, hub, "GET", path);
    assert.equal(headers.get("x-error-code"), null);
    const { headers: own } = await expectStatus(404, hub, "GET", path);
    assert.equal(own.get("x-error-code"), "SsoNotConfigured");
  });

  it("treats names of organizations and users as case-insensitive", async () => {
    const { body } = await expectStatus<{ user: string }[]>(
      200,
      hub,
      "GET",
      "/api/organizations/ACME/members?search=rex",
    );
    assert.equal(body[0]?.user, "rex-read");
    const role = { body: { role: "read" } };
    await expectStatus(200, hub, "PUT", "/api/organizations/Acme/members/REX-read/role", role);
    assert.equal(hub.store.auditEventsOf("acme").at(-1)?.data?.user, "rex-read");
    assert.equal(hub.store.auditEventsOf("ACME").length, 0);
  });
});

describe("local Hub: profiles", () => {
  let hub: Hub;
  before(async () => (hub = await startHub({ profile: "public" })));
  after(() => hub.close());

  for (const route of routes.filter((each) => each.extended)) {
    it(`public does not have ${route.method} ${route.url}`, () =>
      expectStatus(404, hub, route.method, examplePath(route.url)));
  }

  it("public refuses the visibility internal", async () => {
    await expectStatus(400, hub, "PUT", "/api/models/acme/llm-private/settings", {
      body: { visibility: "internal" },
    });
    assert.equal(hub.store.repository("acme/llm-private")?.visibility, "private");
  });

  it("public starts with single sign-on that was set up by hand", () => {
    assert.equal(hub.store.sso.get("acme")?.provider, "oidc");
  });
});

describe("local Hub: rate limits", () => {
  it("counts down in its headers and then answers 429, separately for each token", async () => {
    const hub = await startHub({ rateLimit: 3, rateLimitWindowSeconds: 2 });
    try {
      for (const left of [2, 1, 0]) {
        const { headers } = await expectStatus(200, hub, "GET", "/api/whoami-v2");
        assert.match(headers.get("ratelimit") ?? "", new RegExp(`^"api";r=${left};t=[12]$`));
        assert.equal(headers.get("ratelimit-policy"), '"fixed window";"api";q=3;w=2');
      }
      const { headers } = await expectStatus(429, hub, "GET", "/api/whoami-v2");
      assert.match(headers.get("ratelimit") ?? "", /^"api";r=0;t=\d+$/);
      await expectStatus(200, hub, "GET", "/api/whoami-v2", { token: hub.tokens.read });
      await new Promise((resolve) => setTimeout(resolve, 2100));
      await expectStatus(200, hub, "GET", "/api/whoami-v2");
    } finally {
      await hub.close();
    }
  });

  it("shows the plan's quota and refuses nothing if no limit is set", async () => {
    const hub = await startHub();
    try {
      const { headers } = await expectStatus(200, hub, "GET", "/api/whoami-v2");
      assert.equal(headers.get("ratelimit-policy"), '"fixed window";"api";q=6000;w=300');
    } finally {
      await hub.close();
    }
  });

  it("counts who-am-I requests separately", async () => {
    const hub = await startHub({ whoAmIRateLimit: 1 });
    try {
      await expectStatus(200, hub, "GET", "/api/whoami-v2");
      await expectStatus(429, hub, "GET", "/api/whoami-v2");
      await expectStatus(200, hub, "GET", "/api/organizations/acme/members");
    } finally {
      await hub.close();
    }
  });
});
