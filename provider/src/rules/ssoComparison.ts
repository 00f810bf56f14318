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

/** What of an identity provider can be compared: a secret cannot be read back. */
export interface IdentityProvider {
  provider: "saml" | "oidc";
  ssoUrl?: string;
  clientId?: string;
  /** The certificate's fingerprint, or its text if it cannot be read. */
  certificateFingerprint?: string;
}

/** What of a configuration can be compared. */
export interface Comparable extends IdentityProvider {
  enabled: boolean;
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

/** The part of a configuration that says who lets people in. */
export function identityProviderIn({ enabled: _, ...identityProvider }: Comparable): IdentityProvider {
  return identityProvider;
}

/** The parts in which two configurations differ. */
export function differingParts(left: Comparable, right: Comparable): Part[] {
  return PARTS.filter((part) =>
    part === "enabled" ? left.enabled !== right.enabled : differs(part, left, right),
  );
}

/** The parts in which two identity providers differ. */
export function differingInIdentity(left: IdentityProvider, right: IdentityProvider): Part[] {
  return PARTS.filter((part) => part !== "enabled" && differs(part, left, right));
}

const PARTS = ["provider", "enabled", "ssoUrl", "clientId", "certificate"] as const satisfies Part[];

function differs(part: Exclude<Part, "enabled">, left: IdentityProvider, right: IdentityProvider): boolean {
  if (part === "ssoUrl") return !sameAddress(left.ssoUrl, right.ssoUrl);
  const key = part === "certificate" ? "certificateFingerprint" : part;
  return left[key] !== right[key];
}
