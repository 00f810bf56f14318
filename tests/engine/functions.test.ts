import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { createProject, type Project } from "../support/engine";
import { startHub, type Hub } from "../support/hub";

// Two Hubs, so that the test sees which credentials and which endpoint a call uses.
describe("functions in a program", function () {
  this.timeout(400_000);
  let acme: Hub;
  let globex: Hub;
  let project: Project;

  before(async () => {
    acme = await startHub();
    globex = await startHub();
    const client = new HubClient({ endpoint: acme.endpoint, token: acme.tokens.admin });
    const group = await client.createResourceGroup("acme", {
      name: "ml",
      users: [{ user: "rex-read", role: "write" }],
      repos: [{ name: "acme/llm", type: "model" }],
    });
    project = await createProject({
      name: "functions",
      config: {
        "huggingface:token": { secret: acme.tokens.admin },
        "huggingface:endpoint": acme.endpoint,
      },
      env: {
        GLOBEX_ENDPOINT: globex.endpoint,
        GLOBEX_TOKEN: globex.tokens.outsider,
        GROUP_ID: group.id,
        HF_TOKEN: globex.tokens.read,
      },
      program: { "index.js": "" },
    });
  });
  after(async () => {
    await project.dispose();
    await acme.close();
    await globex.close();
  });

  const whoAmIs = (hub: Hub) => hub.store.requests.filter(({ path }) => path === "/api/whoami-v2").length;

  it("work as promise and as Output, with the stack's credentials, a provider and a client", async () => {
    await project.write(
      "index.js",
      `
const pulumi = require("@pulumi/pulumi");
const hf = require("pulumi-huggingface");
const provider = new hf.Provider("globex", { tokenEnv: "GLOBEX_TOKEN", endpoint: process.env.GLOBEX_ENDPOINT });
const secretly = new hf.Provider("secretly", { token: process.env.GLOBEX_TOKEN, endpoint: process.env.GLOBEX_ENDPOINT });
const client = new hf.HubClient({ endpoint: process.env.GLOBEX_ENDPOINT, token: process.env.GLOBEX_TOKEN });
const account = new hf.ServiceAccount("ci", { organization: "acme", name: "ci" });
const later = account.createdAt.apply(() => "acme");
module.exports = async () => {
  let refused;
  try { await hf.whoami({ provider }); } catch (error) { refused = error.message; }
  const streamed = [];
  for await (const { id } of hf.streamAuditLogs("acme", { limit: 3 })) streamed.push(id);
  return {
    me: (await hf.whoami()).name,
    role: await hf.getMyOrgRole("acme"),
    none: await hf.getMyOrgRole("globex"),
    has: await hf.hasOrgRole("acme", "write"),
    clients: (await hf.whoami({ client })).name,
    tokens: (await hf.getTokens()).map(({ name }) => name),
    members: (await hf.getMemberTokens("acme")).length,
    repos: (await hf.getRepositories("acme", { type: "space" })).length,
    people: (await hf.getMembers("acme", { search: "rex" })).map(({ user, role, twoFaEnabled }) => [user, role, twoFaEnabled]),
    groups: (await hf.getResourceGroups("acme")).map(({ name }) => name),
    streamed: streamed.length,
    refused,
    output: {
      me: hf.whoamiOutput().name,
      role: hf.getMyOrgRoleOutput(later),
      has: hf.hasOrgRoleOutput(later, "admin"),
      provider: hf.whoamiOutput({ provider }).name,
      secretly: hf.whoamiOutput({ provider: secretly }).name,
      providerRole: hf.getMyOrgRoleOutput("globex", { provider }),
      client: hf.getMyOrgRoleOutput("globex", { client }),
      tokens: hf.getTokensOutput().apply((all) => all.length),
      members: hf.getMemberTokensOutput("acme").apply((all) => all.length),
      repos: hf.getRepositoriesOutput("globex", { type: "model" }, { provider }).apply((all) => all.map(({ id }) => id).sort()),
      people: hf.getMembersOutput(later, { email: "rex-read@users.invalid" }).apply((all) => all.map(({ user, resourceGroups }) => [user, resourceGroups[0].name])),
      group: hf.getResourceGroupOutput(later, process.env.GROUP_ID).apply(({ users, resources }) => [users[0].name, users[0].role, resources[0].name]),
      groups: hf.getResourceGroupsOutput("globex", { provider }).apply((all) => all.length),
      accounts: hf.getServiceAccountsOutput(later).apply((all) => all.map(({ name }) => name)),
    },
  };
};`,
    );
    const preview = await project.preview({ json: false });
    assert.doesNotMatch(preview.text, /error/i);
    await project.up();
    const outputs = await project.outputs<Record<string, unknown> & { output: Record<string, unknown> }>();
    const { output, refused, ...promised } = outputs;
    assert.deepEqual(promised, {
      me: "ada-admin",
      role: "admin",
      none: null,
      has: true,
      clients: "otto-outsider",
      tokens: ["local hub admin"],
      members: promised["members"],
      people: [["rex-read", "read", true]],
      groups: ["ml"],
      repos: 4,
      streamed: 3,
    });
    assert.ok((promised["members"] as number) > 0);
    assert.match(refused as string, /Only the Output form/);
    assert.deepEqual(output, {
      me: "ada-admin",
      role: "admin",
      has: true,
      provider: "otto-outsider",
      secretly: "otto-outsider",
      providerRole: "admin",
      client: "admin",
      tokens: 1,
      members: promised["members"],
      repos: ["globex/forecast", "globex/forecast-mini"],
      people: [["rex-read", "ml"]],
      group: ["rex-read", "write", "acme/llm"],
      groups: 0,
      accounts: ["ci"],
    });
    const text = JSON.stringify(outputs);
    assert.ok(!text.includes("[secret]"), "results of functions are not secret: " + text);
    // Twice, for the preview and the update: once with the stack's credentials, once for the client and once for both
    // providers.
    assert.ok(whoAmIs(acme) <= 2, String(whoAmIs(acme)));
    assert.ok(whoAmIs(globex) <= 4, String(whoAmIs(globex)));
  });

  it("filter the audit log by user, action, resource type and dates, newest first", async () => {
    await project.write(
      "index.js",
      `
const hf = require("pulumi-huggingface");
const plain = (entries) => entries.map(({ id, user, action, timestamp, resourceType, event }) =>
  ({ id, user, action, timestamp, resourceType, type: event.type }));
module.exports = async () => ({
  newest: plain(await hf.getAuditLogs("acme", { limit: 5 })),
  after: plain(await hf.getAuditLogs("acme", { limit: 3, offset: 2, endDate: "2026-11-13" })),
  first: plain(await hf.getAuditLogs("acme", { limit: 5, endDate: "2026-11-13" })),
  mine: plain(await hf.getAuditLogs("acme", { user: "ada-admin", action: "repo.create" })),
  theirs: plain(await hf.getAuditLogs("acme", { action: "org.invite_user" })),
  ours: plain(await hf.getAuditLogs("acme", { action: "member.invite", resourceType: "member" })),
  dates: hf.getAuditLogsOutput("acme", { startDate: new Date("2026-06-01"), endDate: new Date("2026-06-08"), limit: 1000 }).apply(plain),
  text: hf.getAuditLogsOutput("acme", { startDate: "2026-06-01T00:00:00Z", endDate: "2026-06-08T00:00:00Z", limit: 1000 }).apply(plain),
});`,
    );
    await project.up();
    interface Entry {
      id: string;
      user: string;
      action: string;
      timestamp: string;
      resourceType: string;
      type: string;
    }
    const found = await project.outputs<Record<string, Entry[]>>();
    const list = (name: string): Entry[] => found[name] as Entry[];
    for (const [name, entries] of Object.entries(found)) {
      assert.ok(entries.length > 0, name);
      const times = entries.map(({ timestamp }) => timestamp);
      assert.deepEqual(times, [...times].sort().reverse(), `${name} is newest first`);
    }
    assert.equal(list("newest").length, 5);
    assert.deepEqual(
      list("after").map(({ id }) => id),
      list("first")
        .slice(2)
        .map(({ id }) => id),
    );
    const own = acme.store
      .auditEventsOf("acme")
      .filter(({ type, author }) => type === "repo.create" && author.user === "ada-admin");
    assert.equal(list("mine").length, Math.min(own.length, 100));
    assert.ok(list("mine").every(({ user, action }) => user === "ada-admin" && action === "repo.create"));
    assert.ok(
      list("theirs").every(({ type, action }) => type === "org.invite_user" && action === "member.invite"),
    );
    assert.ok(list("ours").length >= list("theirs").length);
    const between = acme.store
      .auditEventsOf("acme")
      .filter(({ createdAt }) => createdAt >= "2026-06-01" && createdAt <= "2026-06-08T00:00:00.000Z");
    assert.equal(list("dates").length, between.length);
    assert.deepEqual(list("text"), list("dates"));
  });

  it("fail with the Hub's refusal and advice, but without the token", async () => {
    await project.write(
      "index.js",
      `const hf = require("pulumi-huggingface");
       const reader = new hf.HubClient({ endpoint: process.env.GLOBEX_ENDPOINT, token: process.env.HF_TOKEN });
       module.exports = async () => hf.getAuditLogs("acme", {}, { client: reader });`,
    );
    const { code, text } = await project.preview({ allowFailure: true });
    assert.notEqual(code, 0);
    assert.match(text, /403.*Use an administrator's token/s);
    assert.ok(!text.includes(globex.tokens.read));
  });

  // Node.js 20 and 22 take one to two minutes to color an error with a stack.
  for (const [what, program] of Object.entries({
    "in a promise": "module.exports = async () => hf.whoami({ provider });",
    "in an Output": "exports.me = hf.whoamiOutput({ provider });",
    "in an Output that a resource takes":
      'new hf.RepoVisibility("llm", { repo: hf.whoamiOutput({ provider }).name, visibility: "private" });',
    "in a stream":
      'module.exports = async () => { for await (const _ of hf.streamAuditLogs("acme", {}, { provider })); };',
    "in a constructor": 'new hf.Provider("neither", {});',
  })) {
    it(`print a mistake ${what} once, as one line`, async () => {
      await project.write(
        "index.js",
        `const hf = require("pulumi-huggingface");
         const provider = new hf.Provider("globex", { tokenEnv: "NOT_SET", endpoint: process.env.GLOBEX_ENDPOINT });
         ${program}`,
      );
      const { code, text, diagnostics } = await project.preview({ allowFailure: true });
      assert.notEqual(code, 0);
      const errors = diagnostics.filter(({ severity }) => severity === "error");
      assert.equal(errors.length, 1, text);
      assert.match(errors[0]?.message.trim() ?? "", /^.*(NOT_SET|Only the Output form|exactly one of).*$/);
      // Stack frames would take minutes too.
      assert.doesNotMatch(text, /^\s+at /m);
      assert.doesNotMatch(text, /PromiseRejectionHandledWarning/);
    });
  }

  it("refuse a misspelt setting of the stack, and do not use other credentials instead", async () => {
    const requests = acme.store.requests.length;
    await project.setConfig({ "huggingface:tokenenv": "ADMIN_TOKEN" });
    await project.write("index.js", 'exports.me = require("pulumi-huggingface").whoamiOutput().name;');
    const { code, text } = await project.preview({ allowFailure: true });
    assert.notEqual(code, 0);
    assert.match(
      text,
      /huggingface:tokenenv in the stack's configuration is not a setting of this package\. Known: token, tokenEnv, /,
    );
    assert.equal(acme.store.requests.length, requests);
  });
});
