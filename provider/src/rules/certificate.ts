import { X509Certificate } from "node:crypto";
import { type Logger } from "../model/definition";
import { DAY } from "./rotation";

/** What is known of a certificate that can be used. */
export interface CertificateFacts {
  /** ISO 8601, UTC. */
  validFrom: string;
  /** ISO 8601, UTC. */
  expiresAt: string;
  /** SHA-256 of the certificate, as 64 hexadecimal digits. */
  fingerprint: string;
  /** The certificate itself says that its key is not for signing: an authority's, or one for encryption. */
  notForSigning?: true;
}

/** A certificate that can be used, or why it cannot; the reason never holds what was given. */
export type CertificateReading = { facts: CertificateFacts } | { problem: string };

const CERTIFICATE_BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const SMALLEST_RSA_KEY = 2048;
const SMALLEST_CURVE_BITS = 256;

/** PEM as everybody reads it: the certificate alone, in lines of 64 characters. */
export function pemOf(base64: string): string {
  const lines = base64.replace(/\s+/g, "").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/**
 * The certificate without the text that tools write around it and without their line ends. Whoever verifies a sign-in with it may read
 * no other form, and would say so to the people who sign in, when it is too late.
 */
export function certificateAlone(text: string): string {
  const block = text.match(CERTIFICATE_BLOCK)?.[0];
  if (block === undefined) return text;
  const alone = pemOf(block.replace(/-----[A-Z ]+-----/g, ""));
  return `${text}\n` === alone ? text : alone;
}

/** Reads a PEM certificate and judges all but its dates. */
export function readCertificate(pem: string): CertificateReading {
  if (/PRIVATE KEY/.test(pem)) {
    return {
      problem:
        "holds a private key, which must not leave the identity provider. Give the certificate alone, and consider this key as leaked",
    };
  }
  const blocks = pem.match(CERTIFICATE_BLOCK) ?? [];
  if (blocks.length !== 1) {
    return {
      problem:
        blocks.length === 0
          ? 'is not a PEM certificate: it must begin with "-----BEGIN CERTIFICATE-----" and hold one certificate'
          : `holds ${blocks.length} certificates; give the one that signs the answers of the identity provider`,
    };
  }
  try {
    const certificate = new X509Certificate(blocks[0]);
    const weakKeyProblem = weakKey(certificate);
    if (weakKeyProblem) return { problem: weakKeyProblem };
    const content = contentOf(certificate);
    const weakSignatureProblem = weakSignature(content);
    if (weakSignatureProblem) return { problem: weakSignatureProblem };
    return {
      facts: {
        validFrom: new Date(certificate.validFrom).toISOString(),
        expiresAt: new Date(certificate.validTo).toISOString(),
        fingerprint: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
        ...(!maySign(content) && { notForSigning: true }),
      },
    };
  } catch {
    // Its key, its signature or its dates may be such that only a part of it can be read.
    return { problem: "is not an X.509 certificate: its contents cannot be read" };
  }
}

/** Why the certificate cannot be used at a moment, or `undefined`. */
export function dateProblem(facts: CertificateFacts, now: Date): string | undefined {
  if (Date.parse(facts.expiresAt) <= now.getTime()) {
    return `expired at ${facts.expiresAt}. With it nobody could sign in; give the identity provider's current certificate`;
  }
  if (Date.parse(facts.validFrom) > now.getTime()) {
    return `is not valid before ${facts.validFrom}. Until then nobody could sign in`;
  }
  return undefined;
}

/** What is to be known about a certificate that is declared, beside its text. */
export interface CertificateUse {
  now: Date;
  log: Logger;
  /** Days before its end from which to warn; absent where that is not known yet. */
  warnBeforeDays: number | undefined;
  /** Whether it is about to be sent, or about to count. One that is in force already may stay, with a warning. */
  aboutToCount: boolean;
}

/** Why a declared certificate is refused, or `undefined`; warns of one that ends soon, or has ended and stays. */
export function refusalOf(
  pem: string,
  { now, log, warnBeforeDays, aboutToCount }: CertificateUse,
): string | undefined {
  const reading = readCertificate(pem);
  if ("problem" in reading) return reading.problem;
  const problem = dateProblem(reading.facts, now);
  const left = daysLeft(reading.facts, now);
  if (aboutToCount && reading.facts.notForSigning) {
    log.warn(
      "the certificate says of itself that its key is not for signing, as an authority's or one for encryption does. Where the identity " +
        "provider signs with another one, nobody can sign in: make sure that it is the one that signs its answers.",
    );
  }
  if (problem) {
    if (aboutToCount) return problem;
    log.warn(`the certificate ${problem}.`);
  } else if (warnBeforeDays !== undefined && left <= warnBeforeDays) {
    log.warn(
      `the certificate ends in ${left} day(s), at ${reading.facts.expiresAt}. After that nobody can sign in: get the identity provider's next one.`,
    );
  }
  return undefined;
}

/** Whole days until the certificate ends; negative once it has. */
export function daysLeft(facts: CertificateFacts, now: Date): number {
  return Math.floor((Date.parse(facts.expiresAt) - now.getTime()) / DAY);
}

/**
 * The SHA-256 fingerprint of a certificate, or `undefined` where it cannot be read. Beside PEM it takes the bare base64 that
 * identity providers show, because the Hub may have got it by hand.
 */
export function fingerprintOf(certificate: string | undefined): string | undefined {
  if (typeof certificate !== "string") return undefined;
  const block = certificate.match(CERTIFICATE_BLOCK)?.[0];
  const bare = /^[A-Za-z0-9+/=\s]+$/.test(certificate) ? Buffer.from(certificate, "base64") : undefined;
  const bytes = block ?? bare;
  try {
    return bytes && new X509Certificate(bytes).fingerprint256.replaceAll(":", "").toLowerCase();
  } catch {
    return undefined;
  }
}

/**
 * Of certificates that stand together for one key, those that have not issued another of them: an identity provider may publish the
 * chain up to an authority, and the authority's certificate does not sign its answers.
 */
export function withoutIssuers(pems: readonly string[]): string[] {
  const certificates = pems.map((pem) => new X509Certificate(pem));
  // Two that are each other's successors may have one name and one key, and neither has issued the other.
  const issued = certificates.filter((each) => !hasIssued(each, each));
  return pems.filter((_pem, index) => {
    const issuer = certificates[index] as X509Certificate;
    return !issued.some((each) => each !== issuer && hasIssued(issuer, each));
  });
}

function hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    // A key that cannot be read has issued nothing.
    return false;
  }
}

