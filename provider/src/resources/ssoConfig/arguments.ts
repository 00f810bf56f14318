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
      sameName(previous?.organization, inputs.organization) && previous?.provider === inputs.provider;
    const isTurnedOn = inputs.enabled && previous?.enabled === false;
    failures.push(
      ...unprinted("metadataXml", metadataXmlProblem(inputs)),
      ...certificateFailures(inputs, isInPlace ? previous : undefined, isTurnedOn, context),
    );
  }
  // A run can know what a creation overwrites; a preview asks no one, and a creation may be a rename in disguise.
  if (previous === undefined && inputs.adopt) {
    context.log.warn(
      "adopt is true: this creation overwrites whatever single sign-on the organization has, also one that someone has just set up by hand. " +
        "If only the resource's name has changed, give it an alias instead.",
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
