// Two ways of writing one thing.
import assert from "node:assert/strict";
import { fingerprintOf, parseCertificate, sameCertificate } from "../../provider/src/rules/certificate";
import { sameAddress, signInUrlProblem } from "../../provider/src/rules/signInUrl";
import { makeCertificate } from "../support/certificate";

describe("the same address", () => {
  const cases: [string | undefined, string | undefined, boolean][] = [
    ["https://a.example", "https://a.example/", true],
    ["https://A.example/x", "https://a.example/x", true],
    ["https://a.example/x", "https://a.example/y", false],
    ["https://a.example/x", "https://a.example/x/", false],
    ["no url", "no url", true],
    ["no url", "https://a.example", false],
    ["https://a.example", "no url", false],
    [undefined, undefined, true],
    [undefined, "https://a.example", false],
    ["https://a.example", undefined, false],
  ];
  for (const [left, right, same] of cases) {
    it(`${left} and ${right}: ${same ? "yes" : "no"}`, () => assert.equal(sameAddress(left, right), same));
  }
});

describe("a sign-in URL that a parser would mend in silence", () => {
  for (const text of [
    "https://a.example/ x",
    "https://a.ex\tample",
    "https://a.example\\x",
    "https://a.example/\u0000",
    "https://a.example/\u0085",
  ]) {
    it(JSON.stringify(text), () =>
      assert.equal(signInUrlProblem(text), "must not hold white space, control characters or backslashes"),
    );
  }
  for (const text of [
    "https://user@a.example",
    "https://:pass@a.example",
    "https://@a.example",
    "https://a.example/#",
    "HTTPS://@a.example",
  ]) {
    it(text, () =>
      assert.match(signInUrlProblem(text) ?? "", /must not (?:hold a user name|have a part behind #)/),
    );
  }
  it("an @ in the path is none of a user's", () =>
    assert.equal(signInUrlProblem("https://a.example/x@y?z=https://b@c"), undefined));
});

describe("the same certificate", () => {
  let one: string;
  let other: string;
  before(async () => {
    one = (await makeCertificate()).certificate;
    other = (await makeCertificate({ cn: "other.example" })).certificate;
  });
  const same = (left: string | undefined, right: string | undefined): boolean =>
    sameCertificate(parseCertificate(left), parseCertificate(right));
  const bare = (pem: string): string => pem.replace(/-----[A-Z ]+-----|\s/g, "");

  it("whatever its line ends, and without its frame", () => {
    assert.ok(same(one, one));
    assert.ok(same(one, one.replaceAll("\n", "\r\n")));
    assert.ok(same(one, bare(one)));
    assert.ok(same(bare(one), one));
    assert.ok(same(undefined, undefined));
    assert.ok(same("unreadable", "unreadable"));
  });
  it("is not another one, nor what cannot be read", () => {
    assert.ok(!same(one, other));
    assert.ok(!same(one, undefined));
    assert.ok(!same(undefined, one));
    assert.ok(!same("unreadable", "also unreadable"));
    assert.ok(!same("AAAA", "BBBB"));
    assert.ok(!same(one, "AAAA"));
  });
  it("has a fingerprint of 64 digits, where it can be read", () => {
    assert.match(fingerprintOf(one) ?? "", /^[0-9a-f]{64}$/);
    assert.equal(fingerprintOf(bare(one)), fingerprintOf(one));
    for (const text of [
      "",
      "AAAA",
      "§",
      `§${bare(one)}`,
      `${bare(one)}§`,
      `-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`,
    ]) {
      assert.equal(fingerprintOf(text), undefined, text.slice(0, 20));
    }
  });
});
