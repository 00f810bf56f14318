import assert from "node:assert/strict";
import { fingerprintOf } from "../../provider/src/rules/certificate";
import { MAX_METADATA } from "../../provider/src/model/ssoSchemas";
import { readSamlMetadata, type SamlMetadata } from "../../provider/src/rules/samlMetadata";
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

  const several = (...entities: string[]) =>
    `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${entities.join("")}</md:EntitiesDescriptor>`;

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

  it("reads the one identity provider of a list, whatever else is in it", () => {
    const one = samlMetadata({ certificates: [first], prolog: "" });
    const services = samlMetadata({ certificates: [second], prolog: "" }).replaceAll("IDPSSO", "SPSSO");
    assert.deepEqual(read(several(services, several(one), services)), read(one));
    assert.match(problem(several(services)), /of a service provider/);
    assert.match(problem(several(one, several(one), one)), /3 identity providers/);
  });

  it("takes an identity provider in a foreign place for none", () => {
    const one = samlMetadata({ certificates: [first], prolog: "" });
    const within = (element: string) =>
      one
        .replace("<md:IDPSSODescriptor", `<${element}><md:IDPSSODescriptor`)
        .replace("</md:IDPSSODescriptor>", `</md:IDPSSODescriptor></${element}>`);
    for (const xml of [`<all>${one}</all>`, within("md:Extensions"), within("x")]) {
      assert.match(problem(xml), /no IDPSSODescriptor/);
    }
    const extended = (inside: string) =>
      one.replace("</md:IDPSSODescriptor>", `<md:Extensions>${inside}</md:Extensions></md:IDPSSODescriptor>`);
    const other = samlMetadata({ certificates: [second], prolog: "" });
    const descriptor = /<md:IDPSSODescriptor[^]*<\/md:IDPSSODescriptor>/.exec(other)?.[0] ?? assert.fail();
    for (const inside of [descriptor, other, descriptor.replace(/<\/?md:IDPSSODescriptor[^>]*>/g, "")]) {
      assert.deepEqual(read(extended(inside)), read(one));
    }
  });

  it("takes the certificate of the document's own signature for nothing", () => {
    const one = samlMetadata({ certificates: [first] });
    const signature = `<ds:Signature><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${second.replace(/-----[^-]+-----/g, "")}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`;
    for (const before of ["<md:IDPSSODescriptor", "<md:KeyDescriptor"]) {
      assert.deepEqual(read(one.replace(before, `${signature}${before}`)), read(one));
    }
  });

  it("reads a certificate past comments and instructions, and refuses one with an element in it", () => {
    const one = samlMetadata({ certificates: [first] });
    const broken = (by: string) => one.replace(/(<ds:X509Certificate>\s*\S{20})/, `$1${by}`);
    for (const by of ["<!-- a comment -->", "<?instruct x?>", "<![CDATA[]]>", "\r\n\t", "&#10;"]) {
      assert.deepEqual(read(broken(by)), read(one), by);
    }
    for (const by of [
      "<x/>",
      "<x>AAAA</x>",
      "<ds:X509Certificate/>",
      `<ds:X509Certificate>${"A".repeat(8)}</ds:X509Certificate>`,
    ]) {
      assert.match(problem(broken(by)), /holds another element/, by);
    }
  });

  it("of a chain takes the certificate that signs, not its authority's, which ends later", async () => {
    const authority = await makeCertificate({
      cn: "authority",
      notAfterDate: new Date(Date.now() + 10 * 365 * 86_400_000),
      extensions: [{ name: "basicConstraints", cA: true }],
    });
    const leaf = (await makeCertificate({ ca: { key: authority.privateKey, cert: authority.certificate } }))
      .certificate;
    const bare = (pem: string) => pem.replace(/-----[^-]+-----/g, "");
    const another = `</ds:X509Certificate><ds:X509Certificate>${bare(authority.certificate)}</ds:X509Certificate>`;
    const chain = samlMetadata({ certificates: [leaf] }).replace("</ds:X509Certificate>", another);
    assert.deepEqual(read(chain), read(samlMetadata({ certificates: [leaf] })));
    // Where each has a key of its own, it is said to sign.
    const keys = samlMetadata({ certificates: [leaf, authority.certificate] });
    assert.equal(read(keys).certificates.length, 2);
  });

  it("refuses more certificates than anybody signs with", () => {
    const many = (count: number) =>
      samlMetadata({ certificates: Array.from({ length: count }, () => first) });
    assert.equal(read(many(100)).certificates.length, 1);
    assert.match(problem(many(101)), /more than 100 signing certificates/);
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
    const inUtc = 'validUntil="2026-05-01T00:00:00"';
    assert.equal(
      read(samlMetadata({ certificates: [first], attributes: inUtc })).validUntil,
      "2026-05-01T00:00:00.000Z",
    );
  });

  it("may be used no longer than any of what is around it, and as long as what is not", () => {
    const until = (year: number) => `validUntil="${year}-01-01T00:00:00Z"`;
    const one = (entity: string, own = "") =>
      samlMetadata({ certificates: [first], prolog: "", attributes: entity }).replace(
        "<md:IDPSSODescriptor",
        `<md:IDPSSODescriptor ${own}`,
      );
    const list = (year: number, ...entities: string[]) =>
      several(...entities).replace("<md:EntitiesDescriptor", `<md:EntitiesDescriptor ${until(year)}`);
    const services = one(until(2001)).replaceAll("IDPSSO", "SPSSO");
    for (const xml of [
      list(2030, services, one(until(2031)), services),
      list(2031, one(until(2030), until(2032))),
      one(until(2031), until(2030)),
      several(services, one("", until(2030))),
    ]) {
      assert.equal(read(xml).validUntil, "2030-01-01T00:00:00.000Z");
    }
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
    assert.match(problem(several(one, one)), /2 identity providers/);
    assert.match(problem(samlMetadata({ certificates: [first, "AAAA"] })), /the 2\. of them.*cannot be read/);
  });

  it("refuses a private key, or anything else, in a certificate's place unprinted", () => {
    for (const wrong of [privateKey, "geheim geheim", "<x/>", "hf_geheim"]) {
      const found = problem(samlMetadata({ certificates: [wrong] }));
      assert.match(found, /cannot be read|holds another element/);
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
      unit.repeat(Math.floor((MAX_METADATA - around.length) / unit.length));
    const around = (before: string, unit: string, after = "") =>
      `${before}${fill(unit, before + after)}${after}`;
    let attributes = "";
    for (let n = 0; attributes.length < MAX_METADATA - 20; n++)
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
    // Of short parts, all of them right.
    const long = (length: number) => {
      const [start, end] = samlMetadata({ certificates: [first] }).split("</md:EntityDescriptor>");
      const rest = `${end}</md:EntityDescriptor>`;
      return `${start}${"<a/>".repeat(Math.ceil((length - (start + rest).length) / 4))}${rest}`;
    };
    read(long(MAX_METADATA - 4));
    assert.match(problem(long(MAX_METADATA + 1)), /has more than 1048576 characters/);
  });
});
