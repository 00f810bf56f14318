import assert from "node:assert/strict";
import {
  checkRepoAccess,
  createCollection,
  createRepo,
  datasetInfo,
  deleteCollection,
  deleteRepo,
  listCollections,
  listDatasets,
  listModels,
  listSpaces,
  modelInfo,
  repoExists,
  spaceInfo,
  whoAmI,
} from "@huggingface/hub";
import { expectStatus } from "./ask";
import { startHub, type Hub } from "../support/hub";

describe("local Hub: the unmodified official JavaScript client", () => {
  let hub: Hub;
  let as: { hubUrl: string; accessToken: string };
  before(async () => {
    hub = await startHub();
    as = { hubUrl: hub.endpoint, accessToken: hub.tokens.admin };
  });
  after(() => hub.close());

  it("reads its own identity", async () => {
    const who = await whoAmI(as);
    assert.equal(who.name, "ada-admin");
    assert.ok(who.auth.accessToken?.createdAt instanceof Date);
    await assert.rejects(whoAmI({ ...as, accessToken: `hf_${"x".repeat(34)}` }), /Invalid credentials/);
  });

  for (const type of ["model", "dataset", "space", "bucket", "kernel"] as const) {
    it(`creates, finds and deletes a ${type}`, async () => {
      const repo = { type, name: `acme/by-client-${type}` };
      const made = await createRepo({ ...as, repo, visibility: "private" });
      assert.ok(made.repoUrl.endsWith(`acme/by-client-${type}`));
      assert.equal(hub.store.repository(repo.name, type)?.visibility, "private");
      assert.equal(await repoExists({ ...as, repo }), true);
      await checkRepoAccess({ ...as, repo });
      assert.equal(await repoExists({ hubUrl: as.hubUrl, repo }), false);
      await deleteRepo({ ...as, repo });
      assert.equal(await repoExists({ ...as, repo }), false);
    });
  }

  it("lists models and Spaces, and reads one of them", async () => {
    const models = [];
    for await (const model of listModels({ ...as, search: { owner: "acme" } })) models.push(model);
    assert.ok(models.some((model) => model.name === "acme/llm-private" && model.private));
    const open = [];
    for await (const model of listModels({ hubUrl: as.hubUrl, search: { owner: "acme" } })) open.push(model);
    assert.ok(open.length > 0 && open.every((model) => !model.private));
    const spaces = [];
    for await (const space of listSpaces({ ...as, search: { owner: "acme" } })) spaces.push(space.name);
    assert.ok(spaces.includes("acme/demo-space"));
    const info = await modelInfo({ ...as, name: "acme/llm-gated" });
    assert.equal(info.gated, "manual");
  });

  it("creates a repository with a license and files", async () => {
    const files = [{ path: "README.md", content: new Blob(["# hello"]) }];
    await createRepo({ ...as, repo: "acme/with-files", license: "mit", files });
    const info = await modelInfo({ ...as, name: "acme/with-files", additionalFields: ["tags"] });
    assert.deepEqual(info.tags, ["license:mit"]);
  });

  it("reads a dataset and a Space, and lists datasets", async () => {
    assert.equal((await datasetInfo({ ...as, name: "acme/evaluation" })).gated, "auto");
    assert.equal((await spaceInfo({ ...as, name: "acme/demo-space" })).sdk, "gradio");
    const names = [];
    for await (const dataset of listDatasets({ ...as, search: { owner: "acme" } })) names.push(dataset.name);
    assert.ok(names.includes("acme/corpus"));
  });

  it("creates, lists and deletes a collection", async () => {
    const collection = { title: "By the client", namespace: "acme", description: "d", private: true };
    const { slug } = await createCollection({ ...as, collection });
    // The client does not export its functions for items, so the test sends their request itself.
    const body = { item: { type: "model", id: "acme/llm-private" }, note: "n" };
    await expectStatus(200, hub, "POST", `/api/collections/${slug}/items`, { body });
    const search = { owner: ["acme"], item: ["models/acme/llm-private"], q: "client" };
    const found = [];
    for await (const each of listCollections({ ...as, search })) found.push(each);
    assert.deepEqual(
      found.map((each) => [each.slug, each.private, each.items.map((item) => item.id)]),
      [[slug, true, ["acme/llm-private"]]],
    );
    await deleteCollection({ ...as, slug });
    assert.equal(hub.store.collections.size, 0);
  });
});
