import { type SsoCredentialUpdate } from "../../client";
import { type CheckFailure, type DiffResult, type PureContext } from "../../model/definition";
import { diffOf } from "../../model/diff";
import { sameName } from "../../model/plain";
import { isUnknown, known } from "../../model/unknown";
import {
  certificateOutputs,
  normalisePem,
  type ParsedCertificate,
  parseCertificate,
  sameCertificate,
} from "../../rules/certificate";
import { metadataXmlProblem } from "../../rules/identityProvider";
import { signInUrlProblem } from "../../rules/signInUrl";
import {
  certificateFailures,
  hasChanged,
  renewedCertificateOutputs,
  unprinted,
} from "../../rules/ssoArguments";
import { type SsoCredentialInputs, type SsoCredentialState } from "./model";

/** A credential with its certificate parsed. */
export interface ParsedCredential<V extends SsoCredentialInputs = SsoCredentialInputs> {
  values: V;
  certificate: ParsedCertificate | undefined;
}

/** @param alike - a credential that is already parsed: the same certificate is not parsed again */
export function parseCredential<V extends SsoCredentialInputs>(
  values: V,
  alike?: ParsedCredential,
): ParsedCredential<V> {
  return { values, certificate: parseCertificate(values.certificate, alike?.certificate) };
}

/** Checks the arguments. */
export function argumentFailures(
  inputs: SsoCredentialInputs,
  previous: SsoCredentialInputs | undefined,
  context: PureContext,
): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const { metadataXml, clientSecret } = inputs;
  const hasCertificate = inputs.certificate !== undefined || metadataXml !== undefined;
  if ((clientSecret === undefined) !== hasCertificate) {
    failures.push({
      property: "",
      reason: "give either clientSecret (OIDC), or certificate or metadataXml (SAML)",
    });
  }
  failures.push(
    ...unprinted("metadataXml", metadataXmlProblem(inputs)),
    ...unprinted("metadataUrl", metadataUrlProblem(inputs)),
  );
  const inPlace = sameName(previous?.organization, inputs.organization) ? previous : undefined;
  // An imported state has no credential, so the current one is as unknown as before a creation.
  const isKnown = inPlace !== undefined && hasCredential(inPlace);
  if (!isKnown && inputs.replaceExisting !== true && !isUnknown(inputs.replaceExisting)) {
    failures.push({
      property: "replaceExisting",
      reason:
        "must be true: the Hub does not show the organization's current credential, so the first `pulumi up` overwrites an unknown one",
    });
  }
  return [...failures, ...certificateFailures(inputs, inPlace, false, context)];
}

function metadataUrlProblem({ metadataUrl, clientSecret }: SsoCredentialInputs): string | undefined {
  if (metadataUrl !== undefined && clientSecret !== undefined) {
    return "is only for a certificate; leave it out";
  }
  const url = known(metadataUrl);
  return url === undefined ? undefined : signInUrlProblem(url);
}

/** Whether the state has the credential. */
export function hasCredential({ clientSecret, certificate }: SsoCredentialInputs): boolean {
  return (clientSecret ?? certificate) !== undefined;
}

/** What an update would change in the state. */
export function decidePreview(
  declared: ParsedCredential,
  remembered: ParsedCredential<SsoCredentialState>,
  changed: string[],
  definition: { replaceOn: readonly string[] },
): DiffResult {
  if (!hasChanged(changed, declared, remembered)) return diffOf(definition, []);
  return { ...diffOf(definition, changed), renews: renewedCertificateOutputs(declared, remembered) };
}

/** The update to send: a credential that the state does not have; otherwise nothing. */
export function updateFor(
  declared: ParsedCredential,
  remembered: ParsedCredential | undefined,
): SsoCredentialUpdate | undefined {
  const { clientSecret, certificate } = declared.values;
  const isSame =
    remembered !== undefined &&
    clientSecret === remembered.values.clientSecret &&
    sameCertificate(declared.certificate, remembered.certificate);
  if (isSame) return undefined;
  if (clientSecret !== undefined) return { clientSecret };
  return certificate === undefined ? undefined : { certificate: normalisePem(certificate) };
}

/** Builds the state. All states come from here. */
export function toState({ values, certificate }: ParsedCredential): SsoCredentialState {
  return { ...values, ...certificateOutputs(certificate) };
}
