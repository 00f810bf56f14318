// The whole life of an SsoCredential on a local Hub with huggingface.co's own API and an OIDC configuration that was set up
// by hand.
import assert from "node:assert/strict";
import { ssoCredentialDefinition } from "../../provider/src/resources/ssoCredential/lifecycle";
import { makeCertificate } from "../support/certificate";
import { startHub, type Hub } from "../support/hub";
import { Clock, ResourceHarness } from "../support/lifecycle";

const until = new Date("2027-01-01T00:00:00Z");

describe("SsoCredential", () => {
  let hub: Hub;
  let clock: Clock;
  let pem: string;

  before(async () => {
    const notBeforeDate = new Date("2026-01-01T00:00:00Z");
    pem = (await makeCertificate({ notBeforeDate, notAfterDate: until })).certificate;
  });
  beforeEach(async () => {
    clock = new Clock();
    hub = await startHub({ profile: "public", now: () => clock.now });
  });
  afterEach(() => hub.close());

  const slot = (token?: string) => new ResourceHarness(ssoCredentialDefinition, { hub, clock, token });
  const args = (changes: object = {}) => ({
    organization: "acme",
    clientSecret: "correct-horse",
    replaceExisting: true,
    ...changes,
  });
  const certificateArgs = (changes: object = {}) =>
    args({ clientSecret: undefined, certificate: pem, ...changes });
  const puts = () => hub.store.requests.filter(({ method }) => method === "PUT").length;

  it("is sent only when it changes, and single sign-on stays on", async () => {
    assert.throws(() => slot().check(args({ replaceExisting: false })), /replaceExisting: must be true/);
    const credential = slot();
    await credential.up(args());
    assert.ok(hub.store.hasClientSecret("acme", "correct-horse"));
    assert.equal(hub.store.sso.get("acme")?.enabled, true);
    assert.equal(await credential.up(args()), "same");
    assert.deepEqual(await credential.refresh(), []);
    assert.equal(await credential.up(args({ replaceExisting: false })), "update");
    assert.equal(puts(), 1);
    assert.equal(await credential.up(args({ clientSecret: "battery-staple" })), "update");
    assert.ok(hub.store.hasClientSecret("acme", "battery-staple"));
    assert.equal(puts(), 2);
  });
  it("may be a certificate, which is the same with other line breaks and stays after it has expired", async () => {
    hub.store.tables.sso.put("acme", {
      organization: "acme",
      provider: "saml",
      enabled: true,
      ssoUrl: "https://idp.acme.example/sso",
      certificate: "old",
      updatedAt: clock.now.toISOString(),
    });
    const credential = slot();
    await credential.up(certificateArgs({ certificate: `subject=idp\n${pem}` }));
    assert.equal(hub.store.sso.get("acme")?.certificate?.trim(), pem);
    assert.equal(credential.kept.certificateExpiresAt, until.toISOString());
    assert.equal(await credential.up(certificateArgs({ certificate: pem.replaceAll("\n", "\r\n") })), "same");
    clock.now = new Date("2026-12-20T12:00:00Z");
    assert.equal(credential.preview(certificateArgs()), "same");
    assert.match(credential.warnings().join(), /expires in 11 day\(s\)/);
    clock.now = until;
    assert.equal(await credential.up(certificateArgs()), "same");
    assert.match(credential.warnings().join(), /expired/);
    assert.equal(puts(), 1);
  });
  it("reports the Hub's refusal without the secret", async () => {
    await assert.rejects(slot().up(certificateArgs()), /400.*this is a credential of saml/s);
    const body = { error: "clientSecret correct-horse is too weak" };
    hub.inject({ method: "PUT", effect: { status: 400, body } });
    await assert.rejects(
      slot().up(args()),
      (error: Error) => /400/.test(error.message) && !error.message.includes("correct-horse"),
    );
    await assert.rejects(slot(hub.tokens.write).up(args()), /403/);
  });
  it("does not treat a lost answer as a success, and sends the credential again", async () => {
    const credential = slot();
    await credential.up(args({ clientSecret: "battery-staple" }));
    for (const effect of [
      "lose-answer",
      { status: 503, body: {} },
      { status: 200, body: "<html></html>" },
    ] as const) {
      credential.said.length = 0;
      hub.inject({ method: "PUT", effect });
      const changed = args({ clientSecret: `correct-horse-${puts()}` });
      await assert.rejects(credential.up(changed), /It is unclear whether|answered 503|cannot be used/);
      assert.deepEqual(credential.said, []);
      assert.equal(await credential.up(changed), "update");
      assert.ok(hub.store.hasClientSecret("acme", changed.clientSecret));
    }
  });
  it("is destroyed without a request, and can be looked up by members only", async () => {
    const credential = slot();
    await credential.up(args());
    const before = hub.store.requests.length;
    const context = credential.context();
    await credential.destroy();
    assert.equal(hub.store.requests.length, before);
    const found = await ssoCredentialDefinition.read("acme/sso", undefined, context);
    assert.equal(found?.state.organization, "acme");
    const outsider = slot(hub.tokens.outsider).context();
    assert.equal(await ssoCredentialDefinition.read("acme/sso", undefined, outsider), undefined);
  });
});
