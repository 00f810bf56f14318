// Which arguments an SsoConfig refuses, and what it takes from metadata.
import assert from "node:assert/strict";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { ssoConfigDefinition as definition } from "../../provider/src/resources/ssoConfig/lifecycle";
import { type SsoConfigInputs } from "../../provider/src/resources/ssoConfig/model";
import { fingerprintOf } from "../../provider/src/rules/certificate";
import { inMemory } from "../support/inMemory";
import { samlMetadata } from "../support/samlMetadata";
import {
  IN_FORCE,
  ISSUER,
  METADATA,
  nextPem,
  NOT_YET_IN_FORCE,
  oidc,
  pem,
  saml,
  SIGN_ON,
  off,
  unknownSecret,
} from "../support/sso";

describe("SsoConfig refuses arguments", () => {
  const checked = (inputs: Partial<SsoConfigInputs>, previous?: SsoConfigInputs, at = IN_FORCE) => {
    const { context, said } = inMemory({}, { now: at });
    const failures = definition.check?.(inputs as SsoConfigInputs, previous, context) ?? [];
    return { said, failures: failures.map(({ property, reason }) => `${property}: ${reason}`) };
  };
  const accepted = { said: [], failures: [] };

  it("but not correct ones or values that are not known yet", () => {
    for (const inputs of [
      saml(),
      oidc(),
      oidc({ provider: UNKNOWN as never }),
      saml({ ssoUrl: UNKNOWN, certificate: UNKNOWN, metadataUrl: UNKNOWN }),
      saml({ ssoUrl: `${SIGN_ON}?a=b`, metadataUrl: `${METADATA}?a=b` }),
    ]) {
      assert.deepEqual(checked(inputs), accepted);
    }
  });

  const of = (protocol: string) => `is only for provider "${protocol}"; leave it out, or change provider`;
  const orMetadata = 'is required with provider "saml", unless metadataXml is given';
  const refusals: [string, Partial<SsoConfigInputs>, (string | RegExp)[]][] = [
    [
      "if arguments for SAML are missing",
      { provider: "saml" },
      [`ssoUrl: ${orMetadata}`, `certificate: ${orMetadata}`],
    ],
    [
      "if arguments for OIDC are missing",
      { provider: "oidc" },
      ["ssoUrl", "clientId", "clientSecret"].map((name) => `${name}: is required with provider "oidc"`),
    ],
    [
      "that belong to SAML, without printing their values",
      oidc({ certificate: pem, metadataXml: "<x/>", metadataUrl: METADATA }),
      ["certificate", "metadataXml", "metadataUrl"].map((name) => `: ${name}: ${of("saml")}`),
    ],
    [
      "that belong to OIDC, without printing their values",
      saml({ clientId: "hub", clientSecret: "correct-horse" }),
      ["clientId", "clientSecret"].map((name) => `: ${name}: ${of("oidc")}`),
    ],
    [
      "once if metadata cannot be used, and does not ask for the arguments that it replaces",
      saml({ ssoUrl: undefined, certificate: undefined, metadataXml: "<x/>" }),
      [/^: metadataXml: is not the SAML metadata/],
    ],
    ["if ssoUrl is not https", saml({ ssoUrl: "http://idp.acme.example" }), [/^: ssoUrl: must begin/]],
    [
      "if metadataUrl is not https",
      saml({ metadataUrl: "http://idp.acme.example" }),
      [/^: metadataUrl: must begin/],
    ],
    ["if an issuer has a query", oidc({ ssoUrl: `${ISSUER}/?a=b` }), [/^: ssoUrl: must not have a query/]],
  ];
  for (const [title, inputs, expected] of refusals) {
    it(title, () => {
      const { failures } = checked(inputs);
      assert.equal(failures.length, expected.length, failures.join("\n"));
      for (const [index, words] of expected.entries()) {
        if (typeof words === "string") assert.equal(failures[index], words);
        else assert.match(failures[index] ?? "", words);
      }
    });
  }

  const before = /^: certificate: is not valid before/;
  const dates: [string, SsoConfigInputs, SsoConfigInputs | undefined, RegExp | undefined][] = [
    ["in a new configuration", saml(), undefined, before],
    ["in another organization", saml(), saml({ organization: "globex" }), before],
    ["with another protocol", saml(), saml({ provider: "oidc" }), before],
    ["in place of another one", saml(), saml({ certificate: nextPem }), before],
    ["that is turned on", saml(), off(), before],
    ["that is in use", saml(), saml(), undefined],
    [
      "that is in use, with the organization in another case",
      saml(),
      saml({ organization: "ACME" }),
      undefined,
    ],
    ["that is turned off", off(), saml(), undefined],
    ["that is off and stays off", off(), off(), undefined],
  ];
  for (const [title, inputs, previous, expected] of dates) {
    it(`${expected ? "if" : "but not if"} the certificate is not in force: a certificate ${title}`, () => {
      const { failures } = checked(inputs, previous, NOT_YET_IN_FORCE);
      assert.match(failures.join(), expected ?? /^$/);
    });
  }

  it("but only warns warnBeforeDays before the certificate expires", () => {
    const close = new Date(Date.parse("2126-10-30T00:00:00Z") - 20 * 86_400_000);
    const said = (warnBeforeDays: number) => checked(saml({ warnBeforeDays }), saml(), close).said.join();
    assert.match(said(60), /^warn .*expires in \d+ day/);
    assert.equal(said(1), "");
  });

  it("but only warns if a secret that is not in the state is about to be replaced", () => {
    const warning =
      "warn the current client secret is not in the state and cannot be read back: once it is replaced, the previous configuration cannot be restored.";
    for (const [inputs, previous, said] of [
      [oidc(), unknownSecret, [warning]],
      [saml(), unknownSecret, [warning]],
      [oidc(), oidc(), []],
      [unknownSecret, unknownSecret, []],
      [oidc(), saml(), []],
      [oidc(), undefined, []],
    ] as const) {
      assert.deepEqual(checked(inputs, previous).said, said);
    }
  });
});

describe("SsoConfig takes from metadata", () => {
  const metadataXml = samlMetadata({ certificates: [pem] });
  const prepare = (inputs: object) =>
    definition.prepare?.({ ...inputs }, inMemory({}, { now: IN_FORCE }).context) ?? {};

  it("the sign-on URL and the certificate, and does not keep the document", () => {
    const { certificate, ...others } = prepare({ organization: "acme", provider: "saml", metadataXml });
    assert.deepEqual(others, { organization: "acme", provider: "saml", ssoUrl: SIGN_ON });
    assert.equal(fingerprintOf(certificate as string), fingerprintOf(pem));
  });
  it("nothing with OIDC, which has no metadata", () => {
    const inputs = { ...oidc({ ssoUrl: SIGN_ON }), metadataXml };
    assert.deepEqual(prepare(inputs), inputs);
  });
});
