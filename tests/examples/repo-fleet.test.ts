import assert from "node:assert/strict";
import { fleet } from "../../examples/repo-fleet/fleet";
import { runExample } from "../support/example";
import { type Hub } from "../support/hub";

describe("example repo-fleet", function () {
  this.timeout(120_000);

  const asDeclared = (hub: Hub): void => {
    for (const { name, repoType = "model", visibility } of fleet) {
      assert.equal(hub.store.repository(`acme/${name}`, repoType)?.visibility, visibility, name);
    }
  };

  it("sets each repository of the table, and lists the repositories that are not in it", () =>
    runExample("repo-fleet", {
      before: (hub) => {
        const repositories = [...hub.store.repositories].filter(([, { namespace }]) => namespace === "acme");
        for (const [key, repository] of repositories) {
          hub.store.tables.repositories.put(key, { ...repository, visibility: "private" });
        }
        for (const { name, repoType = "model" } of fleet) {
          const repository = hub.store.repository(`acme/${name}`, repoType);
          assert.ok(repository);
          const visibility = repository.visibility === "private" ? "public" : "private";
          hub.store.tables.repositories.put(`${repoType}/acme/${name}`, { ...repository, visibility });
        }
      },
      afterUp: (hub, outputs) => {
        asDeclared(hub);
        assert.equal(hub.store.repository("acme/llm-gated")?.gated, "manual");
        const total = [...hub.store.repositories.values()].filter(({ namespace }) => namespace === "acme");
        const undecided = outputs["undecided"] as string[];
        assert.equal(undecided.length, total.length - fleet.length);
        assert.ok(undecided.includes("space acme/labeling: private"));
        assert.deepEqual(outputs["tooWide"], []);
      },
      afterDestroy: asDeclared,
    }));
});
