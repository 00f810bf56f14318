// The command doctor: what it finds for each kind of credential. Each verdict about reading is compared with the client's answer.
import assert from "node:assert/strict";
import { HubClient } from "pulumi-huggingface/client";
import { CHECKS } from "../../cli/src/doctor/checks";
import { rightsIn } from "../../cli/src/doctor/rights";
import { functions, streams } from "../../provider/src/functions/definitions";
import { resourceTypes } from "../../provider/src/resources/registry";
import { runInProcess } from "../support/cli";
import { type Hub, startHub } from "../support/hub";
import { startScriptedServer } from "../support/scriptedServer";

/** The states in an output, by resource or function. */
const statesIn = (stdout: string): Record<string, string> =>
  Object.fromEntries(
    [...stdout.matchAll(/^(\w+) +(works|fails|unknown|absent) /gm)].map(([, name, state]) => [name, state]),
  ) as Record<string, string>;

describe("doctor", () => {
  let hub: Hub;
  const requests: string[] = [];

  beforeEach(async () => {
    requests.length = 0;
    hub = await startHub({ log: (line) => requests.push(line) });
  });
  afterEach(() => hub.close());

  const run = (args: string[], token: string | undefined, options = {}) =>
    runInProcess(["doctor", ...args], { endpoint: hub.endpoint, token }, options);

  it("knows each resource and function of the provider", () => {
    const named = (kind: string) => CHECKS.filter((check) => check.kind === kind).map(({ name }) => name);
    // Programs do not declare this one.
    const declared = resourceTypes.filter((type) => type !== "HubTokenPredecessors");
    assert.deepEqual(named("resource").sort(), [...declared].sort());
    assert.deepEqual(named("function").sort(), [...Object.keys(functions), ...Object.keys(streams)].sort());
  });

  it("finds that everything works for an administrator, and sends only requests that read", async () => {
    const events = hub.store.auditEventsOf("acme").length;
    const { code, stdout, stderr } = await run(["acme"], hub.tokens.admin);
    assert.deepEqual([code, stderr], [0, ""]);
    const states = statesIn(stdout);
    assert.equal(Object.keys(states).length, CHECKS.length);
    assert.deepEqual(
      Object.entries(states).filter(([, state]) => state !== "works"),
      [["SsoCredential", "absent"]],
    );
    assert.match(stdout, /^Organization +acme, plan enterprise, your role admin$/m);
    assert.match(stdout, /^Restrictions +none$/m);
    assert.match(stdout, /^Clock +this machine and the Hub agree$/m);
    assert.match(stdout, /^Rate limit +\d+ of \d+ requests left for the next \d+ s$/m);
    assert.match(stdout, /^works: 25, absent: 1$/m);
    assert.ok(!stdout.includes(hub.tokens.admin.slice(3)));
    assert.ok(requests.length > 5);
    assert.deepEqual(
      requests.filter((line) => !/\bGET\b/.test(line) || /audit-log/.test(line)),
      [],
    );
    assert.equal(hub.store.auditEventsOf("acme").length, events);
  });

  it("finds for each token what the client can read", async () => {
    for (const token of [hub.tokens.write, hub.tokens.contributor, hub.tokens.read, hub.tokens.outsider]) {
      const { code, stdout } = await run(["acme"], token);
      assert.equal(code, 1);
      const states = statesIn(stdout);
      const client = new HubClient({ endpoint: hub.endpoint, token });
      for (const [name, request] of Object.entries({
        getMembers: () => client.listMembers("acme"),
        getMemberTokens: () => client.listMemberTokens("acme"),
        getRepositories: () => client.listRepositories("acme"),
        getResourceGroups: () => client.listResourceGroups("acme"),
        getServiceAccounts: () => client.listServiceAccounts("acme"),
        getAuditLogs: () => client.auditLogs("acme"),
        getTokens: () => client.listTokens(),
      })) {
        const works = await request().then(
          () => "works",
          () => "fails",
        );
        assert.equal(states[name], works, name);
      }
    }
  });

  it("says for each state what to do", async () => {
    const { stdout } = await run(["acme"], hub.tokens.contributor);
    assert.match(stdout, /^MemberRole +fails +Your role is contributor; it needs admin\./m);
    assert.match(
      stdout,
      /^RepoVisibility +unknown +With your role, it works only for your own repositories/m,
    );
    const reader = await run(["acme"], hub.tokens.read);
    assert.match(reader.stdout, /^SpaceSecret +fails +The token may only read\./m);
    const outsider = await run(["acme"], hub.tokens.outsider);
    assert.match(outsider.stdout, /^Organization +acme: you are not a member$/m);
    assert.match(outsider.stdout, /^MemberRole +fails +The token's owner is not a member of acme\./m);
  });

  it("names the plan that is missing", async () => {
    const put = hub.store.tables.organizations;
    put.put("acme", { ...hub.store.organizations.get("acme")!, plan: "team" });
    const { code, stdout } = await run(["acme"], hub.tokens.admin);
    assert.equal(code, 1);
    const states = statesIn(stdout);
    assert.deepEqual(
      Object.keys(states).filter((name) => states[name] === "fails"),
      ["ServiceAccount", "HubToken", "getServiceAccounts"],
    );
    assert.match(
      stdout,
      /^ServiceAccount +fails +It needs the plan enterprise; the organization has the plan team\./m,
    );
  });

  it("reads the permissions of a service account's token", async () => {
    const client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    const account = await client.createServiceAccount("acme", { name: "ci" });
    const { token } = await client.createServiceAccountToken("acme", account._id, {
      permissions: ["org.auditLog.write", "org.serviceAccounts.read"],
    });
    const { code, stdout } = await run([], token);
    assert.equal(code, 1);
    const states = statesIn(stdout);
    assert.equal(states["getServiceAccounts"], "works");
    assert.equal(states["getAuditLogs"], "unknown");
    assert.equal(states["ServiceAccount"], "fails");
    assert.match(stdout, /^MemberRole +fails +The token does not have the permission org\.write\./m);
  });

  it("sends no request about an organization that restricts the token, because it could request approval", async () => {
    hub.store.setTokenPolicy("acme", "approval");
    requests.length = 0;
    const { code, stdout } = await run(["acme"], hub.tokens.admin);
    assert.equal(code, 1);
    assert.match(stdout, /^Restrictions +The organization's token policy does not accept this token yet\./m);
    assert.deepEqual(
      requests.filter((line) => line.includes("/api/organizations/")),
      [],
    );
    assert.deepEqual(
      [...hub.store.userTokens.values()].flatMap(({ authorizations }) => Object.keys(authorizations)),
      [],
    );
  });

  it("lists the roles if no organization is named and there are several", async () => {
    const { store } = hub;
    store.tables.memberships.put("globex/ada-admin", {
      organization: "globex",
      user: "ada-admin",
      role: "read",
    });
    const { code, stdout } = await run([], hub.tokens.admin);
    assert.equal(code, 0);
    assert.match(stdout, /^Organization +acme, plan enterprise, your role admin$/m);
    assert.match(stdout, /^Organization +globex, plan \w+, your role read$/m);
    assert.match(stdout, /Run doctor with one of them/);
    assert.deepEqual(statesIn(stdout), {});
  });

  it("does not fail for what the Hub does not offer", async () => {
    const other = await startHub({ profile: "public" });
    const { code, stdout } = await runInProcess(["doctor", "acme"], {
      endpoint: other.endpoint,
      token: other.tokens.admin,
    });
    await other.close();
    assert.equal(code, 0);
    const states = statesIn(stdout);
    assert.deepEqual(
      [states["SsoConfig"], states["SsoCredential"], states["getSsoConfig"], states["getTokens"]],
      ["absent", "unknown", "absent", "absent"],
    );
  });

  it("compares the clocks", async () => {
    const server = await startScriptedServer({
      headers: { date: new Date(Date.now() + 90_000).toUTCString() },
      body: { type: "user", id: "1", name: "ada", orgs: [], auth: { expiresAt: "2020-01-01T00:00:00Z" } },
    });
    const { code, stdout } = await runInProcess(["doctor"], { endpoint: server.endpoint, token: "hf_x" });
    await server.close();
    assert.equal(code, 1);
    assert.match(
      stdout,
      /^Clock +this machine is (89|90|91) s behind the Hub\. .*set this machine's clock\.$/m,
    );
    assert.match(stdout, /^Rate limit +the Hub did not send one$/m);
    assert.match(stdout, /^Expires +2020-01-01 00:00:00 UTC, which is in the past: use another token$/m);
  });

  it("prints what is known before the error, without a token and with a wrong one", async () => {
    const none = await run([], undefined);
    assert.equal(none.code, 1);
    assert.match(none.stdout, /^Credential +none$/m);
    assert.match(none.stderr, /^error: No access token is set.*\n$/);
    const wrong = await run([], "hf_wrong");
    assert.equal(wrong.code, 1);
    assert.match(wrong.stdout, new RegExp(`^Hub +${hub.endpoint}$`, "m"));
    assert.match(wrong.stderr, /^error: .*401.*HF_TOKEN.*\n$/);
  });

  it("prints a report that fits into 80 columns", async () => {
    const { stdout } = await run(["acme"], hub.tokens.contributor, { columns: 80, env: { NO_COLOR: "1" } });
    assert.deepEqual(
      stdout.split("\n").filter((line) => line.length > 80),
      [],
    );
  });

  it("fails if the Hub does not answer a check", async () => {
    hub.inject({ path: /service-accounts$/, effect: { status: 501 }, times: 100 });
    const { code, stdout } = await run(["acme"], hub.tokens.admin);
    assert.equal(statesIn(stdout)["getServiceAccounts"], "unknown");
    assert.equal(code, 1);
  });

  it("reads a plan and a role that are newer than this release as unknown", () => {
    const me = {
      type: "user",
      id: "1",
      name: "ada",
      auth: { accessToken: { role: "write" } },
      orgs: [{ id: "2", name: "acme", plan: "galaxy", roleInOrg: "emperor" }],
    };
    const rights = rightsIn("acme", me);
    assert.equal(rights.role, undefined);
    const check = CHECKS.find(({ name }) => name === "MemberRole");
    const client = new HubClient({ endpoint: hub.endpoint, token: "hf_x" });
    assert.deepEqual(check?.decide({ client, rights, me }), {
      state: "unknown",
      advice: "The Hub does not show your role in the organization.",
    });
  });
});
