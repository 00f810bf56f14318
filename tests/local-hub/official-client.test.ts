import assert from "node:assert/strict";
import {
  createRepo,
  deleteRepo,
  listModels,
  listSpaces,
  modelInfo,
  repoExists,
  whoAmI,
} from "@huggingface/hub";
import { startHub, type Hub } from "../support/hub";

describe("local Hub: the official JavaScript client, unchanged", () => {
  let hub: Hub;
  let as: { hubUrl: string; accessToken: string };
  before(async () => {
    hub = await startHub();
    as = { hubUrl: hub.endpoint, accessToken: hub.tokens.admin };
  });
  after(() => hub.close());

  it("asks who it is", async () => {
    const who = await whoAmI(as);
    assert.equal(who.name, "ada-admin");
    assert.ok(who.auth.accessToken?.createdAt instanceof Date);
    await assert.rejects(whoAmI({ ...as, accessToken: `hf_${"x".repeat(34)}` }), /Invalid credentials/);
  });

  for (const type of ["model", "dataset", "space", "bucket"] as const) {
    it(`makes a ${type}, finds it and deletes it`, async () => {
      const repo = { type, name: `acme/by-client-${type}` };
      const made = await createRepo({ ...as, repo, visibility: "private" });
      assert.ok(made.repoUrl.endsWith(`acme/by-client-${type}`));
      assert.equal(hub.store.repository(repo.name, type)?.visibility, "private");
      assert.equal(await repoExists({ ...as, repo }), true);
      assert.equal(await repoExists({ hubUrl: as.hubUrl, repo }), false);
      await deleteRepo({ ...as, repo });
      assert.equal(await repoExists({ ...as, repo }), false);
    });
  }

  it("lists models and Spaces, and tells about one", async () => {
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
});
