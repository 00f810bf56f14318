// What an SsoConfig decides, sends and says, decision by decision, on a Hub in memory.
import assert from "node:assert/strict";
import { type SsoSettings, type SsoUpdate } from "../../provider/src/client";
import { hubError } from "../../provider/src/client/errors";
import { type LifecycleContext } from "../../provider/src/model/definition";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { ssoConfigDefinition as definition } from "../../provider/src/resources/ssoConfig";
import { NOT_TESTED } from "../../provider/src/hub/ssoDelivery";
import { fingerprintOf } from "../../provider/src/rules/certificate";
import { CERTIFICATE_SENT } from "../../provider/src/rules/identityProvider";
import { fixedCertificates } from "../rules/fixedCertificates";
import { inMemory } from "../support/inMemory";
import { samlMetadata } from "../support/samlMetadata";

// Both in force from November 2026 for a hundred years.
const { p384: pem, p521: nextPem } = fixedCertificates;
const now = new Date("2027-01-10T00:00:00Z");
const IDP = "https://idp.acme.example/sso";
const ISSUER = "https://login.acme.example";
const METADATA = "https://idp.acme.example/metadata";

type State = Parameters<typeof definition.update>[1];
type Inputs = Parameters<typeof definition.create>[0];

const saml = (changes: Partial<Inputs> = {}): Inputs => ({
  organization: "acme",
  provider: "saml",
  enabled: true,
  ssoUrl: IDP,
  certificate: pem,
  verifyIssuer: true,
  warnBeforeDays: 30,
  adopt: false,
  onDestroy: "retain",
  ...changes,
});
const oidc = (changes: Partial<Inputs> = {}): Inputs => ({
  organization: "acme",
  provider: "oidc",
  enabled: true,
  ssoUrl: ISSUER,
  clientId: "hub",
  clientSecret: "correct-horse",
  verifyIssuer: false,
  warnBeforeDays: 30,
  adopt: false,
  onDestroy: "retain",
  ...changes,
});
/** What the state holds after these were sent. */
const sentAs = ({ organization: _o, ...inputs }: Inputs, reason?: string): State => ({
  ...inputs,
  organization: "acme",
  applied: {
    provider: inputs.provider,
    enabled: inputs.enabled,
    ssoUrl: inputs.ssoUrl,
    ...(inputs.provider === "saml"
      ? { certificateFingerprint: fingerprintOf(inputs.certificate) }
      : { clientId: inputs.clientId }),
    reason,
  },
});
const settings = ({ provider, enabled, ssoUrl, certificate, clientId }: Inputs): SsoSettings => ({
  provider,
  enabled,
  ssoUrl,
  ...(provider === "saml" ? { certificate } : { clientId }),
  updatedAt: "2026-12-01T00:00:00.000Z",
});

/** A Hub that holds this, or answers with this error, and what was sent to it. */
function hubWith(held: SsoSettings | Error | undefined, changes: Partial<LifecycleContext> = {}) {
  const sent: SsoUpdate[] = [];
  let current = held;
  const surroundings = inMemory(
    {
      getSsoConfig: () =>
        current === undefined
          ? Promise.reject(hubError({ what: "none", status: 404, code: "SsoNotConfigured" }))
          : current instanceof Error
            ? Promise.reject(current)
            : Promise.resolve(current),
      updateSsoConfig(_organization: string, update: SsoUpdate) {
        sent.push(update);
        const { clientSecret: _secret, ...rest } = update;
        const before = current instanceof Error ? undefined : current;
        current = {
          ...(update.provider === undefined || update.provider === before?.provider ? before : undefined),
          ...rest,
        } as SsoSettings;
        return Promise.resolve(current);
      },
    },
    { now, ...changes },
  );
  return { ...surroundings, sent };
}

const DONE = (compared?: string) =>
  `info the Hub holds the configuration as it is declared${compared === undefined ? "" : `; ${compared}`}. ${NOT_TESTED}`;
const DONE_WITH_SECRET = (compared?: string) =>
  DONE(compared).replace("declared", "declared, as far as it can be read back: the client's secret cannot");
const NOT_COMPARED = "it was not compared with what the identity provider publishes";

