import assert from "node:assert/strict";
import { expectStatus } from "./ask";
import { makeCertificate } from "../support/certificate";
import { startHub, type Hub } from "../support/hub";

const SSO = "/api/organizations/acme/settings/sso";
const OIDC = { provider: "oidc", ssoUrl: "https://login.example", clientId: "hub", clientSecret: "s3cret-1" };

describe("local Hub: single sign-on", () => {
  let hub: Hub;
  let certificate: string;
  before(async () => ({ certificate } = await makeCertificate()));
  beforeEach(async () => (hub = await startHub()));
  afterEach(() => hub.close());

  it("answers with a specific error code if it was never configured", async () => {
    const { headers } = await expectStatus(404, hub, "GET", SSO);
    assert.equal(headers.get("x-error-code"), "SsoNotConfigured");
    await expectStatus(404, hub, "DELETE", SSO);
  });

  it("configures OIDC and never returns the secret", async () => {
    const { body } = await expectStatus(200, hub, "PUT", SSO, { body: { ...OIDC, enabled: true } });
    assert.deepEqual(
      { ...body, updatedAt: "" },
      {
        provider: "oidc",
        enabled: true,
        ssoUrl: "https://login.example",
        clientId: "hub",
        updatedAt: "",
      },
    );
    const { body: read } = await expectStatus(200, hub, "GET", SSO);
    assert.deepEqual(read, body);
    assert.ok(hub.store.hasClientSecret("acme", "s3cret-1"));
    assert.ok(!JSON.stringify([...hub.store.sso.values()]).includes("s3cret-1"));
    assert.ok(!JSON.stringify(hub.store.auditEvents).includes("s3cret-1"));
  });

  it("configures SAML, changes single settings, turns it on and off, and removes it", async () => {
    const ssoUrl = "https://idp.example/saml";
    await expectStatus(200, hub, "PUT", SSO, { body: { provider: "saml", ssoUrl, certificate } });
    await expectStatus(200, hub, "PUT", SSO, { body: { enabled: true } });
    const { body } = await expectStatus(200, hub, "GET", SSO);
    assert.equal(body.enabled, true);
    assert.equal(body.certificate, certificate);
    await expectStatus(200, hub, "PUT", SSO, { body: { enabled: false } });
    await expectStatus(204, hub, "DELETE", SSO);
    await expectStatus(404, hub, "GET", SSO);
    assert.deepEqual(
      hub.store
        .auditEventsOf("acme")
        .map((event) => event.type)
        .filter((type) => type.includes("sso")),
      [
        "org.settings.sso",
        "org.settings.sso",
        "org.settings.sso.enable",
        "org.settings.sso",
        "org.settings.sso.disable",
        "org.settings.sso",
      ],
    );
  });

  it("forgets the other protocol's settings when the protocol changes", async () => {
    await expectStatus(200, hub, "PUT", SSO, { body: { ...OIDC, enabled: true } });
    await expectStatus(400, hub, "PUT", SSO, { body: { provider: "saml" } });
    const body = { provider: "saml", ssoUrl: "https://idp.example/saml", certificate };
    const reply = await expectStatus(200, hub, "PUT", SSO, { body });
    assert.equal(reply.body.clientId, undefined);
    assert.equal(hub.store.sso.get("acme")?.clientSecretHash, undefined);
  });

  for (const [what, body] of [
    ["a first configuration without a protocol", { enabled: false }],
    ["an empty body", {}],
    ["a secret for SAML", { provider: "saml", clientSecret: "x" }],
    ["a certificate for OIDC", { provider: "oidc", certificate: "x" }],
    ["an invalid URL", { provider: "oidc", ssoUrl: "login" }],
    [
      "turning on an incomplete configuration",
      { provider: "oidc", ssoUrl: "https://login.example", enabled: true },
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      await expectStatus(400, hub, "PUT", SSO, { body });
      assert.equal(hub.store.sso.size, 0);
    });
  }

  it("requires an administrator and a paid plan", async () => {
    await expectStatus(403, hub, "GET", SSO, { token: hub.tokens.write });
    await expectStatus(403, hub, "GET", SSO, { token: hub.tokens.outsider });
    hub.store.setPlan("acme", "free");
    await expectStatus(402, hub, "GET", SSO);
  });

  it("gives the same answers to a configuration that no one can sign in with", async () => {
    const { privateKey } = await makeCertificate();
    const made = async (options: object) => (await makeCertificate(options)).certificate;
    const answers = new Set<string>();
    const keep = ({ body }: { body: Record<string, unknown> }) =>
      answers.add(JSON.stringify({ ...body, certificate: "", ssoUrl: "", updatedAt: "" }));
    await expectStatus(200, hub, "PUT", SSO, {
      body: { provider: "saml", ssoUrl: "https://idp.example/saml", certificate, enabled: true },
    });
    for (const wrong of [
      certificate,
      await made({ notAfterDate: new Date("2020-01-01"), notBeforeDate: new Date("2019-01-01") }),
      await made({ notBeforeDate: new Date("2100-01-01"), notAfterDate: new Date("2101-01-01") }),
      await made({ keySize: 1024 }),
      await made({ algorithm: "sha1" }),
      await made({ extensions: [{ name: "keyUsage", keyCertSign: true }] }),
      `${certificate}\n${certificate}`,
      privateKey,
      "none",
    ]) {
      keep(await expectStatus(200, hub, "PUT", SSO, { body: { certificate: wrong } }));
      keep(await expectStatus(200, hub, "GET", SSO));
      const { body } = await expectStatus(200, hub, "PUT", `${SSO}/credentials`, {
        body: { x509Cert: wrong },
      });
      assert.equal(body, undefined);
    }
    for (const ssoUrl of [
      "http://idp.example/saml",
      "https://unknown.invalid/",
      "https://idp.example/?a=b",
    ]) {
      keep(await expectStatus(200, hub, "PUT", SSO, { body: { ssoUrl } }));
    }
    assert.equal(answers.size, 1, [...answers].join("\n"));
  });

  describe("credentials", () => {
    const CREDENTIALS = `${SSO}/credentials`;

    it("replaces the credential and keeps single sign-on turned on, if it fits the protocol", async () => {
      await expectStatus(404, hub, "PUT", CREDENTIALS, { body: { clientSecret: "x" } });
      await expectStatus(200, hub, "PUT", SSO, { body: { ...OIDC, enabled: true } });
      await expectStatus(200, hub, "PUT", CREDENTIALS, { body: { clientSecret: "s3cret-2" } });
      assert.ok(hub.store.hasClientSecret("acme", "s3cret-2"));
      assert.equal(hub.store.sso.get("acme")?.enabled, true);
      await expectStatus(400, hub, "PUT", CREDENTIALS, { body: { x509Cert: certificate } });
    });

    it("accepts a certificate as PEM, as bare base64, or any other text, because the Hub may not check it", async () => {
      const body = { provider: "saml", ssoUrl: "https://idp.example/saml", certificate };
      await expectStatus(200, hub, "PUT", SSO, { body });
      await expectStatus(200, hub, "PUT", CREDENTIALS, { body: { x509Cert: certificate } });
      const bare = certificate.replace(/-----[^-]+-----/g, "").trim();
      await expectStatus(200, hub, "PUT", CREDENTIALS, { body: { x509Cert: bare } });
      await expectStatus(200, hub, "PUT", CREDENTIALS, { body: { x509Cert: "none" } });
      await expectStatus(200, hub, "PUT", SSO, { body: { certificate: "none" } });
    });

    for (const body of [{}, { clientSecret: "" }, { clientSecret: 5 }]) {
      it(`refuses ${JSON.stringify(body)}`, () => expectStatus(400, hub, "PUT", CREDENTIALS, { body }));
    }
  });
});
