// A resource group on the real engine: its life, drift in both directions, and what the Hub has after each step.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { createProject, type Project } from "../support/engine";
import { type Hub, startHub } from "../support/hub";

const program = (args: string, more = ""): string => `
const hf = require("pulumi-huggingface");
const group = new hf.ResourceGroup("research", { organization: "acme", name: "Research", ${args} });
exports.groupId = group.groupId;
exports.status = group.status;
exports.others = group.otherResources;
${more}
`;

const LISTS =
  'members: [{ user: "wim-write", role: "write" }], repositories: [{ repo: "acme/llm" }, { repo: "acme/corpus", repoType: "dataset" }]';

describe("ResourceGroup on the engine", function () {
  this.timeout(180_000);

  let hub: Hub;
  let project: Project;

  const write = (args: string, more?: string) => project.write("index.js", program(args, more));
  const byHand = () => new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  const groups = () => [...hub.store.resourceGroups.values()];
  const onHub = () => {
    const [group] = groups();
    assert.ok(group);
    return group;
  };
  const roles = () => onHub().users.map(({ user, role }) => `${user} ${role}`);
  const repos = () =>
    hub.store.repositoriesInGroup
      .all(onHub().id)
      .map(({ name }) => name)
      .sort();

  before(async () => {
    hub = await startHub();
    project = await createProject({
      name: "groups",
      program: { "index.js": program(LISTS) },
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
    });
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  it("is created with its members and repositories, and then has no changes", async () => {
    await project.up();
    assert.match(onHub().description ?? "", /^\[[0-9a-f]{8}-[0-9a-f]{4}\]$/);
    assert.deepEqual(roles(), ["wim-write write"]);
    assert.deepEqual(repos(), ["corpus", "llm"]);
    assert.deepEqual(await project.outputs(), { groupId: onHub().id, status: "active", others: 0 });
    await project.preview({ refresh: true, expectNoChanges: true });
  });

  const CHANGED =
    'description: "Not released", spendLimits: { total: 5000 }, members: [{ user: "wim-write", role: "write" }, { user: "rex-read", role: "read" }], repositories: [{ repo: "acme/llm" }]';

  it("is changed in place", async () => {
    const { id } = onHub();
    await write(CHANGED);
    const up = await project.up();
    assert.equal(up.changes["update"], 1);
    assert.equal(onHub().id, id);
    assert.deepEqual(roles(), ["wim-write write", "rex-read read"]);
    assert.deepEqual(repos(), ["llm"]);
    assert.deepEqual(onHub().spendLimits, { total: 5000 });
    assert.match(onHub().description ?? "", /^Not released \[/);
  });

  it("shows changes by hand, reverts what someone loosened, and what someone tightened only with a reason", async () => {
    const { id } = onHub();
    await byHand().addResourceGroupUsers("acme", id, [{ user: "cora-contributor", role: "admin" }]);
    await byHand().setRepoResourceGroup("acme/llm", { groupId: null });
    await byHand().removeResourceGroupUser("acme", id, "wim-write");
    const drift = await project.preview({ refresh: true, expectNoChanges: true, allowFailure: true });
    assert.notEqual(drift.code, 0);
    assert.match(drift.text, /`pulumi up` will refuse this.*the member wim-write is none, declared write/s);
    const refused = await project.up({ refresh: true, allowFailure: true });
    assert.notEqual(refused.code, 0);
    assert.match(refused.text, /acknowledgeOverwrite/);
    assert.match(
      refused.text,
      /someone changed on the Hub after this program set it: .*cora-contributor/,
      "the refusal does not stop the rest",
    );
    assert.deepEqual(roles(), ["rex-read read"]);
    assert.deepEqual(repos(), ["llm"]);
    await write(`${CHANGED}, acknowledgeOverwrite: "Wim is back"`);
    await project.up();
    assert.deepEqual(roles().sort(), ["rex-read read", "wim-write write"]);
    await project.preview({ refresh: true, expectNoChanges: true });
  });

  it("keeps a group that could be created only in part, and finishes it in the next run", async () => {
    hub.inject({ method: "PATCH", path: /resource-groups\/[0-9a-f]+$/, effect: { status: 403 } });
    const more =
      'new hf.ResourceGroup("limited", { organization: "acme", name: "Limited", spendLimits: { jobs: 1 } });';
    await write(CHANGED, more);
    const failed = await project.up({ allowFailure: true });
    assert.notEqual(failed.code, 0);
    assert.equal(groups().length, 2);
    await project.up();
    const limited = groups().filter(({ name }) => name === "Limited");
    assert.deepEqual(
      limited.map(({ spendLimits }) => spendLimits),
      [{ jobs: 1 }],
    );
  });

  it("is deleted if the program no longer declares it, and can be looked up by its id", async () => {
    await write(CHANGED, `exports.found = hf.ResourceGroup.get("found", "acme/${onHub().id}").name;`);
    await project.up();
    assert.deepEqual(
      groups().map(({ name }) => name),
      ["Research"],
    );
    assert.equal((await project.outputs())["found"], "Research");
    await write(CHANGED, 'hf.ResourceGroup.get("none", "acme/0123456789abcdef01234567");');
    const none = await project.preview({ allowFailure: true });
    assert.match(none.text, /There is no ResourceGroup with the id "acme\/0123456789abcdef01234567"/);
  });

  it("is replaced in another organization, and the old group is deleted", async () => {
    const membership = { organization: "globex", user: "ada-admin", role: "admin" } as const;
    hub.store.tables.memberships.put("globex/ada-admin", membership);
    const { id } = onHub();
    const other = `const hf = require("pulumi-huggingface");
      new hf.ResourceGroup("research", { organization: "globex", name: "Research",
        members: [{ user: "otto-outsider", role: "read" }], repositories: [{ repo: "globex/forecast" }] });`;
    await project.write("index.js", other);
    const up = await project.up();
    assert.equal(up.changes["replace"], 1);
    assert.notEqual(onHub().id, id);
    assert.equal(onHub().organization, "globex");
    assert.deepEqual(repos(), ["forecast"]);
    assert.equal(hub.store.repository("acme/llm")?.resourceGroupId, undefined);
    await project.preview({ refresh: true, expectNoChanges: true });
  });

  it("is not destroyed while it has repositories that the program does not declare", async () => {
    await byHand().setRepoResourceGroup("globex/forecast-mini", { groupId: onHub().id });
    const refused = await project.destroy({ allowFailure: true });
    assert.notEqual(refused.code, 0);
    assert.match(refused.text, /model globex\/forecast-mini.*forceDestroy/s);
    await byHand().setRepoResourceGroup("globex/forecast-mini", { groupId: null });
    await project.destroy();
    assert.deepEqual(groups(), []);
    assert.equal(hub.store.repository("globex/forecast")?.resourceGroupId, undefined);
  });
});
