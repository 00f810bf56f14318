// What an SsoCredential decides, sends and says, decision by decision, on a Hub in memory.
import assert from "node:assert/strict";
import { type LifecycleContext } from "../../provider/src/model/definition";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { ssoCredentialDefinition as definition } from "../../provider/src/resources/ssoCredential";
import { NOT_TESTED } from "../../provider/src/hub/ssoDelivery";
import { fingerprintOf } from "../../provider/src/rules/certificate";
import { fixedCertificates } from "../rules/fixedCertificates";
import { inMemory } from "../support/inMemory";
import { samlMetadata } from "../support/samlMetadata";

// Both in force from November 2026 for a hundred years.
const { p384: pem, p521: nextPem } = fixedCertificates;
const now = new Date("2027-01-10T00:00:00Z");
const early = new Date("2026-01-01T00:00:00Z");
const METADATA = "https://idp.acme.example/metadata";

type State = Parameters<typeof definition.update>[1];
type Inputs = Parameters<typeof definition.create>[0];

const inputsWith = (changes: Partial<Inputs>): Inputs => ({
  organization: "acme",
  warnBeforeDays: 30,
  replaceExisting: true,
  ...changes,
});
const secret = (changes: Partial<Inputs> = {}) => inputsWith({ clientSecret: "correct-horse", ...changes });
const certificate = (changes: Partial<Inputs> = {}) => inputsWith({ certificate: pem, ...changes });

/** A Hub that takes what is sent, and is asked for the role of the credentials. */
function hubWith(role: string | null = "admin", changes: Partial<LifecycleContext> = {}) {
  const sent: unknown[][] = [];
  const surroundings = inMemory(
    {
      updateSsoCredential(...call: unknown[]) {
        sent.push(call);
        return Promise.resolve();
      },
      myOrgRole: () => Promise.resolve(role),
    },
    { now, ...changes },
  );
  return { ...surroundings, sent };
}

const HAS = (compared = "") =>
  `info the Hub accepted the new credential, which cannot be read back${compared}. ${NOT_TESTED}`;
const NOT_COMPARED = "; it was not compared with what the identity provider publishes";

describe("a credential of single sign-on: what is refused", () => {
  const checked = (inputs: Inputs, previous?: Inputs, at = now) => {
    const { context, said } = inMemory({}, { now: at });
    const failures = definition.check?.(inputs, previous, context) ?? [];
    return { said, failures: failures.map(({ property, reason }) => `${property}: ${reason}`) };
  };
  const ONE = ": give exactly one of clientSecret (OIDC) and certificate (SAML), which metadataXml may hold";
  const REPLACE =
    "replaceExisting: must be true: the Hub does not tell which credential the organization has, so the first `pulumi up` overwrites an " +
    "unknown one";

  it("nothing of what is right", () => {
    for (const inputs of [
      secret(),
      secret({ clientSecret: UNKNOWN }),
      certificate(),
      certificate({ certificate: UNKNOWN, metadataUrl: METADATA }),
      certificate({ metadataUrl: UNKNOWN }),
    ]) {
      assert.deepEqual(checked(inputs), { said: [], failures: [] });
    }
  });
  it("two credentials, or none", () => {
    assert.deepEqual(checked(secret({ certificate: pem })).failures, [ONE]);
    assert.deepEqual(checked(inputsWith({})).failures, [ONE]);
    assert.equal(checked(secret({ metadataXml: "<x/>" })).failures[0], ONE);
  });
  it("metadata that could not be used, which is a credential all the same", () => {
    const { failures } = checked(inputsWith({ metadataXml: "<x/>" }));
    assert.equal(failures.length, 1);
    assert.match(failures[0] ?? "", /^: metadataXml: \S/);
  });
  it("an address of metadata that is not https, or beside a secret", () => {
    const { failures } = checked(certificate({ metadataUrl: "http://idp.acme.example" }));
    assert.equal(failures.length, 1);
    assert.match(failures[0] ?? "", /^: metadataUrl: \S/);
    for (const metadataUrl of [METADATA, UNKNOWN]) {
      assert.deepEqual(checked(secret({ metadataUrl })).failures, [
        ": metadataUrl: belongs to a certificate; leave it out",
      ]);
    }
  });
  it("an unknown credential is not overwritten without a word, once for each organization", () => {
    const without = (changes: Partial<Inputs> = {}) => secret({ replaceExisting: false, ...changes });
    assert.deepEqual(checked(without()).failures, [REPLACE]);
    assert.deepEqual(checked(without({ replaceExisting: undefined as never })).failures, [REPLACE]);
    assert.deepEqual(checked(without({ replaceExisting: UNKNOWN as never })).failures, []);
    assert.deepEqual(checked(without(), secret()).failures, []);
    assert.deepEqual(checked(without(), secret({ organization: "globex" })).failures, [REPLACE]);
    const imported = inputsWith({ replaceExisting: false });
    assert.deepEqual(checked(without(), imported).failures, [REPLACE], "the state does not hold it");
    assert.deepEqual(checked(secret(), imported).failures, []);
    assert.deepEqual(checked(without(), certificate()).failures, []);
  });
  it("a certificate that does not hold yet, unless it is there already", () => {
    const refused = (inputs: Inputs, previous?: Inputs) =>
      checked(inputs, previous, early).failures.map((text) => text.slice(0, 34));
    const words = [": certificate: is not valid before"];
    assert.deepEqual(refused(certificate()), words);
    assert.deepEqual(refused(certificate(), certificate()), []);
    assert.deepEqual(refused(certificate(), certificate({ organization: "globex" })), words);
    assert.deepEqual(refused(certificate(), certificate({ certificate: nextPem })), words);
    assert.deepEqual(refused(certificate(), secret()), words);
    assert.match(
      checked(certificate(), certificate(), early).said.join(),
      /^warn the certificate is not valid/,
    );
  });
  it("warns from the declared number of days before the certificate's end", () => {
    const close = new Date(Date.parse("2126-10-30T00:00:00Z") - 20 * 86_400_000);
    const said = (warnBeforeDays: number) => checked(certificate({ warnBeforeDays }), undefined, close).said;
    assert.match(said(60).join(), /^warn the certificate ends in \d+ day/);
    assert.deepEqual(said(1), []);
  });
});

