import assert from "node:assert/strict";
import { people } from "../../examples/access-as-code/access";
import { runExample } from "../support/example";
import { type Hub } from "../support/hub";

describe("example access-as-code", function () {
  this.timeout(180_000);

  const groupsOf = (hub: Hub) =>
    Object.fromEntries(
      hub.store.groupsOf.all("acme").map(({ id, name, users }) => [
        name,
        {
          users: Object.fromEntries(users.map(({ user, role }) => [user, role])),
          repositories: hub.store.repositoriesInGroup
            .all(id)
            .map(({ type, name: repo }) => `${type}/${repo}`)
            .sort(),
        },
      ]),
    );
  const rolesOf = (hub: Hub) =>
    Object.fromEntries(hub.store.membersOf.all("acme").map(({ user, role }) => [user, role]));

  it("creates the groups, gives each person the roles of the table, and reports the others", () =>
    runExample("access-as-code", {
      before: (hub) => {
        const member = hub.store.memberships.get("acme/rex-read");
        assert.ok(member);
        hub.store.tables.memberships.put("acme/rex-read", { ...member, role: "admin" });
      },
      afterUp: (hub, outputs) => {
        assert.deepEqual(groupsOf(hub), {
          research: {
            users: { "wim-write": "admin", "cora-contributor": "write" },
            repositories: ["dataset/evaluation", "model/llm", "model/speech-base"],
          },
          support: {
            users: { "wim-write": "read", "rex-read": "write" },
            repositories: ["dataset/customer-tickets"],
          },
        });
        const roles = rolesOf(hub);
        for (const [user, { role }] of Object.entries(people)) assert.equal(roles[user], role, user);
        assert.deepEqual(outputs, {
          notInTable: ["ada-admin: admin", "nia-no-access: no_access"],
          withoutTwoFactor: [],
        });
      },
      afterDestroy: (hub) => {
        assert.deepEqual(groupsOf(hub), {});
        assert.equal(rolesOf(hub)["wim-write"], "write");
      },
    }));
});
