import assert from "node:assert/strict";
import { createProject, type Project } from "../support/engine";
import { startHub, type Hub } from "../support/hub";
import { ByHand, settingIn, SPACE } from "../support/spaceSettings";

describe("SpaceSecret on the engine", function () {
  this.timeout(400_000);
  let hub: Hub;
  let project: Project;
  let byHand: ByHand;

  /** The program: changes of the token and of the two secrets, and the rest. */
  const program = ({ generation = "1", own = "", fixed = "", more = "" } = {}): string => `
const hf = require("pulumi-huggingface");
const account = new hf.ServiceAccount("app", { organization: "acme", name: "app" });
const token = new hf.HubToken("app", { organization: "acme", serviceAccount: account.accountId, name: "app",
  permissions: ["repo.content.read"], rotationTriggers: { generation: "${generation}" } });
const own = new hf.SpaceSecret("token", { space: "${SPACE}", key: "HF_TOKEN", value: token.token, ${own} });
const fixed = new hf.SpaceSecret("fixed", { space: "${SPACE}", key: "API_KEY", value: "fixed-value-1", ${fixed} });
module.exports = { token: token.token, own: own.status, fixed: fixed.status };
${more}`;
  const write = (parts: Parameters<typeof program>[0]) => project.write("index.js", program(parts));
  const has = (key: string, value: unknown) => hub.store.hasSpaceSecret(SPACE, key, String(value));
  const outputs = () => project.outputs({ showSecrets: true });
  const posts = () =>
    hub.store.requests.filter(({ method, path }) => method === "POST" && path.endsWith("/secrets")).length;

  before(async () => {
    hub = await startHub();
    byHand = new ByHand(hub);
    project = await createProject({
      name: "secret",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: { "index.js": program() },
    });
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  it("creates, even with a value that is unknown in the preview, and then finds no changes", async () => {
    const preview = await project.preview();
    assert.equal(preview.steps.filter(({ op }) => op === "create").length, 5);
    await project.up();
    assert.ok(has("HF_TOKEN", (await outputs())["token"]));
    assert.ok(has("API_KEY", "fixed-value-1"));
    await project.preview({ expectNoChanges: true });
    await project.preview({ refresh: true, expectNoChanges: true });
    await project.up({ refresh: true });
    assert.equal(posts(), 2);
    const kept = await project.resource("fixed");
    assert.equal(kept?.id, `${SPACE}/API_KEY`);
    assert.equal((await outputs())["fixed"], "active");
  });

  it("sends a rotated token in the run that rotates it", async () => {
    const { token: before } = await outputs();
    await write({ generation: "2" });
    await project.up();
    const { token } = await outputs();
    assert.notEqual(token, before);
    assert.ok(has("HF_TOKEN", token));
    await project.preview({ refresh: true, expectNoChanges: true });
  });

  it("sends a rotated token over a value that someone set by hand, and names the author", async () => {
    // Events within two seconds after the last run may be its own, so they have no author.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await byHand.client.setSpaceSecret(SPACE, { key: "HF_TOKEN", value: "by hand" });
    await write({ generation: "3" });
    const { text } = await project.up();
    assert.match(
      text,
      /warning: SpaceSecret HF_TOKEN of acme\/demo-space: the secret HF_TOKEN of the Space acme\/demo-space was changed on the Hub after this program set it \(by ada-admin at/,
    );
    assert.ok(has("HF_TOKEN", (await outputs())["token"]));
  });

  it("updates in place", async () => {
    await write({ generation: "3", fixed: 'description: "for the API"' });
    const up = await project.up();
    assert.deepEqual(up.steps.find(({ name }) => name === "fixed")?.changedInputs, ["description"]);
    assert.deepEqual(settingIn(hub, "API_KEY"), { kind: "secret", description: "for the API" });
    await write({ generation: "3" });
    await project.up();
    assert.ok(has("API_KEY", "fixed-value-1"));
  });

  it("shows a change by hand, fails the gate, and refuses to overwrite it without a new reason", async () => {
    await byHand.client.setSpaceSecret(SPACE, { key: "API_KEY", value: "by hand" });
    const gate = await project.preview({ refresh: true, expectNoChanges: true, allowFailure: true });
    assert.equal(gate.code, 7, gate.text);
    assert.match(
      gate.text,
      /`pulumi up` will refuse this\. The secret API_KEY of the Space acme\/demo-space was changed/,
    );
    for (const refresh of [true, false]) {
      const refused = await project.up({ refresh, allowFailure: true });
      assert.equal(refused.code, 1);
      assert.match(
        refused.text,
        /It is not overwritten automatically.*give a new reason in acknowledgeOverwrite/s,
      );
    }
    assert.ok(has("API_KEY", "by hand"));
    await project.refresh();
    assert.equal((await project.resource("fixed"))?.outputs?.["status"], "changed");
    await write({ generation: "3", fixed: 'acknowledgeOverwrite: "ticket 7"' });
    await project.up({ refresh: true });
    assert.ok(has("API_KEY", "fixed-value-1"));
    await project.preview({ refresh: true, expectNoChanges: true });
  });

  it("does not set a deleted secret again without a new reason, even with a rotated value", async () => {
    await byHand.client.deleteSpaceSecret(SPACE, "HF_TOKEN");
    await write({ generation: "4", fixed: 'acknowledgeOverwrite: "ticket 7"' });
    const refused = await project.up({ refresh: true, allowFailure: true });
    assert.match(refused.text, /The secret HF_TOKEN of the Space acme\/demo-space was deleted on the Hub/);
    assert.equal(settingIn(hub, "HF_TOKEN"), undefined);
    const parts = {
      generation: "4",
      own: 'acknowledgeOverwrite: "it is needed"',
      fixed: 'acknowledgeOverwrite: "ticket 7"',
    };
    await write(parts);
    await project.up({ refresh: true });
    assert.ok(has("HF_TOKEN", (await outputs())["token"]));
    await project.preview({ refresh: true, expectNoChanges: true });
  });

  it("replaces for another key, and looks secrets up", async () => {
    const parts = {
      generation: "4",
      own: 'acknowledgeOverwrite: "it is needed"',
      fixed: 'key: "OTHER_KEY"',
      more: `module.exports.found = hf.SpaceSecret.get("found", "${SPACE}/HF_TOKEN").status;`,
    };
    await write(parts);
    const up = await project.up();
    assert.equal(up.changes["replace"], 1);
    assert.ok(has("OTHER_KEY", "fixed-value-1"));
    assert.equal(settingIn(hub, "API_KEY"), undefined);
    assert.equal((await outputs())["found"], "active");
    await project.preview({ expectNoChanges: true });
    await write({ ...parts, more: `hf.SpaceSecret.get("found", "${SPACE}/NOTHING");` });
    const none = await project.preview({ allowFailure: true });
    assert.match(none.text, /There is no SpaceSecret with the id "acme\/demo-space\/NOTHING"/);
    await write({ ...parts, more: "" });
    await project.up();
  });

  it("refuses the key of a variable of the same program", async () => {
    await write({
      more: `new hf.SpaceVariable("variable", { space: "ACME/demo-space", key: "API_KEY", value: "v" });`,
    });
    const { text } = await project.preview({ allowFailure: true });
    assert.match(
      text,
      /SpaceVariable "variable": the SpaceSecret "fixed" of this stack already manages ACME\/demo-space\/API_KEY\. It cannot be both\. Keep one of the two\./,
    );
  });

  it("keeps a renamed secret, and deletes all of them at the end", async () => {
    const renamed = program({
      generation: "4",
      own: 'acknowledgeOverwrite: "it is needed"',
      fixed: 'key: "OTHER_KEY"',
    }).replace('SpaceSecret("fixed"', 'SpaceSecret("renamed"');
    await project.write("index.js", renamed);
    const before = posts();
    const { text } = await project.up({ refresh: true });
    assert.match(text, /left unchanged on the Hub: the program declares it again/);
    assert.equal(posts(), before);
    assert.ok(has("OTHER_KEY", "fixed-value-1"));
    await project.destroy();
    assert.equal(settingIn(hub, "OTHER_KEY"), undefined);
    assert.equal(settingIn(hub, "HF_TOKEN"), undefined);
  });
});
