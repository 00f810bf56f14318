import assert from "node:assert/strict";
import { createProject, type Project } from "../support/engine";
import { governance } from "../support/governance";
import { startHub, type Hub } from "../support/hub";

describe("RepoResourceGroup on the engine", function () {
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
const llm = new hf.RepoResourceGroup("llm", { repo: "acme/llm", ${args} });
module.exports = { groupId: llm.groupId, status: llm.status };
${more}`;
  const write = (...parts: Parameters<typeof program>) => project.write("index.js", program(...parts));
  const group = (repo = "acme/llm") => team.groupOfRepo(repo);

  before(async () => {
    hub = await startHub();
    team = governance(hub);
    research = await team.group("research");
    legal = await team.group("legal");
    project = await createProject({
      name: "repo-group",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: { "index.js": program(`groupId: account.createdAt.apply(() => "${research}")`) },
    });
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  it("puts the repository into a group that is unknown in the preview, and then finds no changes", async () => {
    await project.preview();
    await project.up();
    assert.equal(group(), research);
    assert.deepEqual(await project.outputs(), { groupId: research, status: "active" });
    await project.preview({ expectNoChanges: true });
    await project.preview({ refresh: true, expectNoChanges: true });
    assert.equal((await project.resource("llm"))?.id, "model/acme/llm");
  });

  it("updates the resource group in place", async () => {
    await write(`groupId: "${legal}"`);
    const { changes } = await project.up();
    assert.equal(changes["update"], 1);
    assert.equal(group(), legal);
  });

  it("puts the repository back, but takes it out of another group only with a new reason", async () => {
    await team.client.setRepoResourceGroup("acme/llm", { groupId: null });
    const { text } = await project.up({ refresh: true });
    assert.match(text, /someone changed the resource group of model acme\/llm .*: it was none/);
    assert.equal(group(), legal);
    await team.client.setRepoResourceGroup("acme/llm", { groupId: research });
    const refused = await project.up({ refresh: true, allowFailure: true });
    assert.match(refused.text, /give a new reason in acknowledgeOverwrite/);
    assert.equal(group(), research);
    await write(`groupId: "${legal}", acknowledgeOverwrite: "agreed"`);
    await project.up();
    assert.equal(group(), legal);
    await project.preview({ refresh: true, expectNoChanges: true });
  });

  it("replaces for another repository, and leaves the former one in its group", async () => {
    const other = program(
      `groupId: "${legal}", onDestroy: "remove"`,
      'module.exports.found = hf.RepoResourceGroup.get("found", "model/acme/llm").groupId;',
    ).replace('"acme/llm", groupId', '"acme/embeddings", groupId');
    await project.write("index.js", other);
    const { changes } = await project.up();
    assert.equal(changes["replace"], 1);
    assert.equal(group("acme/embeddings"), legal);
    assert.equal(group(), legal);
    assert.equal((await project.outputs())["found"], legal);
  });

  it("is refused twice for the same repository of one program", async () => {
    await write(
      `groupId: "${legal}"`,
      `new hf.RepoResourceGroup("again", { repo: "acme/LLM", groupId: "${research}" });`,
    );
    const { text } = await project.preview({ allowFailure: true });
    assert.match(text, /"again": the RepoResourceGroup "llm" of this stack already manages acme\/LLM/);
  });

  it("takes the repository out in a destroy if that is declared", async () => {
    const { text } = await project.destroy();
    assert.match(text, /removed the repository from its resource group/);
    assert.equal(group("acme/embeddings"), undefined);
    assert.equal(group(), legal);
  });
});
