import assert from "node:assert/strict";
import { type SsoSettings, type SsoUpdate } from "../../provider/src/client";
import {
  type ParsedConfiguration,
  parseConfiguration,
  type SsoValues,
} from "../../provider/src/rules/ssoComparison";
import {
  type Delivery,
  LOOK,
  type Outcome,
  outcomeOf,
  restoration,
} from "../../provider/src/rules/ssoOutcome";
import { nextPem, pem } from "../support/sso";

const OIDC = {
  provider: "oidc",
  enabled: true,
  ssoUrl: "https://login.acme.example",
  clientId: "old",
} as const;
const WITH_SECRET = { ...OIDC, clientSecret: "old-secret" } as const;
const SAML = { provider: "saml", enabled: true, ssoUrl: "https://idp.example", certificate: pem } as const;

const CLIENT = { clientId: "new" };
const CLIENT_AND_SECRET = { ...CLIENT, clientSecret: "new-secret" };
const LOST = "The Hub closed the connection.";

/** A change from the values that both the Hub and the state held. */
const deliveryOf = (update: SsoUpdate, before: SsoValues = WITH_SECRET): Delivery => ({
  organization: "acme",
  update,
  declared: parseConfiguration({ ...before, ...update }),
  before: parseConfiguration<SsoSettings>({ ...before }),
  remembered: parseConfiguration(before),
});

