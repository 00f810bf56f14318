// The state of a configuration.
import { type Properties, sameData, withoutKeys } from "../../model/plain";
import { certificateOutputs, sameCertificate } from "../../rules/certificate";
import { CERTIFICATE_SENT } from "../../rules/identityProvider";
import { fingerprint, type Heard, settled, stillOpen } from "../../rules/intent";
import { sameAddress } from "../../rules/signInUrl";
import { type Comparable, differingInIdentity, identityProviderIn } from "../../rules/ssoComparison";
import { type Current, type Decision, type Declared, heldOf, type Remembered } from "./decisions";
import { type Facets, type SsoConfigInputs, type SsoConfigState } from "./model";

/** A configuration by its facets. */
export function facetsOf(comparable: Comparable): Facets {
  return { enabled: comparable.enabled, identityProvider: identityProviderIn(comparable) };
}

/** The state after the Hub has the declared configuration. */
export function settledState(
  { values, certificate, comparable }: Declared,
  heard: Heard,
  appliedAt?: string,
): SsoConfigState {
  return {
    ...values,
    ...certificateOutputs(certificate),
    applied: facetsOf(comparable),
    heard,
    appliedAt,
    lastCertificate: comparable.certificateFingerprint,
  };
}

/** Whether a run applies something that the last run did not. */
export function isApplied(declared: Declared, decision: Decision, applied: Facets | undefined): boolean {
  return Object.keys(decision.update).length > 0 || !sameData(facetsOf(declared.comparable), applied);
}

/** The outcome of a failed update. */
export interface Failure {
  /** The configuration that the Hub has afterwards. */
  held: Comparable | undefined;
  /** Whether the update may have arrived, or may still arrive. */
  isLost: boolean;
  /** Whether the client secret on the Hub may have changed. */
  secretIsUnknown: boolean;
}

/** The state after a failed update: the program's arguments, and what the run has seen and tried. */
export function unfinishedState(
  { values, comparable }: Declared,
  state: SsoConfigState,
  { kept }: Decision,
  { held, isLost, secretIsUnknown }: Failure,
): SsoConfigState {
  return {
    ...values,
    clientSecret: secretIsUnknown ? undefined : state.clientSecret,
    // The next check chooses a certificate from the metadata. For it, a reason stays new until it has taken effect.
    acknowledgeOverwrite: state.acknowledgeOverwrite,
    certificateExpiresAt: state.certificateExpiresAt,
    certificateFingerprint: state.certificateFingerprint,
    ...kept,
    // This run has already settled what earlier runs tried.
    tried: isLost ? facetsOf(comparable) : undefined,
    ...(held ? { seen: held } : { missing: true }),
    appliedAt: state.appliedAt,
    lastCertificate: state.lastCertificate,
  };
}

/** The state after a refresh that found a configuration. */
export function foundState(
  found: Declared,
  current: Current,
  state: SsoConfigState | undefined,
): SsoConfigState {
  const { heard, appliedAt, lastCertificate } = state ?? {
    lastCertificate: current.comparable.certificateFingerprint,
  };
  return {
    ...found.values,
    ...certificateOutputs(found.certificate),
    ...(state ? settledAttempt(state, current.comparable) : { applied: facetsOf(current.comparable) }),
    ...{ heard: stillOpen(heard, () => [heldOf(current.comparable)]), appliedAt, lastCertificate },
  };
}

/**
 * Settles values that were sent without a response. If the Hub has them now, they count as applied; if not, they are dropped, because
 * someone else may set them later.
 */
function settledAttempt(
  { applied, tried, missing, unreported }: SsoConfigState,
  current: Comparable,
): Pick<SsoConfigState, "applied" | "unreported"> {
  const { enabled, identityProvider } = facetsOf(current);
  const arrived =
    tried?.identityProvider !== undefined &&
    identityProvider !== undefined &&
    differingInIdentity(tried.identityProvider, identityProvider).length === 0;
  // Only a run of the program reports a new configuration that replaced a deleted one; a refresh does not.
  if ((missing || unreported) && !arrived) return { unreported: true };
  // guard: settled-sso-attempt
  if (!tried) return { applied };
  return {
    applied: {
      enabled: tried.enabled === enabled ? enabled : applied?.enabled,
      identityProvider: arrived ? identityProvider : applied?.identityProvider,
    },
  };
}

/** The state after a refresh that found no configuration: nothing counts as applied any more, and no reason is open. */
export function missingState(state: SsoConfigState): SsoConfigState {
  const { applied: _applied, tried: _tried, seen: _seen, unreported: _unreported, ...others } = state;
  return { ...others, enabled: false, missing: true, ...(state.heard && { heard: settled(state.heard) }) };
}

/** Migrates a state of version 1. */
export function migrate(outputs: Properties): Properties {
  const { applied } = outputs;
  if (typeof applied !== "object" || applied === null) return outputs;
  const { reason, enabled, ...identityProvider } = applied as Properties;
  const seen = [reason, outputs["acknowledgeOverwrite"]].flatMap((each) => fingerprint(each) ?? []);
  return {
    ...withoutKeys(outputs, ["applied"]),
    ...(outputs["missing"] !== true && { applied: { enabled, identityProvider } }),
    heard: { seen: [...new Set(seen)] },
    lastCertificate: identityProvider["certificateFingerprint"],
  };
}

/** The arguments that describe the Hub's configuration, in the program's notation if it means the same. */
export function observedInputs(
  organization: string,
  current: Current,
  remembered: Remembered | undefined,
): SsoConfigInputs {
  const { provider, enabled, ssoUrl, certificate, clientId } = current.values;
  const state = remembered?.values;
  const sameAsRemembered = sameCertificate(remembered?.certificate, current.certificate);
  return {
    organization,
    provider,
    enabled,
    ssoUrl: state && sameAddress(state.ssoUrl, ssoUrl) ? state.ssoUrl : (ssoUrl ?? ""),
    ...(provider === "saml"
      ? { certificate: sameAsRemembered ? state?.certificate : certificate, metadataUrl: state?.metadataUrl }
      : { clientId, clientSecret: state?.clientSecret }),
    verifyIssuer: state?.verifyIssuer ?? true,
    warnBeforeDays: state?.warnBeforeDays ?? 30,
    adopt: state?.adopt ?? false,
    acknowledgeOverwrite: state?.acknowledgeOverwrite,
    onDestroy: state?.onDestroy ?? "retain",
  };
}

/** For the next check: the certificate that the program had sent, if someone changed it. */
export function certificateSent(
  state: SsoConfigState | undefined,
  found: Declared | Remembered,
): { [CERTIFICATE_SENT]?: string } {
  const sent = state?.lastCertificate;
  return sent === undefined || sent === found.certificate?.fingerprint ? {} : { [CERTIFICATE_SENT]: sent };
}
