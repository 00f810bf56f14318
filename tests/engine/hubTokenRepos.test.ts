// Repositories and endpoints with secret names.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { createProject, isSecretInState } from "../support/engine";
import { startHub } from "../support/hub";

const REPO = "acme/llm-private";
const ENDPOINT = "acme/planted-endpoint";

describe("HubToken with secret repositories and endpoints on the engine", function () {
  this.timeout(120_000);

  it("stores none of the names unencrypted, and shows no changes", async () => {
    const hub = await startHub();
    const byHand = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    const account = (await byHand.createServiceAccount("acme", { name: "ci" }))._id;
    const secrets = `endpointPatterns: secret(["${ENDPOINT}"]),
  repos: secret(["${REPO}"]), repoPermissions: ["repo.content.read"],`;
    const program = `
const hf = require("pulumi-huggingface");
const { secret } = require("@pulumi/pulumi");
new hf.HubToken("ci", {
  organization: "acme", serviceAccount: "${account}", name: "ci",
  permissions: ["inference.endpoints.infer.write"],
  ${secrets}
});
`;
    const project = await createProject({
      name: "secret-repos",
      program: { "index.js": program },
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
    });
    try {
      await project.up();
      const state = await project.state();
      const token = state.deployment.resources?.find(({ type }) => type.endsWith(":HubToken"));
      assert.ok(isSecretInState(token?.outputs?.["repos"]));
      assert.ok(isSecretInState(token?.outputs?.["resolved"]));
      const text = JSON.stringify(token);
      for (const secret of [REPO, ENDPOINT]) assert.ok(!text.includes(secret), secret);
      await project.preview({ expectNoChanges: true });
      await project.up({ refresh: true, expectNoChanges: true });
      const keepsNone = async () => {
        const after = JSON.stringify(await project.state());
        for (const secret of [REPO, ENDPOINT]) assert.ok(!after.includes(secret), secret);
      };
      await keepsNone();
      // An update that fails keeps the names that the program has dropped in it.
      const plain = `endpointPatterns: ["acme/other"], repos: ["acme/missing"], repoPermissions: ["repo.write"],`;
      await project.write("index.js", program.replace(secrets, plain));
      assert.match((await project.up({ allowFailure: true })).text, /acme\/missing/);
      await keepsNone();
      await project.refresh();
      await keepsNone();
    } finally {
      await project.dispose();
      await hub.close();
    }
  });
});
