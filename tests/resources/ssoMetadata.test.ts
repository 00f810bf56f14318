// SAML metadata in the place of a sign-on URL and a certificate.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { ssoConfigDefinition } from "../../provider/src/resources/ssoConfig/lifecycle";
import { ssoCredentialDefinition } from "../../provider/src/resources/ssoCredential/lifecycle";
import { fingerprintOf } from "../../provider/src/rules/certificate";
import { makeCertificate } from "../support/certificate";
import { startHub, type Hub } from "../support/hub";
import { Clock, Slot } from "../support/lifecycle";
import { samlMetadata } from "../support/samlMetadata";

const from = new Date("2026-01-01T00:00:00Z");

describe("SAML metadata in place of its parts", () => {
  let hub: Hub;
  let clock: Clock;
  let pem: string;
  let later: string;
  let future: string;
  let weak: string;
  let ended: string;

  before(async () => {
    const make = async (notAfter: string, changes: object = {}) =>
      (await makeCertificate({ notBeforeDate: from, notAfterDate: new Date(notAfter), ...changes }))
        .certificate;
    pem = await make("2027-01-01T00:00:00Z");
    later = await make("2028-01-01T00:00:00Z");
    future = await make("2030-01-01T00:00:00Z", { notBeforeDate: new Date("2027-06-01T00:00:00Z") });
    weak = await make("2029-01-01T00:00:00Z", { keySize: 1024 });
    ended = await make("2026-06-01T00:00:00Z");
  });
  beforeEach(async () => {
    clock = new Clock();
    hub = await startHub({ now: () => clock.now });
  });
  afterEach(() => hub.close());

  const slot = () => new Slot(ssoConfigDefinition, { hub, clock });
  const args = (metadataXml: unknown, changes: object = {}) => ({
    organization: "acme",
    provider: "saml",
    metadataXml,
    ...changes,
  });
  const stored = () => hub.store.sso.get("acme");

  it("is what the parts would be: the document is not kept, and a new writing of it is no change", async () => {
    const sso = slot();
    assert.equal(await sso.up(args(samlMetadata({ certificates: [pem] }))), "create");
    assert.equal(stored()?.ssoUrl, "https://idp.acme.example/sso");
    assert.equal(fingerprintOf(stored()?.certificate), fingerprintOf(pem));
    assert.ok(!("metadataXml" in sso.kept));
    assert.deepEqual(sso.warnings(), []);
    const rewritten = samlMetadata({
      certificates: [pem],
      attributes: 'ID="_2" validUntil="2027-01-01T00:00:00Z"',
    });
    assert.equal(await sso.up(args(rewritten)), "same");
    assert.equal(
      await sso.up(args(undefined, { ssoUrl: "https://idp.acme.example/sso", certificate: pem })),
      "same",
    );
    assert.deepEqual(await sso.refresh(), []);
    assert.equal(await sso.up(args(samlMetadata({ certificates: [later] }))), "update");
  });

  it("of several certificates takes the one that ends last of those in force, and names the others", async () => {
    const sso = slot();
    await sso.up(args(samlMetadata({ certificates: [pem, weak, later, future, ended] })));
    assert.equal(fingerprintOf(stored()?.certificate), fingerprintOf(later));
    const warning = sso.warnings().find((text) => text.includes("5 signing certificates")) ?? "";
    for (const left of [pem, weak, future, ended]) {
      assert.ok(warning.includes(fingerprintOf(left) as string), "named");
    }
    assert.match(
      warning,
      /takes one.*ends last of those in force.*Left out.*nobody can sign in.*as certificate beside/,
    );
  });

  it("time alone changes nothing: the one that the stack has stays, also once it has ended, until somebody chooses", async () => {
    const xml = samlMetadata({ certificates: [pem, future] });
    const sso = slot();
    await sso.up(args(xml));
    assert.equal(fingerprintOf(stored()?.certificate), fingerprintOf(pem));
    clock.now = new Date("2027-07-01T00:00:00Z");
    sso.said.length = 0;
    assert.equal(await sso.up(args(xml)), "same");
    assert.match(sso.warnings().join("\n"), /the certificate expired/);
    const choice = sso.warnings().find((text) => text.includes("because it is the one so far")) ?? "";
    assert.ok(choice.includes(`Left out: ${fingerprintOf(future)}`), choice);
    assert.match(choice, /to choose, give it as certificate beside metadataXml/);
    assert.equal(fingerprintOf(stored()?.certificate), fingerprintOf(pem));
    assert.equal(await sso.up(args(xml, { certificate: future })), "update");
    assert.equal(await sso.up(args(xml)), "same", "chosen once");
    assert.equal(fingerprintOf(stored()?.certificate), fingerprintOf(future));
  });

  it("a certificate that is published for later changes nothing until the one before is gone", async () => {
    const sso = slot();
    await sso.up(args(samlMetadata({ certificates: [pem] })));
    assert.equal(await sso.up(args(samlMetadata({ certificates: [later, pem] }))), "same");
    assert.equal(await sso.up(args(samlMetadata({ certificates: [later] }))), "update");
    assert.equal(fingerprintOf(stored()?.certificate), fingerprintOf(later));
  });

  it("whichever of them somebody has put on the Hub stays", async () => {
    const xml = samlMetadata({ certificates: [pem, later] });
    const sso = slot();
    await sso.up(args(xml));
    await new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin }).updateSsoConfig("acme", {
      certificate: pem,
    });
    assert.deepEqual(await sso.refresh(), ["certificate"]);
    await sso.up(args(xml));
    assert.equal(fingerprintOf(stored()?.certificate), fingerprintOf(pem));
    assert.deepEqual(await sso.refresh(), []);
  });

  describe("that someone changed on the Hub", () => {
    const byHand = () => new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    /** In the metadata, but not what it would be taken for: it is the one from before. */
    const xml = () => samlMetadata({ certificates: [pem, later] });
    let emergency: string;
    let sso: ReturnType<typeof slot>;
    before(async () => {
      const dates = { notBeforeDate: from, notAfterDate: new Date("2029-01-01") };
      emergency = (await makeCertificate(dates)).certificate;
    });
    beforeEach(async () => {
      sso = slot();
      await sso.up(args(samlMetadata({ certificates: [pem] })));
      await sso.up(args(xml()));
    });
    const isStored = (certificate: string) =>
      assert.equal(fingerprintOf(stored()?.certificate), fingerprintOf(certificate));

    it("to one that the metadata does not hold is not reverted automatically, and no other is chosen", async () => {
      await byHand().updateSsoConfig("acme", { certificate: emergency });
      for (const shown of [["certificate"], []]) {
        assert.deepEqual(await sso.refresh(), shown);
        await assert.rejects(sso.up(args(xml())), /Someone changed certificate .*not reverted automatically/);
        isStored(emergency);
      }
      await sso.up(args(xml(), { acknowledgeOverwrite: "the incident is over" }));
      isStored(pem);
      assert.deepEqual(await sso.refresh(), []);
      assert.equal(
        sso.preview(args(xml(), { acknowledgeOverwrite: "the incident is over" })),
        "same",
        "nothing is left to do",
      );
    });
    it("to another one of it is put back for a new reason", async () => {
      await byHand().updateSsoConfig("acme", { certificate: later });
      await sso.refresh();
      const acknowledged = args(xml(), { acknowledgeOverwrite: "not yet" });
      await sso.up(acknowledged);
      isStored(pem);
      assert.deepEqual(await sso.refresh(), []);
      assert.equal(sso.preview(acknowledged), "same");
    });
    it("to another protocol is put back with the certificate that there was", async () => {
      await byHand().updateSsoConfig("acme", {
        provider: "oidc",
        ssoUrl: "https://x.example",
        clientId: "x",
        clientSecret: "y",
      });
      await sso.refresh();
      await assert.rejects(sso.up(args(xml())), /Someone changed provider, ssoUrl, clientId, certificate /);
      await sso.up(args(xml(), { acknowledgeOverwrite: "a mistake" }));
      isStored(pem);
    });
    it("and that is deleted then: nothing of it stands in the way of what the program says", async () => {
      await byHand().updateSsoConfig("acme", {
        certificate: later,
        ssoUrl: "https://elsewhere.example",
        enabled: false,
      });
      await sso.refresh();
      await byHand().deleteSsoConfig("acme");
      await sso.refresh();
      sso.said.length = 0;
      assert.equal(await sso.up(args(xml())), "update");
      assert.doesNotMatch(sso.warnings().join(), /will refuse/, "it does not");
      isStored(later);
      assert.equal(stored()?.ssoUrl, "https://idp.acme.example/sso");
      assert.deepEqual(await sso.refresh(), []);
      assert.equal(sso.preview(args(xml())), "same");
    });
    it("to one that the metadata does not hold, and that is deleted then: the one from before is set up", async () => {
      await byHand().updateSsoConfig("acme", { certificate: emergency });
      await sso.refresh();
      await byHand().deleteSsoConfig("acme");
      await sso.refresh();
      await sso.up(args(xml()));
      isStored(pem);
      assert.deepEqual(await sso.refresh(), []);
    });
  });

  it("one that is weak, or another organization's, does not stay", async () => {
    const xml = samlMetadata({ certificates: [pem, weak, later] });
    const chosen = (sso: { check(args: object): object }, changes: object = {}) =>
      fingerprintOf((sso.check(args(xml, changes)) as { certificate?: string }).certificate);
    const sso = slot();
    await sso.up(args(xml, { certificate: pem }));
    assert.equal(chosen(sso), fingerprintOf(pem));
    assert.equal(chosen(sso, { organization: "globex" }), fingerprintOf(later));
    Object.assign(sso, { state: { ...sso.kept, certificate: weak } });
    assert.equal(chosen(sso), fingerprintOf(later));
  });

  it("takes what is given beside it, if it holds that", async () => {
    const signOn = [
      { location: "https://idp.acme.example/a" },
      { binding: "HTTP-POST", location: "https://idp.acme.example/b" },
    ];
    const xml = samlMetadata({ certificates: [pem, later], signOn });
    const sso = slot();
    await sso.up(args(xml, { certificate: pem, ssoUrl: "https://idp.acme.example/b" }));
    assert.equal(fingerprintOf(stored()?.certificate), fingerprintOf(pem));
    assert.equal(stored()?.ssoUrl, "https://idp.acme.example/b");
    assert.deepEqual(sso.warnings(), []);
    assert.throws(
      () => sso.check(args(xml, { certificate: future })),
      (error: Error) =>
        [future, pem, later].every((each) => error.message.includes(fingerprintOf(each) as string)) &&
        error.message.includes("metadataXml: the certificate"),
    );
    assert.throws(
      () => sso.check(args(xml, { ssoUrl: "https://c.example" })),
      /metadataXml: the sign-on URL is not among/,
    );
  });

  it("is judged as the parts are: none that ended, is weak or does not hold yet is sent", () => {
    for (const [wrong, reason] of [
      [ended, /certificate: expired/],
      [weak, /certificate: .*1024 bits/],
      [future, /certificate: is not valid before/],
    ] as const) {
      assert.throws(() => slot().check(args(samlMetadata({ certificates: [wrong] }))), reason);
    }
    const plain = samlMetadata({ certificates: [pem], signOn: [{ location: "http://idp.acme.example" }] });
    assert.throws(() => slot().check(args(plain)), /ssoUrl: must begin with https/);
  });

  it("is named where it cannot be used, once, and alone", () => {
    for (const [xml, reason] of [
      ["geheim", /^: metadataXml: is not well-formed XML[^\n]*$/],
      ['<!DOCTYPE x [<!ENTITY geheim "y">]><x/>', /^: metadataXml: holds a document type[^\n]*$/],
      [samlMetadata({}), /^: metadataXml: holds no signing certificate[^\n]*$/],
    ] as const) {
      assert.throws(
        () => slot().check(args(xml)),
        (error: Error) => reason.test(error.message) && !error.message.includes("geheim"),
      );
    }
    assert.throws(
      () => slot().check(args("x".repeat(1024 * 1024 + 1))),
      /metadataXml: must NOT have more than 1048576/,
    );
    assert.throws(() => slot().check(args(5)), /metadataXml: must be string/);
    assert.throws(
      () => slot().check({ organization: "acme", provider: "saml" }),
      /ssoUrl: is required.*\ncertificate: is required.*unless metadataXml/,
    );
    assert.throws(
      () =>
        slot().check(
          args(samlMetadata({ certificates: [pem] }), {
            provider: "oidc",
            ssoUrl: "https://x.example",
            clientId: "a",
            clientSecret: "b",
          }),
        ),
      /metadataXml: belongs to provider "saml"/,
    );
  });

  it("warns of a document that is out of date, as it says itself", async () => {
    const attributes = 'validUntil="2026-11-01T00:00:00Z"';
    const sso = slot();
    await sso.up(args(samlMetadata({ certificates: [pem], attributes })));
    assert.match(sso.warnings().join(), /valid until 2026-11-01T00:00:00.000Z/);
  });

  it("is not judged before it is known", () => {
    const sso = slot();
    const unknown = sso.check(args(UNKNOWN)) as unknown as Record<string, unknown>;
    assert.equal(unknown["ssoUrl"], UNKNOWN);
    assert.equal(unknown["certificate"], UNKNOWN);
    const chosen = sso.check(args(UNKNOWN, { certificate: pem })) as unknown as Record<string, unknown>;
    assert.equal(chosen["certificate"], pem);
    const xml = samlMetadata({ certificates: [pem, later] });
    sso.check(args(xml, { certificate: UNKNOWN, ssoUrl: UNKNOWN, metadataUrl: UNKNOWN }));
    sso.check(args(xml, { provider: UNKNOWN, verifyIssuer: UNKNOWN }));
    sso.check(args(UNKNOWN, { provider: UNKNOWN }));
  });

  it("holds the certificate of a credential alone", async () => {
    await slot().up(args(samlMetadata({ certificates: [pem] })));
    const credential = new Slot(ssoCredentialDefinition, { hub, clock });
    const of = (more: object) => ({ organization: "acme", replaceExisting: true, ...more });
    await credential.up(of({ metadataXml: samlMetadata({ certificates: [later, pem] }) }));
    assert.equal(fingerprintOf(stored()?.certificate), fingerprintOf(later));
    assert.ok(!("metadataXml" in credential.kept));
    assert.equal(await credential.up(of({ certificate: later })), "same");
    await credential.up(of({ certificate: pem }));
    assert.equal(
      await credential.up(of({ metadataXml: samlMetadata({ certificates: [later, pem] }) })),
      "same",
      "the one that the stack has stays",
    );
    assert.throws(() => credential.check(of({ metadataXml: "x", clientSecret: "y" })), /exactly one/);
    assert.throws(
      () => credential.check(of({ metadataXml: "<x/>" })),
      /^[^\n]*metadataXml: is not the SAML metadata[^\n]*$/,
    );
    assert.deepEqual(
      (credential.check(of({ metadataXml: UNKNOWN })) as { certificate?: string }).certificate,
      UNKNOWN,
    );
  });

  it("a credential's certificate that ends soon warns in each preview", async () => {
    await slot().up(args(samlMetadata({ certificates: [pem] })));
    const credential = new Slot(ssoCredentialDefinition, { hub, clock });
    const declared = { organization: "acme", replaceExisting: true, certificate: pem };
    await credential.up(declared);
    credential.said.length = 0;
    clock.now = new Date("2026-12-20T12:00:00Z");
    assert.equal(credential.preview(declared), "same");
    assert.match(credential.warnings().join(), /ends in 11 day\(s\)/);
    credential.said.length = 0;
    credential.preview({ ...declared, warnBeforeDays: 5 });
    assert.deepEqual(credential.warnings(), []);
  });
});
