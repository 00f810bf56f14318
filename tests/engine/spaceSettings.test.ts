// Secrets and variables of a Space, in one stack.
import assert from "node:assert/strict";
import { createProject, type Project } from "../support/engine";
import { startHub, type Hub } from "../support/hub";
import { ByHand, settingIn, SPACE } from "../support/spaceSettings";

describe("SpaceSecret and SpaceVariable on the engine", function () {
  this.timeout(400_000);
  let hub: Hub;
  let project: Project;
  let byHand: ByHand;

  /** Changes of the program: of the token, of its secret, of the other secret and of the variable, and more resources. */
  interface Parts {
    generation?: string;
    own?: string;
    fixed?: string;
    variable?: string;
    more?: string;
  }
  const program = ({ generation = "1", own = "", fixed = "", variable = "", more = "" }: Parts): string => `
const hf = require("pulumi-huggingface");
const account = new hf.ServiceAccount("app", { organization: "acme", name: "app" });
const token = new hf.HubToken("app", { organization: "acme", serviceAccount: account.accountId, name: "app",
  permissions: ["repo.content.read"], rotationTriggers: { generation: "${generation}" } });
const own = new hf.SpaceSecret("token", { space: "${SPACE}", key: "HF_TOKEN", value: token.token, ${own} });
const fixed = new hf.SpaceSecret("fixed", { space: "${SPACE}", key: "API_KEY", value: "fixed-value-1", ${fixed} });
const variable = new hf.SpaceVariable("model", { space: "${SPACE}", key: "MODEL", value: "acme/llm", ${variable} });
module.exports = { token: token.token, value: variable.value, statuses: [own.status, fixed.status, variable.status] };
${more}`;
  const write = (parts: Parts) => project.write("index.js", program(parts));
  const has = (key: string, value: unknown) => hub.store.hasSpaceSecret(SPACE, key, String(value));
  const valueOf = (key = "MODEL") => settingIn(hub, key)?.value;
  const outputs = () => project.outputs({ showSecrets: true });
  const posts = () =>
    hub.store.requests.filter(
      ({ method, path }) => method === "POST" && /\/(?:secrets|variables)$/.test(path),
    ).length;
  // Events within two seconds after the last run may be its own, so they have no author.
  const laterThanTheRun = () => new Promise((resolve) => setTimeout(resolve, 2500));

  before(async () => {
    hub = await startHub();
    byHand = new ByHand(hub);
    project = await createProject({
      name: "settings",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: { "index.js": program({}) },
    });
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  it("are created, even with a value that is unknown in the preview, and then show no changes", async () => {
    await project.up({ skipPreview: false });
    const { token, value, statuses } = await outputs();
    assert.ok(has("HF_TOKEN", token));
    assert.ok(has("API_KEY", "fixed-value-1"));
    assert.equal(valueOf(), "acme/llm");
    assert.equal(value, "acme/llm");
    assert.deepEqual(statuses, ["active", "active", "active"]);
    await project.preview({ refresh: true, expectNoChanges: true });
    assert.equal(posts(), 3);
    assert.equal((await project.resource("fixed"))?.id, `${SPACE}/API_KEY`);
    assert.equal((await project.resource("model"))?.id, `${SPACE}/MODEL`);
  });

  const UPDATED: Parts = {
    generation: "2",
    fixed: 'description: "for the API"',
    variable: 'value: "acme/llm-2", description: "the model"',
  };

  it("send a rotated token in the run that rotates it, over a value that someone set by hand, and name the author", async () => {
    const { token: before } = await outputs();
    await laterThanTheRun();
    await byHand.client.setSpaceSecret(SPACE, { key: "HF_TOKEN", value: "by hand" });
    await write(UPDATED);
    const { text, steps } = await project.up();
    const { token } = await outputs();
    assert.notEqual(token, before);
    assert.ok(has("HF_TOKEN", token));
    assert.match(
      text,
      /warning: SpaceSecret HF_TOKEN of acme\/demo-space: the secret HF_TOKEN of the Space acme\/demo-space was changed on the Hub after this program set it \(by ada-admin at/,
    );
    const changed = (name: string) => steps.find((step) => step.name === name)?.changedInputs;
    assert.deepEqual(changed("fixed"), ["description"], "the others are updated in place");
    assert.deepEqual(changed("model"), ["description", "value"]);
    assert.deepEqual(settingIn(hub, "API_KEY"), { kind: "secret", description: "for the API" });
    assert.deepEqual(settingIn(hub, "MODEL"), {
      ...{ kind: "variable", value: "acme/llm-2", description: "the model" },
    });
  });

  it("show changes and deletions by hand, fail the gate, and refuse to overwrite them without a new reason", async () => {
    await laterThanTheRun();
    await byHand.client.setSpaceSecret(SPACE, { key: "API_KEY", value: "by hand" });
    await byHand.client.setSpaceVariable(SPACE, { key: "MODEL", value: "by hand", description: "the model" });
    await byHand.client.deleteSpaceSecret(SPACE, "HF_TOKEN");
    const gate = await project.preview({
      ...{ refresh: true, expectNoChanges: true },
      ...{ diff: true, allowFailure: true },
    });
    assert.equal(gate.code, 7, gate.text);
    assert.match(
      gate.text,
      /`pulumi up` will refuse this\. The secret API_KEY of the Space acme\/demo-space was changed/,
    );
    assert.match(gate.text, /value *: "acme\/llm-2" => "by hand"/);
    await project.refresh();
    assert.equal((await project.resource("token"))?.outputs?.["status"], "missing");
    assert.equal((await project.resource("fixed"))?.outputs?.["status"], "changed");
    await write({ ...UPDATED, generation: "3" });
    const refused = await project.up({ allowFailure: true, args: ["--continue-on-error"] });
    assert.equal(refused.code, 1);
    assert.match(
      refused.text,
      /The secret API_KEY .*It is not overwritten automatically.*give a new reason in acknowledgeOverwrite/,
    );
    assert.match(
      refused.text,
      /The variable MODEL .*was changed on the Hub after this program set it.*Declare the value that the Hub has to keep it/,
    );
    assert.match(refused.text, /the variable MODEL .* after this program set it \(by ada-admin at/);
    assert.match(
      refused.text,
      /The secret HF_TOKEN of the Space acme\/demo-space was deleted on the Hub/,
      "a rotated value does not set it again",
    );
    assert.ok(has("API_KEY", "by hand"));
    assert.equal(valueOf(), "by hand");
    assert.equal(settingIn(hub, "HF_TOKEN"), undefined);
  });

  const KEPT: Parts = { generation: "3", own: 'acknowledgeOverwrite: "it is needed"' };

  it("are set again with a new reason", async () => {
    await write({
      ...KEPT,
      fixed: 'acknowledgeOverwrite: "ticket 7"',
      variable: 'acknowledgeOverwrite: "ticket 7"',
    });
    await project.up({ refresh: true });
    assert.ok(has("HF_TOKEN", (await outputs())["token"]));
    assert.ok(has("API_KEY", "fixed-value-1"));
    assert.equal(valueOf(), "acme/llm");
    await project.preview({ refresh: true, expectNoChanges: true });
  });

  const RENAMED: Parts = { ...KEPT, fixed: 'key: "OTHER_KEY"', variable: 'key: "MODEL_NAME"' };
  const IMPORTED = `new hf.SpaceVariable("mode", { space: "${SPACE}", key: "MODE", value: "fast" }, { import: "${SPACE}/MODE" });`;

  it("are replaced for another key, imported and looked up", async () => {
    await byHand.client.setSpaceVariable(SPACE, { key: "MODE", value: "fast" });
    await write({
      ...RENAMED,
      more: `${IMPORTED}
module.exports.found = [hf.SpaceSecret.get("found", "${SPACE}/HF_TOKEN").status,
  hf.SpaceVariable.get("found", "${SPACE}/MODE").value];`,
    });
    const up = await project.up();
    assert.equal(up.changes["replace"], 2);
    assert.match(up.text, /SpaceVariable MODE of acme\/demo-space: imported acme\/demo-space\/MODE/);
    assert.ok(has("OTHER_KEY", "fixed-value-1"));
    assert.equal(valueOf("MODEL_NAME"), "acme/llm");
    assert.equal(settingIn(hub, "API_KEY"), undefined);
    assert.equal(settingIn(hub, "MODEL"), undefined);
    assert.deepEqual((await outputs())["found"], ["active", "fast"]);
    await project.preview({ expectNoChanges: true });
  });

  it("refuse a token of the Hub as the value of a variable without printing it", async () => {
    const token = `hf_${"abcdefgh".repeat(4)}`;
    await write({ ...RENAMED, variable: `value: "${token}"` });
    const { text } = await project.preview({ allowFailure: true });
    assert.match(
      text,
      /value: contains a token of the Hub, and everyone who may see the Space can read its variables/,
    );
    assert.ok(!text.includes(token));
  });

  it("are kept if a resource gets another name in the program, and are deleted at the end", async () => {
    const before = posts();
    await project.write(
      "index.js",
      program({ ...RENAMED, more: IMPORTED }).replace('SpaceSecret("fixed"', 'SpaceSecret("renamed"'),
    );
    const { text } = await project.up({ refresh: true });
    assert.match(text, /left unchanged on the Hub: the program declares it again/);
    assert.equal(posts(), before);
    assert.ok(has("OTHER_KEY", "fixed-value-1"));
    await project.destroy();
    for (const key of ["OTHER_KEY", "HF_TOKEN", "MODEL_NAME", "MODE"]) {
      assert.equal(settingIn(hub, key), undefined);
    }
  });
});
