// The source of the credentials and their target, on the real engine.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import {
  createProject,
  type EngineResult,
  isSecretInState,
  type ProjectOptions,
  type Project,
} from "../support/engine";
import { type Hub, startHub } from "../support/hub";

/** One service account and one token for it. */
const PROGRAM = `
const hf = require("pulumi-huggingface");
const account = new hf.ServiceAccount("ci", {organization: "acme", name: "ci"});
new hf.HubToken("ci", {organization: "acme", serviceAccount: account.accountId, name: "ci", permissions: ["org.read"]});
`;

const ADVICE = /This token is stored in the state.*--run-program.*tokenEnv/s;

describe("credentials on the engine", function () {
  this.timeout(180_000);

  const hubs: Hub[] = [];
  const projects: Project[] = [];
  const hubOf = async () => {
    const hub = await startHub();
    hubs.push(hub);
    return hub;
  };
  const projectOf = async (options: ProjectOptions) => {
    const project = await createProject(options);
    projects.push(project);
    return project;
  };
  afterEach(async () => {
    for (const project of projects.splice(0)) await project.dispose();
    for (const hub of hubs.splice(0)) await hub.close();
  });

  /** Another token of the administrator, which is revoked later. */
  const administrator = async (hub: Hub, name: string) =>
    (
      await new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin }).createToken({
        name,
        role: "admin",
      })
    ).token;
  const revoke = (hub: Hub, value: string) => hub.store.revokeToken(hub.store.findToken(value)!.token.id);
  const accounts = (hub: Hub, organization: string) =>
    hub.store.serviceAccountsOf(organization).filter(({ name }) => name === "ci");

  it("serve two organizations on two Hubs in one program, each with its own token", async () => {
    const [acme, globex] = [await hubOf(), await hubOf()];
    const project = await projectOf({
      name: "two",
      program: {
        "index.js": `
const pulumi = require("@pulumi/pulumi");
const hf = require("pulumi-huggingface");
const acme = new hf.Provider("acme", {token: new pulumi.Config().requireSecret("acme"), endpoint: ${JSON.stringify(acme.endpoint)}});
const globex = new hf.Provider("globex", {tokenEnv: "GLOBEX_TOKEN", endpoint: ${JSON.stringify(globex.endpoint)}});
for (const [organization, provider] of Object.entries({acme, globex})) {
  const account = new hf.ServiceAccount(organization, {organization, name: "ci"}, {provider});
  new hf.HubToken(organization, {organization, serviceAccount: account.accountId, name: "ci", permissions: ["org.read"]}, {provider});
}
exports.roles = [hf.getMyOrgRoleOutput("acme", {provider: acme}), hf.getMyOrgRoleOutput("globex", {provider: globex})];
`,
      },
      config: { "two:acme": { secret: acme.tokens.admin } },
      env: { GLOBEX_TOKEN: globex.tokens.outsider, HF_TOKEN: undefined },
    });
    await project.up();
    for (const [hub, organization] of [
      [acme, "acme"],
      [globex, "globex"],
    ] as const) {
      const [account, ...others] = accounts(hub, organization);
      assert.deepEqual(others, []);
      assert.equal(hub.store.tokensOf(account!.id).length, 1);
      assert.ok(
        hub.store.requests.every(({ status }) => status < 400),
        "no Hub received the other's token",
      );
    }
    assert.deepEqual((await project.outputs())["roles"], ["admin", "admin"]);
    await project.preview({ refresh: true, expectNoChanges: true });

    const provider = (await project.state()).deployment.resources!.find(({ urn }) => urn.endsWith("::acme"));
    assert.ok(isSecretInState(provider?.inputs?.["huggingface:token"]));
    for (const { path, text } of await project.rawStateFiles()) {
      assert.ok(!text.includes(acme.tokens.admin), path);
      assert.ok(!text.includes(globex.tokens.outsider), path);
    }
    await project.destroy();
    assert.deepEqual(accounts(acme, "acme"), []);
    assert.deepEqual(accounts(globex, "globex"), []);
  });

  it("are read again in each command if the configuration names a variable", async () => {
    const hub = await hubOf();
    const old = await administrator(hub, "old");
    const project = await projectOf({
      name: "byname",
      program: { "index.js": PROGRAM },
      config: { "huggingface:tokenEnv": "ADMIN_TOKEN", "huggingface:endpoint": hub.endpoint },
      env: { ADMIN_TOKEN: old, HF_TOKEN: undefined },
    });
    await project.up();
    revoke(hub, old);
    const failing = await project.refresh({ allowFailure: true });
    assert.notEqual(failing.code, 0);
    assert.match(failing.text, /401/);
    assert.doesNotMatch(failing.text, ADVICE, "nothing is stored, so nothing can be outdated");
    const env = { ADMIN_TOKEN: hub.tokens.admin };
    await project.preview({ refresh: true, expectNoChanges: true, env });
    await project.refresh({ env });
    await project.destroy({ env });
    assert.deepEqual(accounts(hub, "acme"), []);
  });

  it("are read again in each command from HF_TOKEN", async () => {
    const hub = await hubOf();
    const old = await administrator(hub, "old");
    const project = await projectOf({
      name: "plain",
      program: { "index.js": PROGRAM },
      env: { HF_TOKEN: old, HF_ENDPOINT: hub.endpoint },
    });
    await project.up();
    revoke(hub, old);
    const env = { HF_TOKEN: hub.tokens.admin };
    await project.preview({ refresh: true, expectNoChanges: true, env });
    await project.destroy({ env });
    assert.deepEqual(accounts(hub, "acme"), []);
  });

  it("can be outdated if they are stored: refresh and destroy report it, and --run-program helps", async () => {
    const hub = await hubOf();
    const old = await administrator(hub, "old");
    const project = await projectOf({
      name: "stored",
      program: { "index.js": PROGRAM },
      config: { "huggingface:token": { secret: old }, "huggingface:endpoint": hub.endpoint },
      env: { HF_TOKEN: undefined },
    });
    await project.up();
    revoke(hub, old);
    await project.setConfig({ "huggingface:token": { secret: hub.tokens.admin } });
    for (const run of [
      () => project.preview({ refresh: true, allowFailure: true }),
      () => project.refresh({ allowFailure: true }),
      () => project.destroy({ allowFailure: true }),
    ]) {
      const result = await run();
      assert.notEqual(result.code, 0, result.command);
      assert.match(result.text, /401/, result.command);
      assert.match(result.text, ADVICE, result.command);
      assert.ok(!result.text.includes(old), result.command);
    }
    assert.equal(accounts(hub, "acme").length, 1);
    await project.preview({ refresh: true, runProgram: true, expectNoChanges: true });
    await project.refresh({ runProgram: true });
    await project.destroy({ runProgram: true });
    assert.deepEqual(accounts(hub, "acme"), []);
  });

  it("of a wrong variable that was corrected since: a refresh explains both ways to use the right one, and both work", async () => {
    const hub = await hubOf();
    const repo = `new (require("pulumi-huggingface").RepoVisibility)("llm", {repo: "acme/llm-private", visibility: "private"});`;
    const project = await projectOf({
      name: "corrected",
      program: { "index.js": repo },
      config: { "huggingface:tokenEnv": "RIGHT", "huggingface:endpoint": hub.endpoint },
      env: { RIGHT: hub.tokens.admin, HF_TOKEN: undefined },
    });
    const name = (variable: string) => project.setConfig({ "huggingface:tokenEnv": variable });
    const wrongOnce = async () => {
      await name("WRONG");
      await project.write("index.js", repo.replace('private"}', 'internal"}'));
      const { code, text } = await project.up({ allowFailure: true });
      assert.notEqual(code, 0);
      assert.match(text, /The environment variable WRONG, which tokenEnv names, is not set/);
      await project.write("index.js", repo);
      await name("RIGHT");
      const refused = await project.up({ refresh: true, allowFailure: true });
      assert.notEqual(refused.code, 0);
      assert.match(
        refused.text,
        /variable WRONG, .*use the settings of the last `pulumi up`.*add --run-program.*or run `pulumi up` once without --refresh/s,
      );
    };
    await project.up();
    await wrongOnce();
    await project.up();
    await project.up({ refresh: true });
    await wrongOnce();
    await project.up({ refresh: true, runProgram: true });
    await project.refresh();
  });

  it("are refused if they are unencrypted in the stack's configuration", async () => {
    const hub = await hubOf();
    const project = await projectOf({
      name: "clear",
      program: { "index.js": PROGRAM },
      config: { "huggingface:token": hub.tokens.admin, "huggingface:endpoint": hub.endpoint },
      env: { HF_TOKEN: undefined },
    });
    for (const program of [PROGRAM, 'exports.role = require("pulumi-huggingface").getMyOrgRole("acme");']) {
      await project.write("index.js", program);
      const result = await project.up({ allowFailure: true });
      assert.notEqual(result.code, 0);
      assert.match(
        result.text,
        /Treat the token as leaked: revoke it.*config set --secret huggingface:token/s,
      );
      assert.ok(!result.text.includes(hub.tokens.admin));
    }
    assert.deepEqual(hub.store.requests, []);
  });

  it("go to no endpoint of a lower rank, and are required before any request", async () => {
    const hub = await hubOf();
    const project = await projectOf({
      name: "refused",
      program: {
        "index.js": `
const hf = require("pulumi-huggingface");
const provider = process.env.EXPLICIT ? new hf.Provider("own", {token: process.env.EXPLICIT}) : undefined;
new hf.ServiceAccount("ci", {organization: "acme", name: "ci"}, {provider});
`,
      },
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: undefined, HF_HOME: "/nonexistent" },
    });
    const fails = async (env: Record<string, string | undefined>, pattern: RegExp) => {
      const result = await project.up({ allowFailure: true, env });
      assert.notEqual(result.code, 0);
      assert.match(result.text, pattern);
      assert.deepEqual(hub.store.requests, []);
      for (const value of Object.values(env)) if (value) assert.ok(!result.text.includes(value));
    };
    const value = hub.tokens.admin;
    // From the program, with an endpoint from the environment.
    const command = `pulumi config set huggingface:endpoint ${hub.endpoint}`;
    await fails(
      { EXPLICIT: value },
      new RegExp(
        `Provider "own": its token is set by the program.*HF_ENDPOINT.*refused.*run \`${command}\``,
        "s",
      ),
    );
    await fails({}, /token.*HF_TOKEN/is);
    await fails({ HF_TOKEN: "hunter2 and more" }, /token/i);
    // From the stack, with an endpoint from the environment.
    await project.setConfig({ "huggingface:token": { secret: value } });
    await fails(
      {},
      new RegExp(
        `The token is set by the program or the stack's.*HF_ENDPOINT.*refused.*run \`${command}\``,
        "s",
      ),
    );
    // Allowed by the setting.
    await project.setConfig({ "huggingface:allowEndpointFromEnvironment": "true" });
    await project.up();
    assert.equal(accounts(hub, "acme").length, 1);
    await project.destroy();
  });

  /** Nothing listens at the proxy, so no request can reach a Hub. */
  const NOWHERE = { HF_ENDPOINT: undefined, HTTPS_PROXY: "http://127.0.0.1:9" };

  it("of the stack stay with the Hub that they were used on if only a variable, or nothing, names another Hub", async () => {
    const [first, second] = [await hubOf(), await hubOf()];
    const project = await projectOf({
      name: "moved",
      program: { "index.js": PROGRAM },
      config: {
        "huggingface:token": { secret: first.tokens.admin },
        "huggingface:maxRetries": "0",
        "huggingface:allowEndpointFromEnvironment": "true",
      },
      env: { HF_ENDPOINT: first.endpoint, HF_TOKEN: undefined, HF_HOME: "/nonexistent" },
    });
    await project.up();
    await project.preview({ refresh: true, expectNoChanges: true });
    const asked = first.store.requests.length;
    const refused = async (run: Promise<EngineResult>, pattern: RegExp) => {
      const { code, text, command } = await run;
      assert.notEqual(code, 0, command);
      assert.match(text, pattern, command);
      assert.ok(text.includes("pulumi config set huggingface:endpoint http"), command);
      assert.ok(!text.includes(first.tokens.admin), command);
    };
    const elsewhere = (endpoint: string) =>
      new RegExp(
        `on the Hub at ${first.endpoint}, but the endpoint is ${endpoint} \\(.*Nothing was sent`,
        "s",
      );

    await project.removeConfig("huggingface:allowEndpointFromEnvironment");
    for (const [env, endpoint] of [
      [{ HF_ENDPOINT: second.endpoint }, second.endpoint],
      [NOWHERE, "https://huggingface.co"],
    ] as const) {
      // The settings that the last `up` stored still allow the variable.
      await refused(project.refresh({ allowFailure: true, env }), elsewhere(endpoint));
      await refused(project.destroy({ allowFailure: true, env }), elsewhere(endpoint));
    }
    const more = `${PROGRAM}new hf.ServiceAccount("more", {organization: "acme", name: "more"});`;
    await project.write("index.js", more);
    await refused(project.up({ allowFailure: true, env: NOWHERE }), elsewhere("https://huggingface.co"));
    assert.deepEqual(second.store.requests, []);
    assert.equal(first.store.requests.length, asked);

    // Follows the advice of the message.
    await project.write("index.js", PROGRAM);
    await project.setConfig({ "huggingface:endpoint": first.endpoint });
    await project.refresh({ runProgram: true, env: NOWHERE });
    await project.up({ env: NOWHERE });
    await project.destroy({ env: { HF_ENDPOINT: second.endpoint } });
    assert.deepEqual(accounts(first, "acme"), []);
    assert.deepEqual(second.store.requests, []);
  });

  it("of a Provider stay with the address that was allowed, and do not go to the default instead", async () => {
    const [first, second] = [await hubOf(), await hubOf()];
    const program = (size: string) => `
const hf = require("pulumi-huggingface");
const provider = new hf.Provider("own", {tokenEnv: "ADMIN", allowEndpointFromEnvironment: true});
new hf.ServiceAccount("ci", {organization: "acme", name: "ci", forceDestroy: ${size}}, {provider});`;
    const project = await projectOf({
      name: "kept",
      program: { "index.js": program("false") },
      env: { HF_ENDPOINT: first.endpoint, ADMIN: first.tokens.admin, HF_TOKEN: undefined },
    });
    await project.up();
    await project.refresh({ env: { HF_ENDPOINT: second.endpoint } });
    await project.write("index.js", program("true"));
    const up = await project.up({ allowFailure: true, env: NOWHERE });
    assert.notEqual(up.code, 0);
    assert.match(up.text, /but the endpoint is https:\/\/huggingface\.co \(the default.*Nothing was sent/s);
    await project.setConfig({ "huggingface:endpoint": first.endpoint });
    await project.destroy({ runProgram: true, env: { HF_ENDPOINT: second.endpoint } });
    assert.deepEqual(accounts(first, "acme"), []);
    assert.deepEqual(second.store.requests, []);
  });

  it("of the environment go to the endpoint of the environment, whichever Hub was used before", async () => {
    const [first, second] = [await hubOf(), await hubOf()];
    const declaration = `new (require("pulumi-huggingface").RepoVisibility)("llm", {repo: "acme/llm-private", visibility: "private"});`;
    const project = await projectOf({
      name: "port",
      program: { "index.js": declaration },
      env: { HF_ENDPOINT: first.endpoint, HF_TOKEN: first.tokens.admin },
    });
    await project.up();
    const env = { HF_ENDPOINT: second.endpoint, HF_TOKEN: second.tokens.admin };
    await project.preview({ refresh: true, expectNoChanges: true, env });
    await project.up({ refresh: true, expectNoChanges: true, env });
    assert.ok(second.store.requests.length > 0);
  });
});
