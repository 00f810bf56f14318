// The option `import` on the real engine. tests/resources/importOption.test.ts covers the rest.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { makeCertificate } from "../support/certificate";
import { createProject, type Project } from "../support/engine";
import { startHub, type Hub } from "../support/hub";

describe("option import on the engine", function () {
  this.timeout(400_000);
  let hub: Hub;
  let project: Project;
  let account: string;
  let token: string;
  let certificate: string;

  const declaration = (
    change: { visibility?: string; import?: boolean; model?: string; description?: string } = {},
  ) => {
    const option = (id: string) => (change.import === false ? "" : `, { import: ${JSON.stringify(id)} }`);
    return `const hf = require("pulumi-huggingface");
new hf.RepoVisibility("model", { repo: "acme/llm-gated", visibility: ${JSON.stringify(change.visibility ?? "public")},
  acknowledgePublic: "product page", onDestroy: "private" }${option(change.model ?? "model/acme/llm-gated")});
const account = new hf.ServiceAccount("ci", { organization: "acme", name: "ci",
  description: ${JSON.stringify(change.description ?? "Build")} }${option(`acme/${account}`)});
const token = new hf.HubToken("ci", { organization: "acme", serviceAccount: account.accountId, name: "by hand",
  permissions: ["org.read"], repos: ["acme/llm-private"], repoPermissions: ["repo.content.read"] }${option(`acme/${account}/${token}`)});
new hf.HubToken("mine", { name: "mine", role: "read" }${option("user/mine")});
new hf.SsoConfig("sso", { organization: "acme", provider: "saml", ssoUrl: "https://idp.acme.example/sso",
  certificate: ${JSON.stringify(certificate)} }${option("acme/sso")});
module.exports = { tokenId: token.tokenId };`;
  };

  before(async () => {
    hub = await startHub();
    ({ certificate } = await makeCertificate());
    const client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    account = (await client.createServiceAccount("acme", { name: "ci", description: "Build" }))._id;
    const { _id } = await client.getRepo("acme/llm-private", "model");
    const issued = await client.createServiceAccountToken("acme", account, {
      displayName: "by hand",
      permissions: ["org.read"],
      repoIds: [_id as string],
      repoPermissions: ["repo.content.read"],
    });
    token = issued.tokenInfo._id;
    await client.createToken({ name: "mine", role: "read" });
    await client.updateSsoConfig("acme", {
      provider: "saml",
      enabled: true,
      ssoUrl: "https://idp.acme.example/sso",
      certificate,
    });
    project = await createProject({
      name: "importing",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: { "index.js": declaration() },
    });
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  const writes = () => hub.store.requests.filter(({ method }) => method !== "GET").length;

  it("refuses a malformed id in the preview, before any request", async () => {
    const before = hub.store.requests.length;
    await project.write("index.js", declaration({ model: "acme/llm-gated" }));
    const { code, text } = await project.preview({ allowFailure: true });
    assert.notEqual(code, 0);
    assert.match(
      text,
      /option import: "acme\/llm-gated" is not the id of a repository's visibility.*model\/acme\/llm/,
    );
    assert.equal(hub.store.requests.length, before);
  });

  it("refuses an object that differs from the program, names the differences, and changes nothing", async () => {
    const before = writes();
    await project.write("index.js", declaration({ visibility: "private", description: "Deploy" }));
    // With parallel steps, the engine may stop after the first of the two.
    const { code, text } = await project.up({ allowFailure: true, args: ["--continue-on-error"] });
    assert.notEqual(code, 0);
    assert.match(
      text,
      /model\/acme\/llm-gated was not imported.*visibility \(on the Hub: "public"\)\. Nothing was changed/,
    );
    assert.match(text, new RegExp(`acme/${account} was not imported.*description \\(on the Hub: "Build"\\)`));
    assert.equal(writes(), before);
  });

  it("takes over an object that matches the program, and changes nothing", async () => {
    const before = writes();
    await project.write("index.js", declaration());
    const up = await project.up();
    assert.match(up.text, /imported model\/acme\/llm-gated; nothing was changed on the Hub/);
    assert.equal(writes(), before);
    assert.deepEqual(await project.outputs(), { tokenId: token });
    assert.equal((await project.resource("ci", { type: ":HubToken" }))?.id, `acme/${account}/${token}`);
    for (const { outputs } of (await project.state()).deployment.resources ?? [])
      assert.ok(!Object.keys(outputs ?? {}).some((key) => /import/i.test(key)));
  });

  it("shows no change afterwards, with or without the option", async () => {
    await project.preview({ expectNoChanges: true });
    await project.preview({ refresh: true, expectNoChanges: true });
    await project.write("index.js", declaration({ import: false }));
    await project.preview({ expectNoChanges: true });
    await project.up({ refresh: true, expectNoChanges: true });
    await project.preview({ expectNoChanges: true });
  });

  it("keeps an object that another name has taken over, also in a later run", async () => {
    const renamed = declaration().replace('RepoVisibility("model"', 'RepoVisibility("renamed"');
    const failing = `new hf.RepoVisibility("fails", { repo: "acme/nothing", visibility: "private" });`;
    const move = (program: string) =>
      project.write("index.js", program.replace('ServiceAccount("ci"', 'ServiceAccount("moved"'));
    await move(renamed + failing);
    const { code, text } = await project.up({ allowFailure: true });
    assert.notEqual(code, 0, text);
    await move(renamed);
    const up = await project.up();
    assert.ok(up.changes.delete, up.text);
    assert.equal(hub.store.repository("acme/llm-gated")?.visibility, "public");
    assert.deepEqual(
      hub.store.serviceAccountsOf("acme").map(({ id }) => id),
      [account],
    );
    await project.preview({ refresh: true, expectNoChanges: true });
    await project.write("index.js", declaration());
    await project.up();
  });

  it("refuses another object for a resource in the state, in the preview", async () => {
    await project.write("index.js", declaration({ model: "model/acme/llm-private" }));
    const { code, text } = await project.preview({ allowFailure: true });
    assert.notEqual(code, 0);
    assert.match(
      text,
      /is model\/acme\/llm-private, but this RepoVisibility is model\/acme\/llm-gated in the state/,
    );
  });
});
