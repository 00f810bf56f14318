import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { engineHandler } from "../../provider/src/dynamic/handler";
import { Run } from "../../provider/src/hub/run";
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

  it("is left alone if an earlier run did not find it, but it exists", async () => {
    const group = await created();
    const { id } = onHub();
    hub.inject({ method: "GET", path: /resource-groups$/, effect: { status: 200, body: [] } });
    hub.inject({ method: "GET", path: new RegExp(id), effect: { status: 404, body: { error: "x" } } });
    await group.refresh();
    assert.equal(group.kept.status, "missing");
    await group.destroy();
    assert.ok(hub.store.resourceGroups.has(id));
    assert.ok(group.warnings().some((message) => /it exists now/.test(message)));
  });

  it("does not count as gone if the credentials may not see all groups", async () => {
    const group = await created();
    const { id } = onHub();
    hub.inject({ method: "GET", path: /resource-groups$/, effect: { status: 200, body: [] } });
    hub.inject({ method: "GET", path: new RegExp(id), effect: { status: 404, body: { error: "x" } } });
    group.surroundings.token = hub.tokens.contributor;
    await assert.rejects(() => group.refresh(), /It is unclear whether it is gone or only hidden/);
    assert.equal(group.kept.status, "active");
  });

  it("fails a destroy while the Hub still lists the group, and a change that the Hub does not make", async () => {
    const group = await created();
    const { id } = onHub();
    hub.inject({ method: "DELETE", path: new RegExp(id), effect: { status: 200, body: { success: true } } });
    await assert.rejects(() => group.destroy(), /accepted the deletion of the resource group "Research"/);
    const body = await byHand().getResourceGroup("acme", id);
    hub.inject({ method: "PATCH", path: /\/users\/wim-write$/, effect: { status: 200, body } });
    const lower = args({ members: [ADA, { ...WIM, role: "read" }] });
    await assert.rejects(() => group.up(lower), /the member wim-write read was sent, and the Hub has write/);
    assert.equal(await group.up(lower), "update");
    assert.equal(group.preview(lower), "same");
  });

  it("does not keep a group that the Hub created with another description", async () => {
    const other = { id: "a".repeat(24), name: "Research", users: [], resources: [], description: "else" };
    hub.inject({ method: "POST", path: /resource-groups$/, effect: { status: 200, body: other } });
    await assert.rejects(() => created(), /with another description than requested: "else"/);
  });

  it("takes over the repositories of a group that it made itself and that no state has", async () => {
    await created();
    const again = await created();
    assert.equal(hub.store.resourceGroups.size, 2);
    assert.deepEqual(
      hub.store.repositoriesInGroup
        .all(again.kept.groupId)
        .map(({ name }) => name)
        .sort(),
      ["corpus", "llm"],
    );
    assert.ok(
      again.warnings().some((message) => /found resource group\(s\) with this resource's mark/.test(message)),
    );
  });

  it("is not replaced by a creation that an update would refuse", async () => {
    const group = await created();
    await byHand().removeResourceGroupUser("acme", onHub().id, "ada-admin");
    const renamed = slot();
    const create = (changes: object, former: object) =>
      resourceGroupDefinition.create(renamed.check(args({ owner: "89abcdef", ...changes })), {
        ...renamed.context(),
        former,
      });
    await assert.rejects(() => create({}, group.kept), /the member ada-admin is none.*option `aliases`/s);
    assert.equal(hub.store.resourceGroups.size, 1);
    const { state } = await create({ acknowledgeOverwrite: "Ada is back" }, group.kept);
    assert.notEqual(state.groupId, group.kept.groupId);
    assert.equal(hub.store.repositoriesInGroup.all(state.groupId).length, 2);
  });

  it("declares no list in a refresh, which compares with the arguments of the last run", async () => {
    const group = await created();
    const run = new Run(() => undefined);
    const handler = engineHandler(resourceGroupDefinition, run, () => Promise.resolve());
    const inputs = { ...group.check(args()) };
    await handler.diff(group.id ?? "", { ...group.kept, stateVersion: 1 }, inputs);
    const { declaredBy } = run.pureContext(resourceGroupDefinition, {});
    assert.deepEqual([...declaredBy.keys()], []);
    await handler.check({}, inputs);
    await handler.diff(group.id ?? "", { ...group.kept, stateVersion: 1 }, inputs);
    assert.equal(declaredBy.size, 2);
  });

  it("is found again if the response to its creation was lost", async () => {
    hub.inject({ method: "POST", path: /resource-groups$/, effect: "lose-answer" });
    const group = await created();
    assert.equal(hub.store.resourceGroups.size, 1);
    assert.equal(group.kept.groupId, onHub().id);
    assert.equal(group.preview(args()), "same");
  });

  it("needs one request for a refresh of 500 members", async () => {
    const names = Array.from({ length: 500 }, (_, index) => `member-${index}`);
    await hub.close();
    hub = await startHub({
      seed: {
        organizations: [{ name: "acme", members: names.map((user) => ({ user, role: "read" as const })) }],
      },
    });
    const group = await created({ members: names.map((user) => ({ user, role: "write" })) });
    assert.equal(onHub().users.length, 500);
    const before = hub.store.requests.length;
    assert.deepEqual(await group.refresh(), []);
    assert.equal(hub.store.requests.length - before, 1);
  });

  it("says once that the identity provider manages the members", async () => {
    const group = await created();
    const refusal = { status: 403, body: { error: "This resource group is linked to a SCIM group" } };
    hub.inject({ path: /\/users/, times: 10, effect: refusal });
    const changed = args({ members: [{ user: "rex-read", role: "read" }], spendLimits: { total: 5 } });
    const error = await group.up(changed).then(
      () => assert.fail(),
      (thrown: Error) => thrown.message,
    );
    assert.equal(error.match(/\(SCIM\)/g)?.length, 1, error);
    assert.deepEqual(onHub().spendLimits, { total: 5 }, "other changes are sent");
    hub.clearFaults();
    await group.up(changed);
    assert.deepEqual(roles(), { "rex-read": "read" });
    assert.equal(group.preview(changed), "same");
  });

  it("keeps what it did if an answer is lost, and knows its own change again", async () => {
    const group = await created();
    hub.inject({ method: "PATCH", path: /\/users\/wim-write$/, effect: "lose-answer" });
    await assert.rejects(() => group.up(args({ members: [ADA, { ...WIM, role: "read" }] })));
    assert.deepEqual(roles(), { "ada-admin": "admin", "wim-write": "read" });
    assert.equal(await group.up(args()), "update", "the program goes back, and nothing is refused");
    assert.deepEqual(roles(), { "ada-admin": "admin", "wim-write": "write" });
  });

  describe("if another person takes the name of a member", () => {
    const rename = (role: string | undefined) => {
      const { store } = hub;
      const user = store.users.get("wim-write");
      assert.ok(user);
      store.tables.users.put("wim-write", { ...user, id: "f".repeat(24) });
      const group = onHub();
      const others = group.users.filter((each) => each.user !== "wim-write");
      const users = role === undefined ? others : [...others, { user: "wim-write", role: role as "read" }];
      store.tables.resourceGroups.put(group.id, { ...group, users });
    };

    it("gives that person no higher role until a later reason", async () => {
      const group = await created({ members: [ADA, { ...WIM, role: "read" }] });
      rename("read");
      await group.refresh();
      const declared = args({ acknowledgeOverwrite: "given before anyone knew" });
      await assert.rejects(() => group.up(declared), /the name now belongs to another person/);
      assert.deepEqual(roles(), { "ada-admin": "admin", "wim-write": "read" });
      await assert.rejects(() => group.up(declared), /the member wim-write is read, declared write/);
      await group.up(args({ acknowledgeOverwrite: "the new Wim too" }));
      assert.deepEqual(roles(), { "ada-admin": "admin", "wim-write": "write" });
    });

    it("does not add that person until a later reason", async () => {
      const group = await created();
      rename(undefined);
      await group.refresh();
      const declared = args({ acknowledgeOverwrite: "Wim is back" });
      await assert.rejects(() => group.up(declared), /the name now belongs to another person/);
      assert.deepEqual(roles(), { "ada-admin": "admin" });
      await group.up(args({ acknowledgeOverwrite: "the new Wim too" }));
      assert.deepEqual(roles(), { "ada-admin": "admin", "wim-write": "write" });
    });

    it("lowers that person's role", async () => {
      const group = await created();
      rename("admin");
      await group.refresh();
      await group.up(args());
      assert.deepEqual(roles(), { "ada-admin": "admin", "wim-write": "write" });
      assert.ok(group.warnings().some((message) => /other people now have the names/.test(message)));
    });
  });

  it("does not share a complete list with resources for single entries", async () => {
    const group = await created();
    const { groupId } = group.kept;
    const context = group.context();
    const inputs = group.check(args());
    resourceGroupDefinition.diff?.(group.kept, inputs, [], context);
    assert.equal(context.declaredBy.get(`ResourceGroup members ${groupId}`), 'ResourceGroup "Research"');
    assert.ok(context.declaredBy.has(`ResourceGroup repositories ${groupId}`));
    for (const type of ["ResourceGroupMember", "RepoResourceGroup"]) {
      const other = group.context();
      other.declaredBy.set(`${type} ${groupId}`, `${type} x`);
      const preview = () => resourceGroupDefinition.diff?.(group.kept, inputs, [], other);
      assert.throws(
        preview,
        new RegExp(`ResourceGroup "Research" declares all its .*, and ${type} x declares one`),
      );
    }
    const single = group.check(args({ members: undefined, repositories: undefined }));
    resourceGroupDefinition.diff?.(group.kept, single, [], context);
    assert.equal(context.declaredBy.get(`ResourceGroup members ${groupId}`), undefined);
  });

  it("counts collections and refuses to delete a group that contains one", async () => {
    const group = await created();
    const { id } = onHub();
    const answer = await fetch(`${hub.endpoint}/api/collections`, {
      method: "POST",
      headers: { authorization: `Bearer ${hub.tokens.admin}`, "content-type": "application/json" },
      body: JSON.stringify({ title: "Papers", namespace: "acme", resourceGroupId: id }),
    });
    assert.equal(answer.status, 200);
    await group.refresh();
    assert.equal(group.kept.otherResources, 1);
    assert.equal(group.preview(args()), "same");
    await assert.rejects(() => group.destroy(), /still contains 1 other object\(s\)/);
  });

  it("is imported if the program declares what the Hub has", async () => {
    const made = await byHand().createResourceGroup("acme", {
      name: "Research",
      users: [WIM],
      repos: [{ name: "acme/llm", type: "model" }],
    });
    const group = slot();
    const declared = { owner: OWNER, organization: "acme", name: "Research" };
    const imports = resourceGroupDefinition.imports;
    assert.ok(typeof imports === "object");
    const compare = (changes: object) =>
      imports.compare(`acme/${made.id}`, group.check({ ...declared, ...changes }), group.context());
    assert.deepEqual((await compare({}))?.differing, {});
    assert.deepEqual((await compare({ members: [WIM], repositories: [LLM] }))?.differing, {});
    const differing = (await compare({ members: [], spendLimits: { jobs: 1 }, description: "x" }))?.differing;
    assert.deepEqual(differing, { description: "", members: [WIM], spendLimits: {} });
    const found = await compare({ members: [WIM] });
    Object.assign(group, {
      id: `acme/${made.id}`,
      state: JSON.parse(JSON.stringify(found?.state)) as object,
    });
    assert.equal(group.preview({ ...declared, members: [WIM] }), "same");
    assert.deepEqual(await group.refresh(), []);
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
