// Text from a Hub or its members must not control the pipeline that shows the log.
import assert from "node:assert/strict";
import { assertNoCommand, COMMANDS } from "../badInput/hostile";
import { createProject, type EngineResult, type Project } from "../support/engine";
import { type Hub, startHub } from "../support/hub";
import { request } from "../support/request";

describe("names that look like commands to a pipeline, on the engine", function () {
  this.timeout(240_000);
  let hub: Hub;
  let project: Project;

  before(async () => {
    hub = await startHub();
    project = await createProject({
      name: "commands",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: {
        "index.js": `const hf = require("pulumi-huggingface");
module.exports = { id: new hf.ServiceAccount("ci", { organization: "acme", name: "ci" }).accountId };`,
      },
    });
    await project.up();
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  const assertShown = ({ stdout, stderr, diagnostics }: EngineResult): void => {
    for (const text of [stdout, stderr, ...diagnostics.map(({ message }) => message)]) assertNoCommand(text);
    assert.match(stdout, /b6/, "the name should appear");
  };

  it("are harmless in an error about tokens of the Hub", async () => {
    const { id } = await project.outputs<{ id: string }>();
    const path = `/api/organizations/acme/service-accounts/${id}/tokens`;
    await request(hub.endpoint, hub.tokens.admin, "POST", path, {
      displayName: COMMANDS.slice(0, 99),
      permissions: [],
    });
    const refused = await project.destroy({ allowFailure: true });
    assertShown(refused);
  });

  for (const command of ["refresh", "up"] as const) {
    it(`are harmless in the Hub's answer during ${command}`, async () => {
      if (command === "up") {
        await project.write(
          "index.js",
          `const hf = require("pulumi-huggingface");
hf.getMemberTokens("acme");
new hf.RepoVisibility("a", { repo: "acme/llm-private", visibility: "private" });`,
        );
      }
      hub.inject({
        effect: {
          status: 403,
          headers: { "x-error-code": "::stop-commands::b7" },
          body: { error: COMMANDS },
        },
        times: 10,
      });
      const refused = await project[command]({ allowFailure: true });
      hub.clearFaults();
      assertShown(refused);
    });
  }
});
