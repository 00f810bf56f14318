import assert from "node:assert/strict";
import { type Properties } from "../../provider/src/model/plain";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { fingerprintOf, parseCertificate } from "../../provider/src/rules/certificate";
import {
  CERTIFICATE_SENT,
  compareWithDiscovery,
  compareWithMetadata,
  discoveryUrl,
  metadataXmlProblem,
  withMetadata,
} from "../../provider/src/rules/identityProvider";
import { makeCertificate } from "../support/certificate";
import { samlMetadata } from "../support/samlMetadata";

const now = new Date("2026-06-01T00:00:00Z");
const SIGN_ON = "https://idp.acme.example/sso";

describe("metadataXml", () => {
  let one: string;
  let two: string;
  let three: string;
  let weak: string;
  let warnings: string[];

  before(async () => {
    const make = async (year: number, keySize = 2048) => {
      const dates = { notBeforeDate: new Date("2026-01-01"), notAfterDate: new Date(`${year}-01-01`) };
      return (await makeCertificate({ ...dates, keySize })).certificate;
    };
    one = await make(2027);
    two = await make(2028);
    three = await make(2029);
    weak = await make(2030, 1024);
  });
  beforeEach(() => (warnings = []));

  const log = { info: () => undefined, warn: (message: string) => void warnings.push(message) };
  const prepared = (inputs: Properties, previous?: Properties): Properties =>
    withMetadata(inputs, ["ssoUrl", "certificate"], { now, log }, previous);
  const all = () => samlMetadata({ certificates: [one, two, three] });
  /** The name of the chosen certificate in this file. */
  const chosenOf = (inputs: Properties, previous?: Properties) => {
    const fingerprint = fingerprintOf(prepared(inputs, previous)["certificate"] as string);
    const names = Object.entries({ one, two, three, weak });
    return names.find(([, pem]) => fingerprintOf(pem) === fingerprint)?.[0];
  };

  it("leaves the arguments unchanged if it is absent, unusable or contradicts other arguments", () => {
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

  it("fills in only arguments that are not given, and leaves them unknown while it is unknown", () => {
    assert.deepEqual(prepared({ metadataXml: UNKNOWN, ssoUrl: SIGN_ON }), {
      ssoUrl: SIGN_ON,
      certificate: UNKNOWN,
    });
    assert.deepEqual(prepared({ metadataXml: all(), certificate: one }), {
      ssoUrl: SIGN_ON,
      certificate: one,
    });
  });

  describe("with several certificates", () => {
    it("chooses the usable certificate that expires last, and names the others in a warning", () => {
      assert.equal(chosenOf({ metadataXml: all() }), "three");
      const names = [three, two, one].map((pem) => `${fingerprintOf(pem)}, expires [^,]+`);
      assert.match(
        warnings.join(),
        new RegExp(
          `accepts one. Chosen: ${names[0]}, because it expires last of the valid ones. Not used: ${names[1]}, ${names[2]}`,
        ),
      );
      assert.equal(warnings.length, 1);
    });
    it("chooses an unusable certificate only if there is no other", () => {
      assert.equal(chosenOf({ metadataXml: samlMetadata({ certificates: [weak, one] }) }), "one");
      assert.ok(warnings[0]?.includes(`Not used: ${fingerprintOf(weak)}, cannot be used`), warnings[0]);
      warnings = [];
      assert.equal(chosenOf({ metadataXml: samlMetadata({ certificates: [weak] }) }), "weak");
      assert.deepEqual(warnings, []);
    });

    type Previous = {
      held?: "one" | "weak" | "unknown";
      sent?: "two" | "unknown";
      reason?: string;
      of?: string;
    };
    const choices: [string, Previous, reason: string | undefined, expected: string][] = [
      ["keeps the current certificate", { held: "one" }, undefined, "one"],
      [
        "prefers the Hub's certificate to the one sent before",
        { held: "one", sent: "two" },
        undefined,
        "one",
      ],
      [
        "keeps the one sent before if the metadata lacks the Hub's",
        { held: "weak", sent: "two" },
        undefined,
        "two",
      ],
      ["keeps the one sent before if the Hub has none", { sent: "two" }, undefined, "two"],
      [
        "restores the one sent before if a new reason is given",
        { held: "one", sent: "two", reason: "then" },
        "now",
        "two",
      ],
      [
        "keeps the Hub's certificate for a reason that was given before",
        { held: "one", sent: "two", reason: "then" },
        "then",
        "one",
      ],
      [
        "keeps the Hub's certificate without a reason",
        { held: "one", sent: "two", reason: "then" },
        undefined,
        "one",
      ],
      ["keeps the Hub's certificate for a new reason if no one changed it", { held: "one" }, "now", "one"],
      ["ignores the certificate of another organization", { held: "one", of: "globex" }, undefined, "three"],
      ["ignores unknown certificates", { held: "unknown", sent: "unknown" }, undefined, "three"],
    ];
    for (const [name, { held, sent, reason, of = "acme" }, acknowledgeOverwrite, expected] of choices) {
      it(name, () => {
        const pems = { one, two, weak, unknown: UNKNOWN };
        const previous = {
          organization: of,
          certificate: held && pems[held],
          [CERTIFICATE_SENT]: sent && (fingerprintOf(pems[sent]) ?? UNKNOWN),
          acknowledgeOverwrite: reason,
        };
        const inputs = { organization: "acme", metadataXml: all(), acknowledgeOverwrite };
        assert.equal(chosenOf(inputs, previous), expected);
        assert.equal(warnings.length, 1);
        assert.equal(warnings[0]?.includes("because it is already in use"), expected !== "three");
      });
    }
  });

  it("causes a warning once it is out of date", () => {
    const until = (moment: string) =>
      prepared({ metadataXml: samlMetadata({ certificates: [one], attributes: `validUntil="${moment}"` }) });
    until("2026-06-01T00:00:01Z");
    assert.deepEqual(warnings, []);
    until("2026-06-01T00:00:00Z");
    assert.match(warnings[0] ?? "", /expired at 2026-06-01T00:00:00/);
  });

  it("is refused together with a sign-on URL or a certificate that it does not name", () => {
    const signOn = [1, 2, 3, 4, 5, 6].map((n) => ({
      location: `https://idp${n}.acme.example/sso?tenant=${n}`,
    }));
    const metadataXml = samlMetadata({ certificates: [one, two], signOn });
    assert.equal(metadataXmlProblem({ metadataXml }), undefined);
    assert.equal(metadataXmlProblem({ metadataXml, certificate: two, ssoUrl: UNKNOWN }), undefined);
    const urls = [1, 2, 3, 4, 5].map((n) => `https://idp${n}.acme.example/sso`).join(", ");
    assert.equal(
      metadataXmlProblem({ metadataXml, ssoUrl: SIGN_ON, certificate: three }),
      `the sign-on URL is not one of the 6 in the metadata: ${urls}; the certificate (SHA-256 ${fingerprintOf(three)}) is not one of the ` +
        `2 signing certificates in the metadata: ${fingerprintOf(one)}, expires 2027-01-01T00:00:00.000Z, ${fingerprintOf(two)}, expires 2028-01-01T00:00:00.000Z`,
    );
    assert.match(metadataXmlProblem({ metadataXml, certificate: "none" }) ?? "", /SHA-256 unreadable/);
  });

  it("is quoted in a refusal with at most 200 characters of a URL, without the query", () => {
    const long = `https://idp.acme.example/${"a".repeat(300)}`;
    for (const [location, shown] of [
      [long, long.slice(0, 200)],
      [`${long}?x`, long.slice(0, 200)],
      ["no address", "which is not a URL"],
      ["https://IDP.acme.example", "https://IDP.acme.example"],
    ] as const) {
      const metadataXml = samlMetadata({ certificates: [one], signOn: [{ location }] });
      const problem = metadataXmlProblem({ metadataXml, ssoUrl: SIGN_ON });
      assert.equal(problem?.split("in the metadata: ")[1], shown);
    }
  });
});

describe("published metadata", () => {
  it("is compared only if it is readable and up to date", async () => {
    const [one, two] = [(await makeCertificate()).certificate, (await makeCertificate()).certificate];
    const compare = (xml: string) =>
      compareWithMetadata(xml, { ssoUrl: SIGN_ON, certificate: parseCertificate(one) }, now);
    assert.deepEqual(compare(samlMetadata({ certificates: [one] })), {});
    assert.deepEqual(Object.keys(compare(samlMetadata({ certificates: [two] }))), ["contradiction"]);
    assert.match(compare("<html/>").unverified ?? "", /^its response ./);
    const attributes = 'validUntil="2026-01-01T00:00:00Z"';
    assert.match(
      compare(samlMetadata({ certificates: [two], attributes })).unverified ?? "",
      /^its response expired at 2026-01-01/,
    );
  });
});

describe("discovery document", () => {
  const issuer = "https://login.acme.example";

  it("is found below the issuer, with or without a trailing slash", () => {
    for (const each of [issuer, `${issuer}/`]) {
      assert.equal(discoveryUrl(each), `${issuer}/.well-known/openid-configuration`);
    }
  });

  const NOT_JSON = { unverified: "its response is not JSON" };
  const NO_ISSUER = { unverified: "its discovery document has no issuer" };
  const contradicts = (contradiction: string) => ({
    contradiction: `the discovery document ${contradiction}`,
  });
  const cases: [string, json: string, expected: object][] = [
    ["confirms the issuer that it names", JSON.stringify({ issuer }), {}],
    ["verifies nothing if it is a web page", "<html>", NOT_JSON],
    ["verifies nothing if it is empty", "", NOT_JSON],
    ["verifies nothing if it is null", "null", NO_ISSUER],
    ["verifies nothing if it is a list", "[]", NO_ISSUER],
    ["verifies nothing if its issuer is not a string", JSON.stringify({ issuer: 5 }), NO_ISSUER],
    [
      "contradicts an issuer that differs by a trailing slash",
      JSON.stringify({ issuer: `${issuer}/` }),
      contradicts(`writes the issuer differently, ${issuer}/, and it must match exactly`),
    ],
    [
      "contradicts another issuer, and the URL's query is not shown",
      JSON.stringify({ issuer: "https://other.example/x?secret" }),
      contradicts("names another issuer, https://other.example/x"),
    ],
  ];
  for (const [name, json, expected] of cases) {
    it(name, () => assert.deepEqual(compareWithDiscovery(json, issuer), expected));
  }
});
