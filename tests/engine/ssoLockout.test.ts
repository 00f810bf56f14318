// Single sign-on without a lockout, on the engine, with an identity provider on this machine that uses https.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fingerprintOf } from "../../provider/src/rules/certificate";
import { makeCertificate } from "../support/certificate";
import { createProject, type EngineResult, type Project } from "../support/engine";
import { startHub, type Hub } from "../support/hub";
import { request } from "../support/request";
import { samlMetadata } from "../support/samlMetadata";

const DAY = 86_400_000;

describe("single sign-on without a lockout, on the engine", function () {
  this.timeout(400_000);
  let hub: Hub;
  let project: Project;
  let provider: https.Server;
  let origin: string;
  let folder: string;
  let pem: string;
  let short: string;
  /** The documents of the identity provider, by path. */
  const pages = new Map<string, string>();
  const asked: { path: string; headers: Record<string, unknown> }[] = [];

  const program = (args: string): string => `
const fs = require("fs");
const hf = require("pulumi-huggingface");
const account = new hf.ServiceAccount("ci", { organization: "acme", name: "ci" });
const metadata = fs.readFileSync("metadata.xml", "utf8"), pem = fs.readFileSync("idp.pem", "utf8");
const sso = new hf.SsoConfig("sso", { organization: "acme", ${args} });
module.exports = { url: sso.ssoUrl, end: sso.certificateExpiresAt, print: sso.certificateFingerprint };`;
  const write = (args: string) => project.write("index.js", program(args));
  const stored = () => hub.store.sso.get("acme");
  const warnings = (result: EngineResult): string[] =>
    result.diagnostics.filter(({ severity }) => severity === "warning").map(({ message }) => message);
  const metadataUrl = (): string => `metadataUrl: "${origin}/metadata?tenant=geheim"`;

  before(async () => {
    hub = await startHub();
    pem = (await makeCertificate()).certificate;
    short = (await makeCertificate({ notAfterDate: new Date(Date.now() + 20.5 * DAY) })).certificate;
    const own = await makeCertificate({
      cn: "localhost",
      extensions: [
        { name: "basicConstraints", cA: true },
        { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] },
      ],
    });
    provider = https.createServer({ cert: own.certificate, key: own.privateKey }, (request, response) => {
      const path = request.url ?? "";
      asked.push({ path, headers: { ...request.headers } });
      const page = pages.get(path.split("?")[0] ?? "");
      response.writeHead(page === undefined ? 404 : 200).end(page);
    });
    provider.listen(0, "127.0.0.1");
    await once(provider, "listening");
    origin = `https://127.0.0.1:${(provider.address() as AddressInfo).port}`;
    folder = await mkdtemp(join(tmpdir(), "identity-provider-"));
    const trusted = join(folder, "tls.pem");
    await writeFile(trusted, own.certificate);
    project = await createProject({
      name: "sso-lockout",
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin, NODE_EXTRA_CA_CERTS: trusted },
      program: {
        // Unknown before the first update.
        "index.js": program('provider: "saml", metadataXml: account.createdAt.apply(() => metadata)'),
        "metadata.xml": samlMetadata({ certificates: [pem] }),
        "idp.pem": pem,
      },
    });
  });
  after(async () => {
    await project.dispose();
    await hub.close();
    provider.close();
    provider.closeAllConnections();
    await rm(folder, { recursive: true });
  });

  it("takes its settings from metadata, even if that is unknown in the preview, and does not store the document", async () => {
    const up = await project.up({ skipPreview: false });
    assert.equal(stored()?.ssoUrl, "https://idp.acme.example/sso");
    assert.equal(fingerprintOf(stored()?.certificate), fingerprintOf(pem));
    assert.match(
      up.text,
      /SsoConfig of acme: the Hub has the declared configuration.*Sign-in was not tested/,
    );
    await project.preview({ refresh: true, expectNoChanges: true });
    assert.equal((await project.outputs())["url"], "https://idp.acme.example/sso");
    const kept = await project.resource("sso");
    assert.ok(!("metadataXml" in (kept?.inputs ?? {})) && !("metadataXml" in (kept?.outputs ?? {})));
  });

  it("warns of a certificate that expires soon, once in each preview, also before a replacement", async () => {
    await project.write("metadata.xml", samlMetadata({ certificates: [short] }));
    await project.up();
    for (const options of [{}, { refresh: true }]) {
      const preview = await project.preview({ expectNoChanges: true, ...options });
      assert.deepEqual(warnings(preview).length, 1, preview.text);
      assert.match(warnings(preview).join(), /the certificate expires in 20 day/);
    }
    // The engine checks the arguments of a replacement twice.
    await write('provider: "saml", metadataXml: metadata, organization: "globex"');
    const replacing = await project.preview();
    assert.equal(replacing.changes["replace"], 1, replacing.text);
    assert.equal(warnings(replacing).length, 1, replacing.text);
    assert.match(warnings(replacing).join(), /SsoConfig of globex: the certificate expires in 20 day/);
  });

  it("keeps the certificate in use if the metadata contains another one, until someone chooses it", async () => {
    await project.write("metadata.xml", samlMetadata({ certificates: [short, pem] }));
    await write('provider: "saml", metadataXml: metadata');
    for (const options of [{}, { refresh: true }]) {
      const preview = await project.preview({ expectNoChanges: true, ...options });
      assert.equal(warnings(preview).length, 2, preview.text);
      const choice = warnings(preview).find((text) => text.includes("2 signing certificates")) ?? "";
      assert.ok(choice.includes(`${fingerprintOf(short)}, expires`), choice);
      assert.ok(choice.includes(`because it is already in use. Not used: ${fingerprintOf(pem)}`), choice);
    }
    await project.up();
    assert.equal(fingerprintOf(stored()?.certificate), fingerprintOf(short));
    await write('provider: "saml", metadataXml: metadata, certificate: pem');
    await project.up();
    assert.equal(fingerprintOf(stored()?.certificate), fingerprintOf(pem));
    await write('provider: "saml", metadataXml: metadata');
    await project.preview({ expectNoChanges: true });
  });

  it("does not overwrite a certificate that someone set in an emergency with one from the metadata", async () => {
    const emergency = (await makeCertificate()).certificate;
    await write('provider: "saml", metadataXml: metadata, certificate: fs.readFileSync("short.pem", "utf8")');
    await project.write("short.pem", short);
    await project.up();
    await write('provider: "saml", metadataXml: metadata');
    await request(hub.endpoint, hub.tokens.admin, "PUT", "/api/organizations/acme/settings/sso", {
      certificate: emergency,
    });
    for (let night = 0; night < 2; night++) {
      const refused = await project.up({ refresh: true, allowFailure: true });
      assert.match(refused.text, /Someone changed certificate .*not reverted automatically/s);
      assert.equal(stored()?.certificate, emergency);
    }
    const plan = await project.preview({ refresh: true, diff: true });
    assert.doesNotMatch(plan.text, /__/, "internal fields are not shown");
    await write('provider: "saml", metadataXml: metadata, acknowledgeOverwrite: "the incident is over"');
    await project.up({ refresh: true });
    assert.equal(fingerprintOf(stored()?.certificate), fingerprintOf(short), "the certificate from before");
    await project.preview({ refresh: true, expectNoChanges: true });
    assert.deepEqual(
      Object.keys((await project.resource("sso"))?.inputs ?? {}).filter((name) => name.startsWith("__")),
      ["__provider"],
    );
    await write('provider: "saml", metadataXml: metadata, certificate: pem');
    await project.up();
  });

  it("compares with the published data before it sends, without the Hub's token, but not in a preview", async () => {
    pages.set("/metadata", samlMetadata({ certificates: [short] }));
    const args = `provider: "saml", ssoUrl: "https://idp.acme.example/sso/2", certificate: pem, ${metadataUrl()}`;
    await write(args);
    await project.preview();
    assert.equal(asked.length, 0);
    const refused = await project.up({ allowFailure: true });
    assert.equal(refused.code, 1);
    assert.match(refused.text, /Nothing was sent, because the identity provider publishes something else/);
    assert.ok(refused.text.includes(fingerprintOf(pem) as string), refused.text);
    assert.ok(refused.text.includes(fingerprintOf(short) as string), refused.text);
    assert.equal(stored()?.ssoUrl, "https://idp.acme.example/sso");
    pages.set(
      "/metadata",
      samlMetadata({ certificates: [pem], signOn: [{ location: "https://idp.acme.example/sso/2" }] }),
    );
    const up = await project.up();
    assert.match(up.text, /publishes the same \(ssoUrl and certificate\)/);
    assert.equal(stored()?.ssoUrl, "https://idp.acme.example/sso/2");
    assert.equal(asked.length, 2);
    for (const { headers } of asked) {
      assert.equal(headers["authorization"], undefined);
      assert.ok(!JSON.stringify(headers).includes(hub.tokens.admin));
    }
    await project.preview({ expectNoChanges: true });
    assert.equal(asked.length, 2);
  });

  it("sends with a warning if the identity provider does not answer", async () => {
    pages.clear();
    await write(
      `provider: "saml", ssoUrl: "https://idp.acme.example/sso/3", certificate: pem, ${metadataUrl()}`,
    );
    const up = await project.up();
    assert.match(
      warnings(up).join(),
      /ssoUrl and certificate could not be compared.*\/metadata answered 404/,
    );
    assert.ok(!warnings(up).join().includes("geheim"), "the address without its query");
    assert.equal(stored()?.ssoUrl, "https://idp.acme.example/sso/3");
  });

  it("compares an issuer with its discovery document", async () => {
    const args = `provider: "oidc", ssoUrl: "${origin}/tenant", clientId: "hub", clientSecret: "correct-horse-battery"`;
    pages.set("/tenant/.well-known/openid-configuration", JSON.stringify({ issuer: `${origin}/other` }));
    await write(args);
    const refused = await project.up({ allowFailure: true });
    assert.match(refused.text, /another issuer, https:\/\/127\.0\.0\.1:\d+\/other/);
    assert.equal(stored()?.provider, "saml");
    pages.set("/tenant/.well-known/openid-configuration", JSON.stringify({ issuer: `${origin}/tenant` }));
    const up = await project.up();
    assert.match(up.text, /publishes the same \(the issuer\)/);
    assert.equal(stored()?.provider, "oidc");
    await project.preview({ refresh: true, expectNoChanges: true });
  });

  it("refuses invalid metadata by name, without printing it", async () => {
    await project.write("metadata.xml", '<!DOCTYPE x [<!ENTITY geheim-1 "geheim-2">]><x>&geheim-1;</x>');
    await write('provider: "saml", metadataXml: metadata');
    const { text, code } = await project.preview({ allowFailure: true });
    assert.equal(code, 1);
    assert.match(text, /has a problem: metadataXml: contains a document type/);
    assert.ok(!text.includes("geheim"));
  });
});
