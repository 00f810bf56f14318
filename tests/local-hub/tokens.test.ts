import assert from "node:assert/strict";
import { askAll, ask, expectStatus } from "./ask";
import { startHub, type Hub } from "../support/hub";

const OWN = "/api/settings/tokens";
const MEMBERS = "/api/organizations/acme/settings/tokens";

interface Created {
  name: string;
  token: string;
}

describe("local Hub: a user's own tokens", () => {
  let hub: Hub;
  let now: Date;
  beforeEach(async () => {
    now = new Date("2026-11-20T12:00:00Z");
    hub = await startHub({ now: () => now });
  });
  afterEach(() => hub.close());

  it("creates a token, accepts its value, lists it without the value, and deletes it", async () => {
    const name = "ci [ab12-cd34]/ü";
    const { body } = await expectStatus<Created>(201, hub, "POST", OWN, { body: { name, role: "read" } });
    await expectStatus(200, hub, "GET", "/api/whoami-v2", { token: body.token });
    const { body: list } = await expectStatus<{ name: string; lastUsed: string | null }[]>(
      200,
      hub,
      "GET",
      OWN,
    );
    const listed = list.find((each) => each.name === name);
    assert.equal(listed?.lastUsed, now.toISOString());
    assert.ok(!JSON.stringify(list).includes(body.token));
    await expectStatus(204, hub, "DELETE", `${OWN}/${encodeURIComponent(name)}`);
    await expectStatus(404, hub, "DELETE", `${OWN}/${encodeURIComponent(name)}`);
    await expectStatus(401, hub, "GET", "/api/whoami-v2", { token: body.token });
  });

  it("refuses a name that is taken", async () => {
    const body = { name: "ci", role: "read" };
    await expectStatus(201, hub, "POST", OWN, { body });
    await expectStatus(409, hub, "POST", OWN, { body });
  });

  it("refuses an expired token, and frees its name", async () => {
    const body = { name: "ci", role: "read", expiresAt: "2026-11-21T00:00:00Z" };
    const { body: made } = await expectStatus<Created>(201, hub, "POST", OWN, { body });
    await expectStatus(200, hub, "GET", "/api/whoami-v2", { token: made.token });
    now = new Date("2026-11-21T00:00:00Z");
    const { body: refusal } = await expectStatus<{ error: string }>(401, hub, "GET", "/api/whoami-v2", {
      token: made.token,
    });
    assert.match(refusal.error, /expired/);
    await expectStatus(201, hub, "POST", OWN, { body: { name: "ci", role: "read" } });
  });

  it("refuses an expiry date that is in the past or invalid", async () => {
    for (const expiresAt of ["2026-11-19T00:00:00Z", "tomorrow", "2026-11-21", 5]) {
      await expectStatus(400, hub, "POST", OWN, { body: { name: "ci", role: "read", expiresAt } });
    }
  });

  it("does not let a token create a stronger one", async () => {
    const token = hub.tokens.write;
    await expectStatus(403, hub, "POST", OWN, { token, body: { name: "x", role: "admin" } });
    await expectStatus(201, hub, "POST", OWN, { token, body: { name: "x", role: "write" } });
  });

  it("refuses service accounts", async () => {
    const accounts = "/api/organizations/acme/service-accounts";
    const { body } = await expectStatus<{ _id: string }>(201, hub, "POST", accounts, { body: { name: "x" } });
    const { body: made } = await expectStatus<Created>(201, hub, "POST", `${accounts}/${body._id}/tokens`, {
      body: {},
    });
    await expectStatus(403, hub, "GET", OWN, { token: made.token });
  });

  it("logs no audit event, because the Hub has no type for it", async () => {
    const before = hub.store.auditEvents.length;
    await expectStatus(201, hub, "POST", OWN, { body: { name: "ci", role: "read" } });
    await expectStatus(204, hub, "DELETE", `${OWN}/ci`);
    assert.equal(hub.store.auditEvents.length, before);
  });

  it("lets a test age, use, expire and revoke a token", async () => {
    const { token } = hub.store.findToken(hub.tokens.write) ?? assert.fail();
    hub.store.ageToken(token.id, "2026-01-01T00:00:00Z");
    hub.store.markTokenUsed(token.id, new Date("2026-02-01T00:00:00Z"));
    const edited = hub.store.userTokens.get(token.id);
    assert.equal(edited?.createdAt, "2026-01-01T00:00:00.000Z");
    assert.equal(edited?.lastUsedAt, "2026-02-01T00:00:00.000Z");
    hub.store.setTokenExpiry(token.id, "2026-03-01T00:00:00Z");
    await expectStatus(401, hub, "GET", "/api/whoami-v2", { token: hub.tokens.write });
    hub.store.setTokenExpiry(token.id, null);
    await expectStatus(200, hub, "GET", "/api/whoami-v2", { token: hub.tokens.write });
    hub.store.revokeToken(token.id);
    await expectStatus(401, hub, "GET", "/api/whoami-v2", { token: hub.tokens.write });
  });
});

