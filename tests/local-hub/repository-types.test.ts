import assert from "node:assert/strict";
import { ask, askAll, expectStatus } from "./ask";
import { startHub, type Hub } from "../support/hub";

const CREATE = "/api/repos/create";
const MOVE = "/api/repos/move";
const LIST = "/api/organizations/acme/settings/repositories";

interface Created {
  url: string;
  name: string;
  id: string;
}

describe("local Hub: buckets", () => {
  let hub: Hub;
  beforeEach(async () => (hub = await startHub()));
  afterEach(() => hub.close());

  const BUCKET = "/api/buckets/acme/checkpoints";
  const cdnRegions = [{ provider: "gcp", region: "eu" }];

  it("returns a bucket as documented, without _id and with repoType", async () => {
    const { body } = await expectStatus(200, hub, "GET", `${BUCKET}?expand[]=likes`);
    const { createdAt, updatedAt, ...rest } = body;
    assert.ok(createdAt && updatedAt);
    assert.deepEqual(rest, {
      author: "acme",
      id: "acme/checkpoints",
      private: true,
      size: 200 * 1024 ** 3,
      totalFiles: 1,
      repoType: "bucket",
      cdnRegions: [],
    });
  });

  it("uses the caller's own buckets in the namespace me", async () => {
    const path = "/api/buckets/me/mine";
    await expectStatus(200, hub, "POST", path, { body: { private: true } });
    const { body: one } = await expectStatus(200, hub, "GET", path);
    assert.equal(one.id, "ada-admin/mine");
    const { body: all } = await expectStatus(200, hub, "GET", "/api/buckets/me");
    assert.deepEqual(all, [one]);
    await expectStatus(200, hub, "PUT", `${path}/settings`, { body: { private: false } });
    assert.equal(hub.store.repository("ada-admin/mine", "bucket")?.visibility, "public");
    for (const mine of ["/api/buckets/me", path]) {
      await expectStatus(401, hub, "GET", mine, { token: null });
    }
    await expectStatus(404, hub, "GET", `${path}/resource-group`);
    await expectStatus(200, hub, "DELETE", path);
    await expectStatus(404, hub, "GET", "/api/buckets/ada-admin/mine");
  });

  it("changes a bucket's settings, and returns the sent ones", async () => {
    const path = `${BUCKET}/settings`;
    const { body } = await expectStatus(200, hub, "PUT", path, { body: { private: false, cdnRegions } });
    assert.deepEqual(body, { private: false, cdnRegions });
    assert.equal(hub.store.repository("acme/checkpoints", "bucket")?.visibility, "public");
    assert.deepEqual((await expectStatus(200, hub, "GET", BUCKET)).body.cdnRegions, cdnRegions);
    // The official Python client sends this request.
    await expectStatus(200, hub, "PUT", path, { body: { private: true } });
    assert.deepEqual((await expectStatus(200, hub, "GET", BUCKET)).body.cdnRegions, cdnRegions);
    for (const wrong of [{}, { cdnRegions: [{ provider: "azure", region: "eu" }] }, { cdnRegions: [{}] }]) {
      await expectStatus(400, hub, "PUT", path, { body: wrong });
    }
  });

  it("creates, lists and deletes buckets, and answers 409 if the bucket exists", async () => {
    const path = "/api/buckets/acme/fresh";
    const settings = { private: true, cdn: cdnRegions, region: "eu" };
    const { body: made } = await expectStatus<Created>(200, hub, "POST", path, { body: settings });
    assert.equal(made.name, "acme/fresh");
    const { body: again } = await expectStatus<Created & { error: string }>(409, hub, "POST", path, {
      body: {},
    });
    assert.deepEqual({ ...again, error: "" }, { error: "", url: made.url, id: made.id });
    const list = async (query: string, token?: string | null): Promise<string[]> => {
      const reply = await expectStatus<{ id: string; private: boolean }[]>(
        200,
        hub,
        "GET",
        `/api/buckets/acme${query}`,
        { token },
      );
      return reply.body.map(({ id }) => id);
    };
    assert.deepEqual(await list(""), ["acme/checkpoints", "acme/fresh"]);
    assert.deepEqual(await list("?search=FRE"), ["acme/fresh"]);
    assert.deepEqual(await list("", null), []);
    await expectStatus(200, hub, "DELETE", path);
    assert.deepEqual(await list(""), ["acme/checkpoints"]);
  });
});

