// The argument checks that SsoConfig and SsoCredential share.
import { type CheckFailure, type PureContext } from "../model/definition";
import { isUnknown, known } from "../model/unknown";
import {
  certificateOutputs,
  type ParsedCertificate,
  parseCertificate,
  refusalOf,
  sameCertificate,
} from "./certificate";

/** The failure of an argument whose value may be secret. Without `property`, the engine does not print the value. */
export function unprinted(property: string, problem: string | undefined): CheckFailure[] {
  return problem === undefined ? [] : [{ property: "", reason: `${property}: ${problem}` }];
}

/** A certificate as an argument. */
export interface DeclaredCertificate {
  certificate?: string;
  warnBeforeDays: number;
}

/**
 * Why the declared certificate is refused. It is checked as soon as it is known.
 *
 * @param previous - the current arguments; an unchanged certificate may stay, even if no one can sign in with it
 * @param takesEffect - whether people start to sign in with it now, even if it is unchanged
 */
export function certificateFailures(
  declared: DeclaredCertificate,
  previous: Pick<DeclaredCertificate, "certificate"> | undefined,
  takesEffect: boolean,
  { now, log }: PureContext,
): CheckFailure[] {
  const certificate = parseCertificate(known(declared.certificate));
  if (!certificate) return [];
  const isNew = !sameCertificate(parseCertificate(previous?.certificate, certificate), certificate);
  const refusal = refusalOf(certificate, {
    now,
    log,
    warnBeforeDays: known(declared.warnBeforeDays),
    aboutToCount: isNew || takesEffect,
  });
  return unprinted("certificate", refusal);
}

/** A parsed certificate with its arguments, or with the state that has its outputs. */
export interface WithCertificate<V> {
  values: V;
  certificate: ParsedCertificate | undefined;
}

/** Whether any argument has changed. A certificate with other line breaks is unchanged. */
export function hasChanged(
  changed: readonly string[],
  declared: WithCertificate<unknown>,
  remembered: WithCertificate<unknown>,
): boolean {
  return changed.some(
    (property) =>
      property !== "certificate" || !sameCertificate(remembered.certificate, declared.certificate),
  );
}

/** The certificate outputs that an update changes. */
export function renewedCertificateOutputs(
  declared: WithCertificate<{ certificate?: string }>,
  { values }: WithCertificate<{ certificateExpiresAt?: string; certificateFingerprint?: string }>,
): string[] {
  const next = certificateOutputs(declared.certificate);
  const unknownCertificate = isUnknown(declared.values.certificate);
  return (["certificateExpiresAt", "certificateFingerprint"] as const).filter(
    (output) => unknownCertificate || next[output] !== values[output],
  );
}
