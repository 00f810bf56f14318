import assert from "node:assert/strict";
import fc from "fast-check";
import { REDACTED, redactor } from "../../provider/src/client/redact";

type Base64 = "base64" | "base64url";
const base64 = (text: string, alphabet: Base64 = "base64"): string => Buffer.from(text).toString(alphabet);

describe("redaction of a given secret", () => {
  const secret = "q?>/ \"~'(*)!é\n+x\\y=";
  const json = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret);
  const form = (text: string): string => text.replaceAll("%20", "+");
  const unpadded = base64(secret).replace(/=+$/, "");
  // Each form alone, so that another form cannot match first.
  const forms: Record<string, string> = {
    "as it is": secret,
    "in JSON": json,
    "in JSON in JSON": JSON.stringify(json).slice(1, -1),
    "in JSON with its slashes escaped": json.replaceAll("/", "\\/"),
    "in a URL": url,
    "in a form": form(url),
    "in a URL in lower case": url.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
    "in a URL in a URL": encodeURIComponent(url),
    "in a URL with everything escaped": url.replace(
      /[!'()*~]/g,
      (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
    "in hex": Buffer.from(secret).toString("hex"),
    "in JSON in a URL": encodeURIComponent(json),
    "in JSON in a form": form(encodeURIComponent(json)),
    "in JSON in hex": Buffer.from(json).toString("hex"),
    "in JSON in base64": base64(json),
    "in JSON in base64 for URLs": base64(json, "base64url"),
    "in a URL in base64": base64(url),
    "in a form in base64": base64(form(url)),
    "in base64": base64(secret),
    "in base64 without padding": unpadded,
    "in base64 for URLs": base64(secret, "base64url"),
    "in base64 in a URL": encodeURIComponent(unpadded),
    "in base64 with its slashes escaped": unpadded.replaceAll("/", "\\/"),
  };
  for (const [how, text] of Object.entries(forms)) {
    it(how, () => {
      const clean = redactor([secret])(`[${text}]`);
      assert.equal(clean.replace(/=+\]$/, "]"), `[${REDACTED}]`);
    });
  }

  for (const alphabet of ["base64", "base64url"] as const) {
    for (const before of ["", "a", "ab", "abc", "abcd"]) {
      for (const after of ["", "y", "yz"]) {
        it(`finds it in ${alphabet} of a longer text: ${before.length} bytes before it, ${after.length} after`, () => {
          const value = "?>?>?>~~~secret~~~?>?>?>";
          const clean = redactor([value])(base64(before + value + after, alphabet));
          assert.ok(clean.includes(REDACTED));
          // Only the characters that also encode neighbouring bytes remain.
          assert.ok(clean.replace(REDACTED, "").length <= 2 * 4 + 4, clean);
        });
      }
    }
  }

  it("does not depend on the surrounding text", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 8, maxLength: 40 }),
        fc.string(),
        fc.string(),
        (value, before, after) => {
          const clean = redactor([value])(`${before}${JSON.stringify(value)}${value}${after}`);
          // The replacement text can contain a piece of the secret by chance.
          fc.pre(!REDACTED.includes(value) && !value.includes("["));
          assert.ok(!clean.includes(value));
        },
      ),
    );
  });

  it("removes the longer one if a secret contains another", () => {
    for (const secrets of [
      ["abcd", "abcdefgh"],
      ["abcdefgh", "abcd"],
    ]) {
      assert.equal(redactor(secrets)("abcdefgh abcd"), "[secret] [secret]");
    }
  });

  it("works for invalid Unicode", () => {
    assert.equal(redactor(["ab\uD800cd"])("x ab\uD800cd y"), `x ${REDACTED} y`);
  });

  it("removes a secret line by line, except for short lines and PEM borders", () => {
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

  it("keeps a secret that is short enough to be an ordinary word", () => {
    assert.equal(redactor(["abc", "", undefined])("abc YWJj 616263"), "abc YWJj 616263");
    assert.equal(redactor(["abcd"])("abcd"), REDACTED);
    // At other alignments only a few letters of "abcd" are certain.
    const piece = base64("xabcd").slice(2, 6);
    assert.equal(redactor(["abcd"])(piece), piece);
  });
});

describe("redaction recognizes a secret by its form", () => {
  const key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nq83vASNFZ4k=\n-----END RSA PRIVATE KEY-----";
  const texts: [text: string, clean: string][] = [
    ["x hf_abcdefgh y", `x ${REDACTED} y`],
    ["x hf_abcdefg y", "x hf_abcdefg y"],
    ["x api_org_abcdefgh y", `x ${REDACTED} y`],
    ["x api_org_abcdefg y", "x api_org_abcdefg y"],
    ["Bearer   abcdefghijklmnop", `Bearer ${REDACTED}`],
    ["bearer abcdefghijklmno", "bearer abcdefghijklmno"],
    ["Basic abcdefghijklmnop", `Basic ${REDACTED}`],
    ["https://user:p@host/", `https://${REDACTED}@host/`],
    ["https://host/a@b?c=d@e and a@b.example", "https://host/a@b?c=d@e and a@b.example"],
    ["LS0tLS1CRUdJTiAbc+/=_-x y", `${REDACTED} y`],
    [`a ${base64(key)} b`, `a ${REDACTED} b`],
    [`a ${key} b`, `a ${REDACTED} b`],
    [JSON.stringify({ key }), `{"key":"${REDACTED}"}`],
    [`a ${encodeURIComponent(key)} b`, `a ${REDACTED} b`],
    ["a -----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY----- b", `a ${REDACTED} b`],
    ["a -----BEGIN+ENCRYPTED+PRIVATE+KEY-----x-----END+ENCRYPTED+PRIVATE+KEY----- b", `a ${REDACTED} b`],
    ["a -----BEGIN PRIVATE KEY-----\nx b", `a ${REDACTED}`],
    ["-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----"],
  ];
  for (const [text, clean] of texts) {
    it(JSON.stringify(text), () => assert.equal(redactor([])(text), clean));
  }
});
