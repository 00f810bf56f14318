import assert from "node:assert/strict";
import { fingerprintOf } from "../../provider/src/rules/certificate";
import { MAX_METADATA } from "../../provider/src/model/ssoFields";
import { readSamlMetadata, type SamlMetadata } from "../../provider/src/rules/samlMetadata";
import { makeCertificate } from "../support/certificate";
import { type MetadataParts, samlMetadata } from "../support/samlMetadata";

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
  function assertRefused(xml: string, expected: RegExp): void {
    const reading = readSamlMetadata(xml);
    assert.ok("problem" in reading, "the metadata was accepted");
    assert.match(reading.problem, expected);
    assert.ok(!reading.problem.includes("secret"), "a problem must not quote the document");
  }

  const bare = (pem: string): string => pem.replace(/-----[^-]+-----/g, "");
  /** Metadata with the first certificate, without a prolog so that a list can contain it. */
  const entity = (changes: MetadataParts = {}) =>
    samlMetadata({ certificates: [first], prolog: "", ...changes });
  const serviceProvider = (changes?: MetadataParts) => entity(changes).replaceAll("IDPSSO", "SPSSO");
  const list = (...entities: string[]) =>
    `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${entities.join("")}</md:EntitiesDescriptor>`;

  it("lists sign-on URLs with HTTP-Redirect before those with HTTP-POST, and no others", () => {
    const post = { binding: "HTTP-POST", location: "https://idp.acme.example/post" };
    const redirect = { location: "https://idp.acme.example/redirect?a=1&b=2" };
    const soap = { binding: "SOAP", location: "https://idp.acme.example/soap" };
    assert.deepEqual(read(entity({ signOn: [soap, post, redirect] })).signOnUrls, [
      redirect.location,
      post.location,
    ]);
    assert.deepEqual(read(entity({ signOn: [soap, post] })).signOnUrls, [post.location]);
  });

  it("lists each signing certificate once, as PEM, and treats a key without a use as a signing key", () => {
    const certificates = [{ pem: first }, { pem: second, use: "encryption" }, first];
    const found = read(entity({ certificates })).certificates;
    assert.deepEqual(
      found.map(({ fingerprint }) => fingerprint),
      [fingerprintOf(first)],
    );
    assert.match(found[0]?.text ?? "", /^-----BEGIN CERTIFICATE-----\n[^]+\n-----END CERTIFICATE-----\n$/);
    assert.equal(read(entity({ certificates: [first, second] })).certificates.length, 2);
  });

  it("may use another namespace prefix, a byte order mark, character references, CDATA and PEM", () => {
    const other = entity()
      .replaceAll("md:", "")
      .replaceAll("xmlns:md", "xmlns")
      .replace("/sso", "&#x2F;s&#115;o")
      .replace(/(<ds:X509Certificate>)[^]*?(<\/ds:X509Certificate>)/, `$1<![CDATA[${first}]]>$2`)
      .replace('xmlns:="', 'xmlns="');
    assert.deepEqual(read(`\uFEFF${other}`), read(entity()));
  });

  it("ignores elements in places where they do not belong", () => {
    const keyInfo = `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${bare(second)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`;
    const before = (tag: string, inserted: string) => entity().replace(tag, `${inserted}$&`);
    const signOn =
      '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://evil.example"/>';
    const other = entity({ certificates: [second] });
    const descriptor = /<md:IDPSSODescriptor[^]*<\/md:IDPSSODescriptor>/.exec(other)?.[0] ?? assert.fail();
    const key = `<md:KeyDescriptor>${keyInfo}</md:KeyDescriptor>`;
    for (const xml of [
      list(serviceProvider(), list(entity()), serviceProvider()),
      before("</md:EntityDescriptor>", `<md:SPSSODescriptor>${key}</md:SPSSODescriptor>`),
      before("<md:IDPSSODescriptor", `<md:Extensions>${signOn}</md:Extensions>`),
      ...[descriptor, other, descriptor.replace(/<\/?md:IDPSSODescriptor[^>]*>/g, "")].map((inside) =>
        before("</md:IDPSSODescriptor>", `<md:Extensions>${inside}</md:Extensions>`),
      ),
      before("<md:IDPSSODescriptor", `<ds:Signature>${keyInfo}</ds:Signature>`),
      before("<md:KeyDescriptor", `<ds:Signature>${keyInfo}</ds:Signature>`),
    ]) {
      assert.deepEqual(read(xml), read(entity()), xml);
    }
  });

  it("may have comments, processing instructions and line breaks in a certificate, but no elements", () => {
    const broken = (by: string) => entity().replace(/(<ds:X509Certificate>\s*\S{20})/, `$1${by}`);
    for (const by of ["<!-- a comment -->", "<?instruct x?>", "<![CDATA[]]>", "\r\n\t", "&#10;"]) {
      assert.deepEqual(read(broken(by)), read(entity()), by);
    }
    const inner = `<ds:X509Certificate>${"A".repeat(8)}</ds:X509Certificate>`;
    for (const by of ["<x/>", "<x>AAAA</x>", "<ds:X509Certificate/>", inner]) {
      assertRefused(broken(by), /contains another element/);
    }
  });

  it("leaves out the authority's certificate of a chain, unless it has a key descriptor of its own", async () => {
    const authority = await makeCertificate({
      cn: "authority",
      notAfterDate: new Date(Date.now() + 10 * 365 * 86_400_000),
      extensions: [{ name: "basicConstraints", cA: true }],
    });
    const ca = { key: authority.privateKey, cert: authority.certificate };
    const leaf = (await makeCertificate({ ca })).certificate;
    const chain = entity({ certificates: [leaf] }).replace(
      "</ds:X509Certificate>",
      `$&<ds:X509Certificate>${bare(authority.certificate)}</ds:X509Certificate>`,
    );
    assert.deepEqual(read(chain), read(entity({ certificates: [leaf] })));
    assert.equal(read(entity({ certificates: [leaf, authority.certificate] })).certificates.length, 2);
  });

  it("may have at most 100 signing certificates", () => {
    const many = (count: number) => entity({ certificates: Array.from({ length: count }, () => first) });
    assert.equal(read(many(100)).certificates.length, 1);
    assertRefused(many(101), /more than 100 signing certificates/);
  });

  describe("is valid", () => {
    const until = (moment: string) => `validUntil="${moment}"`;
    const year = (number: number) => until(`${number}-01-01T00:00:00Z`);

    it("until the time that it states, in UTC if it states no zone", () => {
      for (const [text, expected] of [
        ["2026-05-01T00:00:00+02:00", "2026-04-30T22:00:00.000Z"],
        ["2026-05-01T00:00:00", "2026-05-01T00:00:00.000Z"],
        ["soon", undefined],
      ] as const) {
        assert.equal(read(entity({ attributes: until(text) })).validUntil, expected);
      }
    });
    it("no longer than the lists around it, regardless of other entries in them", () => {
      const own = (entityYear: string, providerYear = "") =>
        entity({ attributes: entityYear }).replace("<md:IDPSSODescriptor", `$& ${providerYear}`);
      const listUntil = (number: number, ...entities: string[]) =>
        list(...entities).replace("<md:EntitiesDescriptor", `$& ${year(number)}`);
      const ended = serviceProvider({ attributes: year(2001) });
      for (const xml of [
        listUntil(2030, ended, own(year(2031)), ended),
        listUntil(2031, own(year(2030), year(2032))),
        own(year(2031), year(2030)),
        list(ended, own("", year(2030))),
      ]) {
        assert.equal(read(xml).validUntil, "2030-01-01T00:00:00.000Z");
      }
    });
  });

  describe("is refused, without quoting it,", () => {
    it("if something is missing or of the wrong kind", () => {
      const within = (element: string) =>
        entity()
          .replace("<md:IDPSSODescriptor", `<${element}>$&`)
          .replace("</md:IDPSSODescriptor>", `$&</${element}>`);
      const cases: [xml: string, expected: RegExp][] = [
        [entity({ certificates: [] }), /no signing certificate/],
        [entity().replace("xmldsig#", "another#"), /no signing certificate/],
        [entity({ signOn: [] }), /no sign-on URL/],
        [serviceProvider(), /of a service provider; give the identity provider's/],
        [list(serviceProvider()), /of a service provider/],
        [list(entity(), entity()), /2 identity providers/],
        [list(entity(), list(entity()), entity()), /3 identity providers/],
        ["<html><body>Sign in</body></html>", /no IDPSSODescriptor/],
        [`<all>${entity()}</all>`, /no IDPSSODescriptor/],
        [within("md:Extensions"), /no IDPSSODescriptor/],
        [within("x"), /no IDPSSODescriptor/],
        [entity({ certificates: [first, "AAAA"] }), /number 2\).*cannot be read/],
        [entity({ certificates: [privateKey] }), /cannot be read/],
        [entity({ certificates: ["secret secret"] }), /cannot be read/],
        [entity({ certificates: ["hf_secret"] }), /cannot be read/],
        [entity({ certificates: ["<x/>"] }), /contains another element/],
      ];
      for (const [xml, expected] of cases) assertRefused(xml, expected);
    });

    it("if it has a document type or declares an entity", () => {
      const lol = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>';
      const cases: [xml: string, expected: RegExp][] = [
        [entity({ prolog: lol }), /document type or an entity declaration/],
        [entity({ prolog: '<!DOCTYPE x SYSTEM "file:///etc/passwd">' }), /document type/],
        [entity({ prolog: '<!ENTITY x "y">' }), /entity declaration|not well-formed/],
        [entity().replace("</md:EntityDescriptor>", `${lol}$&`), /document type|not well-formed/],
        [entity().replace("/sso", "&lol;"), /not well-formed/],
        [entity().replace("/sso", "&nbsp;"), /not well-formed/],
      ];
      for (const [xml, expected] of cases) assertRefused(xml, expected);
    });

    it("if it is not well-formed", () => {
      const unclosed = entity().replace("</md:IDPSSODescriptor>", "</md:secret>");
      for (const xml of [unclosed, "<a></b>", "<a b=c/>", "secret", "{}"]) {
        assertRefused(xml, /^is not well-formed XML \(line \d+\)$/);
      }
      for (const xml of ["", "<a", "<a>", "\0", "<x:a/>", first]) {
        assertRefused(xml, /not well-formed XML|no IDPSSODescriptor/);
      }
    });
  });

  it("is refused quickly even if it is large and hostile, and is read up to its maximum length", function () {
    this.timeout(60_000);
    const filled = (unit: string, before = "", after = "") => {
      const room = MAX_METADATA - before.length - after.length;
      return `${before}${unit.repeat(Math.floor(room / unit.length))}${after}`;
    };
    let attributes = "";
    for (let n = 0; attributes.length < MAX_METADATA - 20; n++) attributes += ` a${n.toString(36)}=''`;
    const started = process.cpuUsage();
    for (const xml of [
      filled("<a>"),
      filled('<a xmlns:b="c">'),
      `<a${attributes}/>`,
      filled("&amp;", "<a>", "</a>"),
      filled("x", '<a b="', '"/>'),
      filled("-", "<!--"),
      filled("<a/>", "<a>", "</a>"),
      filled("<![CDATA[x]]>", "<a>", "</a>"),
      filled("x", "<a>", "</a>"),
      filled("]]>"),
      "<__proto__ __proto__='x' constructor='y' hasOwnProperty='z'/>",
      '<md:__proto__ xmlns:__proto__="a" xmlns:constructor="b"/>',
    ]) {
      assertRefused(xml, /./);
    }
    const { user } = process.cpuUsage(started);
    assert.ok(user < 6_000_000, `took ${user} microseconds`);
    assert.equal(({} as Record<string, unknown>)["x"], undefined);

    const padded = (length: number) => {
      const unit = "<a/>";
      const count = Math.ceil((length - entity().length) / unit.length);
      return entity().replace("</md:EntityDescriptor>", `${unit.repeat(count)}$&`);
    };
    read(padded(MAX_METADATA - 4));
    assertRefused(padded(MAX_METADATA + 1), /has more than 1048576 characters/);
  });
});
