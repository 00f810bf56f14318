// Covers what the operations about resource groups, roles and Spaces refuse, return and report.
import assert from "node:assert/strict";
import { type HubClient } from "../../provider/src/client/hubClient";
import { type OrgRole } from "../../provider/src/client/types";
import { resetBefore, type ScriptedServer, startScriptedServer, type Step } from "../support/scriptedServer";
import { ID } from "./answers";
import { failure } from "./failure";
import { GROUP } from "./groupsAndSpaces";
import { quickClient } from "./quickClient";

describe("client about resource groups and Spaces", () => {
  let server: ScriptedServer;
  afterEach(() => server.close());

  async function clientOf(...steps: Step[]): Promise<HubClient> {
    server = await startScriptedServer(...steps);
    return quickClient(server.endpoint).client;
  }
  const advice = async (status: number, call: (client: HubClient) => Promise<unknown>): Promise<string> => {
    const error = await failure(call(await clientOf({ status, body: { error: "no" } })));
    await server.close();
    return error.advice ?? "";
  };

  it("leaves out a description and limits that the Hub does not have", async () => {
    const client = await clientOf({ body: { ...GROUP, description: null, spendLimits: {} } });
    const { description, spendLimits, autoJoin } = await client.getResourceGroup("acme", ID);
    assert.deepEqual([description, spendLimits], [undefined, undefined]);
    assert.deepEqual(autoJoin, { enabled: true, role: "read", scope: "read_plus" });
  });

  it("refuses an enabled autoJoin without a role, because the role may be any", async () => {
    const client = await clientOf({ body: [{ ...GROUP, autoJoin: { enabled: true } }] });
    const error = await failure(client.listResourceGroups("acme"));
    assert.equal(error.code, "invalid_response");
    assert.match(error.message, /\[0\]\.autoJoin is enabled but has no role/);
  });

  it("returns the resource group if the answer to a removal was lost", async () => {
    const client = await clientOf(
      resetBefore,
      { status: 404, body: { error: "not in it" } },
      { body: GROUP },
    );
    assert.equal((await client.removeResourceGroupUser("acme", ID, "bob")).name, "ml");
    assert.deepEqual(
      server.requests.map(({ method }) => method),
      ["DELETE", "DELETE", "GET"],
    );
  });

  it("does not create a resource group or add members twice", async () => {
    for (const call of [
      (c: HubClient) => c.createResourceGroup("acme", { name: "ml" }),
      (c: HubClient) => c.addResourceGroupUsers("acme", ID, [{ user: "bob", role: "read" }]),
    ]) {
      const error = await failure(call(await clientOf(resetBefore)));
      assert.equal(error.outcomeUnknown, true);
      assert.equal(server.requests.length, 1);
      await server.close();
    }
  });

  it("repeats a change that is safe to repeat", async () => {
    for (const call of [
      (c: HubClient) => c.setRepoResourceGroup("acme/llm", { groupId: ID }),
      (c: HubClient) => c.setResourceGroupAutoJoin("acme", ID, null),
      (c: HubClient) => c.updateMemberRole("acme", "bob", { role: "read", resourceGroups: [] }),
      (c: HubClient) => c.setSpaceSecret("acme/s", { key: "K", value: "v" }),
    ]) {
      await call(await clientOf({ status: 503 }, { body: GROUP }));
      assert.equal(server.requests.length, 2);
      await server.close();
    }
  });

  it("says what a refusal means", async () => {
    const members = (c: HubClient) => c.addResourceGroupUsers("acme", ID, [{ user: "bob", role: "read" }]);
    const role = (c: HubClient) => c.updateMemberRole("acme", "bob", { role: "read", resourceGroups: [] });
    const move = (c: HubClient) => c.setRepoResourceGroup("acme/llm", { groupId: ID });
    assert.match(await advice(402, (c) => c.listResourceGroups("acme")), /need the Team plan/);
    assert.match(await advice(402, members), /need the Team plan/);
    assert.match(await advice(403, members), /SCIM/);
    assert.match(await advice(402, role), /a paid plan/);
    assert.match(await advice(404, role), /not a member.*invite the user first/);
    assert.match(await advice(402, move), /need the Team plan/);
    assert.match(await advice(404, move), /no such repository of this type or no such resource group/);
    assert.match(await advice(401, move), /no such repository/);
    assert.match(await advice(404, (c) => c.getRepoResourceGroup("acme/llm")), /not in a resource group; or/);
    assert.match(await advice(404, (c) => c.listSpaceSecrets("acme/s")), /no such repository/);
    assert.match(await advice(404, (c) => c.getRepoScan("acme/s")), /no such repository/);
  });

  it("refuses impossible arguments before it sends a request", async () => {
    const client = await clientOf({ body: {} });
    const read = "read" as const;
    for (const call of [
      () => client.createResourceGroup("acme", { name: "" }),
      () => client.createResourceGroup("acme", { name: "x".repeat(201) }),
      () => client.createResourceGroup("acme", { name: "x", description: "x".repeat(501) }),
      () => client.createResourceGroup("acme", { name: "x", users: [{ user: "a/b", role: read }] }),
      () =>
        client.createResourceGroup("acme", { name: "x", users: [{ user: "a", role: "owner" as OrgRole }] }),
      () => client.createResourceGroup("acme", { name: "x", repos: [{ name: "llm", type: "model" }] }),
      () =>
        client.createResourceGroup("acme", {
          name: "x",
          repos: [{ name: "acme/k", type: "kernel" as "model" }],
        }),
      () =>
        client.createResourceGroup("acme", { name: "x", autoJoin: { role: read, scope: "some" as "all" } }),
      () => client.updateResourceGroup("acme", ID, { name: "" }),
      () => client.updateResourceGroup("acme", ID, { spendLimits: { total: 1.5 } }),
      () => client.updateResourceGroup("acme", ID, { spendLimits: { total: -1 } }),
      () => client.updateResourceGroup("acme", ID, { spendLimits: { gpus: 1 } as object }),
      () => client.setResourceGroupAutoJoin("acme", ID, { role: "owner" as OrgRole }),
      () => client.addResourceGroupUsers("acme", ID, []),
      () => client.updateResourceGroupUser("acme", ID, { user: "bob", role: "" as OrgRole }),
      () => client.removeResourceGroupUser("acme", ID, "../bob"),
      () => client.getResourceGroup("acme", "../x"),
      () => client.getRepoResourceGroup("acme/k", "kernel" as "model"),
      () => client.setRepoResourceGroup("acme/m", { groupId: "" }),
      () => client.updateMemberRole("acme", "bob", { role: read } as never),
      () => client.updateMemberRole("acme", "bob", { role: read, resourceGroups: [{ id: "/", role: read }] }),
      () =>
        client.updateMemberRole("acme", "bob", {
          role: read,
          resourceGroups: [{ id: ID, role: "owner" as OrgRole }],
        }),
      () => client.setSpaceSecret("acme/s", { key: "1st", value: "v" }),
      () => client.setSpaceSecret("acme/s", { key: "K", value: 1 as never }),
      () => client.setSpaceVariable("acme/s", { key: "A-B", value: "v" }),
      () => client.deleteSpaceVariable("acme/s", ""),
      () => client.listSpaceSecrets("acme"),
      () => client.getRepoScan("acme/b", "bucket" as "model"),
    ]) {
      assert.equal((await failure(call())).code, "invalid_argument");
    }
    assert.equal(server.requests.length, 0);
  });

  it("counts the characters of a name as the Hub does", async () => {
    const client = await clientOf({ body: GROUP });
    await client.createResourceGroup("acme", { name: "😀".repeat(200), description: "😀".repeat(500) });
    assert.equal(server.requests.length, 1);
  });

  it("leaves out a key that would change a prototype when it is copied", async () => {
    const client = await clientOf({ body: '{"__proto__":{"key":"K"},"K":{"key":"K"}}' });
    assert.deepEqual(Object.keys(await client.listSpaceSecrets("acme/s")), ["K"]);
  });

  it("does not repeat a key or a value in an error, because a caller may confuse them", async () => {
    const client = await clientOf({ body: {} });
    const error = await failure(client.setSpaceSecret("acme/s", { key: "s3cret-value", value: "API_KEY" }));
    assert.doesNotMatch(error.message, /s3cret-value|API_KEY/);
  });
});
