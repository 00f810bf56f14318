import assert from "node:assert/strict";
import { createProject, type Project } from "../support/engine";
import { startHub, type Hub } from "../support/hub";
import { ByHand, settingIn, SPACE } from "../support/spaceSettings";

describe("SpaceVariable on the engine", function () {
  this.timeout(400_000);
  let hub: Hub;
  let project: Project;
  let byHand: ByHand;

  const program = (args = "", more = ""): string => `
const hf = require("pulumi-huggingface");
const variable = new hf.SpaceVariable("model", { space: "${SPACE}", key: "MODEL", value: "acme/llm", ${args} });
module.exports = { value: variable.value, status: variable.status };
${more}`;
  const write = (...parts: Parameters<typeof program>) => project.write("index.js", program(...parts));
  const stored = (key = "MODEL") => settingIn(hub, key)?.value;

  before(async () => {
    hub = await startHub();
    byHand = new ByHand(hub);
    project = await createProject({
      name: "variable",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: { "index.js": program() },
    });
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  it("creates, and then finds no changes", async () => {
    await project.up();
    assert.equal(stored(), "acme/llm");
    await project.preview({ expectNoChanges: true });
    await project.preview({ refresh: true, expectNoChanges: true });
    assert.deepEqual(await project.outputs(), { value: "acme/llm", status: "active" });
    assert.equal((await project.resource("model"))?.id, `${SPACE}/MODEL`);
  });

  it("updates in place", async () => {
    await write('value: "acme/llm-2", description: "the model"');
    const up = await project.up();
    assert.deepEqual(up.steps.find(({ name }) => name === "model")?.changedInputs, ["description", "value"]);
    assert.deepEqual(settingIn(hub, "MODEL"), {
      kind: "variable",
      value: "acme/llm-2",
      description: "the model",
    });
    await write();
    await project.up();
  });

  it("shows a change by hand, and refuses to overwrite it without a new reason", async () => {
    // Events within two seconds after the last run may be its own, so they have no author.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await byHand.client.setSpaceVariable(SPACE, { key: "MODEL", value: "by hand" });
    const gate = await project.preview({
      refresh: true,
      expectNoChanges: true,
      diff: true,
      allowFailure: true,
    });
    assert.equal(gate.code, 7, gate.text);
    assert.match(gate.text, /value *: "acme\/llm" => "by hand"/);
    const refused = await project.up({ refresh: true, allowFailure: true });
    assert.equal(refused.code, 1);
    assert.match(refused.text, /was changed on the Hub after this program set it \(by ada-admin at/);
    assert.match(refused.text, /Declare the value that the Hub has to keep it/);
    assert.equal(stored(), "by hand");
    await write('acknowledgeOverwrite: "ticket 7"');
    await project.up({ refresh: true });
    assert.equal(stored(), "acme/llm");
    await project.preview({ refresh: true, expectNoChanges: true });
  });

  it("shows a deletion by hand, and sets the variable again only with a new reason", async () => {
    await byHand.client.deleteSpaceVariable(SPACE, "MODEL");
    await project.refresh();
    assert.equal((await project.resource("model"))?.outputs?.["status"], "missing");
    const refused = await project.up({ allowFailure: true });
    assert.match(refused.text, /was deleted on the Hub after this program set it/);
    await write('acknowledgeOverwrite: "ticket 8"');
    await project.up({ refresh: true });
    assert.equal(stored(), "acme/llm");
  });

  it("replaces for another key, imports, looks variables up, and deletes them at the end", async () => {
    await byHand.client.setSpaceVariable(SPACE, { key: "MODE", value: "fast" });
    await write(
      'key: "MODEL_NAME"',
      `new hf.SpaceVariable("mode", { space: "${SPACE}", key: "MODE", value: "fast" }, { import: "${SPACE}/MODE" });
module.exports.found = hf.SpaceVariable.get("found", "${SPACE}/MODE").value;`,
    );
    const up = await project.up();
    assert.equal(up.changes["replace"], 1);
    assert.match(up.text, /SpaceVariable MODE of acme\/demo-space: imported acme\/demo-space\/MODE/);
    assert.equal(stored("MODEL_NAME"), "acme/llm");
    assert.equal(stored(), undefined);
    assert.equal((await project.outputs())["found"], "fast");
    await project.preview({ expectNoChanges: true });
    await project.destroy();
    assert.equal(stored("MODEL_NAME"), undefined);
    assert.equal(stored("MODE"), undefined);
  });

  it("refuses a token of the Hub without printing it", async () => {
    const token = `hf_${"abcdefgh".repeat(4)}`;
    await write(`value: "${token}"`);
    const { text } = await project.preview({ allowFailure: true });
    assert.match(
      text,
      /value: contains a token of the Hub, and everyone who may see the Space can read its variables/,
    );
    assert.ok(!text.includes(token));
  });
});