describe("the outcome of a change to single sign-on", () => {
  /** The Hub answers with what it holds, unless `answer` differs from that or the answer is `lost`. */
  const outcome = (
    update: SsoUpdate,
    held: SsoSettings | undefined,
    {
      before = WITH_SECRET,
      lost,
      answer = lost === undefined ? held : undefined,
      readBack = true,
    }: { before?: SsoValues; lost?: string; answer?: SsoSettings | undefined; readBack?: boolean } = {},
  ): Outcome =>
    outcomeOf(deliveryOf(update, before), {
      lost,
      answer: answer && parseConfiguration(answer),
      held: held && parseConfiguration(held),
      readBack,
    });

  const DONE = "the Hub has the declared configuration";
  const delivered: [string, () => Outcome, object][] = [
    ["reads as declared", () => outcome(CLIENT, { ...OIDC, ...CLIENT }), { words: DONE }],
    [
      "reads as declared, except for the secret, which cannot be read",
      () => outcome(CLIENT_AND_SECRET, { ...OIDC, ...CLIENT }),
      { words: `${DONE}, as far as it can be read back: the client secret cannot` },
    ],
    [
      "reads as declared although the answer was lost",
      () => outcome(CLIENT, { ...OIDC, ...CLIENT }, { lost: LOST }),
      { words: DONE },
    ],
    [
      "reads with the new spelling of the issuer after a lost answer",
      () => outcome({ ssoUrl: `${OIDC.ssoUrl}/` }, { ...OIDC, ssoUrl: `${OIDC.ssoUrl}/` }, { lost: LOST }),
      { words: DONE },
    ],
    [
      "reads with the old spelling of the issuer after an answer",
      () => outcome({ ssoUrl: `${OIDC.ssoUrl}/` }, OIDC),
      { words: DONE },
    ],
    [
      "is known only from the Hub's answer",
      () => outcome(CLIENT, { ...OIDC, ...CLIENT }, { readBack: false }),
      {
        words: "the Hub accepted the configuration",
        warning: "the Hub accepted the configuration, but it could not be read back.",
      },
    ],
  ];
  for (const [title, found, expected] of delivered) {
    it(`is delivered if the configuration ${title}`, () =>
      assert.deepEqual(found(), { kind: "delivered", ...expected }));
  }

  const AS_BEFORE =
    "The settings that can be read back did not change. Run `pulumi up` again; if they still do not change, check the organization's settings.";
  const another = { ...OIDC, ssoUrl: "https://another.example" };
  const failed: [string, () => Outcome, string][] = [
    [
      "the configuration reads as before",
      () => outcome(CLIENT, OIDC),
      `The Hub accepted the configuration of acme, but now has a different clientId from what was sent. ${AS_BEFORE}`,
    ],
    [
      "the configuration reads as before and the answer was lost",
      () => outcome(CLIENT, OIDC, { lost: LOST }),
      `${LOST} ${AS_BEFORE}`,
    ],
    [
      "the issuer reads in its old spelling and the answer was lost",
      () => outcome({ ssoUrl: `${OIDC.ssoUrl}/` }, OIDC, { lost: LOST }),
      `${LOST} ${AS_BEFORE}`,
    ],
    [
      "the answer was lost and a secret may not have arrived",
      () => outcome(CLIENT_AND_SECRET, { ...OIDC, ...CLIENT }, { lost: LOST }),
      `${LOST} The Hub has the declared configuration, but the client secret cannot be read back, so it may not have arrived. Run \`pulumi up\` again to send it again.`,
    ],
    [
      "the Hub holds no configuration",
      () => outcome(CLIENT, undefined),
      "The Hub accepted the configuration of acme. The Hub has no configuration now. Run `pulumi up` again.",
    ],
    [
      "the Hub holds no configuration and the answer was lost",
      () => outcome(CLIENT, undefined, { lost: LOST }),
      `${LOST} The Hub has no configuration now. Run \`pulumi up\` again.`,
    ],
    [
      "the answer was lost and the configuration cannot be read",
      () => outcome(CLIENT, undefined, { lost: LOST, readBack: false }),
      `${LOST} The configuration could not be read back either. Run \`pulumi up\` again when the Hub responds.`,
    ],
    [
      "the Hub answered with something else and the configuration cannot be read back",
      () => outcome(CLIENT, another, { readBack: false }),
      "The Hub accepted the configuration of acme, but now has a different ssoUrl, clientId from what was sent. It could not be read back, and nothing was " +
        "restored. Check the organization's settings now, as an administrator who is still signed in. Sign-in was not tested: " +
        "keep an administrator signed in, and test it.",
    ],
  ];
  for (const [title, found, message] of failed) {
    it(`is a failure if ${title}`, () => assert.deepEqual(found(), { kind: "failed", message }));
  }

  const neither: [string, SsoSettings, SsoUpdate, object][] = [
    ["a different provider, clientId from what was sent", WITH_SECRET, CLIENT, { provider: "saml" }],
    ["a different enabled from what was sent", WITH_SECRET, CLIENT, { enabled: false }],
    [
      "a different ssoUrl from what was sent",
      WITH_SECRET,
      CLIENT,
      { ssoUrl: "https://login.acme.example/x" },
    ],
    ["a different clientId from what was sent", WITH_SECRET, CLIENT, { clientId: "third" }],
    ["a different enabled from what was sent", SAML, { certificate: nextPem }, { enabled: false }],
    ["a different certificate from what was sent", SAML, { certificate: nextPem }, { certificate: "none" }],
    ["no certificate", SAML, { certificate: nextPem }, { certificate: undefined }],
    ["no ssoUrl", SAML, { certificate: nextPem }, { ssoUrl: undefined }],
    [
      "a different certificate from what was sent, and no ssoUrl",
      SAML,
      { certificate: nextPem },
      { ssoUrl: undefined, certificate: "none" },
    ],
  ];
  for (const [parts, before, update, differing] of neither) {
    const held = { ...before, ...update, ...differing };
    const NEITHER = "neither the previous configuration nor the declared one.";
    const accepted = `The Hub accepted the configuration of acme, but now has ${parts}. That is ${NEITHER}`;
    it(`requires a restoration if the Hub stored something else: ${before.provider}, ${parts}`, () =>
      assert.deepEqual(outcome(update, held, { before }), {
        kind: "restore",
        happened: accepted,
        held: parseConfiguration(held),
      }));
    it(`leaves what someone else may have set: ${before.provider}, ${parts}`, () => {
      const left = (happened: string) => ({
        kind: "failed",
        message: `${happened} It was left unchanged, because someone may have set it in the meantime. ${LOOK}`,
      });
      const at = (updatedAt?: string): SsoSettings => ({ ...held, ...(updatedAt && { updatedAt }) });
      for (const [found, answer] of [
        [held, { ...before, ...update }],
        [at("2027-01-10T00:00:02Z"), at("2027-01-10T00:00:01Z")],
        [held, at("2027-01-10T00:00:01Z")],
        [at("2027-01-10T00:00:02Z"), held],
      ] as const) {
        assert.deepEqual(outcome(update, found, { before, answer }), left(accepted));
      }
      assert.deepEqual(outcome(update, held, { before, lost: LOST }), left(`${LOST} The Hub has ${NEITHER}`));
    });
  }
});

