import { identityOf, type ParsedCertificate, parseCertificate } from "./certificate";
import { sameAddress } from "./signInUrl";

/** A configuration of single sign-on, wherever it comes from. */
export interface SsoValues {
  provider: "saml" | "oidc";
  enabled: boolean;
  ssoUrl?: string;
  clientId?: string;
  certificate?: string;
  clientSecret?: string;
}

/** What of a configuration can be compared: a secret cannot be read back. */
export interface Comparable {
  provider: "saml" | "oidc";
  enabled: boolean;
  ssoUrl?: string;
  clientId?: string;
  /** The certificate's fingerprint, or its text if it cannot be read. */
  certificateFingerprint?: string;
}

/** A configuration in the form that is decided on. Made once for each that an operation has to do with. */
export interface ParsedConfiguration<V extends SsoValues = SsoValues> {
  values: V;
  certificate: ParsedCertificate | undefined;
  comparable: Comparable;
}

/** A part of a configuration, by the name of its argument. */
export type Part = "provider" | "enabled" | "ssoUrl" | "clientId" | "certificate";

/**
 * Parses a configuration's certificate, and makes the form in which it is compared.
 *
 * @param alike - configurations that are parsed already: most have the same certificate, which is then not parsed again
 */
export function parseConfiguration<V extends SsoValues>(
  values: V,
  ...alike: (ParsedConfiguration | undefined)[]
): ParsedConfiguration<V> {
  const { provider, enabled, ssoUrl, clientId } = values;
  const certificate = parseCertificate(values.certificate, ...alike.map((each) => each?.certificate));
  return {
    values,
    certificate,
    comparable: {
      provider,
      enabled,
      ssoUrl,
      ...(provider === "saml" ? { certificateFingerprint: identityOf(certificate) } : { clientId }),
    },
  };
}

/** The parts in which two configurations differ. */
export function differingParts(left: Comparable, right: Comparable): Part[] {
  return (["provider", "enabled", "ssoUrl", "clientId", "certificateFingerprint"] as const)
    .filter((part) =>
      part === "ssoUrl" ? !sameAddress(left[part], right[part]) : left[part] !== right[part],
    )
    .map((part) => (part === "certificateFingerprint" ? "certificate" : part));
}
