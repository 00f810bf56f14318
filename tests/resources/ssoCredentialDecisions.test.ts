// What an SsoCredential decides, sends and logs, case by case, on a Hub in memory.
import assert from "node:assert/strict";
import { type LifecycleContext } from "../../provider/src/model/definition";
import { changedProperties } from "../../provider/src/model/diff";
import { type Properties, sameData, withoutUndefined } from "../../provider/src/model/plain";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { parseCredential, toState, updateFor } from "../../provider/src/resources/ssoCredential/decisions";
import { ssoCredentialDefinition as definition } from "../../provider/src/resources/ssoCredential/lifecycle";
import { type SsoCredentialInputs } from "../../provider/src/resources/ssoCredential/model";
import { fingerprintOf } from "../../provider/src/rules/certificate";
import { NOT_TESTED } from "../../provider/src/rules/ssoOutcome";
import { fixedCertificates } from "../rules/fixedCertificates";
import { inMemory } from "../support/inMemory";
import { samlMetadata } from "../support/samlMetadata";
import { IN_FORCE, METADATA, nextPem, NOT_YET_IN_FORCE, pem, withOtherLineBreaks } from "../support/sso";

type Inputs = SsoCredentialInputs;
const without = (changes: Partial<Inputs> = {}): Inputs => ({
  organization: "acme",
  warnBeforeDays: 30,
  replaceExisting: true,
  ...changes,
});
const secret = (changes: Partial<Inputs> = {}) => without({ clientSecret: "correct-horse", ...changes });
const certificate = (changes: Partial<Inputs> = {}) => without({ certificate: pem, ...changes });
const stateAfter = (inputs: Inputs) => toState(parseCredential(inputs));

/** A Hub that accepts what is sent, and answers with the role of the credentials. */
function hubWith(role: string | null = "admin", changes: Partial<LifecycleContext> = {}) {
  const sent: unknown[][] = [];
  const surroundings = inMemory(
    {
      updateSsoCredential: (...call: unknown[]) => Promise.resolve(void sent.push(call)),
      myOrgRole: () => Promise.resolve(role),
    },
    { now: IN_FORCE, ...changes },
  );
  return { ...surroundings, sent };
}

const REPLACES_UNKNOWN =
  "warn replaces a credential that is not in the state and cannot be read back: if the new one does not work, get the old one from " +
  "the identity provider.";
const SENT = (compared = "") =>
  `info the Hub accepted the new credential, which cannot be read back${compared}. ${NOT_TESTED}`;

describe("SsoCredential refuses arguments", () => {
  const checked = (inputs: Inputs, previous?: Inputs, at = IN_FORCE) => {
    const { context, said } = inMemory({}, { now: at });
    const failures = definition.check?.(inputs, previous, context) ?? [];
    return { said, failures: failures.map(({ property, reason }) => `${property}: ${reason}`) };
  };

  it("but not correct ones or values that are not known yet", () => {
    for (const inputs of [
      secret(),
      secret({ clientSecret: UNKNOWN, replaceExisting: UNKNOWN as never }),
      certificate(),
      certificate({ certificate: UNKNOWN, metadataUrl: METADATA }),
      certificate({ metadataUrl: UNKNOWN, warnBeforeDays: UNKNOWN as never }),
    ]) {
      assert.deepEqual(checked(inputs), { said: [], failures: [] });
    }
  });

  const ONE = /^: give either clientSecret \(OIDC\), or certificate or metadataXml \(SAML\)$/;
  const REPLACE =
    /^replaceExisting: must be true: the Hub does not show the organization's current credential, so the first `pulumi up` overwrites an unknown one$/;
  const imported = without({ replaceExisting: false });
  const unwilling = secret({ replaceExisting: false });
  const rows: [string, Inputs, Inputs | undefined, RegExp[]][] = [
    ["if there are two credentials", secret({ certificate: pem }), undefined, [ONE]],
    ["if there is no credential", without(), undefined, [ONE]],
    [
      "if metadata is given together with a secret",
      secret({ metadataXml: "<x/>" }),
      undefined,
      [ONE, /^: metadataXml: is/],
    ],
    [
      "if metadata cannot be used",
      without({ metadataXml: "<x/>" }),
      undefined,
      [/^: metadataXml: is not the/],
    ],
    [
      "if metadataUrl is not https",
      certificate({ metadataUrl: "http://a.example" }),
      undefined,
      [/^: metadataUrl: must/],
    ],
    [
      "if metadataUrl is given together with a secret",
      secret({ metadataUrl: METADATA }),
      undefined,
      [/^: metadataUrl: is only for a certificate; leave it out$/],
    ],
    [
      "if metadataUrl is given together with a secret, even before it is known",
      secret({ metadataUrl: UNKNOWN }),
      undefined,
      [/^: metadataUrl: is only for a certificate/],
    ],
    ["if an unknown credential would be overwritten", unwilling, undefined, [REPLACE]],
    ["if replaceExisting is missing", secret({ replaceExisting: undefined }), undefined, [REPLACE]],
    [
      "if only the credential of another organization is known",
      unwilling,
      secret({ organization: "globex" }),
      [REPLACE],
    ],
    ["if the state does not have the credential, as after an import", unwilling, imported, [REPLACE]],
    ["but not the replacement of a secret that the state has", unwilling, secret(), []],
    ["but not the replacement of a certificate that the state has", unwilling, certificate(), []],
    [
      "but not the replacement of a known credential if the organization is in another case",
      unwilling,
      secret({ organization: "ACME" }),
      [],
    ],
    ["but not the declared replacement of an unknown credential", secret(), imported, []],
  ];
  for (const [title, inputs, previous, expected] of rows) {
    it(title, () => {
      const { failures } = checked(inputs, previous);
      assert.equal(failures.length, expected.length, failures.join("\n"));
      for (const [index, words] of expected.entries()) assert.match(failures[index] ?? "", words);
    });
  }

  it("if the certificate is not in force, but only warns if it is in use", () => {
    const refused = (previous?: Inputs) => checked(certificate(), previous, NOT_YET_IN_FORCE);
    for (const previous of [
      undefined,
      certificate({ organization: "globex" }),
      certificate({ certificate: nextPem }),
      secret(),
    ]) {
      assert.match(refused(previous).failures.join(), /^: certificate: is not valid before/);
    }
    const { failures, said } = refused(certificate());
    assert.deepEqual(failures, []);
    assert.match(said.join(), /^warn the certificate is not valid/);
  });
  it("but only warns warnBeforeDays before the certificate expires", () => {
    const close = new Date(Date.parse("2126-10-30T00:00:00Z") - 20 * 86_400_000);
    const said = (warnBeforeDays: number) => checked(certificate({ warnBeforeDays }), undefined, close).said;
    assert.match(said(60).join(), /^warn the certificate expires in \d+ day/);
    assert.deepEqual(said(1), []);
  });
});

