import assert from "node:assert/strict";
import { makeCertificate } from "../support/certificate";
import { createProject, isSecretInState, type Project } from "../support/engine";
import { startHub, type Hub } from "../support/hub";
import { request } from "../support/request";

const DAY = 86_400_000;

describe("SsoConfig on the engine", function () {
  this.timeout(400_000);
  let hub: Hub;
  let project: Project;
  let pem: string;
  let short: string;

  const program = (args: string, more = ""): string => `
const fs = require("fs");
const hf = require("pulumi-huggingface");
const account = new hf.ServiceAccount("ci", { organization: "acme", name: "ci" });
const certificate = fs.readFileSync("idp.pem", "utf8"), short = fs.readFileSync("short.pem", "utf8");
const sso = new hf.SsoConfig("sso", { organization: "acme", ${args} });
module.exports = { provider: sso.provider, on: sso.enabled, end: sso.certificateExpiresAt, print: sso.certificateFingerprint };
${more}`;
  const saml = 'provider: "saml", ssoUrl: "https://idp.acme.example/sso", certificate';
  const oidc =
    'provider: "oidc", ssoUrl: "https://login.acme.example", clientId: "hub", clientSecret: "correct-horse-battery"';
  const write = (...parts: Parameters<typeof program>) => project.write("index.js", program(...parts));
  const stored = () => hub.store.sso.get("acme");
  const byHand = (body: object) =>
    request(hub.endpoint, hub.tokens.admin, "PUT", "/api/organizations/acme/settings/sso", body);

  before(async () => {
    hub = await startHub();
    pem = (await makeCertificate()).certificate;
    // It ends within the days before which a preview warns.
    short = (await makeCertificate({ notAfterDate: new Date(Date.now() + 20.5 * DAY) })).certificate;
    project = await createProject({
      name: "sso",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: {
        // Unknown before the first update.
        "index.js": program(
          saml.replace("certificate", "certificate: account.createdAt.apply(() => certificate)"),
        ),
        "idp.pem": pem,
        "short.pem": short,
      },
    });
  });
  after(async () => {
    await project.dispose();
    await hub.close();
  });

  it("creates, even with a certificate that is unknown in the preview, and then finds no changes", async () => {
    const preview = await project.preview();
    assert.equal(preview.steps.filter(({ op }) => op === "create").length, 2);
    assert.equal(stored(), undefined, "a preview sends nothing");
    await project.up();
    assert.equal(stored()?.certificate, pem);
    assert.equal(stored()?.enabled, true);
    await project.preview({ refresh: true, expectNoChanges: true });
    const outputs = await project.outputs<{ provider: string; on: boolean; end: string; print: string }>();
    assert.equal(outputs.provider, "saml");
    assert.equal(outputs.on, true);
    assert.ok(Date.parse(outputs.end) > Date.now() + 300 * DAY);
    assert.match(outputs.print, /^[0-9a-f]{64}$/);
    assert.equal((await project.resource("sso"))?.id, "acme/sso");
  });

  it("updates in place, and each preview warns once about a certificate that expires soon", async () => {
    await write(`${saml}: short`);
    const up = await project.up();
    assert.deepEqual(up.steps.find(({ name }) => name === "sso")?.changedInputs, ["certificate"]);
    assert.equal(stored()?.certificate, short);
    const preview = await project.preview({ expectNoChanges: true });
    const warnings = preview.diagnostics.filter(({ severity }) => severity === "warning");
    assert.equal(warnings.length, 1, preview.text);
    assert.match(warnings[0]?.message ?? "", /SsoConfig of acme: the certificate expires in 20 day/);
  });

  it("shows drift for each property, fails the gate, and reverts it only for a new reason", async () => {
    await byHand({ enabled: false, ssoUrl: "https://elsewhere.example/sso" });
    const gate = await project.preview({
      refresh: true,
      expectNoChanges: true,
      diff: true,
      allowFailure: true,
    });
    assert.equal(gate.code, 7, gate.text);
    assert.match(gate.text, /enabled *: true => false/);
    assert.match(
      gate.text,
      /ssoUrl *: "https:\/\/idp.acme.example\/sso" => "https:\/\/elsewhere.example\/sso"/,
    );
    const night = await project.up({ refresh: true, allowFailure: true });
    assert.notEqual(night.code, 0);
    assert.match(
      night.text,
      /Someone changed ssoUrl of the single sign-on of acme .* not reverted automatically/s,
    );
    assert.equal(stored()?.ssoUrl, "https://elsewhere.example/sso");
    await write(`${saml}: short, acknowledgeOverwrite: "the incident is over"`);
    const repair = await project.up({ refresh: true });
    assert.match(repair.text, /warning: SsoConfig of acme: someone changed enabled, ssoUrl on the Hub/);
    assert.equal(stored()?.enabled, true);
    assert.equal(stored()?.ssoUrl, "https://idp.acme.example/sso");
  });

  it("changes the protocol in place; the secret stays encrypted, and the configuration can be looked up", async () => {
    await write(
      oidc,
      'const found = hf.SsoConfig.get("found", "acme/sso"); Object.assign(module.exports, { id: found.clientId, by: found.provider });',
    );
    await project.up();
    assert.ok(hub.store.hasClientSecret("acme", "correct-horse-battery"));
    const kept = await project.resource("sso");
    assert.ok(isSecretInState(kept?.inputs?.["clientSecret"]));
    assert.ok(isSecretInState(kept?.outputs?.["clientSecret"]));
    const outputs = await project.outputs();
    assert.equal(outputs["provider"], "oidc");
    // Read before the end of the update, or after it.
    assert.ok(["saml", "oidc"].includes(outputs["by"] as string));
  });

  it("keeps single sign-on that was turned on by hand, until the program changes", async () => {
    await write(`${oidc}, enabled: false`);
    await project.up();
    assert.equal(stored()?.enabled, false);
    await byHand({ enabled: true });
    const refused = await project.up({ refresh: true, allowFailure: true });
    assert.match(refused.text, /turned on single sign-on of .*Declare enabled: true/s);
    assert.equal(stored()?.enabled, true);
    await write(oidc);
    await project.up({ refresh: true });
    await write(`${oidc}, enabled: false`);
    await project.up();
    assert.equal(stored()?.enabled, false);
  });

  it("reports all mistakes at the same time, without values that may be secret", async () => {
    await write(
      'provider: "saml", ssoUrl: "https://u:geheim-1@idp.acme.example", clientSecret: "geheim-2", certificate: "geheim-3", onDestroy: "drop"',
    );
    const schema = await project.preview({ allowFailure: true });
    assert.match(schema.text, /resource 'sso' has a problem: onDestroy: must be one of "retain", "disable"/);
    await write(
      'provider: "saml", ssoUrl: "https://u:geheim-1@idp.acme.example", clientSecret: "geheim-2", certificate: "geheim-3"',
    );
    const rules = await project.preview({ allowFailure: true });
    assert.match(rules.text, /clientSecret: is only for provider "oidc"/);
    assert.match(rules.text, /ssoUrl: must not contain a user name or a password/);
    assert.match(rules.text, /certificate: is not a PEM certificate/);
    assert.ok(!/geheim-[123]/.test(schema.text + rules.text));
  });

  it("replaces for another organization, whose configuration is not overwritten", async () => {
    hub.store.tables.memberships.put("globex/ada-admin", {
      organization: "globex",
      user: "ada-admin",
      role: "admin",
    });
    await write(oidc.replace("provider:", 'organization: "globex", provider:'));
    await request(hub.endpoint, hub.tokens.admin, "PUT", "/api/organizations/globex/settings/sso", {
      provider: "saml",
      ssoUrl: "https://idp.globex.example",
    });
    const refused = await project.up({ allowFailure: true });
    assert.match(refused.text, /globex already has single sign-on configured.*set adopt to true/s);
    assert.equal(hub.store.sso.get("globex")?.provider, "saml");
    await write(
      oidc.replace("provider:", 'organization: "globex", adopt: true, onDestroy: "disable", provider:'),
    );
    const up = await project.up();
    assert.equal(up.changes["replace"], 1);
    assert.equal(hub.store.sso.get("globex")?.provider, "oidc");
    assert.equal(stored()?.clientId, "hub", "the existing configuration stays");
  });

  it("keeps single sign-on after a destroy, or turns it off if the program declares it", async () => {
    await project.destroy();
    assert.equal(hub.store.sso.get("globex")?.enabled, false);
    assert.ok(stored());
  });
});

