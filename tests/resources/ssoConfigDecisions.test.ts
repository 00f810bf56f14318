// What an SsoConfig decides, sends and logs apart from its updates, on a Hub in memory.
import assert from "node:assert/strict";
import { type SsoSettings, type SsoUpdate } from "../../provider/src/client";
import { hubError } from "../../provider/src/client/errors";
import { type LifecycleContext } from "../../provider/src/model/definition";
import { changedProperties } from "../../provider/src/model/diff";
import { readState } from "../../provider/src/model/state";
import { type Properties, sameData, withoutUndefined } from "../../provider/src/model/plain";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { decide, decideCreation } from "../../provider/src/resources/ssoConfig/decisions";
import { ssoConfigDefinition as definition } from "../../provider/src/resources/ssoConfig/lifecycle";
import { type SsoConfigInputs, type SsoConfigState } from "../../provider/src/resources/ssoConfig/model";
import { fingerprintOf } from "../../provider/src/rules/certificate";
import { CERTIFICATE_SENT } from "../../provider/src/rules/identityProvider";
import { parseConfiguration } from "../../provider/src/rules/ssoComparison";
import { fixedCertificates } from "../rules/fixedCertificates";
import { inMemory } from "../support/inMemory";
import { samlMetadata } from "../support/samlMetadata";
import {
  hubWithSso,
  ISSUER,
  METADATA,
  nextPem,
  oidc,
  pem,
  saml,
  settingsOf,
  SIGN_ON,
  stateAfter,
  withOtherLineBreaks,
  ALL_OF_OIDC,
  ALL_OF_SAML,
  CHANGED_AT,
  DONE,
  ELSEWHERE,
  NOT_COMPARED,
  off,
  unknownSecret,
} from "../support/sso";

const NO_SUCH_API = hubError({ what: "no such page.", status: 404 });
const CANNOT_BE_TOLD =
  /^LifecycleError: no such page\. It is unclear whether acme has single sign-on: only the code SsoNotConfigured .* Nothing was sent\.$/;

