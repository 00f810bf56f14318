// The whole life of a RepoResourceGroup on a local Hub.
import assert from "node:assert/strict";
import { UnfinishedError } from "../../provider/src/model/definition";
import { repoResourceGroupDefinition as definition } from "../../provider/src/resources/repoResourceGroup/lifecycle";
import { governance } from "../support/governance";
import { startHub, type Hub } from "../support/hub";
import { request } from "../support/request";
import { Clock, type Refused, ResourceHarness } from "../support/lifecycle";

const REPO = "acme/llm";
const POST = { method: "POST", path: /\/resource-group$/ } as const;

describe("RepoResourceGroup", () => {
  let hub: Hub;
  let clock: Clock;
  let team: ReturnType<typeof governance>;
  let research: string;
  let legal: string;

  beforeEach(async () => {
    hub = await startHub();
    clock = new Clock(new Date());
    team = governance(hub);
    research = await team.group("research");
    legal = await team.group("legal");
  });
  afterEach(() => hub.close());

  const slot = (token?: string) => new ResourceHarness(definition, { hub, clock, token });
  const args = (changes: object = {}) => ({ repo: REPO, groupId: research, ...changes });
  const declared = async (changes: object = {}) => {
    const resource = slot();
    await resource.up(args(changes));
    return resource;
  };
  const group = () => team.groupOfRepo(REPO);
  const moveByHand = (groupId: string | null) => team.client.setRepoResourceGroup(REPO, { groupId });

  it("puts the repository into the resource group, has nothing to do then, and leaves it there at the end", async () => {
    const resource = await declared();
    assert.equal(group(), research);
    assert.equal(resource.id, "model/acme/llm");
    assert.equal(resource.preview(args()), "same");
    assert.deepEqual(await resource.refresh(), []);
    assert.equal(resource.preview(args()), "same");
    assert.equal(await resource.up(args({ groupId: legal })), "update");
    assert.equal(group(), legal);
    const writes = team.writes().length;
    await resource.destroy();
    assert.equal(group(), legal);
    assert.equal(team.writes().length, writes);
  });

  for (const [repoType, repo] of [
    ["dataset", "acme/corpus"],
    ["space", "acme/demo-space"],
    ["bucket", "acme/checkpoints"],
  ] as const) {
    it(`is possible for a ${repoType}`, async () => {
      const resource = await declared({ repo, repoType, onDestroy: "remove" });
      assert.equal(team.groupOfRepo(repo, repoType), research);
      assert.deepEqual(await resource.refresh(), []);
      await resource.destroy();
      assert.equal(team.groupOfRepo(repo, repoType), undefined);
    });
  }

  it("puts a repository back that someone took out, and names the person", async () => {
    const resource = await declared();
    resource.state = { ...resource.kept, appliedAt: new Date(Date.now() - 60_000).toISOString() };
    await moveByHand(null);
    assert.deepEqual(await resource.refresh(), ["groupId"]);
    assert.equal(await resource.up(args()), "update");
    assert.equal(group(), research);
    assert.match(
      resource.warnings().join(),
      /someone changed the resource group of model acme\/llm .* it was none \(by/,
    );
  });

  it("moves a repository out of another resource group only with a new reason", async () => {
    const resource = await declared();
    await moveByHand(legal);
    assert.deepEqual(await resource.refresh(), ["groupId"]);
    await assert.rejects(resource.up(args()), {
      message:
        `The resource group of model acme/llm was changed on the Hub after this program set it to ${research}: it is ${legal}. It is not changed to ` +
        `${research} automatically, because someone may have done that on purpose. Declare groupId: "${legal}" to keep it, or give a new reason in ` +
        "acknowledgeOverwrite to overwrite it.",
    });
    assert.equal(group(), legal);
    await resource.up(args({ acknowledgeOverwrite: "belongs to research" }));
    assert.equal(group(), research);
    await moveByHand(legal);
    assert.equal(await resource.up(args({ groupId: legal })), "update");
    assert.equal(resource.preview(args({ groupId: legal })), "same");
  });

  it("needs a reason for a first declaration if the repository is in another resource group", async () => {
    await moveByHand(legal);
    await assert.rejects(slot().up(args()), /is .* on the Hub, and this program did not set that/);
    assert.equal(group(), legal);
    await declared({ acknowledgeOverwrite: "agreed with legal" });
    assert.equal(group(), research);
    await declared();
  });

  describe("for a token that may not see every resource group", () => {
    const blind = () => {
      for (const path of [/\/resource-groups$/, /\/llm\/resource-group$/])
        hub.inject({ method: "GET", path, times: 9, effect: { status: 404, body: { error: "Not found" } } });
    };
    it("is read from the repository if the listing is refused", async () => {
      const resource = await declared();
      hub.inject({ method: "GET", path: /\/resource-groups$/, times: 9, effect: { status: 403 } });
      assert.deepEqual(await resource.refresh(), []);
    });
    it("does not take a hidden resource group for none", async () => {
      await moveByHand(legal);
      await team.client.addResourceGroupUsers("acme", legal, [{ user: "wim-write", role: "write" }]);
      blind();
      await assert.rejects(slot(hub.tokens.write).up(args()), {
        message:
          "The Hub shows no resource group of model acme/llm. It is unclear whether it is in none or its resource group is only hidden: the role of the " +
          "token's owner in acme is write, not admin. Nothing was changed. Use an administrator's token.",
      });
      assert.equal(group(), legal);
    });
    it("believes an administrator's token", async () => {
      blind();
      await assert.rejects(
        declared(),
        /accepted a change of the resource group of model acme\/llm but did not make it: it is none/,
      );
      assert.equal(group(), research);
    });
  });

  describe("of a repository that is gone", () => {
    const remove = () => team.remove(REPO);
    it("is missing, and cannot be created", async () => {
      const resource = await declared({ onDestroy: "remove" });
      await remove();
      await resource.refresh();
      assert.equal(resource.kept.status, "missing");
      assert.match(
        resource.warnings().join(),
        /model acme\/llm does not exist on the Hub, so nothing was sent/,
      );
      assert.equal(await resource.up(args({ onDestroy: "remove" })), "same");
      await assert.rejects(slot().up(args()), /does not exist on the Hub/);
      await resource.destroy();
    });
    it("is put into the resource group again if another one takes the name without one", async () => {
      const resource = await declared();
      await remove();
      await team.create(REPO);
      await resource.refresh();
      assert.equal(await resource.up(args()), "update");
      assert.equal(group(), research);
    });
    it("is left in the resource group that someone chose for another one", async () => {
      const resource = await declared({ onDestroy: "remove" });
      await remove();
      await team.create(REPO, legal);
      const early = args({ onDestroy: "remove", acknowledgeOverwrite: "early" });
      await assert.rejects(resource.up(early), UnfinishedError);
      await assert.rejects(resource.up(early), UnfinishedError);
      assert.equal(group(), legal);
      await resource.destroy();
      assert.equal(group(), legal);
    });
    it("is not the one that it was moved to, which is left unchanged", async () => {
      const resource = await declared({ onDestroy: "remove" });
      const { body } = await request(hub.endpoint, hub.tokens.admin, "GET", "/api/models/acme/llm");
      await team.move(REPO, "acme/llm-2");
      const moved = { ...(body as object), id: "acme/llm-2" };
      hub.inject({ method: "GET", path: /\/acme\/llm$/, times: 2, effect: { status: 200, body: moved } });
      await assert.rejects(resource.refresh(), /model acme\/llm was moved to acme\/llm-2 on the Hub/);
      await resource.destroy();
      assert.equal(team.groupOfRepo("acme/llm-2"), research);
      assert.match(resource.warnings().join(), /left unchanged: model acme\/llm was moved/);
    });
  });

  describe("destroy with onDestroy remove", () => {
    it("takes the repository out, but not out of a resource group that someone else chose", async () => {
      const resource = await declared({ onDestroy: "remove" });
      await moveByHand(legal);
      await resource.refresh();
      await definition.delete("model/acme/llm", resource.kept, resource.context());
      assert.equal(group(), legal);
      assert.match(
        resource.warnings().join(),
        /left in the resource group .*, because this program did not put it there/,
      );
      await moveByHand(research);
      await resource.destroy();
      assert.equal(group(), undefined);
    });
    it("fails if the Hub does not do it", async () => {
      const resource = await declared({ onDestroy: "remove" });
      hub.inject({ ...POST, effect: { status: 200, body: {} } });
      await assert.rejects(
        resource.destroy(),
        /accepted the removal of model acme\/llm .* but did not make it/,
      );
    });
  });

  it("survives a lost answer, and reports a change that the Hub does not make", async () => {
    hub.inject({ ...POST, effect: "lose-answer" });
    const resource = await declared();
    assert.equal(group(), research);
    hub.inject({ ...POST, effect: { status: 200, body: {} } });
    await assert.rejects(resource.up(args({ groupId: legal })), /but did not make it: it is/);
    assert.equal(await resource.up(args({ groupId: legal })), "update");
    assert.equal(group(), legal);
  });

  it("is refused beside the complete list of repositories in the same stack", () => {
    const resource = slot();
    const declaredBy = new Map([[`ResourceGroup repositories ${research}`, "0123abcd"]]);
    resource.context = () => ({ ...ResourceHarness.prototype.context.call(resource), declaredBy });
    assert.throws(
      () => resource.check(args()),
      (error: Refused) => /declares all repositories of/.test(error.message),
    );
    assert.ok(declaredBy.has(`RepoResourceGroup ${research}`));
    assert.doesNotThrow(() => resource.check(args({ groupId: legal })));
  });

  it("is looked up by its id alone, which must have the right form", async () => {
    await moveByHand(legal);
    const read = (id: string) => definition.read(id, undefined, slot().context());
    assert.equal((await read("model/acme/llm"))?.inputs.groupId, legal);
    assert.equal(await read("model/acme/embeddings"), undefined);
    await assert.rejects(() => read("kernel/acme/llm"), /It has the form repoType\/namespace\/name/);
  });
});
