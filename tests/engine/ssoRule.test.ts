// Histories of single sign-on in which a change by hand on the Hub must stay, on the engine.
import assert from "node:assert/strict";
import { fingerprintOf } from "../../provider/src/rules/certificate";
import { makeCertificate } from "../support/certificate";
import { createProject, type Project } from "../support/engine";
import { startHub, type Hub } from "../support/hub";
import { request } from "../support/request";

const PATH = "/api/organizations/acme/settings/sso";

describe("rule for SsoConfig, on the engine", function () {
  this.timeout(400_000);
  let hub: Hub;
  let project: Project;
  const pem: Record<string, string> = {};

  const program = (args: string, name = "sso"): string => `
const fs = require("fs");
const { secret } = require("@pulumi/pulumi");
const pem = (name) => fs.readFileSync(name + ".pem", "utf8");
new (require("pulumi-huggingface").SsoConfig)("${name}", { organization: "acme", provider: "saml",
  ssoUrl: secret("https://planted.example/sso"), ${args} });`;
  const write = (...parts: Parameters<typeof program>) => project.write("index.js", program(...parts));
  const stored = () => hub.store.sso.get("acme");
  const assertStored = (name: string) =>
    assert.equal(fingerprintOf(stored()?.certificate), fingerprintOf(pem[name]));
  const byHand = (body: object) => request(hub.endpoint, hub.tokens.admin, "PUT", PATH, body);
  const fault = (method: string, status: number, times = 1) =>
    hub.inject({ method, path: /settings\/sso$/, effect: { status, body: { error: "no" } }, times });
  const puts = () => hub.store.requests.filter(({ method }) => method === "PUT").length;

  before(async () => {
    hub = await startHub();
    for (const name of ["first", "merged", "emergency"]) pem[name] = (await makeCertificate()).certificate;
    project = await createProject({
      name: "sso-rule",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: {
        "index.js": program('certificate: pem("first"), adopt: true'),
        ...Object.fromEntries(Object.entries(pem).map(([name, text]) => [`${name}.pem`, text])),
      },
    });
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  it("prevents a creation and a nightly run from overwriting the configuration after a 404 without a code", async () => {
    await byHand({
      provider: "saml",
      enabled: true,
      ssoUrl: "https://a.example",
      certificate: pem["emergency"],
    });
    const preview = await project.preview();
    assert.match(preview.text, /adopt is true: this creation overwrites any single sign-on/);
    fault("GET", 404);
    const creation = await project.up({ allowFailure: true });
    assert.match(creation.text, /It is unclear whether acme has single sign-on/);
    assertStored("emergency");
    const up = await project.up();
    assert.match(
      up.text,
      /takes over a configuration that is not in the state, and overwrites ssoUrl, certificate/,
    );
    assertStored("first");
    await byHand({ certificate: pem["emergency"] });
    await project.refresh();
    fault("GET", 404);
    const night = await project.up({ allowFailure: true });
    assert.match(night.text, /It is unclear whether acme has single sign-on/);
    assert.equal(stored()?.enabled, true);
    assertStored("emergency");
    await byHand({ certificate: pem["first"] });
    await project.refresh();
  });

  it("keeps a newer certificate set by hand if a merged one was never sent, and reports it in the preview", async () => {
    await write('certificate: pem("merged")');
    fault("PUT", 400);
    assert.match((await project.up({ allowFailure: true })).text, /400/);
    await byHand({ certificate: pem["emergency"] });
    for (let night = 0; night < 2; night++) {
      const before = puts();
      const preview = await project.preview({ refresh: true });
      assert.match(preview.text, /`pulumi up` will refuse this\. Someone changed certificate/);
      const refused = await project.up({ refresh: true, allowFailure: true });
      assert.match(refused.text, /Someone changed certificate .* nothing was sent/);
      assert.match(
        (await project.preview()).text,
        /`pulumi up` will refuse this\. Someone changed certificate/,
      );
      assert.equal(puts(), before);
    }
    assert.ok(
      !JSON.stringify(await project.state()).includes("planted.example"),
      "the state of a failed update is encrypted",
    );
    await write('certificate: pem("merged"), acknowledgeOverwrite: "the incident is over"');
    await project.up({ refresh: true });
    assertStored("merged");
    await project.preview({ refresh: true, expectNoChanges: true });
    assert.ok(!JSON.stringify(await project.state()).includes("planted.example"));
  });

  it("keeps a change that the run knows to be someone else's, even after a rename without an alias and with adopt: true", async () => {
    await byHand({ certificate: pem["emergency"] });
    await write(
      'certificate: pem("merged"), adopt: true, acknowledgeOverwrite: "the incident is over"',
      "renamed",
    );
    const refused = await project.up({ refresh: true, allowFailure: true });
    assert.match(refused.text, /Someone changed certificate .* nothing was sent/);
    assertStored("emergency");
  });
});
