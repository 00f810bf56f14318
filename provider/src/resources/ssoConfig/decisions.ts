import { type SsoSettings, type SsoUpdate } from "../../client";
import { type CheckFailure, type DiffResult, type PureContext } from "../../model/definition";
import { diffOf } from "../../model/diff";
import { sameData } from "../../model/plain";
import { containsUnknown, known } from "../../model/unknown";
import { certificateOutputs, dateProblem, normalisePem, sameCertificate } from "../../rules/certificate";
import { CERTIFICATE_SENT, metadataXmlProblem } from "../../rules/identityProvider";
import { issuerProblem, sameAddress, signInUrlProblem } from "../../rules/signInUrl";
import {
  certificateFailures,
  hasChanged,
  renewedCertificateOutputs,
  unprinted,
} from "../../rules/ssoArguments";
import { differingParts, type ParsedConfiguration, type Part } from "../../rules/ssoComparison";
import { type SsoConfigInputs, type SsoConfigState } from "./model";

/** What the program declares. */
export type Declared = ParsedConfiguration<SsoConfigInputs>;
/** What the state has, as of the last run or refresh. */
export type Remembered = ParsedConfiguration<SsoConfigState>;
/** What the Hub has now. */
export type Current = ParsedConfiguration<SsoSettings>;

// --- Arguments ---------------------------------------------------------------------------------------------------

const BELONGS_TO = {
  saml: { needed: ["ssoUrl", "certificate"], refused: ["clientId", "clientSecret"] },
  oidc: {
    needed: ["ssoUrl", "clientId", "clientSecret"],
    refused: ["certificate", "metadataXml", "metadataUrl"],
  },
} as const;

/** Rules between the arguments, and about what they say. Warns of what the program should know before an update. */
export function argumentFailures(
  inputs: SsoConfigInputs,
  previous: SsoConfigInputs | undefined,
  context: PureContext,
): CheckFailure[] {
  const provider = known(inputs.provider);
  const ssoUrl = known(inputs.ssoUrl);
  const metadataUrl = known(inputs.metadataUrl);
  const judge = provider === "oidc" ? issuerProblem : signInUrlProblem;
  const failures = [
    ...(provider ? protocolFailures(inputs, provider) : []),
    ...unprinted("ssoUrl", ssoUrl === undefined ? undefined : judge(ssoUrl)),
    ...unprinted("metadataUrl", metadataUrl === undefined ? undefined : signInUrlProblem(metadataUrl)),
  ];
  if (provider !== "oidc") {
    const isInPlace =
      previous?.organization === inputs.organization && previous?.provider === inputs.provider;
    const isTurnedOn = inputs.enabled && previous?.enabled === false;
    failures.push(
      ...unprinted("metadataXml", metadataXmlProblem(inputs)),
      ...certificateFailures(inputs, isInPlace ? previous : undefined, isTurnedOn, context),
    );
  }
  if (replacesUnknownSecret(inputs, previous)) {
    context.log.warn(
      "the client secret that is in force is not known here and cannot be read back: once it is replaced, the configuration before " +
        "cannot be restored.",
    );
  }
  return failures;
}

function protocolFailures(inputs: SsoConfigInputs, provider: "saml" | "oidc"): CheckFailure[] {
  const { needed, refused } = BELONGS_TO[provider];
  const other = provider === "saml" ? "oidc" : "saml";
  return [
    ...needed
      // What is wrong with metadata that stands for it is a failure of its own.
      .filter((property) => inputs[property] === undefined && inputs.metadataXml === undefined)
      .map((property) => ({
        property,
        reason: `is required with provider "${provider}"${provider === "saml" ? ", unless metadataXml is given" : ""}`,
      })),
    ...refused
      .filter((property) => inputs[property] !== undefined)
      .flatMap((property) =>
        unprinted(property, `belongs to provider "${other}"; leave it out, or change provider`),
      ),
  ];
}

/** Asked in the preview, when there is still time to write the secret down. */
function replacesUnknownSecret(inputs: SsoConfigInputs, previous: SsoConfigInputs | undefined): boolean {
  if (previous?.provider !== "oidc" || previous.clientSecret !== undefined) return false;
  return inputs.provider !== "oidc" || inputs.clientSecret !== undefined;
}

