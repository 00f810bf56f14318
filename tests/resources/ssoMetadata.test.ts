// SAML metadata instead of a sign-on URL and a certificate, over the life of a resource on the local Hub.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { ssoConfigDefinition } from "../../provider/src/resources/ssoConfig/lifecycle";
import { ssoCredentialDefinition } from "../../provider/src/resources/ssoCredential/lifecycle";
import { fingerprintOf } from "../../provider/src/rules/certificate";
import { makeCertificate } from "../support/certificate";
import { startHub, type Hub } from "../support/hub";
import { Clock, ResourceHarness } from "../support/lifecycle";
import { samlMetadata } from "../support/samlMetadata";

const SIGN_ON = "https://idp.acme.example/sso";

describe("SAML metadata", () => {
  let hub: Hub;
  let clock: Clock;
  let byHand: HubClient;
  /** Certificates, named by their expiry. All have one subject, so that they look like each other's successors. */
  let pem: string;
  let later: string;
  let future: string;
  let weak: string;
  let ended: string;
  let emergency: string;

  before(async () => {
    const make = async (end: string, changes: object = {}) => {
      const dates = { notBeforeDate: new Date("2026-01-01"), notAfterDate: new Date(end) };
      return (await makeCertificate({ ...dates, ...changes })).certificate;
    };
    ended = await make("2026-06-01");
    pem = await make("2027-01-01");
    later = await make("2028-01-01");
    weak = await make("2029-01-01", { keySize: 1024 });
    emergency = await make("2029-01-01");
    future = await make("2030-01-01", { notBeforeDate: new Date("2027-06-01") });
  });
  beforeEach(async () => {
    clock = new Clock();
    hub = await startHub({ now: () => clock.now });
    byHand = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  });
  afterEach(() => hub.close());

  const slot = () => new ResourceHarness(ssoConfigDefinition, { hub, clock });
  const withXml = (metadataXml: unknown, changes: object = {}) => ({
    organization: "acme",
    provider: "saml",
    metadataXml,
    ...changes,
  });
  const withCertificates = (...certificates: string[]) => withXml(samlMetadata({ certificates }));
  const stored = () => hub.store.sso.get("acme");
  const assertStored = (certificate: string) =>
    assert.equal(fingerprintOf(stored()?.certificate), fingerprintOf(certificate));

  it("provides its parts: the document is not kept, and another way of writing it changes nothing", async () => {
    const sso = slot();
    assert.equal(await sso.up(withCertificates(pem)), "create");
    assert.equal(stored()?.ssoUrl, SIGN_ON);
    assertStored(pem);
    assert.ok(!("metadataXml" in sso.kept));
    assert.deepEqual(sso.warnings(), []);
    const attributes = 'ID="_2" validUntil="2027-01-01T00:00:00Z"';
    assert.equal(await sso.up(withXml(samlMetadata({ certificates: [pem], attributes }))), "same");
    assert.equal(await sso.up(withXml(undefined, { ssoUrl: SIGN_ON, certificate: pem })), "same");
    assert.deepEqual(await sso.refresh(), []);
    assert.equal(await sso.up(withCertificates(later)), "update");
  });

  it("changes nothing as time passes: the certificate in use stays until someone chooses another", async () => {
    const sso = slot();
    await sso.up(withCertificates(pem));
    assert.equal(await sso.up(withCertificates(future, pem)), "same", "published ahead");
    clock.now = new Date("2027-07-01T00:00:00Z");
    sso.said.length = 0;
    assert.equal(await sso.up(withCertificates(future, pem)), "same", "expired");
    assert.match(sso.warnings().join("\n"), /the certificate expired/);
    assert.match(
      sso.warnings().join("\n"),
      new RegExp(`already in use\\. Not used: ${fingerprintOf(future)}`),
    );
    assertStored(pem);
    const chosen = { ...withCertificates(pem, future), certificate: future };
    assert.equal(await sso.up(chosen), "update");
    assert.equal(await sso.up(withCertificates(pem, future)), "same", "chosen once");
    assertStored(future);
    clock.now = new Date("2027-01-02T00:00:00Z");
    assert.equal(await sso.up(withCertificates(later)), "update", "the former one is gone");
    assertStored(later);
  });

  it("chooses a usable certificate, not a weak one or one of another organization", async () => {
    const xml = samlMetadata({ certificates: [pem, weak, later, future, ended] });
    const chosen = (sso: { check(args: object): object }, changes: object = {}) =>
      fingerprintOf((sso.check(withXml(xml, changes)) as { certificate?: string }).certificate);
    const sso = slot();
    assert.equal(chosen(sso), fingerprintOf(later));
    await sso.up(withXml(xml, { certificate: pem }));
    assert.equal(chosen(sso), fingerprintOf(pem));
    assert.equal(chosen(sso, { organization: "globex" }), fingerprintOf(later));
    Object.assign(sso, { state: { ...sso.kept, certificate: weak } });
    assert.equal(chosen(sso), fingerprintOf(later));
  });

  describe("with a certificate that someone changed on the Hub", () => {
    /** It would choose `later`, but already has `pem`. */
    const both = () => withCertificates(pem, later);
    const acknowledged = () => ({ ...both(), acknowledgeOverwrite: "the incident is over" });
    let sso: ReturnType<typeof slot>;
    beforeEach(async () => {
      sso = slot();
      await sso.up(withCertificates(pem));
      await sso.up(both());
    });
    const change = async (settings: Parameters<HubClient["updateSsoConfig"]>[1]) => {
      await byHand.updateSsoConfig("acme", settings);
      return sso.refresh();
    };
    const remove = async () => {
      await byHand.deleteSsoConfig("acme");
      await sso.refresh();
    };
    const assertNothingLeft = async (args: object) => {
      assert.deepEqual(await sso.refresh(), []);
      assert.equal(sso.preview(args), "same");
    };

    it("keeps another certificate of the document", async () => {
      assert.deepEqual(await change({ certificate: later }), ["certificate"]);
      await sso.up(both());
      assertStored(later);
      await assertNothingLeft(both());
    });
    it("restores the former certificate for a new reason", async () => {
      await change({ certificate: later });
      await sso.up(acknowledged());
      assertStored(pem);
      await assertNothingLeft(acknowledged());
    });
    it("neither reverts one that is not in the document nor chooses another, until there is a reason", async () => {
      for (const shown of [["certificate"], []]) {
        assert.deepEqual(await change({ certificate: emergency }), shown);
        await assert.rejects(sso.up(both()), /Someone changed certificate .*not reverted automatically/);
        assertStored(emergency);
      }
      await sso.up(acknowledged());
      assertStored(pem);
      await assertNothingLeft(acknowledged());
    });
    it("restores the former certificate after another protocol", async () => {
      await change({ provider: "oidc", ssoUrl: "https://x.example", clientId: "x", clientSecret: "y" });
      await assert.rejects(sso.up(both()), /Someone changed provider, ssoUrl, clientId, certificate /);
      await sso.up(acknowledged());
      assertStored(pem);
    });
    it("keeps another certificate of the document after everything was deleted, but not the rest", async () => {
      await change({ certificate: later, ssoUrl: "https://elsewhere.example", enabled: false });
      await remove();
      sso.said.length = 0;
      assert.equal(await sso.up(both()), "update");
      assert.doesNotMatch(sso.warnings().join(), /will refuse/);
      assertStored(later);
      assert.equal(stored()?.ssoUrl, SIGN_ON);
      await assertNothingLeft(both());
    });
    it("sets up the former certificate after one that is not in the document was deleted", async () => {
      await change({ certificate: emergency });
      await remove();
      await sso.up(both());
      assertStored(pem);
      await assertNothingLeft(both());
    });
  });

  it("uses the certificate and the URL that are given with it, if it contains them", async () => {
    const signOn = [
      { location: "https://idp.acme.example/a" },
      { binding: "HTTP-POST", location: "https://idp.acme.example/b" },
    ];
    const xml = samlMetadata({ certificates: [pem, later], signOn });
    const sso = slot();
    await sso.up(withXml(xml, { certificate: pem, ssoUrl: "https://idp.acme.example/b" }));
    assertStored(pem);
    assert.equal(stored()?.ssoUrl, "https://idp.acme.example/b");
    assert.deepEqual(sso.warnings(), []);
    assert.throws(
      () => sso.check(withXml(xml, { certificate: future })),
      /metadataXml: the certificate \(SHA/,
    );
    assert.throws(
      () => sso.check(withXml(xml, { ssoUrl: "https://c.example" })),
      /metadataXml: the sign-on URL/,
    );
  });

  it("is refused, once and without being printed, if its parts would be refused or it cannot be used", () => {
    const plain = samlMetadata({ certificates: [pem], signOn: [{ location: "http://idp.acme.example" }] });
    const parts = { provider: "oidc", ssoUrl: "https://x.example", clientId: "a", clientSecret: "b" };
    for (const [args, reason] of [
      [withCertificates(ended), /^: certificate: expired[^\n]*$/],
      [withCertificates(weak), /^: certificate: [^\n]*1024 bits[^\n]*$/],
      [withCertificates(future), /^: certificate: is not valid before[^\n]*$/],
      [withXml(plain), /^: ssoUrl: must begin with https[^\n]*$/],
      [withXml("secret"), /^: metadataXml: is not well-formed XML[^\n]*$/],
      [withXml('<!DOCTYPE x [<!ENTITY secret "y">]><x/>'), /^: metadataXml: contains a document type[^\n]*$/],
      [withCertificates(), /^: metadataXml: contains no signing certificate[^\n]*$/],
      [withXml(samlMetadata({ certificates: [pem] }), parts), /: metadataXml: is only for provider "saml"/],
    ] as const) {
      assert.throws(
        () => slot().check(args),
        (error: Error) => reason.test(error.message) && !error.message.includes("secret"),
      );
    }
  });

  it("is not judged before it is known", () => {
    const checked = (args: object) => slot().check(args) as { ssoUrl?: string; certificate?: string };
    const unknown = checked(withXml(UNKNOWN));
    assert.deepEqual([unknown.ssoUrl, unknown.certificate], [UNKNOWN, UNKNOWN]);
    assert.equal(checked(withXml(UNKNOWN, { certificate: pem })).certificate, pem);
    const xml = samlMetadata({ certificates: [pem, later] });
    checked(withXml(xml, { certificate: UNKNOWN, ssoUrl: UNKNOWN, metadataUrl: UNKNOWN }));
    checked(withXml(xml, { provider: UNKNOWN, verifyIssuer: UNKNOWN }));
    checked(withXml(UNKNOWN, { provider: UNKNOWN }));
  });

  it("also provides the certificate of an SsoCredential", async () => {
    await slot().up(withCertificates(pem));
    const credential = new ResourceHarness(ssoCredentialDefinition, { hub, clock });
    const args = (more: object) => ({ organization: "acme", replaceExisting: true, ...more });
    const metadataXml = samlMetadata({ certificates: [later, pem] });
    await credential.up(args({ metadataXml }));
    assertStored(later);
    assert.ok(!("metadataXml" in credential.kept));
    assert.equal(await credential.up(args({ certificate: later })), "same");
    await credential.up(args({ certificate: pem }));
    assert.equal(await credential.up(args({ metadataXml })), "same", "the certificate in use stays");
    assert.equal(
      (credential.check(args({ metadataXml: UNKNOWN })) as { certificate?: string }).certificate,
      UNKNOWN,
    );
  });
});