describe("the creation of an SsoConfig", () => {
  const decideOn = (declared: SsoConfigInputs, current?: SsoConfigInputs, former?: SsoConfigState) =>
    decideCreation(
      parseConfiguration(declared),
      current && parseConfiguration(settingsOf(current)).comparable,
      former,
    );
  const different = off({ ssoUrl: ELSEWHERE });
  const adopting = saml({ adopt: true });

  const sends: [string, SsoConfigInputs, SsoConfigInputs | undefined, SsoUpdate][] = [
    ["all of SAML if the Hub has no configuration", saml(), undefined, ALL_OF_SAML],
    ["all of OIDC if the Hub has no configuration", oidc(), undefined, ALL_OF_OIDC],
    ["nothing if the Hub has the same configuration", saml(), saml(), {}],
    ["the secret if the Hub has the same configuration", oidc(), oidc(), { clientSecret: "correct-horse" }],
    [
      "that it is on if the Hub has the same configuration turned off, because that only tightens",
      saml(),
      off(),
      { enabled: true },
    ],
    ["what differs if the program adopts it", adopting, different, { enabled: true, ssoUrl: SIGN_ON }],
    ["that it is off if the program adopts it", off({ adopt: true }), saml(), { enabled: false }],
  ];
  for (const [title, declared, current, update] of sends) {
    it(`sends ${title}`, () => {
      const { update: sent, refusal } = decideOn(declared, current);
      assert.deepEqual([withoutUndefined(sent), refusal], [update, undefined]);
    });
  }
  const TO_ADOPT =
    ". It was not overwritten. Check it on the Hub; to overwrite it, set adopt to true in the arguments of this SsoConfig (in the examples: " +
    "`pulumi config set adopt true`), and run `pulumi up` again.";
  const isThere = (parts: string) =>
    `The organization acme already has single sign-on configured, and it differs from the program in ${parts}${TO_ADOPT}`;
  for (const [title, declared, current, parts] of [
    ["another identity provider", saml(), different, "ssoUrl"],
    ["another one, even if a reason is given", saml({ acknowledgeOverwrite: "x" }), different, "ssoUrl"],
    ["the same one turned on, but off is declared", off(), saml(), "enabled"],
    [
      "another one turned on, but off is declared",
      off(),
      saml({ certificate: nextPem }),
      "enabled, certificate",
    ],
  ] as const) {
    it(`is refused if the Hub has ${title}`, () => {
      const { update, refusal } = decideOn(declared, current);
      assert.deepEqual([update, refusal], [{}, isThere(parts)]);
    });
  }

  describe("of an object that another resource of the run has managed", () => {
    const former = stateAfter(saml());
    it("is refused as an update of that resource would be, in spite of adopt", () => {
      const byHand = saml({ certificate: nextPem });
      const { update, refusal } = decideOn(adopting, byHand, former);
      assert.deepEqual(update, {});
      assert.match(refusal ?? "", /^Someone changed certificate .*nothing was sent/);
      assert.deepEqual(decideOn(adopting, byHand).update, { certificate: pem });
      const fresh = decideOn(saml({ adopt: true, acknowledgeOverwrite: "over" }), byHand, former);
      assert.deepEqual(fresh.update, { certificate: pem });
      const again = stateAfter(saml({ acknowledgeOverwrite: "over" }));
      const stale = decideOn(saml({ adopt: true, acknowledgeOverwrite: "over" }), byHand, again);
      assert.match(stale.refusal ?? "", /^Someone changed certificate/);
    });
    it("still requires adopt", () => {
      const declared = saml({ certificate: nextPem });
      assert.equal(decideOn(declared, saml(), former).refusal, isThere("certificate"));
      assert.deepEqual(decideOn({ ...declared, adopt: true }, saml(), former).update, {
        certificate: nextPem,
      });
    });
    it("keeps the reasons that were given to that resource", () => {
      const { heard } = decideOn(
        saml({ acknowledgeOverwrite: "b" }),
        saml(),
        stateAfter(saml({ acknowledgeOverwrite: "a" })),
      );
      assert.equal(heard.seen.length, 2);
    });
  });

  async function create(
    held: SsoSettings | Error | undefined,
    inputs: SsoConfigInputs,
    changes?: Partial<LifecycleContext>,
  ) {
    const { context, said, sent } = hubWithSso(held, changes);
    const { id, state } = await definition.create(inputs, context);
    return { id, state: withoutUndefined(state), said, sent };
  }

  it("keeps what was sent, also under `applied`, and the certificate's dates", async () => {
    const declared = saml({ acknowledgeOverwrite: "new" });
    const { id, state, said, sent } = await create(undefined, declared);
    assert.equal(id, "acme/sso");
    assert.deepEqual([sent, said], [[ALL_OF_SAML], [DONE(NOT_COMPARED)]]);
    const { certificateExpiresAt, heard, ...others } = state;
    assert.match(certificateExpiresAt ?? "", /^2126-1\d-/);
    assert.equal(heard?.seen.length, 1);
    assert.doesNotMatch(JSON.stringify(heard), /new/, "only a hash of a reason is kept");
    const certificateFingerprint = fingerprintOf(pem);
    assert.deepEqual(others, {
      ...declared,
      certificateFingerprint,
      lastCertificate: certificateFingerprint,
      applied: {
        enabled: true,
        identityProvider: { provider: "saml", ssoUrl: SIGN_ON, certificateFingerprint },
      },
      appliedAt: CHANGED_AT,
    });
  });
  it("keeps the client of OIDC under `applied`, without the secret", async () => {
    const { state, said } = await create(undefined, oidc());
    const identityProvider = { provider: "oidc", ssoUrl: ISSUER, clientId: "hub" };
    const applied = { enabled: true, identityProvider };
    assert.deepEqual(state, { ...oidc(), applied, appliedAt: CHANGED_AT, heard: { seen: [] } });
    assert.match(
      said.join(),
      /has the declared configuration, as far as it can be read back: the client secret cannot; /,
    );
  });
  it("warns before it takes over a configuration that cannot be restored", async () => {
    const takesOver = "warn takes over a configuration that is not in the state";
    const cannot = ": if the change fails, it cannot be restored automatically";
    const { said } = await create(settingsOf(different), adopting);
    const overwrites = ", and overwrites enabled, ssoUrl (last changed at 2026-12-01T00:00:00.000Z)";
    assert.deepEqual(said, [`${takesOver}${overwrites}${cannot}.`, DONE(NOT_COMPARED)]);
    const ofOidc = await create(settingsOf(oidc()), oidc());
    assert.equal(ofOidc.said[0], `${takesOver}${cannot}, and its client secret is not known.`);
    const { updatedAt: _updatedAt, ...undated } = settingsOf(different);
    assert.match((await create(undated, adopting)).said[0] ?? "", /overwrites enabled, ssoUrl: if/);
    assert.deepEqual((await create(settingsOf(saml()), saml())).said, []);
  });
  it("sends nothing if it is refused", async () => {
    const { context, sent } = hubWithSso(settingsOf(different));
    await assert.rejects(async () => definition.create(saml(), context), /^LifecycleError: The organization/);
    assert.deepEqual(sent, []);
  });
  it("fails if it cannot see whether there is a configuration, even with adopt", async () => {
    await assert.rejects(create(NO_SUCH_API, adopting), CANNOT_BE_TOLD);
    for (const error of [
      hubError({ what: "down", status: 503 }),
      hubError({ what: "odd", status: 500, code: "SsoNotConfigured" }),
    ]) {
      await assert.rejects(create(error, saml()), error);
    }
  });
  it("compares what the identity provider publishes, and logs that", async () => {
    const documents: Record<string, string> = {
      [METADATA]: samlMetadata({ certificates: [pem] }),
      [`${ISSUER}/.well-known/openid-configuration`]: JSON.stringify({ issuer: ISSUER }),
    };
    const fetchDocument = (url: string) => Promise.resolve(documents[url] ?? assert.fail(url));
    const ofSaml = await create(undefined, saml({ metadataUrl: METADATA }), { fetchDocument });
    assert.deepEqual(ofSaml.said, [
      DONE("the identity provider publishes the same (ssoUrl and certificate)"),
    ]);
    const ofOidc = await create(undefined, oidc({ verifyIssuer: true }), { fetchDocument });
    assert.match(ofOidc.said.join(), /; the identity provider publishes the same \(the issuer\)\. /);
  });
});

