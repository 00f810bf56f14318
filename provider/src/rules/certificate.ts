import { X509Certificate } from "node:crypto";
import { type Logger } from "../model/definition";
import { DAY } from "./rotation";

/** A certificate and everything that is decided from it. Created by {@link parseCertificate}. */
export type ParsedCertificate = {
  /** The text as given. */
  text: string;
  /** SHA-256, as 64 hexadecimal digits; absent if the text contains no readable certificate. */
  fingerprint?: string;
} & CertificateJudgement;

/** The facts of a usable certificate, or why it can never be used. The reason never contains the given text. */
type CertificateJudgement = { facts: CertificateFacts } | { problem: string };

export interface CertificateFacts {
  /** ISO 8601, UTC. */
  validFrom: string;
  /** ISO 8601, UTC. */
  expiresAt: string;
  /** The key usage does not allow signing: a certificate authority's certificate, or one for encryption. */
  notForSigning?: true;
}

const CERTIFICATE_BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const MIN_RSA_BITS = 2048;
const MIN_CURVE_BITS = 256;

/** PEM in its standard form: only the certificate, in lines of 64 characters. */
export function pemOf(base64: string): string {
  const lines = base64.replace(/\s+/g, "").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/**
 * Removes the text that tools write around a certificate, and their line endings. Software that verifies sign-ins may accept only the
 * standard form, and would fail only when people sign in.
 */
export function normalisePem(text: string): string {
  const block = text.match(CERTIFICATE_BLOCK)?.[0];
  if (block === undefined) return text;
  const alone = pemOf(block.replace(/-----[A-Z ]+-----/g, ""));
  return `${text}\n` === alone ? text : alone;
}

/**
 * Parses a certificate. All parsing of certificates goes through this function. It also computes the fingerprint of bare base64, the form
 * that identity providers show, because someone may have entered that on the Hub.
 *
 * @param alike - certificates that are already parsed; one with the same text is returned unchanged
 */
export function parseCertificate(
  text: string,
  ...alike: (ParsedCertificate | undefined)[]
): ParsedCertificate;
export function parseCertificate(
  text: string | undefined,
  ...alike: (ParsedCertificate | undefined)[]
): ParsedCertificate | undefined;
export function parseCertificate(
  text: string | undefined,
  ...alike: (ParsedCertificate | undefined)[]
): ParsedCertificate | undefined {
  if (typeof text !== "string") return undefined;
  const parsed = alike.find((each) => each?.text === text);
  if (parsed) return parsed;
  const blocks = text.match(CERTIFICATE_BLOCK) ?? [];
  const certificate = x509Of(blocks[0] ?? bareBase64(text));
  const fingerprint = certificate?.fingerprint256.replaceAll(":", "").toLowerCase();
  return {
    text,
    ...(fingerprint !== undefined && { fingerprint }),
    ...judge(text, blocks.length, certificate),
  };
}

function bareBase64(text: string): Buffer | undefined {
  return /^[A-Za-z0-9+/=\s]+$/.test(text) ? Buffer.from(text, "base64") : undefined;
}

function x509Of(encoded: string | Buffer | undefined): X509Certificate | undefined {
  try {
    return encoded === undefined ? undefined : new X509Certificate(encoded);
  } catch {
    return undefined;
  }
}

/** Checks everything except the dates. */
function judge(text: string, blocks: number, certificate: X509Certificate | undefined): CertificateJudgement {
  if (/PRIVATE KEY/.test(text)) {
    return {
      problem:
        "contains a private key, which must never leave the identity provider. Give only the certificate, and treat this key as leaked",
    };
  }
  if (blocks !== 1) {
    return {
      problem:
        blocks === 0
          ? 'is not a PEM certificate: it must begin with "-----BEGIN CERTIFICATE-----" and contain one certificate'
          : `contains ${blocks} certificates; give only the one that signs the identity provider's responses`,
    };
  }
  const unreadable = { problem: "is not an X.509 certificate: its contents cannot be read" };
  if (!certificate) return unreadable;
  try {
    const ofKey = weakKey(certificate);
    if (ofKey !== undefined) return { problem: ofKey };
    const content = contentOf(certificate);
    const ofSignature = weakSignature(content);
    if (ofSignature !== undefined) return { problem: ofSignature };
    return {
      facts: {
        validFrom: new Date(certificate.validFrom).toISOString(),
        expiresAt: new Date(certificate.validTo).toISOString(),
        ...(!maySign(content) && { notForSigning: true }),
      },
    };
  } catch {
    // A certificate may be readable except for its key, signature or dates.
    return unreadable;
  }
}

/** The SHA-256 fingerprint of a certificate, or `undefined` if it cannot be read. */
export function fingerprintOf(text: string | undefined): string | undefined {
  return parseCertificate(text)?.fingerprint;
}

/** The value that is compared instead of a certificate: its fingerprint, or its text if it cannot be read. */
export function identityOf(certificate: ParsedCertificate | undefined): string | undefined {
  return certificate?.fingerprint ?? certificate?.text;
}

/** Whether two texts contain the same certificate, in any format. */
export function sameCertificate(
  left: ParsedCertificate | undefined,
  right: ParsedCertificate | undefined,
): boolean {
  return identityOf(left) === identityOf(right);
}

/** The outputs that describe a certificate. */
export function certificateOutputs(certificate: ParsedCertificate | undefined): {
  certificateExpiresAt: string | undefined;
  certificateFingerprint: string | undefined;
} {
  return {
    certificateExpiresAt: certificate && "facts" in certificate ? certificate.facts.expiresAt : undefined,
    certificateFingerprint: certificate?.fingerprint,
  };
}

/** Why the certificate cannot be used at the given time, or `undefined`. */
export function dateProblem(facts: CertificateFacts, now: Date): string | undefined {
  if (Date.parse(facts.expiresAt) <= now.getTime()) {
    return `expired at ${facts.expiresAt}. No one could sign in with it; give the identity provider's current certificate`;
  }
  if (Date.parse(facts.validFrom) > now.getTime()) {
    return `is not valid before ${facts.validFrom}. No one could sign in until then; give a certificate that is valid now`;
  }
  return undefined;
}

/** How a declared certificate is used. */
export interface CertificateUse {
  now: Date;
  log: Logger;
  /** Number of days before expiry from which to warn; absent if not known yet. */
  warnBeforeDays: number | undefined;
  /** Whether it is about to be sent or to take effect. A certificate that is already in use may stay, with a warning. */
  aboutToCount: boolean;
}

/** Why a declared certificate is refused, or `undefined`. Warns if it expires soon, or has expired and stays in use. */
export function refusalOf(
  certificate: ParsedCertificate,
  { now, log, warnBeforeDays, aboutToCount }: CertificateUse,
): string | undefined {
  if ("problem" in certificate) return certificate.problem;
  const { facts } = certificate;
  const problem = dateProblem(facts, now);
  const left = daysLeft(facts, now);
  if (aboutToCount && facts.notForSigning) {
    log.warn(
      "the key usage of the certificate does not allow signing, so it may be for encryption or belong to a certificate authority. If the " +
        "identity provider signs with another certificate, no one can sign in: make sure that this is the one that signs its responses.",
    );
  }
  if (problem) {
    if (aboutToCount) return problem;
    log.warn(`the certificate ${problem}.`);
  } else if (warnBeforeDays !== undefined && left <= warnBeforeDays) {
    log.warn(
      `the certificate expires in ${left} day(s), at ${facts.expiresAt}. After that no one can sign in: get the identity provider's next certificate.`,
    );
  }
  return undefined;
}

/** Whole days until the certificate expires; negative if it has expired. */
export function daysLeft(facts: CertificateFacts, now: Date): number {
  return Math.floor((Date.parse(facts.expiresAt) - now.getTime()) / DAY);
}

/**
 * Drops the issuers from the certificates that are given for one key. An identity provider may publish the chain up to a certificate
 * authority, and the authority's certificate does not sign its responses.
 */
export function withoutIssuers(pems: readonly string[]): string[] {
  if (pems.length < 2) return [...pems];
  const certificates = pems.map((pem) => new X509Certificate(pem));
  // A certificate and its renewal may have the same name and key, although neither issued the other.
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
    // An unreadable key cannot have issued anything.
    return false;
  }
}

