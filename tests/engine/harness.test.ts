// The assumptions of this project about the engine, tested on the engine itself with a small resource. If one fails
// after an upgrade of the SDK or the CLI, review the provider first.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createProject, EngineError, isSecretInState, type Project } from "../support/engine";

const HANDLER_TEXT = `exports.handler=()=>require("module").createRequire(process.cwd()+"/_")("./handler.js")`;

const PRELUDE = `
const pulumi = require("@pulumi/pulumi");
class Thing extends pulumi.CustomResource {
  constructor(name, args, opts) {
    const props = { made: undefined, token: undefined, ...args, __provider: ${JSON.stringify(HANDLER_TEXT)} };
    const own = { additionalSecretOutputs: ["token"] };
    super("pulumi-nodejs:dynamic/huggingface:Thing", name, props, pulumi.mergeOptions(opts, own));
  }
}
`;

/** Records each call, and follows world.json instead of a remote system. */
const HANDLER = `
const fs = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const world = () => JSON.parse(fs.readFileSync("world.json", "utf8"));
const note = (method, details) => {
  const call = { method, pid: process.pid, dryRun: pulumi.runtime.isDryRun(), ...details };
  fs.appendFileSync("calls.jsonl", JSON.stringify(call) + "\\n");
  if (world().log) pulumi.log.warn("said in " + method);
};
module.exports = {
  configure({ config }) {
    note("configure", { token: config.get("huggingface:token"), endpoint: config.get("huggingface:endpoint") });
  },
  async check(olds, news) {
    note("check", { olds, news });
    return { inputs: news, failures: world().failures ?? [] };
  },
  async diff(id, olds, news) {
    note("diff", { id, olds, news });
    return { changes: olds.a !== news.a || olds.hush !== news.hush };
  },
  async create(inputs) {
    note("create", { inputs });
    return { id: "id-" + inputs.a, outs: { ...inputs, made: "by create", token: "token-of-create" } };
  },
  async read(id, props) {
    note("read", { id, props });
    const { __provider, made, token, ...inputs } = props;
    const { readInputs = {}, readOutputs = {} } = world();
    return { id, props: { ...props, ...readInputs, ...readOutputs }, inputs: { ...inputs, ...readInputs } };
  },
  async update(id, olds, news) {
    note("update", { id, olds, news });
    if (world().fail) throw new Error(world().fail);
    return { outs: { ...news, made: "by update", token: olds.token } };
  },
  async delete(id, props) {
    note("delete", { id, props });
  },
};
`;

interface Call {
  method: string;
  pid: number;
  dryRun: boolean;
  id?: string;
  token?: string;
  endpoint?: string;
  olds?: Record<string, unknown>;
  news?: Record<string, unknown>;
}

