import assert from "node:assert/strict";
import { createProject, type Project } from "../support/engine";
import { governance } from "../support/governance";
import { startHub, type Hub } from "../support/hub";

describe("MemberRole on the engine", function () {
  this.timeout(400_000);
  let hub: Hub;
  let team: ReturnType<typeof governance>;
  let project: Project;

  const program = (args: string, more = ""): string => `
const hf = require("pulumi-huggingface");
// Not known before the first update.
const account = new hf.ServiceAccount("ci", { organization: "acme", name: "ci" });
const rex = new hf.MemberRole("rex", { organization: "acme", user: "rex-read", ${args} });
module.exports = { role: rex.role, status: rex.status };
${more}`;
  const write = (...parts: Parameters<typeof program>) => project.write("index.js", program(...parts));
  const unknown = 'role: account.createdAt.apply(() => "contributor")';

  before(async () => {
    hub = await startHub();
    team = governance(hub);
    await team.group("research", [{ user: "rex-read", role: "write" }]);
    project = await createProject({
      name: "member-role",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: { "index.js": program(unknown) },
    });
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  it("applies the role, even if it is unknown in the preview, and then finds no changes", async () => {
    await project.preview();
    await project.up();
    assert.equal(team.roleOf("rex-read"), "contributor");
    assert.deepEqual(team.groupsOf("rex-read"), ["research write"]);
    assert.deepEqual(await project.outputs(), { role: "contributor", status: "active" });
    await project.preview({ expectNoChanges: true });
    await project.preview({ refresh: true, expectNoChanges: true });
    assert.equal((await project.resource("rex"))?.id, "acme/rex-read");
  });

  it("updates the role in place", async () => {
    await write('role: "write"');
    const { changes } = await project.up();
    assert.equal(changes["update"], 1);
    assert.equal(team.roleOf("rex-read"), "write");
    assert.deepEqual(team.groupsOf("rex-read"), ["research write"]);
  });

  it("shows a raised role and lowers it; a lowered one is raised only with a new reason", async () => {
    await team.setRole("rex-read", "admin");
    await project.preview({ refresh: true, expectNoChanges: true, allowFailure: true });
    assert.equal(team.roleOf("rex-read"), "admin", "a preview changes nothing");
    const { text } = await project.up({ refresh: true });
    assert.match(text, /someone changed the role of rex-read in acme .*: it was admin/);
    assert.equal(team.roleOf("rex-read"), "write");
    await team.setRole("rex-read", "read");
    const refused = await project.up({ refresh: true, allowFailure: true });
    assert.match(refused.text, /give a new reason in acknowledgeOverwrite/);
    assert.equal(team.roleOf("rex-read"), "read");
    await write('role: "write", acknowledgeOverwrite: "back from leave"');
    await project.up();
    assert.equal(team.roleOf("rex-read"), "write");
    await project.preview({ refresh: true, expectNoChanges: true });
  });

  it("replaces for another user, and leaves the role of the former one", async () => {
    const other = program(
      'role: "read"',
      'module.exports.found = hf.MemberRole.get("found", "acme/rex-read").role;',
    ).replace('"rex-read", role', '"cora-contributor", role');
    await project.write("index.js", other);
    const { changes } = await project.up();
    assert.equal(changes["replace"], 1);
    assert.equal(team.roleOf("cora-contributor"), "read");
    assert.equal(team.roleOf("rex-read"), "write");
    assert.equal((await project.outputs())["found"], "write");
  });

  it("is refused twice for the same member of one program", async () => {
    await write(
      'role: "write"',
      'new hf.MemberRole("again", { organization: "acme", user: "REX-read", role: "read" });',
    );
    const { text } = await project.preview({ allowFailure: true });
    assert.match(text, /"again": the MemberRole "rex" of this stack already manages acme\/REX-read/);
  });

  it("lowers the role in a destroy if that is declared", async () => {
    await write('role: "write", onDestroy: "read"');
    await project.up();
    const { text } = await project.destroy();
    assert.match(text, /lowered the role to read/);
    assert.equal(team.roleOf("rex-read"), "read");
    assert.deepEqual(team.groupsOf("rex-read"), ["research write"]);
  });
});
