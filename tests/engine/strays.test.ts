// A token with the mark of a resource that does not know it, in runs of the engine: the token stays valid.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { createProject, type EngineResult, Project } from "../support/engine";
import { pass, startFaultProxy } from "../support/faultProxy";
import { type Hub, startHub } from "../support/hub";

describe("token that another state may contain, on the engine,", function () {
  this.timeout(300_000);

  let hub: Hub;
  let account: string;
  let projects: Project[];

  beforeEach(async () => {
    hub = await startHub();
    projects = [];
    const byHand = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    account = (await byHand.createServiceAccount("acme", { name: "ci" }))._id;
  });
  afterEach(async () => {
    for (const project of projects) await project.dispose();
    await hub.close();
  });

  const live = () => hub.store.tokensOf(account).map(({ id }) => id);
  const newest = () => live().at(-1) as string;
  const nameOf = (id: string) =>
    hub.store.tokensOf(account).find((token) => token.id === id)?.displayName as string;

  /** A program with these lines, which may call `token(name, arguments, options)`. */
  const program = (...lines: string[]) =>
    [
      `const hf = require("pulumi-huggingface");`,
      `const token = (name, args, options) => new hf.HubToken(name, {`,
      `  organization: "acme", serviceAccount: "${account}", name: "ci", permissions: ["org.read"], overlapHours: 0, ...args,`,
      `}, options);`,
      ...lines,
    ].join("\n");

  async function stackOf(...lines: string[]): Promise<Project> {
    const project = await createProject({
      name: "strays",
      program: { "index.js": program(...lines) },
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
    });
    projects.push(project);
    await project.up();
    return project;
  }
  const declare = (project: Project, ...lines: string[]) => project.write("index.js", program(...lines));

  /** The lines of a result that report tokens, without duplicates. */
  const reports = ({ diagnostics }: EngineResult) => [
    ...new Set(
      diagnostics.map(({ message }) => message.trim()).filter((text) => /this resource's mark/.test(text)),
    ),
  ];

  /** Runs nights of a pipeline. Each must keep all tokens, and report these. */
  async function staysAlive(
    project: Project,
    reported: string[],
    { target, refreshes = [true, true] }: { target?: string[]; refreshes?: boolean[] } = {},
  ) {
    const before = live();
    for (const [night, refresh] of refreshes.entries()) {
      const result = await project.up({ target, refresh });
      assert.deepEqual(live(), before, `night ${night}`);
      const said = reports(result);
      assert.equal(said.length, reported.length > 0 ? 1 : 0, said.join("\n"));
      for (const id of reported) assert.ok(said[0]?.includes(nameOf(id)), said[0]);
    }
  }

  const OLD = `token("prod");`;
  const RENAMED = `token("renamed", {}, { aliases: [{ name: "prod" }] });`;

  it("stays valid if it was moved to another stack and its old name is declared again", async () => {
    const project = await stackOf(OLD);
    const [moved] = live() as [string];
    const other = new Project(project.dir, project.name, "other", project.env);
    await other.pulumi(["stack", "init"]);
    const urn = project.urn("huggingface:HubToken", "prod");
    await project.pulumi(["state", "move", "--source", "dev", "--dest", "other", "--yes", urn], {
      namesStacks: true,
    });
    await project.up();
    const again = newest();
    assert.notEqual(again, moved);
    await staysAlive(project, [moved], { refreshes: [true, false, true] });
    await staysAlive(other, [again]);
  });

  it("stays valid outside of --target if an alias has renamed it and a new token has its old name", async () => {
    const project = await stackOf(OLD);
    const [renamed] = live() as [string];
    await declare(project, RENAMED);
    await project.up();
    await declare(project, RENAMED, OLD);
    await project.up();
    const prod = project.urn("huggingface:HubToken", "prod");
    const child = prod.replace("::pulumi-nodejs:dynamic/huggingface:HubToken::", (type) =>
      type.replace(/::$/, "$pulumi-nodejs:dynamic/huggingface:HubTokenPredecessors::"),
    );
    await staysAlive(project, [renamed], { target: [prod, child] });
  });

  it("stays valid if it belongs to another provider of the same program", async () => {
    const providers = [
      `const settings = { tokenEnv: "HF_TOKEN", endpoint: process.env.HF_ENDPOINT };`,
      `const [one, two] = [new hf.Provider("one", settings), new hf.Provider("two", settings)];`,
    ];
    const project = await stackOf(...providers, `token("prod", {}, { provider: one });`);
    const renamed = `token("renamed", {}, { aliases: [{ name: "prod" }], provider: one });`;
    await declare(project, ...providers, renamed);
    await project.up();
    await declare(project, ...providers, renamed, `token("prod", {}, { provider: two });`);
    await project.up();
    const both = live();
    assert.equal(both.length, 2);
    for (let night = 0; night < 2; night++) {
      const result = await project.up({ refresh: true });
      assert.deepEqual(live(), both, `night ${night}`);
      assert.equal(reports(result).length, 2, "each process knows only its own resources");
    }
  });

  it("stays valid if retainOnDelete has kept it and it is declared again later", async () => {
    const kept = `token("prod", {}, { retainOnDelete: true });`;
    const project = await stackOf(kept);
    const [retained] = live() as [string];
    await declare(project);
    await project.up();
    assert.deepEqual(live(), [retained]);
    await declare(project, kept);
    await project.up();
    await staysAlive(project, [retained]);
  });

  it("stays valid if its creation was waiting while `pulumi cancel` allowed another run", async () => {
    const proxy = await startFaultProxy(hub.endpoint);
    try {
      const project = await stackOf();
      const env = { HF_ENDPOINT: proxy.endpoint };
      await declare(project, OLD);
      let goOn: () => void = () => undefined;
      const waits = new Promise<void>((reached) => {
        proxy.rule = (passing) => {
          if (passing.method !== "POST" || !passing.path.endsWith("/tokens")) return undefined;
          proxy.rule = () => undefined;
          const act = (): void => {
            goOn = () => void pass(passing);
            reached();
          };
          return { name: "held", committed: true, act };
        };
      });
      const first = project.start("up", { env });
      await waits;
      await project.pulumi(["cancel", "--yes"]);
      await project.up({ env });
      goOn();
      await first.result;
      assert.equal(live().length, 2);
      const known = (await project.resource("prod", { type: ":HubToken" }))?.outputs?.["tokenId"];
      await staysAlive(
        project,
        live().filter((id) => id !== known),
      );
    } finally {
      await proxy.close();
    }
  });

  it("is revoked by a refresh if the program says so, but not by the run that finds it first", async () => {
    const project = await stackOf(`token("prod", { revokeStrays: true });`);
    const [known] = live() as [string];
    const byHand = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    const displayName = nameOf(known).replace(/-....\]$/, "-0bad]");
    await byHand.createServiceAccountToken("acme", account, { displayName });
    for (const step of [() => project.up({ refresh: true }), () => project.preview(), () => project.up()]) {
      assert.equal(reports(await step()).length, 1);
      assert.equal(live().length, 2);
    }
    const { text } = await project.up({ refresh: true });
    assert.ok(text.includes(`revoked the stray token ${displayName}`), text);
    assert.deepEqual(live(), [known]);
    await project.preview({ refresh: true, expectNoChanges: true });
  });

  it("stays valid if it belongs to a stack in another backend with the same names", async () => {
    const [one, two] = [await stackOf(OLD), await stackOf(OLD)];
    const [first, second] = live() as [string, string];
    await staysAlive(one, [second]);
    await staysAlive(two, [first]);
    await one.destroy();
    assert.deepEqual(live(), [second]);
  });
});

