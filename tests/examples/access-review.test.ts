import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { runExample } from "../support/example";

describe("example access-review", function () {
  this.timeout(120_000);

  it("answers its questions and changes nothing", () => {
    let groupId = "";
    let changes = 0;
    return runExample("access-review", {
      before: async (hub) => {
        const wim = hub.store.users.get("wim-write");
        assert.ok(wim);
        hub.store.tables.users.put("wim-write", { ...wim, twoFaEnabled: false });
        const client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
        const group = await client.createResourceGroup("acme", {
          name: "vision",
          users: [{ user: "cora-contributor", role: "write" }],
          repos: [{ name: "acme/vision-experiments", type: "model" }],
        });
        groupId = group.id;
        changes = hub.store.auditEventsOf("acme").length;
      },
      config: () => ({ groupId }),
      afterUp: (_hub, outputs) =>
        assert.deepEqual(outputs, {
          withoutTwoFactor: ["wim-write: write"],
          external: [],
          peopleByGroup: { [`vision (${groupId})`]: ["cora-contributor: write"] },
          repositoriesOfGroup: ["model acme/vision-experiments"],
          findings: ["model acme/vision-experiments: checkpoints/epoch-03.pkl (unsafe)"],
        }),
      afterDestroy: (hub) => assert.equal(hub.store.auditEventsOf("acme").length, changes),
    });
  });
});
