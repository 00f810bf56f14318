// What SsoConfig and SsoCredential refuse in their arguments alike.
import { type CheckFailure, type PureContext } from "../model/definition";
import { known } from "../model/unknown";
import { parseCertificate, refusalOf, sameCertificate } from "./certificate";

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