describe("predecessor during its overlap, on the engine,", function () {
  this.timeout(300_000);

  let hub: Hub;
  let project: Project;

  const declare = (name: string, release: string) =>
    project.write(
      "index.js",
      `const hf = require("pulumi-huggingface");
new hf.HubToken("${name}", { name: "it", rotationTriggers: { release: "${release}" } });`,
    );
  const live = () => hub.store.tokensOfUser("ada-admin").filter(({ name }) => name.startsWith("it ["));
  const pending = async (name: string) =>
    (await project.resource(name, { type: ":HubTokenPredecessors" }))?.outputs?.["pending"] as unknown[];

  beforeEach(async () => {
    hub = await startHub();
    project = await createProject({
      name: "overlap",
      program: { "index.js": "" },
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
    });
    await declare("it", "1");
    await project.up();
    await declare("it", "2");
    await project.up();
    assert.equal(live().length, 2, "the token and its predecessor");
  });
  afterEach(async () => {
    await project.dispose();
    await hub.close();
  });

  it("stays valid after `pulumi state rename` of its token alone, and ends with the token", async () => {
    await project.pulumi(["state", "rename", project.urn("huggingface:HubToken", "it"), "renamed", "--yes"]);
    await declare("renamed", "2");
    const { text } = await project.up();
    assert.match(
      text,
      /HubTokenPredecessors \[[0-9a-f]{8}\]: left unchanged on the Hub: the program declares it again/,
    );
    assert.equal(live().length, 2);
    assert.equal(await project.resource("it"), undefined);
    assert.equal((await pending("renamed")).length, 1, "it should still be pending");
    await project.destroy();
    assert.deepEqual(live(), []);
  });

  it("stays valid after the deletion of its child alone, which is reported, and ends with the token", async () => {
    const child = (await project.resource("it", { type: ":HubTokenPredecessors" }))?.urn as string;
    const result = await project.destroy({ target: child });
    assert.match(result.text, /did not revoke 1 predecessor\(s\)/);
    assert.equal(live().length, 2);
    await project.up();
    assert.equal((await pending("it")).length, 1, "it should still be pending");
    await project.destroy();
    assert.deepEqual(live(), []);
  });
});
