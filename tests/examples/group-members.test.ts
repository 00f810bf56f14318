import assert from "node:assert/strict";
import { runExample } from "../support/example";

describe("example group-members", function () {
  this.timeout(120_000);

  const groupId = "6570ab12ef90cd34ab56ef01";
  it("applies the roles and the resource group, and removes both memberships of the group", () =>
    runExample("group-members", {
      config: () => ({ groupId }),
      before(hub) {
        hub.store.tables.resourceGroups.put(groupId, {
          ...{ id: groupId, organization: "acme", name: "research" },
          users: [{ user: "wim-write", role: "admin" }],
        });
      },
      afterUp(hub, outputs) {
        assert.deepEqual(outputs, { role: "read", roleInGroup: "write" });
        const users = hub.store.resourceGroups.get(groupId)?.users.map(({ user, role }) => `${user} ${role}`);
        assert.deepEqual(users, ["wim-write admin", "rex-read write"]);
        assert.equal(hub.store.repository("acme/fraud-detector")?.resourceGroupId, groupId);
      },
      afterDestroy(hub) {
        const users = hub.store.resourceGroups.get(groupId)?.users.map(({ user }) => user);
        assert.deepEqual(users, ["wim-write"]);
        assert.equal(hub.store.repository("acme/fraud-detector")?.resourceGroupId, undefined);
        assert.equal(hub.store.memberships.get("acme/rex-read")?.role, "read");
      },
    }));
});