/** A dead process that its parent has not collected yet counts as dead. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return /^[^Z\s]/.test(stdout.trim());
}

describe("engine", function () {
  this.timeout(180_000);

  let project: Project;

  const program = (body: string) => project.write("index.js", PRELUDE + body);
  const world = (content: object) => writeFile(join(project.dir, "world.json"), JSON.stringify(content));
  /** The handler's calls since the last time. */
  const calls = async (): Promise<Call[]> => {
    const file = join(project.dir, "calls.jsonl");
    const text = await readFile(file, "utf8").catch(() => "");
    await writeFile(file, "");
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Call);
  };
  const methods = async () => (await calls()).map((call) => call.method);

  const ONE = `
const thing = new Thing("one", { a: "1", hush: pulumi.secret("secret-of-the-program") });
exports.made = thing.made;
exports.token = thing.token;
`;

  before(async () => {
    project = await createProject({
      name: "harness",
      program: { "index.js": PRELUDE + ONE, "handler.js": HANDLER, "world.json": "{}" },
      config: { "huggingface:token": { secret: "secret-of-the-config" } },
    });
  });
  after(() => project?.dispose());
  afterEach(() => world({}));

  it("creates, and then finds no changes", async () => {
    const up = await project.up();
    assert.deepEqual(up.changes, { create: 2 });
    assert.deepEqual(
      up.steps.map(({ op, name, outcome }) => ({ op, name, outcome })),
      [{ op: "create", name: "one", outcome: "done" }],
    );
    assert.deepEqual(await methods(), ["configure", "check", "create"]);

    const preview = await project.preview({ expectNoChanges: true });
    assert.deepEqual(preview.changes, { same: 2 });
    const [configure, check, diff, ...others] = await calls();
    assert.deepEqual(others, []);
    assert.equal(configure?.token, "secret-of-the-config", "config is decrypted");
    assert.deepEqual(check?.olds, check?.news, "check receives old and new inputs");
    assert.equal(diff?.olds?.made, "by create", "diff receives old outputs");
    assert.equal(diff?.dryRun, false, "the handler cannot distinguish a preview from an up");
  });

  it("keeps secrets encrypted: inputs of the same name, additional secret outputs, and config", async () => {
    const one = await project.resource("one");
    assert.ok(isSecretInState(one?.inputs?.hush));
    assert.ok(isSecretInState(one?.outputs?.hush));
    assert.ok(isSecretInState(one?.outputs?.token));
    assert.equal((await project.outputs()).token, "[secret]");
    assert.equal((await project.outputs({ showSecrets: true })).token, "token-of-create");

    // Also after a refresh, with a value that only the refresh has found.
    await world({ readOutputs: { token: "token-of-read" } });
    await project.refresh();
    assert.ok(isSecretInState((await project.resource("one"))?.outputs?.token));
    const secrets = ["secret-of-the-program", "secret-of-the-config", "token-of-create", "token-of-read"];
    for (const { path, text } of await project.rawStateFiles()) {
      for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} stands in ${path}`);
    }
  });

  it("counts drift only if read changes inputs and diff reports a change", async () => {
    const gates = [
      () => project.refresh({ previewOnly: true, expectNoChanges: true, diff: true, allowFailure: true }),
      () => project.preview({ refresh: true, expectNoChanges: true, diff: true, allowFailure: true }),
    ];
    const gate = async (content: object) => {
      await world(content);
      const results = [];
      for (const run of gates) results.push(await run());
      return results;
    };

    for (const { code, changes } of await gate({ readOutputs: { made: "by someone else" } })) {
      assert.equal(code, 0, "a changed output alone is not drift");
      assert.deepEqual(changes, { same: 2 });
    }
    for (const { code } of await gate({ readInputs: { unknownToDiff: "x" } })) {
      assert.equal(code, 0, "an input that diff ignores is not drift");
    }
    await calls();
    const [refresh, preview] = await gate({ readInputs: { a: "drifted" } });
    assert.notEqual(refresh?.code, 0);
    assert.notEqual(preview?.code, 0);
    assert.match(refresh?.text ?? "", /~ a *: "1" => "drifted"/);
    assert.match(preview?.text ?? "", /~ a *: "drifted" => "1"/);
    assert.deepEqual(
      preview?.steps.map((step) => [step.op, step.changedInputs]),
      [
        ["refresh", ["a"]],
        ["update", ["a"]],
      ],
    );
    const asked = (await calls()).filter(({ method }) => method === "diff");
    assert.deepEqual(
      asked.map(({ olds, news }) => [olds?.a, news?.a]),
      // The refresh compares the result of read with the stored inputs, and the preview half compares it with the
      // program's inputs.
      [
        ["drifted", "1"],
        ["drifted", "1"],
        ["drifted", "1"],
      ],
    );
    assert.match(
      (await gate({ readInputs: { hush: "another secret" } }))[0]?.text ?? "",
      /hush *: \[secret\]/,
    );
  });

  it("knows the id but no output in the preview of an update", async () => {
    await program(`
      const thing = new Thing("one", { a: "2", hush: pulumi.secret("secret-of-the-program") });
      thing.id.apply((value) => console.log("id is " + value));
      thing.a.apply((value) => console.log("a is " + value));
      thing.made.apply((value) => console.log("made is " + value));
    `);
    const preview = await project.preview();
    assert.match(preview.text, /id is id-1/);
    assert.match(preview.text, /a is 2/);
    assert.doesNotMatch(preview.text, /made is/);
    assert.match((await project.up()).text, /made is by update/);
  });

  it("shows the handler's log under the stack", async () => {
    await world({ log: true });
    await program(`new Thing("one", { a: "3", hush: pulumi.secret("secret-of-the-program") });`);
    for (const [result, said] of [
      [await project.preview(), ["configure", "check", "diff"]],
      [await project.up(), ["configure", "check", "diff", "update"]],
      [await project.refresh(), ["configure", "read", "diff"]],
    ] as const) {
      for (const method of said)
        assert.match(result.text, new RegExp(`warning: \\[runtime\\] said in ${method}`));
    }
  });

  it("prints the value of a property that fails its check, unless the failure names no property", async () => {
    await world({
      failures: [
        { property: "", reason: "hush: too short" },
        { property: "a", reason: "not good" },
      ],
    });
    const { text, code } = await project.up({ allowFailure: true });
    assert.equal(code, 1);
    assert.match(text, /resource 'one' has a problem: hush: too short/);
    assert.match(text, /property a value \{3\} has a problem: not good/);
    assert.doesNotMatch(text, /secret-of-the-program/);
  });

  it("shows all lines of a handler's error", async () => {
    await world({ fail: "first line\n  second line\nthird line" });
    await program(`new Thing("one", { a: "4", hush: pulumi.secret("secret-of-the-program") });`);
    await assert.rejects(project.up(), (error: unknown) => {
      assert.ok(error instanceof EngineError);
      assert.match(error.message, /error: first line\n +second line\n +third line/);
      assert.deepEqual(
        error.result.steps.map(({ op, outcome }) => [op, outcome]),
        [["update", "failed"]],
      );
      return true;
    });
  });

  it("passes an explicit provider its own configuration, and children their parent's provider", async () => {
    await calls();
    await program(`
      const acme = new pulumi.ProviderResource("pulumi-nodejs", "acme", {
        "huggingface:token": pulumi.secret("secret-of-the-provider"),
        "huggingface:endpoint": "http://127.0.0.1:1",
      });
      const parent = new Thing("parent", { a: "1" }, { provider: acme, protect: true, retainOnDelete: true });
      new Thing("child", { a: "2" }, { parent });
      new Thing("free", { a: "3" }, { parent, protect: false, retainOnDelete: false });
      new Thing("other", { a: "4" });
    `);
    await project.up();
    const configured = (await calls()).filter(({ method }) => method === "configure");
    assert.deepEqual(
      configured.map(({ token, endpoint }) => [token, endpoint]).sort(),
      [
        ["secret-of-the-config", undefined],
        ["secret-of-the-provider", "http://127.0.0.1:1"],
      ],
      "an explicit provider receives its own arguments and no stack config",
    );
    const resources = (await project.state()).deployment.resources ?? [];
    const summary = ["parent", "child", "free", "other"].map((name) => {
      const resource = resources.find(({ urn }) => urn.endsWith(`::${name}`));
      return [
        name,
        /::(acme|default)::/.exec(resource?.provider ?? "")?.[1],
        resource?.protect,
        resource?.retainOnDelete,
      ];
    });
    assert.deepEqual(summary, [
      ["parent", "acme", true, true],
      ["child", "acme", true, true],
      ["free", "acme", undefined, undefined],
      ["other", "default", undefined, undefined],
    ]);
    assert.ok(
      isSecretInState(resources.find(({ urn }) => urn.endsWith("::acme"))?.inputs?.["huggingface:token"]),
    );
    assert.deepEqual((await project.preview({ expectNoChanges: true })).changes, { same: 6 });
  });

  it("replaces, targets and destroys", async () => {
    await program(`new Thing("one", { a: "1" }); new Thing("two", { a: "2" });`);
    await project.pulumi(["state", "unprotect", "--all", "--yes"]);
    await project.up();
    await calls();
    const replaced = await project.up({ replace: project.urn("huggingface:Thing", "one") });
    assert.equal(replaced.changes.replace, 1);
    assert.deepEqual(
      (await calls())
        .filter(({ method }) => /create|delete/.test(method))
        .map(({ method, id }) => [method, id]),
      [
        ["create", undefined],
        ["delete", "id-1"],
      ],
    );
    await project.destroy({ target: project.urn("huggingface:Thing", "two") });
    assert.ok(await project.resource("one"));
    assert.equal(await project.resource("two"), undefined);
    await project.destroy();
    assert.deepEqual((await project.state()).deployment.resources ?? [], []);
  });

  it("can be killed in the middle of a run, and continues afterwards", async () => {
    await project.write(
      "handler.js",
      HANDLER.replace(
        'note("create", { inputs });',
        'note("create", { inputs }); if (world().hang) await new Promise(() => setInterval(() => {}, 1e6));',
      ),
    );
    await world({ hang: true });
    await project.write("index.js", PRELUDE + ONE);
    const running = project.start("up");
    await running.waitFor(/Thing one creating/);
    let pid: number | undefined;
    while (pid === undefined) {
      // The engine reports it just before it calls the handler.
      await new Promise((resolve) => setTimeout(resolve, 50));
      pid = (await calls()).find(({ method }) => method === "create")?.pid;
    }
    // The plugins are in their own process groups and must be killed too.
    assert.ok(isAlive(pid));
    running.kill();
    assert.equal((await running.result).signal, "SIGKILL");
    const limit = Date.now() + 5_000;
    while (isAlive(pid)) {
      assert.ok(Date.now() < limit, "the plugin should end too");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await world({});
    await project.pulumi(["cancel", "--yes"], { allowFailure: true });
    await project.up({ refresh: true });
    assert.ok(await project.resource("one"));
  });
});
