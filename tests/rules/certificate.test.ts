import assert from "node:assert/strict";
import { createPublicKey } from "node:crypto";
import {
  normalisePem,
  dateProblem,
  daysLeft,
  fingerprintOf,
  parseCertificate,
  refusalOf,
  sameCertificate,
  withoutIssuers,
} from "../../provider/src/rules/certificate";
import { makeCertificate } from "../support/certificate";
import { fixedCertificates } from "./fixedCertificates";

const FROM = Date.parse("2026-01-01T00:00:00Z");
const UNTIL = Date.parse("2027-01-01T00:00:00Z");
const DAY = 86_400_000;

const base64Of = (pem: string): string => pem.replace(/-----[A-Z ]+-----|\s/g, "");

describe("certificate", () => {
  let pem: string;
  let privateKey: string;
  let another: string;
  before(async () => {
    const dates = { notBeforeDate: new Date(FROM), notAfterDate: new Date(UNTIL) };
    ({ certificate: pem, privateKey } = await makeCertificate(dates));
    another = (await makeCertificate()).certificate;
  });

  it("is read with its dates in UTC and its SHA-256 fingerprint", () => {
    const reading = parseCertificate(pem);
    assert.ok("facts" in reading);
    assert.match(reading.fingerprint ?? "", /^[0-9a-f]{64}$/);
    assert.deepEqual(reading.facts, {
      validFrom: "2026-01-01T00:00:00.000Z",
      expiresAt: "2027-01-01T00:00:00.000Z",
    });
  });

  it("ignores text around it and the kind of line breaks, and is sent as plain PEM", () => {
    for (const form of [
      `Bag Attributes\n    friendlyName: idp\nsubject=CN = idp\n${pem}\n`,
      pem.replaceAll("\n", "\r\n"),
      `-----BEGIN CERTIFICATE-----\n${base64Of(pem)}\n-----END CERTIFICATE-----`,
      `  ${pem}\n\nand more`,
    ]) {
      const parsed = parseCertificate(form);
      assert.deepEqual({ ...parsed, text: pem }, parseCertificate(pem));
      assert.ok(sameCertificate(parsed, parseCertificate(pem)));
      assert.equal(normalisePem(form), `${pem}\n`);
    }
    for (const plain of [pem, `${pem}\n`, "none"]) assert.equal(normalisePem(plain), plain);
  });

  it("equals another text only if both contain the same certificate", () => {
    const cases: [string | undefined, string | undefined, boolean][] = [
      [pem, base64Of(pem), true],
      [base64Of(pem), pem, true],
      [undefined, undefined, true],
      ["unreadable", "unreadable", true],
      [pem, another, false],
      [pem, undefined, false],
      [undefined, pem, false],
      [pem, "AAAA", false],
      ["AAAA", "BBBB", false],
      ["unreadable", "also unreadable", false],
    ];
    for (const [left, right, same] of cases) {
      assert.equal(sameCertificate(parseCertificate(left), parseCertificate(right)), same);
    }
  });

  it("has a fingerprint only if it can be read", () => {
    assert.equal(fingerprintOf(base64Of(pem)), fingerprintOf(pem));
    const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
    const base64 = base64Of(pem);
    for (const text of [undefined, "", "AAAA", "MIIC", "§", `§${base64}`, `${base64}§`, broken]) {
      assert.equal(fingerprintOf(text), undefined, text?.slice(0, 20));
    }
  });

  it("is accepted with a strong key and signature", async () => {
    const { ed25519, p384, p521, rsaPss, rsaPssSha384 } = fixedCertificates;
    const p256 = (await makeCertificate({ keyType: "ec", curve: "P-256" })).certificate;
    for (const strong of [p256, p384, p521, ed25519, rsaPss, rsaPssSha384]) {
      const reading = parseCertificate(strong);
      assert.ok("facts" in reading && !reading.facts.notForSigning, strong);
    }
  });

  describe("is refused, without repeating its text, if it", () => {
    const NOT_PEM =
      /^is not a PEM certificate: it must begin with "-----BEGIN CERTIFICATE-----" and contain one certificate$/;
    const under = (label: string): string => pem.replaceAll("CERTIFICATE", label);
    const refused: [string, () => string | Promise<string>, RegExp][] = [
      [
        "has an RSA key of 1024 bits",
        async () => (await makeCertificate({ keySize: 1024 })).certificate,
        /^has an RSA key of 1024 bits, which is too weak; use at least 2048 bits$/,
      ],
      [
        "has a key on P-224",
        () => fixedCertificates.p224,
        /^has a key on the curve secp224r1; use P-256, P-384 or P-521$/,
      ],
      ["has a DSA key", () => fixedCertificates.dsa, /^has a key of type dsa; use RSA, EC or Ed25519$/],
      [
        "is signed with SHA-1",
        async () => (await makeCertificate({ algorithm: "sha1" })).certificate,
        /^is signed with SHA-1, which is broken; configure the identity provider to issue one that is signed with SHA-256$/,
      ],
      ["is signed with ECDSA and SHA-1", () => fixedCertificates.ecdsaSha1, /^is signed with SHA-1,/],
      ["is signed with RSA-PSS and SHA-1", () => fixedCertificates.rsaPssSha1, /^is signed with SHA-1,/],
      [
        "is signed with SHA-1 under its OIW identifier",
        () => fixedCertificates.rsaSha1Oiw,
        /^is signed with SHA-1,/,
      ],
      ["is signed with MD5", () => fixedCertificates.rsaMd5, /^is signed with MD5,/],
      ["is a private key", () => privateKey, /^contains a private key,.*treat this key as leaked$/],
      ["comes with a private key", () => `${pem}\n${privateKey}`, /^contains a private key,/],
      [
        "is one of two certificates",
        () => `${pem}\n${another}`,
        /^contains 2 certificates; give only the one that signs/,
      ],
      [
        "contains no certificate",
        () => "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----",
        /^is not an X\.509 certificate: its contents cannot be read$/,
      ],
      ["is base64 without a PEM header", () => base64Of(pem), NOT_PEM],
      ["is truncated base64 without a PEM header", () => base64Of(pem).slice(0, 40), NOT_PEM],
      ["is DER", () => Buffer.from(base64Of(pem), "base64").toString("latin1"), NOT_PEM],
      [
        "is a public key",
        () => createPublicKey(privateKey).export({ type: "spki", format: "pem" }) as string,
        NOT_PEM,
      ],
      ["is an SSH key", () => `ssh-rsa ${base64Of(pem)} idp`, NOT_PEM],
      ["is a certificate request", () => under("CERTIFICATE REQUEST"), NOT_PEM],
      ["is a trusted certificate of OpenSSL", () => under("TRUSTED CERTIFICATE"), NOT_PEM],
      ["is PKCS #7", () => under("PKCS7"), NOT_PEM],
    ];
    for (const [what, text, expected] of refused) {
      it(what, async () => {
        const given = await text();
        const reading = parseCertificate(given);
        assert.ok("problem" in reading);
        assert.match(reading.problem, expected);
        for (const line of given.split("\n").filter((each) => each.length > 20 && !each.includes("-----"))) {
          assert.ok(!reading.problem.includes(line.slice(0, 15)));
        }
      });
    }
  });

  describe("during its lifetime", () => {
    const cases: [string, at: number, problem: RegExp | undefined, days: number][] = [
      [
        "is not valid one millisecond before its start",
        FROM - 1,
        /^is not valid before 2026-01-01T00:00:00/,
        365,
      ],
      ["is valid from its start", FROM, undefined, 365],
      ["has one day left one day before its end", UNTIL - DAY, undefined, 1],
      ["has zero days left less than a day before its end", UNTIL - DAY + 1, undefined, 0],
      ["has expired at its end", UNTIL, /^expired at 2027-01-01T00:00:00/, 0],
      ["has a negative number of days left after its end", UNTIL + 1, /^expired at /, -1],
    ];
    for (const [name, at, problem, days] of cases) {
      it(name, () => {
        const reading = parseCertificate(pem);
        assert.ok("facts" in reading);
        const found = dateProblem(reading.facts, new Date(at));
        if (problem) assert.match(found ?? "", problem);
        else assert.equal(found, undefined);
        assert.equal(daysLeft(reading.facts, new Date(at)), days);
      });
    }
  });

  it("is dropped from a chain if it issued another certificate of the chain", async () => {
    const extensions = [{ name: "basicConstraints" as const, cA: true }];
    const authority = await makeCertificate({ cn: "authority", extensions });
    const ca = { key: authority.privateKey, cert: authority.certificate };
    const first = (await makeCertificate({ ca })).certificate;
    const second = (await makeCertificate({ ca })).certificate;
    const namesake = (await makeCertificate({ cn: "authority", extensions })).certificate;
    assert.deepEqual(withoutIssuers([first, authority.certificate]), [first]);
    assert.deepEqual(withoutIssuers([authority.certificate, first, second]), [first, second]);
    const { p384 } = fixedCertificates;
    for (const unrelated of [[namesake, first], [pem, another], [authority.certificate], [p384, p384]]) {
      assert.deepEqual(withoutIssuers(unrelated), unrelated);
    }
  });

  describe("in a declaration", () => {
    function judge(at: number, aboutToCount: boolean, warnBeforeDays?: number, text = pem) {
      const warnings: string[] = [];
      const log = { info: () => assert.fail(), warn: (message: string) => void warnings.push(message) };
      const refusal = refusalOf(parseCertificate(text), {
        now: new Date(at),
        log,
        warnBeforeDays,
        aboutToCount,
      });
      return { refusal, warnings };
    }
    const SILENT = { refusal: undefined, warnings: [] };

    it("is accepted silently until the warning period begins", () => {
      assert.deepEqual(judge(UNTIL - 31 * DAY, true, 30), SILENT);
      assert.deepEqual(judge(UNTIL - 1, true), SILENT);
    });
    it("is accepted with a warning if it expires soon", () =>
      assert.deepEqual(judge(UNTIL - 30 * DAY, true, 30), {
        refusal: undefined,
        warnings: [
          "the certificate expires in 30 day(s), at 2027-01-01T00:00:00.000Z. After that no one can sign in: get the identity provider's next certificate.",
        ],
      }));
    it("is refused once it has expired, or only causes a warning if it is already in use", () => {
      const { refusal, warnings } = judge(UNTIL, true, 30);
      assert.match(refusal ?? "", /^expired at /);
      assert.deepEqual(warnings, []);
      assert.deepEqual(judge(UNTIL, false, 30), {
        refusal: undefined,
        warnings: [`the certificate ${refusal}.`],
      });
    });
    it("is refused if it is unusable, even if it is already in use", () => {
      for (const aboutToCount of [true, false]) {
        assert.match(judge(FROM, aboutToCount, 30, "text").refusal ?? "", /^is not a PEM certificate/);
      }
    });

    const usages: [string, object, warns: boolean][] = [
      ["a signing key", { digitalSignature: true, keyEncipherment: true }, false],
      ["a key for non-repudiation", { nonRepudiation: true }, false],
      ["a certificate authority's key", { keyCertSign: true, cRLSign: true }, true],
      ["an encryption key", { keyEncipherment: true }, true],
    ];
    for (const [key, usage, warns] of usages) {
      it(`is accepted ${warns ? "with a warning before it is sent" : "silently"} if it has ${key}`, async () => {
        const { certificate } = await makeCertificate({ extensions: [{ name: "keyUsage", ...usage }] });
        assert.deepEqual(judge(Date.now(), false, 30, certificate), SILENT);
        const { refusal, warnings } = judge(Date.now(), true, 30, certificate);
        assert.equal(refusal, undefined);
        assert.equal(warnings.length, warns ? 1 : 0);
        if (warns) assert.match(warnings[0] ?? "", /does not allow signing.*make sure/);
      });
    }
  });
});
