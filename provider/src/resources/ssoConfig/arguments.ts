import { type CheckFailure, type PureContext } from "../../model/definition";
import { sameName } from "../../model/plain";
import { known } from "../../model/unknown";
import { metadataXmlProblem } from "../../rules/identityProvider";
import { issuerProblem, signInUrlProblem } from "../../rules/signInUrl";
import { certificateFailures, unprinted } from "../../rules/ssoArguments";
import { type SsoConfigInputs } from "./model";

const BELONGS_TO = {
  saml: { needed: ["ssoUrl", "certificate"], refused: ["clientId", "clientSecret"] },
  oidc: {
    needed: ["ssoUrl", "clientId", "clientSecret"],
    refused: ["certificate", "metadataXml", "metadataUrl"],
  },
} as const;

/** Checks the arguments. Warns about risks that the user should know before an update. */
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
      sameName(previous?.organization, inputs.organization) && previous?.provider === inputs.provider;
    const isTurnedOn = inputs.enabled && previous?.enabled === false;
    failures.push(
      ...unprinted("metadataXml", metadataXmlProblem(inputs)),
      ...certificateFailures(inputs, isInPlace ? previous : undefined, isTurnedOn, context),
    );
  }
  // A preview makes no request, so it cannot know what a creation overwrites. A creation may also be an accidental rename.
  if (previous === undefined && inputs.adopt) {
    context.log.warn(
      "adopt is true: this creation overwrites any single sign-on configuration of the organization, even one that someone just set up by hand. " +
        "If you only renamed the resource, add an alias instead.",
    );
  }
  if (replacesUnknownSecret(inputs, previous)) {
    context.log.warn(
      "the current client secret is not in the state and cannot be read back: once it is replaced, the previous configuration " +
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
      // Unusable metadata is reported as a separate failure.
      .filter((property) => inputs[property] === undefined && inputs.metadataXml === undefined)
      .map((property) => ({
        property,
        reason: `is required with provider "${provider}"${provider === "saml" ? ", unless metadataXml is given" : ""}`,
      })),
    ...refused
      .filter((property) => inputs[property] !== undefined)
      .flatMap((property) =>
        unprinted(property, `is only for provider "${other}"; leave it out, or change provider`),
      ),
  ];
}

/** Checked in the preview too, so that the user can still save the secret. */
function replacesUnknownSecret(inputs: SsoConfigInputs, previous: SsoConfigInputs | undefined): boolean {
  if (previous?.provider !== "oidc" || previous.clientSecret !== undefined) return false;
  return inputs.provider !== "oidc" || inputs.clientSecret !== undefined;
}