describe("local Hub: kernels", () => {
  let hub: Hub;
  beforeEach(async () => (hub = await startHub()));
  afterEach(() => hub.close());

  const KERNEL = "/api/kernels/acme/flash";
  const make = async (settings: object = {}): Promise<Created> => {
    const body = { name: "flash", organization: "acme", type: "kernel", ...settings };
    return (await expectStatus<Created>(200, hub, "POST", CREATE, { body })).body;
  };

  it("creates, lists, moves and deletes kernels", async () => {
    const made = await make({ visibility: "private" });
    assert.ok(made.url.endsWith("/kernels/acme/flash"));
    const { items } = await askAll<{ id: string; type: string }>(hub, `${LIST}?type=kernel`);
    assert.deepEqual(
      items.map(({ id, type }) => [id, type]),
      [["acme/flash", "kernel"]],
    );
    const body = { fromRepo: "acme/flash", toRepo: "acme/slow", type: "kernel" };
    await expectStatus(200, hub, "POST", MOVE, { body });
    await expectStatus(404, hub, "GET", KERNEL);
    const gone = { name: "slow", organization: "acme", type: "kernel" };
    await expectStatus(200, hub, "DELETE", "/api/repos/delete", { body: gone });
    assert.equal(hub.store.repository("acme/slow", "kernel"), undefined);
  });

  it("returns a kernel as documented, with and without a revision", async () => {
    await make({ license: "mit" });
    const { body } = await expectStatus(200, hub, "GET", KERNEL, { token: null });
    assert.deepEqual(Object.keys(body).sort(), [
      "author",
      "downloads",
      "gated",
      "id",
      "isLikedByUser",
      "lastModified",
      "likes",
      "private",
      "repoType",
      "sha",
    ]);
    assert.deepEqual((await expectStatus(200, hub, "GET", `${KERNEL}/revision/main`)).body, body);
  });

  it("lists kernels separately", async () => {
    await make({ license: "mit" });
    await make({ name: "hidden", private: true });
    const list = async (query: string, token?: string | null): Promise<Record<string, unknown>[]> =>
      (await expectStatus<Record<string, unknown>[]>(200, hub, "GET", `/api/kernels${query}`, { token }))
        .body;
    assert.equal((await list("")).length, 2);
    assert.equal((await list("", null)).length, 1);
    assert.equal((await list("?author=ACME&author=globex&limit=1")).length, 1);
    assert.equal((await list("?filter=license:mit")).length, 1);
    assert.equal((await list("?search=hid")).length, 1);
    assert.deepEqual(await list("?id=acme/hidden&expand=private&expand=resourceGroup"), [
      { id: "acme/hidden", private: true },
    ]);
    const [first] = await list("?sort=id&direction=1&full=true");
    assert.equal(first?.id, "acme/flash");
    assert.ok(first?.sha && !("_id" in first));
    await expectStatus(400, hub, "GET", "/api/kernels?expand=everything");
    await expectStatus(400, hub, "GET", "/api/kernels?direction=asc");
    await expectStatus(400, hub, "GET", "/api/kernels?limit=1001");
  });

  it("creates a kernel in a resource group, but has no paths for its settings and group", async () => {
    await make();
    await expectStatus(404, hub, "PUT", `${KERNEL}/settings`, { body: { private: true } });
    await expectStatus(404, hub, "POST", `${KERNEL}/resource-group`, { body: { resourceGroupId: null } });
    const groups = "/api/organizations/acme/resource-groups";
    const repos = [{ name: "acme/flash", type: "kernel" }];
    const { body: group } = await expectStatus<{ id: string; resources: { type: string }[] }>(
      200,
      hub,
      "POST",
      groups,
      { body: { name: "g", repos } },
    );
    assert.equal(group.resources[0]?.type, "kernel");
    await make({ name: "second", resourceGroupId: group.id.toUpperCase() });
    const { body } = await expectStatus(200, hub, "GET", "/api/kernels/acme/second");
    assert.deepEqual(body.resourceGroup, { id: group.id, name: "g", numUsers: 0 });
  });
});

