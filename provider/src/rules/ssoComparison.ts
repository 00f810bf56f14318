import { identityOf, type ParsedCertificate, parseCertificate } from "./certificate";
import { sameAddress } from "./signInUrl";

/** A single sign-on configuration from any source: the program, the state or the Hub. */
export interface SsoValues {
  provider: "saml" | "oidc";
  enabled: boolean;
  ssoUrl?: string;
  clientId?: string;
  certificate?: string;
  clientSecret?: string;
}

/** The parts of an identity provider that can be compared. A secret cannot be read back. */
export interface IdentityProvider {
  provider: "saml" | "oidc";
  ssoUrl?: string;
  clientId?: string;
  /** The certificate's fingerprint, or its text if it cannot be read. */
  certificateFingerprint?: string;
}

/** The parts of a configuration that can be compared. */
export interface Comparable extends IdentityProvider {
  enabled: boolean;
}

/** A configuration in the form that decisions use. An operation parses each configuration once. */
export interface ParsedConfiguration<V extends SsoValues = SsoValues> {
  values: V;
  certificate: ParsedCertificate | undefined;
  comparable: Comparable;
}

/** A part of a configuration, named like its argument. */
export type Part = "provider" | "enabled" | "ssoUrl" | "clientId" | "certificate";

/**
 * Parses a configuration's certificate and builds the form that is compared.
 *
 * @param alike - configurations that are already parsed. Most have the same certificate, which is then not parsed again
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

/** The identity provider in a configuration. */
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