// --- Creation, update --------------------------------------------------------------------------------------------

/** What a creation sends, or why it sends nothing. */
export type CreationDecision =
  | { kind: "refuse"; reason: string }
  /** `takesOver`: a configuration is there that the state does not have. */
  | { kind: "send"; update: SsoUpdate; takesOver: boolean };

/** What an update sends, or why it sends nothing; and what someone changed on the Hub since the last one. */
export type UpdateDecision = { changedOnHub: Part[] } & (
  { kind: "refuse"; reason: string } | { kind: "send"; update: SsoUpdate }
);

/** Never overwrites a different configuration, unless the program adopts it. */
export function decideCreation(declared: Declared, current: Current | undefined): CreationDecision {
  const { organization, adopt } = declared.values;
  const differing = current ? differingParts(current.comparable, declared.comparable) : [];
  if (differing.length > 0 && !adopt) {
    return {
      kind: "refuse",
      reason:
        `The organization ${organization} already has single sign-on configured, and it differs from the program in ` +
        `${differing.join(", ")}. It was not overwritten. Look at what is there; to overwrite it, set adopt to true in the arguments of this SsoConfig ` +
        "(in the examples: `pulumi config set adopt true`), and run `pulumi up` again.",
    };
  }
  const takesOver = differing.length > 0 || current?.values.provider === "oidc";
  return { kind: "send", takesOver, update: updateFor(declared, current, undefined) };
}

/**
 * Never reverts what someone changed on the Hub, unless the program changed there, or gives a new reason.
 *
 * @param current - in a preview, what the last refresh found
 */
export function decideUpdate(
  declared: Declared,
  remembered: Remembered,
  current: Current | Remembered | undefined,
): UpdateDecision {
  const { applied } = remembered.values;
  const unwanted = current ? differingParts(current.comparable, declared.comparable) : [];
  // What is there as the program wants it is no one's change: the answer to an update may have been lost.
  const changedOnHub = current
    ? differingParts(current.comparable, applied).filter((part) => unwanted.includes(part))
    : [];
  const reason =
    refusalToTurnOff(declared, applied, changedOnHub) ?? refusalToRevert(declared, applied, changedOnHub);
  if (reason !== undefined) return { kind: "refuse", changedOnHub, reason };
  return { kind: "send", changedOnHub, update: updateFor(declared, current, remembered) };
}

function refusalToTurnOff(
  { values }: Declared,
  applied: SsoConfigState["applied"],
  changedOnHub: readonly Part[],
): string | undefined {
  if (!changedOnHub.includes("enabled") || values.enabled || applied.enabled) return undefined;
  return (
    `Single sign-on of ${values.organization} was turned on on the Hub since, and the program has not changed there. It is not turned ` +
    "off again automatically. Declare enabled: true; to turn it off, declare enabled: false in a later `pulumi up`."
  );
}

/** To turn single sign-on on again needs no permission: that only tightens. */
function refusalToRevert(
  { values, comparable }: Declared,
  applied: SsoConfigState["applied"],
  changedOnHub: readonly Part[],
): string | undefined {
  const { acknowledgeOverwrite, organization } = values;
  if (acknowledgeOverwrite !== undefined && acknowledgeOverwrite !== applied.reason) return undefined;
  const changedByProgram = differingParts(applied, comparable);
  const parts = changedOnHub.filter((part) => part !== "enabled" && !changedByProgram.includes(part));
  if (parts.length === 0) return undefined;
  return (
    `Someone changed ${parts.join(", ")} of the single sign-on of ${organization} on the Hub, and the program has not changed there. ` +
    "It was not reverted automatically because people may rely on it to sign in; nothing was sent. Declare what is on the Hub now, or " +
    "give a new reason in acknowledgeOverwrite to restore what the program says."
  );
}

