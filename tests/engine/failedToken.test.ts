// A failing token does not stop the engine from handling the resources declared after it.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { createProject, type Project } from "../support/engine";
import { faultNamed, type FaultProxy, startFaultProxy } from "../support/faultProxy";
import { type Hub, startHub } from "../support/hub";

const program = (permissions: readonly string[]): string => `
const { HubToken } = require("pulumi-huggingface");
const { account } = JSON.parse(require("node:fs").readFileSync("params.json", "utf8"));
const args = { organization: "acme", serviceAccount: account, permissions: ${JSON.stringify(permissions)} };
module.exports = (async () => {
  await new HubToken("first", { ...args, name: "first" }).urn.promise().catch(() => undefined);
  new HubToken("second", { ...args, name: "second" });
})();
`;

describe("token that fails under --continue-on-error, on the engine", function () {
  this.timeout(240_000);
  let hub: Hub;
  let proxy: FaultProxy;
  let project: Project;
  let account: string;

  beforeEach(async () => {
    hub = await startHub();
    proxy = await startFaultProxy(hub.endpoint);
    const byHand = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    account = (await byHand.createServiceAccount("acme", { name: "ci" }))._id;
    project = await createProject({
      name: "failed-token",
      program: { "index.js": program(["org.read"]), "params.json": JSON.stringify({ account }) },
      config: { "huggingface:maxRetries": "0" },
      env: { HF_ENDPOINT: proxy.endpoint, HF_TOKEN: hub.tokens.admin },
    });
  });
  afterEach(async () => {
    await project.dispose();
    await proxy.close();
    await hub.close();
  });

  const permissionsOf = (name: string) =>
    hub.store
      .tokensOf(account)
      .filter(({ displayName }) => displayName.startsWith(`${name} [`))
      .map(({ permissions }) => permissions);
  const upWith = (rule: FaultProxy["rule"]) => {
    proxy.rule = rule;
    return project.up({ allowFailure: true, parallel: 1, args: ["--continue-on-error"] });
  };
  const fault = faultNamed("503 with Retry-After");

  it("in its update: the other token is updated, and only the failure is reported", async () => {
    await project.up();
    await project.write("index.js", program([]));
    let isFirst = true;
    const result = await upWith(() => {
      const [now] = [isFirst, (isFirst = false)];
      return now ? fault : undefined;
    });
    assert.notEqual(result.code, 0);
    assert.deepEqual(permissionsOf("first"), [["org.read"]]);
    assert.deepEqual(permissionsOf("second"), [[]], result.text);
    assert.doesNotMatch(result.text, /is required/);
  });

  it("in its creation: the other token is created, and only the failure is reported", async () => {
    const result = await upWith(({ body }) =>
      (body as { displayName?: string } | undefined)?.displayName?.startsWith("first [") === true
        ? fault
        : undefined,
    );
    assert.notEqual(result.code, 0);
    assert.deepEqual(permissionsOf("first"), []);
    assert.deepEqual(permissionsOf("second"), [["org.read"]], result.text);
    assert.doesNotMatch(result.text, /is required/);
  });

  describe("in its creation after a rename without an alias:", () => {
    const named = (ofAccount: string, ofToken: string) => `
const { HubToken, ServiceAccount } = require("pulumi-huggingface");
const { accountId } = new ServiceAccount("${ofAccount}", { organization: "acme", name: "robot", forceDestroy: true });
new HubToken("${ofToken}", { organization: "acme", serviceAccount: accountId, name: "robot", permissions: ["org.read"] });
`;
    const robots = () => hub.store.serviceAccountsOf("acme").filter(({ name }) => name === "robot");
    const tokens = () => robots().flatMap(({ id }) => hub.store.tokensOf(id).map((token) => token.id));
    const KEPT =
      /kept in the state and left unchanged on the Hub: its replacement may be another token or service account/;

    for (const [title, ofAccount, posts, says] of [
      ["keeps the former token", "account", /tokens$/, KEPT],
      ["keeps a former token of the service account", "other", /service-accounts$/, /creating failed/],
    ] as const) {
      it(`${title}, and the next run replaces it`, async () => {
        await project.write("index.js", named("account", "token"));
        await project.up();
        const before = tokens();
        assert.equal(before.length, 1);
        await project.write("index.js", named(ofAccount, "renamed"));
        const result = await upWith(({ method, path }) =>
          method === "POST" && posts.test(path) ? faultNamed("403 role") : undefined,
        );
        assert.notEqual(result.code, 0);
        assert.match(result.text, says);
        assert.deepEqual(tokens(), before, result.text);
        proxy.rule = () => undefined;
        await project.up();
        assert.equal(tokens().length, 1);
        assert.notDeepEqual(tokens(), before);
      });
    }

    it("keeps the former token if the engine skips the creation, and a destroy removes it", async () => {
      const repository = (name: string) => `
const { RepoVisibility } = require("pulumi-huggingface");
const first = new RepoVisibility("first", { repo: "acme/${name}", private: true });
`;
      const afterIt = (name: string, ofToken: string) =>
        repository(name) +
        named("account", ofToken).replace('read"] });', 'read"] }, { dependsOn: [first] });');
      await project.write("index.js", afterIt("llm-private", "token"));
      await project.up();
      const before = tokens();
      await project.write("index.js", afterIt("nowhere", "renamed").replace('"first"', '"second"'));
      const result = await upWith(() => undefined);
      assert.match(result.text, KEPT);
      assert.deepEqual(tokens(), before);
      await project.destroy();
      assert.deepEqual(robots(), []);
    });
  });
});