describe("single sign-on: what is refused", () => {
  const checked = (inputs: Partial<Inputs>, previous?: Inputs, at = now) => {
    const { context, said } = inMemory({}, { now: at });
    const failures = definition.check?.(inputs as Inputs, previous, context) ?? [];
    return { said, failures: failures.map(({ property, reason }) => `${property}: ${reason}`) };
  };

  it("nothing of what is right", () => {
    assert.deepEqual(checked(saml()), { said: [], failures: [] });
    assert.deepEqual(checked(oidc()), { said: [], failures: [] });
  });
  it("nothing of what is not known yet", () => {
    assert.deepEqual(checked(oidc({ provider: UNKNOWN as never })), { said: [], failures: [] });
    assert.deepEqual(checked(saml({ ssoUrl: UNKNOWN, certificate: UNKNOWN })), { said: [], failures: [] });
  });
  it("what is needed and not there, in both protocols", () => {
    assert.deepEqual(checked({ provider: "saml" }).failures, [
      'ssoUrl: is required with provider "saml", unless metadataXml is given',
      'certificate: is required with provider "saml", unless metadataXml is given',
    ]);
    assert.deepEqual(checked({ provider: "oidc" }).failures, [
      'ssoUrl: is required with provider "oidc"',
      'clientId: is required with provider "oidc"',
      'clientSecret: is required with provider "oidc"',
    ]);
  });
  it("what belongs to the other protocol, without its value", () => {
    const { certificate } = saml();
    assert.deepEqual(checked(oidc({ certificate, metadataXml: "<x/>", metadataUrl: METADATA })).failures, [
      ': certificate: belongs to provider "saml"; leave it out, or change provider',
      ': metadataXml: belongs to provider "saml"; leave it out, or change provider',
      ': metadataUrl: belongs to provider "saml"; leave it out, or change provider',
    ]);
    const { clientId, clientSecret } = oidc();
    assert.deepEqual(checked(saml({ clientId, clientSecret })).failures, [
      ': clientId: belongs to provider "oidc"; leave it out, or change provider',
      ': clientSecret: belongs to provider "oidc"; leave it out, or change provider',
    ]);
  });
  it("metadata that could not be used stands for what is missing", () => {
    const { ssoUrl: _s, certificate: _c, ...rest } = saml({ metadataXml: "<x/>" });
    const { failures } = checked(rest);
    assert.equal(failures.length, 1, failures.join("\n"));
    assert.match(failures[0] ?? "", /^: metadataXml: \S/);
  });
  it("an address that is not https, each by its name and without its value", () => {
    for (const property of ["ssoUrl", "metadataUrl"] as const) {
      const { failures } = checked(saml({ [property]: "http://idp.acme.example" }));
      assert.equal(failures.length, 1);
      assert.match(failures[0] ?? "", new RegExp(`^: ${property}: \\S`));
    }
  });
  it("a query of an issuer alone: other addresses may have one", () => {
    const query = (inputs: Inputs) => checked(inputs).failures;
    assert.match(
      query(oidc({ ssoUrl: `${ISSUER}/?a=b` })).join("\n"),
      /^: ssoUrl: must not have a part behind \?[^\n]*$/,
    );
    assert.deepEqual(query(saml({ ssoUrl: `${IDP}?a=b`, metadataUrl: `${METADATA}?a=b` })), []);
  });
  it("a certificate that does not hold yet, unless it is there and nobody is made to sign in with it", () => {
    const early = new Date("2026-01-01T00:00:00Z");
    const refused = (inputs: Inputs, previous?: Inputs) =>
      checked(inputs, previous, early).failures.map((text) => text.slice(0, 33));
    const words = [": certificate: is not valid before"].map((text) => text.slice(0, 33));
    assert.deepEqual(refused(saml()), words);
    assert.deepEqual(refused(saml(), saml()), []);
    assert.deepEqual(refused(saml(), saml({ enabled: false })), words, "turned on");
    assert.deepEqual(refused(saml({ enabled: false }), saml()), [], "turned off");
    assert.deepEqual(refused(saml({ enabled: false }), saml({ enabled: false })), []);
    assert.deepEqual(refused(saml(), saml({ organization: "globex" })), words, "of another organization");
    assert.deepEqual(refused(saml(), saml({ provider: "oidc" })), words, "of another protocol");
    assert.deepEqual(refused(saml(), saml({ certificate: nextPem })), words, "another certificate");
  });
  it("warns from the declared number of days before the certificate's end", () => {
    const end = Date.parse("2126-10-30T00:00:00Z");
    const said = (days: number) =>
      checked(saml({ warnBeforeDays: days }), saml(), new Date(end - 20 * 86_400_000)).said.join();
    assert.match(said(60), /^warn .*ends in \d+ day/);
    assert.equal(said(1), "");
  });
  it("warns of a secret that is not known, where it is about to be replaced", () => {
    const { clientSecret: _secret, ...unknown } = oidc();
    const warning = [
      "warn the client secret that is in force is not known here and cannot be read back: once it is replaced, the configuration before cannot be restored.",
    ];
    assert.deepEqual(checked(oidc(), unknown).said, warning);
    assert.deepEqual(checked(saml(), unknown).said, warning);
    assert.deepEqual(checked(oidc(), oidc()).said, []);
    assert.deepEqual(checked(unknown, unknown).said, [], "not replaced");
    assert.deepEqual(checked(oidc(), saml()).said, []);
    assert.deepEqual(checked(oidc()).said, []);
  });
});