/** What differs from what the Hub has, and a secret that is new; nothing if nothing does. */
function updateFor(
  { values, comparable }: Declared,
  current: Current | Remembered | undefined,
  remembered: Remembered | undefined,
): SsoUpdate {
  const { provider, enabled, ssoUrl, clientId, clientSecret } = values;
  const certificate = values.certificate === undefined ? undefined : normalisePem(values.certificate);
  const secret = clientSecret === undefined ? {} : { clientSecret };
  if (current?.values.provider !== provider) {
    return {
      provider,
      enabled,
      ssoUrl,
      ...(provider === "saml" ? { certificate } : { clientId, ...secret }),
    };
  }
  const differing = differingParts(current.comparable, comparable);
  const changed = <P extends Part>(part: P, value: SsoUpdate[P]): Pick<SsoUpdate, P> | undefined =>
    differing.includes(part) ? ({ [part]: value } as Pick<SsoUpdate, P>) : undefined;
  // An issuer is compared letter by letter when people sign in, so a correction of its writing has to arrive.
  const rewritten =
    remembered !== undefined && remembered.values.ssoUrl !== ssoUrl && current.values.ssoUrl !== ssoUrl;
  return {
    ...changed("enabled", enabled),
    ...(rewritten ? { ssoUrl } : changed("ssoUrl", ssoUrl)),
    ...changed("certificate", certificate),
    ...changed("clientId", clientId),
    ...((!remembered || clientSecret !== remembered.values.clientSecret) && secret),
  };
}

/** Why no one could sign in with what is about to be sent; the check does not know what someone changed on the Hub since. */
export function lockOutProblem({ certificate }: Declared, update: SsoUpdate, now: Date): string | undefined {
  const counts = update.certificate !== undefined || update.enabled === true;
  if (!counts || !certificate) return undefined;
  return "problem" in certificate ? certificate.problem : dateProblem(certificate.facts, now);
}

/** Whether what the identity provider publishes matters: not if single sign-on is turned off, or only what no one publishes changes. */
export function asksIdentityProvider({ provider, ssoUrl, certificate, enabled }: SsoUpdate): boolean {
  return enabled === true || [provider, ssoUrl, certificate].some((part) => part !== undefined);
}

// --- Preview -----------------------------------------------------------------------------------------------------

/** What an update would change in the state, and why it would be refused as far as that is known before it. */
export function decidePreview(
  declared: Declared,
  remembered: Remembered,
  changed: string[],
  definition: { replaceOn: readonly string[] },
): { result: DiffResult; refusal: string | undefined } {
  const differs = hasChanged(changed, declared, remembered);
  // If the program takes over what someone did on the Hub, nothing is sent, but the decision has to be kept.
  const takesOver = differingParts(remembered.values.applied, declared.comparable).length > 0;
  if (!differs && !takesOver) return { result: diffOf(definition, []), refusal: undefined };
  const result = { ...diffOf(definition, changed), changes: true, renews: renewed(declared, remembered) };
  if (result.replaces.length > 0 || containsUnknown(declared.values)) return { result, refusal: undefined };
  // If nothing is there any more, no one's change is overwritten.
  const current = remembered.values.missing ? undefined : remembered;
  const decision = decideUpdate(declared, remembered, current);
  return { result, refusal: decision.kind === "refuse" ? decision.reason : undefined };
}

function renewed(declared: Declared, remembered: Remembered): string[] {
  const next = toState(declared);
  return [
    ...renewedCertificateOutputs(declared, remembered),
    ...(["applied", "missing"] as const).filter(
      (output) => !sameData(next[output], remembered.values[output]),
    ),
  ];
}

// --- State -------------------------------------------------------------------------------------------------------

/** The one way from what is declared, or found on the Hub, to what is kept. */
export function toState({ values, certificate, comparable }: Declared): SsoConfigState {
  return {
    ...values,
    ...certificateOutputs(certificate),
    applied: { ...comparable, reason: values.acknowledgeOverwrite },
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
  applied: SsoConfigState["applied"] | undefined,
  found: ParsedConfiguration,
): { [CERTIFICATE_SENT]?: string } {
  const sent = applied?.certificateFingerprint;
  return sent === undefined || sent === found.certificate?.fingerprint ? {} : { [CERTIFICATE_SENT]: sent };
}
