// What is kept of a configuration, and how it comes about.
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

/** What is kept once the Hub has what is declared. */
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

/** Whether a run brings something about that is not what the last one did. */
export function isApplied(declared: Declared, decision: Decision, applied: Facets | undefined): boolean {
  return Object.keys(decision.update).length > 0 || !sameData(facetsOf(declared.comparable), applied);
}

/** What became of an update that has failed. */
export interface Failure {
  /** What the Hub has after it. */
  held: Comparable | undefined;
  /** Whether what was sent may have arrived, or may still arrive. */
  isLost: boolean;
  /** Whether the Hub may have another client secret than before. */
  secretIsUnknown: boolean;
}

/** What is kept of an update that has failed: the arguments of the program, and what the run has seen, heard and tried. */
export function unfinishedState(
  { values, comparable }: Declared,
  state: SsoConfigState,
  { kept }: Decision,
  { held, isLost, secretIsUnknown }: Failure,
): SsoConfigState {
  return {
    ...values,
    clientSecret: secretIsUnknown ? undefined : state.clientSecret,
    // To the next check, which chooses a certificate of the metadata, a reason stays new until it has done its work.
    acknowledgeOverwrite: state.acknowledgeOverwrite,
    certificateExpiresAt: state.certificateExpiresAt,
    certificateFingerprint: state.certificateFingerprint,
    ...kept,
    // What was tried before was seen by this run, as applied or as not there.
    tried: isLost ? facetsOf(comparable) : undefined,
    ...(held ? { seen: held } : { missing: true }),
    appliedAt: state.appliedAt,
    lastCertificate: state.lastCertificate,
  };
}

/** What is kept after a refresh has found a configuration. */
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
 * What was tried and is there now counts as applied. What is seen not to be there is forgotten: if it is there later, someone may have put
 * it there.
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
  // A refresh is not a run of the program: what has taken the place of one that was gone is still to be reported.
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

/** What is kept after a refresh has found nothing: nothing counts as applied any more, and no reason is open. */
export function missingState(state: SsoConfigState): SsoConfigState {
  const { applied: _applied, tried: _tried, seen: _seen, unreported: _unreported, ...others } = state;
  return { ...others, enabled: false, missing: true, ...(state.heard && { heard: settled(state.heard) }) };
}

/** Brings what version 1 kept up to date. */
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

/** What the program would have to say to mean what is on the Hub, in its own words if they mean the same. */
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

/** What the next check has to know of a certificate that someone changed: which one the program had sent. */
export function certificateSent(
  state: SsoConfigState | undefined,
  found: Declared | Remembered,
): { [CERTIFICATE_SENT]?: string } {
  const sent = state?.lastCertificate;
  return sent === undefined || sent === found.certificate?.fingerprint ? {} : { [CERTIFICATE_SENT]: sent };
}
