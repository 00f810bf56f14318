import assert from "node:assert/strict";
import { runExample } from "../support/example";

describe("example two-organizations", function () {
  this.timeout(120_000);

  it("started with HF_ENDPOINT, explains how to name the Hub, and then works", () =>
    runExample("two-organizations", {
      env: (hub) => ({
        HF_ENDPOINT: hub.endpoint,
        ACME_HF_TOKEN: hub.tokens.admin,
        GLOBEX_HF_TOKEN: hub.tokens.outsider,
      }),
      refused: /Provider "acme": its token is set by the program.*HF_ENDPOINT.*refused/s,
      afterUp: (_hub, outputs) => assert.equal(outputs["firstRole"], "admin"),
    }));

  it("uses each organization's own token, and stores neither", () =>
    runExample("two-organizations", {
      env: (hub) => ({ ACME_HF_TOKEN: hub.tokens.admin, GLOBEX_HF_TOKEN: hub.tokens.outsider }),
      config: (hub) => ({ "huggingface:endpoint": hub.endpoint }),
      before: (hub) => {
        for (const repo of ["acme/fraud-detector", "globex/forecast"]) {
          const repository = hub.store.repository(repo);
          assert.ok(repository);
          hub.store.tables.repositories.put(`model/${repo}`, { ...repository, visibility: "public" });
        }
      },
      afterUp: async (hub, outputs, project) => {
        assert.equal(hub.store.repository("acme/fraud-detector")?.visibility, "private");
        assert.equal(hub.store.repository("globex/forecast")?.visibility, "private");
        assert.deepEqual(outputs, { firstRole: "admin", secondRole: "admin", secondRepositories: 4 });
        for (const { path, text } of await project.rawStateFiles()) {
          for (const token of Object.values(hub.tokens)) assert.ok(!text.includes(token), path);
        }
      },
    }));
});