describe("single sign-on: what is taken of metadata", () => {
  const metadataXml = samlMetadata({ certificates: [pem] });
  const prepare = (inputs: object) => definition.prepare?.({ ...inputs }, inMemory({}, { now }).context);

  it("the sign-on URL and the certificate, and the document is not kept", () => {
    const prepared = prepare({ organization: "acme", provider: "saml", metadataXml });
    const { certificate, ...rest } = prepared ?? {};
    assert.deepEqual(rest, { organization: "acme", provider: "saml", ssoUrl: IDP });
    assert.equal(fingerprintOf(certificate as string), fingerprintOf(pem));
  });
  it("nothing with OpenID Connect, where it is refused", () => {
    const inputs = { ...oidc({ ssoUrl: IDP }), metadataXml };
    assert.deepEqual(prepare(inputs), inputs);
  });
});

describe("single sign-on: what a preview says", () => {
  const diff = (state: State, inputs: Inputs, changed: string[] = []) => {
    const { context, said } = inMemory({});
    const { changes, replaces } = definition.diff?.(state, inputs, changed, context) ?? {};
    return { changes, replaces, said };
  };
  const same = { changes: false, replaces: [], said: [] };
  const changes = { ...same, changes: true };

  it("nothing to do, where nothing or only the line ends differ", () => {
    assert.deepEqual(diff(sentAs(saml()), saml()), same);
    const certificate = pem.replaceAll("\n", "\r\n");
    assert.deepEqual(diff(sentAs(saml()), saml({ certificate }), ["certificate"]), same);
  });
  it("something to do, where the program changed", () => {
    const certificate = nextPem;
    assert.deepEqual(diff(sentAs(saml()), saml({ certificate }), ["certificate"]), changes);
    assert.deepEqual(diff(sentAs(saml()), saml({ onDestroy: "disable" }), ["onDestroy"]), changes);
  });
  it("something to do, where the program takes over what somebody did", () => {
    const ssoUrl = "https://elsewhere.example";
    const state = { ...sentAs(saml()), ssoUrl };
    assert.deepEqual(diff(state, saml({ ssoUrl })), changes);
  });
  it("that `up` will refuse to put back what somebody did", () => {
    const state = { ...sentAs(saml()), ssoUrl: "https://elsewhere.example" };
    const { said, ...rest } = diff(state, saml(), ["ssoUrl"]);
    assert.deepEqual(rest, { changes: true, replaces: [] });
    assert.deepEqual(said, [
      "warn `pulumi up` will refuse this. Somebody changed ssoUrl of the single sign-on of acme on the Hub, and the program has not changed " +
        "there. It is not put back by itself: it may be what keeps people able to sign in, and nothing else was sent either. Declare what is " +
        "on the Hub now, or give a new reason in acknowledgeOverwrite to put back what the program says.",
    ]);
    assert.deepEqual(diff(state, saml({ clientId: UNKNOWN }), ["ssoUrl"]), changes, "not known yet");
    const other = diff(state, saml({ organization: "globex" }), ["organization", "ssoUrl"]);
    assert.deepEqual(other, { changes: true, replaces: ["organization"], said: [] });
  });
  it("that `up` will refuse to turn off what somebody turned on, and not where the program does", () => {
    const off = saml({ enabled: false });
    const turnedOn = { ...sentAs(off), enabled: true };
    assert.deepEqual(diff(turnedOn, off, ["enabled"]).said, [
      "warn `pulumi up` will refuse this. Single sign-on of acme was turned on on the Hub since, and the program has not changed there. It is " +
        "not turned off again by itself. Declare enabled: true; to turn it off, declare enabled: false in a later `pulumi up`.",
    ]);
    assert.deepEqual(diff(turnedOn, saml()).said, []);
    assert.deepEqual(diff(sentAs(saml()), off, ["enabled"]).said, []);
  });
});

