import { type HubClient, type SsoSettings } from "../../client";
import { isNotFound } from "../../client/errors";
import { authorOfSso, BEFORE_ALL, describeAuthor } from "../../hub/outsideChange";
import { compareWithPublished, deliver, warnOfUnknownBefore } from "../../hub/ssoDelivery";
import {
  type Imported,
  type LifecycleContext,
  LifecycleError,
  type ResourceDefinition,
} from "../../model/definition";
import { definedBy, inputsIn } from "../../model/fields";
import { declaredOrganization } from "../../model/ssoFields";
import { withMetadata } from "../../rules/identityProvider";
import { differingParts, parseConfiguration } from "../../rules/ssoComparison";
import { type Delivery, NOT_TESTED } from "../../rules/ssoOutcome";
import {
  argumentFailures,
  asksIdentityProvider,
  certificateSent,
  decideCreation,
  decidePreview,
  decideUpdate,
  type Declared,
  lockOutProblem,
  observedInputs,
  toState,
} from "./decisions";
import { parseId, type SsoConfigInputs, ssoConfigModel, type SsoConfigState } from "./model";

/** The lifecycle of a single sign-on configuration, without Pulumi. */
export const ssoConfigDefinition: ResourceDefinition<SsoConfigInputs, SsoConfigState> = {
  ...definedBy(ssoConfigModel),
  sharedObject: (id) => id,
  declaredObject: declaredOrganization,
  stateVersion: 1,

  label: ({ organization }) => `of ${organization ?? ""}`,

  prepare: (inputs, context, previous) =>
    inputs["provider"] === "oidc"
      ? inputs
      : withMetadata(inputs, ["ssoUrl", "certificate"], context, previous),

  check: argumentFailures,

  diff(state, inputs, changed, { log }) {
    const declared = parseConfiguration(inputs);
    const remembered = parseConfiguration(state, declared);
    const { result, refusal } = decidePreview(declared, remembered, changed, ssoConfigDefinition);
    if (refusal !== undefined) log.warn(`\`pulumi up\` will refuse this. ${refusal}`);
    return result;
  },

  async create(inputs, context) {
    const { organization } = inputs;
    const declared = parseConfiguration(inputs);
    const settings = await settingsOf(organization, context.client, "none");
    const current = settings && parseConfiguration(settings, declared);
    const decision = decideCreation(declared, current);
    if (decision.kind === "refuse") throw new LifecycleError(decision.reason);
    if (decision.takesOver) {
      context.log.warn(
        "takes over a configuration that the state does not hold: if the change goes wrong, it cannot be restored from here" +
          `${settings?.provider === "oidc" ? ", and its client secret is not known here" : ""}.`,
      );
    }
    await send(
      { organization, update: decision.update, declared, before: current, remembered: undefined },
      context,
    );
    return { id: `${organization}/sso`, state: toState(declared) };
  },

  async read(id, state, { client, log }) {
    const organization = parseId(id);
    const remembered = state && parseConfiguration(state);
    const settings = await settingsOf(organization, client, "unknown");
    if (!settings) {
      if (!state || !remembered) return undefined;
      // Never forgotten: what someone sets up in its place must not be taken for a first configuration, and be overwritten by `adopt`.
      log.warn("the organization has no single sign-on on the Hub any more.");
      const inputs = { ...inputsIn(ssoConfigModel, state), enabled: false };
      return {
        inputs: { ...inputs, ...certificateSent(state.applied, remembered) },
        state: { ...state, enabled: false, missing: true },
      };
    }
    const current = parseConfiguration(settings, remembered);
    const found = parseConfiguration(observedInputs(organization, current, remembered), current, remembered);
    return {
      inputs: { ...found.values, ...certificateSent(state?.applied, found) },
      state: { ...toState(found), applied: state?.applied ?? current.comparable },
    };
  },

  async update(_id, state, inputs, context) {
    const { client, log } = context;
    const { organization } = inputs;
    const declared = parseConfiguration(inputs);
    const remembered = parseConfiguration(state, declared);
    const settings = await settingsOf(organization, client, "none");
    const current = settings && parseConfiguration(settings, declared, remembered);
    const decision = decideUpdate(declared, remembered, current);
    const warnOfChange = async (): Promise<void> => {
      if (decision.changedOnHub.length === 0) return;
      const between = { since: BEFORE_ALL, until: settings?.updatedAt };
      const author = await authorOfSso(client, organization, between);
      log.warn(
        `someone changed ${decision.changedOnHub.join(", ")} on the Hub since the last \`pulumi up\`${describeAuthor(author)}.`,
      );
    };
    if (decision.kind === "refuse") {
      await warnOfChange();
      throw new LifecycleError(decision.reason);
    }
    await send({ organization, update: decision.update, declared, before: current, remembered }, context);
    await warnOfChange();
    return toState(declared);
  },

  async delete(_id, { organization, onDestroy }, { client, log }) {
    if (onDestroy === "retain") {
      log.info('single sign-on stays as it is on the Hub (onDestroy is "retain").');
      return;
    }
    const settings = await settingsOf(organization, client, "unknown");
    if (settings?.enabled) {
      await client.updateSsoConfig(organization, { enabled: false });
      log.warn('turned single sign-on off (onDestroy is "disable").');
    }
  },

  imports: { parseId, compare: compareWithHub },
};

