// A deletion never undoes what another resource of the same run declares.
import assert from "node:assert/strict";
import { createProject, type Project } from "../support/engine";
import { type Hub, startHub } from "../support/hub";

const REPO = "acme/llm-gated";

/** Both resources that a destroy may change on the Hub, under each of these names. */
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

describe("what the program declares", function () {
  this.timeout(400_000);
  let hub: Hub;
  let project: Project;
  const program = (...parts: Parameters<typeof declaring>) => project.write("index.js", declaring(...parts));
  const onHub = () => [hub.store.sso.get("acme")?.enabled, hub.store.repository(REPO, "model")?.visibility];

  beforeEach(async () => {
    hub = await startHub();
    project = await createProject({
      name: "declared",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: { "index.js": declaring(["old"]) },
    });
    await project.up();
    assert.deepEqual(onHub(), [true, "public"]);
  });
  afterEach(async () => {
    await project.dispose();
    await hub.close();
  });

  for (const refresh of [false, true]) {
    it(`stays as it is under a new name without an alias, ${refresh ? "with" : "without"} a refresh`, async () => {
      await program(["new"]);
      const { text } = await project.up({ refresh });
      assert.deepEqual(onHub(), [true, "public"], text);
      assert.match(text, /RepoVisibility of acme\/llm-gated: left unchanged on the Hub/);
      assert.match(text, /SsoConfig of acme: left unchanged on the Hub/);
    });
    it(`is changed when it is declared no more, ${refresh ? "with" : "without"} a refresh`, async () => {
      await program([]);
      const { text } = await project.up({ refresh });
      assert.deepEqual(onHub(), [false, "private"], text);
    });
    it(`stays as it is when one of two declarations goes, ${refresh ? "with" : "without"} a refresh`, async () => {
      // An earlier release let both in.
      const state = await project.state();
      for (const resource of [...(state.deployment.resources ?? [])]) {
        if (!resource.urn.endsWith("::old")) continue;
        state.deployment.resources?.push({ ...resource, urn: resource.urn.replace(/::old$/, "::new") });
      }
      await project.importState(state);
      await program(["new"]);
      const { text } = await project.up({ refresh });
      assert.deepEqual(onHub(), [true, "public"], text);
    });
  }
  it("is changed by each way of destroying it", async () => {
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
  it("stays as it is under another provider, and under another name with an alias as well", async () => {
    const other = (name: string) =>
      `new hf.Provider("${name}", { tokenEnv: "HF_TOKEN", endpoint: "${hub.endpoint}" })`;
    await program(["old"], `provider: ${other("first")}`);
    assert.deepEqual((await project.up()).changes, { create: 1, same: 3 });
    await program(["new"], `provider: ${other("second")}, aliases: [{ name: "old" }]`);
    const { text } = await project.up();
    assert.deepEqual(onHub(), [true, "public"], text);
  });
});
