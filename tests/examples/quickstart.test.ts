import assert from "node:assert/strict";
import { runExample } from "../support/example";

describe("example quickstart", function () {
  this.timeout(120_000);

  it("makes the repository private, and keeps it private after a destroy", () =>
    runExample("quickstart", {
      before: (hub) => {
        const repository = hub.store.repository("acme/llm-private");
        assert.ok(repository);
        hub.store.tables.repositories.put("model/acme/llm-private", { ...repository, visibility: "public" });
      },
      afterUp: (hub, outputs) => {
        assert.equal(hub.store.repository("acme/llm-private")?.visibility, "private");
        assert.deepEqual(outputs, {
          repository: "acme/llm-private",
          visibility: "private",
          you: "ada-admin",
          yourRole: "admin",
        });
      },
      afterDestroy: (hub) => {
        assert.equal(hub.store.repository("acme/llm-private")?.visibility, "private");
      },
    }));
});