describe("the credential of an SsoCredential", () => {
  it("is taken from metadata, and the document is not kept", () => {
    const metadataXml = samlMetadata({ certificates: [pem] });
    const { context } = inMemory({}, { now: IN_FORCE });
    const prepared = definition.prepare?.({ organization: "acme", metadataXml }, context) ?? {};
    assert.deepEqual(Object.keys(prepared), ["organization", "certificate"]);
    assert.equal(fingerprintOf(prepared["certificate"] as string), fingerprintOf(pem));
  });

  const sends: [string, Inputs | undefined, Inputs, object | undefined][] = [
    ["a secret", undefined, secret(), { clientSecret: "correct-horse" }],
    [
      "a certificate, in its standard form",
      undefined,
      certificate({ certificate: `subject=idp\n${pem}` }),
      { certificate: pem },
    ],
    ["another secret", secret(), secret({ clientSecret: "b" }), { clientSecret: "b" }],
    ["another certificate", certificate(), certificate({ certificate: nextPem }), { certificate: nextPem }],
    ["a certificate in place of a secret", secret(), certificate(), { certificate: pem }],
    ["a secret in place of a certificate", certificate(), secret(), { clientSecret: "correct-horse" }],
    ["a credential that the state does not have", without(), secret(), { clientSecret: "correct-horse" }],
    ["nothing for a setting that the Hub does not have", secret(), secret({ warnBeforeDays: 5 }), undefined],
    [
      "nothing for other line breaks",
      certificate(),
      certificate({ certificate: withOtherLineBreaks(pem) }),
      undefined,
    ],
    ["nothing if nothing is declared", undefined, without(), undefined],
  ];
  for (const [title, before, declared, update] of sends) {
    it(`is sent if it is new: ${title}`, () =>
      assert.deepEqual(updateFor(parseCredential(declared), before && parseCredential(before)), update));
  }
});

describe("the preview of an SsoCredential", () => {
  const preview = (before: Inputs, declared: Inputs) => {
    const state = stateAfter(before);
    const changed = changedProperties(definition, state, declared);
    return definition.diff?.(state, declared, changed, inMemory({}).context) ?? assert.fail();
  };
  it("shows nothing if nothing differs except how the certificate is written", () => {
    const nothing = { changes: false, changed: [], replaces: [], renews: [] };
    assert.deepEqual(preview(certificate(), certificate()), nothing);
    assert.deepEqual(preview(certificate(), certificate({ certificate: withOtherLineBreaks(pem) })), nothing);
  });
  it("shows another organization as a replacement", () =>
    assert.deepEqual(preview(secret(), secret({ organization: "globex" })).replaces, ["organization"]));
  it("names the outputs that are unknown before the update if the certificate is not known yet", () =>
    assert.deepEqual(preview(secret(), certificate({ certificate: UNKNOWN })).renews, [
      "certificateExpiresAt",
      "certificateFingerprint",
    ]));

  const updates: [string, Inputs, Inputs, string[]][] = [
    ["a setting of its own", secret(), secret({ warnBeforeDays: 5 }), []],
    ["another secret", secret(), secret({ clientSecret: "b" }), []],
    // Both expire at the same time.
    ["another certificate", certificate(), certificate({ certificate: nextPem }), ["certificateFingerprint"]],
    [
      "a secret in place of the certificate",
      certificate(),
      secret(),
      ["certificateExpiresAt", "certificateFingerprint"],
    ],
    [
      "another way of writing the certificate, along with another change",
      certificate(),
      certificate({ certificate: withOtherLineBreaks(pem), warnBeforeDays: 5 }),
      [],
    ],
    ["a credential that an import left out", without(), secret(), []],
  ];
  for (const [title, before, declared, renews] of updates) {
    it(`names exactly what the update changes: ${title}`, async () => {
      const shown = preview(before, declared);
      assert.deepEqual(shown.renews, renews);
      assert.equal(shown.changes, true);
      const state = stateAfter(before);
      const next = await definition.update("acme/sso", state, declared, hubWith().context);
      const differing = Object.keys({ ...state, ...next }).filter(
        (key) => !sameData((state as Properties)[key], (next as Properties)[key]),
      );
      assert.deepEqual(differing.sort(), [...shown.changed, ...shown.renews].sort());
    });
  }
});

