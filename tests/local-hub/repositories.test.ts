import assert from "node:assert/strict";
import { ask, askAll, expectStatus } from "./ask";
import { startHub, type Hub } from "../support/hub";

const SETTINGS = "/api/models/acme/llm-private/settings";

interface Listed {
  id: string;
  type: string;
  visibility: string;
  storage: number;
}

describe("local Hub: repositories", () => {
  let hub: Hub;
  beforeEach(async () => (hub = await startHub()));
  afterEach(() => hub.close());

  const visibility = (): string | undefined => hub.store.repository("acme/llm-private")?.visibility;

  it("changes the visibility, returns the sent settings, and logs the former visibility", async () => {
    const { body } = await expectStatus(200, hub, "PUT", SETTINGS, {
      body: { visibility: "public", gated: "auto" },
    });
    assert.deepEqual(body, { visibility: "public", gated: "auto" });
    assert.equal(visibility(), "public");
    const info = await expectStatus(200, hub, "GET", "/api/models/acme/llm-private", { token: null });
    assert.equal(info.body.private, false);
    assert.equal(info.body.gated, "auto");
    const event = hub.store.auditEventsOf("acme").at(-1);
    assert.equal(event?.type, "repo.update_settings");
    assert.deepEqual(event?.data?.previous, { visibility: "private", gated: false });
  });

  it("shows an internal repository as private, but as internal in the organization's list", async () => {
    await expectStatus(200, hub, "PUT", SETTINGS, { body: { visibility: "internal" } });
    const info = await expectStatus(200, hub, "GET", "/api/models/acme/llm-private");
    assert.equal(info.body.private, true);
    const { items } = await askAll<Listed>(
      hub,
      "/api/organizations/acme/settings/repositories?search=llm-private&type=model",
    );
    assert.deepEqual(
      items.map((repo) => repo.visibility),
      ["internal"],
    );
  });

  for (const [what, path, body] of [
    ["protected for a model", SETTINGS, { visibility: "protected" }],
    ["visibility together with private", SETTINGS, { visibility: "public", private: false }],
    ["an unknown visibility", SETTINGS, { visibility: "secret" }],
    ["a text for a flag", SETTINGS, { private: "true" }],
    ["an unknown order of discussions", SETTINGS, { discussionsSorting: "loudest" }],
    ["an invalid email address", SETTINGS, { gatedNotificationsEmail: "ada@acme" }],
    ["an unknown notification mode", SETTINGS, { gatedNotificationsMode: "daily" }],
    ["gated for a Space", "/api/spaces/acme/demo-space/settings", { gated: "auto" }],
    ["visibility for a bucket", "/api/buckets/acme/checkpoints/settings", { visibility: "public" }],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const before = hub.store.auditEvents.length;
      await expectStatus(400, hub, "PUT", path, { body });
      assert.equal(hub.store.auditEvents.length, before);
    });
  }

  it("makes a Space protected", async () => {
    await expectStatus(200, hub, "PUT", "/api/spaces/acme/demo-space/settings", {
      body: { visibility: "protected" },
    });
    assert.equal(hub.store.repository("acme/demo-space", "space")?.visibility, "protected");
  });

  it("stores every setting, returns the sent ones, and logs them", async () => {
    const settings = {
      discussionsDisabled: false,
      discussionsSorting: "trending",
      gated: "manual",
      orgMembersGated: true,
      gatedNotificationsEmail: "ada@acme.example",
      gatedNotificationsMode: "bulk",
    };
    const { body } = await expectStatus(200, hub, "PUT", SETTINGS, { body: { ...settings, surprise: 1 } });
    assert.deepEqual(body, settings);
    const kept = hub.store.repository("acme/llm-private") ?? assert.fail();
    for (const [name, value] of Object.entries(settings)) {
      assert.equal(kept[name as keyof typeof kept], value, name);
    }
    assert.equal(hub.store.auditEventsOf("acme").at(-1)?.data?.gatedNotificationsMode, "bulk");
    await expectStatus(200, hub, "PUT", SETTINGS, { body: { discussionsDisabled: true } });
    assert.equal(hub.store.repository("acme/llm-private")?.orgMembersGated, true);
    assert.deepEqual(hub.store.auditEventsOf("acme").at(-1)?.data?.previous, { discussionsDisabled: false });
  });

  it("changes and logs nothing for an empty body", async () => {
    const before = hub.store.auditEvents.length;
    const { body } = await expectStatus(200, hub, "PUT", SETTINGS, { body: {} });
    assert.deepEqual(body, {});
    assert.equal(hub.store.auditEvents.length, before);
  });

  it("hides a repository from a caller without access: 401 without a token, 404 with one, both with a code", async () => {
    for (const repo of ["llm-private", "nothing-here"]) {
      const anonymous = await expectStatus(401, hub, "GET", `/api/models/acme/${repo}`, { token: null });
      assert.equal(anonymous.headers.get("x-error-code"), "RepoNotFound");
      const outsider = await expectStatus(404, hub, "GET", `/api/models/acme/${repo}`, {
        token: hub.tokens.outsider,
      });
      assert.equal(outsider.headers.get("x-error-code"), "RepoNotFound");
    }
    await expectStatus(404, hub, "PUT", SETTINGS, { token: hub.tokens.outsider, body: { private: false } });
    assert.equal(visibility(), "private");
  });

  it("lets contributors change their own repositories, writers all of them, and readers none", async () => {
    const own = "/api/models/acme/embeddings/settings";
    await expectStatus(200, hub, "PUT", own, { token: hub.tokens.contributor, body: { private: true } });
    await expectStatus(403, hub, "PUT", SETTINGS, { token: hub.tokens.contributor, body: { private: true } });
    await expectStatus(200, hub, "PUT", SETTINGS, { token: hub.tokens.write, body: { private: true } });
    await expectStatus(403, hub, "PUT", SETTINGS, { token: hub.tokens.read, body: { private: true } });
  });

  it("creates, moves and deletes a repository only for callers with access", async () => {
    const body = { name: "fresh", organization: "acme", type: "dataset", visibility: "private" };
    const made = await expectStatus<{ url: string; id: string; name: string }>(
      200,
      hub,
      "POST",
      "/api/repos/create",
      {
        body,
      },
    );
    assert.equal(made.body.url, `${hub.endpoint}/datasets/acme/fresh`);
    assert.equal(made.body.name, "acme/fresh");
    await expectStatus(409, hub, "POST", "/api/repos/create", { body });
    await expectStatus(403, hub, "POST", "/api/repos/create", { token: hub.tokens.outsider, body });
    const move = { fromRepo: "acme/fresh", toRepo: "acme/moved", type: "dataset" };
    await expectStatus(200, hub, "POST", "/api/repos/move", { body: move });
    await expectStatus(404, hub, "POST", "/api/repos/move", { body: move });
    assert.equal(hub.store.repository("acme/moved", "dataset")?.id, made.body.id);
    const gone = { name: "moved", organization: "acme", type: "dataset" };
    await expectStatus(403, hub, "DELETE", "/api/repos/delete", {
      token: hub.tokens.contributor,
      body: gone,
    });
    await expectStatus(200, hub, "DELETE", "/api/repos/delete", { body: gone });
    await expectStatus(404, hub, "DELETE", "/api/repos/delete", { body: gone });
    assert.deepEqual(
      hub.store
        .auditEventsOf("acme")
        .slice(-3)
        .map((event) => event.type),
      ["repo.create", "repo.move", "repo.delete"],
    );
  });

  it("accepts any limit for a public list, and returns at most 1000 entries", async () => {
    const seed = { generate: [{ organization: "acme", repositories: 3100 }] };
    const big = await startHub({ seed });
    try {
      const path = "/api/models?author=acme&limit=5000";
      const { body, headers } = await expectStatus<unknown[]>(200, big, "GET", path);
      assert.equal(body.length, 1000);
      assert.match(headers.get("link") ?? "", /limit=5000/);
    } finally {
      await big.close();
    }
    for (const plural of ["models", "datasets", "spaces"]) {
      await expectStatus(200, hub, "GET", `/api/${plural}?limit=5000`);
      await expectStatus(400, hub, "GET", `/api/${plural}?limit=0`);
    }
  });

  it("changes the case of a name, but refuses the name of another repository", async () => {
    const move = (status: number, toRepo: string): Promise<unknown> =>
      expectStatus(status, hub, "POST", "/api/repos/move", { body: { fromRepo: "acme/llm-public", toRepo } });
    await move(200, "Acme/LLM-Public");
    assert.equal(hub.store.repository("acme/llm-public")?.name, "LLM-Public");
    await move(409, "acme/LLM-Private");
    await move(409, "acme/LLM-Public");
  });

  it("creates a repository under the user if the request names no organization", async () => {
    await expectStatus(200, hub, "POST", "/api/repos/create", { body: { name: "mine", private: true } });
    await expectStatus(200, hub, "GET", "/api/models/ada-admin/mine");
    const { items } = await askAll<Listed>(hub, "/api/settings/repositories");
    assert.deepEqual(
      items.map((repo) => repo.id),
      ["ada-admin/mine"],
    );
    const reply = await ask(hub, "PUT", "/api/models/ada-admin/mine/settings", {
      body: { visibility: "internal" },
    });
    assert.equal(reply.status, 400);
  });

  for (const name of ["..", "a/b", "-x", "a--b", "x".repeat(97), "x.git"]) {
    it(`refuses the name ${name.slice(0, 12)}`, () =>
      expectStatus(400, hub, "POST", "/api/repos/create", { body: { name, organization: "acme" } }));
  }

  it("lists an organization's repositories page by page, sorted and filtered by type", async () => {
    const path = "/api/organizations/acme/settings/repositories";
    const { items, pages } = await askAll<Listed>(hub, `${path}?limit=5`);
    assert.equal(items.length, hub.store.repositoriesOf.size("acme"));
    assert.equal(new Set(items.map((repo) => `${repo.type} ${repo.id}`)).size, items.length);
    assert.equal(pages, Math.ceil(items.length / 5));
    const { items: largest } = await askAll<Listed>(hub, `${path}?sort=storage&direction=desc&limit=4`);
    const sizes = largest.map((repo) => repo.storage);
    assert.deepEqual(
      sizes,
      [...sizes].sort((a, b) => b - a),
    );
    const { items: spaces } = await askAll<Listed>(hub, `${path}?type=space`);
    assert.ok(spaces.length > 0 && spaces.every((repo) => repo.type === "space"));
    await expectStatus(403, hub, "GET", path, { token: hub.tokens.outsider });
    const { body: all, headers } = await ask<Listed[]>(hub, "GET", path);
    assert.equal(headers.get("link"), null);
    const byDefault = all.map((repo) => repo.storage);
    assert.deepEqual(
      byDefault,
      [...byDefault].sort((a, b) => b - a),
    );
    const { items: smallest } = await askAll<Listed>(hub, `${path}?direction=asc&limit=7`);
    assert.deepEqual(
      smallest.map((repo) => repo.storage),
      byDefault.reverse(),
    );
    for (const wrong of ["direction=-1", "direction=1", "sort=likes", "limit=0", "type=paper"]) {
      await expectStatus(400, hub, "GET", `${path}?${wrong}`);
    }
    await expectStatus(400, hub, "GET", `${path}?limit=many`);
    await expectStatus(400, hub, "GET", `${path}?cursor=x`);
  });

  it("leaves out no repository if another one is deleted between two pages", async () => {
    const path = "/api/organizations/acme/settings/repositories?type=model&limit=3";
    const first = await ask<Listed[]>(hub, "GET", path);
    const last = first.body.at(-1)?.id.split("/")[1];
    await expectStatus(200, hub, "DELETE", "/api/repos/delete", {
      body: { name: last, organization: "acme" },
    });
    const [, next] = /^<([^>]+)>/.exec(first.headers.get("link") ?? "") ?? [];
    const rest = await askAll<Listed>(hub, next ?? "");
    // One may appear twice, but none is left out.
    const seen = new Set([...first.body, ...rest.items].map((repo) => repo.id));
    const there = hub.store.repositoriesOf.all("acme").filter((repo) => repo.type === "model");
    for (const repo of there) assert.ok(seen.has(`acme/${repo.name}`), repo.name);
  });

  it("shows no_access members internal repositories, but not private ones", async () => {
    const { value } = hub.createToken("nia-no-access", { name: "t", role: "write" });
    await expectStatus(404, hub, "GET", "/api/models/acme/llm-private", { token: value });
    await expectStatus(200, hub, "PUT", SETTINGS, { body: { visibility: "internal" } });
    await expectStatus(200, hub, "GET", "/api/models/acme/llm-private", { token: value });
  });
});
