// Which part of metadata is taken, and what a published document is worth: each decision alone.
import assert from "node:assert/strict";
import { type Properties } from "../../provider/src/model/plain";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { fingerprintOf, parseCertificate } from "../../provider/src/rules/certificate";
import {
  CERTIFICATE_SENT,
  compareWithDiscovery,
  compareWithMetadata,
  discoveryUrl,
  type FromMetadata,
  metadataXmlProblem,
  withMetadata,
} from "../../provider/src/rules/identityProvider";
import { makeCertificate } from "../support/certificate";
import { samlMetadata } from "../support/samlMetadata";

const now = new Date("2026-06-01T00:00:00Z");
const SIGN_ON = "https://idp.acme.example/sso";

describe("metadata in place of its parts", () => {
  let one: string;
  let two: string;
  let three: string;
  let weak: string;
  let warnings: string[];

  before(async () => {
    const make = async (notAfter: string, keySize = 2048) =>
      (
        await makeCertificate({
          notBeforeDate: new Date("2026-01-01T00:00:00Z"),
          notAfterDate: new Date(notAfter),
          keySize,
        })
      ).certificate;
    one = await make("2027-01-01T00:00:00Z");
    two = await make("2028-01-01T00:00:00Z");
    three = await make("2029-01-01T00:00:00Z");
    weak = await make("2030-01-01T00:00:00Z", 1024);
  });
  beforeEach(() => (warnings = []));

  const log = { info: () => undefined, warn: (message: string) => void warnings.push(message) };
  const prepared = (inputs: Properties, previous?: Properties): Properties =>
    withMetadata(inputs, ["ssoUrl", "certificate"] satisfies FromMetadata[], { now, log }, previous);
  const all = () => samlMetadata({ certificates: [one, two, three] });
  const chosen = (previous?: Properties, changes: Properties = {}) => {
    const { certificate } = prepared({ organization: "acme", metadataXml: all(), ...changes }, previous);
    const index = [one, two, three].map(fingerprintOf).indexOf(fingerprintOf(certificate as string));
    return ["one", "two", "three"][index];
  };

  it("stays as it is where there is none, or none that can be used", () => {
    for (const inputs of [
      { organization: "acme", ssoUrl: SIGN_ON },
      { metadataXml: 5 },
      { metadataXml: "<html/>" },
      { metadataXml: all(), ssoUrl: "https://elsewhere.example/sso" },
    ]) {
      assert.equal(prepared(inputs), inputs);
    }
    assert.deepEqual(warnings, []);
  });

  it("leaves what is given beside it, and is not known before it is", () => {
    assert.deepEqual(prepared({ metadataXml: UNKNOWN, ssoUrl: SIGN_ON }), {
      ssoUrl: SIGN_ON,
      certificate: UNKNOWN,
    });
    assert.deepEqual(Object.keys(prepared({ metadataXml: all(), certificate: one })), [
      "certificate",
      "ssoUrl",
    ]);
  });

  it("without a certificate so far, the one that ends last of those that can be used is taken, and the others are named", () => {
    assert.equal(chosen(), "three");
    const [warning = "", ...others] = warnings;
    assert.deepEqual(others, []);
    assert.ok(warning.includes(`takes one: ${fingerprintOf(three)}, ends 2029-01-01T00:00:00`), warning);
    assert.ok(warning.includes("because it ends last of those in force"), warning);
    assert.match(
      warning,
      new RegExp(`Left out: ${fingerprintOf(two)}, ends [^,]+, ${fingerprintOf(one)}, ends`),
    );
  });

  it("one that cannot be used comes last, and the warning says so", () => {
    const { certificate } = prepared({ metadataXml: samlMetadata({ certificates: [weak, one] }) });
    assert.equal(fingerprintOf(certificate as string), fingerprintOf(one));
    assert.ok(warnings[0]?.includes(`Left out: ${fingerprintOf(weak)}, cannot be used`), warnings[0]);
  });

  it("one that cannot be used is no reason for another where it is the only one", () => {
    const { certificate } = prepared({ metadataXml: samlMetadata({ certificates: [weak] }) });
    assert.equal(fingerprintOf(certificate as string), fingerprintOf(weak));
    assert.deepEqual(warnings, []);
  });

  const stands: [name: string, previous: () => Properties, changes: Properties, expected: string][] = [
    ["the one so far stays", () => ({ certificate: one }), {}, "one"],
    [
      "the one on the Hub stays before the one that was sent",
      () => ({ certificate: one, [CERTIFICATE_SENT]: fingerprintOf(two) }),
      {},
      "one",
    ],
    [
      "the one that was sent, where the Hub's is of elsewhere",
      () => ({ certificate: weak, [CERTIFICATE_SENT]: fingerprintOf(two) }),
      {},
      "two",
    ],
    [
      "the one that was sent, where the Hub holds none",
      () => ({ [CERTIFICATE_SENT]: fingerprintOf(two) }),
      {},
      "two",
    ],
    [
      "the one that was sent, for a new reason",
      () => ({ certificate: one, [CERTIFICATE_SENT]: fingerprintOf(two), acknowledgeOverwrite: "then" }),
      { acknowledgeOverwrite: "now" },
      "two",
    ],
    [
      "the one on the Hub, for a reason that is not new",
      () => ({ certificate: one, [CERTIFICATE_SENT]: fingerprintOf(two), acknowledgeOverwrite: "then" }),
      { acknowledgeOverwrite: "then" },
      "one",
    ],
    [
      "the one on the Hub, for a reason that is gone",
      () => ({ certificate: one, [CERTIFICATE_SENT]: fingerprintOf(two), acknowledgeOverwrite: "then" }),
      {},
      "one",
    ],
    [
      "the one on the Hub, for a new reason where nobody changed it",
      () => ({ certificate: one }),
      { acknowledgeOverwrite: "now" },
      "one",
    ],
    ["none of another organization", () => ({ certificate: one, organization: "globex" }), {}, "three"],
    ["none that is not known", () => ({ certificate: UNKNOWN, [CERTIFICATE_SENT]: UNKNOWN }), {}, "three"],
  ];
  for (const [name, previous, changes, expected] of stands) {
    it(`of several, ${name}`, () => {
      assert.equal(chosen({ organization: "acme", ...previous() }, changes), expected);
      assert.equal(warnings.length, 1);
      assert.equal(warnings[0]?.includes("because it is the one so far"), expected !== "three");
    });
  }

  it("is out of date from the moment that it names itself", () => {
    const until = (moment: string) =>
      prepared({ metadataXml: samlMetadata({ certificates: [one], attributes: `validUntil="${moment}"` }) });
    until("2026-06-01T00:00:01Z");
    assert.deepEqual(warnings, []);
    until("2026-06-01T00:00:00Z");
    assert.match(warnings[0] ?? "", /was valid until 2026-06-01T00:00:00/);
  });

  it("does not go with what it does not name, and says what it does name", () => {
    const signOn = [1, 2, 3, 4, 5, 6].map((n) => ({
      location: `https://idp${n}.acme.example/sso?tenant=${n}`,
    }));
    const xml = samlMetadata({ certificates: [one, two], signOn });
    assert.equal(metadataXmlProblem({ metadataXml: xml }), undefined);
    assert.equal(metadataXmlProblem({ metadataXml: xml, certificate: two, ssoUrl: UNKNOWN }), undefined);
    const problem = metadataXmlProblem({ metadataXml: xml, ssoUrl: SIGN_ON, certificate: three }) ?? "";
    assert.match(
      problem,
      /^the sign-on URL is not among the 6 that it names: https:\/\/idp1\.acme\.example\/sso, [^;]*idp5\.acme\.example\/sso; the certificate \(SHA-256 /,
    );
    assert.ok(
      problem.includes(
        `${fingerprintOf(three)}) is not among its 2 signing certificates: ${fingerprintOf(one)}, ends `,
      ),
    );
    assert.ok(!problem.includes("idp6") && !problem.includes("tenant"), problem);
    const broken = metadataXmlProblem({ metadataXml: xml, certificate: "no certificate" }) ?? "";
    assert.match(broken, /SHA-256 unreadable/);
  });

  it("names no more of an address than can be shown", () => {
    const long = `https://idp.acme.example/${"a".repeat(300)}`;
    const shown = (location: string) =>
      metadataXmlProblem({
        metadataXml: samlMetadata({ certificates: [one], signOn: [{ location }] }),
        ssoUrl: SIGN_ON,
      }) ?? "";
    assert.match(shown(long), /names: https:\/\/idp\.acme\.example\/a{175}$/);
    assert.match(shown(`${long}?x`), /names: https:\/\/idp\.acme\.example\/a{175}$/);
    assert.match(shown("no address"), /names: which is no URL$/);
    assert.match(shown("https://IDP.acme.example"), /names: https:\/\/IDP\.acme\.example$/);
  });

  it("that is published is compared only where it can be read and is in date", () => {
    const compare = (xml: string) =>
      compareWithMetadata(xml, { ssoUrl: SIGN_ON, certificate: parseCertificate(one) }, now);
    const published = (attributes = "") => samlMetadata({ certificates: [one], attributes });
    assert.deepEqual(compare(published()), {});
    assert.deepEqual(Object.keys(compare(samlMetadata({ certificates: [two] }))), ["contradiction"]);
    assert.match(compare("<html/>").unverified ?? "", /^what it answers with ./);
    assert.match(
      compare(samlMetadata({ certificates: [two], attributes: 'validUntil="2026-01-01T00:00:00Z"' }))
        .unverified ?? "",
      /^what it answers with was valid until 2026-01-01/,
    );
  });
});

describe("a discovery document", () => {
  const issuer = "https://login.acme.example";
  const cases: [json: string, expected: object][] = [
    [JSON.stringify({ issuer }), {}],
    ["<html>", { unverified: "what it answers with is not JSON" }],
    ["", { unverified: "what it answers with is not JSON" }],
    ["null", { unverified: "its discovery document names no issuer" }],
    ["[]", { unverified: "its discovery document names no issuer" }],
    [JSON.stringify({ issuer: 5 }), { unverified: "its discovery document names no issuer" }],
    [
      JSON.stringify({ issuer: `${issuer}/` }),
      {
        contradiction: `the discovery document writes the issuer otherwise, ${issuer}/, and it is compared letter by letter`,
      },
    ],
    [
      JSON.stringify({ issuer: "https://other.example/x?secret" }),
      { contradiction: "the discovery document names another issuer, https://other.example/x" },
    ],
  ];
  for (const [json, expected] of cases) {
    it(`says of ${json || "nothing"}: ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(compareWithDiscovery(json, issuer), expected);
    });
  }
  it("lies below the issuer, however that ends", () => {
    for (const each of [issuer, `${issuer}/`]) {
      assert.equal(discoveryUrl(each), `${issuer}/.well-known/openid-configuration`);
    }
  });
});
