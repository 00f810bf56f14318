// Service accounts on the real engine, with a token that depends on one.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { createProject, type EngineResult, type Project } from "../support/engine";
import { type Hub, startHub } from "../support/hub";

const PROGRAM = `
const fs = require("node:fs");
const hf = require("pulumi-huggingface");
const settings = JSON.parse(fs.readFileSync(__dirname + "/settings.json", "utf8"));
const account = new hf.ServiceAccount("ci", {organization: "acme", name: "ci", ...settings});
const token = new hf.HubToken("ci", {organization: "acme", serviceAccount: account.accountId, name: "ci", permissions: ["org.read"]});
exports.account = account.accountId;
exports.status = account.status;
exports.token = token.token;
`;

describe("ServiceAccount on the engine", function () {
  this.timeout(180_000);

  let hub: Hub;
  let project: Project;

  const settings = (content: object) => project.write("settings.json", JSON.stringify(content));
  const ours = () =>
    hub.store.serviceAccountsOf("acme").filter(({ description }) => /\[/.test(description ?? ""));
  const byHand = () => new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  const changing = (result: EngineResult) =>
    result.steps.filter(({ op }) => op !== "same").map(({ type, op }) => `${op} ${type.replace(/^.*:/, "")}`);

  before(async () => {
    hub = await startHub();
    project = await createProject({
      name: "accounts",
      program: { "index.js": PROGRAM, "settings.json": JSON.stringify({ description: "Build" }) },
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
    });
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  it("creates an account and its token, and then finds no changes", async () => {
    await project.up();
    assert.equal(ours().length, 1);
    assert.match(ours()[0]!.description!, /^Build \[[0-9a-f]{8}-[0-9a-f]{4}\]$/);
    assert.equal(hub.store.tokensOf(ours()[0]!.id).length, 1);
    await project.preview({ refresh: true, expectNoChanges: true });
  });

  it("refuses a change that would end all tokens, unless the program allows it", async () => {
    await settings({ description: "Build and test" });
    const refused = await project.preview({ allowFailure: true });
    assert.notEqual(refused.code, 0);
    assert.match(refused.text, /description:? .*cannot be changed on the Hub.*allowReplace/s);
  });

  it("replaces the account with its token, new before old, if the program allows it", async () => {
    const [before] = ours();
    const { token } = await project.outputs<{ token: string }>({ showSecrets: true });
    await settings({ description: "Build and test", allowReplace: true });
    const result = await project.up();
    const order = changing(result).filter((step) => !/Predecessors/.test(step) && !/^replace/.test(step));
    assert.deepEqual(order, [
      "create-replacement ServiceAccount",
      "create-replacement HubToken",
      "delete-replaced HubToken",
      "delete-replaced ServiceAccount",
    ]);
    assert.equal(ours().length, 1);
    assert.notEqual(ours()[0]!.id, before!.id);
    assert.equal(hub.store.tokensOf(ours()[0]!.id).length, 1);
    assert.equal(hub.store.findToken(token), undefined, "the old token ends with its account");
    await project.preview({ expectNoChanges: true });
  });

  it("refuses a destroy if the stack does not know all tokens, unless forceDestroy is set", async () => {
    const [account] = ours();
    await byHand().createServiceAccountToken("acme", account!.id, { displayName: "by hand" });
    const refused = await project.destroy({ allowFailure: true });
    assert.notEqual(refused.code, 0);
    assert.match(refused.text, /still has 1 token\(s\) that this stack does not manage: "by hand"/);
    assert.equal(ours().length, 1);
    await settings({ description: "Build and test", allowReplace: true, forceDestroy: true });
    await project.up();
    assert.equal(hub.store.tokensOf(account!.id).length, 2, "the stack's own token exists again");
  });

  it("shows an account that is gone from the Hub as missing, and does not create it again automatically", async () => {
    await byHand().deleteServiceAccount("acme", ours()[0]!.id);
    const result = await project.up({ refresh: true });
    assert.ok(
      result.diagnostics.some(
        ({ severity, message }) => severity === "warning" && /no longer exist/.test(message),
      ),
    );
    assert.equal(ours().length, 0);
    assert.equal((await project.outputs())["status"], "missing");
    await project.destroy();
  });
});