describe("the preview of an SsoConfig", () => {
  /** As the engine does it: with the arguments that differ from the state. */
  const preview = (state: SsoConfigState, declared: SsoConfigInputs) => {
    const { context, said } = inMemory({});
    const result = definition.diff?.(
      state,
      declared,
      changedProperties(definition, state, declared),
      context,
    );
    assert.ok(result);
    return { ...result, said };
  };
  /** The state after a refresh that found another configuration on the Hub. */
  const refreshed = async (before: SsoConfigInputs, hub: SsoConfigInputs | undefined) => {
    const { context } = hubWithSso(hub && settingsOf(hub));
    const found = await definition.read("acme/sso", stateAfter(before), context);
    assert.ok(found);
    return found.state;
  };
  const nothing = { changes: false, changed: [], replaces: [], renews: [], said: [] };

  it("shows nothing if nothing differs except how the certificate is written", () => {
    assert.deepEqual(preview(stateAfter(saml()), saml()), nothing);
    const certificate = withOtherLineBreaks(pem);
    assert.deepEqual(preview(stateAfter(saml()), saml({ certificate })), nothing);
  });
  it("shows another organization as a replacement, and logs nothing about it", async () => {
    const state = await refreshed(saml(), saml({ ssoUrl: ELSEWHERE }));
    const { replaces, said } = preview(state, saml({ organization: "globex" }));
    assert.deepEqual([replaces, said], [["organization"], []]);
  });
  it("shows that an update will be refused if everything is known and the configuration still exists", async () => {
    const state = await refreshed(saml(), saml({ ssoUrl: ELSEWHERE }));
    assert.match(
      preview(state, saml()).said.join(),
      /^warn `pulumi up` will refuse this\. Someone changed ssoUrl/,
    );
    assert.deepEqual(preview(state, saml({ clientId: UNKNOWN })).said, []);
    assert.deepEqual(preview({ ...state, missing: true }, saml()).said, []);
    assert.deepEqual(preview(state, saml({ ssoUrl: ELSEWHERE })).said, []);
    const turnedOn = await refreshed(off(), saml());
    assert.match(
      preview(turnedOn, off()).said.join(),
      /^warn `pulumi up` will refuse this\. Someone turned on single sign-on of acme/,
    );
  });
  it("names the outputs that are unknown before the update if the certificate is not known yet", () => {
    const { changed, renews } = preview(stateAfter(oidc()), saml({ certificate: UNKNOWN }));
    assert.ok(changed.includes("certificate"));
    assert.deepEqual(renews, [
      "certificateExpiresAt",
      "certificateFingerprint",
      "applied",
      "lastCertificate",
      "appliedAt",
    ]);
  });

  const updates: [string, SsoConfigInputs, SsoConfigInputs | undefined, SsoConfigInputs, string[]][] = [
    ["a setting of its own", saml(), saml(), saml({ onDestroy: "disable" }), []],
    ["a new reason", saml(), saml(), saml({ acknowledgeOverwrite: "over" }), ["heard"]],
    ["another sign-on URL", saml(), saml(), saml({ ssoUrl: ELSEWHERE }), ["applied", "appliedAt"]],
    [
      "another certificate",
      saml(),
      saml(),
      saml({ certificate: nextPem }),
      // Both expire at the same time.
      ["certificateFingerprint", "applied", "lastCertificate", "appliedAt"],
    ],
    [
      "another way of writing the certificate, along with another change",
      saml(),
      saml(),
      saml({ certificate: withOtherLineBreaks(pem), warnBeforeDays: 5 }),
      [],
    ],
    ["another secret", oidc(), oidc(), oidc({ clientSecret: "b" }), ["appliedAt"]],
    [
      "another protocol",
      saml(),
      saml(),
      oidc(),
      ["certificateExpiresAt", "certificateFingerprint", "applied", "lastCertificate", "appliedAt"],
    ],
    [
      "a change on the Hub that it takes over",
      saml(),
      saml({ ssoUrl: ELSEWHERE }),
      saml({ ssoUrl: ELSEWHERE }),
      ["applied", "appliedAt"],
    ],
    [
      "a change on the Hub that it reverts",
      saml(),
      saml({ certificate: nextPem }),
      saml({ acknowledgeOverwrite: "over" }),
      ["certificateFingerprint", "heard", "appliedAt"],
    ],
    ["a configuration that someone turned off", saml(), off(), saml(), ["appliedAt"]],
    ["a configuration that someone deleted", saml(), undefined, saml(), ["applied", "missing", "appliedAt"]],
  ];
  for (const [title, before, hub, declared, renews] of updates) {
    it(`names exactly what the update changes: ${title}`, async () => {
      const state = await refreshed(before, hub);
      const shown = preview(state, declared);
      assert.equal(shown.changes, true);
      assert.deepEqual(shown.renews, renews);
      const { context } = hubWithSso(hub && settingsOf(hub));
      const next = await definition.update("acme/sso", state, declared, context);
      const differing = Object.keys({ ...state, ...next }).filter(
        (key) => !sameData((state as Properties)[key], (next as Properties)[key]),
      );
      assert.deepEqual(differing.sort(), [...shown.changed, ...shown.renews].sort());
    });
  }
});

