// Roles, memberships of resource groups and the resource groups of repositories, in one stack.
import assert from "node:assert/strict";
import { createProject, type Project } from "../support/engine";
import { governance } from "../support/governance";
import { startHub, type Hub } from "../support/hub";

describe("MemberRole, ResourceGroupMember and RepoResourceGroup on the engine", function () {
  this.timeout(400_000);
  let hub: Hub;
  let team: ReturnType<typeof governance>;
  let project: Project;
  let research: string;
  let legal: string;

  /** Two resources of each type: the first is updated in place, the second is replaced. */
  const program = (args: { role: string[]; member: string[]; repo: string[] }, more = ""): string => `
const hf = require("pulumi-huggingface");
const [research, legal] = ${JSON.stringify([research, legal])};
// Not known before the first update.
const account = new hf.ServiceAccount("ci", { organization: "acme", name: "ci" });
const later = (value) => account.createdAt.apply(() => value);
const role = new hf.MemberRole("first", { organization: "acme", user: "rex-read", ${args.role[0]} });
new hf.MemberRole("second", { organization: "acme", ${args.role[1]} });
const member = new hf.ResourceGroupMember("first", { organization: "acme", groupId: research, user: "wim-write", ${args.member[0]} });
new hf.ResourceGroupMember("second", { organization: "acme", user: "nia-no-access", ${args.member[1]} });
const repo = new hf.RepoResourceGroup("first", { repo: "acme/llm", ${args.repo[0]} });
new hf.RepoResourceGroup("second", { ${args.repo[1]} });
module.exports = { role: role.role, roleInGroup: member.role, groupId: repo.groupId,
  statuses: [role.status, member.status, repo.status] };
${more}`;
  const write = (...parts: Parameters<typeof program>) => project.write("index.js", program(...parts));
  const roles = () => [team.roleOf("rex-read"), team.roleOf("wim-write"), team.roleOf("cora-contributor")];
  const groups = () => [team.groupsOf("wim-write"), team.groupsOf("nia-no-access")];
  const groupsOfRepos = () =>
    ["acme/llm", "acme/embeddings", "acme/llm-private"].map((repo) => team.groupOfRepo(repo));

  before(async () => {
    hub = await startHub();
    team = governance(hub);
    research = await team.group("research", [{ user: "rex-read", role: "write" }]);
    legal = await team.group("legal");
    project = await createProject({
      name: "governance",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: {
        "index.js": program({
          role: ['role: later("contributor")', 'user: "wim-write", role: "write"'],
          member: ['role: later("read")', 'groupId: later(research), role: "read"'],
          repo: ["groupId: later(research)", 'repo: "acme/embeddings", groupId: legal'],
        }),
      },
    });
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  it("are applied, even if arguments are unknown in the preview, and then show no changes", async () => {
    await project.up({ skipPreview: false });
    assert.deepEqual(roles(), ["contributor", "write", "contributor"]);
    assert.deepEqual(groups(), [["research read"], ["research read"]]);
    assert.deepEqual(groupsOfRepos(), [research, legal, undefined]);
    assert.deepEqual(await project.outputs(), {
      ...{ role: "contributor", roleInGroup: "read", groupId: research },
      statuses: ["active", "active", "active"],
    });
    await project.preview({ refresh: true, expectNoChanges: true });
    const ids = ["MemberRole", "ResourceGroupMember", "RepoResourceGroup"].map(
      async (type) => (await project.resource("first", { type: `:${type}` }))?.id,
    );
    assert.deepEqual(await Promise.all(ids), [
      "acme/rex-read",
      `acme/${research}/wim-write`,
      "model/acme/llm",
    ]);
  });

  const CHANGED = {
    role: ['role: "write", onDestroy: "read"', 'user: "cora-contributor", role: "read"'],
    member: ['role: "write"', 'groupId: legal, role: "read"'],
    repo: ["groupId: legal", 'repo: "acme/llm-private", groupId: legal, onDestroy: "remove"'],
  };

  it("update in place, replace for another person, resource group or repository, and look one up", async () => {
    await write(
      CHANGED,
      `module.exports.found = [hf.MemberRole.get("found", "acme/wim-write").role,
  hf.ResourceGroupMember.get("found", "acme/${research}/rex-read").role,
  hf.RepoResourceGroup.get("found", "model/acme/embeddings").groupId];`,
    );
    const { changes } = await project.up();
    assert.equal(changes["update"], 3);
    assert.equal(changes["replace"], 3);
    assert.deepEqual(roles(), ["write", "write", "read"], "the former person keeps the role");
    assert.deepEqual(
      team.groupsOf("rex-read"),
      ["research write"],
      "the role's change keeps resource groups",
    );
    assert.deepEqual(groups(), [["research write"], ["legal read"]], "the member leaves the former group");
    assert.deepEqual(groupsOfRepos(), [legal, legal, legal], "the former repository stays in its group");
    assert.deepEqual((await project.outputs())["found"], ["write", "write", legal]);
  });

  it("tighten what someone loosened, and revert what someone tightened or moved only with a new reason", async () => {
    await team.setRole("rex-read", "admin");
    await team.client.updateResourceGroupUser("acme", research, { user: "wim-write", role: "admin" });
    await team.client.setRepoResourceGroup("acme/llm", { groupId: null });
    await team.setRole("cora-contributor", "no_access");
    await team.client.removeResourceGroupUser("acme", legal, "nia-no-access");
    await team.client.setRepoResourceGroup("acme/llm-private", { groupId: research });
    await write(CHANGED);
    const { code, text } = await project.up({
      ...{ refresh: true, allowFailure: true },
      args: ["--continue-on-error"],
    });
    assert.equal(code, 1);
    assert.match(text, /someone changed the role of rex-read in acme .*: it was admin/);
    assert.match(text, /someone changed the role of wim-write in the resource group .*: it was admin/);
    assert.match(text, /someone changed the resource group of model acme\/llm .*: it was none/);
    assert.match(
      text,
      /The role of cora-contributor in acme was changed .*give a new reason in acknowledgeOverwrite/,
    );
    assert.match(text, /it is none \(not in the resource group\)/);
    assert.match(
      text,
      /The resource group of model acme\/llm-private was changed .*give a new reason in acknowledgeOverwrite/,
    );
    assert.deepEqual(roles(), ["write", "write", "no_access"]);
    assert.deepEqual(groups(), [["research write"], []]);
    assert.deepEqual(groupsOfRepos(), [legal, legal, research]);
    const reason = ', acknowledgeOverwrite: "agreed"';
    await write({
      role: [CHANGED.role[0]!, CHANGED.role[1] + reason],
      member: [CHANGED.member[0]!, CHANGED.member[1] + reason],
      repo: [CHANGED.repo[0]!, CHANGED.repo[1] + reason],
    });
    await project.up();
    assert.deepEqual(roles(), ["write", "write", "read"]);
    assert.deepEqual(groups(), [["research write"], ["legal read"]]);
    assert.deepEqual(groupsOfRepos(), [legal, legal, legal]);
    await project.preview({ refresh: true, expectNoChanges: true });
  });

  it("end in a destroy: the role is lowered and the repository taken out if that is declared, and the member leaves", async () => {
    const { text } = await project.destroy();
    assert.match(text, /lowered the role to read/);
    assert.match(text, /removed wim-write from the resource group/);
    assert.match(text, /removed the repository from its resource group/);
    assert.deepEqual(roles(), ["read", "write", "read"]);
    assert.deepEqual(groups(), [[], []]);
    assert.deepEqual(team.groupsOf("rex-read"), ["research write"], "no one else leaves");
    assert.deepEqual(groupsOfRepos(), [legal, legal, undefined]);
  });
});
