// Histories in which several resources, an edited state or a Hub that shows less could make a run loosen something.
import assert from "node:assert/strict";
import { engineHandler, type EngineHandler } from "../../provider/src/dynamic/handler";
import { Run } from "../../provider/src/hub/run";
import { type Properties } from "../../provider/src/model/plain";
import { definitionOf, type ResourceType } from "../../provider/src/resources/registry";
import { memberRoleDefinition } from "../../provider/src/resources/memberRole/lifecycle";
import { spaceSecretDefinition } from "../../provider/src/resources/spaceSecret/lifecycle";
import { spaceVariableDefinition } from "../../provider/src/resources/spaceVariable/lifecycle";
import { governance } from "../support/governance";
import { startHub, type Hub } from "../support/hub";
import { Clock, ResourceHarness } from "../support/lifecycle";
import { ByHand, SPACE } from "../support/spaceSettings";

describe("governance", () => {
  let hub: Hub;
  let team: ReturnType<typeof governance>;

  beforeEach(async () => {
    hub = await startHub();
    team = governance(hub);
  });
  afterEach(() => hub.close());

  /** The handlers of one run of the engine. */
  const run = (): ((type: ResourceType) => EngineHandler) => {
    const settings: Record<string, string> = {
      "huggingface:endpoint": hub.endpoint,
      "huggingface:token": hub.tokens.admin,
    };
    const shared = new Run(() => undefined);
    shared.configure((key) => settings[key]);
    return (type) => engineHandler(definitionOf(type), shared, () => Promise.resolve());
  };
  const create = async (of: ReturnType<typeof run>, type: ResourceType, args: Properties) => {
    const { inputs, failures } = await of(type).check({}, args);
    assert.deepEqual(failures, []);
    return { type, inputs, ...(await of(type).create(inputs)) };
  };
  const GROUP = { owner: "0123abcd", organization: "acme", name: "research" };
  const REX = { user: "rex-read", role: "write" };

  describe("of entries that move into the complete lists of their resource group", () => {
    const moved = async (
      type: "ResourceGroupMember" | "RepoResourceGroup",
      entry: Properties,
      lists: Properties,
    ) => {
      const first = run();
      const group = await create(first, "ResourceGroup", GROUP);
      const groupId = group.outs["groupId"] as string;
      const single = await create(first, type, { ...entry, groupId });
      const second = run();
      const { inputs } = await second("ResourceGroup").check(group.inputs, { ...GROUP, ...lists });
      await second("ResourceGroup").diff(group.id, group.outs, inputs);
      await second("ResourceGroup").update(group.id, group.outs, inputs);
      await second(type).delete(single.id, single.outs);
      return groupId;
    };

    it("leaves the member in the resource group", async () => {
      const groupId = await moved(
        "ResourceGroupMember",
        { organization: "acme", ...REX },
        { members: [REX] },
      );
      assert.equal(team.roleIn(groupId, "rex-read"), "write");
    });
    it("leaves the repository in the resource group", async () => {
      const entry = { repo: "acme/llm", repoType: "model", onDestroy: "remove" };
      const lists = { repositories: [{ repo: "acme/llm" }], acknowledgeOverwrite: "one list" };
      const groupId = await moved("RepoResourceGroup", entry, lists);
      assert.equal(team.groupOfRepo("acme/llm"), groupId);
    });
  });

  it("does not delete a resource group that a resource of the program still declares for a repository", async () => {
    const first = run();
    const group = await create(first, "ResourceGroup", GROUP);
    const groupId = group.outs["groupId"] as string;
    const binding = await create(first, "RepoResourceGroup", { repo: "acme/llm", groupId });
    const second = run();
    await second("RepoResourceGroup").check(binding.inputs, binding.inputs);
    await second("RepoResourceGroup").diff(binding.id, binding.outs, binding.inputs);
    await assert.rejects(second("ResourceGroup").delete(group.id, group.outs), /acme\/llm/);
    assert.equal(team.groupOfRepo("acme/llm"), groupId);
    const third = run();
    await third("RepoResourceGroup").delete(binding.id, binding.outs);
    await third("ResourceGroup").delete(group.id, group.outs);
    assert.equal(team.groupOfRepo("acme/llm"), undefined);
  });

  it("does not give back in a new resource group what someone had taken away in the deleted one", async () => {
    const args = { ...GROUP, members: [REX, { user: "wim-write", role: "read" }], recreateIfMissing: true };
    const group = await create(run(), "ResourceGroup", args);
    const groupId = group.outs["groupId"] as string;
    await team.client.removeResourceGroupUser("acme", groupId, "rex-read");
    const refreshed = await run()("ResourceGroup").read(group.id, group.outs);
    await team.client.deleteResourceGroup("acme", groupId);
    const missing = await run()("ResourceGroup").read(group.id, refreshed.props as Properties);
    assert.equal(missing.props?.["status"], "missing");
    const next = run();
    const { inputs } = await next("ResourceGroup").check(group.inputs, args);
    const plan = await next("ResourceGroup").diff(group.id, missing.props, inputs);
    assert.deepEqual(plan.replaces, ["status"]);
    await assert.rejects(next("ResourceGroup").create(inputs), /rex-read/);
    assert.equal(hub.store.groupsOf.all("acme").length, 0);
  });

  it("does not take an edited null in the state for a change of the program", async () => {
    const groupId = await team.group("research");
    const args = { organization: "acme", groupId, ...REX };
    const member = await create(run(), "ResourceGroupMember", args);
    await team.client.removeResourceGroupUser("acme", groupId, "rex-read");
    for (const key of ["applied", "tried"]) {
      const update = run()("ResourceGroupMember").update(
        member.id,
        { ...member.outs, [key]: null },
        member.inputs,
      );
      await assert.rejects(update, key);
      assert.equal(team.roleIn(groupId, "rex-read"), undefined, key);
    }
  });

  it("fails if the Hub does not show the resource groups after a change of a role", async () => {
    await team.group("research", [{ user: "rex-read", role: "write" }]);
    const role = new ResourceHarness(memberRoleDefinition, { hub, clock: new Clock(new Date()) });
    let written = false;
    const context = role.context();
    const list = context.client.listMembers.bind(context.client);
    const put = context.client.updateMemberRole.bind(context.client);
    context.client.updateMemberRole = async (...asked) => {
      await put(...asked);
      written = true;
    };
    context.client.listMembers = (...asked) =>
      written ? Promise.reject(new Error("no answer")) : list(...asked);
    const inputs = role.check({ organization: "acme", user: "rex-read", role: "contributor" });
    await assert.rejects(
      memberRoleDefinition.create(inputs, context),
      /Check on the Hub that rex-read is still in/,
    );
  });

  describe("of a Space", () => {
    const clock = new Clock(new Date());
    const secret = { space: SPACE, key: "PASSWORD", value: "first value" };

    it("does not write an old secret again because someone described the new one", async () => {
      const byHand = new ByHand(hub);
      const resource = new ResourceHarness(spaceSecretDefinition, { hub, clock });
      await resource.up(secret);
      const { setAt: _unknown, ...state } = resource.kept;
      const context = resource.context();
      const list = context.client.listSpaceSecrets.bind(context.client);
      context.client.listSpaceSecrets = async (space) =>
        Object.fromEntries(
          Object.entries(await list(space)).map(([key, { updatedAt: _time, ...info }]) => [key, info]),
        );
      await byHand.client.setSpaceSecret(SPACE, { key: "PASSWORD", value: "rotated", description: "by ada" });
      const read = await spaceSecretDefinition.read(resource.id as string, state, context);
      assert.ok(read);
      const update = spaceSecretDefinition.update(
        resource.id as string,
        read.state,
        resource.check(secret),
        context,
      );
      await assert.rejects(update, /acknowledgeOverwrite/);
      assert.ok(hub.store.hasSpaceSecret(SPACE, "PASSWORD", "rotated"));
    });

    it("reports no change of a secret that is only looked up", async () => {
      await new ByHand(hub).client.setSpaceSecret(SPACE, { key: "PASSWORD", value: "theirs" });
      const first = await run()("SpaceSecret").read(`${SPACE}/PASSWORD`, { __provider: "code" });
      const second = await run()("SpaceSecret").read(`${SPACE}/PASSWORD`, first.props as Properties);
      assert.deepEqual([first.props?.["status"], second.props?.["status"]], ["active", "active"]);
    });

    it("keeps the name of a variable's value in the state, with which the engine keeps it encrypted", async () => {
      const { client } = new ByHand(hub);
      const variable = new ResourceHarness(spaceVariableDefinition, { hub, clock });
      const args = { space: SPACE, key: "PRIVATE", value: "first" };
      await variable.up(args);
      await client.setSpaceVariable(SPACE, { key: "PRIVATE", value: "by hand" });
      await assert.rejects(variable.up({ ...args, value: "second" }));
      assert.equal(variable.kept.value, "second");
      await client.deleteSpaceVariable(SPACE, "PRIVATE");
      await variable.refresh();
      assert.equal(variable.kept.value, "");
      assert.equal(variable.kept.status, "missing");
    });
  });
});
