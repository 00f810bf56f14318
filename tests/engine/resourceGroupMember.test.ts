import assert from "node:assert/strict";
import { createProject, type Project } from "../support/engine";
import { governance } from "../support/governance";
import { startHub, type Hub } from "../support/hub";

describe("ResourceGroupMember on the engine", function () {
  this.timeout(400_000);
  let hub: Hub;
  let team: ReturnType<typeof governance>;
  let project: Project;
  let research: string;
  let legal: string;

  const program = (args: string, more = ""): string => `
const hf = require("pulumi-huggingface");
// Not known before the first update.
const account = new hf.ServiceAccount("ci", { organization: "acme", name: "ci" });
const rex = new hf.ResourceGroupMember("rex", { organization: "acme", user: "rex-read", ${args} });
module.exports = { role: rex.role, status: rex.status };
${more}`;
  const write = (...parts: Parameters<typeof program>) => project.write("index.js", program(...parts));
  const inResearch = (args: string) => `groupId: "${research}", ${args}`;
  const role = () => team.roleIn(research, "rex-read");

  before(async () => {
    hub = await startHub();
    team = governance(hub);
    research = await team.group("research", [{ user: "wim-write", role: "admin" }]);
    legal = await team.group("legal");
    const first = `groupId: account.createdAt.apply(() => "${research}"), role: "read"`;
    project = await createProject({
      name: "group-member",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: { "index.js": program(first) },
    });
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  it("adds the member, even to a group that is unknown in the preview, and then finds no changes", async () => {
    await project.preview();
    await project.up();
    assert.equal(role(), "read");
    assert.deepEqual(await project.outputs(), { role: "read", status: "active" });
    await project.preview({ expectNoChanges: true });
    await project.preview({ refresh: true, expectNoChanges: true });
    assert.equal((await project.resource("rex"))?.id, `acme/${research}/rex-read`);
  });

  it("updates the role in place", async () => {
    await write(inResearch('role: "write"'));
    const { changes } = await project.up();
    assert.equal(changes["update"], 1);
    assert.equal(role(), "write");
  });

  it("lowers a raised role, and adds a member who was taken out only with a new reason", async () => {
    await team.client.updateResourceGroupUser("acme", research, { user: "rex-read", role: "admin" });
    const { text } = await project.up({ refresh: true });
    assert.match(text, /someone changed the role of rex-read in the resource group .*: it was admin/);
    assert.equal(role(), "write");
    await team.client.removeResourceGroupUser("acme", research, "rex-read");
    const refused = await project.up({ refresh: true, allowFailure: true });
    assert.match(refused.text, /it is none \(not in the resource group\)/);
    assert.equal(role(), undefined);
    await write(inResearch('role: "write", acknowledgeOverwrite: "back on the project"'));
    await project.up();
    assert.equal(role(), "write");
    await project.preview({ refresh: true, expectNoChanges: true });
  });

  it("replaces for another resource group, and takes the member out of the former one", async () => {
    await write(
      `groupId: "${legal}", role: "read"`,
      `module.exports.found = hf.ResourceGroupMember.get("found", "acme/${research}/wim-write").role;`,
    );
    const { changes } = await project.up();
    assert.equal(changes["replace"], 1);
    assert.deepEqual(team.groupsOf("rex-read"), ["legal read"]);
    assert.equal((await project.outputs())["found"], "admin");
  });

  it("is refused twice for the same member of one program", async () => {
    await write(
      inResearch('role: "write"'),
      `new hf.ResourceGroupMember("again", { organization: "acme", groupId: "${research}", user: "rex-read", role: "read" });`,
    );
    const { text } = await project.preview({ allowFailure: true });
    assert.match(text, /"again": the ResourceGroupMember "rex" of this stack already manages/);
  });

  it("takes the member out in a destroy, and no one else", async () => {
    const { text } = await project.destroy();
    assert.match(text, /removed rex-read from the resource group/);
    assert.deepEqual(team.groupsOf("rex-read"), []);
    assert.deepEqual(team.groupsOf("wim-write"), ["research admin"]);
  });
});