describe("a credential of single sign-on: what is taken of metadata", () => {
  it("the certificate alone, and the document is not kept", () => {
    const metadataXml = samlMetadata({ certificates: [pem] });
    const { context } = inMemory({}, { now });
    const { certificate: taken, ...rest } =
      definition.prepare?.({ organization: "acme", metadataXml }, context) ?? {};
    assert.deepEqual(rest, { organization: "acme" });
    assert.equal(fingerprintOf(taken as string), fingerprintOf(pem));
  });
});

describe("a credential of single sign-on: what a preview says", () => {
  const diff = (state: State, inputs: Inputs, changed: string[]) =>
    definition.diff?.(state, inputs, changed, inMemory({}).context);

  it("nothing to do for other line ends, and something for all else", () => {
    const lineEnds = certificate({ certificate: pem.replaceAll("\n", "\r\n") });
    assert.deepEqual(diff(certificate(), lineEnds, ["certificate"]), { changes: false, replaces: [] });
    const changes = { changes: true, replaces: [] };
    assert.deepEqual(diff(certificate(), lineEnds, ["certificate", "warnBeforeDays"]), changes);
    assert.deepEqual(diff(certificate(), certificate({ certificate: nextPem }), ["certificate"]), changes);
    assert.deepEqual(diff(secret(), secret({ clientSecret: "b" }), ["clientSecret"]), changes);
    assert.deepEqual(diff(secret(), secret({ organization: "globex" }), ["organization"]), {
      changes: true,
      replaces: ["organization"],
    });
  });
});

