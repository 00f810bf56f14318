import { compareWithPublished } from "../../hub/ssoDelivery";
import { type LifecycleContext, type ResourceDefinition } from "../../model/definition";
import { definedBy, inputsIn } from "../../model/fields";
import { declaredOrganization } from "../../model/ssoFields";
import { withMetadata } from "../../rules/identityProvider";
import { NOT_TESTED } from "../../rules/ssoOutcome";
import {
  argumentFailures,
  decidePreview,
  hasCredential,
  type ParsedCredential,
  parseCredential,
  toState,
  updateFor,
} from "./decisions";
import { parseId, type SsoCredentialInputs, ssoCredentialModel, type SsoCredentialState } from "./model";

/** The lifecycle of a single sign-on credential, without Pulumi. */
export const ssoCredentialDefinition: ResourceDefinition<SsoCredentialInputs, SsoCredentialState> = {
  ...definedBy(ssoCredentialModel),
  sharedObject: (id) => id,
  declaredObject: declaredOrganization,
  stateVersion: 1,

  label: ({ organization }) => `of ${organization ?? ""}`,

  prepare: (inputs, context, previous, former) =>
    withMetadata(inputs, ["certificate"], context, previous, former),

  check: argumentFailures,

  diff(state, inputs, changed) {
    const declared = parseCredential(inputs);
    return decidePreview(declared, parseCredential(state, declared), changed, ssoCredentialDefinition);
  },

  async create(inputs, context) {
    const declared = parseCredential(inputs);
    // A credential that another resource already sent is not sent again: someone may have replaced it since.
    const former = context.former as SsoCredentialState | undefined;
    const known = former && hasCredential(former) ? parseCredential(former, declared) : undefined;
    if (!known) context.log.warn(REPLACES_UNKNOWN);
    if (known && !updateFor(declared, known)) context.log.info(SENT_BEFORE);
    await send(declared, known, context);
    return { id: `${inputs.organization}/sso`, state: toState(declared) };
  },

  async read(id, state, { client }) {
    // A credential cannot be read back, so a refresh cannot find drift.
    if (state) return { inputs: inputsIn(ssoCredentialModel, state), state };
    const organization = parseId(id);
    if ((await client.myOrgRole(organization)) === null) return undefined;
    const inputs = { organization, warnBeforeDays: 30, replaceExisting: false };
    return { inputs, state: toState(parseCredential(inputs)) };
  },

  async update(_id, state, inputs, context) {
    const declared = parseCredential(inputs);
    if (!hasCredential(state)) context.log.warn(REPLACES_UNKNOWN);
    await send(declared, parseCredential(state, declared), context);
    return toState(declared);
  },

  delete(_id, _state, { log }) {
    log.info("the credential stays in use on the Hub, which cannot delete a credential.");
    return Promise.resolve();
  },

  imports:
    "SsoCredential cannot be imported, because the Hub does not show the current credential. Remove the option import and set " +
    "replaceExisting to true: the first `pulumi up` sends the program's credential.",
};

const REPLACES_UNKNOWN =
  "replaces a credential that is not in the state and cannot be read back: if the new one does not work, get the old one from " +
  "the identity provider.";

const SENT_BEFORE =
  "the credential was not sent again: the former resource, with this or another name, already sent it, and someone may have replaced it on " +
  "the Hub since. To send it, change the credential in the program.";

async function send(
  declared: ParsedCredential,
  remembered: ParsedCredential | undefined,
  context: LifecycleContext,
): Promise<void> {
  const update = updateFor(declared, remembered);
  if (!update) return;
  const { organization, metadataUrl } = declared.values;
  const { certificate } = declared;
  const compared = certificate
    ? `; ${await compareWithPublished({ metadataUrl, certificate }, context)}`
    : "";
  await context.client.updateSsoCredential(organization, update);
  context.log.info(
    `the Hub accepted the new credential, which cannot be read back${compared}. ${NOT_TESTED}`,
  );
}
