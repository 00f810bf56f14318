// What happens around the sending of a configuration: what is compared before, and what is restored after.
import assert from "node:assert/strict";
import { HubClient, HubError, type SsoSettings, type SsoUpdate } from "../../provider/src/client";
import { type LifecycleContext } from "../../provider/src/model/definition";
import { type Delivery, deliver } from "../../provider/src/hub/ssoDelivery";
import { ssoConfigDefinition } from "../../provider/src/resources/ssoConfig";
import { ssoCredentialDefinition } from "../../provider/src/resources/ssoCredential";
import { fingerprintOf } from "../../provider/src/rules/certificate";
import { makeCertificate } from "../support/certificate";
import { startHub, type Hub } from "../support/hub";
import { Clock, Slot } from "../support/lifecycle";
import { samlMetadata } from "../support/samlMetadata";

const from = new Date("2026-01-01T00:00:00Z");
const until = new Date("2027-01-01T00:00:00Z");
const METADATA = "https://idp.acme.example/metadata?tenant=geheim";
const DISCOVERY = "https://login.acme.example/.well-known/openid-configuration";

describe("sending a configuration of single sign-on", () => {
  let hub: Hub;
  let clock: Clock;
  let pem: string;
  let nextPem: string;

  before(async () => {
    pem = (await makeCertificate({ notBeforeDate: from, notAfterDate: until })).certificate;
    nextPem = (await makeCertificate({ notBeforeDate: from, notAfterDate: until })).certificate;
  });
  beforeEach(async () => {
    clock = new Clock();
    hub = await startHub({ now: () => clock.now });
  });
  afterEach(() => hub.close());

  const slot = (published: Record<string, string> = {}) =>
    new Slot(ssoConfigDefinition, { hub, clock, published });
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
  const stored = () => hub.store.sso.get("acme");
  const puts = () => hub.store.requests.filter(({ method }) => method === "PUT").length;
  const infos = (of: { said: { severity: string; message: string }[] }) =>
    of.said.filter(({ severity }) => severity === "info").map(({ message }) => message);

  describe("compared with published metadata", () => {
    it("goes where the certificate and the sign-on URL are in it, and never claims a login", async () => {
      const sso = slot({ [METADATA]: samlMetadata({ certificates: [nextPem, pem] }) });
      await sso.up(saml({ metadataUrl: METADATA }));
      assert.deepEqual(sso.warnings(), []);
      assert.match(
        infos(sso).join(),
        /publishes the same \(ssoUrl and certificate\).*a login works was not tested/,
      );
    });
    it("is refused where either is not, by fingerprint, and nothing is sent", async () => {
      const sso = slot({ [METADATA]: samlMetadata({ certificates: [nextPem] }) });
      const before = puts();
      await assert.rejects(sso.up(saml({ metadataUrl: METADATA })), (error: Error) => {
        assert.match(error.message, /^Nothing was sent/);
        assert.ok(error.message.includes(fingerprintOf(pem) as string), "the declared one");
        assert.ok(error.message.includes(fingerprintOf(nextPem) as string), "the published one");
        assert.match(error.message, /leave metadataUrl out/);
        return true;
      });
      await assert.rejects(
        sso.up(
          saml({ metadataUrl: METADATA, certificate: nextPem, ssoUrl: "https://idp.acme.example/other" }),
        ),
        /sign-on URL is not among the 1 that it names: https:\/\/idp.acme.example\/sso\. /,
      );
      assert.equal(puts(), before);
      assert.equal(stored(), undefined);
    });
    it("goes with a warning where it cannot be reached or read: a network locks nobody out", async () => {
      const answers: Record<string, string>[] = [
        {},
        { [METADATA]: "<html>Sign in</html>" },
        { [METADATA]: '<!DOCTYPE x [<!ENTITY y "z">]><x/>' },
      ];
      for (const published of answers) {
        const sso = slot(published);
        await sso.up(
          saml({ metadataUrl: METADATA, adopt: true, ssoUrl: `https://idp.acme.example/${puts()}` }),
        );
        assert.match(
          sso.warnings().join(),
          /ssoUrl and certificate could not be compared with what the identity provider publishes/,
        );
        assert.doesNotMatch(infos(sso).join(), /publishes the same/);
      }
    });
    it("is no proof where it is out of date, as it says itself, for or against", async () => {
      const attributes = 'validUntil="2026-11-20T08:00:00Z"';
      for (const certificate of [pem, nextPem]) {
        const sso = slot({ [METADATA]: samlMetadata({ certificates: [pem], attributes }) });
        await sso.up(saml({ metadataUrl: METADATA, adopt: true, certificate }));
        assert.match(
          sso.warnings().join(),
          /could not be compared.*was valid until 2026-11-20T08:00:00.000Z/,
        );
        assert.doesNotMatch(infos(sso).join(), /publishes the same/);
      }
      clock.now = new Date("2026-11-20T07:59:59Z");
      const sso = slot({ [METADATA]: samlMetadata({ certificates: [pem], attributes }) });
      await sso.up(saml({ metadataUrl: METADATA, adopt: true }));
      assert.match(infos(sso).join(), /publishes the same/);
    });
    it("is asked for only where something of it is sent, and never to turn it off", async () => {
      const sso = slot({ [METADATA]: samlMetadata({ certificates: [pem] }) });
      await sso.up(saml({ metadataUrl: METADATA }));
      const later = slot();
      Object.assign(later, { id: sso.id, state: sso.state });
      assert.equal(await later.up(saml({ metadataUrl: `${METADATA}2`, warnBeforeDays: 3 })), "update");
      assert.equal(await later.up(saml({ metadataUrl: METADATA, enabled: false })), "update");
      assert.deepEqual(later.warnings(), []);
      assert.equal(stored()?.enabled, false);
      await later.up(saml({ metadataUrl: METADATA }));
      assert.equal(later.warnings().length, 1);
    });
    it("is not fetched over http, nor with credentials in the address", () => {
      for (const metadataUrl of [
        "http://127.0.0.1:8080/metadata",
        "http://idp.acme.example",
        "https://u:geheim@idp.acme.example",
      ]) {
        assert.throws(
          () => slot().check(saml({ metadataUrl })),
          (error: Error) => /metadataUrl: must/.test(error.message) && !error.message.includes("geheim"),
        );
      }
      assert.throws(
        () => slot().check(oidc({ metadataUrl: METADATA })),
        /metadataUrl: belongs to provider "saml"/,
      );
    });
    it("holds for a credential alone too", async () => {
      await slot().up(saml());
      const credential = new Slot(ssoCredentialDefinition, {
        hub,
        clock,
        published: { [METADATA]: samlMetadata({ certificates: [nextPem] }) },
      });
      const args = { organization: "acme", replaceExisting: true, metadataUrl: METADATA };
      await assert.rejects(credential.up({ ...args, certificate: pem }), /Nothing was sent/);
      await credential.up({ ...args, metadataXml: samlMetadata({ certificates: [nextPem] }) });
      assert.equal(fingerprintOf(stored()?.certificate), fingerprintOf(nextPem));
      assert.match(credential.warnings().join(), /a credential that is not known here/);
      assert.match(infos(credential).join(), /publishes the same \(certificate\).*not tested/);
      assert.throws(
        () => credential.check({ ...args, clientSecret: "geheim" }),
        /metadataUrl: belongs to a certificate/,
      );
    });
  });

  describe("compared with the discovery document", () => {
    it("goes where it names the very issuer", async () => {
      const sso = slot({ [DISCOVERY]: '{"issuer": "https://login.acme.example"}' });
      await sso.up(oidc());
      assert.deepEqual(sso.warnings(), []);
      assert.match(infos(sso).join(), /publishes the same \(the issuer\).*not tested/);
    });
    it("is refused where it names another, unless verifyIssuer is false", async () => {
      const sso = slot({ [DISCOVERY]: '{"issuer": "https://login.acme.example/tenant"}' });
      await assert.rejects(
        sso.up(oidc()),
        /Nothing was sent.*another issuer, https:\/\/login.acme.example\/tenant.*verifyIssuer to false/,
      );
      assert.equal(stored(), undefined);
      await sso.up(oidc({ verifyIssuer: false }));
      assert.equal(stored()?.enabled, true);
      assert.match(infos(sso).join(), /was not compared/);
    });
    it("is refused where it writes the issuer otherwise, if only by a / at the end, and a correction arrives", async () => {
      const issuer = "https://login.acme.example/";
      const sso = slot({ [DISCOVERY]: JSON.stringify({ issuer }) });
      await assert.rejects(
        sso.up(oidc()),
        /Nothing was sent.*writes the issuer otherwise, https:\/\/login\.acme\.example\/, .*letter by letter/,
      );
      await sso.up(oidc({ verifyIssuer: false }));
      assert.equal(stored()?.ssoUrl, "https://login.acme.example");
      const before = puts();
      assert.equal(await sso.up(oidc({ ssoUrl: issuer })), "update");
      assert.equal(stored()?.ssoUrl, issuer);
      assert.equal(puts(), before + 1);
      assert.equal(await sso.up(oidc({ ssoUrl: issuer })), "same");
      assert.deepEqual(await sso.refresh(), []);
    });
    it("repeats nothing private of what the document names", async () => {
      for (const [issuer, shown] of [
        ["https://other.example/a?tenant=geheim#geheim", "https://other.example/a"],
        ["https://u:geheim@other.example/", "https://other.example/"],
        ["geheim geheim", "which is no URL"],
        [`https://other.example/${"x".repeat(300)}`, `https://other.example/${"x".repeat(178)} `],
      ] as const) {
        const sso = slot({ [DISCOVERY]: JSON.stringify({ issuer }) });
        await assert.rejects(sso.up(oidc()), (error: Error) => {
          assert.ok(
            `${error.message.replace(". With", " . With")}`.includes(`another issuer, ${shown}`),
            error.message,
          );
          return !error.message.includes("geheim");
        });
      }
    });
    it("is refused before it is asked for, where it can be none", () => {
      for (const ssoUrl of [
        "http://login.acme.example",
        "https://login.acme.example?tenant=geheim",
        DISCOVERY,
      ]) {
        assert.throws(
          () => slot().check(oidc({ ssoUrl })),
          (error: Error) => /^: ssoUrl: /.test(error.message) && !error.message.includes("geheim"),
        );
      }
      slot().check(saml({ ssoUrl: "https://idp.acme.example/sso?tenant=1" }));
    });
    it("goes with a warning where it cannot be reached, or says nothing", async () => {
      for (const text of [undefined, "<html/>", "null", "{}", '{"issuer": 1}', "[]"]) {
        const sso = slot(text === undefined ? {} : { [DISCOVERY]: text });
        await sso.up(oidc({ adopt: true, clientId: `hub-${puts()}`, ssoUrl: "https://login.acme.example/" }));
        await sso.up(oidc({ enabled: false }));
        await sso.up(oidc({ clientId: "again" }));
        const unverified = sso.warnings().filter((text) => text.includes("the issuer could not be compared"));
        assert.ok(unverified.length >= 1, text);
      }
    });
    it("is asked for below the issuer's path, and not for a new secret alone", async () => {
      const issuer = "https://login.acme.example/tenant/";
      const sso = slot({
        "https://login.acme.example/tenant/.well-known/openid-configuration": JSON.stringify({ issuer }),
      });
      await sso.up(oidc({ ssoUrl: issuer }));
      assert.deepEqual(sso.warnings(), []);
      const later = slot();
      Object.assign(later, { id: sso.id, state: sso.state });
      await later.up(oidc({ ssoUrl: issuer, clientSecret: "battery-staple" }));
      assert.deepEqual(later.warnings(), []);
    });
  });

  /** A Hub that may keep something else than it is sent. */
  class Wayward {
    held: SsoSettings | undefined;
    readonly sent: SsoUpdate[] = [];
    readonly said: string[] = [];
    /** What becomes of each request to change something, in their order; the last stays. */
    readonly doings: ((merged: SsoSettings) => SsoSettings)[] = [];
    losesAnswers = false;
    readable = true;

    context(): LifecycleContext {
      const client = {
        updateSsoConfig: (_organization: string, update: SsoUpdate) => {
          this.sent.push(update);
          const doing = this.doings.length > 1 ? this.doings.shift() : this.doings[0];
          const merged = { enabled: false, ...this.held, ...update } as SsoSettings & SsoUpdate;
          delete merged.clientSecret;
          this.held = doing ? doing(merged) : merged;
          if (this.losesAnswers) {
            this.losesAnswers = false;
            return Promise.reject(
              new HubError({ what: "The Hub closed the connection.", outcomeUnknown: true, code: "network" }),
            );
          }
          return Promise.resolve(this.held);
        },
        getSsoConfig: () =>
          this.readable && this.held
            ? Promise.resolve(this.held)
            : Promise.reject(
                new HubError({
                  what: "No.",
                  ...(this.readable && { status: 404, code: "SsoNotConfigured" }),
                }),
              ),
      };
      const log = { info: () => undefined, warn: (text: string) => void this.said.push(text) };
      return { client, log, now: clock.now } as unknown as LifecycleContext;
    }
  }

  describe("what became of it", () => {
    const old: SsoSettings & { clientSecret: string } = {
      provider: "oidc",
      enabled: true,
      ssoUrl: "https://login.acme.example",
      clientId: "old",
      clientSecret: "old-secret",
    };
    let wayward: Wayward;
    beforeEach(() => {
      wayward = new Wayward();
      const { clientSecret: _secret, ...held } = old;
      wayward.held = held;
    });
    const send = (changes: Partial<Delivery> = {}) => {
      const update: SsoUpdate = { clientId: "new", clientSecret: "new-secret" };
      return deliver(
        {
          organization: "acme",
          update,
          wanted: { ...old, ...update },
          before: wayward.held,
          kept: old,
          ...changes,
        },
        wayward.context(),
      );
    };
    const another = (settings: SsoSettings): SsoSettings => ({
      ...settings,
      ssoUrl: "https://another.example",
    });
    const ignored = (): SsoSettings => old;

    it("is right where it reads as sent: nothing more is done, and of the secret nothing is claimed", async () => {
      assert.equal(
        await send(),
        "the Hub holds the configuration as it is declared, as far as it can be read back: the client's secret cannot",
      );
      assert.equal(wayward.sent.length, 1);
      assert.deepEqual(wayward.said, []);
    });
    it("restores what was there, secret included, where the Hub holds neither the old nor the new", async () => {
      wayward.doings.push(another, (merged) => merged);
      await assert.rejects(
        send(),
        /accepted the configuration of acme, but holds another ssoUrl.*was restored, and reads as it was, except for the client's secret.*not tested/,
      );
      assert.equal(wayward.sent.length, 2);
      assert.deepEqual(wayward.sent[1], old);
      assert.equal(wayward.held?.ssoUrl, old.ssoUrl);
    });
    it("restores it also where the answer was lost", async () => {
      wayward.losesAnswers = true;
      wayward.doings.push(another, (merged) => merged);
      await assert.rejects(send(), /closed the connection.*neither.*was restored/);
      assert.equal(wayward.held?.clientId, "old");
    });
    it("restores SAML with the state's certificate", async () => {
      const kept = {
        provider: "saml",
        enabled: false,
        ssoUrl: "https://idp.example",
        certificate: pem,
      } as const;
      wayward.held = { ...kept };
      const update = { enabled: true, certificate: nextPem };
      wayward.doings.push(another, (merged) => merged);
      await assert.rejects(
        send({ update, wanted: { ...kept, ...update }, before: { ...kept }, kept }),
        /was restored, and reads as it was\./,
      );
      assert.deepEqual(wayward.held, kept, "off, as it was");
    });
    it("restores SAML after a change to the other protocol", async () => {
      const kept = {
        provider: "saml",
        enabled: true,
        ssoUrl: "https://idp.example",
        certificate: pem,
      } as const;
      const { provider, enabled, ssoUrl, clientId } = old;
      wayward.held = { ...kept };
      wayward.doings.push(another, () => ({ ...kept }));
      const update = { provider, enabled, ssoUrl, clientId, clientSecret: "new-secret" };
      await assert.rejects(
        send({ update, wanted: old, before: { ...kept }, kept }),
        /was restored, and reads as it was\./,
      );
      assert.deepEqual(wayward.sent[1], kept);
    });
    it("does not restore a client whose secret is not known after a change to the other protocol", async () => {
      wayward.doings.push(another);
      const update = {
        provider: "saml",
        enabled: true,
        ssoUrl: "https://idp.example",
        certificate: pem,
      } as const;
      await assert.rejects(
        send({ update, wanted: update, kept: { ...old, clientSecret: undefined } }),
        /not restored: its client secret is not known here/,
      );
      assert.equal(wayward.sent.length, 1);
    });
    it("says so where what was restored cannot be read back, or is gone", async () => {
      for (const after of [
        (merged: SsoSettings) => {
          wayward.readable = false;
          return merged;
        },
        () => undefined as unknown as SsoSettings,
      ]) {
        wayward = new Wayward();
        wayward.held = { ...old };
        wayward.doings.push(another, after);
        await assert.rejects(send(), /before was sent again, but could not be read back\. Look at/);
        assert.equal(wayward.sent.length, 2);
      }
    });
    it("names each part that differs", async () => {
      const two = (settings: SsoSettings): SsoSettings => ({ ...another(settings), clientId: "third" });
      wayward.doings.push(two);
      await assert.rejects(
        send(),
        /but holds another ssoUrl, clientId than was sent\..*the Hub holds another ssoUrl, clientId\./,
      );
    });
    it("does not restore what the state does not hold", async () => {
      wayward.doings.push(another);
      await assert.rejects(send({ kept: undefined }), /not restored: the state does not hold it/);
      wayward.held = old;
      await assert.rejects(
        send({ kept: { ...old, clientId: "elsewhere" } }),
        /not restored: the state does not hold it/,
      );
      wayward.held = old;
      await assert.rejects(
        send({ kept: { ...old, clientSecret: undefined } }),
        /not restored: its client secret is not known here/,
      );
      await assert.rejects(
        send({ before: undefined, kept: undefined }),
        /not restored: there was none before/,
      );
      assert.equal(wayward.sent.length, 4, "nothing was sent twice");
    });
    it("does not need the secret where the secret was not touched", async () => {
      wayward.doings.push(another, (merged) => merged);
      const update = { clientId: "new" };
      await assert.rejects(
        send({ update, wanted: { ...old, ...update }, kept: { ...old, clientSecret: undefined } }),
        /was restored/,
      );
      assert.equal("clientSecret" in (wayward.sent[1] ?? {}), false);
    });
    it("does not send a known secret either where the secret was not touched: the Hub may have a newer one", async () => {
      wayward.doings.push(another, (merged) => merged);
      const update = { clientId: "new" };
      await assert.rejects(send({ update, wanted: { ...old, ...update } }), /was restored/);
      const { clientSecret: _secret, ...rest } = old;
      assert.deepEqual(wayward.sent[1], rest);
    });
    it("sends the secret, or says that it is not known, where the Hub has lost the protocol", async () => {
      const lost = (): SsoSettings => ({ provider: "saml", enabled: true, ssoUrl: "https://idp.example" });
      const update = { clientId: "new" };
      wayward.doings.push(lost, () => old);
      await assert.rejects(send({ update, wanted: { ...old, ...update } }), /was restored/);
      assert.deepEqual(wayward.sent[1], old);
      wayward.held = old;
      wayward.doings.splice(0, 1, lost);
      await assert.rejects(
        send({ update, wanted: { ...old, ...update }, kept: { ...old, clientSecret: undefined } }),
        /not restored: its client secret is not known here/,
      );
      assert.equal(wayward.sent.length, 3);
    });
    it("finds each part that is not as it was sent", async () => {
      const ofSaml = {
        provider: "saml",
        enabled: true,
        ssoUrl: "https://idp.example",
        certificate: pem,
      } as const;
      for (const [part, kept, differing] of [
        ["provider, clientId", old, { provider: "saml" }],
        ["enabled", old, { enabled: false }],
        ["ssoUrl", old, { ssoUrl: "https://login.acme.example/x" }],
        ["clientId", old, { clientId: "third" }],
        ["certificate", ofSaml, { certificate: "none" }],
        ["certificate", ofSaml, { certificate: undefined }],
        ["enabled", ofSaml, { enabled: false }],
      ] as const) {
        wayward = new Wayward();
        wayward.held = { ...kept };
        const update = kept === old ? { clientId: "new" } : { certificate: nextPem };
        wayward.doings.push(
          (merged) => ({ ...merged, ...differing }),
          () => ({ ...kept }),
        );
        await assert.rejects(
          send({ update, wanted: { ...kept, ...update }, before: { ...kept }, kept: { ...kept } }),
          new RegExp(`holds another ${part} than was sent.*was restored`),
        );
        assert.equal(wayward.sent.length, 2);
      }
    });
    it("says where the restoring went wrong too", async () => {
      wayward.doings.push(another);
      await assert.rejects(
        send(),
        /sent again, but the Hub holds another ssoUrl.*administrator who is still signed in/,
      );
      wayward.held = old;
      wayward.doings.splice(0, 1, another, () => {
        throw new HubError({ what: "The Hub is down." });
      });
      await assert.rejects(
        send(),
        /could not be restored: The Hub is down\..*administrator who is still signed in/,
      );
    });
    it("restores nothing where the Hub still holds the old one", async () => {
      wayward.doings.push(ignored);
      await assert.rejects(
        send(),
        /holds another clientId than was sent.*as it was before\. Run `pulumi up` again; if it stays so, look at the organization's settings\.$/,
      );
      wayward.losesAnswers = true;
      await assert.rejects(send(), /closed the connection.*as it was before/);
      assert.equal(wayward.sent.length, 2);
    });
    it("restores nothing where it cannot be read back", async () => {
      wayward.readable = false;
      assert.equal(await send(), "the Hub accepted the configuration");
      assert.match(wayward.said.join(), /could not be read back/);
      wayward.doings.push(another);
      await assert.rejects(send(), /could not be read back, and nothing was restored/);
      wayward.losesAnswers = true;
      await assert.rejects(send(), /could not be read either/);
      assert.equal(wayward.sent.length, 3);
    });
    it("does not take a secret for there because the rest is", async () => {
      wayward.losesAnswers = true;
      await assert.rejects(
        send(),
        /whether the client's secret is among it cannot be read back.*`pulumi up` again/,
      );
      wayward.losesAnswers = true;
      await send({ update: { enabled: true, clientId: "newer" }, wanted: { ...old, clientId: "newer" } });
    });
    it("does not take another writing of the issuer for there where the answer was lost and the old one is", async () => {
      const update = { ssoUrl: `${old.ssoUrl}/` };
      wayward.losesAnswers = true;
      assert.match(
        await send({ update, wanted: { ...old, ...update } }),
        /holds the configuration/,
        "it arrived",
      );
      wayward.held = old;
      wayward.losesAnswers = true;
      wayward.doings.push(ignored);
      await assert.rejects(send({ update, wanted: { ...old, ...update } }), {
        message: /closed the connection.*as it was before. Run `pulumi up` again/,
      });
    });
    it("passes a refusal on as it is: a refusal changes nothing", async () => {
      wayward.doings.push(() => {
        throw new HubError({ what: "The Hub refused.", status: 400 });
      });
      await assert.rejects(
        send(),
        (error: Error) => error instanceof HubError && error.message === "The Hub refused.",
      );
    });
    it("says so where nothing is there afterwards", async () => {
      wayward.doings.push(() => undefined as unknown as SsoSettings);
      await assert.rejects(send(), {
        message:
          "The Hub accepted the configuration of acme. The Hub holds no configuration. Run `pulumi up` again.",
      });
      wayward.losesAnswers = true;
      await assert.rejects(send(), /closed the connection\..* The Hub holds no configuration\. Run/s);
    });
  });

  it("a lost answer is made good: at once, or by the next run where a secret was sent", async () => {
    const sso = slot({ [DISCOVERY]: '{"issuer": "https://login.acme.example"}' });
    hub.inject({ method: "PUT", effect: "lose-answer" });
    await sso.up(saml());
    hub.inject({ method: "PUT", effect: "lose-answer" });
    await assert.rejects(sso.up(oidc()), /secret is among it cannot be read back/);
    sso.said.length = 0;
    assert.equal(await sso.up(oidc()), "update");
    assert.ok(hub.store.hasClientSecret("acme", "correct-horse"));
    assert.match(sso.warnings().join(), /cannot be restored from here, and its client secret is not known/);
    assert.doesNotMatch(sso.warnings().join(), /somebody changed/);
    assert.equal(await sso.up(oidc()), "same");
  });

  it("a certificate goes out alone, without what was written around it, and is the same afterwards", async () => {
    const around = `Bag Attributes\r\n  friendlyName: idp\r\n${pem.replaceAll("\n", "\r\n")}\r\n`;
    const sso = slot();
    await sso.up(saml({ certificate: around }));
    assert.equal(stored()?.certificate?.trim(), pem.trim());
    assert.deepEqual(await sso.refresh(), []);
    assert.equal(await sso.up(saml({ certificate: around })), "same");
    const credential = new Slot(ssoCredentialDefinition, { hub, clock });
    await credential.up({
      organization: "acme",
      replaceExisting: true,
      certificate: `subject=idp\n${nextPem}`,
    });
    assert.equal(stored()?.certificate?.trim(), nextPem.trim());
  });

  it("a credential whose answer was lost, or was none, is not taken for there, and is sent again", async () => {
    await slot().up(oidc());
    const credential = new Slot(ssoCredentialDefinition, { hub, clock });
    const args = (clientSecret: string) => ({ organization: "acme", replaceExisting: true, clientSecret });
    await credential.up(args("battery-staple"));
    const effects = [
      "lose-answer",
      { status: 503, body: {} },
      { status: 200, body: "<html></html>" },
    ] as const;
    for (const effect of effects) {
      credential.said.length = 0;
      hub.inject({ method: "PUT", effect });
      const secret = `correct-horse-${puts()}`;
      await assert.rejects(credential.up(args(secret)), /not known|answered 503|cannot be used/);
      assert.deepEqual(infos(credential), []);
      assert.equal(await credential.up(args(secret)), "update");
      assert.ok(hub.store.hasClientSecret("acme", secret));
    }
  });

  describe("a secret that is not known here", () => {
    it("is said in each preview that would replace it, and no other", async () => {
      const sso = slot();
      await sso.up(oidc());
      const found = await ssoConfigDefinition.read("acme/sso", undefined, sso.context());
      const imported = slot();
      Object.assign(imported, { id: "acme/sso", state: found?.state, found: found?.inputs });
      imported.preview(oidc());
      assert.match(imported.warnings().join(), /client secret that is in force is not known here/);
      sso.said.length = 0;
      sso.preview(oidc({ clientSecret: "battery-staple" }));
      assert.deepEqual(sso.warnings(), []);
    });
    it("is said before the configuration of somebody else is replaced that no refresh has seen", async () => {
      const sso = slot();
      await sso.up(saml());
      const { organization: _organization, ...byHand } = oidc();
      const hand = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
      await hand.updateSsoConfig("acme", { ...byHand, provider: "oidc" });
      const acknowledged = saml({ acknowledgeOverwrite: "a mistake" });
      sso.said.length = 0;
      hub.inject({ method: "PUT", effect: { status: 400, body: { error: "no" } } });
      await assert.rejects(sso.up(acknowledged), /400/);
      const warning = /cannot be restored from here, and its client secret is not known here\.$/;
      assert.equal(sso.warnings().filter((text) => warning.test(text)).length, 1, "before it was sent");
      sso.said.length = 0;
      await sso.refresh();
      await sso.up(acknowledged);
      const known = /client secret that is in force is not known here/;
      assert.ok(
        sso.warnings().some((text) => known.test(text)),
        "in the preview, after a refresh",
      );
      assert.ok(!sso.warnings().some((text) => warning.test(text)), "and not twice");
    });
    it("is said before a configuration is taken over", async () => {
      await slot().up(oidc());
      const other = slot();
      await other.up(saml({ adopt: true }));
      assert.match(
        other.warnings().join(),
        /takes over.*cannot be restored from here, and its client secret is not known/,
      );
    });
  });
});
