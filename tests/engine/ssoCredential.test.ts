import assert from "node:assert/strict";
import { createProject, isSecretInState, type Project } from "../support/engine";
import { startHub, type Hub } from "../support/hub";

describe("SsoCredential on the engine", function () {
  this.timeout(400_000);
  let hub: Hub;
  let project: Project;

  const program = (args: string, more = ""): string => `
const hf = require("pulumi-huggingface");
const account = new hf.ServiceAccount("ci", { organization: "acme", name: "ci" });
const credential = new hf.SsoCredential("credential", { ${args} });
module.exports = { organization: credential.organization, end: credential.certificateExpiresAt };
${more}`;
  const write = (...parts: Parameters<typeof program>) => project.write("index.js", program(...parts));
  const first = 'organization: "acme", clientSecret: account.createdAt.apply(() => "correct-horse-battery")';
  const puts = () => hub.store.requests.filter(({ method }) => method === "PUT").length;

  before(async () => {
    // The API of huggingface.co; single sign-on was set up by hand.
    hub = await startHub({ profile: "public" });
    project = await createProject({
      name: "credential",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: { "index.js": program(first) },
    });
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  it("requires replaceExisting first", async () => {
    const { text } = await project.preview({ allowFailure: true });
    assert.match(text, /replaceExisting: must be true: .*overwrites an unknown one/);
  });

  it("sends the credential once, even if it is unknown in the preview, and then finds no changes", async () => {
    await write(`${first}, replaceExisting: true`);
    await project.up();
    assert.ok(hub.store.hasClientSecret("acme", "correct-horse-battery"));
    assert.equal(hub.store.sso.get("acme")?.enabled, true);
    await project.preview({ expectNoChanges: true });
    await project.preview({ refresh: true, expectNoChanges: true });
    assert.equal(puts(), 1);
    const kept = await project.resource("credential");
    assert.equal(kept?.id, "acme/sso");
    assert.ok(isSecretInState(kept?.inputs?.["clientSecret"]));
    assert.ok(isSecretInState(kept?.outputs?.["clientSecret"]));
    assert.equal((await project.outputs())["organization"], "acme");
  });

  it("sends a change; drift is invisible, so a change by someone else stays until then", async () => {
    hub.store.tables.sso.put("acme", { ...hub.store.sso.get("acme")!, clientSecretHash: "other" });
    await project.up({ refresh: true });
    assert.equal(hub.store.sso.get("acme")?.clientSecretHash, "other");
    await write('organization: "acme", clientSecret: "staple-battery-horse"');
    await project.up();
    assert.ok(hub.store.hasClientSecret("acme", "staple-battery-horse"));
    assert.equal(puts(), 2);
  });

  it("replaces for another organization, and takes its id from it", async () => {
    hub.store.tables.memberships.put("globex/ada-admin", {
      organization: "globex",
      user: "ada-admin",
      role: "admin",
    });
    hub.store.tables.sso.put("globex", { ...hub.store.sso.get("acme")!, organization: "globex" });
    await write(
      'organization: "globex", clientSecret: "globex-horse-battery", replaceExisting: true',
      'module.exports.found = hf.SsoCredential.get("found", "acme/sso").organization;',
    );
    const up = await project.up();
    assert.equal(up.changes["replace"], 1);
    assert.ok(hub.store.hasClientSecret("globex", "globex-horse-battery"));
    assert.ok(hub.store.hasClientSecret("acme", "staple-battery-horse"), "stays in force");
    assert.equal((await project.outputs())["found"], "acme");
  });

  it("changes nothing on the Hub in a destroy, and reports it", async () => {
    const before = puts();
    const { text } = await project.destroy();
    assert.match(text, /SsoCredential of globex: the credential stays in use/);
    assert.equal(puts(), before);
    assert.ok(hub.store.hasClientSecret("globex", "globex-horse-battery"));
  });
});
