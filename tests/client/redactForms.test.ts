// Each form that a secret may take in a text, alone: so that no other form takes it out in its place.
import assert from "node:assert/strict";
import { REDACTED, redactor } from "../../provider/src/client/redact";

const SECRET = "q?>/ \"~'(*)!é\n+x\\y=";

const base64 = (text: string, encoding: "base64" | "base64url" = "base64"): string =>
  Buffer.from(text).toString(encoding);

describe("forms of a secret", () => {
  const json = JSON.stringify(SECRET).slice(1, -1);
  const url = encodeURIComponent(SECRET);
  const strict = url.replace(/[!'()*~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const forms: Record<string, string> = {
    plain: SECRET,
    JSON: json,
    "JSON in JSON": JSON.stringify(json).slice(1, -1),
    "JSON with its slashes escaped": json.replaceAll("/", "\\/"),
    URL: url,
    "URL of a form": url.replaceAll("%20", "+"),
    "URL in lower case": url.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
    "URL in a URL": encodeURIComponent(url),
    "URL with all escaped": strict,
    hex: Buffer.from(SECRET).toString("hex"),
    "JSON in a URL": encodeURIComponent(json),
    "JSON in the URL of a form": encodeURIComponent(json).replaceAll("%20", "+"),
    "JSON in hex": Buffer.from(json).toString("hex"),
    "JSON in base64": base64(json),
    "JSON in base64 for URLs": base64(json, "base64url"),
    "URL in base64": base64(url),
    "URL of a form in base64": base64(url.replaceAll("%20", "+")),
    base64: base64(SECRET),
    "base64 without padding": base64(SECRET).replace(/=+$/, ""),
    "base64 for URLs": base64(SECRET, "base64url"),
    "base64 in a URL": encodeURIComponent(base64(SECRET).replace(/=+$/, "")),
    "base64 with its slashes escaped": base64(SECRET).replace(/=+$/, "").replaceAll("/", "\\/"),
  };
  for (const [name, form] of Object.entries(forms)) {
    it(`${name}: nothing of it is left`, () => {
      const clean = redactor([SECRET])(`[${form}]`);
      assert.equal(clean.replace(/=+\]$/, "]"), `[${REDACTED}]`);
    });
  }

  for (const alphabet of ["base64", "base64url"] as const) {
    for (const before of ["", "a", "ab", "abc", "abcd"]) {
      for (const after of ["", "y", "yz"]) {
        it(`${alphabet} of a longer text, ${before.length} bytes before and ${after.length} behind`, () => {
          const secret = "?>?>?>~~~secret~~~?>?>?>";
          const encoded = base64(`${before}${secret}${after}`, alphabet);
          const rest = redactor([secret])(encoded).replace(REDACTED, "");
          assert.ok(rest.length <= 2 * 4 + 4, rest);
          assert.ok(redactor([secret])(encoded).includes(REDACTED));
        });
      }
    }
  }

  it("REDACTED stands in the place of it, and says so", () => assert.equal(REDACTED, "[secret]"));

  it("the longest goes first", () => {
    assert.equal(redactor(["abcd", "abcdefgh"])("abcdefgh abcd"), `${REDACTED} ${REDACTED}`);
    assert.equal(redactor(["abcdefgh", "abcd"])("abcdefgh abcd"), `${REDACTED} ${REDACTED}`);
  });

  it("what is shorter than four characters stays, and so do short pieces of what is encoded", () => {
    assert.equal(redactor(["abc", "", undefined])("abc YWJj 616263"), "abc YWJj 616263");
    assert.equal(redactor(["abcd"])("abcd"), REDACTED);
    // Of "abcd" at other alignments only a few letters are sure.
    const at = base64("xabcd").slice(2, 6);
    assert.equal(redactor(["abcd"])(at), at);
  });

  it("a value that is no Unicode is taken out as it is", () => {
    assert.equal(redactor(["ab\uD800cd"])("x ab\uD800cd y"), `x ${REDACTED} y`);
  });

  it("each long line of a value of several lines goes alone; lines that frame it, and short ones, stay", () => {
    const lines = [
      "-----BEGIN SOMETHING-----",
      "0123456789abcdef",
      "fedcba987654321",
      "  zyxwvutsrqponmlk  ",
    ];
    for (const end of ["\n", "\r\n"]) {
      const redact = redactor([lines.join(end)]);
      assert.equal(redact("a 0123456789abcdef b"), `a ${REDACTED} b`);
      assert.equal(redact("a fedcba987654321 b"), "a fedcba987654321 b");
      assert.equal(redact("a-zyxwvutsrqponmlk-b"), `a-${REDACTED}-b`);
      assert.equal(redact("-----BEGIN SOMETHING-----"), "-----BEGIN SOMETHING-----");
    }
    assert.equal(redactor(["0123456789abcdef0"])("0123456789abcdef"), "0123456789abcdef");
  });
});

describe("secrets that nobody named", () => {
  const texts: [string, string][] = [
    ["x hf_abcdefgh y", `x ${REDACTED} y`],
    ["x hf_abcdefg y", "x hf_abcdefg y"],
    ["x api_org_abcdefgh y", `x ${REDACTED} y`],
    ["x api_org_abcdefg y", "x api_org_abcdefg y"],
    ["Bearer   abcdefghijklmnop", `Bearer ${REDACTED}`],
    ["bearer abcdefghijklmno", "bearer abcdefghijklmno"],
    ["Basic abcdefghijklmnop", `Basic ${REDACTED}`],
    ["https://user:p@host/", `https://${REDACTED}@host/`],
    ["https://host/a@b", "https://host/a@b"],
    ["LS0tLS1CRUdJTiAbc+/=_-x y", `${REDACTED} y`],
    ["a -----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY----- b", `a ${REDACTED} b`],
    ["a -----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY----- b", `a ${REDACTED} b`],
    ["a -----BEGIN+ENCRYPTED+PRIVATE+KEY-----x-----END+ENCRYPTED+PRIVATE+KEY----- b", `a ${REDACTED} b`],
    ["a -----BEGIN%20EC%20PRIVATE%20KEY-----x-----END%20EC%20PRIVATE%20KEY----- b", `a ${REDACTED} b`],
    ["a -----BEGIN PRIVATE KEY-----\nx b", `a ${REDACTED}`],
    ["-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----"],
  ];
  for (const [text, clean] of texts) {
    it(JSON.stringify(text), () => assert.equal(redactor([])(text), clean));
  }
});
