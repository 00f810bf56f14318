// What SsoConfig and SsoCredential do alike with their arguments.
import { type CheckFailure, type PureContext } from "../model/definition";
import { isUnknown, known } from "../model/unknown";
import {
  certificateOutputs,
  type ParsedCertificate,
  parseCertificate,
  refusalOf,
  sameCertificate,
} from "./certificate";

/** The failure of an argument whose value may hold a secret: with its property, the engine would print it. */
export function unprinted(property: string, problem: string | undefined): CheckFailure[] {
  return problem === undefined ? [] : [{ property: "", reason: `${property}: ${problem}` }];
}

/** A certificate in its place. */
export interface DeclaredCertificate {
  certificate?: string;
  warnBeforeDays: number;
}

/**
 * Why the declared certificate is refused, as soon as it is known.
 *
 * @param previous - what is in its place now; one that is the same may stay, although no one could sign in with it
 * @param takesEffect - whether people begin to sign in with it, even if it is the same
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

/** A certificate with the arguments that it is in, or the state that has its outputs. */
export interface WithCertificate<V> {
  values: V;
  certificate: ParsedCertificate | undefined;
}

/** Whether an argument differs in more than the line breaks of the same certificate. */
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

/** The outputs about the certificate that an update renews. */
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
