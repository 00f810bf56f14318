import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { ssoConfigDefinition } from "../../provider/src/resources/ssoConfig/lifecycle";
import { fingerprintOf } from "../../provider/src/rules/certificate";
import { makeCertificate } from "../support/certificate";
import { startHub, type Hub } from "../support/hub";
import { Clock, Refused, Slot } from "../support/lifecycle";

const from = new Date("2026-01-01T00:00:00Z");
const until = new Date("2027-01-01T00:00:00Z");

describe("SsoConfig", () => {
  let hub: Hub;
  let clock: Clock;
  let pem: string;
  let privateKey: string;
  let nextPem: string;

  before(async () => {
    ({ certificate: pem, privateKey } = await makeCertificate({ notBeforeDate: from, notAfterDate: until }));
    nextPem = (await makeCertificate({ notBeforeDate: from, notAfterDate: until })).certificate;
  });
  beforeEach(async () => {
    clock = new Clock();
    hub = await startHub({ now: () => clock.now });
  });
  afterEach(() => hub.close());

  const slot = (surroundings: { token?: string; hub?: Hub } = {}) =>
    new Slot(ssoConfigDefinition, { hub, clock, ...surroundings });
  const saml = (changes: object = {}) => ({
    organization: "acme",
    provider: "saml",
    ssoUrl: "https://idp.acme.example/sso",
    certificate: pem,
    ...changes,
  });
  const oidc = (changes: object = {}) => ({
    organization: "acme",
    provider: "oidc",
    ssoUrl: "https://login.acme.example",
    clientId: "hub",
    clientSecret: "correct-horse",
    ...changes,
  });
  const byHand = () => new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  const stored = () => hub.store.sso.get("acme");
  const puts = () => hub.store.requests.filter(({ method }) => method === "PUT").length;
  const reasons = (args: object, of = slot()): string[] => {
    try {
      of.check(args);
    } catch (error) {
      if (error instanceof Refused)
        return error.failures.map(({ property, reason }) => `${property}: ${reason}`);
      throw error;
    }
    return [];
  };

  describe("its arguments", () => {
    it("what belongs to the other protocol is refused, and what is missing named, all at once", () => {
      const found = reasons(saml({ clientId: "x", clientSecret: "geheim", certificate: undefined })).join(
        "\n",
      );
      assert.match(found, /certificate: is required with provider "saml"/);
      assert.match(found, /clientId: belongs to provider "oidc"/);
      assert.match(found, /clientSecret: belongs to provider "oidc"/);
      assert.ok(!found.includes("geheim"));
      assert.match(
        reasons(oidc({ certificate: pem, clientSecret: undefined })).join("\n"),
        /clientSecret: is required[^]*certificate: belongs to provider "saml"/,
      );
    });
    it("a private key in the place of the certificate is refused unprinted", () => {
      for (const text of [
        privateKey,
        `${pem}${privateKey}`,
        privateKey.replaceAll("PRIVATE KEY", "EC PRIVATE KEY"),
      ]) {
        const found = reasons(saml({ certificate: text })).join("\n");
        assert.match(found, /private key/);
        assert.ok(!found.includes(privateKey.split("\n")[1] as string));
      }
    });
    it("a weak certificate is refused", async () => {
      const weak = await makeCertificate({ keySize: 1024, notBeforeDate: from, notAfterDate: until });
      assert.match(reasons(saml({ certificate: weak.certificate })).join(), /1024 bits/);
      const sha1 = await makeCertificate({ algorithm: "sha1", notBeforeDate: from, notAfterDate: until });
      assert.match(reasons(saml({ certificate: sha1.certificate })).join(), /SHA-1/);
    });
    it("a certificate that has ended or does not hold yet is refused before it is sent", () => {
      clock.now = until;
      assert.match(reasons(saml()).join(), /certificate: expired at 2027-01-01/);
      clock.now = new Date(from.getTime() - 1);
      assert.match(reasons(saml()).join(), /certificate: is not valid before 2026-01-01/);
    });
    it("a URL that is not https, or holds credentials, is refused unprinted", () => {
      for (const ssoUrl of [
        "http://idp.acme.example",
        "https://u:geheim@idp.acme.example",
        " https://idp.acme.example",
      ]) {
        const found = reasons(saml({ ssoUrl }));
        assert.equal(found.length, 1, ssoUrl);
        assert.ok(!found.join().includes("geheim"));
      }
    });
    it("what is not known yet is not judged", () => {
      assert.deepEqual(reasons(saml({ certificate: UNKNOWN, ssoUrl: UNKNOWN, enabled: UNKNOWN })), []);
      assert.deepEqual(reasons(oidc({ provider: UNKNOWN, clientSecret: UNKNOWN })), []);
      assert.deepEqual(reasons(saml({ provider: UNKNOWN, warnBeforeDays: UNKNOWN })), []);
    });
    it("a misspelt property is named with the nearest one", () => {
      assert.match(reasons(saml({ certifcate: "x" })).join(), /"certifcate"; did you mean "certificate"/);
    });
  });

  describe("certificate's end", () => {
    it("warns from warnBeforeDays on", async () => {
      const sso = slot();
      clock.now = new Date("2026-11-30T12:00:00Z");
      await sso.up(saml());
      assert.deepEqual(sso.warnings(), []);
      clock.now = new Date("2026-12-02T12:00:00Z");
      sso.preview(saml({ warnBeforeDays: 28 }));
      assert.deepEqual(sso.warnings(), []);
      assert.equal(sso.preview(saml()), "same");
      assert.match(sso.warnings().join(), /ends in 29 day\(s\), at 2027-01-01/);
    });
    it("once it has ended, what is in force stays so with a warning; only what would be sent is refused", async () => {
      const sso = slot();
      await sso.up(saml());
      clock.now = until;
      assert.equal(sso.preview(saml()), "same");
      assert.match(sso.warnings().join(), /the certificate expired/);
      assert.equal(await sso.up(saml({ warnBeforeDays: 10 })), "update");
      assert.match(reasons(saml({ certificate: nextPem }), sso).join(), /expired/);
    });
    it("does not stand in the way of turning single sign-on off, but of turning it on", async () => {
      const sso = slot();
      await sso.up(saml());
      clock.now = until;
      await sso.up(saml({ enabled: false }));
      assert.equal(stored()?.enabled, false);
      assert.match(reasons(saml(), sso).join(), /expired/);
      // What only the Hub knows of is refused as late, and nothing is sent.
      await byHand().updateSsoConfig("acme", { certificate: nextPem });
      const before = puts();
      await assert.rejects(
        sso.up(saml({ enabled: false, acknowledgeOverwrite: "a mistake" })),
        /Nothing was sent.*expired/,
      );
      assert.equal(puts(), before);
    });
  });

  it("is created, then the same until something changes; each change sends what differs", async () => {
    const sso = slot();
    assert.equal(await sso.up(saml()), "create");
    assert.equal(sso.id, "acme/sso");
    assert.equal(stored()?.certificate, pem);
    assert.equal(stored()?.enabled, true);
    assert.match(sso.kept.certificateFingerprint ?? "", /^[0-9a-f]{64}$/);
    assert.equal(sso.kept.certificateExpiresAt, until.toISOString());
    assert.equal(await sso.up(saml()), "same");
    assert.deepEqual(await sso.refresh(), []);
    assert.equal(
      await sso.up(saml({ certificate: pem.replaceAll("\n", "\r\n") })),
      "same",
      "other line ends",
    );
    const before = puts();
    assert.equal(await sso.up(saml({ onDestroy: "disable", adopt: true, warnBeforeDays: 5 })), "update");
    assert.equal(puts(), before, "local settings are not sent");
    assert.equal(await sso.up(saml({ certificate: nextPem })), "update");
    assert.equal(stored()?.certificate, nextPem);
    assert.equal(await sso.up(oidc()), "update");
    assert.equal(stored()?.provider, "oidc");
    assert.equal(stored()?.certificate, undefined);
    assert.ok(hub.store.hasClientSecret("acme", "correct-horse"));
    assert.equal(sso.kept.certificateFingerprint, undefined);
    assert.equal(await sso.up(oidc({ clientSecret: "battery-staple" })), "update");
    assert.ok(hub.store.hasClientSecret("acme", "battery-staple"));
    assert.equal(sso.preview(oidc({ organization: "globex", clientSecret: "battery-staple" })), "replace");
  });

  it("takes a URL that the Hub writes with another / at its end for the same", async () => {
    const sso = slot();
    await sso.up(oidc());
    await byHand().updateSsoConfig("acme", { ssoUrl: "https://login.acme.example/" });
    assert.deepEqual(await sso.refresh(), []);
    assert.equal(await sso.up(oidc()), "same");
  });

  describe("a configuration that is there already", () => {
    beforeEach(async () => {
      const { organization: _organization, ...existing } = oidc({ enabled: true, clientId: "by-hand" });
      await byHand().updateSsoConfig("acme", { ...existing, provider: "oidc" });
    });
    it("is not overwritten where it differs", async () => {
      const before = stored();
      await assert.rejects(slot().up(saml()), /already has single sign-on.*provider.*ssoUrl.*adopt to true/s);
      await assert.rejects(slot().up(oidc()), /differs from the program in clientId/);
      assert.deepEqual(stored(), before);
    });
    it("is taken over with adopt", async () => {
      await slot().up(saml({ adopt: true }));
      assert.equal(stored()?.provider, "saml");
    });
    it("is taken over where it is the same, and gets the secret, which cannot be compared", async () => {
      await slot().up(oidc({ clientId: "by-hand", clientSecret: "battery-staple" }));
      assert.ok(hub.store.hasClientSecret("acme", "battery-staple"));
    });
  });

  describe("what someone changed on the Hub", () => {
    it("shows per property, and is not reverted automatically, night after night", async () => {
      const sso = slot();
      await sso.up(saml());
      await byHand().updateSsoConfig("acme", {
        ssoUrl: "https://elsewhere.example",
        certificate: nextPem,
        enabled: false,
      });
      assert.deepEqual((await sso.refresh())?.toString(), "enabled,ssoUrl,certificate");
      for (let night = 0; night < 2; night++) {
        await assert.rejects(
          sso.up(saml()),
          /Someone changed ssoUrl, certificate .*not reverted automatically/s,
        );
        await sso.refresh();
      }
      assert.match(sso.warnings().join(), /will refuse this/);
      assert.match(sso.warnings().join(), /someone changed enabled, ssoUrl, certificate on the Hub/);
      // Not even turned on: nobody knows whether anybody can sign in with what is there.
      assert.equal(stored()?.enabled, false);
      assert.equal(stored()?.certificate, nextPem);
      // Nor along with a change of something else.
      await assert.rejects(sso.up(saml({ warnBeforeDays: 10 })), /not reverted/);
    });
    it("is put back for a new reason, once", async () => {
      const sso = slot();
      await sso.up(saml());
      await byHand().updateSsoConfig("acme", { ssoUrl: "https://elsewhere.example" });
      await sso.refresh();
      const acknowledged = saml({ acknowledgeOverwrite: "the incident is over" });
      assert.equal(await sso.up(acknowledged), "update");
      assert.equal(stored()?.ssoUrl, "https://idp.acme.example/sso");
      assert.deepEqual(await sso.refresh(), []);
      await byHand().updateSsoConfig("acme", { ssoUrl: "https://elsewhere.example" });
      await sso.refresh();
      await assert.rejects(sso.up(acknowledged), /not reverted automatically/);
    });
    it("may be taken over into the program, and changed from there", async () => {
      const sso = slot();
      await sso.up(saml());
      await byHand().updateSsoConfig("acme", { ssoUrl: "https://elsewhere.example/sso" });
      await sso.refresh();
      await sso.up(saml({ ssoUrl: "https://elsewhere.example/sso" }));
      await sso.up(saml({ ssoUrl: "https://third.example/sso" }));
      assert.equal(stored()?.ssoUrl, "https://third.example/sso");
    });
    it("single sign-on that was turned off is turned on again, with a warning", async () => {
      const sso = slot();
      await sso.up(saml());
      await byHand().updateSsoConfig("acme", { enabled: false });
      assert.deepEqual(await sso.refresh(), ["enabled"]);
      assert.equal(await sso.up(saml()), "update");
      assert.match(sso.warnings().join(), /someone changed enabled on the Hub/);
      assert.equal(stored()?.enabled, true);
    });
    it("is put back with the secret where the protocol was changed", async () => {
      const sso = slot();
      await sso.up(oidc());
      await byHand().updateSsoConfig("acme", {
        provider: "saml",
        ssoUrl: "https://x.example",
        certificate: pem,
      });
      assert.ok((await sso.refresh()).includes("provider"));
      await assert.rejects(sso.up(oidc()), /Someone changed provider, ssoUrl/);
      await sso.up(oidc({ acknowledgeOverwrite: "a mistake" }));
      assert.ok(hub.store.hasClientSecret("acme", "correct-horse"));
    });
    it("single sign-on that was turned on is not turned off again until the program changes", async () => {
      const sso = slot();
      await sso.up(saml({ enabled: false }));
      await byHand().updateSsoConfig("acme", { enabled: true });
      assert.deepEqual(await sso.refresh(), ["enabled"]);
      for (let night = 0; night < 2; night++) {
        await assert.rejects(
          sso.up(saml({ enabled: false })),
          /turned on on the Hub.*Declare enabled: true/s,
        );
        await sso.refresh();
      }
      assert.equal(stored()?.enabled, true);
      // Nor along with another change.
      await assert.rejects(sso.up(saml({ enabled: false, ssoUrl: "https://b.example" })), /not turned off/);
      await sso.up(saml());
      assert.equal(
        await sso.up(saml({ enabled: false })),
        "update",
        "declared on, then off: somebody wants that",
      );
      assert.equal(stored()?.enabled, false);
    });
  });

  describe("gone or only hidden", () => {
    it("off where the Hub says that nothing is configured: put back, with the secret, and then nothing is to do", async () => {
      const sso = slot();
      await sso.up(oidc());
      await byHand().deleteSsoConfig("acme");
      assert.deepEqual(await sso.refresh(), ["enabled"]);
      assert.match(sso.warnings().join(), /has no single sign-on on the Hub any more/);
      assert.equal(await sso.up(oidc()), "update");
      assert.equal(stored()?.enabled, true);
      assert.ok(hub.store.hasClientSecret("acme", "correct-horse"));
      assert.deepEqual(await sso.refresh(), []);
      assert.equal(sso.preview(oidc()), "same");
    });
    it("gone, and set up anew by hand: not overwritten, not even where the program has adopted one once", async () => {
      const sso = slot();
      const inputs = saml({ adopt: true });
      await sso.up(inputs);
      await byHand().deleteSsoConfig("acme");
      await sso.refresh();
      const ssoUrl = "https://in-the-incident.example";
      await byHand().updateSsoConfig("acme", {
        provider: "saml",
        enabled: true,
        ssoUrl,
        certificate: nextPem,
      });
      for (let night = 0; night < 2; night++) {
        await assert.rejects(
          sso.up(inputs),
          /Someone changed ssoUrl, certificate.*not reverted automatically/s,
        );
        assert.equal(stored()?.ssoUrl, ssoUrl);
        await sso.refresh();
      }
      await sso.up({ ...inputs, acknowledgeOverwrite: "the incident is over" });
      assert.equal(stored()?.ssoUrl, "https://idp.acme.example/sso");
    });
    it("gone where nothing is to be on: there is nothing to do, and a destroy finds nothing", async () => {
      const sso = slot();
      const off = saml({ enabled: false, onDestroy: "disable" });
      await sso.up(off);
      await byHand().deleteSsoConfig("acme");
      assert.deepEqual(await sso.refresh(), []);
      assert.equal(sso.preview(off), "same");
      assert.equal(await sso.up(saml()), "update");
      assert.equal(fingerprintOf(stored()?.certificate), fingerprintOf(pem));
      await byHand().deleteSsoConfig("acme");
      await sso.destroy();
      assert.equal(stored(), undefined);
    });
    it("an error where the Hub only says 404, and where the credentials may not look", async () => {
      const sso = slot();
      await sso.up(saml());
      hub.inject({ method: "GET", path: /sso$/, effect: { status: 404, body: { error: "Not found" } } });
      await assert.rejects(sso.refresh(), /404.*SsoCredential/s);
      const reader = slot({ token: hub.tokens.write });
      Object.assign(reader, { id: sso.id, state: sso.state });
      await assert.rejects(reader.refresh(), /403/);
    });
  });

  describe("destroy", () => {
    it("retains by default, and says so", async () => {
      const sso = slot();
      await sso.up(saml());
      await sso.destroy();
      assert.equal(stored()?.enabled, true);
      assert.match(sso.said.at(-1)?.message ?? "", /stays as it is/);
    });
    it("turns it off where that is declared, and is done where it is gone", async () => {
      const sso = slot();
      await sso.up(saml({ onDestroy: "disable" }));
      await sso.destroy();
      assert.equal(stored()?.enabled, false);
      assert.equal(stored()?.certificate, pem, "off, not away");
      const again = slot();
      await again.up(saml({ onDestroy: "disable", adopt: true }));
      await byHand().deleteSsoConfig("acme");
      await again.destroy();
    });
  });

  it("is looked up by its id alone", async () => {
    await assert.doesNotReject(slot().up(oidc()));
    const found = await ssoConfigDefinition.read("acme/sso", undefined, slot().context());
    assert.equal(found?.state.clientId, "hub");
    assert.equal(found?.state.clientSecret, undefined);
    for (const id of ["acme", "acme/other", "", "a/b/sso"]) {
      await assert.rejects(
        ssoConfigDefinition.read(id, undefined, slot().context()),
        /form organization\/sso/,
      );
    }
    await byHand().deleteSsoConfig("acme");
    assert.equal(await ssoConfigDefinition.read("acme/sso", undefined, slot().context()), undefined);
  });

  it("a Hub without this API: create and get fail, and name SsoCredential", async () => {
    const plain = await startHub({ profile: "public", now: () => clock.now });
    try {
      const sso = slot({ hub: plain });
      await assert.rejects(sso.up(saml()), /SsoCredential/);
      await assert.rejects(ssoConfigDefinition.read("acme/sso", undefined, sso.context()), /SsoCredential/);
    } finally {
      await plain.close();
    }
  });
});
