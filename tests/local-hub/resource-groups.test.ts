import assert from "node:assert/strict";
import { expectStatus } from "./ask";
import { startHub, type Hub } from "../support/hub";

const GROUPS = "/api/organizations/acme/resource-groups";

interface Group {
  id: string;
  name: string;
  autoJoin?: object;
  spendLimits?: Record<string, number>;
  users: { type: string; name: string; avatarUrl: string; role: string; addedBy?: string }[];
  resources: { type: string; name: string; addedBy?: string }[];
}

describe("local Hub: resource groups", () => {
  let hub: Hub;
  beforeEach(async () => (hub = await startHub()));
  afterEach(() => hub.close());

  const create = async (body: object = {}): Promise<Group> =>
    (await expectStatus<Group>(200, hub, "POST", GROUPS, { body: { name: "g", ...body } })).body;
  const read = async (id: string): Promise<Group> =>
    (await expectStatus<Group>(200, hub, "GET", `${GROUPS}/${id}`)).body;
  const names = (group: Group): string[] => group.users.map(({ name }) => name).sort();

  it("creates, changes and deletes a group", async () => {
    const made = await create({
      name: "research",
      repos: [{ name: "acme/llm-private", type: "model" }],
      users: [{ user: "wim-write", role: "admin" }],
    });
    const { avatarUrl } = hub.store.users.get("wim-write") ?? assert.fail();
    assert.deepEqual(
      made.users.map(({ type, name, role, addedBy, ...rest }) => ({
        type,
        name,
        role,
        addedBy,
        avatarUrl: rest.avatarUrl,
      })),
      [{ type: "user", name: "wim-write", role: "admin", addedBy: "ada-admin", avatarUrl }],
    );
    assert.deepEqual(made.resources, [
      { type: "model", name: "acme/llm-private", private: true, addedBy: "ada-admin" },
    ]);
    assert.ok(!("repos" in made));
    const path = `${GROUPS}/${made.id}`;
    await expectStatus(200, hub, "PATCH", path, { body: { name: "r", description: "" } });
    const users = [{ user: "rex-read", role: "read" }];
    await expectStatus(200, hub, "POST", `${path}/users`, { body: { users } });
    await expectStatus(200, hub, "PATCH", `${path}/users/rex-read`, { body: { role: "no_access" } });
    await expectStatus(200, hub, "DELETE", `${path}/users/rex-read`);
    await expectStatus(404, hub, "DELETE", `${path}/users/rex-read`);
    assert.equal((await read(made.id)).name, "r");
    assert.equal((await read(made.id.toUpperCase())).name, "r");
    const { body: gone } = await expectStatus(200, hub, "DELETE", path);
    assert.deepEqual(gone, { success: true });
    await expectStatus(404, hub, "GET", path);
    assert.equal(hub.store.repository("acme/llm-private")?.resourceGroupId, undefined);
    assert.equal(hub.store.repository("acme/llm-private")?.groupedBy, undefined);
  });

  it("rejects unknown fields only in repos", async () => {
    const repo = { name: "acme/llm-private", type: "model" };
    await create({ surprise: 1, repos: [repo], users: [{ user: "rex-read", role: "read", surprise: 1 }] });
    const body = { name: "g", repos: [{ ...repo, surprise: 1 }] };
    await expectStatus(400, hub, "POST", GROUPS, { body });
  });

  it("merges spend limits, removes a limit that is null, and never returns null", async () => {
    const { id } = await create();
    const patch = async (spendLimits: object): Promise<Group["spendLimits"]> =>
      (await expectStatus<Group>(200, hub, "PATCH", `${GROUPS}/${id}`, { body: { spendLimits } })).body
        .spendLimits;
    assert.deepEqual(await patch({ total: 100, spaces: 5 }), { total: 100, spaces: 5 });
    assert.deepEqual(await patch({ jobs: 0, spaces: null }), { total: 100, jobs: 0 });
    assert.deepEqual(await patch({}), { total: 100, jobs: 0 });
    assert.equal(await patch({ total: null, jobs: null }), undefined);
    await expectStatus(400, hub, "PATCH", `${GROUPS}/${id}`, { body: { spendLimits: { total: -1 } } });
    const tooMuch = { body: { spendLimits: { total: 2 ** 53 } } };
    await expectStatus(400, hub, "PATCH", `${GROUPS}/${id}`, tooMuch);
    hub.store.setPlan("acme", "team");
    assert.deepEqual(await patch({ total: 1 }), { total: 1 });
    hub.store.setPlan("acme", "free");
    await expectStatus(402, hub, "PATCH", `${GROUPS}/${id}`, { body: { spendLimits: { total: 1 } } });
  });

  it("adds the current members when auto-join is enabled, and removes no one when it is disabled", async () => {
    const { id } = await create({ users: [{ user: "wim-write", role: "admin" }] });
    const settings = async (autoJoin: object): Promise<Group> =>
      (await expectStatus<Group>(200, hub, "POST", `${GROUPS}/${id}/settings`, { body: { autoJoin } })).body;
    const some = await settings({ enabled: "true", role: "read", scope: "read_plus" });
    assert.deepEqual(some.autoJoin, { enabled: true, role: "read", scope: "read_plus" });
    assert.deepEqual(names(some), ["ada-admin", "cora-contributor", "rex-read", "wim-write"]);
    assert.equal(some.users.find(({ name }) => name === "wim-write")?.role, "admin");
    assert.equal(some.users.find(({ name }) => name === "rex-read")?.role, "read");
    const all = await settings({ enabled: true, role: "contributor" });
    assert.ok(names(all).includes("nia-no-access"));
    const off = await settings({ enabled: "false" });
    assert.equal(off.autoJoin, undefined);
    assert.deepEqual(names(off), names(all));
    await expectStatus(200, hub, "POST", `${GROUPS}/${id}/settings`, { body: {} });
    await expectStatus(400, hub, "POST", `${GROUPS}/${id}/settings`, {
      body: { autoJoin: { enabled: true } },
    });
    const made = await create({ autoJoin: { enabled: true, role: "read" } });
    assert.equal(made.users.length, 5);
    await expectStatus(400, hub, "POST", GROUPS, {
      body: { name: "g", autoJoin: { enabled: "true", role: "read" } },
    });
  });

  for (const [what, status, users] of [
    ["a user who is already in the group", 403, [{ user: "wim-write", role: "read" }]],
    ["a user who is not a member", 403, [{ user: "otto-outsider", role: "read" }]],
    ["an unknown user", 400, [{ user: "no-such-user", role: "read" }]],
    [
      "the same user twice",
      400,
      [
        { user: "rex-read", role: "read" },
        { name: "REX-READ", role: "write" },
      ],
    ],
    ["an empty list", 400, []],
    ["an unknown role", 400, [{ user: "rex-read", role: "boss" }]],
  ] as const) {
    it(`refuses to add ${what}`, async () => {
      const { id } = await create({ users: [{ user: "wim-write", role: "read" }] });
      await expectStatus(status, hub, "POST", `${GROUPS}/${id}/users`, { body: { users } });
      assert.deepEqual(names(await read(id)), ["wim-write"]);
    });
  }

  it("accepts both user and name as a person's field", async () => {
    const { id } = await create();
    const users = [
      { user: "rex-read", role: "read" },
      { name: "Wim-Write", role: "no_access" },
    ];
    await expectStatus(200, hub, "POST", `${GROUPS}/${id}/users`, { body: { users } });
    assert.deepEqual(names(await read(id)), ["rex-read", "wim-write"]);
  });

  it("shows members their own groups, and lets a group's administrator change it", async () => {
    const { id } = await create({ users: [{ user: "wim-write", role: "admin" }] });
    await create({ name: "other" });
    const list = async (token: string): Promise<number> =>
      (await expectStatus<Group[]>(200, hub, "GET", GROUPS, { token })).body.length;
    assert.equal(await list(hub.tokens.admin), 2);
    assert.equal(await list(hub.tokens.write), 1);
    assert.equal(await list(hub.tokens.contributor), 0);
    await expectStatus(404, hub, "GET", `${GROUPS}/${id}`, { token: hub.tokens.contributor });
    const users = [{ user: "rex-read", role: "read" }];
    const path = `${GROUPS}/${id}/users`;
    await expectStatus(403, hub, "POST", path, { token: hub.tokens.contributor, body: { users } });
    await expectStatus(200, hub, "POST", path, { token: hub.tokens.write, body: { users } });
    await expectStatus(403, hub, "DELETE", `${GROUPS}/${id}`, { token: hub.tokens.write });
  });

  it("hides a private repository from members outside its group", async () => {
    const group = await create();
    const path = "/api/models/acme/llm-private";
    await expectStatus(404, hub, "GET", `${path}/resource-group`);
    const put = (resourceGroupId: string | null): ReturnType<typeof expectStatus> =>
      expectStatus(200, hub, "POST", `${path}/resource-group`, { body: { resourceGroupId } });
    const { body: repo } = await put(group.id);
    const answer = { name: "acme/llm-private", type: "model", private: true, addedBy: "ada-admin" };
    assert.deepEqual(repo, answer);
    const { body } = await expectStatus(200, hub, "GET", `${path}/resource-group`);
    assert.deepEqual(body, { id: group.id, name: "g", numUsers: 0 });
    const { body: expanded } = await expectStatus(200, hub, "GET", `${path}?expand=resourceGroup`);
    assert.deepEqual(expanded.resourceGroup, body);
    await expectStatus(404, hub, "GET", path, { token: hub.tokens.write });
    await expectStatus(200, hub, "GET", path);
    assert.deepEqual((await put(null)).body, answer);
    await expectStatus(200, hub, "GET", path, { token: hub.tokens.write });
    await expectStatus(404, hub, "POST", `${path}/resource-group`, {
      body: { resourceGroupId: "0".repeat(24) },
    });
  });

  it("refuses to change people by hand and to enable auto-join if a SCIM group is linked", async () => {
    const { id } = await create({ users: [{ user: "wim-write", role: "read" }] });
    const path = `${GROUPS}/${id}`;
    const before = await read(id);
    hub.store.linkScimGroup(id, "researchers");
    assert.deepEqual(await read(id), before);
    const role = "/api/organizations/acme/members/wim-write/role";
    const autoJoin = { enabled: true, role: "read" };
    const resourceGroups = [{ id, role: "write" }];
    for (const [method, url, body] of [
      ["POST", `${path}/users`, { users: [{ user: "rex-read", role: "read" }] }],
      ["PATCH", `${path}/users/wim-write`, { role: "write" }],
      ["DELETE", `${path}/users/wim-write`, undefined],
      ["POST", `${path}/settings`, { autoJoin }],
      ["PUT", role, { role: "write" }],
      ["PUT", role, { role: "write", resourceGroups }],
    ] as const) {
      const { body: answer } = await expectStatus(403, hub, method, url, { body });
      assert.match(String(answer["error"]), /managed by SCIM/);
    }
    assert.deepEqual(await read(id), before);
    const same = { role: "contributor", resourceGroups: [{ id, role: "read" }] };
    await expectStatus(200, hub, "PUT", role, { body: same });
    await expectStatus(200, hub, "POST", `${path}/settings`, { body: { autoJoin: { enabled: false } } });
    await expectStatus(200, hub, "PATCH", path, { body: { name: "renamed" } });
    hub.store.linkScimGroup(id, null);
    await expectStatus(200, hub, "DELETE", `${path}/users/wim-write`);
    await expectStatus(200, hub, "POST", `${path}/settings`, { body: { autoJoin } });
    assert.throws(() => hub.store.linkScimGroup(id, "researchers"), /join renamed automatically/);
  });

  it("requires the Team plan", async () => {
    hub.store.setPlan("acme", "free");
    await expectStatus(402, hub, "GET", GROUPS);
    await expectStatus(402, hub, "POST", "/api/models/acme/llm-private/resource-group", {
      body: { resourceGroupId: null },
    });
  });
});
