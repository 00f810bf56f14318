// Histories of a repository in which a run must not repeat the last one, on the real engine.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { createProject, type Project } from "../support/engine";
import { startHub, type Hub } from "../support/hub";
import { request } from "../support/request";

describe("history of a repository on the engine", function () {
  this.timeout(400_000);
  let hub: Hub;
  let project: Project;

  before(async () => {
    hub = await startHub();
    const admin = byHand();
    const account = await admin.createServiceAccount("acme", { name: "reader" });
    const { token } = await admin.createServiceAccountToken("acme", account._id, {
      permissions: ["repo.content.read", "repo.write"],
    });
    project = await createProject({
      name: "histories",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin, READER_TOKEN: token },
      program: { "index.js": "" },
    });
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  const MODEL = "acme/llm-private";
  const byHand = () => new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  const stored = (repo = MODEL) => hub.store.repository(repo, "model")?.visibility;
  const open = (reason: string) => `visibility: "public", acknowledgePublic: "${reason}"`;
  const declare = (args: string, { name = "llm", options = "{}" } = {}) =>
    project.write(
      "index.js",
      `const hf = require("pulumi-huggingface");
       new hf.RepoVisibility("${name}", { repo: "${MODEL}", ${args} }, ${options});`,
    );
  const send = (method: "POST" | "DELETE", path: string, body: object) =>
    request(hub.endpoint, hub.tokens.admin, method, path, body);
  const remove = () => send("DELETE", "/api/repos/delete", { name: "llm-private", organization: "acme" });
  const create = () =>
    send("POST", "/api/repos/create", { name: "llm-private", organization: "acme", visibility: "private" });
  const refused = async (options: { refresh?: boolean; args?: string[] }, reason: RegExp): Promise<void> => {
    const { code, text } = await project.up({ ...options, allowFailure: true });
    assert.notEqual(code, 0, text);
    assert.match(text, reason);
    assert.equal(stored(), "private");
  };

  it("with another repository of the same name: a reason given for the former one does not make it public", async () => {
    await declare("private: true");
    await project.up();
    await remove();
    await declare(open("launch"));
    await project.up({ refresh: true });
    await create();
    const preview = await project.preview({ refresh: true });
    assert.match(preview.text, /`pulumi up` will refuse this\. acme\/llm-private is private on the Hub/);
    await refused(
      { refresh: true },
      /it is a different repository with the same name, or an earlier run did not find it/,
    );
    await refused({}, /it is a different repository with the same name, or an earlier run did not find it/);
    await declare(open("launch of the new one"));
    await project.up();
    assert.equal(stored(), "public");
    await project.preview({ refresh: true, expectNoChanges: true });
  });

  it("with a rename without an alias does not avoid a refusal, and one new reason ends it", async () => {
    await byHand().setRepoVisibility(MODEL, { private: true });
    await refused({ refresh: true }, /was made private on the Hub after this program set it to public/);
    await declare(open("launch of the new one"), { name: "renamed" });
    await refused(
      { refresh: true },
      /was made private on the Hub.*Another resource of this stack managed it before/s,
    );
    for (const _night of [1, 2]) {
      const goingOn = { refresh: true, args: ["--continue-on-error"] };
      await refused(goingOn, /kept in the state and left unchanged on the Hub/);
    }
    await declare(open("cleared"), { name: "renamed" });
    await project.up({ refresh: true });
    assert.equal(stored(), "public");
  });

  it("with ignoreChanges keeps the visibility, and needs no reason for it", async () => {
    const ignoring = { name: "renamed", options: '{ ignoreChanges: ["visibility"] }' };
    await declare('visibility: "private"', ignoring);
    await project.up();
    await project.preview({ refresh: true, expectNoChanges: true });
    assert.equal(stored(), "public");
  });

  it("with a change that the Hub confirms but does not make: the run fails, and the next one sends it again", async () => {
    await declare("private: true", { name: "renamed" });
    hub.inject({ method: "PUT", path: /settings$/, effect: { status: 200, body: { visibility: "public" } } });
    const { text } = await project.up({ allowFailure: true });
    assert.match(text, /did not make it: visibility private was sent, and the Hub has visibility public/);
    assert.equal(stored(), "public");
    await project.up();
    assert.equal(stored(), "private");
  });

  it("with a Space that may be open to outsiders unseen: the gate fails, unless the program accepts it", async () => {
    const space = (more: string) =>
      project.write(
        "index.js",
        `const hf = require("pulumi-huggingface");
         const provider = new hf.Provider("reader", { tokenEnv: "READER_TOKEN", endpoint: "${hub.endpoint}" });
         new hf.RepoVisibility("space", { repo: "acme/labeling", repoType: "space", private: true, ${more} }, { provider });`,
      );
    await space("");
    await project.up();
    await byHand().updateRepoSettings("acme/labeling", { repoType: "space", visibility: "protected" });
    const gate = await project.preview({ refresh: true, expectNoChanges: true, allowFailure: true });
    assert.notEqual(gate.code, 0);
    assert.match(
      gate.text,
      /whether space acme\/labeling is private, internal or protected.*permission org\.read/s,
    );
    await space("acceptUnseen: true");
    await project.up();
    const accepted = await project.preview({ refresh: true, expectNoChanges: true });
    assert.match(accepted.text, /warning: .*private, internal or protected/);
  });
});
