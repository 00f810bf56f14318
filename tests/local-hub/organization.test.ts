import assert from "node:assert/strict";
import { askAll, expectStatus } from "./ask";
import { startHub, type Hub } from "../support/hub";

const MEMBERS = "/api/organizations/acme/members";
const GROUPS = "/api/organizations/acme/resource-groups";

interface Member {
  user: string;
  role?: string;
  twoFaEnabled?: boolean;
  resourceGroups?: { id: string; role: string }[];
}

interface Group {
  id: string;
  users: { name: string; role: string }[];
  resources: { name: string }[];
}

describe("local Hub: members", () => {
  let hub: Hub;
  beforeEach(
    async () => (hub = await startHub({ seed: { generate: [{ organization: "acme", members: 30 }] } })),
  );
  afterEach(() => hub.close());

  it("lists them page by page, with more for those who are nearer", async () => {
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

  it("finds by name, and by email address for administrators", async () => {
    const names = async (query: string): Promise<string[]> =>
      (await askAll<Member>(hub, `${MEMBERS}?${query}`)).items.map((member) => member.user);
    assert.deepEqual(await names("search=WIM"), ["wim-write"]);
    assert.deepEqual(await names("email=rex-read@users.invalid"), ["rex-read"]);
    await expectStatus(403, hub, "GET", `${MEMBERS}?email=x@y.z`, { token: hub.tokens.write });
  });

  it("gives a member another role, and out of every group that is not named again", async () => {
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

  it("is for administrators, keeps one of them, and knows its members and groups", async () => {
    const path = (user: string): string => `${MEMBERS}/${user}/role`;
    await expectStatus(403, hub, "PUT", path("rex-read"), {
      token: hub.tokens.write,
      body: { role: "read" },
    });
    await expectStatus(404, hub, "PUT", path("nobody"), { body: { role: "read" } });
    await expectStatus(400, hub, "PUT", path("ada-admin"), { body: { role: "read" } });
    await expectStatus(400, hub, "PUT", path("rex-read"), { body: { role: "boss" } });
    const resourceGroups = [{ id: "0".repeat(24), role: "read" }];
    await expectStatus(400, hub, "PUT", path("rex-read"), { body: { role: "read", resourceGroups } });
    hub.store.setPlan("acme", "free");
    await expectStatus(402, hub, "PUT", path("rex-read"), { body: { role: "read", resourceGroups } });
  });
});

describe("local Hub: resource groups", () => {
  let hub: Hub;
  beforeEach(async () => (hub = await startHub()));
  afterEach(() => hub.close());

  it("lives from its creation to its deletion", async () => {
    const { body: made } = await expectStatus<Group>(200, hub, "POST", GROUPS, {
      body: {
        name: "research",
        repos: [{ name: "acme/llm-private", type: "model" }],
        users: [{ user: "wim-write", role: "admin" }],
        autoJoin: { enabled: true, role: "read" },
      },
    });
    assert.deepEqual(
      made.resources.map((repo) => repo.name),
      ["acme/llm-private"],
    );
    const path = `${GROUPS}/${made.id}`;
    await expectStatus(200, hub, "PATCH", path, {
      body: { name: "r", spendLimits: { total: 100, spaces: null } },
    });
    await expectStatus(200, hub, "POST", `${path}/settings`, { body: { autoJoin: { enabled: false } } });
    const users = [{ user: "rex-read", role: "read" }];
    await expectStatus(200, hub, "POST", `${path}/users`, { body: { users } });
    await expectStatus(403, hub, "POST", `${path}/users`, { body: { users } });
    await expectStatus(200, hub, "PATCH", `${path}/users/rex-read`, { body: { role: "write" } });
    await expectStatus(200, hub, "DELETE", `${path}/users/rex-read`);
    await expectStatus(404, hub, "DELETE", `${path}/users/rex-read`);
    const { body: read } = await expectStatus(200, hub, "GET", path);
    assert.equal(read.name, "r");
    assert.equal(read.autoJoin, undefined);
    await expectStatus(200, hub, "DELETE", path);
    await expectStatus(404, hub, "GET", path);
    assert.equal(hub.store.repository("acme/llm-private")?.resourceGroupId, undefined);
  });

  it("hides a private repository from members outside its group", async () => {
    const { body: group } = await expectStatus<Group>(200, hub, "POST", GROUPS, { body: { name: "g" } });
    const path = "/api/models/acme/llm-private";
    await expectStatus(404, hub, "GET", `${path}/resource-group`);
    await expectStatus(200, hub, "POST", `${path}/resource-group`, { body: { resourceGroupId: group.id } });
    const { body } = await expectStatus(200, hub, "GET", `${path}/resource-group`);
    assert.equal(body.name, "g");
    await expectStatus(404, hub, "GET", path, { token: hub.tokens.write });
    await expectStatus(200, hub, "GET", path);
    await expectStatus(200, hub, "POST", `${path}/resource-group`, { body: { resourceGroupId: null } });
    await expectStatus(200, hub, "GET", path, { token: hub.tokens.write });
  });

  it("asks for the Team plan", async () => {
    hub.store.setPlan("acme", "free");
    await expectStatus(402, hub, "GET", GROUPS);
  });
});

describe("local Hub: network security and webhooks", () => {
  let hub: Hub;
  beforeEach(async () => (hub = await startHub()));
  afterEach(() => hub.close());

  it("keeps one network security for each organization, of the Plus plan", async () => {
    const path = "/api/organizations/acme/settings/network-security";
    await expectStatus(402, hub, "GET", path);
    hub.store.setPlan("acme", "plus");
    const { body } = await expectStatus(200, hub, "PATCH", path, {
      body: {
        enforceAuth: true,
        ipRanges: ["192.0.2.0/24"],
        blockedContents: [{ resource: "model", scope: "*" }],
      },
    });
    assert.equal(body.enforceAuth, "pending");
    const { body: read } = await expectStatus(200, hub, "GET", path);
    assert.deepEqual(read, body);
    await expectStatus(400, hub, "PATCH", path, { body: { ipRanges: ["everywhere"] } });
  });

  it("keeps a user's webhooks, and no secret of them", async () => {
    const path = "/api/settings/webhooks";
    const body = {
      watched: [{ type: "org", name: "acme" }],
      url: "https://hooks.example/x",
      domains: ["repo"],
      secret: "s3cret",
    };
    const { body: made } = await expectStatus<{ webhook: { id: string; hasSecret: boolean } }>(
      200,
      hub,
      "POST",
      path,
      {
        body,
      },
    );
    assert.equal(made.webhook.hasSecret, true);
    const one = `${path}/${made.webhook.id}`;
    const { body: off } = await expectStatus<{ webhook: { disabled: boolean } }>(
      200,
      hub,
      "POST",
      `${one}/disable`,
    );
    assert.equal(off.webhook.disabled, true);
    await expectStatus(200, hub, "POST", one, { body: { ...body, url: "https://hooks.example/y" } });
    await expectStatus(404, hub, "GET", one, { token: hub.tokens.write });
    assert.ok(!JSON.stringify([...hub.store.webhooks.values()]).includes("s3cret"));
    await expectStatus(200, hub, "DELETE", one);
    await expectStatus(404, hub, "GET", one);
    await expectStatus(400, hub, "POST", path, { body: { ...body, watched: [] } });
  });
});