describe("single sign-on: what a creation sends", () => {
  async function create(held: SsoSettings | undefined, inputs: Inputs, changes?: Partial<LifecycleContext>) {
    const { context, said, sent } = hubWith(held, changes);
    const { id, state } = await definition.create(inputs, context);
    return { id, state, said, sent };
  }
  const TAKES_OVER =
    "warn takes over a configuration that the state does not hold: where the change goes wrong, it cannot be restored from here";

  it("all of it, where there is none", async () => {
    const { id, state, sent, said } = await create(undefined, saml());
    assert.equal(id, "acme/sso");
    assert.deepEqual(sent, [{ provider: "saml", enabled: true, ssoUrl: IDP, certificate: pem }]);
    assert.deepEqual(said, [DONE(NOT_COMPARED)]);
    const { certificateExpiresAt, certificateFingerprint, ...rest } = state;
    assert.match(certificateExpiresAt ?? "", /^2126-1\d-/);
    assert.equal(certificateFingerprint, fingerprintOf(pem));
    assert.deepEqual(rest, sentAs(saml()));
  });
  it("all of it, for OpenID Connect", async () => {
    const { state, sent, said } = await create(undefined, oidc({ acknowledgeOverwrite: "new" }));
    assert.deepEqual(sent, [
      {
        provider: "oidc",
        enabled: true,
        ssoUrl: ISSUER,
        clientId: "hub",
        clientSecret: "correct-horse",
      },
    ]);
    assert.deepEqual(said, [DONE_WITH_SECRET(NOT_COMPARED)]);
    assert.deepEqual(state, {
      ...sentAs(oidc({ acknowledgeOverwrite: "new" }), "new"),
      certificateExpiresAt: undefined,
      certificateFingerprint: undefined,
    });
  });
  it("nothing, where the same is there already", async () => {
    const { sent, said } = await create(settings(saml()), saml());
    assert.deepEqual([sent, said], [[], []]);
  });
  it("the secret, where the same is there already, with a warning", async () => {
    const { sent, said } = await create(settings(oidc()), oidc());
    assert.deepEqual(sent, [{ clientSecret: "correct-horse" }]);
    assert.deepEqual(said, [`${TAKES_OVER}, and its client secret is not known here.`, DONE_WITH_SECRET()]);
  });
  it("nothing over another configuration, unless it may", async () => {
    const held = settings(saml({ ssoUrl: "https://elsewhere.example", enabled: false }));
    await assert.rejects(create(held, saml()), {
      message:
        "The organization acme already has single sign-on configured, and it differs from the program in enabled, ssoUrl. It was not overwritten. " +
        "Look at what is there; to overwrite it, set adopt to true in the arguments of this SsoConfig (in the examples: " +
        "`pulumi config set adopt true`), and run `pulumi up` again.",
    });
    const { sent, said } = await create(held, saml({ adopt: true }));
    assert.deepEqual(sent, [{ enabled: true, ssoUrl: IDP }]);
    assert.deepEqual(said, [`${TAKES_OVER}.`, DONE(NOT_COMPARED)]);
  });
  it("goes on where a Hub has no such API to look at, and fails for any other reason", async () => {
    const { context, sent } = hubWith(hubError({ what: "no such page", status: 404 }));
    await definition.create(saml(), context);
    assert.equal(sent.length, 1);
    for (const error of [
      hubError({ what: "down", status: 503 }),
      hubError({ what: "odd", status: 500, code: "SsoNotConfigured" }),
    ]) {
      await assert.rejects(async () => definition.create(saml(), hubWith(error).context), error);
    }
  });
  it("compares what is published for it, and says so", async () => {
    const fetched: string[] = [];
    const fetchDocument = (document: string) => (url: string) => {
      fetched.push(url);
      return Promise.resolve(document);
    };
    const metadata = samlMetadata({ certificates: [pem] });
    const { said } = await create(undefined, saml({ metadataUrl: METADATA }), {
      fetchDocument: fetchDocument(metadata),
    });
    assert.deepEqual(said, [DONE("the identity provider publishes the same (ssoUrl and certificate)")]);
    const ofIssuer = await create(undefined, oidc({ verifyIssuer: true }), {
      fetchDocument: fetchDocument(JSON.stringify({ issuer: ISSUER })),
    });
    assert.match(ofIssuer.said.join(), /; the identity provider publishes the same \(the issuer\)\. /);
    assert.deepEqual(fetched, [METADATA, `${ISSUER}/.well-known/openid-configuration`]);
  });
});

