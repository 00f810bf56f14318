import { fingerprintOf } from "./certificate";
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
  provider: string;
  enabled: boolean;
  ssoUrl?: string;
  clientId?: string;
  certificateFingerprint?: string;
}

/** A part of a configuration, by the name of its argument. */
export type Part = "provider" | "enabled" | "ssoUrl" | "clientId" | "certificate";

/** A configuration in the form in which two can be compared. */
export function comparable(settings: SsoValues): Comparable {
  return {
    provider: settings.provider,
    enabled: settings.enabled,
    ssoUrl: settings.ssoUrl,
    ...(settings.provider === "saml"
      ? { certificateFingerprint: fingerprintOf(settings.certificate) ?? settings.certificate }
      : { clientId: settings.clientId }),
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
