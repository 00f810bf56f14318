// Several machines with one stack in a bucket: each has its own Pulumi home and its own folder, and all have the same state.
import assert from "node:assert/strict";
import { installScripts, runCommand, withCommandLine } from "../support/pipelines";
import { createProject, type Project } from "../support/engine";
import { type FaultProxy, pass, startFaultProxy } from "../support/faultProxy";
import { type Hub, startHub } from "../support/hub";
import { type S3Server, startS3 } from "../support/s3";

const PROGRAM = `
const { readFileSync } = require("node:fs");
const { HubToken, ServiceAccount } = require("pulumi-huggingface");
const { wave } = JSON.parse(readFileSync("params.json", "utf8"));
const account = new ServiceAccount("ci", { organization: "acme", name: "ci" });
new HubToken("ci", {
  organization: "acme", serviceAccount: account.accountId, name: "ci", permissions: ["org.read"], rotationTriggers: { wave },
});
`;

describe("two machines with one stack in a bucket", function () {
  this.timeout(240_000);
  let s3: S3Server;
  let hub: Hub;
  let proxy: FaultProxy;
  let one: Project;
  let two: Project;

  before(async function () {
    const started = await startS3();
    if (!started) return this.skip();
    s3 = started;
    hub = await startHub();
    proxy = await startFaultProxy(hub.endpoint);
    const env = { ...s3.env(), HF_ENDPOINT: proxy.endpoint, HF_TOKEN: hub.tokens.admin };
    one = await createProject({ name: "shared", program: { "index.js": PROGRAM }, env });
    two = await createProject({ name: "shared", program: { "index.js": PROGRAM }, env, sameStackAs: one });
    await installScripts(two.dir);
    await wave("1");
  });
  after(async () => {
    await one?.dispose();
    await two?.dispose();
    await proxy?.close();
    await hub?.close();
    await s3?.close();
  });

  const wave = async (value: string) => {
    for (const project of [one, two]) await project.write("params.json", JSON.stringify({ wave: value }));
  };
  const accounts = () => hub.store.serviceAccountsOf("acme");
  const tokens = () => accounts().flatMap(({ id }) => hub.store.tokensOf(id));
  const locks = () => s3.list(".pulumi/locks/");
  const checkpoint = () => s3.read(".pulumi/stacks/shared/dev.json");
  const requestsOf = (tokenId: string) => hub.store.requests.filter((request) => request.tokenId === tokenId);

  /** Starts `pulumi up` on the first machine, and stops it in front of the creation of a token. */
  async function inTheMiddle() {
    let goOn: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => {
      proxy.rule = (passing) => {
        if (passing.method !== "POST" || !passing.path.endsWith("/tokens")) return undefined;
        proxy.rule = () => undefined;
        return {
          name: "held",
          committed: true,
          act: () => {
            goOn = () => void pass(passing);
            resolve();
          },
        };
      };
    });
    const started = one.start("up");
    const ended = started.result.then(({ text }) => assert.fail(`The deployment created no token:\n${text}`));
    await Promise.race([reached, ended]);
    ended.catch(() => undefined);
    return { started, goOn: () => goOn() };
  }

  it("the second deployment waits for the first, and then changes nothing", async () => {
    const { started, goOn } = await inTheMiddle();
    assert.equal((await locks()).length, 1);
    // The second machine has its own token, to tell its requests from those of the first.
    const { value, id } = hub.createToken("ada-admin", { name: "second", role: "admin" });
    const env = { ...two.env, HF_TOKEN: value, STACK: "dev", LOCK_POLL_SECONDS: "1" };
    const second = runCommand("bash pipelines/deploy.sh", two.dir, env);
    const lockReads = () => s3.requests.filter((each) => each.includes("GET /state/.pulumi/locks/")).length;
    while (lockReads() < 2) await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(requestsOf(id), []);
    goOn();
    assert.equal((await started.result).code, 0);
    const { code, text } = await second;
    assert.equal(code, 0, text);
    assert.match(
      text,
      /the stack is currently locked by 1 lock\(s\)[\s\S]*created by \S+@\S+ \(pid \d+\) at \d{4}-/,
    );
    assert.match(text, /Resources:\n +4 unchanged\n/);
    assert.equal(accounts().length, 1);
    assert.equal(tokens().length, 1);
    assert.deepEqual(await locks(), []);
  });

  it("a check for drift needs no lock and only read access, but sees a deployment that is half done", async () => {
    await wave("2");
    const { started, goOn } = await inTheMiddle();
    const before = await checkpoint();
    const { value, id } = hub.createToken("ada-admin", { name: "check", role: "read" });
    s3.requests.length = 0;
    const env = { ...s3.env("may-read"), HF_TOKEN: value };
    const during = await two.preview({ refresh: true, expectNoChanges: true, allowFailure: true, env });
    assert.equal(during.code, 7);
    assert.deepEqual(during.changes, { update: 2, same: 2 });
    assert.equal(await checkpoint(), before);
    goOn();
    assert.equal((await started.result).code, 0);
    const job = { ...two.env, ...env, PATH: withCommandLine(two.env["PATH"] ?? ""), STACK: "dev" };
    const after = await runCommand("bash pipelines/drift.sh", two.dir, job);
    assert.equal(after.code, 0, after.text);
    assert.deepEqual(
      s3.requests.filter((each) => each.startsWith("may-read DENIED")),
      [],
    );
    assert.ok(requestsOf(id).length > 0);
    assert.ok(requestsOf(id).every(({ method }) => method === "GET"));
  });

  it("of two runs that write their locks at the same moment, at most one goes on", async () => {
    await wave("3");
    const count = tokens().length;
    await s3.meet(2);
    const both = await Promise.all([one, two].map((project) => project.up({ allowFailure: true })));
    const refused = both.filter(({ code }) => code !== 0);
    assert.ok(refused.length >= 1);
    // Pulumi may list a lock that the other run has just removed, and then cannot read it.
    for (const { text } of refused) assert.match(text, /currently locked|NoSuchKey/);
    assert.deepEqual(await locks(), []);
    assert.equal(tokens().length, count + both.length - refused.length);
  });

  it("a killed run leaves its lock, which `pulumi cancel` on another machine removes", async () => {
    await wave("4");
    const { started } = await inTheMiddle();
    started.kill();
    await started.result;
    const count = tokens().length;
    const refused = await two.up({ allowFailure: true });
    assert.match(refused.text, /currently locked by 1 lock/);
    await two.pulumi(["cancel", "--yes"]);
    assert.deepEqual(await locks(), []);
    await two.up({ refresh: true });
    assert.equal(tokens().length, count + 1);
    await one.up({ expectNoChanges: true });
    assert.equal(accounts().length, 1);
  });
});
