// The whole life of an SsoConfig on the local Hub.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { ssoConfigDefinition } from "../../provider/src/resources/ssoConfig/lifecycle";
import { makeCertificate } from "../support/certificate";
import { startHub, type Hub } from "../support/hub";
import { Clock, ResourceHarness } from "../support/lifecycle";

const from = new Date("2026-01-01T00:00:00Z");
const until = new Date("2027-01-01T00:00:00Z");
const SIGN_ON = "https://idp.acme.example/sso";
const ELSEWHERE = "https://elsewhere.example/sso";

describe("SsoConfig", () => {
  let hub: Hub;
  let clock: Clock;
  let pem: string;
  let nextPem: string;
  let byHand: HubClient;

  before(async () => {
    const dates = { notBeforeDate: from, notAfterDate: until };
    pem = (await makeCertificate(dates)).certificate;
    nextPem = (await makeCertificate(dates)).certificate;
  });
  beforeEach(async () => {
    clock = new Clock();
    hub = await startHub({ now: () => clock.now });
    byHand = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  });
  afterEach(() => hub.close());

  const slot = (surroundings: { token?: string; hub?: Hub } = {}) =>
    new ResourceHarness(ssoConfigDefinition, { hub, clock, ...surroundings });
  const saml = (changes: object = {}) => ({
    organization: "acme",
    provider: "saml",
    ssoUrl: SIGN_ON,
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
  const stored = () => hub.store.sso.get("acme");
  const puts = () => hub.store.requests.filter(({ method }) => method === "PUT").length;
  const setByHand = () => {
    const { organization: _organization, ...settings } = oidc({ clientId: "by-hand" });
    return byHand.updateSsoConfig("acme", { ...settings, provider: "oidc", enabled: true });
  };

  it("is created, then stays the same until something changes; each change sends what differs", async () => {
    const sso = slot();
    assert.equal(await sso.up(saml()), "create");
    assert.equal(sso.id, "acme/sso");
    assert.deepEqual([stored()?.certificate, stored()?.enabled], [pem, true]);
    assert.equal(sso.kept.certificateExpiresAt, until.toISOString());
    assert.equal(await sso.up(saml()), "same");
    assert.deepEqual(await sso.refresh(), []);
    const before = puts();
    assert.equal(await sso.up(saml({ onDestroy: "disable", warnBeforeDays: 5 })), "update");
    assert.equal(puts(), before, "its own settings are not sent");
    assert.equal(await sso.up(saml({ certificate: nextPem })), "update");
    assert.equal(stored()?.certificate, nextPem);
    assert.equal(await sso.up(oidc()), "update");
    assert.deepEqual([stored()?.provider, stored()?.certificate], ["oidc", undefined]);
    assert.ok(hub.store.hasClientSecret("acme", "correct-horse"));
    assert.equal(sso.kept.certificateFingerprint, undefined);
    assert.equal(await sso.up(oidc({ clientSecret: "battery-staple" })), "update");
    assert.ok(hub.store.hasClientSecret("acme", "battery-staple"));
    assert.equal(sso.preview(oidc({ organization: "globex", clientSecret: "battery-staple" })), "replace");
  });
  it("sends only its certificate, without the text around it, and then has nothing to do", async () => {
    const around = `Bag Attributes\r\n  friendlyName: idp\r\n${pem.replaceAll("\n", "\r\n")}\r\n`;
    const sso = slot();
    await sso.up(saml({ certificate: around }));
    assert.equal(stored()?.certificate?.trim(), pem.trim());
    assert.deepEqual(await sso.refresh(), []);
    assert.equal(await sso.up(saml({ certificate: around })), "same");
    assert.equal(await sso.up(saml({ certificate: pem.replaceAll("\n", "\r\n") })), "same");
  });
  it("stays the same if the Hub writes its URL with another trailing slash", async () => {
    const sso = slot();
    await sso.up(oidc());
    await byHand.updateSsoConfig("acme", { ssoUrl: "https://login.acme.example/" });
    assert.deepEqual(await sso.refresh(), []);
    assert.equal(await sso.up(oidc()), "same");
  });

  it("keeps a certificate that has expired, but sends no other one that has", async () => {
    const sso = slot();
    await sso.up(saml());
    clock.now = until;
    assert.equal(sso.preview(saml()), "same");
    assert.match(sso.warnings().join(), /the certificate expired/);
    assert.throws(() => sso.check(saml({ certificate: nextPem })), /certificate: expired/);
    await sso.up(saml({ enabled: false }));
    assert.equal(stored()?.enabled, false, "it can be turned off");
    assert.throws(() => sso.check(saml()), /certificate: expired/, "it cannot be turned on");
    // Only the Hub knows about this change.
    await byHand.updateSsoConfig("acme", { certificate: nextPem });
    const before = puts();
    await assert.rejects(
      sso.up(saml({ enabled: false, acknowledgeOverwrite: "a mistake" })),
      /Nothing was sent.*expired/,
    );
    assert.equal(puts(), before);
  });

  it("does not overwrite another configuration unless it adopts it", async () => {
    await setByHand();
    const before = stored();
    await assert.rejects(slot().up(saml()), /already has single sign-on.*provider.*ssoUrl.*adopt to true/s);
    await assert.rejects(slot().up(oidc()), /differs from the program in clientId/);
    assert.deepEqual(stored(), before);
    await slot().up(oidc({ clientId: "by-hand", clientSecret: "battery-staple" }));
    assert.ok(
      hub.store.hasClientSecret("acme", "battery-staple"),
      "the same configuration, with the program's secret",
    );
    await slot().up(saml({ adopt: true }));
    assert.equal(stored()?.provider, "saml");
  });

  describe("after a change on the Hub", () => {
    let sso: ReturnType<typeof slot>;
    beforeEach(async () => {
      sso = slot();
      await sso.up(saml());
    });

    it("shows it for each property, and does not revert it, night after night", async () => {
      await byHand.updateSsoConfig("acme", { ssoUrl: ELSEWHERE, certificate: nextPem, enabled: false });
      assert.deepEqual(await sso.refresh(), ["enabled", "ssoUrl", "certificate"]);
      for (let night = 0; night < 2; night++) {
        await assert.rejects(sso.up(saml()), /Someone changed ssoUrl, certificate .*not reverted auto/s);
        await sso.refresh();
      }
      assert.match(sso.warnings().join(), /will refuse this/);
      assert.match(sso.warnings().join(), /someone changed enabled, ssoUrl, certificate on the Hub/);
      assert.deepEqual([stored()?.enabled, stored()?.certificate], [false, nextPem]);
      await assert.rejects(
        sso.up(saml({ warnBeforeDays: 10 })),
        /not reverted/,
        "not along with another change either",
      );
    });
    it("reverts it for a new reason, but only once", async () => {
      const acknowledged = saml({ acknowledgeOverwrite: "the incident is over" });
      await byHand.updateSsoConfig("acme", { ssoUrl: ELSEWHERE });
      await sso.refresh();
      assert.equal(await sso.up(acknowledged), "update");
      assert.equal(stored()?.ssoUrl, SIGN_ON);
      assert.deepEqual(await sso.refresh(), []);
      await byHand.updateSsoConfig("acme", { ssoUrl: ELSEWHERE });
      await sso.refresh();
      await assert.rejects(sso.up(acknowledged), /not reverted automatically/);
    });
    it("accepts it if the program declares it, and continues from there", async () => {
      await byHand.updateSsoConfig("acme", { ssoUrl: ELSEWHERE });
      await sso.refresh();
      assert.equal(await sso.up(saml({ ssoUrl: ELSEWHERE })), "update");
      await sso.up(saml({ ssoUrl: "https://third.example/sso" }));
      assert.equal(stored()?.ssoUrl, "https://third.example/sso");
    });
    it("turns it on again", async () => {
      await byHand.updateSsoConfig("acme", { enabled: false });
      assert.deepEqual(await sso.refresh(), ["enabled"]);
      assert.equal(await sso.up(saml()), "update");
      assert.equal(stored()?.enabled, true);
    });
    it("does not turn it off again until the program has declared it on or gives a reason", async () => {
      const off = saml({ enabled: false });
      await sso.up(off);
      await byHand.updateSsoConfig("acme", { enabled: true });
      for (let night = 0; night < 2; night++) {
        await sso.refresh();
        await assert.rejects(
          sso.up(off),
          /turned on single sign-on of acme on the Hub.*Declare enabled: true/s,
        );
      }
      assert.equal(stored()?.enabled, true);
      await sso.up(saml());
      assert.equal(await sso.up(off), "update");
      assert.equal(stored()?.enabled, false);
      await byHand.updateSsoConfig("acme", { enabled: true });
      assert.equal(await sso.up({ ...off, acknowledgeOverwrite: "the test is over" }), "update");
      assert.equal(stored()?.enabled, false);
    });
    it("restores the protocol with the secret that the state has", async () => {
      await sso.up(oidc());
      const settings = { provider: "saml", ssoUrl: ELSEWHERE, certificate: pem } as const;
      await byHand.updateSsoConfig("acme", settings);
      assert.ok((await sso.refresh()).includes("provider"));
      await assert.rejects(sso.up(oidc()), /Someone changed provider, ssoUrl/);
      await sso.up(oidc({ acknowledgeOverwrite: "a mistake" }));
      assert.ok(hub.store.hasClientSecret("acme", "correct-horse"));
    });
    it("warns before it replaces a client that no refresh has seen, because its secret is not known", async () => {
      await setByHand();
      sso.said.length = 0;
      hub.inject({ method: "PUT", effect: { status: 400, body: { error: "no" } } });
      const acknowledged = saml({ acknowledgeOverwrite: "a mistake" });
      await assert.rejects(sso.up(acknowledged), /400/);
      const beforeSending = /cannot restore the one on the Hub and does not know its client secret\.$/;
      assert.equal(sso.warnings().filter((text) => beforeSending.test(text)).length, 1);
      sso.said.length = 0;
      await sso.refresh();
      await sso.up(acknowledged);
      const inPreview = /the current client secret is not in the state/;
      assert.ok(sso.warnings().some((text) => inPreview.test(text)));
      assert.ok(!sso.warnings().some((text) => beforeSending.test(text)), "not a second time");
    });
  });

  describe("after it was deleted on the Hub", () => {
    it("is off, and is set up again with the secret", async () => {
      const sso = slot();
      await sso.up(oidc());
      await byHand.deleteSsoConfig("acme");
      assert.deepEqual(await sso.refresh(), ["enabled"]);
      assert.equal(await sso.up(oidc()), "update");
      assert.equal(stored()?.enabled, true);
      assert.ok(hub.store.hasClientSecret("acme", "correct-horse"));
      assert.deepEqual(await sso.refresh(), []);
      assert.equal(sso.preview(oidc()), "same");
    });
    it("does not overwrite what someone has set up since, even if it adopted one before", async () => {
      const sso = slot();
      const inputs = saml({ adopt: true });
      await sso.up(inputs);
      await byHand.deleteSsoConfig("acme");
      await sso.refresh();
      const { organization: _organization, ...emergency } = saml({ ssoUrl: ELSEWHERE, certificate: nextPem });
      await byHand.updateSsoConfig("acme", { ...emergency, provider: "saml", enabled: true });
      for (let night = 0; night < 2; night++) {
        const refusal =
          /someone set up another one, .* differs .* in ssoUrl, certificate.*not overwritten auto/s;
        await assert.rejects(sso.up(inputs), refusal);
        assert.equal(stored()?.ssoUrl, ELSEWHERE);
        await sso.refresh();
      }
      await sso.up({ ...inputs, acknowledgeOverwrite: "the incident is over" });
      assert.equal(stored()?.ssoUrl, SIGN_ON);
    });
    it("has nothing to do if it was off, and nothing to destroy", async () => {
      const sso = slot();
      const off = saml({ enabled: false, onDestroy: "disable" });
      await sso.up(off);
      await byHand.deleteSsoConfig("acme");
      assert.deepEqual(await sso.refresh(), []);
      assert.equal(sso.preview(off), "same");
      await sso.destroy();
      assert.equal(stored(), undefined);
    });
  });

  it("is not considered deleted if the Hub only answers 404, or if the credentials may not read it", async () => {
    const sso = slot();
    await sso.up(saml());
    hub.inject({ method: "GET", path: /sso$/, effect: { status: 404, body: { error: "Not found" } } });
    await assert.rejects(sso.refresh(), /404.*SsoCredential/s);
    const reader = slot({ token: hub.tokens.write });
    Object.assign(reader, { id: sso.id, state: sso.state });
    await assert.rejects(reader.refresh(), /403/);
  });
  it("recovers from a lost answer, immediately or in the next run if a secret was sent", async () => {
    const sso = slot();
    hub.inject({ method: "PUT", effect: "lose-answer" });
    await sso.up(saml());
    hub.inject({ method: "PUT", effect: "lose-answer" });
    await assert.rejects(sso.up(oidc()), /the client secret cannot be read back, so it may not have arrived/);
    sso.said.length = 0;
    assert.equal(await sso.up(oidc()), "update");
    assert.ok(hub.store.hasClientSecret("acme", "correct-horse"));
    assert.doesNotMatch(sso.warnings().join(), /someone changed/);
    assert.equal(await sso.up(oidc()), "same");
  });
  it("is destroyed as declared: left on or turned off", async () => {
    const sso = slot();
    await sso.up(saml());
    await sso.destroy();
    assert.equal(stored()?.enabled, true);
    const disabling = slot();
    await disabling.up(saml({ onDestroy: "disable" }));
    await disabling.destroy();
    assert.deepEqual([stored()?.enabled, stored()?.certificate], [false, pem]);
  });
  it("fails on a Hub without this API, and recommends SsoCredential", async () => {
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
