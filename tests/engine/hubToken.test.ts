// Tokens on the real engine: preview, create, rotate, destroy.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { createProject, type EngineResult, isSecretInState, type Project } from "../support/engine";
import { type Hub, startHub } from "../support/hub";

const PROGRAM = `
const fs = require("node:fs");
const hf = require("pulumi-huggingface");
const settings = JSON.parse(fs.readFileSync(__dirname + "/settings.json", "utf8"));
const account = new hf.ServiceAccount("ci", {organization: "acme", name: "ci", description: "Build", ...settings.account}, settings.options);
const ci = new hf.HubToken("ci", {
  organization: "acme", serviceAccount: account.accountId, name: "ci", permissions: ["org.read"],
  overlapHours: 0, idleMinutes: 0, ...settings.ci,
}, settings.options);
const mine = new hf.HubToken("mine", {name: "mine", overlapHours: 0, ...settings.mine}, settings.options);
exports.ci = ci.token;
exports.mine = mine.token;
exports.ciId = ci.tokenId;
exports.status = ci.status;
exports.ids = [account.id, ci.id, mine.id];
`;

interface Outputs {
  ci: string;
  mine: string;
  ciId: string;
  status: string;
  ids: string[];
}

describe("HubToken on the engine", function () {
  this.timeout(180_000);

  let hub: Hub;
  let project: Project;
  const values = new Set<string>();

  const settings = (content: object) => project.write("settings.json", JSON.stringify(content));
  const outputs = async (): Promise<Outputs> => {
    const found = await project.outputs<Outputs>({ showSecrets: true });
    values.add(found.ci).add(found.mine);
    return found;
  };
  const account = () => hub.store.serviceAccountsOf("acme").find(({ name }) => name === "ci")!;
  const live = () => (account() ? hub.store.tokensOf(account().id) : []);
  const mine = () => hub.store.tokensOfUser("ada-admin").filter(({ name }) => name.startsWith("mine ["));
  const writes = () => hub.store.requests.filter(({ method }) => method !== "GET").length;
  const byHand = () => new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  /** The step of each resource, by the last part of its type and its name. */
  const steps = (result: EngineResult) =>
    Object.fromEntries(result.steps.map(({ type, name, op }) => [`${type.replace(/^.*:/, "")} ${name}`, op]));
  const changing = (result: EngineResult) =>
    Object.fromEntries(Object.entries(steps(result)).filter(([, op]) => op !== "same"));
  /** Moves a token's times into the past, in the state. */
  const age = async (name: string, days: number) => {
    const state = await project.state();
    for (const resource of state.deployment.resources ?? []) {
      if (!resource.type.endsWith(":HubToken") || !resource.urn.endsWith(`::${name}`)) continue;
      const createdAt = Date.parse(resource.outputs!["createdAt"] as string);
      resource.outputs!["createdAt"] = new Date(createdAt - days * 86_400_000).toISOString();
    }
    await project.importState(state);
  };

  before(async () => {
    hub = await startHub();
    project = await createProject({
      name: "tokens",
      program: { "index.js": PROGRAM, "settings.json": JSON.stringify({ options: GUARDED }) },
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
    });
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  const GUARDED = { protect: true, retainOnDelete: true };
  const BASE = { options: GUARDED };

  it("previews tokens of a new account, and sends nothing", async () => {
    const result = await project.preview();
    assert.deepEqual(changing(result), {
      "ServiceAccount ci": "create",
      "HubToken ci": "create",
      "HubTokenPredecessors ci": "create",
      "HubToken mine": "create",
      "HubTokenPredecessors mine": "create",
    });
    assert.equal(writes(), 0);
  });

  it("creates both kinds with encrypted values, and then finds no changes", async () => {
    await project.up();
    const { ci, mine: value, ciId, ids, status } = await outputs();
    assert.equal(hub.store.findToken(ci)?.token.id, ciId);
    assert.equal(hub.store.findToken(value)?.kind, "user");
    assert.equal(live().length, 1);
    assert.equal(mine().length, 1);
    assert.equal(status, "active");
    assert.match(ids.join(" "), /^acme\/[0-9a-f]{24} acme\/[0-9a-f]{24}\/[0-9a-f]{8} user\/[0-9a-f]{8}$/);
    await project.preview({ refresh: true, expectNoChanges: true });
    const resource = await project.resource("ci", { type: ":HubToken" });
    assert.ok(isSecretInState(resource?.outputs?.["token"]));
    assert.deepEqual(resource?.additionalSecretOutputs, ["token", "resolved", "applied", "tried", "seen"]);
  });

  it("does not show a change of a token because of its account's settings", async () => {
    await settings({ ...BASE, account: { forceDestroy: true } });
    const result = await project.preview();
    assert.deepEqual(changing(result), { "ServiceAccount ci": "update" });
  });

  it("updates in place and keeps the value", async () => {
    const before = await outputs();
    await settings({
      ...BASE,
      account: { forceDestroy: true },
      ci: { name: "ci-2", permissions: ["org.read", "job.write"] },
    });
    const result = await project.up();
    assert.deepEqual(changing(result), { "ServiceAccount ci": "update", "HubToken ci": "update" });
    assert.match(live()[0]!.displayName, /^ci-2 \[/);
    assert.deepEqual([...live()[0]!.permissions].sort(), ["job.write", "org.read"]);
    assert.equal((await outputs()).ci, before.ci);
  });

  it("shows manual widening for each property, and reverts it", async () => {
    const [token] = live();
    await byHand().updateServiceAccountToken("acme", account().id, token!.id, {
      displayName: token!.displayName,
      permissions: ["org.read", "job.write", "org.write"],
    });
    const gate = await project.preview({ refresh: true, expectNoChanges: true, allowFailure: true });
    assert.equal(gate.code, 7);
    assert.match(gate.text, /\[diff: ~permissions\]/);
    await project.up({ refresh: true });
    assert.deepEqual([...live()[0]!.permissions].sort(), ["job.write", "org.read"]);
    assert.equal(live()[0]!.id, token!.id);
  });

  const ROTATING = {
    ...BASE,
    account: { forceDestroy: true },
    ci: { name: "ci-2", permissions: ["org.read", "job.write"], rotateEveryDays: 30 },
    mine: { rotateEveryDays: 30 },
  };

  it("shows a due rotation in a plain preview as an update in place, and nothing while it is postponed", async () => {
    await settings(ROTATING);
    const before = writes();
    await project.up();
    assert.equal(writes(), before);
    await project.preview({ expectNoChanges: true });
    await age("ci", 31);
    await age("mine", 31);
    await project.setConfig({ "huggingface:rotation": "defer" });
    await project.preview({ expectNoChanges: true });
    await project.removeConfig("huggingface:rotation");
    const due = await project.preview();
    assert.deepEqual(changing(due), {
      "HubToken ci": "update",
      "HubTokenPredecessors ci": "update",
      "HubToken mine": "update",
      "HubTokenPredecessors mine": "update",
    });
    assert.equal(due.changes.replace, undefined);
    assert.equal(writes(), before);
  });

  it("rotates under protect and retainOnDelete: dependents get the successor, and both tokens are valid", async () => {
    const before = await outputs();
    await project.up();
    const after = await outputs();
    assert.notEqual(after.ci, before.ci);
    assert.notEqual(after.mine, before.mine);
    for (const value of [before.ci, before.mine, after.ci, after.mine]) assert.ok(hub.store.findToken(value));
    assert.deepEqual(after.ids, before.ids, "the ids do not change");
  });

  it("revokes the predecessor in a later up, and reports it", async () => {
    const shown = await project.preview();
    assert.deepEqual(changing(shown), {
      "HubTokenPredecessors ci": "update",
      "HubTokenPredecessors mine": "update",
    });
    const { ci, mine: value } = await outputs();
    const result = await project.up();
    assert.match(result.text, /revoked the predecessor ci-2 \[/);
    assert.match(result.text, /revoked the predecessor mine \[/);
    assert.deepEqual(
      live().map(({ id }) => id),
      [hub.store.findToken(ci)?.token.id],
    );
    assert.deepEqual(
      mine().map(({ id }) => id),
      [hub.store.findToken(value)?.token.id],
    );
    await project.preview({ refresh: true, expectNoChanges: true });
  });

  it("does not replace a token that was revoked by hand, but shows its status and a warning, until a trigger changes", async () => {
    const before = await outputs();
    hub.store.revokeToken(before.ciId);
    const result = await project.up({ refresh: true });
    assert.ok(
      result.diagnostics.some(
        ({ severity, message }) => severity === "warning" && /is revoked on the Hub/.test(message),
      ),
    );
    assert.equal(live().length, 0);
    const after = await outputs();
    assert.equal(after.ci, before.ci, "the value should not be lost");
    assert.equal(after.status, "revoked");
    await settings({ ...ROTATING, ci: { ...ROTATING.ci, rotationTriggers: { incident: "4711" } } });
    await project.up();
    const issued = await outputs();
    assert.equal(issued.status, "active");
    assert.deepEqual(
      live().map(({ id }) => id),
      [issued.ciId],
    );
  });

  it("is looked up by its id in another stack, without its value; a missing token is an error", async () => {
    const { ids, ciId } = await outputs();
    const [accountId, ci, user] = ids as [string, string, string];
    const reader = await createProject({
      name: "reader",
      program: {
        "index.js": `
const hf = require("pulumi-huggingface");
const ci = hf.HubToken.get("ci", ${JSON.stringify(ci)});
const mine = hf.HubToken.get("mine", ${JSON.stringify(user)});
const account = hf.ServiceAccount.get("account", ${JSON.stringify(accountId)});
exports.found = [ci.tokenId, ci.name, ci.status, mine.name, account.name, account.accountId];
exports.value = ci.token;
if (process.env.MORE) hf.HubToken.get("none", ${JSON.stringify(ci.replace(/[0-9a-f]{8}$/, "00000000"))});
`,
      },
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
    });
    try {
      await reader.up();
      const found = await reader.outputs<{ found: string[]; value?: string }>({ showSecrets: true });
      assert.deepEqual(found.found, [ciId, "ci-2", "active", "mine", "ci", accountId.split("/")[1]]);
      assert.equal(found.value, undefined);
      const failing = await reader.up({ allowFailure: true, env: { MORE: "1" } });
      assert.equal(failing.code, 1);
      assert.match(failing.text, /There is no HubToken with the id "acme\//);
      const before = writes();
      await reader.destroy();
      assert.equal(writes(), before, "a look-up manages nothing");
    } finally {
      await reader.dispose();
    }
  });

  it("is protected from a destroy, and removed by one that is allowed", async () => {
    const refused = await project.destroy({ allowFailure: true });
    assert.notEqual(refused.code, 0);
    assert.equal(live().length, 1);
    await settings({
      ...ROTATING,
      options: {},
      ci: { ...ROTATING.ci, rotationTriggers: { incident: "4711" } },
    });
    await project.up();
    await outputs();
    await project.destroy();
    assert.equal(account(), undefined);
    assert.equal(mine().length, 0);
    assert.equal(
      [...hub.store.serviceAccountTokens.values()].filter(({ deletedAt }) => !deletedAt).length,
      0,
    );
  });

  it("has left no unencrypted value in the engine's files", async () => {
    assert.ok(values.size >= 5, `${values.size} values`);
    const files = await project.rawStateFiles();
    assert.ok(files.some(({ text }) => text.includes("expiryEnforced")));
    for (const value of [...values, hub.tokens.admin]) {
      const found = files.filter(({ text }) => text.includes(value)).map(({ path }) => path);
      assert.deepEqual(found, []);
    }
  });

  it("keeps tokens of the same name in two components apart, even with a shared account", async () => {
    const pair = await createProject({
      name: "components",
      program: {
        "index.js": `
const pulumi = require("@pulumi/pulumi");
const hf = require("pulumi-huggingface");
const account = new hf.ServiceAccount("shared", {organization: "acme", name: "shared"});
class Team extends pulumi.ComponentResource {
  constructor(kind) {
    super("acme:teams:" + kind, "team");
    for (const name of ["token", "other"]) new hf.HubToken(name, {
      organization: "acme", serviceAccount: account.accountId, name, permissions: ["org.read"],
    }, {parent: this});
    this.registerOutputs({});
  }
}
new Team("Blue");
new Team("Red");
`,
      },
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
    });
    try {
      await pair.up();
      // Unused tokens: if a resource took the other's token for a stray, this run would revoke it.
      await pair.up({ refresh: true });
      const shared = hub.store.serviceAccountsOf("acme").find(({ name }) => name === "shared")!;
      const names = hub.store.tokensOf(shared.id).map(({ displayName }) => displayName);
      assert.equal(names.length, 4);
      assert.equal(new Set(names.map((name) => name.replace(/^.*\[|-.*$/g, ""))).size, 4);
      await pair.destroy();
    } finally {
      await pair.dispose();
    }
  });

  it("keeps both tokens if one was renamed with an alias and the other has taken its old name", async function () {
    this.timeout(300_000);
    const program = (...tokens: string[]) =>
      [
        `const hf = require("pulumi-huggingface");`,
        `const account = new hf.ServiceAccount("named", {organization: "acme", name: "named"});`,
        `const token = (name, options) => new hf.HubToken(name, {`,
        `  organization: "acme", serviceAccount: account.accountId, name, permissions: ["org.read"],`,
        `}, options);`,
        ...tokens,
      ].join("\n");
    const named = await createProject({
      name: "renamed",
      program: { "index.js": program(`token("prod");`) },
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
    });
    const renamed = `token("renamed", {aliases: [{name: "prod"}]});`;
    const tokens = () => {
      const { id } = hub.store.serviceAccountsOf("acme").find(({ name }) => name === "named")!;
      return hub.store.tokensOf(id).map(({ displayName }) => displayName);
    };
    try {
      await named.up();
      await named.write("index.js", program(renamed));
      await named.up();
      await named.write("index.js", program(renamed, `token("prod");`));
      await named.up();
      const both = tokens();
      assert.equal(both.length, 2);
      assert.equal(
        new Set(both.map((name) => name.replace(/^.*\[|-.*$/g, ""))).size,
        1,
        "both have the same mark",
      );
      for (let night = 0; night < 2; night++) {
        await named.up({ refresh: true });
        assert.deepEqual(tokens(), both);
      }
    } finally {
      await named.dispose();
    }
  });

  it("keeps the predecessors of a retained token, and names them", async () => {
    const program = (release?: string) => `
const hf = require("pulumi-huggingface");
const account = new hf.ServiceAccount("retaining", {organization: "acme", name: "retaining"});
${
  release
    ? `new hf.HubToken("kept", {
  organization: "acme", serviceAccount: account.accountId, name: "kept", permissions: ["org.read"],
  rotationTriggers: {release: "${release}"},
}, {retainOnDelete: true});`
    : ""
}`;
    const retaining = await createProject({
      name: "retaining",
      program: { "index.js": program("1") },
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
    });
    try {
      await retaining.up();
      await retaining.write("index.js", program("2"));
      await retaining.up();
      const { id } = hub.store.serviceAccountsOf("acme").find(({ name }) => name === "retaining")!;
      assert.equal(hub.store.tokensOf(id).length, 2);
      const [first] = hub.store.tokensOf(id);
      await retaining.write("index.js", program());
      const { text } = await retaining.up();
      assert.equal(hub.store.tokensOf(id).length, 2);
      assert.ok(text.includes(`did not revoke 1 predecessor(s): ${first?.displayName}`), text);
    } finally {
      await retaining.dispose();
    }
  });
});
