import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { resourceGroupDefinition } from "../../provider/src/resources/resourceGroup/lifecycle";
import { type ResourceGroup } from "../../local-hub/src/store/records";
import { startHub, type Hub } from "../support/hub";
import { Clock, type Refused, ResourceHarness } from "../support/lifecycle";

const OWNER = "0123abcd";
const ADA = { user: "ada-admin", role: "admin" } as const;
const WIM = { user: "wim-write", role: "write" } as const;
const LLM = { repo: "acme/llm", repoType: "model" } as const;
const CORPUS = { repo: "acme/corpus", repoType: "dataset" } as const;

describe("ResourceGroup", () => {
  let hub: Hub;
  const clock = new Clock();

  beforeEach(async () => {
    hub = await startHub();
  });
  afterEach(() => hub.close());

  const byHand = () => new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  const slot = () => new ResourceHarness(resourceGroupDefinition, { hub, clock });
  const args = (changes: object = {}) => ({
    owner: OWNER,
    organization: "acme",
    name: "Research",
    description: "Models that are not released",
    members: [WIM, ADA],
    repositories: [LLM, CORPUS],
    ...changes,
  });
  const created = async (changes: object = {}) => {
    const group = slot();
    await group.up(args(changes));
    return group;
  };
  const onHub = (id?: string): ResourceGroup => {
    const found = [...hub.store.resourceGroups.values()].find((each) =>
      id === undefined ? each.name === "Research" : each.id === id,
    );
    assert.ok(found, "the Hub has no such group");
    return found;
  };
  const roles = () =>
    Object.fromEntries(
      onHub()
        .users.map(({ user, role }) => [user, role])
        .sort(),
    ) as object;
  const repos = () =>
    hub.store.repositoriesInGroup
      .all(onHub().id)
      .map(({ type, name }) => `${type} ${name}`)
      .sort();
  const other = () => byHand().createResourceGroup("acme", { name: "Other" });
  const writes = () => hub.store.requests.filter(({ method }) => method !== "GET").length;

  it("is created with the mark in its description, and then has nothing to do", async () => {
    const group = await created();
    const { id, description } = onHub();
    assert.equal(group.id, `acme/${id}`);
    assert.match(description ?? "", /^Models that are not released \[0123abcd-[0-9a-f]{4}\]$/);
    assert.deepEqual(roles(), { "ada-admin": "admin", "wim-write": "write" });
    assert.deepEqual(repos(), ["dataset corpus", "model llm"]);
    const { groupId, status, otherResources, seen } = group.kept;
    assert.deepEqual([groupId, status, otherResources, seen], [id, "active", 0, undefined]);
    assert.equal(group.preview(args()), "same");
    assert.deepEqual(await group.refresh(), []);
    assert.equal(group.kept.seen, undefined);
    assert.equal(group.preview(args()), "same");
    const another = { members: [ADA, WIM], repositories: [CORPUS, { repo: "acme/llm" }] };
    assert.equal(group.preview(args(another)), "same", "the order does not matter");
    await group.destroy();
    assert.deepEqual(
      [...hub.store.resourceGroups.values()].filter(({ name }) => name === "Research"),
      [],
    );
  });

  it("makes the changes of the program", async () => {
    const group = await created();
    const changed = args({
      name: "Research",
      description: "New",
      members: [
        { user: "wim-write", role: "read" },
        { user: "cora-contributor", role: "contributor" },
      ],
      repositories: [LLM, { repo: "acme/demo-space", repoType: "space" }],
      spendLimits: { total: 5000 },
    });
    assert.equal(await group.up(changed), "update");
    assert.deepEqual(roles(), { "cora-contributor": "contributor", "wim-write": "read" });
    assert.deepEqual(repos(), ["model llm", "space demo-space"]);
    assert.deepEqual(onHub().spendLimits, { total: 5000 });
    assert.match(onHub().description ?? "", /^New \[0123abcd-/);
    assert.equal(group.preview(changed), "same");
    assert.deepEqual(await group.refresh(), []);
    assert.deepEqual(group.warnings(), []);
  });

  it("tightens automatically what someone loosened", async () => {
    const limits = { spendLimits: { total: 5000, spaces: 100 } };
    const group = await created(limits);
    const { id } = onHub();
    await byHand().addResourceGroupUsers("acme", id, [{ user: "cora-contributor", role: "read" }]);
    await byHand().updateResourceGroupUser("acme", id, { user: "wim-write", role: "admin" });
    await byHand().setRepoResourceGroup("acme/llm", { groupId: null });
    await byHand().updateResourceGroup("acme", id, { spendLimits: { total: 9000, spaces: null } });
    await byHand().setResourceGroupAutoJoin("acme", id, { role: "read" });
    const drift = await group.refresh();
    assert.deepEqual(drift, ["autoJoin", "spendLimits", "members", "repositories"]);
    assert.equal(await group.up(args(limits)), "update");
    assert.deepEqual(roles(), { "ada-admin": "admin", "wim-write": "write" });
    assert.deepEqual(repos(), ["dataset corpus", "model llm"]);
    assert.deepEqual(onHub().spendLimits, { total: 5000, spaces: 100 });
    assert.equal(onHub().autoJoin, undefined);
    const [warning = ""] = group.warnings();
    assert.match(warning, /someone changed on the Hub after this program set it/);
    assert.match(warning, /the member cora-contributor \(none → read\)/);
    assert.equal(group.preview(args(limits)), "same");
  });

  it("loosens nothing that someone tightened, until there is a reason", async () => {
    const group = await created();
    const { id } = onHub();
    await byHand().removeResourceGroupUser("acme", id, "ada-admin");
    await byHand().updateResourceGroupUser("acme", id, { user: "wim-write", role: "read" });
    await byHand().setRepoResourceGroup("acme/llm-private", { groupId: id });
    const another = await other();
    await byHand().setRepoResourceGroup("acme/corpus", { groupId: another.id, repoType: "dataset" });
    await group.refresh();
    const before = writes();
    await assert.rejects(
      () => group.up(args()),
      /differs from the program in 4 thing\(s\).*acknowledgeOverwrite/s,
    );
    assert.equal(writes(), before, "nothing was sent");
    await assert.rejects(() => group.up(args()), /the member ada-admin is none, declared admin/);
    const reason = { acknowledgeOverwrite: "checked with Ada" };
    assert.equal(await group.up(args(reason)), "update");
    assert.deepEqual(roles(), { "ada-admin": "admin", "wim-write": "write" });
    assert.deepEqual(repos(), ["dataset corpus", "model llm"]);
    assert.equal(group.preview(args(reason)), "same");
    await byHand().removeResourceGroupUser("acme", id, "ada-admin");
    await assert.rejects(() => group.up(args({ ...reason, description: "x" })), /ada-admin is none/);
  });

  it("sends what is allowed if something else is refused", async () => {
    const group = await created();
    const { id } = onHub();
    await byHand().updateResourceGroupUser("acme", id, { user: "wim-write", role: "read" });
    await byHand().addResourceGroupUsers("acme", id, [{ user: "cora-contributor", role: "write" }]);
    await group.refresh();
    await assert.rejects(() => group.up(args()), /the member wim-write is read, declared write/);
    assert.deepEqual(roles(), { "ada-admin": "admin", "wim-write": "read" });
    const declared = args({ members: [ADA, { user: "wim-write", role: "read" }] });
    assert.equal(await group.up(declared), "update", "declaring what the Hub has resolves it");
    assert.equal(group.preview(declared), "same");
  });

  it("shows no drift of what the program does not declare", async () => {
    const plain = { members: undefined, repositories: undefined };
    const group = await created(plain);
    const { id } = onHub();
    await byHand().addResourceGroupUsers("acme", id, [WIM]);
    await byHand().setRepoResourceGroup("acme/llm", { groupId: id });
    await byHand().updateResourceGroup("acme", id, { spendLimits: { jobs: 7 } });
    assert.deepEqual(await group.refresh(), []);
    assert.equal(group.preview(args(plain)), "same");
    // The first declaration of a list needs no reason for members.
    const declared = args({ members: [ADA, { user: "wim-write", role: "admin" }], repositories: [LLM] });
    assert.equal(await group.up(declared), "update");
    assert.deepEqual(roles(), { "ada-admin": "admin", "wim-write": "admin" });
    assert.equal(group.preview(declared), "same");
  });

  it("renames the group back, and keeps its mark", async () => {
    const group = await created();
    const { id, description } = onHub();
    await byHand().updateResourceGroup("acme", id, { name: "Renamed", description: "by hand" });
    assert.deepEqual(await group.refresh(), ["name", "description"]);
    assert.equal(await group.up(args()), "update");
    assert.equal(onHub(id).name, "Research");
    assert.match(onHub().description ?? "", /^Models that are not released \[0123abcd-/);
    assert.notEqual(description, undefined);
  });

  it("moves no repository out of another group without a reason", async () => {
    const another = await other();
    await byHand().setRepoResourceGroup("acme/llm", { groupId: another.id });
    const group = slot();
    await assert.rejects(() => group.up(args()), /already in other resource groups.*"Other"/s);
    assert.equal(hub.store.resourceGroups.size, 1);
    await group.up(args({ acknowledgeOverwrite: "agreed with the owner of Other" }));
    assert.deepEqual(repos(), ["dataset corpus", "model llm"]);
  });

  it("is not deleted while it has repositories that the stack does not declare, unless that is forced", async () => {
    const group = await created();
    const { id } = onHub();
    await byHand().setRepoResourceGroup("acme/llm-private", { groupId: id });
    await group.refresh();
    await assert.rejects(() => group.destroy(), /1 repositories.*model acme\/llm-private.*forceDestroy/s);
    assert.ok(hub.store.resourceGroups.has(id));
    await assert.rejects(() => group.up(args({ forceDestroy: true })), /llm-private/);
    await group.destroy();
    assert.ok(!hub.store.resourceGroups.has(id));
  });

  it("gets a status and a warning if it is gone from the Hub, and is created again only if that is declared", async () => {
    const group = await created();
    await byHand().deleteResourceGroup("acme", onHub().id);
    assert.deepEqual(await group.refresh(), []);
    assert.equal(group.kept.status, "missing");
    assert.equal(group.preview(args()), "same");
    assert.ok(group.warnings().some((message) => /recreateIfMissing/.test(message)));
    assert.equal(await group.up(args({ recreateIfMissing: true })), "replace");
    assert.deepEqual(repos(), ["dataset corpus", "model llm"]);
    assert.equal(group.kept.status, "active");
  });

  it("stays active if one listing leaves it out", async () => {
    const group = await created();
    hub.inject({ method: "GET", path: /resource-groups$/, effect: { status: 200, body: [] } });
    await group.refresh();
    assert.equal(group.kept.status, "active");
    assert.equal(group.preview(args()), "same");
  });

  it("is found again if the response to its creation was lost", async () => {
    hub.inject({ method: "POST", path: /resource-groups$/, effect: "lose-answer" });
    const group = await created();
    assert.equal(hub.store.resourceGroups.size, 1);
    assert.equal(group.kept.groupId, onHub().id);
    assert.equal(group.preview(args()), "same");
  });

  it("needs one request for a refresh of 500 members, and one for two groups", async () => {
    const names = Array.from({ length: 500 }, (_, index) => `member-${index}`);
    await hub.close();
    hub = await startHub({
      seed: {
        organizations: [{ name: "acme", members: names.map((user) => ({ user, role: "read" as const })) }],
      },
    } as object);
    const group = await created({ members: names.map((user) => ({ user, role: "write" })) });
    assert.equal(onHub().users.length, 500);
    const before = hub.store.requests.length;
    assert.deepEqual(await group.refresh(), []);
    assert.equal(hub.store.requests.length - before, 1);
  });

  it("refuses arguments that cannot be together", () => {
    const refused = (changes: object, expected: RegExp) =>
      assert.throws(
        () => slot().check(args(changes)),
        (error: Refused) => expected.test(error.message),
      );
    refused({ autoJoin: { role: "read" } }, /autoJoin: cannot be used with members/);
    refused({ members: [ADA, { ...ADA, user: "Ada-Admin" }] }, /contains ada-admin twice/);
    refused({ repositories: [LLM, { repo: "acme/llm" }] }, /contains model\/acme\/llm twice/);
    refused({ repositories: [{ repo: "globex/llm" }] }, /does not belong to the organization acme/);
    refused({ spendLimits: { totl: 5 } }, /unknown property "totl"; did you mean "total"/);
  });
});
