import assert from "node:assert/strict";
import { createPublicKey } from "node:crypto";
import {
  type CertificateFacts,
  normalisePem,
  dateProblem,
  daysLeft,
  fingerprintOf,
  parseCertificate,
  withoutIssuers,
} from "../../provider/src/rules/certificate";
import { makeCertificate } from "../support/certificate";
import { fixedCertificates } from "./fixedCertificates";

function facts(pem: string): CertificateFacts {
  const reading = parseCertificate(pem);
  assert.ok("facts" in reading, "problem" in reading ? reading.problem : "");
  return reading.facts;
}

function problem(pem: string): string {
  const reading = parseCertificate(pem);
  assert.ok("problem" in reading, "the certificate was accepted");
  return reading.problem;
}

describe("certificate", () => {
  const from = new Date("2026-01-01T00:00:00Z");
  const until = new Date("2027-01-01T00:00:00Z");
  const inForce = { notBeforeDate: from, notAfterDate: until };

  it("tells its dates and its fingerprint", async () => {
    const { certificate } = await makeCertificate(inForce);
    const read = facts(certificate);
    assert.equal(read.validFrom, "2026-01-01T00:00:00.000Z");
    assert.equal(read.expiresAt, "2027-01-01T00:00:00.000Z");
    assert.match(fingerprintOf(certificate) ?? "", /^[0-9a-f]{64}$/);
    assert.equal(parseCertificate(certificate).fingerprint, fingerprintOf(certificate));
  });
  it("is the same with other line ends and text around it", async () => {
    const { certificate } = await makeCertificate(inForce);
    const other = `subject=idp\r\n${certificate.replaceAll("\n", "\r\n")}\r\n\r\n`;
    assert.equal(fingerprintOf(other), fingerprintOf(certificate));
    assert.deepEqual(facts(other), facts(certificate));
  });
  it("may have an EC key", async () => {
    facts((await makeCertificate({ keyType: "ec", curve: "P-256" })).certificate);
  });
  it("is refused with an RSA key of 1024 bits", async () => {
    assert.match(problem((await makeCertificate({ keySize: 1024 })).certificate), /1024 bits.*2048/);
  });
  it("is refused when it is signed with SHA-1", async () => {
    assert.match(problem((await makeCertificate({ algorithm: "sha1" })).certificate), /SHA-1/);
  });
  it("a private key in its place is refused and not repeated", async () => {
    const { certificate, privateKey } = await makeCertificate();
    for (const pem of [privateKey, `${certificate}\n${privateKey}`]) {
      const reason = problem(pem);
      assert.match(reason, /private key/);
      for (const line of privateKey
        .split("\n")
        .filter((each) => each.length > 20 && !each.includes("-----"))) {
        assert.ok(!reason.includes(line.trim()));
      }
    }
  });
  it("two at once are refused", async () => {
    const { certificate } = await makeCertificate();
    assert.match(problem(`${certificate}\n${certificate}`), /2 certificates/);
  });
  it("other text is refused", () => {
    assert.match(problem("MIIC"), /not a PEM certificate/);
    assert.match(problem("-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----"), /cannot be read/);
    assert.equal(fingerprintOf("MIIC"), undefined);
    assert.equal(fingerprintOf(undefined), undefined);
  });

  it("things of another kind are refused, each with what is wanted", async () => {
    const { certificate, privateKey } = await makeCertificate();
    const base64 = certificate.replace(/-----[A-Z ]+-----|\s/g, "");
    const under = (label: string): string => certificate.replaceAll("CERTIFICATE", label);
    for (const other of [
      base64,
      Buffer.from(base64, "base64").toString("latin1"),
      createPublicKey(privateKey).export({ type: "spki", format: "pem" }) as string,
      under("CERTIFICATE REQUEST"),
      under("TRUSTED CERTIFICATE"),
      under("PKCS7"),
      `ssh-rsa ${base64} idp`,
      base64.slice(0, 40),
    ]) {
      assert.match(problem(other), /not a PEM certificate: it must begin with "-----BEGIN CERTIFICATE-----"/);
      assert.ok(!problem(other).includes(base64.slice(0, 10)));
    }
  });

  it("goes out alone, in lines of 64 characters: other forms may not be read where people sign in", async () => {
    const { certificate } = await makeCertificate();
    assert.equal(normalisePem(certificate), certificate);
    assert.equal(normalisePem(`${certificate}\n`), `${certificate}\n`);
    const base64 = certificate.replace(/-----[A-Z ]+-----|\s/g, "");
    for (const other of [
      `Bag Attributes\n    friendlyName: idp\nsubject=CN = idp\n${certificate}\n`,
      certificate.replaceAll("\n", "\r\n"),
      `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----`,
      `  ${certificate}\n\nand more`,
    ]) {
      assert.equal(normalisePem(other), `${certificate}\n`);
    }
    assert.equal(normalisePem("none"), "none");
  });

  it("of a chain, the one that signs: no authority, and neither of two that follow one another", async () => {
    const authority = await makeCertificate({
      cn: "authority",
      extensions: [{ name: "basicConstraints", cA: true }],
    });
    const ca = { key: authority.privateKey, cert: authority.certificate };
    const first = (await makeCertificate({ ca })).certificate;
    const second = (await makeCertificate({ ca })).certificate;
    const stranger = (await makeCertificate({ cn: "authority" })).certificate;
    assert.deepEqual(withoutIssuers([first, authority.certificate]), [first]);
    assert.deepEqual(withoutIssuers([authority.certificate, first, second]), [first, second]);
    // Of the authority's name, but it has issued nothing.
    assert.deepEqual(withoutIssuers([stranger, first]), [stranger, first]);
    const own = [(await makeCertificate()).certificate, (await makeCertificate()).certificate];
    assert.deepEqual(withoutIssuers(own), own, "of one name");
    assert.deepEqual(withoutIssuers([authority.certificate]), [authority.certificate]);
    const twice = [fixedCertificates.p384, fixedCertificates.p384];
    assert.deepEqual(withoutIssuers(twice), twice);
  });

  describe("dates", () => {
    const dates = { validFrom: from.toISOString(), expiresAt: until.toISOString() };
    it("in force between its dates", () =>
      assert.equal(dateProblem(dates, new Date("2026-06-01")), undefined));
    it("in force from its first moment", () => assert.equal(dateProblem(dates, from), undefined));
    it("not before", () =>
      assert.match(dateProblem(dates, new Date("2025-12-31T23:59:59Z")) ?? "", /not valid before/));
    it("not at its end", () => assert.match(dateProblem(dates, until) ?? "", /expired/));
    it("counts whole days", () => {
      assert.equal(daysLeft(dates, new Date("2026-12-31T00:00:00Z")), 1);
      assert.equal(daysLeft(dates, new Date("2026-12-31T00:00:01Z")), 0);
      assert.equal(daysLeft(dates, new Date("2027-01-01T00:00:01Z")), -1);
    });
  });
});
