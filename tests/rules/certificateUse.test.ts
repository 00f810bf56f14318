import assert from "node:assert/strict";
import {
  type CertificateFacts,
  daysLeft,
  parseCertificate,
  refusalOf,
} from "../../provider/src/rules/certificate";
import { makeCertificate } from "../support/certificate";
import { fixedCertificates } from "./fixedCertificates";

const DAY = 86_400_000;

describe("certificates by their keys and signatures", () => {
  for (const kind of ["ed25519", "p384", "p521", "rsaPss", "rsaPssSha384"] as const) {
    it(`${kind} is taken`, () => assert.ok("facts" in parseCertificate(fixedCertificates[kind])));
  }
  const refused: [keyof typeof fixedCertificates, RegExp][] = [
    ["p224", /^has a key on the curve secp224r1; use P-256, P-384 or P-521$/],
    ["dsa", /^has a key of the kind dsa; use RSA, EC or Ed25519$/],
    [
      "ecdsaSha1",
      /^is signed with SHA-1, which is broken; have the identity provider issue one with SHA-256$/,
    ],
    ["rsaMd5", /^is signed with MD5, which is broken/],
    ["rsaPssSha1", /^is signed with SHA-1, which is broken/],
    ["rsaSha1Oiw", /^is signed with SHA-1, which is broken/],
  ];
  for (const [kind, problem] of refused) {
    it(`${kind} is refused`, () => {
      const reading = parseCertificate(fixedCertificates[kind]);
      assert.match("problem" in reading ? reading.problem : "", problem);
    });
  }
});

describe("certificates by what they say of their key", () => {
  const KINDS = [
    ["that signs", { digitalSignature: true, keyEncipherment: true }, false],
    ["that signs for good", { nonRepudiation: true }, false],
    ["of an authority, which signs certificates", { keyCertSign: true, cRLSign: true }, true],
    ["for encryption", { keyEncipherment: true }, true],
  ] as const;
  for (const [kind, usage, warns] of KINDS) {
    it(`one ${kind} is taken ${warns ? "with a warning, as long as it is about to be sent" : "without a word"}`, async () => {
      const { certificate } = await makeCertificate({ extensions: [{ name: "keyUsage", ...usage }] });
      for (const aboutToCount of [true, false]) {
        const warned: string[] = [];
        const refusal = refusalOf(parseCertificate(certificate), {
          now: new Date(),
          log: { info: () => assert.fail(), warn: (message) => warned.push(message) },
          warnBeforeDays: 30,
          aboutToCount,
        });
        assert.equal(refusal, undefined);
        assert.equal(warned.length, warns && aboutToCount ? 1 : 0, warned.join());
        if (warned[0]) assert.match(warned[0], /its key is not for signing.*make sure/);
      }
    });
  }
});

describe("a declared certificate", () => {
  const pem = fixedCertificates.p384;
  let facts: CertificateFacts;
  let end: number;
  before(() => {
    const reading = parseCertificate(pem);
    assert.ok("facts" in reading);
    facts = reading.facts;
    end = Date.parse(facts.expiresAt);
  });

  function judge(at: number, use: { warnBeforeDays?: number; aboutToCount?: boolean } = {}, text = pem) {
    const warned: string[] = [];
    const refusal = refusalOf(parseCertificate(text), {
      now: new Date(at),
      log: { info: () => assert.fail(), warn: (message) => warned.push(message) },
      warnBeforeDays: use.warnBeforeDays,
      aboutToCount: use.aboutToCount ?? true,
    });
    return { refusal, warned };
  }

  it("that is good is taken without a word", () => {
    assert.deepEqual(judge(end - 31 * DAY, { warnBeforeDays: 30 }), { refusal: undefined, warned: [] });
    assert.deepEqual(judge(end - 1), { refusal: undefined, warned: [] });
  });
  it("that ends soon is taken with a warning", () => {
    const { refusal, warned } = judge(end - 30 * DAY, { warnBeforeDays: 30 });
    assert.equal(refusal, undefined);
    assert.deepEqual(warned, [
      `the certificate ends in 30 day(s), at ${new Date(end).toISOString()}. After that nobody can sign in: get the identity provider's next one.`,
    ]);
  });
  it("that has ended is refused where it is about to count, and else only warned of", () => {
    assert.match(judge(end, { warnBeforeDays: 30 }).refusal ?? "", /^expired at /);
    assert.deepEqual(judge(end, { warnBeforeDays: 30 }).warned, []);
    const { refusal, warned } = judge(end, { warnBeforeDays: 30, aboutToCount: false });
    assert.equal(refusal, undefined);
    assert.equal(warned.length, 1);
    assert.match(warned[0] ?? "", /^the certificate expired at .*\.$/);
  });
  it("that cannot be used is refused either way", () => {
    for (const aboutToCount of [true, false]) {
      assert.match(judge(end, { aboutToCount }, "text").refusal ?? "", /^is not a PEM certificate/);
    }
  });
  it("has whole days left, fewer than none once it has ended", () => {
    assert.equal(daysLeft(facts, new Date(end - DAY)), 1);
    assert.equal(daysLeft(facts, new Date(end - DAY + 1)), 0);
    assert.equal(daysLeft(facts, new Date(end + 1)), -1);
  });
});