describe("SsoConfig with secret arguments", function () {
  this.timeout(200_000);
  it("stores none of them unencrypted, even under another name, after drift and a refresh", async () => {
    const hub = await startHub();
    const planted = ["planted.example", "planted-client", "planted-reason", "planted-secret"];
    const program = (reason = "") => `
const { secret } = require("@pulumi/pulumi");
new (require("pulumi-huggingface").SsoConfig)("sso", { organization: "acme", provider: "oidc", verifyIssuer: false,
  ssoUrl: secret("https://planted.example/"), clientId: secret("planted-client"), clientSecret: "planted-secret", ${reason} });`;
    const project = await createProject({
      name: "sso-secrets",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: { "index.js": program() },
    });
    const inClear = async (): Promise<string[]> => {
      const state = JSON.stringify(await project.state());
      return planted.filter((each) => state.includes(each));
    };
    try {
      await project.up();
      assert.deepEqual(await inClear(), []);
      await request(hub.endpoint, hub.tokens.admin, "PUT", "/api/organizations/acme/settings/sso", {
        enabled: false,
        clientId: "by-hand",
      });
      await project.refresh();
      assert.deepEqual(await inClear(), []);
      await project.write("index.js", program('acknowledgeOverwrite: secret("planted-reason")'));
      await project.up({ refresh: true });
      assert.equal(hub.store.sso.get("acme")?.clientId, "planted-client");
      assert.deepEqual(await inClear(), []);
      await project.preview({ refresh: true, expectNoChanges: true });
    } finally {
      await project.dispose();
      await hub.close();
    }
  });
});

describe("SsoConfig on a Hub with the public API only", function () {
  this.timeout(120_000);
  it("reports it and names SsoCredential", async () => {
    const hub = await startHub({ profile: "public" });
    const { certificate } = await makeCertificate();
    const project = await createProject({
      name: "sso-public",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
      program: {
        "index.js": `new (require("pulumi-huggingface").SsoConfig)("sso", { organization: "acme", provider: "saml",
          ssoUrl: "https://idp.acme.example", certificate: ${JSON.stringify(certificate)} });`,
      },
    });
    try {
      const { code, text } = await project.up({ allowFailure: true });
      assert.equal(code, 1);
      assert.match(text, /does not offer the API for the whole configuration.*SsoCredential/s);
    } finally {
      await project.dispose();
      await hub.close();
    }
  });
});