/** Whether two texts hold the same certificate, however they are written. */
export function sameCertificate(left: string | undefined, right: string | undefined): boolean {
  if (left === right) return true;
  const fingerprint = fingerprintOf(left);
  return fingerprint !== undefined && fingerprint === fingerprintOf(right);
}

function weakKey({ publicKey }: X509Certificate): string | undefined {
  const details = publicKey.asymmetricKeyDetails;
  switch (publicKey.asymmetricKeyType) {
    case "rsa":
    case "rsa-pss": {
      const bits = details?.modulusLength ?? 0;
      return bits >= SMALLEST_RSA_KEY
        ? undefined
        : `has an RSA key of ${bits} bits, which is too weak; at least ${SMALLEST_RSA_KEY} are needed`;
    }
    case "ec": {
      const curves: Record<string, number> = {
        prime256v1: 256,
        secp384r1: 384,
        secp521r1: 521,
        secp256k1: 256,
      };
      const bits = curves[details?.namedCurve ?? ""] ?? 0;
      return bits >= SMALLEST_CURVE_BITS
        ? undefined
        : `has a key on the curve ${details?.namedCurve ?? "unknown"}; use P-256, P-384 or P-521`;
    }
    case "ed25519":
    case "ed448":
      return undefined;
    default:
      return `has a key of the kind ${publicKey.asymmetricKeyType ?? "unknown"}; use RSA, EC or Ed25519`;
  }
}

const WEAK_SIGNATURES: Record<string, string> = {
  "1.2.840.113549.1.1.2": "MD2",
  "1.2.840.113549.1.1.3": "MD4",
  "1.2.840.113549.1.1.4": "MD5",
  "1.3.14.3.2.3": "MD5",
  "1.2.840.113549.1.1.5": "SHA-1",
  "1.3.14.3.2.29": "SHA-1",
  "1.2.840.10045.4.1": "SHA-1",
  "1.2.840.10040.4.3": "SHA-1",
};
const RSA_PSS = "1.2.840.113549.1.1.10";
/** The beginning of the parameters of RSA-PSS, in hex, where they name a hash of the family of SHA-256. Without a name it is SHA-1. */
const PSS_WITH_SHA2 = /^30(?:81)?..a0..30..06096086480165030402/;
const KEY_USAGE = "2.5.29.15";

function weakSignature({ signatureAlgorithm }: Content): string | undefined {
  const { algorithm, parameters } = signatureAlgorithm;
  const pssWithSha1 =
    algorithm === RSA_PSS &&
    !PSS_WITH_SHA2.test(Buffer.from(parameters ?? new ArrayBuffer(0)).toString("hex"));
  const weak = pssWithSha1 ? "SHA-1" : WEAK_SIGNATURES[algorithm];
  return weak && `is signed with ${weak}, which is broken; have the identity provider issue one with SHA-256`;
}

/** Whether the certificate leaves open, or says, that its key signs. Many say nothing. */
function maySign({ tbsCertificate: { extensions } }: Content): boolean {
  const { AsnConvert } = require("@peculiar/asn1-schema") as typeof import("@peculiar/asn1-schema");
  const { KeyUsage, KeyUsageFlags } = require("@peculiar/asn1-x509") as typeof import("@peculiar/asn1-x509");
  const usage = extensions?.find(({ extnID }) => extnID === KEY_USAGE);
  if (!usage) return true;
  const flags = AsnConvert.parse(usage.extnValue.buffer, KeyUsage).toNumber();
  return (flags & (KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation)) !== 0;
}

type Content = import("@peculiar/asn1-x509").Certificate;

function contentOf(certificate: X509Certificate): Content {
  // Loaded here because only a certificate needs it. Node itself does not tell how a certificate is signed, nor what for.
  const { AsnConvert } = require("@peculiar/asn1-schema") as typeof import("@peculiar/asn1-schema");
  const { Certificate } = require("@peculiar/asn1-x509") as typeof import("@peculiar/asn1-x509");
  return AsnConvert.parse(certificate.raw, Certificate);
}
