// Sequences of runs in which an SsoConfig could undo what a person did or lose what it knows, on the local Hub.
import assert from "node:assert/strict";
import { stub } from "sinon";
import { HubClient, HubError, type SsoUpdate } from "../../provider/src/client";
import { ssoConfigDefinition } from "../../provider/src/resources/ssoConfig/lifecycle";
import { ssoCredentialDefinition } from "../../provider/src/resources/ssoCredential/lifecycle";
import { fingerprintOf } from "../../provider/src/rules/certificate";
import { makeCertificate } from "../support/certificate";
import { startHub, type Hub } from "../support/hub";
import { Clock, ResourceHarness } from "../support/lifecycle";
import { IN_FORCE, nextPem, oidc, pem, saml, SIGN_ON, ELSEWHERE, off } from "../support/sso";

const REFUSED = /^UnfinishedError: Someone changed .* nothing was sent/;
const REPORTED =
  /^UnfinishedError: The single sign-on of acme was deleted on the Hub, and someone set up another one/;

describe("SsoConfig over several runs,", () => {
  let hub: Hub;
  let clock: Clock;
  let byHand: HubClient;
  let sso: ResourceHarness<never, never>;
  let emergency: string;

  before(async () => {
    const dates = { notBeforeDate: new Date("2026-11-01"), notAfterDate: new Date("2028-01-01") };
    emergency = (await makeCertificate(dates)).certificate;
  });
  beforeEach(async () => {
    clock = new Clock(IN_FORCE);
    hub = await startHub({ now: () => clock.now });
    byHand = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    sso = slot();
  });
  afterEach(() => hub.close());

  const slot = () => new ResourceHarness(ssoConfigDefinition, { hub, clock }) as unknown as typeof sso;
  const stored = () => hub.store.sso.get("acme");
  const held = () => [stored()?.enabled, stored()?.ssoUrl, fingerprintOf(stored()?.certificate)];
  const as = ({ enabled, ssoUrl, certificate }: ReturnType<typeof saml>) => [
    enabled,
    ssoUrl,
    fingerprintOf(certificate),
  ];
  const puts = () => hub.store.requests.filter(({ method }) => method === "PUT").length;
  const change = async (update: SsoUpdate) => {
    clock.pass(1);
    await byHand.updateSsoConfig("acme", update);
    clock.pass(1);
  };
  const fault = (method: string, status: number, body: object = { error: "no" }) =>
    hub.inject({ method, path: /settings\/sso$/, effect: { status, body } });
  const assertRefused = async (args: object, message = REFUSED) => {
    const before = [held(), puts()];
    await assert.rejects(
      sso.up(args),
      (error: Error) => message.test(String(error)) || assert.fail(String(error)),
    );
    assert.deepEqual([held(), puts()], before, "nothing was sent");
  };
  const assertForetold = (args: object) => {
    sso.said.length = 0;
    sso.preview(args);
    assert.match(sso.warnings().join("\n"), /`pulumi up` will refuse this\. /);
  };

  describe("after a 404 without a code,", () => {
    const CANNOT =
      /^LifecycleError: .*404.* It is unclear whether acme has single sign-on: .* Nothing was sent\.$/;
    it("replaces nothing in a creation, even with adopt", async () => {
      await change({ provider: "saml", ssoUrl: ELSEWHERE, certificate: nextPem, enabled: true });
      for (const args of [saml(), saml({ adopt: true })]) {
        fault("GET", 404);
        await assertRefused(args, CANNOT);
      }
    });
    it("overwrites no certificate, and turns nothing off", async () => {
      await sso.up(saml());
      await change({ certificate: emergency });
      await sso.refresh();
      fault("GET", 404);
      await assertRefused(saml(), CANNOT);
      fault("GET", 404);
      await assertRefused(off(), CANNOT);
      await assertRefused(saml());
    });
    it("does not treat the configuration as gone", async () => {
      await sso.up(saml({ onDestroy: "disable" }));
      fault("GET", 404);
      await assert.rejects(sso.refresh(), CANNOT);
      fault("GET", 404);
      await assert.rejects(sso.destroy(), CANNOT);
      assert.deepEqual(held(), as(saml()));
    });
  });

  describe("with a certificate that was merged but never sent,", () => {
    const merged = saml({ certificate: nextPem });
    beforeEach(async () => {
      await sso.up(saml());
      fault("PUT", 503);
      await assert.rejects(sso.up(merged), /503/);
    });
    it("sends it in the next run", async () => {
      assert.equal(await sso.up(merged), "update");
      assert.deepEqual(held(), as(merged));
      assert.deepEqual(await sso.refresh(), []);
      assert.equal(sso.preview(merged), "same");
    });
    it("does not undo another one that someone has set since, and the preview says that", async () => {
      await change({ certificate: emergency });
      await sso.refresh();
      for (let night = 0; night < 2; night++) {
        assertForetold(merged);
        await assertRefused(merged);
        assertForetold(merged);
        await sso.refresh();
      }
      assert.equal(await sso.up({ ...merged, acknowledgeOverwrite: "the incident is over" }), "update");
      assert.deepEqual(held(), as(merged));
    });
    it("does not count it as applied once it was seen not to have arrived, because someone may set it in an incident", async () => {
      const disabling = saml({ onDestroy: "disable" });
      await sso.refresh();
      assert.equal(await sso.up(disabling), "update", "the program went back");
      await change({ certificate: nextPem });
      await sso.refresh();
      assertForetold(disabling);
      await assertRefused(disabling);
      await sso.destroy();
      assert.equal(stored()?.enabled, true);
    });
    it("does not count it as applied after nights in which nothing differs either", async () => {
      for (let night = 0; night < 2; night++) await sso.refresh();
      await change({ certificate: nextPem });
      await sso.refresh();
      assertForetold(saml());
      await assertRefused(saml());
    });
    it("does not undo another one without a refresh either", async () => {
      await change({ certificate: emergency });
      await assertRefused(merged);
      assert.equal(await sso.up(saml({ certificate: emergency })), "update", "until the program declares it");
    });
  });

  it("counts a change whose answer was lost as applied if it has arrived", async () => {
    await sso.up(saml());
    hub.inject({ method: "PUT", path: /sso$/, effect: "lose-answer" });
    fault("GET", 200, { provider: "saml", enabled: true, ssoUrl: SIGN_ON, certificate: pem });
    hub.inject({ method: "GET", path: /sso$/, effect: "refuse" });
    await assert.rejects(sso.up(saml({ ssoUrl: ELSEWHERE })), /could not be read back either/);
    assert.equal(stored()?.ssoUrl, ELSEWHERE);
    await sso.refresh();
    assert.equal(await sso.up(saml()), "update", "the program went back");
    assert.deepEqual(held(), as(saml()));
    assert.doesNotMatch(sso.warnings().join(), /someone changed/);
  });
  it("counts such a change as applied in the run after the next too", async () => {
    await sso.up(saml());
    hub.inject({ method: "PUT", path: /sso$/, effect: "lose-answer" });
    fault("GET", 200, { provider: "saml", enabled: true, ssoUrl: SIGN_ON, certificate: pem });
    hub.inject({ method: "GET", path: /sso$/, effect: "refuse" });
    await assert.rejects(sso.up(saml({ ssoUrl: ELSEWHERE })), /could not be read back either/);
    fault("PUT", 503);
    await assert.rejects(sso.up(saml({ certificate: nextPem })), /503/);
    assert.equal(await sso.up(saml({ certificate: nextPem })), "update");
    assert.deepEqual(held(), as(saml({ certificate: nextPem })));
  });
  it("sends the secret again after a lost answer, even if the program went back", async () => {
    await sso.up(oidc());
    hub.inject({ method: "PUT", path: /sso$/, effect: "lose-answer" });
    await assert.rejects(sso.up(oidc({ clientSecret: "battery-staple" })), /cannot be read back/);
    assert.ok(hub.store.hasClientSecret("acme", "battery-staple"));
    await sso.up(oidc());
    assert.ok(hub.store.hasClientSecret("acme", "correct-horse"));
  });

  it("sends nothing if program and Hub were changed to the same value, and continues from there", async () => {
    await sso.up(saml());
    await change({ ssoUrl: ELSEWHERE });
    await sso.refresh();
    const before = puts();
    assert.equal(await sso.up(saml({ ssoUrl: ELSEWHERE })), "update");
    assert.equal(puts(), before);
    assert.equal(await sso.up(saml()), "update");
    assert.deepEqual(held(), as(saml()));
  });

  describe("with a reason,", () => {
    const acknowledged = (reason: string) => saml({ acknowledgeOverwrite: reason });
    beforeEach(() => sso.up(saml()));

    it("does not use it again after another one, because all reasons are kept", async () => {
      for (const reason of ["first", "second"]) {
        await change({ ssoUrl: ELSEWHERE });
        await sso.up(acknowledged(reason));
      }
      await change({ ssoUrl: ELSEWHERE });
      await assertRefused(acknowledged("first"));
      await assertRefused(saml());
      await assertRefused(acknowledged("second"));
      await sso.refresh();
      await assertRefused(acknowledged("first"));
      await sso.up(acknowledged("third"));
      assert.deepEqual(held(), as(saml()));
    });
    it("uses it in a retry while the Hub still has what it was given for", async () => {
      await change({ ssoUrl: ELSEWHERE });
      fault("PUT", 503);
      await assert.rejects(sso.up(acknowledged("over")), /503/);
      await sso.refresh();
      assert.equal(await sso.up(acknowledged("over")), "update");
      assert.deepEqual(held(), as(saml()));
    });
    it("does not use it in a retry once the Hub has something else", async () => {
      await change({ ssoUrl: ELSEWHERE });
      fault("PUT", 503);
      await assert.rejects(sso.up(acknowledged("over")), /503/);
      await change({ certificate: emergency });
      await sso.refresh();
      assertForetold(acknowledged("over"));
      await assertRefused(acknowledged("over"));
    });
    it("does not use it once a refresh has seen something else, even if that was undone", async () => {
      await change({ ssoUrl: ELSEWHERE });
      fault("PUT", 503);
      await assert.rejects(sso.up(acknowledged("over")), /503/);
      await change({ ssoUrl: saml().ssoUrl });
      await sso.refresh();
      await change({ ssoUrl: ELSEWHERE });
      await sso.refresh();
      assertForetold(acknowledged("over"));
      await assertRefused(acknowledged("over"));
    });
  });

  describe("after its configuration was deleted,", () => {
    const other = () =>
      ({ provider: "saml", enabled: true, ssoUrl: ELSEWHERE, certificate: emergency }) as const;
    const replaceByHand = async () => {
      await byHand.deleteSsoConfig("acme");
      await sso.refresh();
      await change(other());
    };
    beforeEach(() => sso.up(saml({ adopt: true, acknowledgeOverwrite: "old" })));

    it("sets it up again, and counts it as applied as before", async () => {
      await byHand.deleteSsoConfig("acme");
      await sso.refresh();
      assert.equal(await sso.up(saml({ acknowledgeOverwrite: "old" })), "update");
      assert.deepEqual(held(), as(saml()));
      assert.equal(await sso.up(saml({ acknowledgeOverwrite: "old", ssoUrl: ELSEWHERE })), "update");
      assert.equal(stored()?.ssoUrl, ELSEWHERE);
    });
    it("does not replace another one for a reason that no one gave for that", async () => {
      await replaceByHand();
      const early = saml({ acknowledgeOverwrite: "given while nothing was there" });
      await assertRefused(early, REPORTED);
      await assertRefused(early, REPORTED);
      await sso.up(saml({ acknowledgeOverwrite: "given after the report" }));
      assert.deepEqual(held(), as(saml()));
    });
    it("does not replace another one after a refresh either, because a refresh reports nothing", async () => {
      await replaceByHand();
      for (let night = 0; night < 2; night++) await sso.refresh();
      const early = saml({ acknowledgeOverwrite: "given while nothing was there" });
      assertForetold(early);
      await assertRefused(early, REPORTED);
      await sso.refresh();
      assertForetold(early);
      await assertRefused(early, REPORTED);
      await sso.up(saml({ acknowledgeOverwrite: "given after the report" }));
      assert.deepEqual(held(), as(saml()));
    });
    it("takes over another one if the program declares it", async () => {
      await replaceByHand();
      await sso.refresh();
      const before = puts();
      assert.equal(await sso.up(saml(other())), "update");
      assert.equal(puts(), before);
      assert.equal(await sso.up(saml()), "update");
      assert.deepEqual(held(), as(saml()));
    });
    it("does not rewrite a URL that differs from the declared one only in its spelling", async () => {
      await byHand.deleteSsoConfig("acme");
      await sso.refresh();
      await change({
        provider: "saml",
        enabled: true,
        ssoUrl: "https://idp.acme.example/",
        certificate: pem,
      });
      const before = puts();
      await sso.up(saml({ ssoUrl: "https://idp.acme.example" }));
      assert.equal(puts(), before);
    });
    it("turns it on if someone set up the same identity provider again, but off", async () => {
      await byHand.deleteSsoConfig("acme");
      await sso.refresh();
      await change({ provider: "saml", enabled: false, ssoUrl: SIGN_ON, certificate: pem });
      assert.equal(await sso.up(saml()), "update");
      assert.deepEqual(held(), as(saml()));
    });
    it("recognizes its own configuration if only the answer was lost when it was set up again", async () => {
      await byHand.deleteSsoConfig("acme");
      await sso.refresh();
      hub.inject({ method: "PUT", path: /sso$/, effect: "lose-answer" });
      hub.inject({
        method: "GET",
        path: /sso$/,
        effect: { status: 404, body: { error: "x" }, headers: { "x-error-code": "SsoNotConfigured" } },
      });
      hub.inject({ method: "GET", path: /sso$/, effect: "refuse" });
      await assert.rejects(sso.up(saml()), /could not be read back either/);
      await sso.refresh();
      assert.equal(await sso.up(saml({ certificate: nextPem })), "update");
      assert.deepEqual(held(), as(saml({ certificate: nextPem })));
    });
  });

  it("does not turn it off because of an attempt for another one that is gone", async () => {
    await sso.up(saml());
    hub.inject({ method: "PUT", path: /sso$/, effect: { status: 503, body: {} } });
    await assert.rejects(sso.up(oidc({ enabled: true })), /503/);
    await byHand.deleteSsoConfig("acme");
    await change({ provider: "saml", enabled: true, ssoUrl: SIGN_ON, certificate: pem });
    await sso.refresh();
    await sso.up(saml());
    assert.equal(stored()?.enabled, true);
  });

  describe("after a write that is not what it seems,", () => {
    it("does not trust an answer that it was turned on or off", async () => {
      await sso.up(saml());
      const {
        organization: _organization,
        updatedAt: _updatedAt,
        ...same
      } = stored() as NonNullable<ReturnType<typeof stored>>;
      const unchanged = { ...same, updatedAt: clock.now.toISOString() };
      fault("PUT", 200, unchanged);
      await assert.rejects(
        sso.up(off()),
        /accepted the configuration of acme, but now has a different enabled from what was sent/,
      );
      assert.equal(await sso.up(off()), "update", "it is tried again");
      await sso.up(saml({ onDestroy: "disable" }));
      fault("PUT", 200, unchanged);
      await assert.rejects(
        sso.destroy(),
        /accepted the request to turn off single sign-on of acme, but it is still on/,
      );
    });
    it("keeps what the Hub has afterwards as seen, but not as applied", async () => {
      await sso.up(saml());
      // The Hub stores something else, both after the change and after the attempt to restore it.
      const made = { provider: "saml", enabled: true, certificate: emergency };
      fault("GET", 200, { provider: "saml", enabled: true, ssoUrl: SIGN_ON, certificate: pem });
      for (let attempt = 0; attempt < 2; attempt++) {
        fault("PUT", 200, made);
        fault("GET", 200, made);
      }
      await assert.rejects(
        sso.up(saml({ certificate: nextPem })),
        /now has a different certificate from what was sent, and no ssoUrl\. .*sent again, but the Hub has another ssoUrl, certificate/,
      );
      assertForetold(saml({ certificate: nextPem }));
    });
  });

  describe("with a change that someone makes while a run sends another one,", () => {
    const LOST = new HubError({ what: "The answer was lost.", outcomeUnknown: true });
    /** The Hub applies the run's next change, then someone changes it, and then the run gets its answer, if any. */
    const meanwhile = (update: SsoUpdate, lost?: Error) => {
      const context = sso.context.bind(sso);
      stub(sso, "context").callsFake(() => {
        const made = context();
        const send = made.client.updateSsoConfig.bind(made.client);
        stub(made.client, "updateSsoConfig")
          .callsFake(send)
          .onFirstCall()
          .callsFake(async (...args) => {
            const answer = await send(...args);
            await change(update);
            if (lost) throw lost;
            return answer;
          });
        return made;
      });
    };
    beforeEach(() => sso.up(saml()));

    for (const [title, lost, message] of [
      [
        "if the run's own change has no answer",
        LOST,
        /^UnfinishedError: The answer was lost\. The Hub has neither .* It was left unchanged, because someone may have set it in the meantime\. Check/,
      ],
      [
        "if the Hub has accepted the run's own change",
        undefined,
        /^UnfinishedError: The Hub accepted .* now has a different ssoUrl, certificate from what was sent\. That is neither .* It was left unchanged, because someone/,
      ],
    ] as const) {
      it(`leaves it ${title}`, async () => {
        meanwhile({ ssoUrl: ELSEWHERE, certificate: emergency }, lost);
        const before = puts();
        await assert.rejects(sso.up(saml({ certificate: nextPem })), message);
        assert.deepEqual(held(), as(saml({ ssoUrl: ELSEWHERE, certificate: emergency })));
        assert.equal(puts() - before, 2, "its own change and the one by hand");
        await sso.refresh();
        await assertRefused(saml({ certificate: nextPem }));
        await assertRefused(saml());
      });
    }
  });

  describe("in a destroy that turns it off,", () => {
    const args = saml({ onDestroy: "disable" });
    for (const [title, update] of [
      ["another certificate", () => ({ certificate: emergency })],
      [
        "another protocol",
        () => ({ provider: "oidc", ssoUrl: ELSEWHERE, clientId: "x", clientSecret: "y" }) as const,
      ],
    ] as const) {
      it(`leaves ${title} that someone set up`, async () => {
        await sso.up(args);
        await change(update());
        await sso.destroy();
        assert.equal(stored()?.enabled, true);
        assert.match(
          sso.warnings().join(),
          /was not turned off, although onDestroy is "disable": someone changed it/,
        );
      });
    }
    it("leaves a configuration that someone turned on", async () => {
      await sso.up(off({ onDestroy: "disable" }));
      await change({ enabled: true });
      await sso.destroy();
      assert.equal(stored()?.enabled, true);
    });
    it("leaves a configuration that someone set up again after it was deleted, even if it is the same", async () => {
      await sso.up(args);
      await byHand.deleteSsoConfig("acme");
      await sso.refresh();
      await change({ provider: "saml", enabled: true, ssoUrl: SIGN_ON, certificate: pem });
      await sso.destroy();
      assert.equal(stored()?.enabled, true);
    });
  });

  describe("in a creation that is really a rename,", () => {
    it("is refused as an update would be if the run knows the former resource", async () => {
      const args = saml({ adopt: true });
      await sso.up(args);
      await change({ certificate: emergency });
      const renamed = slot();
      const context = { ...renamed.context(), former: sso.kept as object };
      const create = ssoConfigDefinition.create(saml(args), context);
      await assert.rejects(create, /^LifecycleError: Someone changed certificate/);
      assert.equal(fingerprintOf(stored()?.certificate), fingerprintOf(emergency));
    });
    it("is announced in each preview, and names whose change it overwrites before it does so", async () => {
      await sso.up(saml({ adopt: true }));
      await change({ certificate: emergency });
      const renamed = slot();
      assert.equal(renamed.preview(saml({ adopt: true })), "create");
      assert.match(renamed.warnings().join(), /this creation overwrites any .* add an alias instead\.$/);
      renamed.said.length = 0;
      fault("PUT", 400);
      await assert.rejects(renamed.up(saml({ adopt: true })), /400/);
      const author =
        /takes over a configuration .*, and overwrites certificate \(by ada-admin at 2027-.*, according to the audit log\): if/;
      assert.match(renamed.warnings().join("\n"), author);
      assert.deepEqual(renamed.warnings().filter((text) => text.startsWith("takes over")).length, 1);
    });
    it("takes over what the run knows without a warning, and restores it if the change goes wrong", async () => {
      await change({ provider: "saml", ssoUrl: SIGN_ON, certificate: pem, enabled: true });
      await sso.up(saml({ adopt: true }));
      const context = { ...sso.context(), former: sso.kept as object };
      sso.said.length = 0;
      const before = held();
      const send = context.client.updateSsoConfig.bind(context.client);
      stub(context.client, "updateSsoConfig")
        .callsFake(send)
        .onFirstCall()
        .callsFake((organization, update) => send(organization, { ...update, certificate: nextPem }));
      const create = ssoConfigDefinition.create(saml({ adopt: true, certificate: emergency }), context);
      await assert.rejects(create, /restored/);
      assert.deepEqual(held(), before);
      assert.deepEqual(sso.warnings(), []);
    });
    it("does not send a credential again that the former resource has sent", async () => {
      await sso.up(oidc());
      const credential = new ResourceHarness(ssoCredentialDefinition, { hub, clock });
      const args = { organization: "acme", clientSecret: "battery-staple", replaceExisting: true };
      await credential.up(args);
      await change({ clientSecret: "by-hand" });
      const context = { ...credential.context(), former: credential.kept };
      const inputs = credential.check(args);
      credential.said.length = 0;
      await ssoCredentialDefinition.create(inputs, context);
      assert.ok(hub.store.hasClientSecret("acme", "by-hand"));
      assert.match(
        credential.said.map(({ message }) => message).join(),
        /^the credential was not sent again/,
      );
      await ssoCredentialDefinition.create({ ...inputs, clientSecret: "new-one" }, context);
      assert.ok(hub.store.hasClientSecret("acme", "new-one"));
    });
  });

  it("names no author for a change that is older than its own", async () => {
    await change({ provider: "saml", ssoUrl: SIGN_ON, certificate: pem, enabled: true });
    await sso.up(saml());
    clock.pass(1);
    const real = stored();
    hub.store.tables.sso.put("acme", { ...(real as NonNullable<typeof real>), certificate: emergency });
    await sso.refresh();
    await assertRefused(saml());
    assert.match(
      sso.warnings().join(),
      /someone changed certificate on the Hub since the last `pulumi up`\.$/,
    );
  });
});
