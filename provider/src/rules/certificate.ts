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
}

/** A certificate that can be used, or why it cannot; the reason never holds what was given. */
export type CertificateReading = { facts: CertificateFacts } | { problem: string };

const CERTIFICATE_BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const SMALLEST_RSA_KEY = 2048;
const SMALLEST_CURVE_BITS = 256;

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
    const weakness = weakKey(certificate) ?? weakSignature(certificate);
    if (weakness) return { problem: weakness };
    return {
      facts: {
        validFrom: new Date(certificate.validFrom).toISOString(),
        expiresAt: new Date(certificate.validTo).toISOString(),
        fingerprint: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
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
  "1.2.840.113549.1.1.4": "MD5",
  "1.2.840.113549.1.1.5": "SHA-1",
  "1.2.840.10045.4.1": "SHA-1",
  "1.2.840.10040.4.3": "SHA-1",
};

function weakSignature(certificate: X509Certificate): string | undefined {
  // Loaded here because only a certificate needs it. Node itself does not tell how a certificate is signed.
  const { AsnConvert } = require("@peculiar/asn1-schema") as typeof import("@peculiar/asn1-schema");
  const { Certificate } = require("@peculiar/asn1-x509") as typeof import("@peculiar/asn1-x509");
  const { algorithm } = AsnConvert.parse(certificate.raw, Certificate).signatureAlgorithm;
  const weak = WEAK_SIGNATURES[algorithm];
  return weak && `is signed with ${weak}, which is broken; have the identity provider issue one with SHA-256`;
}