describe("a credential of single sign-on: what is sent", () => {
  const REPLACES =
    "warn replaces a credential that is not known here and cannot be read back: if the new one does not work, the old one has to come from " +
    "the identity provider.";

  it("a creation sends a secret", async () => {
    const { context, sent, said } = hubWith();
    const { id, state } = await definition.create(secret(), context);
    assert.equal(id, "acme/sso");
    assert.deepEqual(sent, [["acme", { clientSecret: "correct-horse" }]]);
    assert.deepEqual(said, [REPLACES, HAS()]);
    assert.deepEqual(state, {
      ...secret(),
      certificateExpiresAt: undefined,
      certificateFingerprint: undefined,
    });
  });
  it("a creation sends a certificate, and keeps its end", async () => {
    const { context, sent, said } = hubWith();
    const { state } = await definition.create(certificate(), context);
    assert.deepEqual(sent, [["acme", { certificate: pem }]]);
    assert.deepEqual(said, [REPLACES, HAS(NOT_COMPARED)]);
    assert.match(state.certificateExpiresAt ?? "", /^2126-1\d-/);
    assert.equal(state.certificateFingerprint, fingerprintOf(pem));
  });
  it("a certificate goes only where it is published, and that is said", async () => {
    const publishing = (each: string) => ({
      fetchDocument: (url: string) => {
        assert.equal(url, METADATA);
        return Promise.resolve(samlMetadata({ certificates: [each] }));
      },
    });
    const inputs = certificate({ metadataUrl: METADATA });
    const right = hubWith("admin", publishing(pem));
    await definition.create(inputs, right.context);
    assert.deepEqual(right.said, [REPLACES, HAS("; the identity provider publishes the same (certificate)")]);
    const wrong = hubWith("admin", publishing(nextPem));
    await assert.rejects(
      async () => definition.create(inputs, wrong.context),
      /^LifecycleError: Nothing was sent/,
    );
    assert.deepEqual(wrong.sent, []);
  });
  it("an update sends what changed, and nothing else", async () => {
    const lineEnds = pem.replaceAll("\n", "\r\n");
    for (const [from, to, wanted] of [
      [secret(), secret({ warnBeforeDays: 5 }), []],
      [secret(), secret({ clientSecret: "b" }), [["acme", { clientSecret: "b" }]]],
      [certificate(), certificate({ certificate: lineEnds }), []],
      [certificate(), certificate({ certificate: nextPem }), [["acme", { certificate: nextPem }]]],
      [secret(), certificate(), [["acme", { certificate: pem }]]],
      [certificate(), secret(), [["acme", { clientSecret: "correct-horse" }]]],
    ] as const) {
      const { context, sent, said } = hubWith();
      const next = await definition.update("acme/sso", from, to, context);
      assert.deepEqual(sent, wanted);
      assert.equal(said.length, wanted.length);
      assert.equal(next.warnBeforeDays, to.warnBeforeDays);
      assert.equal(next.certificateFingerprint, fingerprintOf(to.certificate));
    }
  });
  it("an update of what was imported replaces what nobody knows, and says so", async () => {
    const { context, sent, said } = hubWith();
    await definition.update("acme/sso", inputsWith({ replaceExisting: false }), secret(), context);
    assert.deepEqual(sent, [["acme", { clientSecret: "correct-horse" }]]);
    assert.deepEqual(said, [REPLACES, HAS()]);
  });
  it("a certificate that would be refused here is kept by its fingerprint alone", async () => {
    const weak = fixedCertificates.ecdsaSha1;
    const same = certificate({ certificate: weak });
    const next = await definition.update("acme/sso", same, same, hubWith().context);
    assert.equal(next.certificateExpiresAt, undefined);
    assert.match(next.certificateFingerprint ?? "", /^[0-9a-f]{64}$/);
    assert.equal(next.certificateFingerprint, fingerprintOf(weak));
  });
  it("a destroy sends nothing, and says so", async () => {
    const { context, sent, said } = hubWith();
    await definition.delete("acme/sso", secret(), context);
    assert.deepEqual(sent, []);
    assert.deepEqual(said, [
      "info the credential stays in force on the Hub: the Hub has no way to take one away.",
    ]);
  });
});

describe("a credential of single sign-on: what is read", () => {
  it("what the state holds, since the Hub tells nothing", async () => {
    const state = { ...certificate(), certificateExpiresAt: "2126-11-01", certificateFingerprint: "ab" };
    const found = await definition.read("acme/sso", state, inMemory({}).context);
    assert.deepEqual(found, { inputs: certificate(), state });
  });
  it("by the id alone, that the organization is there, for its members", async () => {
    const found = await definition.read("acme/sso", undefined, hubWith("read").context);
    const inputs = { organization: "acme", warnBeforeDays: 30, replaceExisting: false };
    assert.deepEqual(found?.inputs, inputs);
    assert.deepEqual(found?.state, {
      ...inputs,
      certificateExpiresAt: undefined,
      certificateFingerprint: undefined,
    });
    assert.equal(await definition.read("acme/sso", undefined, hubWith(null).context), undefined);
  });
  it("an id of another form is refused", async () => {
    for (const id of ["acme", "acme/other", "", "a/b/sso", "acme/sso/x", "/sso"]) {
      await assert.rejects(async () => definition.read(id, undefined, hubWith().context), {
        message: `"${id}" is not the id of a single sign-on credential. It has the form organization/sso.`,
      });
    }
  });
});
