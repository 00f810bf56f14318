import assert from "node:assert/strict";
import { expectStatus } from "./ask";
import { startHub, type Hub } from "../support/hub";

const GROUPS = "/api/organizations/acme/resource-groups";
const MODEL = "/api/models/acme/llm-private";

type Role = "admin" | "write" | "contributor" | "read" | "no_access";

describe("local Hub: access through a resource group", () => {
  let hub: Hub;
  beforeEach(async () => (hub = await startHub()));
  afterEach(() => hub.close());

  /** Makes a group with these roles, by user name. Returns its id. */
  const makeGroup = async (roles: Record<string, Role> = {}, repos: object[] = []): Promise<string> => {
    const users = Object.entries(roles).map(([user, role]) => ({ user, role }));
    const { body } = await expectStatus<{ id: string }>(200, hub, "POST", GROUPS, {
      body: { name: "g", users, repos },
    });
    return body.id;
  };
  const llm = { name: "acme/llm-private", type: "model" };

  for (const [role, reads, writes] of [
    ["no_access", 404, 404],
    ["read", 200, 403],
    ["contributor", 200, 403],
    ["write", 200, 200],
  ] as const) {
    it(`gives the group role ${role} its access to a private repository`, async () => {
      await makeGroup({ "wim-write": role }, [llm]);
      const token = hub.tokens.write;
      await expectStatus(reads, hub, "GET", MODEL, { token });
      await expectStatus(writes, hub, "PUT", `${MODEL}/settings`, {
        token,
        body: { discussionsDisabled: true },
      });
      const { body } = await expectStatus<{ id: string }[]>(200, hub, "GET", "/api/models?author=acme", {
        token,
      });
      assert.equal(
        body.some(({ id }) => id === llm.name),
        reads === 200,
      );
    });
  }

  /** The value of a token of a new service account. */
  const accountToken = async (...permissions: string[]): Promise<string> => {
    const accounts = "/api/organizations/acme/service-accounts";
    const body = { name: permissions.join(" ").slice(0, 50) };
    const { body: account } = await expectStatus<{ _id: string }>(201, hub, "POST", accounts, { body });
    const { body: issued } = await expectStatus<{ token: string }>(
      201,
      hub,
      "POST",
      `${accounts}/${account._id}/tokens`,
      { body: { permissions } },
    );
    return issued.token;
  };
  const makeCollection = async (settings: object = {}): Promise<string> => {
    const { body } = await expectStatus<{ slug: string }>(200, hub, "POST", "/api/collections", {
      body: { title: "c", namespace: "acme", ...settings },
    });
    return `/api/collections/${body.slug}`;
  };

  for (const [what, make] of [
    ["repository", () => Promise.resolve(MODEL)],
    ["collection", () => makeCollection({ private: true })],
  ] as const) {
    it(`moves a ${what} in and out of groups only for the groups' administrators`, async () => {
      const path = `${await make()}/resource-group`;
      const own = await makeGroup({ "wim-write": "admin" });
      const other = await makeGroup({ "wim-write": "write" });
      const move = (status: number, resourceGroupId: string | null, token: string): Promise<unknown> =>
        expectStatus(status, hub, "POST", path, { token, body: { resourceGroupId } });
      await move(403, other, hub.tokens.write);
      await move(200, own, hub.tokens.write);
      await move(403, other, hub.tokens.write);
      await move(200, null, hub.tokens.write);
      await move(200, other, hub.tokens.admin);
      await move(403, null, hub.tokens.write);
      await move(403, own, hub.tokens.write);
      await move(200, null, hub.tokens.admin);
    });

    it(`moves a ${what} for a service account with resourceGroup.write`, async () => {
      const path = `${await make()}/resource-group`;
      const body = { resourceGroupId: await makeGroup() };
      const writes = await accountToken("repo.write", "collection.write");
      await expectStatus(403, hub, "POST", path, { token: writes, body });
      const moves = await accountToken("resourceGroup.write");
      await expectStatus(200, hub, "POST", path, { token: moves, body });
    });
  }

  for (const [what, path, settings] of [
    ["repositories", "/api/repos/create", { name: "fresh", organization: "acme" }],
    ["collections", "/api/collections", { title: "fresh", namespace: "acme" }],
  ] as const) {
    it(`creates ${what} in a group for its contributors, whatever their role in the organization`, async () => {
      const resourceGroupId = await makeGroup({ "rex-read": "contributor", "cora-contributor": "read" });
      const token = hub.createToken("rex-read", { name: "w", role: "write" }).value;
      const inGroup = { ...settings, resourceGroupId };
      for (const other of [hub.tokens.write, hub.tokens.contributor]) {
        await expectStatus(403, hub, "POST", path, { token: other, body: inGroup });
      }
      await expectStatus(403, hub, "POST", path, { token, body: settings });
      await expectStatus(200, hub, "POST", path, { token, body: inGroup });
    });

    it(`creates ${what} in a group for service accounts with resourceGroup.write`, async () => {
      const body = { ...settings, resourceGroupId: await makeGroup() };
      const permissions = ["repo.write", "collection.write"];
      const writes = await accountToken(...permissions);
      await expectStatus(403, hub, "POST", path, { token: writes, body });
      const both = await accountToken(...permissions, "resourceGroup.write");
      await expectStatus(200, hub, "POST", path, { token: both, body });
    });
  }

  it("shows the group of a repository or collection only to those who can see the group", async () => {
    const group = await makeGroup({ "cora-contributor": "no_access" });
    const assignment = { body: { resourceGroupId: group } };
    const collection = await makeCollection({ item: { type: "model", id: "acme/llm-public" } });
    await expectStatus(200, hub, "POST", "/api/repos/create", {
      body: { organization: "acme", name: "kernel-open", type: "kernel" },
    });
    await expectStatus(200, hub, "POST", "/api/buckets/acme/open", { body: {} });
    await expectStatus(200, hub, "POST", "/api/repos/create", {
      body: { organization: "acme", name: "kernel-in", type: "kernel", resourceGroupId: group },
    });
    const grouped = ["/api/models/acme/llm-public", "/api/buckets/acme/open", collection];
    for (const path of grouped) await expectStatus(200, hub, "POST", `${path}/resource-group`, assignment);
    const none = await accountToken("repo.content.read", "collection.read");
    const reads = await accountToken("org.read");
    for (const [token, isShown] of [
      [hub.tokens.admin, true],
      [hub.tokens.contributor, true],
      [reads, true],
      [none, false],
      [hub.tokens.write, false],
      [hub.tokens.outsider, false],
      [null, false],
    ] as const) {
      for (const path of [
        "/api/models/acme/llm-public?expand=resourceGroup",
        "/api/models?author=acme&search=llm-public&expand=resourceGroup",
        "/api/kernels/acme/kernel-in",
        "/api/kernels?author=acme&expand=resourceGroup",
        "/api/buckets/acme/open",
        "/api/buckets/acme?search=open",
        "/api/collections?owner=acme",
        collection,
      ]) {
        const { body } = await expectStatus(200, hub, "GET", path, { token });
        assert.equal(JSON.stringify(body).includes(group), isShown, path);
      }
      const status = token === null ? 401 : isShown ? 200 : 404;
      for (const path of grouped) await expectStatus(status, hub, "GET", `${path}/resource-group`, { token });
    }
  });
});