/**
 * What the Hub has; `undefined` if it has nothing.
 *
 * @param on404 - what a 404 means that gives no reason: it may be that this Hub has no such API, or not for these credentials. An error
 *   if that must stay `unknown`
 */
async function settingsOf(
  organization: string,
  client: HubClient,
  on404: "none" | "unknown",
): Promise<SsoSettings | undefined> {
  try {
    return await client.getSsoConfig(organization);
  } catch (error) {
    if (isNotFound(error) && (error.code === "SsoNotConfigured" || on404 === "none")) return undefined;
    throw error;
  }
}

/** Sends what differs, if anything does, after a comparison with what the identity provider publishes. */
async function send(delivery: Delivery & { declared: Declared }, context: LifecycleContext): Promise<void> {
  const { update, declared } = delivery;
  if (Object.keys(update).length === 0) return;
  const problem = lockOutProblem(declared, update, context.now);
  if (problem !== undefined) throw new LifecycleError(`Nothing was sent: the certificate ${problem}.`);
  const { provider, ssoUrl, metadataUrl, verifyIssuer } = declared.values;
  const published =
    provider === "saml"
      ? { metadataUrl, ssoUrl, certificate: declared.certificate }
      : { issuer: verifyIssuer ? ssoUrl : undefined };
  const compared = asksIdentityProvider(update) ? `; ${await compareWithPublished(published, context)}` : "";
  warnOfUnknownBefore(delivery, context.log);
  const outcome = await deliver(delivery, context);
  context.log.info(`${outcome}${compared}. ${NOT_TESTED}`);
}

async function compareWithHub(
  id: string,
  inputs: SsoConfigInputs,
  { client, log }: LifecycleContext,
): Promise<Imported<SsoConfigState> | undefined> {
  const organization = parseId(id);
  const settings = await settingsOf(organization, client, "unknown");
  if (!settings) return undefined;
  const declared = parseConfiguration(inputs);
  const current = parseConfiguration(settings, declared);
  const parts: string[] = differingParts(current.comparable, declared.comparable);
  if (organization !== inputs.organization) parts.unshift("organization");
  if (settings.provider === "oidc") {
    log.warn(
      "the client secret cannot be read back, so it was not compared: the next `pulumi up` sends the program's once.",
    );
  }
  // The values of a configuration are not for whoever reads a log.
  return {
    differing: Object.fromEntries(parts.map((part) => [part, undefined])),
    state: { ...toState(declared), clientSecret: undefined },
  };
}
