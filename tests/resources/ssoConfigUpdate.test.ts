// What an update of an SsoConfig sends, refuses and logs, on a Hub in memory.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { type SsoSettings, type SsoUpdate } from "../../provider/src/client";
import { hubError } from "../../provider/src/client/errors";
import { type LifecycleContext } from "../../provider/src/model/definition";
import { withoutUndefined } from "../../provider/src/model/plain";
import { decide } from "../../provider/src/resources/ssoConfig/decisions";
import { ssoConfigDefinition as definition } from "../../provider/src/resources/ssoConfig/lifecycle";
import { type SsoConfigInputs, type SsoConfigState } from "../../provider/src/resources/ssoConfig/model";
import { parseConfiguration } from "../../provider/src/rules/ssoComparison";
import { samlMetadata } from "../support/samlMetadata";
import {
  hubWithSso,
  ISSUER,
  METADATA,
  nextPem,
  NOT_YET_IN_FORCE,
  oidc,
  pem,
  saml,
  settingsOf,
  SIGN_ON,
  stateAfter,
  withOtherLineBreaks,
  ALL_OF_OIDC,
  ALL_OF_SAML,
  DONE,
  ELSEWHERE,
  NOT_COMPARED,
  off,
  unknownSecret,
} from "../support/sso";

/** What the program declared before, what the Hub has now, and what the program declares now. */
interface Situation {
  before: SsoConfigInputs;
  hub?: SsoConfigInputs | "gone";
  declared: SsoConfigInputs;
}

