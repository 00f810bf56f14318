import assert from "node:assert/strict";
import { runExample } from "../support/example";
import { request } from "../support/request";

describe("example audit-query", function () {
  this.timeout(120_000);

  it("answers its questions and changes nothing", () => {
    let changes: (string | undefined)[] = [];
    return runExample("audit-query", {
      before: async (hub) => {
        const path = "/api/models/acme/embeddings/settings";
        const answer = await request(hub.endpoint, hub.tokens.admin, "PUT", path, { visibility: "private" });
        assert.equal(answer.status, 200);
        changes = hub.store.auditEventsOf("acme").map(({ message }) => message);
      },
      afterUp: (hub, outputs) => {
        const [newest] = outputs["visibilityChanges"] as string[];
        assert.match(newest ?? "", /ada-admin: .*acme\/embeddings/);
        const byUser = outputs["eventsByUser"] as Record<string, number>;
        const since = Date.now() - 90 * 24 * 60 * 60 * 1000;
        const byWim = hub.store
          .auditEventsOf("acme")
          .filter(({ author, createdAt }) => author.user === "wim-write" && Date.parse(createdAt) >= since);
        assert.equal(byUser["wim-write"] ?? 0, byWim.length);
        assert.ok((byUser["ada-admin"] ?? 0) > 0);
        assert.ok((outputs["forgottenTokens"] as string[]).includes("wim-write: local hub write"));
      },
      afterDestroy: (hub) => {
        // Exports of the log are logged themselves; no other event is allowed.
        const since = hub.store.auditEventsOf("acme").slice(changes.length);
        assert.deepEqual(
          since.filter(({ type }) => !type.includes("export")).map(({ type }) => type),
          [],
        );
      },
    });
  });
});