describe("the restoration of single sign-on", () => {
  const another = parseConfiguration({ ...OIDC, ssoUrl: "https://another.example" });
  const ofSaml = parseConfiguration(SAML);
  const toSaml: SsoUpdate = { ...SAML };
  const decide = (update: SsoUpdate, held: ParsedConfiguration = another, changes: Partial<Delivery> = {}) =>
    restoration({ ...deliveryOf(update), ...changes }, held);
  const unknownSecret = parseConfiguration({ ...OIDC, clientSecret: undefined });

  const sent: [string, () => ReturnType<typeof decide>, SsoUpdate][] = [
    ["all of OIDC if the secret was replaced", () => decide(CLIENT_AND_SECRET), WITH_SECRET],
    ["no secret that was not replaced, because the Hub may have a newer one", () => decide(CLIENT), OIDC],
    [
      "no unknown secret if it was not replaced",
      () => decide(CLIENT, another, { remembered: unknownSecret }),
      OIDC,
    ],
    ["the secret after a change of the protocol", () => decide(toSaml), WITH_SECRET],
    ["the secret if the Hub lost the protocol", () => decide(CLIENT, ofSaml), WITH_SECRET],
    [
      "all of SAML",
      () => restoration(deliveryOf({ certificate: nextPem }, { ...SAML, enabled: false }), another),
      { ...SAML, enabled: false },
    ],
    [
      "no sign-on URL if there was none before",
      () => restoration(deliveryOf({ certificate: nextPem }, { ...SAML, ssoUrl: "" }), another),
      { provider: "saml", enabled: true, certificate: pem },
    ],
  ];
  for (const [title, found, update] of sent) {
    it(`sends ${title}`, () => {
      const decision = found();
      assert.deepEqual("update" in decision && decision.update, update);
    });
  }

  const SECRET = "its client secret is not in the state and cannot be read back";
  const other = parseConfiguration({ ...OIDC, clientId: "elsewhere" });
  const hindered: [string, () => ReturnType<typeof decide>, string][] = [
    [
      "there was no configuration before",
      () => decide(CLIENT, another, { before: undefined, remembered: undefined }),
      "there was none",
    ],
    [
      "the state has no configuration",
      () => decide(CLIENT, another, { remembered: undefined }),
      "it is not in the state",
    ],
    [
      "the state has another configuration",
      () => decide(CLIENT, another, { remembered: other }),
      "it is not in the state",
    ],
    [
      "the secret was replaced and the former one is unknown",
      () => decide(CLIENT_AND_SECRET, another, { remembered: unknownSecret }),
      SECRET,
    ],
    [
      "the protocol was changed and the secret is unknown",
      () => decide(toSaml, another, { remembered: unknownSecret }),
      SECRET,
    ],
    [
      "the Hub lost the protocol and the secret is unknown",
      () => decide(CLIENT, ofSaml, { remembered: unknownSecret }),
      SECRET,
    ],
  ];
  for (const [title, found, hindrance] of hindered) {
    it(`is impossible if ${title}`, () => assert.deepEqual(found(), { hindrance }));
  }
});