describe("single sign-on: what an update sends", () => {
  async function update(
    held: SsoSettings | undefined,
    state: State,
    inputs: Inputs,
    changes?: Partial<LifecycleContext>,
  ) {
    const { context, said, sent } = hubWith(held, changes);
    const next = await definition.update("acme/sso", state, inputs, context);
    return { next, said, sent };
  }
  /** From a program to another one, where nobody did anything on the Hub. */
  const change = (from: Inputs, to: Inputs) => update(settings(from), sentAs(from), to);

  it("another writing of an issuer, where the program changed it and the Hub has the old one", async () => {
    const from = oidc();
    const to = oidc({ ssoUrl: `${ISSUER}/` });
    assert.deepEqual((await change(from, to)).sent, [{ ssoUrl: `${ISSUER}/` }]);
    assert.deepEqual((await update(settings(to), sentAs(from), to)).sent, []);
    assert.deepEqual((await update(settings(from), sentAs(to), to)).sent, []);
  });
  it("nothing, where only what the Hub does not hold changed", async () => {
    const { sent, said, next } = await change(saml(), saml({ warnBeforeDays: 5 }));
    assert.deepEqual([sent, said], [[], []]);
    assert.equal(next.warnBeforeDays, 5);
  });
  it("each part that changed, alone", async () => {
    for (const [from, to, wanted, compared] of [
      [saml(), saml({ enabled: false }), { enabled: false }, undefined],
      [saml({ enabled: false }), saml(), { enabled: true }, NOT_COMPARED],
      [saml(), saml({ ssoUrl: "https://b.example" }), { ssoUrl: "https://b.example" }, NOT_COMPARED],
      [saml(), saml({ certificate: nextPem }), { certificate: nextPem }, NOT_COMPARED],
      [oidc(), oidc({ clientId: "b" }), { clientId: "b" }, undefined],
    ] as const) {
      const { sent, said } = await change(from, to);
      assert.deepEqual([sent, said], [[wanted], [DONE(compared)]]);
    }
    const ofSecret = await change(oidc(), oidc({ clientSecret: "b" }));
    assert.deepEqual([ofSecret.sent, ofSecret.said], [[{ clientSecret: "b" }], [DONE_WITH_SECRET()]]);
  });
  it("all of it for another protocol, and without a secret that is not there", async () => {
    const ofSaml = { provider: "saml", enabled: true, ssoUrl: IDP, certificate: pem };
    assert.deepEqual((await change(oidc(), saml())).sent, [ofSaml]);
    const ofOidc = { provider: "oidc", enabled: true, ssoUrl: ISSUER, clientId: "hub" };
    assert.deepEqual((await change(saml(), oidc())).sent, [{ ...ofOidc, clientSecret: "correct-horse" }]);
    assert.deepEqual((await change(saml(), oidc({ clientSecret: undefined }))).sent, [ofOidc]);
  });
  it("all of it, where it is gone from the Hub", async () => {
    const { sent, said } = await update(undefined, sentAs(saml()), saml());
    assert.deepEqual(sent, [{ provider: "saml", enabled: true, ssoUrl: IDP, certificate: pem }]);
    assert.deepEqual(said, [DONE(NOT_COMPARED)]);
  });
  it("nothing, where the Hub holds it already: an answer was lost", async () => {
    const next = saml({ ssoUrl: "https://b.example" });
    const { sent, said } = await update(settings(next), sentAs(saml()), next);
    assert.deepEqual([sent, said], [[], []]);
  });
  it("what is off stays off, whether it is there or gone", async () => {
    const off = saml({ enabled: false });
    const other = saml({ enabled: false, ssoUrl: "https://b.example" });
    assert.deepEqual((await change(off, other)).sent, [{ ssoUrl: "https://b.example" }]);
    const { sent } = await update(undefined, sentAs(off), off);
    assert.deepEqual(sent, [{ provider: "saml", enabled: false, ssoUrl: IDP, certificate: pem }]);
    const { said } = await update(settings(saml()), sentAs(off), saml());
    assert.deepEqual(said, [], "on here and there");
  });
  it("asks the identity provider only before what could lock people out", async () => {
    const fetched: string[] = [];
    const fetchDocument = (url: string) => {
      fetched.push(url);
      return Promise.reject(new Error("it is down"));
    };
    const with_ = (changes: Partial<Inputs> = {}) => saml({ metadataUrl: METADATA, ...changes });
    const run = (from: Inputs, to: Inputs) => update(settings(from), sentAs(from), to, { fetchDocument });
    await run(with_(), with_({ enabled: false }));
    await run(oidc({ verifyIssuer: true }), oidc({ verifyIssuer: true, clientId: "b" }));
    assert.deepEqual(fetched, []);
    const { said } = await run(with_({ enabled: false }), with_());
    await run(with_(), with_({ ssoUrl: "https://b.example" }));
    await run(with_(), with_({ certificate: nextPem }));
    assert.deepEqual(fetched, [METADATA, METADATA, METADATA]);
    assert.deepEqual(said, [
      "warn ssoUrl and certificate could not be compared with what the identity provider publishes: it is down. Sent all the same.",
      DONE("it could not be compared with what the identity provider publishes"),
    ]);
  });
  it("what somebody turned off is turned on, and said", async () => {
    const held = settings(saml({ enabled: false }));
    const { sent, said } = await update(held, sentAs(saml()), saml());
    assert.deepEqual(sent, [{ enabled: true }]);
    assert.deepEqual(said, [
      DONE(NOT_COMPARED),
      "warn somebody changed enabled on the Hub since the last `pulumi up`.",
    ]);
  });
  it("what somebody turned on is not turned off, unless the program changed there", async () => {
    const held = settings(saml());
    const off = saml({ enabled: false });
    const { context, said, sent } = hubWith(held);
    await assert.rejects(async () => definition.update("acme/sso", sentAs(off), off, context), {
      message:
        "Single sign-on of acme was turned on on the Hub since, and the program has not changed there. It is not turned off again by " +
        "itself. Declare enabled: true; to turn it off, declare enabled: false in a later `pulumi up`.",
    });
    assert.deepEqual(sent, []);
    assert.deepEqual(said, ["warn somebody changed enabled on the Hub since the last `pulumi up`."]);
    assert.deepEqual((await update(held, sentAs(saml()), off)).sent, [{ enabled: false }]);
  });
  it("what somebody changed is not put back, part by part", async () => {
    for (const [held, declared, parts] of [
      [saml({ ssoUrl: "https://b.example" }), saml(), "ssoUrl"],
      [saml({ certificate: nextPem }), saml(), "certificate"],
      [oidc({ clientId: "b" }), oidc(), "clientId"],
      [saml(), oidc(), "provider, ssoUrl, clientId, certificate"],
    ] as const) {
      const { context, said, sent } = hubWith(settings(held));
      await assert.rejects(
        async () => definition.update("acme/sso", sentAs(declared), declared, context),
        new RegExp(`^LifecycleError: Somebody changed ${parts} of the single sign-on of acme on the Hub`),
      );
      assert.deepEqual(sent, []);
      assert.deepEqual(said, [`warn somebody changed ${parts} on the Hub since the last \`pulumi up\`.`]);
    }
  });
  it("what somebody changed is put back for a reason that is new, and a part that the program changed too", async () => {
    const held = settings(saml({ ssoUrl: "https://b.example" }));
    const acknowledged = saml({ acknowledgeOverwrite: "over" });
    const { sent, said, next } = await update(held, sentAs(saml()), acknowledged);
    assert.deepEqual(sent, [{ ssoUrl: IDP }]);
    assert.equal(said.at(-1), "warn somebody changed ssoUrl on the Hub since the last `pulumi up`.");
    assert.equal(next.applied.reason, "over");
    await assert.rejects(update(held, sentAs(acknowledged, "over"), acknowledged), /not put back by itself/);
    await assert.rejects(update(held, sentAs(acknowledged, "over"), saml()), /not put back by itself/);
    const third = saml({ ssoUrl: "https://c.example" });
    assert.deepEqual((await update(held, sentAs(saml()), third)).sent, [{ ssoUrl: "https://c.example" }]);
  });
  it("a certificate that has no force is not sent, nor is single sign-on turned on with it", async () => {
    const early = { now: new Date("2026-01-01T00:00:00Z") };
    const run = (from: Inputs, to: Inputs) => update(settings(from), sentAs(from), to, early);
    const refusal =
      /^LifecycleError: Nothing was sent: the certificate is not valid before 2026-11-\d\d.*\.$/;
    await assert.rejects(run(saml(), saml({ certificate: nextPem })), refusal);
    await assert.rejects(run(saml({ enabled: false }), saml()), refusal);
    assert.deepEqual((await run(saml(), saml({ enabled: false }))).sent, [{ enabled: false }]);
    assert.deepEqual((await run(oidc({ enabled: false }), oidc())).sent, [{ enabled: true }]);
    await assert.rejects(
      update(settings(saml()), sentAs(saml()), saml({ certificate: "no certificate" })),
      /^LifecycleError: Nothing was sent: the certificate \S/,
    );
  });
});

