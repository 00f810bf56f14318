// A deletion never reverts settings that another resource of the same run declares.
import assert from "node:assert/strict";
import { createProject, type Project } from "../support/engine";
import { type Hub, startHub } from "../support/hub";

const REPO = "acme/llm-gated";

/** Two resources that a destroy may change on the Hub, under each of these names. */
const declaring = (names: string[], options = ""): string => `
const hf = require("pulumi-huggingface");
const options = { ${options} };
${names
  .map(
    (
      name,
    ) => `new hf.SsoConfig("${name}", { organization: "acme", adopt: true, onDestroy: "disable", provider: "oidc",
  ssoUrl: "https://login.acme.example", clientId: "hub", clientSecret: "correct-horse-battery", verifyIssuer: false }, options);
new hf.RepoVisibility("${name}", { repo: "${REPO}", visibility: "public", acknowledgePublic: "launch", onDestroy: "private" }, options);`,
  )
  .join("\n")}`;

describe("object that the program declares", function () {
  this.timeout(400_000);
  let hub: Hub;
  let project: Project;
  const program = (...parts: Parameters<typeof declaring>) => project.write("index.js", declaring(...parts));
  const onHub = () => [hub.store.sso.get("acme")?.enabled, hub.store.repository(REPO, "model")?.visibility];

  before(async () => {
    hub = await startHub();
    project = await createProject({
      name: "declared",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: { "index.js": declaring(["old"]) },
    });
  });
  beforeEach(async () => {
    await program(["old"]);
    await project.up();
    assert.deepEqual(onHub(), [true, "public"]);
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  it("stays unchanged if the resource is renamed without an alias, with and without a refresh", async () => {
    for (const [name, refresh] of [
      ["new", false],
      ["newer", true],
    ] as const) {
      await program([name]);
      const { text } = await project.up({ refresh });
      assert.deepEqual(onHub(), [true, "public"], text);
      assert.match(text, /RepoVisibility of acme\/llm-gated: left unchanged on the Hub/);
      assert.match(text, /SsoConfig of acme: left unchanged on the Hub/);
    }
  });
  it("stays unchanged if one of two declarations is removed, with and without a refresh", async () => {
    for (const [name, refresh] of [
      ["new", false],
      ["newer", true],
    ] as const) {
      // An earlier release accepted both.
      const state = await project.state();
      for (const resource of [...(state.deployment.resources ?? [])]) {
        if (!/::(?:old|new)$/.test(resource.urn)) continue;
        state.deployment.resources?.push({ ...resource, urn: resource.urn.replace(/::\w+$/, `::${name}`) });
      }
      await project.importState(state);
      await program([name]);
      const { text } = await project.up({ refresh });
      assert.deepEqual(onHub(), [true, "public"], text);
    }
  });
  it("changes if the program no longer declares it, with and without a refresh", async () => {
    for (const refresh of [false, true]) {
      await program(["old"]);
      await project.up();
      assert.deepEqual(onHub(), [true, "public"]);
      await program([]);
      const { text } = await project.up({ refresh });
      assert.deepEqual(onHub(), [false, "private"], text);
    }
  });
  it("changes in each form of destroy", async () => {
    for (const options of [
      {},
      { refresh: true },
      { runProgram: true },
      { refresh: true, runProgram: true },
    ]) {
      await project.up();
      assert.deepEqual(onHub(), [true, "public"]);
      const { command, text } = await project.destroy(options);
      assert.deepEqual(onHub(), [false, "private"], `${command} ${text}`);
    }
  });
  it("stays unchanged under another provider, also if the resource is renamed with an alias", async () => {
    const other = (name: string) =>
      `new hf.Provider("${name}", { tokenEnv: "HF_TOKEN", endpoint: "${hub.endpoint}" })`;
    await program(["old"], `provider: ${other("first")}`);
    assert.deepEqual((await project.up()).changes, { create: 1, same: 3 });
    await program(["new"], `provider: ${other("second")}, aliases: [{ name: "old" }]`);
    const { text } = await project.up();
    assert.deepEqual(onHub(), [true, "public"], text);
  });
});