function weakKey({ publicKey }: X509Certificate): string | undefined {
  const details = publicKey.asymmetricKeyDetails;
  switch (publicKey.asymmetricKeyType) {
    case "rsa":
    case "rsa-pss": {
      const bits = details?.modulusLength ?? 0;
      return bits >= MIN_RSA_BITS
        ? undefined
        : `has an RSA key of ${bits} bits, which is too weak; use at least ${MIN_RSA_BITS} bits`;
    }
    case "ec": {
      const curves: Record<string, number> = {
        prime256v1: 256,
        secp384r1: 384,
        secp521r1: 521,
        secp256k1: 256,
      };
      const bits = curves[details?.namedCurve ?? ""] ?? 0;
      return bits >= MIN_CURVE_BITS
        ? undefined
        : `has a key on the curve ${details?.namedCurve ?? "unknown"}; use P-256, P-384 or P-521`;
    }
    case "ed25519":
    case "ed448":
      return undefined;
    default:
      return `has a key of type ${publicKey.asymmetricKeyType ?? "unknown"}; use RSA, EC or Ed25519`;
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
/** The start of RSA-PSS parameters, in hex, that name a hash of the SHA-2 family. Without a name, the hash is SHA-1. */
const PSS_WITH_SHA2 = /^30(?:81)?..a0..30..06096086480165030402/;
const KEY_USAGE = "2.5.29.15";

function weakSignature({ signatureAlgorithm }: Content): string | undefined {
  const { algorithm, parameters } = signatureAlgorithm;
  const pssWithSha1 =
    algorithm === RSA_PSS &&
    !PSS_WITH_SHA2.test(Buffer.from(parameters ?? new ArrayBuffer(0)).toString("hex"));
  const weak = pssWithSha1 ? "SHA-1" : WEAK_SIGNATURES[algorithm];
  return (
    weak &&
    `is signed with ${weak}, which is broken; configure the identity provider to issue one that is signed with SHA-256`
  );
}

/** Whether the key usage allows signing. Many certificates have no key usage, which allows everything. */
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
  // Loaded here because only certificates need it. Node.js does not expose the signature algorithm or the key usage.
  const { AsnConvert } = require("@peculiar/asn1-schema") as typeof import("@peculiar/asn1-schema");
  const { Certificate } = require("@peculiar/asn1-x509") as typeof import("@peculiar/asn1-x509");
  return AsnConvert.parse(certificate.raw, Certificate);
}
