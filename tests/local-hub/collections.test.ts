import assert from "node:assert/strict";
import { askAll, expectStatus } from "./ask";
import { startHub, type Hub } from "../support/hub";

const PATH = "/api/collections";

interface Item {
  _id: string;
  id: string;
  type: string;
  position: number;
  note?: { html: string; text: string };
}

interface Collection {
  slug: string;
  title: string;
  private: boolean;
  theme: string;
  gating: unknown;
  owner: { name: string; type: string };
  items: Item[];
}

describe("local Hub: collections", () => {
  let hub: Hub;
  beforeEach(async () => (hub = await startHub()));
  afterEach(() => hub.close());

  const create = async (settings: object = {}): Promise<Collection> =>
    (
      await expectStatus<Collection>(200, hub, "POST", PATH, {
        body: { title: "Best Models!", namespace: "acme", ...settings },
      })
    ).body;
  const at = (collection: Collection): string => `${PATH}/${collection.slug}`;

  it("creates, reads, updates and deletes a collection, with and without the id in the path", async () => {
    const made = await create({ description: "d", private: true });
    assert.match(made.slug, /^acme\/best-models-[0-9a-f]{24}$/);
    assert.deepEqual([made.owner.name, made.owner.type], ["acme", "org"]);
    for (const path of [at(made), `${PATH}/ACME/best-models`]) {
      assert.deepEqual((await expectStatus(200, hub, "GET", path)).body, made);
      await expectStatus(404, hub, "GET", path, { token: null });
      await expectStatus(403, hub, "DELETE", path, { token: hub.tokens.contributor });
    }
    const update = { title: "Worst Models", theme: "green", private: false, gating: { mode: "auto" } };
    const { body } = await expectStatus<{ data: Collection }>(200, hub, "PATCH", at(made), { body: update });
    assert.deepEqual(Object.keys(body), ["data"]);
    const { title, theme, gating } = body.data;
    assert.deepEqual([title, theme, gating], ["Worst Models", "green", { mode: "auto" }]);
    assert.match(body.data.slug, /^acme\/worst-models-/);
    await expectStatus(200, hub, "GET", at(made), { token: null });
    await expectStatus(200, hub, "DELETE", at(made));
    await expectStatus(404, hub, "GET", at(made));
    assert.deepEqual(
      hub.store
        .auditEventsOf("acme")
        .slice(-2)
        .map((event) => event.type),
      ["collection.create", "collection.delete"],
    );
  });

  it("answers 409 with the slug of the existing collection if the title is taken", async () => {
    const made = await create();
    const { body } = await expectStatus<{ error: string; slug: string }>(409, hub, "POST", PATH, {
      body: { title: "best models", namespace: "acme" },
    });
    assert.equal(body.slug, made.slug);
    assert.deepEqual(Object.keys(body).sort(), ["error", "slug"]);
  });

  it("accepts every type of item, and hides items that the caller cannot see", async () => {
    const inner = await create({ title: "inner" });
    const made = await create({ item: { type: "model", id: "acme/llm-private" } });
    for (const [type, id] of [
      ["dataset", "acme/corpus"],
      ["space", "ACME/demo-space"],
      ["bucket", "acme/checkpoints"],
      ["paper", "2311.12983"],
      ["collection", inner.slug],
    ] as const) {
      const body = { item: { type, id }, note: `<b>${type}</b>` };
      await expectStatus(200, hub, "POST", `${at(made)}/items`, { body });
    }
    const { body } = await expectStatus<Collection>(200, hub, "GET", at(made));
    assert.deepEqual(
      body.items.map(({ type, position }) => [type, position]),
      ["model", "dataset", "space", "bucket", "paper", "collection"].map((type, index) => [type, index]),
    );
    assert.deepEqual(body.items[1]?.note, { html: "&#60;b&#62;dataset&#60;/b&#62;", text: "<b>dataset</b>" });
    const { body: open } = await expectStatus<Collection>(200, hub, "GET", at(made), { token: null });
    assert.deepEqual(
      open.items.map(({ type }) => type),
      ["dataset", "space", "paper", "collection"],
    );
    await expectStatus(409, hub, "POST", `${at(made)}/items`, {
      body: { item: { type: "dataset", id: "acme/corpus" } },
    });
    await expectStatus(404, hub, "POST", `${at(made)}/items`, {
      body: { item: { type: "model", id: "acme/none" } },
    });
    await expectStatus(400, hub, "POST", `${at(made)}/items`, { body: { item: { type: "blog", id: "x" } } });
  });

  it("updates, moves and removes items", async () => {
    const made = await create({ item: { type: "model", id: "acme/llm-public" } });
    const path = `${at(made)}/items`;
    const { body: two } = await expectStatus<Collection>(200, hub, "POST", path, {
      body: { item: { type: "model", id: "acme/embeddings" } },
    });
    const [first, second] = two.items;
    const edit = { action: "update", _id: second?._id, data: { note: "first now", position: 0 } };
    await expectStatus(200, hub, "POST", `${path}/batch`, { body: [edit] });
    const { body: moved } = await expectStatus<Collection>(200, hub, "GET", at(made));
    assert.deepEqual(
      moved.items.map(({ id, note }) => [id, note?.text]),
      [
        ["acme/embeddings", "first now"],
        ["acme/llm-public", undefined],
      ],
    );
    // The official Python client sends this request.
    await expectStatus(200, hub, "PATCH", `${path}/${first?._id ?? ""}`, { body: { note: "n" } });
    const { body: noted } = await expectStatus<Collection>(200, hub, "GET", at(made));
    assert.equal(noted.items[1]?.note?.text, "n");
    await expectStatus(200, hub, "DELETE", `${path}/${first?._id ?? ""}`);
    await expectStatus(404, hub, "DELETE", `${path}/${first?._id ?? ""}`);
    const { body: left } = await expectStatus<Collection>(200, hub, "GET", at(made));
    assert.equal(left.items.length, 1);
  });

  it("lists collections with paging and filters, each with at most four items", async () => {
    for (let i = 0; i < 12; i++) await create({ title: `c${i}` });
    const mine = await create({ title: "Mine", namespace: "ada-admin", private: true });
    for (const name of ["llm-public", "llm-gated", "embeddings", "speech-base", "llm-private"]) {
      const body = { item: { type: "model", id: `acme/${name}` } };
      await expectStatus(200, hub, "POST", `${at(mine)}/items`, { body });
    }
    const list = async (query: string, token?: string): Promise<Collection[]> =>
      (await expectStatus<Collection[]>(200, hub, "GET", `${PATH}?${query}`, { token })).body;
    const { items, pages } = await askAll<Collection>(hub, `${PATH}?owner=ACME`);
    assert.deepEqual([items.length, pages], [12, 2]);
    assert.equal((await list("owner=acme&owner=ada-admin&limit=100")).length, 13);
    const [found] = await list("item=models/acme/llm-private");
    assert.equal(found?.slug, mine.slug);
    assert.equal(found?.items.length, 4);
    assert.equal((await list("q=MINE&expand=false")).length, 1);
    assert.equal((await list("q=mine", hub.tokens.write)).length, 0);
    assert.equal((await list("sort=lastModified"))[0]?.slug, mine.slug);
    await expectStatus(400, hub, "GET", `${PATH}?sort=title`);
    await expectStatus(400, hub, "GET", `${PATH}?limit=0`);
  });

  it("finds collections by item and counts their items, without what the caller cannot see", async () => {
    const inner = await create({ title: "inner", item: { type: "model", id: "acme/llm-private" } });
    const open = { item: { type: "model", id: "acme/llm-public" } };
    await expectStatus(200, hub, "POST", `${at(inner)}/items`, { body: open });
    const outer = await create({ title: "outer", item: { type: "collection", id: inner.slug } });
    for (const [token, slugs, numberItems] of [
      [hub.tokens.read, [inner.slug], 2],
      [hub.tokens.outsider, [], 1],
      [null, [], 1],
    ] as const) {
      const path = `${PATH}?item=models/acme/llm-private`;
      const found = await expectStatus<Collection[]>(200, hub, "GET", path, { token });
      assert.deepEqual(
        found.body.map(({ slug }) => slug),
        slugs,
      );
      const shown = await expectStatus<Collection>(200, hub, "GET", at(outer), { token });
      assert.equal((shown.body.items[0] as { numberItems?: number }).numberItems, numberItems);
    }
  });

  it("refuses a position above the maximum", async () => {
    const collection = await create();
    await expectStatus(400, hub, "PATCH", at(collection), { body: { position: 2 ** 53 } });
    await expectStatus(200, hub, "PATCH", at(collection), { body: { position: 2 ** 53 - 1 } });
  });

  it("lists collections with the same modification time in a fixed order", async () => {
    const fixed = await startHub({ now: () => new Date("2026-11-20T12:00:00Z") });
    try {
      for (const title of ["a", "b", "c"]) {
        await expectStatus(200, fixed, "POST", PATH, { body: { title, namespace: "acme" } });
      }
      const path = `${PATH}?owner=acme&sort=lastModified`;
      const { body } = await expectStatus<Collection[]>(200, fixed, "GET", path);
      const ids = body.map(({ slug }) => slug.slice(-24));
      assert.deepEqual(ids, [...ids].sort());
    } finally {
      await fixed.close();
    }
  });

  it("creates a collection in a resource group", async () => {
    const groups = "/api/organizations/acme/resource-groups";
    const { body: group } = await expectStatus<{ id: string }>(200, hub, "POST", groups, {
      body: { name: "g" },
    });
    const made = await create({ private: true, resourceGroupId: group.id });
    const path = `${at(made)}/resource-group`;
    const shown = { id: group.id, name: "g", numUsers: 0 };
    assert.deepEqual((await expectStatus(200, hub, "GET", path)).body, shown);
    await expectStatus(404, hub, "GET", at(made), { token: hub.tokens.write });
    const { body: read } = await expectStatus<{ resources: { type: string; slug: string }[] }>(
      200,
      hub,
      "GET",
      `${groups}/${group.id}`,
    );
    assert.deepEqual(
      read.resources.map(({ type, slug }) => [type, slug]),
      [["collection", made.slug]],
    );
    const { body } = await expectStatus(200, hub, "POST", path, { body: { resourceGroupId: null } });
    assert.deepEqual(
      { ...body, id: "" },
      { id: "", slug: made.slug, title: "Best Models!", private: true, addedBy: "ada-admin" },
    );
    await expectStatus(404, hub, "GET", path);
    await expectStatus(200, hub, "GET", at(made), { token: hub.tokens.write });
    assert.equal(hub.store.auditEventsOf("acme").at(-1)?.type, "collection.update_resource_group");
  });

  for (const [what, body] of [
    ["no title", { title: "" }],
    ["a long title", { title: "x".repeat(61) }],
    ["a long description", { description: "x".repeat(151) }],
    ["no namespace", { namespace: undefined }],
  ] as const) {
    it(`refuses to create a collection with ${what}`, () => {
      const whole: object = { title: "t", namespace: "acme" };
      return expectStatus(400, hub, "POST", PATH, { body: { ...whole, ...body } });
    });
  }

  it("creates collections only for members with the right role", async () => {
    const body = { title: "t", namespace: "acme" };
    await expectStatus(403, hub, "POST", PATH, { token: hub.tokens.outsider, body });
    await expectStatus(200, hub, "POST", PATH, { token: hub.tokens.contributor, body });
  });
});
