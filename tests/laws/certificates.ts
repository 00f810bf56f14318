// Two certificates with short names, to keep printed histories readable.
import { fixedCertificates } from "../rules/fixedCertificates";

/** PEM, valid from November 2026 for a hundred years. */
export const CERTIFICATES = [fixedCertificates.p384, fixedCertificates.p521] as const;

/** The certificate's short name. White space around the PEM text is ignored. */
export function nameOfCertificate(pem: unknown): string {
  const index = CERTIFICATES.findIndex((each) => each.trim() === String(pem).trim());
  return index < 0 ? "another certificate" : `certificate ${index + 1}`;
}

/** The certificate with this short name. */
export function certificateNamed(name: string): string | undefined {
  return CERTIFICATES.find((pem) => nameOfCertificate(pem) === name);
}
