import assert from "node:assert/strict";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { ssoCredentialDefinition } from "../../provider/src/resources/ssoCredential/lifecycle";
import { makeCertificate } from "../support/certificate";
import { startHub, type Hub } from "../support/hub";
import { Clock, Refused, Slot } from "../support/lifecycle";

const from = new Date("2026-01-01T00:00:00Z");
const until = new Date("2027-01-01T00:00:00Z");

describe("SsoCredential", () => {
  let hub: Hub;
  let clock: Clock;
  let pem: string;
  let privateKey: string;

  before(async () => {
    ({ certificate: pem, privateKey } = await makeCertificate({ notBeforeDate: from, notAfterDate: until }));
  });
  // huggingface.co's own API: an OIDC configuration was set up by hand.
  beforeEach(async () => {
    clock = new Clock();
    hub = await startHub({ profile: "public", now: () => clock.now });
  });
  afterEach(() => hub.close());

  const slot = (token?: string) => new Slot(ssoCredentialDefinition, { hub, clock, token });
  const args = (changes: object = {}) => ({
    organization: "acme",
    clientSecret: "correct-horse",
    replaceExisting: true,
    ...changes,
  });
  const certificateArgs = (changes: object = {}) =>
    args({ clientSecret: undefined, certificate: pem, ...changes });
  const puts = () => hub.store.requests.filter(({ method }) => method === "PUT").length;
  const reasons = (inputs: object, of = slot()): string[] => {
    try {
      of.check(inputs);
    } catch (error) {
      if (error instanceof Refused)
        return error.failures.map(({ property, reason }) => `${property}: ${reason}`);
      throw error;
    }
    return [];
  };

  it("needs replaceExisting for the first time only", async () => {
    assert.match(
      reasons(args({ replaceExisting: false })).join(),
      /replaceExisting: must be true.*overwrites an unknown one/,
    );
    assert.match(reasons(args({ replaceExisting: undefined })).join(), /replaceExisting/);
    const credential = slot();
    await credential.up(args());
    assert.deepEqual(reasons(args({ replaceExisting: false }), credential), []);
    assert.match(
      reasons(args({ replaceExisting: false, organization: "globex" }), credential).join(),
      /replaceExisting/,
    );
  });
  it("takes exactly one credential", () => {
    for (const inputs of [args({ certificate: pem }), args({ clientSecret: undefined })]) {
      assert.match(reasons(inputs).join(), /exactly one of clientSecret \(OIDC\) and certificate \(SAML\)/);
    }
  });
  it("a certificate that cannot work is refused, a private key unprinted", async () => {
    const weak = await makeCertificate({ keySize: 1024, notBeforeDate: from, notAfterDate: until });
    assert.match(reasons(certificateArgs({ certificate: weak.certificate })).join(), /1024 bits/);
    const found = reasons(certificateArgs({ certificate: privateKey })).join();
    assert.match(found, /private key/);
    assert.ok(!found.includes(privateKey.split("\n")[1] as string));
    clock.now = until;
    assert.match(reasons(certificateArgs()).join(), /expired/);
    clock.now = new Date(from.getTime() - 1);
    assert.match(reasons(certificateArgs()).join(), /not valid before/);
  });
  it("what is not known yet is not judged", () => {
    assert.deepEqual(reasons(args({ clientSecret: UNKNOWN, replaceExisting: UNKNOWN })), []);
    assert.deepEqual(reasons(certificateArgs({ certificate: UNKNOWN, organization: UNKNOWN })), []);
  });

  it("is sent when it changes, and only then", async () => {
    const credential = slot();
    await credential.up(args());
    assert.ok(hub.store.hasClientSecret("acme", "correct-horse"));
    assert.equal(hub.store.sso.get("acme")?.enabled, true, "single sign-on stayed on");
    assert.match(credential.said.at(-1)?.message ?? "", /not tested/);
    assert.equal(await credential.up(args()), "same");
    assert.deepEqual(await credential.refresh(), []);
    assert.equal(puts(), 1);
    assert.equal(await credential.up(args({ replaceExisting: false })), "update");
    assert.equal(puts(), 1);
    assert.equal(await credential.up(args({ clientSecret: "battery-staple" })), "update");
    assert.ok(hub.store.hasClientSecret("acme", "battery-staple"));
    assert.equal(puts(), 2);
  });
  it("a certificate is kept with its end, and with other line ends it is the same", async () => {
    hub.store.tables.sso.put("acme", {
      organization: "acme",
      provider: "saml",
      enabled: true,
      ssoUrl: "https://idp.acme.example/sso",
      certificate: "old",
      updatedAt: clock.now.toISOString(),
    });
    const credential = slot();
    await credential.up(certificateArgs());
    assert.equal(hub.store.sso.get("acme")?.certificate, pem);
    assert.equal(credential.kept.certificateExpiresAt, until.toISOString());
    assert.match(credential.kept.certificateFingerprint ?? "", /^[0-9a-f]{64}$/);
    assert.equal(await credential.up(certificateArgs({ certificate: pem.replaceAll("\n", "\r\n") })), "same");
    clock.now = until;
    assert.equal(await credential.up(certificateArgs()), "same");
    assert.match(credential.warnings().join(), /expired/);
    assert.equal(puts(), 1);
  });
  it("the Hub's refusal is told without the secret", async () => {
    await assert.rejects(slot().up(certificateArgs()), /400.*this is a credential of saml/s);
    hub.inject({
      method: "PUT",
      effect: { status: 400, body: { error: "clientSecret correct-horse is too weak" } },
    });
    await assert.rejects(slot().up(args()), (error: Error) => {
      assert.match(error.message, /400/);
      assert.ok(!error.message.includes("correct-horse"), error.message);
      return true;
    });
    await assert.rejects(slot(hub.tokens.write).up(args()), /403/);
  });

  it("destroy does nothing, and says so", async () => {
    const credential = slot();
    await credential.up(args());
    const before = hub.store.requests.length;
    await credential.destroy();
    assert.equal(hub.store.requests.length, before);
    assert.match(credential.said.at(-1)?.message ?? "", /stays in force/);
  });

  it("is named by its id alone for members only", async () => {
    const found = await ssoCredentialDefinition.read("acme/sso", undefined, slot().context());
    assert.equal(found?.state.organization, "acme");
    assert.equal(
      await ssoCredentialDefinition.read("acme/sso", undefined, slot(hub.tokens.outsider).context()),
      undefined,
    );
    await assert.rejects(
      ssoCredentialDefinition.read("acme", undefined, slot().context()),
      /form organization\/sso/,
    );
  });
});
