// Two pipelines at the same time: on one stack, and on two stacks with the same account and names.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { createProject, type Project } from "../support/engine";
import { pass, type FaultProxy, startFaultProxy } from "../support/faultProxy";
import { type Hub, startHub } from "../support/hub";

const PROGRAM = `
const { readFileSync } = require("node:fs");
const { HubToken, ServiceAccount } = require("pulumi-huggingface");
const { account, wave } = JSON.parse(readFileSync("params.json", "utf8"));
const own = new ServiceAccount("own", { organization: "acme", name: "bot" });
const token = new HubToken("ci", {
  organization: "acme", serviceAccount: account, name: "ci", permissions: ["org.read"],
  rotationTriggers: { wave }, overlapHours: 0, idleMinutes: 0,
});
exports.tokenId = token.tokenId;
exports.accountId = own.accountId;
`;

describe("two pipelines at the same time", function () {
  this.timeout(1_200_000);
  let hub: Hub;
  let proxy: FaultProxy;
  let account: string;
  let byHand: HubClient;
  const projects: Project[] = [];

  before(async () => {
    hub = await startHub();
    proxy = await startFaultProxy(hub.endpoint);
    byHand = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    account = (await byHand.createServiceAccount("acme", { name: "ci" }))._id;
  });
  after(async () => {
    for (const project of projects) await project.dispose();
    await proxy.close();
    await hub.close();
  });

  async function pipeline(stack: string, config: Record<string, string> = {}): Promise<Project> {
    const project = await createProject({
      name: "pipeline",
      stack,
      config,
      program: { "index.js": PROGRAM },
      env: { HF_ENDPOINT: proxy.endpoint, HF_TOKEN: hub.tokens.admin },
    });
    projects.push(project);
    await project.write("params.json", JSON.stringify({ account, wave: "1" }));
    return project;
  }
  const live = () => hub.store.tokensOf(account);

  it("lets one run use a stack, and stops the other with an error before it sends anything", async () => {
    const project = await pipeline("one");
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((reached) => {
      proxy.rule = (passing) => {
        if (passing.method !== "POST" || !passing.path.endsWith("/tokens")) return undefined;
        proxy.rule = () => undefined;
        return {
          name: "held",
          committed: true,
          act: () => {
            goOn = () => void pass(passing);
            reached();
          },
        };
      };
    });
    const first = project.start("up");
    await held;
    // The second run has its own token, to tell its requests from those of the first.
    const { value, id } = hub.createToken("ada-admin", { name: "second", role: "admin" });
    const second = await project.up({ allowFailure: true, env: { HF_TOKEN: value } });
    goOn();
    assert.notEqual(second.code, 0);
    assert.match(second.text, /currently locked/);
    assert.deepEqual(
      hub.store.requests.filter(({ tokenId }) => tokenId === id),
      [],
    );
    assert.equal((await first.result).code, 0);
    assert.equal(live().length, 1);
    assert.equal((await project.up({ expectNoChanges: true })).code, 0);
  });

  const idsOf = (project: Project) => project.outputs<{ tokenId: string; accountId: string }>();
  const alive = () => live().map(({ id }) => id);

  it("keeps stacks with the same names in two backends apart by the setting owner", async () => {
    const one = await pipeline("same");
    const two = await pipeline("same", { "huggingface:owner": "the other team" });
    await one.up();
    await two.up();
    await two.up({ refresh: true });
    await one.up({ refresh: true });
    for (const project of [one, two]) {
      assert.ok(alive().includes((await idsOf(project)).tokenId), "one stack has revoked the other's token");
      assert.ok(hub.store.serviceAccounts.has((await idsOf(project)).accountId));
      assert.doesNotMatch((await project.preview({ refresh: true })).text, /stray|with this resource's mark/);
      // Existing resources keep their mark, so that none is lost.
      await project.setConfig({ "huggingface:owner": "someone else" });
      await project.up({ expectNoChanges: true });
      await project.destroy();
    }
  });

  it("keeps two stacks with the same account and names apart, including their strays", async () => {
    const [one, two] = [projects[0] ?? (await pipeline("one")), await pipeline("two")];
    await two.up();
    const [mine, yours] = [await idsOf(one), await idsOf(two)];
    assert.notEqual(mine.tokenId, yours.tokenId);
    assert.notEqual(mine.accountId, yours.accountId);

    // An interrupted creation of the second stack: a token and an account with its marks.
    const mark = /\[([0-9a-f]{8})-/;
    const ownerOfToken =
      mark.exec(live().find(({ id }) => id === yours.tokenId)?.displayName ?? "")?.[1] ?? "";
    const ownerOfAccount =
      mark.exec(hub.store.serviceAccounts.get(yours.accountId)?.description ?? "")?.[1] ?? "";
    const stray = await byHand.createServiceAccountToken("acme", account, {
      displayName: `ci [${ownerOfToken}-0bad]`,
    });
    const strayAccount = await byHand.createServiceAccount("acme", {
      name: "bot",
      description: `[${ownerOfAccount}-0bad]`,
    });

    // Both stacks rotate at the same time, and run until nothing is left to do.
    for (const project of [one, two]) {
      await project.write("params.json", JSON.stringify({ account, wave: "2" }));
    }
    await Promise.all([one.up({ refresh: true }), two.up()]);
    await one.up({ refresh: true });
    await one.up({ expectNoChanges: true });
    assert.ok(alive().includes(stray.tokenInfo._id), "one stack has revoked the other's stray token");
    assert.ok(
      hub.store.serviceAccounts.has(strayAccount._id),
      "one stack has deleted the other's stray account",
    );
    assert.ok(alive().includes((await idsOf(two)).tokenId));

    // The own stack reports both in each run, and keeps them.
    for (const refresh of [true, true, false]) {
      const { text } = await two.up({ refresh });
      assert.ok(text.includes(stray.tokenInfo.displayName));
      if (refresh) assert.ok(text.includes(strayAccount._id));
    }
    const known = [(await idsOf(one)).tokenId, (await idsOf(two)).tokenId];
    assert.deepEqual(alive().sort(), [...known, stray.tokenInfo._id].sort());
    assert.ok(hub.store.serviceAccounts.has(strayAccount._id));

    await one.destroy();
    assert.deepEqual(alive().sort(), [(await idsOf(two)).tokenId, stray.tokenInfo._id].sort());
    assert.ok(hub.store.serviceAccounts.has(yours.accountId));
  });
});