describe("single sign-on: what a refresh finds", () => {
  const read = async (held: SsoSettings | Error | undefined, state?: State) =>
    definition.read("acme/sso", state, hubWith(held).context);
  const ofProgram = {
    metadataUrl: METADATA,
    verifyIssuer: false,
    warnBeforeDays: 5,
    adopt: true,
    acknowledgeOverwrite: "over",
    onDestroy: "disable",
  } as const;

  it("what the program holds in its own words, where they mean the same", async () => {
    const inputs = saml({ ...ofProgram, certificate: pem.replaceAll("\n", "\r\n") });
    const state = sentAs(inputs, "over");
    const found = await read(settings(saml({ ssoUrl: "https://IDP.acme.example/sso" })), state);
    assert.deepEqual(found?.inputs, inputs);
    assert.deepEqual(found.state.applied, state.applied);
  });
  it("what somebody changed, beside what was last sent", async () => {
    const state = sentAs(saml());
    const found = await read(settings(saml({ ssoUrl: "https://b.example", certificate: nextPem })), state);
    assert.equal(found?.inputs.ssoUrl, "https://b.example");
    assert.equal(found.inputs.certificate, nextPem);
    assert.deepEqual(found.state.applied, state.applied);
  });
  it("another protocol, with what belongs to it", async () => {
    const toOidc = await read(settings(oidc()), sentAs(saml(ofProgram)));
    assert.equal(toOidc?.inputs.certificate, undefined);
    assert.equal(toOidc?.inputs.metadataUrl, undefined);
    assert.deepEqual([toOidc?.inputs.provider, toOidc?.inputs.clientId], ["oidc", "hub"]);
    const toSaml = await read(settings(saml()), sentAs(oidc()));
    assert.deepEqual([toSaml?.inputs.clientId, toSaml?.inputs.clientSecret], [undefined, undefined]);
    assert.equal((await read(settings(oidc()), sentAs(oidc())))?.inputs.clientSecret, "correct-horse");
  });
  it("by its id alone, with the defaults", async () => {
    const found = await read({ provider: "saml", enabled: true });
    assert.deepEqual(found?.inputs, {
      organization: "acme",
      provider: "saml",
      enabled: true,
      ssoUrl: "",
      certificate: undefined,
      metadataUrl: undefined,
      verifyIssuer: true,
      warnBeforeDays: 30,
      adopt: false,
      acknowledgeOverwrite: undefined,
      onDestroy: "retain",
    });
    assert.deepEqual(found.state.applied, {
      provider: "saml",
      enabled: true,
      ssoUrl: undefined,
      certificateFingerprint: undefined,
    });
  });
  it("a secret is not known by the id alone", async () => {
    const found = await read(settings(oidc()));
    assert.deepEqual([found?.inputs.clientId, found?.inputs.clientSecret], ["hub", undefined]);
  });
  it("a certificate that would be refused here, by its fingerprint alone", async () => {
    const certificate = fixedCertificates.ecdsaSha1;
    const found = await read(settings(saml({ certificate })));
    assert.equal(found?.state.certificateExpiresAt, undefined);
    assert.match(found?.state.certificateFingerprint ?? "", /^[0-9a-f]{64}$/);
    assert.equal(found?.state.certificateFingerprint, fingerprintOf(certificate));
  });
  it("one that was deleted is off, and never forgotten", async () => {
    const inputs = saml(ofProgram);
    const state = sentAs(inputs, "over");
    const { context, said } = hubWith(undefined);
    const found = await definition.read("acme/sso", state, context);
    assert.deepEqual(found?.inputs, { ...inputs, enabled: false });
    assert.deepEqual(found.state, { ...state, enabled: false, missing: true });
    assert.deepEqual(said, ["warn the organization has no single sign-on on the Hub any more."]);
  });
  it("which certificate the program had sent, where somebody changed it or deleted all", async () => {
    const sent = fingerprintOf(pem);
    const drifted = { ...sentAs(saml()), certificate: nextPem };
    for (const [held, state, expected] of [
      [settings(saml()), sentAs(saml()), undefined],
      [settings(saml({ certificate: nextPem })), sentAs(saml()), sent],
      [settings(oidc()), sentAs(saml()), sent],
      [settings(oidc()), sentAs(oidc()), undefined],
      [undefined, sentAs(saml()), undefined],
      [undefined, drifted, sent],
      [settings(saml()), undefined, undefined],
    ] as const) {
      const found = await read(held, state);
      assert.equal((found?.inputs as { [CERTIFICATE_SENT]?: string })[CERTIFICATE_SENT], expected);
      assert.ok(!(CERTIFICATE_SENT in (found?.state ?? {})));
    }
  });
  it("nothing only where the Hub says that there is none", async () => {
    assert.equal(await read(undefined), undefined);
    const error = hubError({ what: "no such page", status: 404 });
    await assert.rejects(read(error), error);
  });
  it("an id of another form is refused", async () => {
    for (const id of ["acme", "acme/other", "", "a/b/sso", "acme/sso/x", "/sso"]) {
      await assert.rejects(async () => definition.read(id, undefined, hubWith(undefined).context), {
        message: `"${id}" is not the id of a single sign-on configuration. It has the form organization/sso.`,
      });
    }
  });
});

describe("single sign-on: what a destroy does", () => {
  async function destroy(held: SsoSettings | Error | undefined, onDestroy: "retain" | "disable") {
    const { context, said, sent } = hubWith(held);
    await definition.delete("acme/sso", sentAs(saml({ onDestroy })), context);
    return { said, sent };
  }
  it("nothing, unless it is declared", async () =>
    assert.deepEqual(await destroy(settings(saml()), "retain"), {
      said: ['info single sign-on stays as it is on the Hub (onDestroy is "retain").'],
      sent: [],
    }));
  it("turns it off where it is on, and says so", async () => {
    assert.deepEqual(await destroy(settings(saml()), "disable"), {
      said: ['warn turned single sign-on off (onDestroy is "disable").'],
      sent: [{ enabled: false }],
    });
    for (const held of [settings(saml({ enabled: false })), undefined]) {
      assert.deepEqual(await destroy(held, "disable"), { said: [], sent: [] });
    }
  });
  it("does not take a missing API for a missing configuration", async () => {
    const error = hubError({ what: "no such page", status: 404 });
    await assert.rejects(destroy(error, "disable"), error);
  });
});