describe("the refresh of an SsoConfig", () => {
  const read = async (held: SsoSettings | Error | undefined, state?: SsoConfigState) =>
    withoutUndefined(await definition.read("acme/sso", state, hubWithSso(held).context));
  const ofProgram = {
    metadataUrl: METADATA,
    verifyIssuer: false,
    warnBeforeDays: 5,
    adopt: true,
    acknowledgeOverwrite: "over",
    onDestroy: "disable",
  } as const;

  it("keeps the program's own words if they mean the same", async () => {
    const inputs = saml({ ...ofProgram, certificate: withOtherLineBreaks(pem) });
    const found = await read(
      settingsOf(saml({ ssoUrl: "https://IDP.acme.example/sso" })),
      stateAfter(inputs),
    );
    assert.deepEqual(found, { inputs, state: withoutUndefined(stateAfter(inputs)) });
  });
  it("finds what someone changed, and keeps what was last sent", async () => {
    const found = await read(
      settingsOf(saml({ ssoUrl: ELSEWHERE, certificate: nextPem })),
      stateAfter(saml()),
    );
    assert.deepEqual([found?.inputs.ssoUrl, found?.inputs.certificate], [ELSEWHERE, nextPem]);
    assert.equal(found?.state.certificateFingerprint, fingerprintOf(nextPem));
    assert.deepEqual(found?.state.applied, withoutUndefined(stateAfter(saml()).applied));
  });
  it("finds another protocol with the settings that belong to it", async () => {
    const found = async (hub: SsoConfigInputs, before: SsoConfigInputs) => {
      const inputs = (await read(settingsOf(hub), stateAfter(before)))?.inputs as Properties;
      const { [CERTIFICATE_SENT]: _sent, ...others } = inputs;
      return others;
    };
    const { metadataUrl: _url, ...settings } = ofProgram;
    assert.deepEqual(
      await found(oidc(), saml(ofProgram)),
      withoutUndefined({ ...unknownSecret, ...settings }),
    );
    assert.deepEqual(await found(saml(), oidc()), saml({ verifyIssuer: false }));
    assert.deepEqual(await found(oidc(), oidc()), oidc());
  });
  it("finds by the id alone what the Hub has, with the defaults and without a secret", async () => {
    const inputs = {
      organization: "acme",
      provider: "saml",
      enabled: true,
      ssoUrl: "",
      verifyIssuer: true,
      warnBeforeDays: 30,
      adopt: false,
      onDestroy: "retain",
    };
    assert.deepEqual(await read({ provider: "saml", enabled: true }), {
      inputs,
      state: { ...inputs, applied: { enabled: true, identityProvider: { provider: "saml" } } },
    });
    assert.deepEqual((await read(settingsOf(oidc())))?.inputs, {
      ...withoutUndefined(unknownSecret),
      verifyIssuer: true,
    });
  });
  it("knows a certificate that it would refuse only by its fingerprint", async () => {
    const certificate = fixedCertificates.ecdsaSha1;
    const found = await read(settingsOf(saml({ certificate })));
    assert.equal(found?.state.certificateExpiresAt, undefined);
    assert.equal(found?.state.certificateFingerprint, fingerprintOf(certificate));
    assert.match(found?.state.certificateFingerprint ?? "", /^[0-9a-f]{64}$/);
  });
  it("never forgets a configuration that was deleted, but shows it as off", async () => {
    const inputs = saml(ofProgram);
    const { context, said } = hubWithSso(undefined);
    const found = await definition.read("acme/sso", stateAfter(inputs), context);
    assert.deepEqual(withoutUndefined(found?.inputs), { ...inputs, enabled: false });
    const { applied: _applied, ...others } = stateAfter(inputs);
    assert.deepEqual(found?.state, { ...others, enabled: false, missing: true });
    assert.deepEqual(said, ["warn the organization no longer has single sign-on on the Hub."]);
  });
  it("passes the fingerprint of the sent certificate to the next check if someone changed or deleted it", async () => {
    const sent = fingerprintOf(pem);
    const drifted = { ...stateAfter(saml()), certificate: nextPem };
    for (const [held, state, expected] of [
      [settingsOf(saml()), stateAfter(saml()), undefined],
      [settingsOf(saml({ certificate: nextPem })), stateAfter(saml()), sent],
      [settingsOf(oidc()), stateAfter(saml()), sent],
      [settingsOf(oidc()), stateAfter(oidc()), undefined],
      [undefined, stateAfter(saml()), undefined],
      [undefined, drifted, sent],
      [settingsOf(saml()), undefined, undefined],
    ] as const) {
      const found = await read(held, state);
      assert.equal((found?.inputs as { [CERTIFICATE_SENT]?: string })[CERTIFICATE_SENT], expected);
      assert.ok(!(CERTIFICATE_SENT in (found?.state ?? {})));
    }
  });
  it("finds nothing only if the Hub says that there is nothing", async () => {
    assert.equal(await read(undefined), undefined);
    await assert.rejects(read(NO_SUCH_API), CANNOT_BE_TOLD);
    await assert.rejects(read(NO_SUCH_API, stateAfter(saml())), CANNOT_BE_TOLD);
  });
  it("refuses an id of another form", async () => {
    for (const id of ["acme", "acme/other", "", "a/b/sso", "acme/sso/x", "/sso"]) {
      await assert.rejects(async () => definition.read(id, undefined, hubWithSso(undefined).context), {
        message: `"${id}" is not the id of a single sign-on configuration. It has the form organization/sso.`,
      });
    }
  });
});