describe("the update of an SsoConfig", () => {
  const decideOn = (state: SsoConfigState, hub: SsoConfigInputs | "gone", declared: SsoConfigInputs) => {
    const current = hub === "gone" ? undefined : parseConfiguration(settingsOf(hub)).comparable;
    const { update, refusal, changedOnHub } = decide(parseConfiguration(declared), current, state);
    return withoutUndefined({ update, refusal, changedOnHub });
  };
  const decideFor = ({ before, hub = before, declared }: Situation) =>
    decideOn(stateAfter(before), hub, declared);

  const sends: [string, Situation, SsoUpdate][] = [
    ["nothing if nothing differs", { before: saml(), declared: saml() }, {}],
    [
      "no setting that the Hub does not have",
      { before: saml(), declared: saml({ warnBeforeDays: 5, adopt: true }) },
      {},
    ],
    ["only enabled: off", { before: saml(), declared: off() }, { enabled: false }],
    ["only enabled: on", { before: off(), declared: saml() }, { enabled: true }],
    ["only ssoUrl", { before: saml(), declared: saml({ ssoUrl: ELSEWHERE }) }, { ssoUrl: ELSEWHERE }],
    [
      "only ssoUrl to a configuration that is off and stays off",
      { before: off(), declared: off({ ssoUrl: ELSEWHERE }) },
      { ssoUrl: ELSEWHERE },
    ],
    ["only clientId", { before: oidc(), declared: oidc({ clientId: "b" }) }, { clientId: "b" }],
    ["only a new secret", { before: oidc(), declared: oidc({ clientSecret: "b" }) }, { clientSecret: "b" }],
    [
      "a secret that the state does not have",
      { before: unknownSecret, declared: oidc() },
      { clientSecret: "correct-horse" },
    ],
    ["no secret if none is declared", { before: oidc(), declared: unknownSecret }, {}],
    [
      "only a certificate, in its standard form",
      { before: saml(), declared: saml({ certificate: `subject=idp\n${withOtherLineBreaks(nextPem)}` }) },
      { certificate: nextPem },
    ],
    [
      "no certificate that is only written in another way",
      { before: saml(), declared: saml({ certificate: withOtherLineBreaks(pem) }) },
      {},
    ],
    ["everything for another protocol: SAML", { before: oidc(), declared: saml() }, ALL_OF_SAML],
    ["everything for another protocol: OIDC", { before: saml(), declared: oidc() }, ALL_OF_OIDC],
    ["everything if it is gone", { before: saml(), hub: "gone", declared: saml() }, ALL_OF_SAML],
    [
      "everything if it is gone, turned off as declared",
      { before: off(), hub: "gone", declared: off() },
      { ...ALL_OF_SAML, enabled: false },
    ],
    [
      "another spelling of the issuer, because a login compares it letter by letter",
      { before: oidc(), declared: oidc({ ssoUrl: `${ISSUER}/` }) },
      { ssoUrl: `${ISSUER}/` },
    ],
    [
      "no spelling that the Hub already has",
      { before: oidc(), hub: oidc({ ssoUrl: `${ISSUER}/` }), declared: oidc({ ssoUrl: `${ISSUER}/` }) },
      {},
    ],
    [
      "no spelling that was sent before if the Hub uses another",
      { before: oidc({ ssoUrl: `${ISSUER}/` }), hub: oidc(), declared: oidc({ ssoUrl: `${ISSUER}/` }) },
      {},
    ],
    [
      "nothing if the Hub already has the value, as after a lost answer",
      { before: saml(), hub: saml({ ssoUrl: ELSEWHERE }), declared: saml({ ssoUrl: ELSEWHERE }) },
      {},
    ],
    [
      "nothing if someone turned it on and the program declares it on",
      { before: off(), hub: saml(), declared: saml() },
      {},
    ],
  ];
  for (const [title, situation, update] of sends) {
    it(`sends ${title}`, () => assert.deepEqual(decideFor(situation), { changedOnHub: [], update }));
  }

  const moved = saml({ ssoUrl: ELSEWHERE });
  const acknowledged = saml({ acknowledgeOverwrite: "over" });
  const reverts: [string, Situation, SsoUpdate, string[]][] = [
    [
      "if single sign-on was turned off, because that only tightens",
      { before: saml(), hub: off(), declared: saml() },
      { enabled: true },
      ["enabled"],
    ],
    [
      "only by turning single sign-on off, if the program follows the rest",
      { before: saml(), hub: saml({ ssoUrl: ELSEWHERE }), declared: off({ ssoUrl: ELSEWHERE }) },
      { enabled: false },
      [],
    ],
    [
      "for a new reason",
      { before: saml(), hub: moved, declared: acknowledged },
      { ssoUrl: SIGN_ON },
      ["ssoUrl"],
    ],
    [
      "for a new reason, with the secret, because someone else's may be there",
      { before: oidc(), hub: oidc({ clientId: "b" }), declared: oidc({ acknowledgeOverwrite: "over" }) },
      { clientId: "hub", clientSecret: "correct-horse" },
      ["clientId"],
    ],
    [
      "that turned it on, for a new reason",
      { before: off(), hub: saml(), declared: off({ acknowledgeOverwrite: "over" }) },
      { enabled: false },
      ["enabled"],
    ],
  ];
  for (const [title, situation, update, changedOnHub] of reverts) {
    it(`reverts a change on the Hub ${title}`, () =>
      assert.deepEqual(decideFor(situation), { changedOnHub, update }));
  }

  const REVERTS_NOTHING =
    "of the single sign-on of acme on the Hub. It was not reverted automatically because people may rely " +
    "on it to sign in; nothing was sent. Declare what is on the Hub now, or give a new reason in acknowledgeOverwrite to restore what the program declares.";
  const TURNS_NOTHING_OFF =
    "Someone turned on single sign-on of acme on the Hub. It is not turned off again automatically; nothing was sent. " +
    "Declare enabled: true, or give a new reason in acknowledgeOverwrite to turn it off.";
  const someoneChanged = (parts: string) => `Someone changed ${parts} ${REVERTS_NOTHING}`;
  const refuses: [string, Situation, string, string[]][] = [
    ["of ssoUrl", { before: saml(), hub: moved, declared: saml() }, someoneChanged("ssoUrl"), ["ssoUrl"]],
    [
      "of the certificate",
      { before: saml(), hub: saml({ certificate: nextPem }), declared: saml() },
      someoneChanged("certificate"),
      ["certificate"],
    ],
    [
      "of clientId",
      { before: oidc(), hub: oidc({ clientId: "b" }), declared: oidc() },
      someoneChanged("clientId"),
      ["clientId"],
    ],
    [
      "of the protocol",
      { before: oidc(), hub: saml(), declared: oidc() },
      someoneChanged("provider, ssoUrl, clientId, certificate"),
      ["provider", "ssoUrl", "clientId", "certificate"],
    ],
    [
      "of one part, even to turn it on again",
      { before: saml(), hub: off({ ssoUrl: ELSEWHERE }), declared: saml() },
      someoneChanged("ssoUrl"),
      ["enabled", "ssoUrl"],
    ],
    [
      "if the program changed the same part, because an older change must not undo a newer one",
      { before: saml(), hub: moved, declared: saml({ ssoUrl: "https://c.example" }) },
      someoneChanged("ssoUrl"),
      ["ssoUrl"],
    ],
    [
      "if the program changed another part, because two identity providers would be mixed",
      { before: saml(), hub: moved, declared: saml({ certificate: nextPem }) },
      someoneChanged("ssoUrl"),
      ["ssoUrl"],
    ],
    [
      "of one part, even to turn it off",
      { before: saml(), hub: moved, declared: off() },
      someoneChanged("ssoUrl"),
      ["ssoUrl"],
    ],
    [
      "that turned it on with another certificate",
      { before: off(), hub: saml({ certificate: nextPem }), declared: off() },
      someoneChanged("enabled, certificate"),
      ["enabled", "certificate"],
    ],
    [
      "for a reason that is not new",
      { before: acknowledged, hub: moved, declared: acknowledged },
      someoneChanged("ssoUrl"),
      ["ssoUrl"],
    ],
    [
      "because an old reason was removed",
      { before: acknowledged, hub: moved, declared: saml() },
      someoneChanged("ssoUrl"),
      ["ssoUrl"],
    ],
    ["that turned it on", { before: off(), hub: saml(), declared: off() }, TURNS_NOTHING_OFF, ["enabled"]],
    [
      "that turned it on, along with another change of the program",
      { before: off(), hub: saml(), declared: off({ ssoUrl: ELSEWHERE }) },
      TURNS_NOTHING_OFF,
      ["enabled"],
    ],
  ];
  for (const [title, situation, reason, changedOnHub] of refuses) {
    it(`does not revert a change on the Hub ${title}`, () =>
      assert.deepEqual(decideFor(situation), { refusal: reason, changedOnHub, update: {} }));
  }

  async function update(
    held: SsoSettings | Error | undefined,
    state: SsoConfigState,
    declared: SsoConfigInputs,
    changes?: Partial<LifecycleContext>,
  ) {
    const { context, said, sent } = hubWithSso(held, changes);
    const next = await definition.update("acme/sso", state, declared, context);
    return { next, said, sent };
  }
  const change = (from: SsoConfigInputs, to: SsoConfigInputs, changes?: Partial<LifecycleContext>) =>
    update(settingsOf(from), stateAfter(from), to, changes);

  it("logs nothing if it sends nothing, and keeps the program's settings", async () => {
    const { next, said, sent } = await change(saml(), saml({ warnBeforeDays: 5 }));
    assert.deepEqual([sent, said], [[], []]);
    assert.deepEqual(next, stateAfter(saml({ warnBeforeDays: 5 })));
  });
  it("sends everything if it is gone, but only if the Hub itself says that", async () => {
    const { said, sent } = await update(undefined, stateAfter(saml()), saml());
    assert.deepEqual([sent, said], [[ALL_OF_SAML], [DONE(NOT_COMPARED)]]);
    const noSuchPage = hubError({ what: "no such page.", status: 404 });
    await assert.rejects(update(noSuchPage, stateAfter(saml()), saml()), {
      name: "LifecycleError",
      message: /^no such page\. It is unclear whether acme has single sign-on.* Nothing was sent\.$/,
    });
  });
  it("logs what someone changed on the Hub after it was reverted", async () => {
    const { said } = await update(settingsOf(off()), stateAfter(saml()), saml());
    assert.deepEqual(said, [
      DONE(NOT_COMPARED),
      "warn someone changed enabled on the Hub since the last `pulumi up`.",
    ]);
  });
  it("logs what someone changed on the Hub if the update is refused, and sends nothing", async () => {
    const { context, said, sent } = hubWithSso(settingsOf(off({ ssoUrl: ELSEWHERE })));
    await assert.rejects(async () => definition.update("acme/sso", stateAfter(saml()), saml(), context), {
      name: "UnfinishedError",
      message: someoneChanged("ssoUrl"),
    });
    assert.deepEqual(said, ["warn someone changed enabled, ssoUrl on the Hub since the last `pulumi up`."]);
    assert.deepEqual(sent, []);
  });
  it("asks the identity provider only before a change that could lock people out", async () => {
    let fetched: string[] = [];
    const fetchDocument = (url: string) => {
      fetched.push(url);
      return Promise.reject(new Error("it is down"));
    };
    const published = (changes: Partial<SsoConfigInputs> = {}) => saml({ metadataUrl: METADATA, ...changes });
    const verified = (changes: Partial<SsoConfigInputs> = {}) => oidc({ verifyIssuer: true, ...changes });
    const DISCOVERY = `${ISSUER}/.well-known/openid-configuration`;
    const COULD_NOT = "it could not be compared with what the identity provider publishes";
    for (const [from, to, asked, compared] of [
      [published(), published({ enabled: false }), [], undefined],
      [published({ enabled: false }), published(), [METADATA], COULD_NOT],
      [published(), published({ ssoUrl: ELSEWHERE }), [METADATA], COULD_NOT],
      [published(), published({ certificate: nextPem }), [METADATA], COULD_NOT],
      [verified(), verified({ clientId: "b" }), [], undefined],
      [saml(), verified({ clientSecret: undefined }), [DISCOVERY], COULD_NOT],
      [saml(), unknownSecret, [], NOT_COMPARED],
    ] as const) {
      fetched = [];
      const { said } = await change(from, to, { fetchDocument });
      assert.deepEqual(fetched, asked);
      assert.equal(said.at(-1), DONE(compared));
      assert.match(said[0] ?? "", asked.length > 0 ? /^warn .* could not be compared/ : /^info /);
    }
  });
  it("sends no certificate that is not in force, and does not turn single sign-on on with it", async () => {
    const early = { now: NOT_YET_IN_FORCE };
    const refusal =
      /^UnfinishedError: Nothing was sent: the certificate is not valid before 2026-11-\d\d.*\.$/;
    await assert.rejects(change(saml(), saml({ certificate: nextPem }), early), refusal);
    await assert.rejects(change(off(), saml(), early), refusal);
    assert.deepEqual((await change(saml(), off(), early)).sent, [{ enabled: false }]);
    assert.deepEqual((await change(oidc({ enabled: false }), oidc(), early)).sent, [{ enabled: true }]);
    await assert.rejects(
      change(saml(), saml({ certificate: "no certificate" })),
      /^UnfinishedError: Nothing was sent: the certificate is not a PEM certificate/,
    );
  });

  describe("parses each text of a certificate once", () => {
    const { X509Certificate } = crypto;
    let parsed: number;
    beforeEach(() => {
      parsed = 0;
      crypto.X509Certificate = class extends X509Certificate {
        constructor(encoded: ConstructorParameters<typeof X509Certificate>[0]) {
          super(encoded);
          parsed += 1;
        }
      };
    });
    afterEach(() => {
      crypto.X509Certificate = X509Certificate;
    });
    const metadata = samlMetadata({ certificates: [pem, nextPem] });
    const fetchDocument = () => Promise.resolve(metadata);
    const published = (changes: Partial<SsoConfigInputs>) => saml({ metadataUrl: METADATA, ...changes });
    for (const [title, to, expected] of [
      // The state, the program and the Hub all have the same text, before and after.
      ["that stays", saml({ ssoUrl: ELSEWHERE }), 1],
      ["that replaces another one", saml({ certificate: nextPem }), 2],
      [
        "that the program writes in another way than the Hub",
        saml({ certificate: withOtherLineBreaks(nextPem) }),
        3,
      ],
      // The two certificates of the document are separate texts.
      ["that is compared with published ones", published({ certificate: nextPem }), 4],
    ] as const) {
      it(`${title}: ${expected}`, async () => {
        const from = saml();
        const state = stateAfter(from);
        parsed = 0;
        const { sent } = await update(settingsOf(from), state, to, { fetchDocument });
        assert.equal(sent.length, 1);
        assert.equal(parsed, expected);
      });
    }
  });
});
