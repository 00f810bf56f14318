import assert from "node:assert/strict";
import { createProject, type Project } from "../support/engine";
import { startHub, type Hub } from "../support/hub";
import { request } from "../support/request";

describe("OrganizationVisibility on the engine", function () {
  this.timeout(400_000);
  let hub: Hub;
  let project: Project;

  /** What the shipped organization shows to others, except for one Space. */
  const OPEN = ["llm-public", "llm-gated", "embeddings"].map((name) => ({ repo: `acme/${name}` }));
  const DATA = ["corpus", "evaluation"].map((name) => ({ repo: `acme/${name}`, repoType: "dataset" }));
  const exceptions = [...OPEN, ...DATA].map((each) => ({ ...each, visibility: "public", reason: "open" }));

  /** @param args - arguments in addition to the organization and the exceptions */
  const program = (args = "", more = ""): string => `
const hf = require("pulumi-huggingface");
const demo = new hf.RepoVisibility("demo", { repo: "acme/demo-space", repoType: "space", visibility: "public",
  acknowledgePublic: "product page" });
const portal = { repo: "acme/customer-portal", repoType: "space", visibility: "protected", reason: "for customers" };
const acme = new hf.OrganizationVisibility("acme", { organization: "acme",
  exceptions: [demo, portal, ...${JSON.stringify(exceptions)}], ${args} });
module.exports = { violations: acme.violations, count: acme.violationCount, all: acme.repositoryCount };
${more}`;
  const write = (...parts: Parameters<typeof program>) => project.write("index.js", program(...parts));
  const stored = (repo: string) => hub.store.repository(repo)?.visibility;
  const byHand = (repo: string, visibility: string) =>
    request(hub.endpoint, hub.tokens.write, "PUT", `/api/models/${repo}/settings`, { visibility });
  const puts = () => hub.store.requests.filter(({ method }) => method === "PUT").length;
  const drift = () =>
    project.preview({ refresh: true, expectNoChanges: true, diff: true, allowFailure: true });

  before(async () => {
    hub = await startHub();
    project = await createProject({
      name: "organization-visibility",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: { "index.js": program() },
    });
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  it("creates without a change of the Hub, and then finds no changes, even after someone created a private repository", async () => {
    await project.up();
    assert.equal(puts(), 0);
    assert.deepEqual(await project.outputs(), { violations: [], count: 0, all: 17 });
    const kept = await project.resource("acme");
    assert.equal(kept?.id, "acme/visibility");
    const wanted = ["report", "private", 10];
    const { mode, widest, maxChanges } = kept?.outputs ?? {};
    assert.deepEqual([mode, widest, maxChanges], wanted, "defaults are stored");
    const body = { name: "zeta", organization: "acme", type: "model", visibility: "private" };
    await request(hub.endpoint, hub.tokens.write, "POST", "/api/repos/create", body);
    await project.preview({ refresh: true, expectNoChanges: true });
  });

  it("shows a repository that no program declares, and only reports it", async () => {
    await byHand("acme/speech-base", "public");
    const gate = await drift();
    assert.equal(gate.code, 7, gate.text);
    assert.match(gate.text, /widest +: "private" => "public"/);
    assert.match(
      gate.text,
      /warning: OrganizationVisibility of acme: more people can see 1 of the 18 repositories of acme than the program allows: model acme\/speech-base \(public, allowed: private\) \(by wim-write at /,
    );
    const up = await project.up({ refresh: true });
    assert.match(up.text, /model acme\/speech-base \(public, allowed: private\)/);
    assert.equal(stored("acme/speech-base"), "public");
    const violation = {
      repo: "acme/speech-base",
      repoType: "model",
      visibility: "public",
      allowed: "private",
    };
    assert.deepEqual(await project.outputs(), { violations: [violation], count: 1, all: 18 });
    await project.preview({ expectNoChanges: true });
    await project.refresh();
    assert.equal((await drift()).code, 7, "it is still a difference from the program");
  });

  it("narrows with the mode enforce what an earlier run has shown, but not what this refresh is the first to show", async () => {
    await byHand("acme/zeta", "public");
    await write('mode: "enforce", maxChanges: 1');
    const first = await project.up({ refresh: true });
    assert.match(
      first.text,
      /OrganizationVisibility of acme: narrowed model acme\/speech-base from public to private/,
    );
    assert.match(first.text, /model acme\/zeta \(public, allowed: private\) \(by wim-write at /);
    assert.deepEqual([stored("acme/speech-base"), stored("acme/zeta")], ["private", "public"]);
    const next = await project.preview({ expectNoChanges: true, allowFailure: true });
    assert.equal(next.code, 7, next.text);
    assert.match(next.text, /`pulumi up` narrows model acme\/zeta from public to private/);
    await project.up();
    assert.equal(stored("acme/zeta"), "private");
    await project.preview({ refresh: true, expectNoChanges: true });
  });

  it("sends nothing for a wider limit, nor for what a RepoVisibility of the stack declares wider", async () => {
    await byHand("acme/zeta", "public");
    const before = puts();
    await write('mode: "enforce", widest: "public"');
    await project.up({ refresh: true });
    assert.deepEqual([puts(), stored("acme/zeta")], [before, "public"]);
    await write(
      'mode: "enforce"',
      'new hf.RepoVisibility("new", { repo: "acme/zeta", visibility: "public", acknowledgePublic: "launch" });',
    );
    for (let night = 0; night < 2; night++) {
      const up = await project.up({ refresh: true });
      if (night > 0) assert.equal(up.changes["update"] ?? 0, 1);
      assert.equal(stored("acme/zeta"), "public", `night ${night}`);
    }
  });

  it("replaces for another organization, and looks one up", async () => {
    const value = 'new hf.OrganizationVisibility("acme", { organization: "globex" });';
    const found = 'hf.OrganizationVisibility.get("found", "acme/visibility")';
    await project.write(
      "index.js",
      `const hf = require("pulumi-huggingface"); ${value} const found = ${found};
module.exports = { count: found.violationCount, widest: found.widest };`,
    );
    const before = puts();
    const hidden = await project.up({ allowFailure: true });
    assert.match(
      hidden.text,
      /It is unclear whether the list has all of them: the token's owner is not a member of globex/,
    );
    hub.store.tables.memberships.put("globex/ada-admin", {
      ...{ organization: "globex", user: "ada-admin", role: "admin" },
    });
    const up = await project.up();
    assert.equal(up.changes["replace"], 1);
    assert.equal((await project.resource("acme"))?.id, "globex/visibility");
    assert.deepEqual(await project.outputs(), { count: 8, widest: "private" });
    await project.preview({ expectNoChanges: true });
    assert.equal(puts(), before);
  });

  it("names the position of a wrong exception", async () => {
    await project.write(
      "index.js",
      `
const hf = require("pulumi-huggingface");
const open = { visibility: "public", reason: "open" };
new hf.OrganizationVisibility("acme", { organization: "acme",
  exceptions: [{ repo: "acme/llm", ...open }, { repo: "globex/x", ...open }, { repo: "acme", ...open }] });`,
    );
    const wrong = await project.preview({ allowFailure: true });
    assert.notEqual(wrong.code, 0);
    assert.match(wrong.text, /exceptions: item 2\.repo: does not have the right form; "namespace\/name"/);
  });

  it("destroys without a change of the Hub", async () => {
    const before = puts();
    const { text } = await project.destroy();
    assert.match(text, /OrganizationVisibility of globex: nothing was changed on the Hub/);
    assert.equal(puts(), before);
  });
});
