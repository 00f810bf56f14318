import assert from "node:assert/strict";
import { createProject, type Project } from "../support/engine";
import { type Hub, startHub } from "../support/hub";

describe("HubToken under protect", function () {
  this.timeout(240_000);
  let hub: Hub;
  let project: Project;

  const declare = (release: string, options: object) =>
    project.write(
      "index.js",
      `const hf = require("pulumi-huggingface");
new hf.HubToken("it", { name: "it", rotationTriggers: { release: "${release}" } }, ${JSON.stringify(options)});`,
    );
  const live = () => hub.store.tokensOfUser("ada-admin").filter(({ name }) => name.startsWith("it ["));

  beforeEach(async () => {
    hub = await startHub();
    project = await createProject({
      name: "protect",
      program: { "index.js": "" },
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
    });
    await declare("1", { protect: true });
    await project.up();
    await declare("2", { protect: true });
    await project.up();
    assert.equal(live().length, 2, "the token and its predecessor");
  });
  afterEach(async () => {
    await project.dispose();
    await hub.close();
  });

  it("is removed after one `pulumi state unprotect`, with its predecessor", async () => {
    await project.pulumi(["state", "unprotect", project.urn("huggingface:HubToken", "it"), "--yes"]);
    await project.write("index.js", "");
    await project.up();
    assert.deepEqual(live(), []);
    assert.equal(await project.resource("it"), undefined);
  });

  it("keeps its predecessor after a refused destroy, and is removed after `protect: false`", async () => {
    const refused = await project.destroy({ allowFailure: true });
    assert.notEqual(refused.code, 0);
    assert.match(refused.text, /pulumi state unprotect '[^']*huggingface:HubToken::it'/);
    assert.equal(live().length, 2);
    await declare("2", { protect: false });
    await project.up();
    const predecessors = await project.resource("it", { type: ":HubTokenPredecessors" });
    assert.equal(
      (predecessors?.outputs?.["pending"] as unknown[]).length,
      1,
      "the child should know the predecessor again",
    );
    await project.destroy();
    assert.deepEqual(live(), []);
  });
});