describe("the life of an SsoCredential", () => {
  it("begins with a warning, and keeps what was sent", async () => {
    const { context, sent, said } = hubWith();
    const { id, state } = await definition.create(secret(), context);
    assert.equal(id, "acme/sso");
    assert.deepEqual(sent, [["acme", { clientSecret: "correct-horse" }]]);
    assert.deepEqual(said, [REPLACES_UNKNOWN, SENT()]);
    assert.deepEqual(withoutUndefined(state), secret());
  });
  it("keeps a certificate with its expiry and its fingerprint", async () => {
    const { context, said } = hubWith();
    const { state } = await definition.create(certificate(), context);
    assert.deepEqual(said, [
      REPLACES_UNKNOWN,
      SENT("; it was not compared with what the identity provider publishes"),
    ]);
    assert.match(state.certificateExpiresAt ?? "", /^2126-1\d-/);
    assert.equal(state.certificateFingerprint, fingerprintOf(pem));
    const weak = stateAfter(certificate({ certificate: fixedCertificates.ecdsaSha1 }));
    assert.equal(weak.certificateExpiresAt, undefined, "it would be refused");
    assert.match(weak.certificateFingerprint ?? "", /^[0-9a-f]{64}$/);
  });
  it("sends a certificate only if it is published, and logs that", async () => {
    const publishing = (each: string) => ({
      fetchDocument: (url: string) => {
        assert.equal(url, METADATA);
        return Promise.resolve(samlMetadata({ certificates: [each] }));
      },
    });
    const inputs = certificate({ metadataUrl: METADATA });
    const right = hubWith("admin", publishing(pem));
    await definition.create(inputs, right.context);
    assert.equal(right.said.at(-1), SENT("; the identity provider publishes the same (certificate)"));
    const wrong = hubWith("admin", publishing(nextPem));
    await assert.rejects(
      async () => definition.create(inputs, wrong.context),
      /^LifecycleError: Nothing was sent/,
    );
    assert.deepEqual(wrong.sent, []);
  });
  it("updates a known credential without a warning, and one that an import left out with a warning", async () => {
    for (const [before, said] of [
      [secret({ clientSecret: "b" }), [SENT()]],
      [without(), [REPLACES_UNKNOWN, SENT()]],
      [secret({ warnBeforeDays: 5 }), []],
    ] as const) {
      const hub = hubWith();
      const next = await definition.update("acme/sso", stateAfter(before), secret(), hub.context);
      assert.deepEqual(hub.said, said);
      assert.equal(hub.sent.length, said.length > 0 ? 1 : 0);
      assert.deepEqual(next, stateAfter(secret()));
    }
  });
  it("reads what the state has, because the Hub shows nothing", async () => {
    const state = { ...certificate(), certificateExpiresAt: "2126-11-01", certificateFingerprint: "ab" };
    const found = await definition.read("acme/sso", state, inMemory({}).context);
    assert.deepEqual(withoutUndefined(found), { inputs: certificate(), state });
  });
  it("reads by the id alone only that the organization exists, and only for its members", async () => {
    const found = await definition.read("acme/sso", undefined, hubWith("read").context);
    const inputs = { organization: "acme", warnBeforeDays: 30, replaceExisting: false };
    assert.deepEqual(withoutUndefined(found), { inputs, state: inputs });
    assert.equal(await definition.read("acme/sso", undefined, hubWith(null).context), undefined);
    for (const id of ["acme", "acme/other", "", "a/b/sso", "acme/sso/x", "/sso"]) {
      await assert.rejects(async () => definition.read(id, undefined, hubWith().context), {
        message: `"${id}" is not the id of a single sign-on credential. It has the form organization/sso.`,
      });
    }
  });
  it("ends without a request, and logs that", async () => {
    const { context, sent, said } = hubWith();
    await definition.delete("acme/sso", stateAfter(secret()), context);
    assert.deepEqual(sent, []);
    assert.deepEqual(said, [
      "info the credential stays in use on the Hub, which cannot delete a credential.",
    ]);
  });
});