describe("local Hub: members' tokens in the organization", () => {
  let hub: Hub;
  beforeEach(async () => (hub = await startHub()));
  afterEach(() => hub.close());

  interface Listed {
    _id: string;
    owner: { name: string };
    role: string;
    authorization?: { status: string; authorizer?: object };
  }

  const list = async (q?: string): Promise<string[]> => {
    const query = q === undefined ? "" : `?q=${encodeURIComponent(q)}`;
    const { items } = await askAll<Listed>(hub, MEMBERS + query);
    return items.map((each) => each.owner.name).sort();
  };

  it("lists tokens page by page, and filters by owner, role, last four characters and status", async () => {
    const { items, pages } = await askAll<Listed>(hub, `${MEMBERS}?limit=1`);
    assert.equal(items.length, 4);
    assert.equal(pages, 4);
    assert.deepEqual(await list("owner:rex-read"), ["rex-read"]);
    assert.deepEqual(await list("role:read"), ["rex-read"]);
    assert.deepEqual(await list("-role:read"), ["ada-admin", "cora-contributor", "wim-write"]);
    assert.deepEqual(await list(`token:${hub.tokens.write.slice(-4)}`), ["wim-write"]);
    await expectStatus(400, hub, "GET", `${MEMBERS}?q=anything`);
    await expectStatus(400, hub, "GET", `${MEMBERS}?limit=101`);
  });

  it("pages by the id of the last token, with 100 tokens per page", async () => {
    const { items } = await askAll<Listed>(hub, MEMBERS);
    const ids = items.map((each) => each._id);
    assert.deepEqual(ids, [...ids].sort());
    const { items: rest } = await askAll<Listed>(hub, `${MEMBERS}?cursor=${(ids[1] ?? "").toUpperCase()}`);
    assert.deepEqual(
      rest.map((each) => each._id),
      ids.slice(2),
    );
    for (const cursor of ["x", "1", `${"0".repeat(23)}g`, "0".repeat(25)]) {
      await expectStatus(400, hub, "GET", `${MEMBERS}?cursor=${cursor}`);
    }
    for (let i = 0; i < 101; i++) hub.createToken("rex-read", { name: `t${i}`, role: "read" });
    const first = await ask<Listed[]>(hub, "GET", MEMBERS);
    assert.equal(first.body.length, 100);
    const last = first.body.at(-1)?._id ?? "";
    assert.ok(first.headers.get("link")?.includes(`cursor=${last}`));
  });

  it("describes the authorizer with name, fullname and avatarUrl", async () => {
    const { token } = hub.store.findToken(hub.tokens.write) ?? assert.fail();
    await expectStatus(200, hub, "POST", `${MEMBERS}/${token.id}/revoke`);
    const { items } = await askAll<Listed>(hub, `${MEMBERS}?q=status:revoked`);
    const { avatarUrl } = hub.store.users.get("ada-admin") ?? assert.fail();
    assert.deepEqual(items[0]?.authorization?.authorizer, {
      name: "ada-admin",
      fullname: "Ada Adler",
      avatarUrl,
    });
  });

  it("revokes a token's access to this organization permanently, and hides the token", async () => {
    const { token } = hub.store.findToken(hub.tokens.write) ?? assert.fail();
    const answer = await expectStatus(200, hub, "POST", `${MEMBERS}/${token.id}/revoke`);
    assert.equal(answer.body, undefined);
    const { body } = await expectStatus<{ error: string }>(403, hub, "GET", "/api/models/acme/llm-private", {
      token: hub.tokens.write,
    });
    assert.equal(
      body.error,
      "Your token has been revoked by the organization administrator, you can no longer access organization resources. Please contact them for more information.",
    );
    const who = await expectStatus<{ orgs: { securityRestrictions: string[] }[] }>(
      200,
      hub,
      "GET",
      "/api/whoami-v2",
      {
        token: hub.tokens.write,
      },
    );
    assert.deepEqual(who.body.orgs[0]?.securityRestrictions, ["token-revoked"]);
    assert.ok(!(await list()).includes("wim-write"));
    assert.deepEqual(await list("status:revoked"), ["wim-write"]);
    assert.ok((await list("status:all")).includes("wim-write"));
    assert.equal(
      hub.store.auditEventsOf("acme").at(-1)?.type,
      "org.token_approval.authorization_request.revoked",
    );
  });

  it("finds an owner's tokens whatever the case of the name", async () => {
    const { body } = await expectStatus<unknown[]>(200, hub, "GET", `${MEMBERS}?q=owner:WIM-write`);
    assert.equal(body.length, 1);
  });

  it("does not let anyone revoke their own token's access", async () => {
    const { token } = hub.store.findToken(hub.tokens.admin) ?? assert.fail();
    await expectStatus(403, hub, "POST", `${MEMBERS}/${token.id}/revoke`);
  });

  it("refuses a token until it is approved, if the organization's policy requires it", async () => {
    const { token } = hub.store.findToken(hub.tokens.read) ?? assert.fail();
    hub.store.setTokenPolicy("acme", "approval");
    const { body } = await expectStatus<{ error: string }>(
      403,
      hub,
      "GET",
      "/api/organizations/acme/settings/repositories",
      { token: hub.tokens.read },
    );
    assert.equal(
      body.error,
      "Due to the organization token policy, your token needs to be approved by the organization before you can access this resource.",
    );
    const requestedAt = hub.store.userTokens.get(token.id)?.authorizations.acme?.requestedAt ?? assert.fail();
    hub.store.authorizeToken("acme", token.id, {
      status: "approved",
      requestedAt,
      authorizedAt: requestedAt,
    });
    await expectStatus(200, hub, "GET", "/api/organizations/acme/settings/repositories", {
      token: hub.tokens.read,
    });
  });

  for (const [what, refuse] of [
    ["waits for approval", () => hub.store.setTokenPolicy("acme", "approval")],
    [
      "is revoked for the organization",
      () => {
        const { token } = hub.store.findToken(hub.tokens.write) ?? assert.fail();
        const { createdAt: requestedAt } = token;
        hub.store.authorizeToken("acme", token.id, { status: "revoked", requestedAt });
      },
    ],
  ] as const) {
    it(`lists only what outsiders see for a token that ${what}`, async () => {
      for (const type of ["model", "dataset", "space", "kernel"]) {
        const body = { organization: "acme", name: "hidden", type, private: true, sdk: "static" };
        await expectStatus(200, hub, "POST", "/api/repos/create", { body });
      }
      await expectStatus(200, hub, "POST", "/api/buckets/acme/hidden", { body: { private: true } });
      const item = { type: "model", id: "acme/hidden" };
      const collection = { title: "open", namespace: "acme", item };
      const made = await expectStatus<{ slug: string }>(200, hub, "POST", "/api/collections", {
        body: collection,
      });
      await expectStatus(200, hub, "POST", "/api/collections", {
        body: { ...collection, title: "closed", private: true },
      });
      refuse();
      for (const path of [
        ...["models", "datasets", "spaces", "kernels"].map((plural) => `/api/${plural}?author=acme`),
        "/api/buckets/acme",
        "/api/collections?owner=acme",
        `/api/collections/${made.body.slug}`,
        "/api/organizations/acme/members",
      ]) {
        const refused = await expectStatus(200, hub, "GET", path, { token: hub.tokens.write });
        const outsider = await expectStatus(200, hub, "GET", path, { token: hub.tokens.outsider });
        assert.deepEqual(refused.body, outsider.body, path);
      }
      await expectStatus(403, hub, "GET", "/api/models/acme/hidden", { token: hub.tokens.write });
      await expectStatus(403, hub, "GET", "/api/collections/acme/closed", { token: hub.tokens.write });
    });
  }

  it("requires the Team plan to list and Enterprise to revoke", async () => {
    const { token } = hub.store.findToken(hub.tokens.write) ?? assert.fail();
    hub.store.setPlan("acme", "team");
    await expectStatus(200, hub, "GET", MEMBERS);
    await expectStatus(402, hub, "POST", `${MEMBERS}/${token.id}/revoke`);
    hub.store.setPlan("acme", "free");
    await expectStatus(402, hub, "GET", MEMBERS);
  });

  it("revokes leaked values of both kinds, requires no token, and gives the same answer to any value", async () => {
    const accounts = "/api/organizations/acme/service-accounts";
    const { body: account } = await expectStatus<{ _id: string }>(201, hub, "POST", accounts, {
      body: { name: "x" },
    });
    const made = await ask<Created>(hub, "POST", `${accounts}/${account._id}/tokens`, { body: {} });
    const credentials = [hub.tokens.read, made.body.token, "sk-something-else"];
    const reply = await expectStatus(202, hub, "POST", "/api/credentials/revoke", {
      token: null,
      body: { credentials },
    });
    assert.equal(reply.body, undefined);
    await expectStatus(401, hub, "GET", "/api/whoami-v2", { token: hub.tokens.read });
    await expectStatus(401, hub, "GET", "/api/whoami-v2", { token: made.body.token });
    assert.equal(hub.store.auditEventsOf("acme").at(-1)?.author.type, "system");
    for (const wrong of [[], [""], ["x".repeat(201)], Array.from({ length: 1001 }, () => "x")]) {
      await expectStatus(400, hub, "POST", "/api/credentials/revoke", {
        token: null,
        body: { credentials: wrong },
      });
    }
  });
});
