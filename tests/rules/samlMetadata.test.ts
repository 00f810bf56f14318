import assert from "node:assert/strict";
import { fingerprintOf } from "../../provider/src/rules/certificate";
import { LONGEST_METADATA, readSamlMetadata, type SamlMetadata } from "../../provider/src/rules/samlMetadata";
import { makeCertificate } from "../support/certificate";
import { samlMetadata } from "../support/samlMetadata";

describe("SAML metadata", () => {
  let first: string;
  let second: string;
  let privateKey: string;
  before(async () => {
    ({ certificate: first, privateKey } = await makeCertificate());
    second = (await makeCertificate()).certificate;
  });

  function read(xml: string): SamlMetadata {
    const reading = readSamlMetadata(xml);
    assert.ok("metadata" in reading, "problem" in reading ? reading.problem : "");
    return reading.metadata;
  }
  function problem(xml: string): string {
    const reading = readSamlMetadata(xml);
    assert.ok("problem" in reading, "the metadata was accepted");
    return reading.problem;
  }

  it("tells the sign-on URLs, HTTP-Redirect first, and leaves other bindings out", () => {
    const signOn = [
      { binding: "SOAP", location: "https://idp.acme.example/soap" },
      { binding: "HTTP-POST", location: "https://idp.acme.example/post" },
      { location: "https://idp.acme.example/redirect?a=1&b=2" },
    ];
    assert.deepEqual(read(samlMetadata({ certificates: [first], signOn })).signOnUrls, [
      "https://idp.acme.example/redirect?a=1&b=2",
      "https://idp.acme.example/post",
    ]);
    assert.deepEqual(read(samlMetadata({ certificates: [first], signOn: signOn.slice(0, 2) })).signOnUrls, [
      "https://idp.acme.example/post",
    ]);
  });

  it("tells the signing certificates, each once; a key without a use signs too, one for encryption does not", () => {
    const { certificates } = read(
      samlMetadata({ certificates: [{ pem: first }, { pem: second, use: "encryption" }, first] }),
    );
    assert.deepEqual(certificates.map(fingerprintOf), [fingerprintOf(first)]);
    assert.match(certificates[0] ?? "", /^-----BEGIN CERTIFICATE-----\n[^]+\n-----END CERTIFICATE-----\n$/);
    assert.equal(read(samlMetadata({ certificates: [first, second] })).certificates.length, 2);
  });

  it("reads any prefix, a byte order mark, character references, CDATA, and PEM's own lines", () => {
    const xml = samlMetadata({ certificates: [first] });
    const other = xml
      .replaceAll("md:", "")
      .replaceAll("xmlns:md", "xmlns")
      .replace("/sso", "&#x2F;s&#115;o")
      .replace(
        /<ds:X509Certificate>([^]*?)<\/ds:X509Certificate>/,
        `<ds:X509Certificate><![CDATA[${first}]]></ds:X509Certificate>`,
      );
    assert.deepEqual(read(`\uFEFF${other.replace('xmlns:="', 'xmlns="')}`), read(xml));
  });

  it("takes what stands in other places for nothing", () => {
    const hidden = samlMetadata({ certificates: [first] })
      .replace(
        "</md:EntityDescriptor>",
        `<md:SPSSODescriptor>
        <md:KeyDescriptor><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${second.replace(/-----[^-]+-----/g, "")}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
        </md:SPSSODescriptor></md:EntityDescriptor>`,
      )
      .replace(
        "<md:IDPSSODescriptor",
        '<md:Extensions><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://evil.example"/></md:Extensions><md:IDPSSODescriptor',
      );
    assert.deepEqual(read(hidden), read(samlMetadata({ certificates: [first] })));
    const foreign = samlMetadata({ certificates: [first] }).replace("xmldsig#", "another#");
    assert.match(problem(foreign), /no signing certificate/);
  });

  it("tells until when it may be used", () => {
    const attributes = 'validUntil="2026-05-01T00:00:00+02:00"';
    assert.equal(
      read(samlMetadata({ certificates: [first], attributes })).validUntil,
      "2026-04-30T22:00:00.000Z",
    );
    assert.equal(
      read(samlMetadata({ certificates: [first], attributes: 'validUntil="soon"' })).validUntil,
      undefined,
    );
  });

  it("names what is missing or of the wrong kind", () => {
    assert.match(problem(samlMetadata({})), /no signing certificate/);
    assert.match(problem(samlMetadata({ certificates: [first], signOn: [] })), /no sign-on URL/);
    assert.match(
      problem(samlMetadata({ certificates: [first] }).replaceAll("IDPSSO", "SPSSO")),
      /of a service provider; give the identity provider's/,
    );
    assert.match(problem("<html><body>Sign in</body></html>"), /no IDPSSODescriptor/);
    const one = samlMetadata({ certificates: [first], prolog: "" });
    assert.match(problem(`<all>${one}${one}</all>`), /2 identity providers/);
    assert.match(problem(samlMetadata({ certificates: [first, "AAAA"] })), /the 2\. of them.*cannot be read/);
  });

  it("refuses a private key, or anything else, in a certificate's place unprinted", () => {
    for (const wrong of [privateKey, "geheim geheim", "<x/>", "hf_geheim"]) {
      const found = problem(samlMetadata({ certificates: [wrong] }));
      assert.match(found, /cannot be read/);
      assert.ok(!found.includes("geheim"));
    }
  });

  it("refuses document types and entities, wherever they stand", () => {
    const lol = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>';
    assert.match(problem(samlMetadata({ certificates: [first], prolog: lol })), /document type/);
    const external = '<!DOCTYPE x SYSTEM "file:///etc/passwd">';
    assert.match(problem(samlMetadata({ certificates: [first], prolog: external })), /document type/);
    assert.match(
      problem(samlMetadata({ certificates: [first], prolog: '<!ENTITY x "y">' })),
      /entity declaration|not well-formed/,
    );
    const inside = samlMetadata({ certificates: [first] });
    for (const xml of [
      inside.replace("/sso", "&lol;"),
      inside.replace("/sso", "&nbsp;"),
      inside.replace("</md:EntityDescriptor>", `${lol}</md:EntityDescriptor>`),
    ]) {
      assert.match(problem(xml), /not well-formed|document type/);
    }
  });

  it("refuses what is not well-formed, with the line and without a quotation", () => {
    const broken = samlMetadata({ certificates: [first] }).replace("</md:IDPSSODescriptor>", "</md:geheim>");
    assert.match(problem(broken), /not well-formed XML \(line \d+\)/);
    assert.ok(!problem(broken).includes("geheim"));
    for (const text of ["", "geheim", "{}", "<a", "<a>", "<a></b>", "<a b=c/>", "\0", "<x:a/>", first]) {
      assert.ok(!problem(text).includes("geheim"), text);
    }
  });

  it("stays quick and whole with hostile documents as large as they may be", function () {
    this.timeout(10_000);
    const fill = (unit: string, around = "") =>
      unit.repeat(Math.floor((LONGEST_METADATA - around.length) / unit.length));
    const around = (before: string, unit: string, after = "") =>
      `${before}${fill(unit, before + after)}${after}`;
    let attributes = "";
    for (let n = 0; attributes.length < LONGEST_METADATA - 20; n++)
      attributes += ` ${n.toString(36)}=''`.replace(" ", " a");
    const started = process.cpuUsage();
    for (const xml of [
      fill("<a>"),
      fill('<a xmlns:b="c">'),
      `<a${attributes}/>`,
      around("<a>", "&amp;", "</a>"),
      around('<a b="', "x", '"/>'),
      around("<!--", "-"),
      around("<a>", "<a/>", "</a>"),
      around("<a>", "<![CDATA[x]]>", "</a>"),
      around("<a>", "x", "</a>"),
      fill("]]>"),
      "<__proto__ __proto__='x' constructor='y' hasOwnProperty='z'/>",
      `<md:__proto__ xmlns:__proto__="a" xmlns:constructor="b"/>`,
    ]) {
      problem(xml);
    }
    const { user } = process.cpuUsage(started);
    assert.ok(user < 6_000_000, `${user} microseconds`);
    assert.equal(({} as Record<string, unknown>)["x"], undefined);
    assert.match(
      problem(`${samlMetadata({ certificates: [first] })}${" ".repeat(LONGEST_METADATA)}`),
      /more than/,
    );
  });
});
