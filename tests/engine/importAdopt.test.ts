import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { handlerText } from "../../provider/src/model/handlerText";
import { createProject, type Project } from "../support/engine";
import { startHub, type Hub } from "../support/hub";

describe("adoption of existing objects", function () {
  this.timeout(400_000);
  let hub: Hub;
  let project: Project;
  let account: string;
  let token: string;

  before(async () => {
    hub = await startHub();
    const client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    account = (await client.createServiceAccount("acme", { name: "ci", description: "Build" }))._id;
    const issued = await client.createServiceAccountToken("acme", account, {
      displayName: "by hand",
      permissions: ["org.read"],
    });
    token = issued.tokenInfo._id;
    await client.createToken({ name: "mine", role: "read" });
    await client.updateSsoConfig("acme", {
      provider: "oidc",
      enabled: true,
      ssoUrl: "https://login.acme.example",
      clientId: "hub",
      clientSecret: "set-by-hand",
    });
    project = await createProject({
      name: "adopt",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: { "index.js": "" },
    });
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  const writes = () => hub.store.requests.filter(({ method }) => method !== "GET").length;

  it("by `pulumi import` with a file: one refresh reads them, and nothing is sent", async () => {
    const entry = (type: string, name: string, id: string, inputs: object) => ({
      type: `pulumi-nodejs:dynamic/huggingface:${type}`,
      name,
      id,
      inputs: { ...inputs, __provider: handlerText(type) },
      outputs: { __provider: handlerText(type) },
    });
    await project.write(
      "index.js",
      `const hf = require("pulumi-huggingface");
const model = new hf.RepoVisibility("model", { repo: "acme/llm-gated", visibility: "public", acknowledgePublic: "product page" });
new hf.RepoVisibility("space", { repo: "acme/customer-portal", repoType: "space", visibility: "protected", acknowledgePublic: "portal" });
const sso = new hf.SsoConfig("sso", { organization: "acme", provider: "oidc", ssoUrl: "https://login.acme.example",
  clientId: "hub", clientSecret: "set-by-hand" });
module.exports = { visibility: model.visibility, clientId: sso.clientId };`,
    );
    const before = writes();
    await project.importFile({
      resources: [
        entry("RepoVisibility", "model", "model/acme/llm-gated", { repo: "acme/llm-gated" }),
        entry("RepoVisibility", "space", "space/acme/customer-portal", { repo: "acme/customer-portal" }),
        entry("SsoConfig", "sso", "acme/sso", { organization: "acme" }),
      ],
    });
    const unread = await project.preview({ allowFailure: true });
    assert.match(unread.text, /was imported and must be read first. Run `pulumi refresh` once/);
    await project.refresh();
    const read = await project.resource("model");
    assert.equal(read?.outputs?.["visibility"], "public");
    assert.equal(read?.outputs?.["gated"], "manual");
    const preview = await project.preview();
    assert.deepEqual(
      preview.steps.map(({ name, op }) => `${name} ${op}`).sort(),
      ["model update", "space update", "sso update"],
      "only the reasons and the secret are new to the state, nothing is replaced",
    );
    assert.equal(writes(), before);
    await project.up();
    // The secret cannot be read back, so it is sent once.
    const sent = hub.store.requests.filter(({ method }) => method === "PUT");
    assert.deepEqual(
      sent.slice(1).map(({ path }) => path),
      ["/api/organizations/acme/settings/sso"],
    );
    await project.preview({ refresh: true, expectNoChanges: true });
    assert.equal(
      hub.store.repository("acme/llm-gated")?.gated,
      "manual",
      "undeclared settings stay unchanged",
    );
    assert.deepEqual(await project.outputs(), { visibility: "public", clientId: "hub" });
  });

  it("by `get` looks each one up by its id alone, and manages nothing", async () => {
    await project.write(
      "index.js",
      `const hf = require("pulumi-huggingface");
const repo = hf.RepoVisibility.get("repo", "dataset/acme/evaluation");
const sso = hf.SsoConfig.get("found", "acme/sso");
const credential = hf.SsoCredential.get("credential", "acme/sso");
const account = hf.ServiceAccount.get("account", "acme/${account}");
const token = hf.HubToken.get("token", "acme/${account}/${token}");
const mine = hf.HubToken.get("mine", "user/mine");
module.exports = {
  repo: [repo.repo, repo.repoType, repo.visibility, repo.gated], sso: [sso.organization, sso.provider, sso.enabled, sso.clientId],
  credential: credential.organization, account: account.accountId, token: [token.tokenId, token.status], mine: mine.status,
};`,
    );
    const before = writes();
    const up = await project.up();
    assert.equal(up.steps.filter(({ op }) => op === "read").length, 6);
    assert.equal(writes(), before, "removing the declaration changes nothing either");
    assert.deepEqual(await project.outputs(), {
      repo: ["acme/evaluation", "dataset", "public", "auto"],
      sso: ["acme", "oidc", true, "hub"],
      credential: "acme",
      account,
      token: [token, "active"],
      mine: "active",
    });
    await project.preview({ expectNoChanges: true });
    await project.destroy();
    assert.equal(writes(), before);
  });

  for (const [type, id] of [
    ["RepoVisibility", "model/acme/nothing"],
    ["SsoConfig", "globex/sso"],
    ["SsoCredential", "globex/sso"],
    ["ServiceAccount", "acme/0123456789abcdef01234567"],
    ["HubToken", "user/nothing"],
  ] as const) {
    it(`by \`get\` of a missing ${type} fails with a clear error`, async () => {
      await project.write("index.js", `require("pulumi-huggingface").${type}.get("none", "${id}");`);
      const { code, text } = await project.preview({ allowFailure: true });
      assert.notEqual(code, 0);
      assert.match(
        text,
        new RegExp(
          `There is no ${type} with the id "${id}"|You are not a member|no service account|404`,
          "i",
        ),
      );
    });
  }
});
