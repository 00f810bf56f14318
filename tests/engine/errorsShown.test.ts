// The output for the user at an error and during an outage.
import assert from "node:assert/strict";
import { createProject, type Project } from "../support/engine";
import { startHub } from "../support/hub";

describe("Hub that does not answer, on the engine", function () {
  this.timeout(240_000);
  let project: Project;
  let endpoint: string;

  before(async () => {
    const hub = await startHub();
    ({ endpoint } = hub);
    project = await createProject({
      name: "outage",
      env: { HF_ENDPOINT: endpoint, HF_TOKEN: hub.tokens.admin },
      config: { "huggingface:maxRetries": "3" },
      program: {
        "index.js": `const hf = require("pulumi-huggingface");
for (const repo of ["acme/llm-private", "acme/fraud-detector"])
  new hf.RepoVisibility(repo, { repo, visibility: "private", onDestroy: "private" });`,
      },
    });
    await project.up();
    await hub.close();
  });
  after(() => project.dispose());

  for (const command of ["refresh", "preview", "destroy"] as const) {
    it(`is announced once while ${command} retries, and each error is printed once`, async () => {
      const options = { allowFailure: true, ...(command === "preview" && { refresh: true }) };
      const { code, text, diagnostics } = await project[command](options);
      assert.notEqual(code, 0);
      const announced = diagnostics.filter(({ message }) => message.includes("Trying again"));
      assert.deepEqual(
        announced.map(({ severity }) => severity),
        ["warning"],
        text,
      );
      assert.match(
        announced[0]?.message ?? "",
        /^the Hub at http:\S+ refuses connections\. Trying again for up to 4 s\.\s*$/,
      );
      const failures = diagnostics.filter(({ message }) => message.includes("refused the connection"));
      assert.equal(new Set(failures.map(({ urn }) => urn)).size, failures.length, text);
      assert.doesNotMatch(text, /HubError: /);
    });
  }
});
