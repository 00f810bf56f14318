// The whole life of a ResourceGroupMember on a local Hub.
import assert from "node:assert/strict";
import { type OrgRole } from "../../provider/src/client";
import { UnfinishedError } from "../../provider/src/model/definition";
import { resourceGroupMemberDefinition as definition } from "../../provider/src/resources/resourceGroupMember/lifecycle";
import { governance } from "../support/governance";
import { startHub, type Hub } from "../support/hub";
import { Clock, type Refused, ResourceHarness } from "../support/lifecycle";

const USERS = /\/users(?:\/[^/]+)?$/;

describe("ResourceGroupMember", () => {
  let hub: Hub;
  let clock: Clock;
  let team: ReturnType<typeof governance>;
  let groupId: string;

  beforeEach(async () => {
    hub = await startHub();
    clock = new Clock(new Date());
    team = governance(hub);
    groupId = await team.group("research", [{ user: "wim-write", role: "admin" }]);
  });
  afterEach(() => hub.close());

  const slot = (token?: string) => new ResourceHarness(definition, { hub, clock, token });
  const args = (changes: object = {}) => ({
    organization: "acme",
    groupId,
    user: "rex-read",
    role: "write",
    ...changes,
  });
  const declared = async (changes: object = {}) => {
    const resource = slot();
    await resource.up(args(changes));
    return resource;
  };
  const role = (user = "rex-read") => team.roleIn(groupId, user);
  const setByHand = (to: OrgRole) =>
    team.client.updateResourceGroupUser("acme", groupId, { user: "rex-read", role: to });
  const takeOut = () => team.client.removeResourceGroupUser("acme", groupId, "rex-read");

  it("adds the member, has nothing to do then, and takes only this member out at the end", async () => {
    const resource = await declared();
    assert.equal(role(), "write");
    assert.equal(resource.id, `acme/${groupId}/rex-read`);
    assert.equal(resource.preview(args()), "same");
    assert.deepEqual(await resource.refresh(), []);
    assert.equal(resource.preview(args()), "same");
    assert.equal(await resource.up(args({ role: "admin" })), "update");
    assert.equal(role(), "admin");
    await resource.destroy();
    assert.equal(role(), undefined);
    assert.equal(role("wim-write"), "admin");
    assert.match(resource.said.at(-1)?.message ?? "", /removed rex-read from the resource group/);
  });

  it("adopts a member with another role, and sends nothing for the declared one", async () => {
    await team.client.addResourceGroupUsers("acme", groupId, [{ user: "rex-read", role: "read" }]);
    await declared();
    assert.equal(role(), "write");
    const writes = team.writes().length;
    await declared();
    assert.equal(team.writes().length, writes);
  });

  it("is replaced for another person or resource group", async () => {
    const resource = await declared();
    const legal = await team.group("legal");
    for (const change of [{ user: "cora-contributor" }, { groupId: legal }, { organization: "globex" }])
      assert.equal(resource.preview(args(change)), "replace");
    await resource.up(args({ groupId: legal }));
    assert.deepEqual(team.groupsOf("rex-read"), ["legal write"]);
  });

  it("lowers a role that someone raised, and names the person", async () => {
    const resource = await declared();
    resource.state = { ...resource.kept, appliedAt: new Date(Date.now() - 60_000).toISOString() };
    await setByHand("admin");
    assert.deepEqual(await resource.refresh(), ["role"]);
    assert.equal(await resource.up(args()), "update");
    assert.equal(role(), "write");
    const said = resource.warnings().join();
    assert.match(
      said,
      /someone changed the role of rex-read in the resource group .* to write: it was admin \(by/,
    );
  });

  it("raises a lowered role, and adds a member who was taken out, only with a new reason", async () => {
    const resource = await declared();
    await setByHand("read");
    assert.deepEqual(await resource.refresh(), ["role"]);
    await assert.rejects(resource.up(args()), /it is read\. .* Declare role: "read" to keep it/);
    await resource.up(args({ acknowledgeOverwrite: "back on the project" }));
    assert.equal(role(), "write");
    await takeOut();
    assert.deepEqual(await resource.refresh(), ["role"]);
    assert.equal(resource.preview(args({ acknowledgeOverwrite: "back on the project" })), "update");
    await assert.rejects(resource.up(args({ acknowledgeOverwrite: "back on the project" })), {
      message:
        `The role of rex-read in the resource group ${groupId} of acme was changed on the Hub after this program set it to write: it is none (not in the ` +
        "resource group). It is not changed to write automatically, because someone may have done that on purpose. Remove this resource from the program " +
        "to keep it, or give a new reason in acknowledgeOverwrite to overwrite it.",
    });
    assert.equal(role(), undefined);
    await resource.up(args({ acknowledgeOverwrite: "back again" }));
    assert.equal(role(), "write");
  });

  it("does not forget a refusal in a refresh", async () => {
    const resource = await declared();
    await takeOut();
    await assert.rejects(resource.up(args({ role: "read" })), UnfinishedError);
    for (let night = 0; night < 2; night++) {
      await resource.refresh();
      await assert.rejects(resource.up(args({ role: "read" })), UnfinishedError);
    }
    await resource.up(args({ role: "read", acknowledgeOverwrite: "agreed" }));
    assert.equal(role(), "read");
  });

  describe("of a person who is not a member of the organization", () => {
    const message =
      "otto-outsider is not a member of acme, and only its members can be in a resource group. The Hub's API cannot add members to an " +
      "organization: invite otto-outsider on the Hub, or remove this resource from the program. A person who joins later is not added automatically.";
    it("is refused", () => assert.rejects(slot().up(args({ user: "otto-outsider" })), { message }));
    it("is missing until the person joins again, and is then not added automatically", async () => {
      const resource = await declared();
      team.leave("rex-read");
      await resource.refresh();
      assert.equal(resource.kept.status, "missing");
      assert.match(resource.warnings().join(), /rex-read is not a member of acme/);
      assert.equal(await resource.up(args()), "same");
      team.join("rex-read", "read");
      await resource.refresh();
      const early = args({ acknowledgeOverwrite: "early" });
      await assert.rejects(resource.up(early), /this program did not set that/);
      assert.equal(role(), undefined);
      await resource.up(args({ acknowledgeOverwrite: "back" }));
      assert.equal(role(), "write");
    });
  });

  describe("of another person with the same user name", () => {
    it("is not added without a new reason after a run has reported it", async () => {
      const resource = await declared();
      team.leave("rex-read");
      team.reuseName("rex-read");
      team.join("rex-read", "read");
      await resource.refresh();
      const early = args({ acknowledgeOverwrite: "early" });
      await assert.rejects(resource.up(early), /this program did not set that/);
      await assert.rejects(resource.up(early), /this program did not set that/);
      assert.equal(role(), undefined);
      await resource.up(args({ acknowledgeOverwrite: "she is the new Rex" }));
      assert.equal(role(), "write");
    });
    it("is not taken out at the end", async () => {
      const resource = await declared();
      team.reuseName("rex-read");
      await resource.destroy();
      assert.equal(role(), "write");
      assert.match(resource.warnings().join(), /left unchanged on the Hub: it is a different object/);
    });
  });

  describe("of a resource group that is gone", () => {
    it("is missing for an administrator, and cannot be created", async () => {
      const resource = await declared();
      await team.client.deleteResourceGroup("acme", groupId);
      await resource.refresh();
      assert.equal(resource.kept.status, "missing");
      assert.match(
        resource.warnings().join(),
        /acme has no resource group .* on the Hub, so nothing was sent/,
      );
      assert.equal(await resource.up(args()), "same");
      assert.equal(await resource.up(args({ role: "read" })), "update");
      await assert.rejects(slot().up(args()), /Declare the groupId of an existing resource group/);
      await resource.destroy();
    });
    it("is not believed if the token may not see it", async () => {
      const resource = await declared();
      const other = new ResourceHarness(definition, { hub, clock, token: hub.tokens.contributor });
      other.id = resource.id;
      other.state = resource.state;
      await assert.rejects(other.refresh(), /It is unclear whether it is gone or only hidden/);
    });
  });

  it("reports what the Hub refuses or does not do", async () => {
    const resource = await declared({ role: "read" });
    hub.inject({ method: "PATCH", path: USERS, effect: { status: 403, body: { error: "SCIM" } } });
    await assert.rejects(
      resource.up(args()),
      /If the identity provider manages the resource group \(SCIM\), change/,
    );
    const group = await team.client.getResourceGroup("acme", groupId);
    hub.inject({ method: "PATCH", path: USERS, effect: { status: 200, body: group } });
    await assert.rejects(
      resource.up(args()),
      /accepted a change of the role of rex-read .* did not make it: it is read/,
    );
    hub.inject({ method: "DELETE", path: USERS, effect: { status: 200, body: group } });
    await assert.rejects(resource.destroy(), /accepted the removal of rex-read .* but did not make it/);
    assert.equal(role(), "read");
  });

  it("survives lost answers", async () => {
    hub.inject({ method: "POST", path: USERS, effect: "lose-answer" });
    const resource = await declared();
    assert.equal(role(), "write");
    hub.inject({ method: "PATCH", path: USERS, effect: "lose-answer" });
    await resource.up(args({ role: "read" }));
    assert.equal(role(), "read");
    hub.inject({ method: "DELETE", path: USERS, effect: { status: 404, body: { error: "not in it" } } });
    await assert.rejects(resource.destroy(), /answered 404/);
    // Someone removes the member between the look and the removal.
    const context = resource.context();
    const remove = context.client.removeResourceGroupUser.bind(context.client);
    context.client.removeResourceGroupUser = async (...about) => {
      await takeOut();
      return remove(...about);
    };
    await definition.delete(resource.id!, resource.kept, context);
    assert.equal(role(), undefined);
  });

  it("is refused beside the complete list of members in the same stack", () => {
    const resource = slot();
    const declaredBy = new Map([[`ResourceGroup members ${groupId}`, "0123abcd"]]);
    resource.context = () => ({ ...ResourceHarness.prototype.context.call(resource), declaredBy });
    assert.throws(
      () => resource.check(args()),
      (error: Refused) => {
        assert.deepEqual(error.failures, [
          {
            property: "groupId",
            reason:
              `a ResourceGroup of this stack declares all members of ${groupId}. They would revert each other: add this one to its members and remove ` +
              "this resource, or remove members from the ResourceGroup",
          },
        ]);
        return true;
      },
    );
    assert.ok(declaredBy.has(`ResourceGroupMember ${groupId}`));
  });

  it("is looked up by its id alone, which must have the right form", async () => {
    const context = slot().context();
    const read = (id: string) => definition.read(id, undefined, context);
    assert.equal((await read(`acme/${groupId}/wim-write`))?.inputs.role, "admin");
    assert.equal(await read(`acme/${groupId}/rex-read`), undefined);
    await assert.rejects(() => read("acme/research/rex-read"), /It has the form organization\/groupId\/user/);
  });
});