describe("the destroy of an SsoConfig", () => {
  async function destroy(held: SsoSettings | Error | undefined, onDestroy: "retain" | "disable") {
    const { context, said, sent } = hubWithSso(held);
    await definition.delete("acme/sso", stateAfter(saml({ onDestroy })), context);
    return { said, sent };
  }
  it("leaves single sign-on turned on, unless it is to be disabled", async () =>
    assert.deepEqual(await destroy(settingsOf(saml()), "retain"), {
      said: ['info single sign-on was left unchanged on the Hub (onDestroy is "retain").'],
      sent: [],
    }));
  it("turns single sign-on off if that is declared and it is on", async () => {
    assert.deepEqual(await destroy(settingsOf(saml()), "disable"), {
      said: ['warn turned single sign-on off (onDestroy is "disable").'],
      sent: [{ enabled: false }],
    });
    for (const held of [settingsOf(off()), undefined]) {
      assert.deepEqual(await destroy(held, "disable"), { said: [], sent: [] });
    }
  });
  it("does not mistake a missing API for a missing configuration", async () => {
    await assert.rejects(destroy(NO_SUCH_API, "disable"), CANNOT_BE_TOLD);
  });
});

describe("the state of an SsoConfig that an earlier release wrote", () => {
  const identityProvider = { provider: "saml", ssoUrl: SIGN_ON, certificateFingerprint: fingerprintOf(pem) };
  const ofVersion1 = (changes: object = {}) =>
    readState(definition, {
      ...saml({ acknowledgeOverwrite: "over" }),
      applied: { ...identityProvider, enabled: true, reason: "over" },
      stateVersion: 1,
      ...changes,
    }) as unknown as SsoConfigState;
  const { heard } = stateAfter(saml({ acknowledgeOverwrite: "over" }));

  it("is the same as the state that would be written now", () => {
    const {
      certificateExpiresAt: _end,
      certificateFingerprint: _print,
      ...now
    } = stateAfter(saml({ acknowledgeOverwrite: "over" }));
    assert.deepEqual(ofVersion1(), withoutUndefined(now));
  });
  it("knows a reason that was already used, and none if none was given", () => {
    const byHand = parseConfiguration(settingsOf(saml({ ssoUrl: ELSEWHERE }))).comparable;
    const declared = parseConfiguration(saml({ acknowledgeOverwrite: "over" }));
    assert.match(decide(declared, byHand, ofVersion1()).refusal ?? "", /^Someone changed ssoUrl/);
    const without = ofVersion1({
      acknowledgeOverwrite: undefined,
      applied: { ...identityProvider, enabled: true },
    });
    assert.deepEqual(without.heard, { seen: [] });
    assert.equal(decide(declared, byHand, without).refusal, undefined);
  });
  it("counts nothing as applied after a deletion, but remembers the certificate", () => {
    const { applied, missing, lastCertificate, heard: kept } = ofVersion1({ enabled: false, missing: true });
    assert.deepEqual([applied, missing, lastCertificate], [undefined, true, fingerprintOf(pem)]);
    assert.deepEqual(kept, heard);
  });
  it("is refused by the check of the state if it is damaged", () => {
    assert.throws(
      () => ofVersion1({ applied: 1 }),
      /state of this SsoConfig is damaged: applied should be an object/,
    );
    assert.throws(
      () => ofVersion1({ applied: { provider: "ldap", enabled: true } }),
      /damaged: applied\.identityProvider\.provider should be one of saml, oidc/,
    );
  });
});