describe("local Hub: creating repositories", () => {
  let hub: Hub;
  beforeEach(async () => (hub = await startHub()));
  afterEach(() => hub.close());

  const create = (status: number, settings: object) =>
    expectStatus<Created & { error: string }>(status, hub, "POST", CREATE, {
      body: { name: "fresh", organization: "acme", ...settings },
    });

  it("accepts every documented field", async () => {
    await create(200, {
      private: null,
      license: "other",
      license_name: "our-license-1.0",
      license_link: "LICENSE.md",
      region: "eu",
      files: [{ path: "README.md", content: "x", encoding: "utf-8" }],
    });
    const { body } = await expectStatus(200, hub, "GET", "/api/models/acme/fresh");
    assert.deepEqual(body.tags, ["license:other", "region:eu"]);
    assert.equal(body.private, false);
    await create(200, {
      type: "space",
      visibility: "protected",
      sdk: "gradio",
      sdkVersion: null,
      template: "chatbot",
      short_description: "x".repeat(60),
      hardware: "zerogpu",
      sleepTimeSeconds: -1,
      devModeEnabled: true,
      secrets: [{ key: "TOKEN", value: "s3cret" }],
      variables: [{ key: "MODE", value: "", description: "d" }],
      volumes: [{ type: "bucket", source: "acme/checkpoints", mountPath: "/data" }],
      license_link: "https://acme.example/license",
    });
    assert.equal(hub.store.repository("acme/fresh", "space")?.visibility, "protected");
    assert.ok(!JSON.stringify([...hub.store.repositories.values()]).includes("s3cret"));
  });

  for (const [what, settings] of [
    ["an unknown license", { license: "mine" }],
    ["a license name in upper case", { license_name: "Mine" }],
    ["an invalid license link", { license_link: "COPYING" }],
    ["an unknown region", { region: "mars" }],
    ["a file without content", { files: [{ path: "x" }] }],
    ["visibility together with private", { visibility: "private", private: true }],
    ["a bucket, which has its own operation", { type: "bucket" }],
    ["a Space without its SDK", { type: "space" }],
    ["a Space with an obsolete SDK", { type: "space", sdk: "streamlit" }],
    ["unknown hardware", { type: "space", sdk: "static", hardware: "abacus" }],
    ["Gradio-only hardware with another SDK", { type: "space", sdk: "docker", hardware: "zerogpu" }],
    ["a sleep time of zero", { type: "space", sdk: "static", sleepTimeSeconds: 0 }],
    ["a sleep time above the maximum", { type: "space", sdk: "static", sleepTimeSeconds: 2 ** 53 }],
    ["a long description", { type: "space", sdk: "static", short_description: "x".repeat(61) }],
    [
      "a secret name that starts with a digit",
      { type: "space", sdk: "static", secrets: [{ key: "1", value: "" }] },
    ],
    [
      "a volume without an absolute mount path",
      { type: "space", sdk: "static", volumes: [{ type: "bucket", source: "x", mountPath: "data" }] },
    ],
  ] as const) {
    it(`refuses ${what}`, () => create(400, settings));
  }

  it("names the missing field of a Space, and ignores the fields of a Space for other types", async () => {
    const { body } = await create(400, { type: "space" });
    assert.equal(body.error, "sdk: required");
    await create(200, { type: "dataset", sdk: "streamlit", hardware: "abacus" });
  });

  it("treats names as case-insensitive", async () => {
    const { body: made } = await create(200, { name: "Fresh-Model" });
    const { body: again } = await create(409, { name: "fresh-model", organization: "ACME" });
    assert.equal(again.url, made.url);
    assert.deepEqual(Object.keys(again).sort(), ["error", "url"]);
    const { body } = await expectStatus(200, hub, "GET", "/api/models/Acme/FRESH-model");
    assert.equal(body.id, "acme/Fresh-Model");
    const settings = "/api/models/acme/fresh-MODEL/settings";
    await expectStatus(200, hub, "PUT", settings, { body: { private: true } });
    assert.equal(hub.store.repository("acme/Fresh-Model")?.visibility, "private");
    assert.equal(hub.store.repositories.get("model/acme/Fresh-Model")?.visibility, "private");
    const move = (toRepo: string) => ({ body: { fromRepo: "acme/llm-public", toRepo } });
    await expectStatus(409, hub, "POST", MOVE, move("acme/FRESH-MODEL"));
    await expectStatus(200, hub, "POST", MOVE, move("acme/other"));
    await create(200, { name: "fresh-model", type: "dataset" });
    const gone = { name: "FRESH-MODEL", organization: "acme" };
    await expectStatus(200, hub, "DELETE", "/api/repos/delete", { body: gone });
    assert.equal((await ask(hub, "GET", "/api/models/acme/fresh-model")).status, 404);
  });

  it("lists an author's models, datasets and Spaces with _id, ignoring case", async () => {
    for (const type of ["models", "datasets", "spaces"]) {
      const { items } = await askAll<{ _id: string; id: string }>(hub, `/api/${type}?author=ACME&limit=2`);
      assert.ok(items.length > 2);
      assert.ok(items.every(({ _id, id }) => hub.store.repositoryById.one(_id)?.name === id.slice(5)));
    }
  });
});
