import assert from "node:assert/strict";
import { HubClient, type OrgRole } from "../../provider/src/client";
import { memberRoleDefinition } from "../../provider/src/resources/memberRole/lifecycle";
import { startHub, type Hub } from "../support/hub";
import { Clock, ResourceHarness } from "../support/lifecycle";

describe("MemberRole", () => {
  let hub: Hub;
  let clock: Clock;

  beforeEach(async () => {
    hub = await startHub();
    clock = new Clock(new Date());
  });
  afterEach(() => hub.close());

  const byHand = () => new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  const slot = () => new ResourceHarness(memberRoleDefinition, { hub, clock });
  const args = (changes: object = {}) => ({
    organization: "acme",
    user: "rex-read",
    role: "read",
    ...changes,
  });
  const roleOf = (user: string) =>
    hub.store.membersOf.all("acme").find((member) => member.user === user)?.role;
  const groupsOf = (user: string) =>
    hub.store.groupsOf
      .all("acme")
      .flatMap(({ name, users }) =>
        users.filter((each) => each.user === user).map(({ role }) => `${name} ${role}`),
      )
      .sort();
  const setByHand = async (role: OrgRole, user = "rex-read") => {
    const [member] = await byHand().listMembers("acme", { search: user });
    const groups = (member?.resourceGroups ?? []).map(({ id, role: each }) => ({
      id,
      role: each as OrgRole,
    }));
    await byHand().updateMemberRole("acme", user, { role, resourceGroups: groups });
  };
  const declared = async (changes: object = {}) => {
    const resource = slot();
    await resource.up(args(changes));
    return resource;
  };

  it("applies the first declaration, then has nothing to do, and leaves the role at the end", async () => {
    await setByHand("write");
    const resource = await declared();
    assert.equal(roleOf("rex-read"), "read");
    assert.equal(resource.id, "acme/rex-read");
    assert.equal(resource.kept.status, "active");
    assert.equal(resource.preview(args()), "same");
    assert.deepEqual(await resource.refresh(), []);
    assert.equal(resource.preview(args()), "same");
    assert.equal(await resource.up(args({ role: "contributor" })), "update");
    assert.equal(roleOf("rex-read"), "contributor");
    await resource.destroy();
    assert.equal(roleOf("rex-read"), "contributor");
  });

  it("keeps the member's resource groups", async () => {
    for (const [name, role] of [
      ["research", "write"],
      ["legal", "admin"],
    ] as const) {
      await byHand().createResourceGroup("acme", { name, users: [{ user: "rex-read", role }] });
    }
    await declared({ role: "contributor" });
    assert.deepEqual(groupsOf("rex-read"), ["legal admin", "research write"]);
  });

  it("lowers a role that someone raised, and raises a lowered one only with a new reason", async () => {
    const resource = await declared({ role: "contributor" });
    await setByHand("admin");
    assert.deepEqual(await resource.refresh(), ["role"]);
    assert.equal(await resource.up(args({ role: "contributor" })), "update");
    assert.equal(roleOf("rex-read"), "contributor");
    await setByHand("read");
    assert.deepEqual(await resource.refresh(), ["role"]);
    await assert.rejects(resource.up(args({ role: "contributor" })), {
      message:
        "The role of rex-read in acme was changed on the Hub after this program set it to contributor: it is read. It is not changed to contributor " +
        'automatically, because someone may have done that on purpose. Declare role: "read" to keep it, or give a new reason in acknowledgeOverwrite to overwrite it.',
    });
    assert.equal(roleOf("rex-read"), "read");
    const reason = { role: "contributor", acknowledgeOverwrite: "back from leave" };
    assert.equal(await resource.up(args(reason)), "update");
    assert.equal(roleOf("rex-read"), "contributor");
    assert.equal(resource.preview(args(reason)), "same");
  });
});
