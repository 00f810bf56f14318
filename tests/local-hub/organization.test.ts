import assert from "node:assert/strict";
import { askAll, expectStatus } from "./ask";
import { startHub, type Hub } from "../support/hub";

const MEMBERS = "/api/organizations/acme/members";
const GROUPS = "/api/organizations/acme/resource-groups";

interface Member {
  user: string;
  role?: string;
  twoFaEnabled?: boolean;
  verifiedEmail?: string;
  resourceGroups?: { id: string; role: string }[];
}

interface Group {
  id: string;
}

describe("local Hub: members", () => {
  let hub: Hub;
  beforeEach(
    async () => (hub = await startHub({ seed: { generate: [{ organization: "acme", members: 30 }] } })),
  );
  afterEach(() => hub.close());

  it("lists members page by page, and shows more to callers with more access", async () => {
    const { items, pages } = await askAll<Member>(hub, `${MEMBERS}?limit=10`);
    assert.equal(items.length, 35);
    assert.equal(pages, 4);
    assert.equal(items.find((member) => member.user === "rex-read")?.twoFaEnabled, true);
    const { items: forReaders } = await askAll<Member>(hub, MEMBERS, hub.tokens.read);
    assert.equal(forReaders.find((member) => member.user === "ada-admin")?.role, "admin");
    assert.equal(forReaders[0]?.twoFaEnabled, undefined);
    const { items: forOthers } = await askAll<Member>(hub, MEMBERS, hub.tokens.outsider);
    assert.equal(forOthers[0]?.role, undefined);
    await expectStatus(400, hub, "GET", `${MEMBERS}?limit=9`);
  });

  it("shows verified email addresses to administrators of an organization with the Team plan", async () => {
    const emailOf = async (): Promise<unknown> =>
      (await askAll<Member>(hub, `${MEMBERS}?search=rex-read`)).items[0]?.verifiedEmail;
    assert.equal(await emailOf(), "rex-read@users.invalid");
    hub.store.setPlan("acme", "free");
    assert.equal(await emailOf(), undefined);
  });

  it("finds members by name, and for administrators by email address", async () => {
    const names = async (query: string): Promise<string[]> =>
      (await askAll<Member>(hub, `${MEMBERS}?${query}`)).items.map((member) => member.user);
    assert.deepEqual(await names("search=WIM"), ["wim-write"]);
    assert.deepEqual(await names("email=rex-read@users.invalid"), ["rex-read"]);
    await expectStatus(403, hub, "GET", `${MEMBERS}?email=x@y.zz`, { token: hub.tokens.write });
    for (const email of ["x", "x@y", ".x@y.zz", "x..y@z.zz"]) {
      await expectStatus(400, hub, "GET", `${MEMBERS}?email=${email}`);
    }
  });

  it("changes a member's role, and removes the member from all groups that the request does not name", async () => {
    const { body: group } = await expectStatus<Group>(200, hub, "POST", GROUPS, {
      body: { name: "g", users: [{ user: "rex-read", role: "write" }] },
    });
    const path = `${MEMBERS}/rex-read/role`;
    await expectStatus(200, hub, "PUT", path, {
      body: { role: "write", resourceGroups: [{ id: group.id, role: "read" }] },
    });
    assert.deepEqual(
      hub.store.resourceGroups.get(group.id)?.users.map(({ user, role }) => [user, role]),
      [["rex-read", "read"]],
    );
    await expectStatus(200, hub, "PUT", path, { body: { role: "contributor" } });
    assert.deepEqual(hub.store.resourceGroups.get(group.id)?.users, []);
    assert.equal(hub.store.memberships.get("acme/rex-read")?.role, "contributor");
    assert.equal(hub.store.auditEventsOf("acme").at(-1)?.type, "org.change_role");
  });

  it("logs a change of role, and each resource group that the member leaves, joins or has another role in", async () => {
    const make = async (name: string, users: object[]): Promise<string> =>
      (await expectStatus<Group>(200, hub, "POST", GROUPS, { body: { name, users } })).body.id;
    const rex = { user: "rex-read", role: "read" };
    const wim = { user: "wim-write", role: "write" };
    const [left, joined, changed, kept] = [
      await make("left", [rex]),
      await make("joined", []),
      await make("changed", [rex]),
      await make("kept", [rex, wim]),
    ];
    const users = hub.store.resourceGroups.get(kept)?.users;
    const before = hub.store.auditEventsOf("acme").length;
    const resourceGroups = [
      { id: joined, role: "read" },
      { id: changed, role: "write" },
      { id: kept, role: "read" },
    ];
    await expectStatus(200, hub, "PUT", `${MEMBERS}/rex-read/role`, {
      body: { role: "contributor", resourceGroups },
    });
    assert.deepEqual(
      hub.store
        .auditEventsOf("acme")
        .slice(before)
        .map(({ type, author, data = {} }) => [
          type,
          author.user,
          (data["resourceGroup"] as { _id: string } | undefined)?._id,
        ]),
      [
        ["resource_group.remove_users", "ada-admin", left],
        ["resource_group.add_users", "ada-admin", joined],
        ["resource_group.change_role", "ada-admin", changed],
        ["org.change_role", "ada-admin", undefined],
      ],
    );
    assert.deepEqual(hub.store.resourceGroups.get(kept)?.users, users);
  });

  it("changes roles only for administrators, keeps the last administrator, and refuses unknown users, roles and groups", async () => {
    const path = (user: string): string => `${MEMBERS}/${user}/role`;
    await expectStatus(403, hub, "PUT", path("rex-read"), {
      token: hub.tokens.write,
      body: { role: "read" },
    });
    await expectStatus(404, hub, "PUT", path("no-such-user"), { body: { role: "read" } });
    await expectStatus(400, hub, "PUT", path("ada-admin"), { body: { role: "read" } });
    await expectStatus(400, hub, "PUT", path("rex-read"), { body: { role: "boss" } });
    const resourceGroups = [{ id: "0".repeat(24), role: "read" }];
    await expectStatus(403, hub, "PUT", path("rex-read"), { body: { role: "read", resourceGroups } });
    hub.store.setPlan("acme", "free");
    await expectStatus(402, hub, "PUT", path("rex-read"), { body: { role: "read" } });
  });

  it("accepts the role no_access in a group, and a group id in upper case", async () => {
    const { body: group } = await expectStatus<Group>(200, hub, "POST", GROUPS, { body: { name: "g" } });
    const resourceGroups = [{ id: group.id.toUpperCase(), role: "no_access" }];
    await expectStatus(200, hub, "PUT", `${MEMBERS}/rex-read/role`, {
      body: { role: "read", resourceGroups },
    });
    assert.equal(hub.store.resourceGroups.get(group.id)?.users[0]?.role, "no_access");
  });
});
