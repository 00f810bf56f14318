import assert from "node:assert/strict";
import fc from "fast-check";
import { REDACTED, redactor } from "../../provider/src/client/redact";

const SECRET = 'p@ss/word+"quoted" ümläut\\n';
const KEY =
  "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAx0123456789abcdef\nq83vASNFZ4k=\n-----END RSA PRIVATE KEY-----";

describe("redaction", () => {
  const forms: [name: string, form: string][] = [
    ["as it is", SECRET],
    ["as JSON", JSON.stringify({ a: SECRET })],
    ["as JSON in JSON", JSON.stringify(JSON.stringify({ a: SECRET }))],
    ["as a part of a URL", `https://h/?s=${encodeURIComponent(SECRET)}&x`],
    ["as a part of a URL in lower case", encodeURIComponent(SECRET).toLowerCase()],
    ["as a form field", new URLSearchParams({ s: SECRET }).toString()],
    ["as base64", Buffer.from(SECRET).toString("base64")],
    ["as base64url", Buffer.from(SECRET).toString("base64url")],
    ["as hex", Buffer.from(SECRET).toString("hex")],
    ["in base64 after 1 byte", Buffer.from(`x${SECRET}yz`).toString("base64")],
    ["in base64 after 2 bytes", Buffer.from(`xy${SECRET}z`).toString("base64")],
    ["in base64 after 3 bytes", Buffer.from(`xyz${SECRET}`).toString("base64")],
  ];
  for (const [name, form] of forms) {
    it(`finds a given secret ${name}`, () => {
      const clean = redactor([SECRET])(`before ${form} after`);
      assert.ok(clean.includes(REDACTED), clean);
      assert.ok(clean.startsWith("before ") && clean.endsWith(" after"));
      assert.ok(!clean.includes(form));
    });
  }

  const known: [name: string, text: string, leak: string][] = [
    ["a token of the Hub", "token hf_AbCdEfGhIjKlMnOpQrSt given", "AbCdEf"],
    ["an organization's old token", "api_org_AbCdEfGhIjKl", "AbCdEf"],
    ["a header", "Authorization: Bearer abcdefghijklmnop1234", "abcdefgh"],
    ["user and password of a URL", "via http://user:pass@proxy.example:3128/", "user:pass"],
    ["a private key", `key ${KEY} end`, "MIIEow"],
    ["a private key as JSON", JSON.stringify({ certificate: KEY }), "MIIEow"],
    ["a private key in a URL", encodeURIComponent(KEY), "MIIEow"],
    [
      "a private key in base64",
      Buffer.from(KEY).toString("base64"),
      Buffer.from(KEY).toString("base64").slice(60),
    ],
    ["a private key that is cut off", KEY.slice(0, 60), "MIIEow"],
  ];
  for (const [name, text, leak] of known) {
    it(`finds ${name} that nobody named`, () => {
      const clean = redactor([])(text);
      assert.ok(text.includes(leak));
      assert.ok(!clean.includes(leak), clean);
    });
  }

  it("leaves ordinary words alone", () => {
    const text = "Bearer token missing; see https://huggingface.co/docs?a=b@c and mail a@b.example";
    assert.equal(redactor(["", "abc", undefined])(text), text);
  });

  it("leaves no secret in any text around it", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 8, maxLength: 40 }),
        fc.string(),
        fc.string(),
        (secret, before, after) => {
          const clean = redactor([secret])(`${before}${JSON.stringify(secret)}${secret}${after}`);
          // What stands in its place may happen to contain a piece of it.
          fc.pre(!REDACTED.includes(secret) && !secret.includes("["));
          assert.ok(!clean.includes(secret));
        },
      ),
    );
  });

  it("takes no long time over a hostile text", () => {
    const started = performance.now();
    for (const text of [
      "-----BEGIN PRIVATE KEY-----".repeat(2000),
      "://".repeat(20_000),
      "a".repeat(60_000),
      "hf_".repeat(20_000),
    ]) {
      redactor(["secret"])(text);
    }
    assert.ok(performance.now() - started < 2000);
  });
});
