import assert from "node:assert/strict";
import { createProject, type Project } from "../support/engine";
import { startHub, type Hub } from "../support/hub";
import { request } from "../support/request";

describe("RepoVisibility on the engine", function () {
  this.timeout(400_000);
  let hub: Hub;
  let project: Project;

  /** The program: arguments of `model` and `space`, and the rest. */
  const program = (model: string, space: string, more = ""): string => `
const hf = require("pulumi-huggingface");
// Not known before the first update.
const account = new hf.ServiceAccount("ci", { organization: "acme", name: "ci" });
const model = new hf.RepoVisibility("model", { repo: "acme/llm-private", ${model} });
const space = new hf.RepoVisibility("space", { repo: "acme/demo-space", repoType: "space", ${space} });
const dataset = new hf.RepoVisibility("dataset", { repo: "acme/corpus", repoType: "dataset",
  visibility: account.createdAt.apply(() => "private"), onDestroy: "private" });
module.exports = { type: model.repoType, visibility: model.visibility, gated: model.gated, space: space.visibility };
${more}`;
  const write = (...parts: Parameters<typeof program>) => project.write("index.js", program(...parts));
  const closed = "private: true";
  const open = 'visibility: "public", acknowledgePublic: "product page"';
  const stored = (repo: string, type: "model" | "space" | "dataset" = "model") =>
    hub.store.repository(repo, type)?.visibility;
  const settings = (path: string, body: object) =>
    request(hub.endpoint, hub.tokens.write, "PUT", `/api/${path}/settings`, body);
  const puts = () => hub.store.requests.filter(({ method }) => method === "PUT").length;

  before(async () => {
    hub = await startHub();
    project = await createProject({
      name: "visibility",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: { "index.js": program(closed, open) },
    });
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  it("creates, even with a value that is unknown in the preview, and then finds no changes", async () => {
    await project.up({ skipPreview: false });
    assert.equal(stored("acme/llm-private"), "private");
    assert.equal(stored("acme/demo-space", "space"), "public");
    assert.equal(stored("acme/corpus", "dataset"), "private");
    assert.equal(puts(), 1, "only the dataset differed from the program");
    await project.preview({ refresh: true, expectNoChanges: true });
    const outputs = await project.outputs();
    assert.deepEqual(outputs, { type: "model", visibility: "private", space: "public" });
    const kept = await project.resource("model");
    assert.equal(kept?.id, "model/acme/llm-private");
    assert.equal(kept?.outputs?.["onDestroy"], "retain", "defaults are stored");
    assert.equal(kept?.outputs?.["stateVersion"], 2);
  });

  it("updates in place, and sends nothing for a setting that only the library uses", async () => {
    await write(`${closed}, onDestroy: "private"`, open);
    const before = puts();
    const local = await project.up();
    assert.deepEqual(local.steps.find(({ name }) => name === "model")?.changedInputs, ["onDestroy"]);
    assert.equal(puts(), before);
    await write(`${closed}, gated: "auto"`, open);
    await project.up();
    assert.equal(hub.store.repository("acme/llm-private")?.gated, "auto");
  });

  it("shows drift for each property, fails the gate, and repairs what became wider", async () => {
    await settings("models/acme/llm-private", { visibility: "public", gated: false });
    const gate = await project.preview({
      refresh: true,
      expectNoChanges: true,
      diff: true,
      allowFailure: true,
    });
    assert.equal(gate.code, 7, gate.text);
    assert.match(gate.text, /visibility +: "private" => "public"/);
    assert.match(gate.text, /gated +: "auto" => false/);
    assert.equal(stored("acme/llm-private"), "public", "a preview changes nothing");
    const repair = await project.up({ refresh: true });
    assert.match(
      repair.text,
      /warning: RepoVisibility of acme\/llm-private: someone made it public on the Hub/,
    );
    assert.equal(stored("acme/llm-private"), "private");
    assert.equal(hub.store.repository("acme/llm-private")?.gated, "auto");
  });

  it("does not predict in a refresh what only the last program asked for", async () => {
    // Like an interrupted run that had already restricted the repository, and like a program that follows a change by
    // hand.
    await settings("spaces/acme/demo-space", { visibility: "private" });
    const follows = open.replace(/visibility: .*/, 'visibility: "private"');
    await write(`${closed}, gated: "auto"`, follows);
    const up = await project.up({ refresh: true });
    assert.doesNotMatch(up.text, /will refuse/);
    await project.preview({ refresh: true, expectNoChanges: true });
    await write(`${closed}, gated: "auto"`, open);
    await project.up();
    assert.equal(stored("acme/demo-space", "space"), "public");
  });

  it("does not widen a repository that someone restricted, until the reason changes", async () => {
    await settings("spaces/acme/demo-space", { visibility: "private" });
    const preview = await project.preview({ refresh: true, diff: true });
    assert.match(preview.text, /visibility *: "public" => "private"/);
    assert.match(
      preview.text,
      /warning: RepoVisibility of space acme\/demo-space: `pulumi up` will refuse this/,
    );
    for (let night = 0; night < 2; night++) {
      const refused = await project.up({ refresh: true, allowFailure: true });
      assert.equal(refused.code, 1);
      assert.match(
        refused.text,
        /acme\/demo-space was made private on the Hub.*give a new reason in acknowledgePublic/s,
      );
      assert.equal(stored("acme/demo-space", "space"), "private");
    }
    await write(`${closed}, gated: "auto"`, open.replace("product page", "cleared in ticket 7"));
    await project.up({ refresh: true });
    assert.equal(stored("acme/demo-space", "space"), "public");
    assert.equal((await project.resource("space"))?.outputs?.["acknowledgePublic"], "cleared in ticket 7");
  });

  it("replaces for another repository, and looks repositories up", async () => {
    await write(
      `repo: "acme/embeddings", ${closed}`,
      open.replace("product page", "cleared in ticket 7"),
      'module.exports.found = hf.RepoVisibility.get("portal", "space/acme/customer-portal").visibility;',
    );
    const up = await project.up();
    assert.equal(up.changes["replace"], 1);
    assert.deepEqual(up.steps.find(({ name }) => name === "portal")?.op, "read");
    assert.equal(stored("acme/embeddings"), "private");
    assert.equal(stored("acme/llm-private"), "private", "the old one stays unchanged");
    assert.equal((await project.outputs())["found"], "protected");
    await project.preview({ expectNoChanges: true });
    await write(closed, open, 'hf.RepoVisibility.get("portal", "space/acme/nothing");');
    const none = await project.preview({ allowFailure: true });
    assert.match(none.text, /There is no RepoVisibility with the id "space\/acme\/nothing"/);
  });

  it("reports all mistakes in a resource at the same time", async () => {
    await write('privat: true, repoType: "modell", gated: "yes"', open);
    const { code, text } = await project.preview({ allowFailure: true });
    assert.notEqual(code, 0);
    for (const reason of [
      /RepoVisibility resource 'model' has a problem: unknown property "privat"; did you mean "private"\?/,
      /visibility: is required/,
      /repoType: must be one of "model", "dataset", "space", "bucket"/,
      /gated: must be one of false, "auto", "manual"/,
    ]) {
      assert.match(text, reason);
    }
  });

  it("deletes nothing in a destroy, and makes private only what declares it", async () => {
    await settings("datasets/acme/corpus", { visibility: "public" });
    await project.destroy();
    assert.equal(stored("acme/corpus", "dataset"), "private");
    assert.equal(stored("acme/demo-space", "space"), "public");
    assert.equal(stored("acme/embeddings"), "private");
    assert.equal((await project.state()).deployment.resources?.some(({ custom }) => custom) ?? false, false);
  });
});
