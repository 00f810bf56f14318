import { authorOfSso, BEFORE_ALL, describeAuthor } from "../../hub/outsideChange";
import { compareWithPublished, deliver, UndeliveredError, warnOfUnknownBefore } from "../../hub/ssoDelivery";
import { ssoSettingsOf } from "../../hub/ssoSettings";
import {
  type Imported,
  keepingOnFailure,
  type LifecycleContext,
  LifecycleError,
  type ResourceDefinition,
} from "../../model/definition";
import { refusing } from "../../model/diff";
import { definedBy, inputsIn } from "../../model/fields";
import { declaredOrganization } from "../../model/ssoFields";
import { withMetadata } from "../../rules/identityProvider";
import { noted } from "../../rules/intent";
import { differingParts, parseConfiguration } from "../../rules/ssoComparison";
import { type Delivery, isRemembered, NOT_TESTED } from "../../rules/ssoOutcome";
import { argumentFailures } from "./arguments";
import {
  asksIdentityProvider,
  type Current,
  decide,
  decideCreation,
  type Decision,
  type Declared,
  isOwn,
  lockOutProblem,
  type Remembered,
} from "./decisions";
import { parseId, type SsoConfigInputs, ssoConfigModel, type SsoConfigState } from "./model";
import { decidePreview } from "./preview";
import {
  certificateSent,
  type Failure,
  foundState,
  isApplied,
  migrate,
  missingState,
  observedInputs,
  settledState,
  unfinishedState,
} from "./state";

/** The lifecycle of a single sign-on configuration, without Pulumi. */
export const ssoConfigDefinition: ResourceDefinition<SsoConfigInputs, SsoConfigState> = {
  ...definedBy(ssoConfigModel),
  sharedObject: (id) => id,
  declaredObject: declaredOrganization,
  stateVersion: 2,
  migrate,

  label: ({ organization }) => `of ${organization ?? ""}`,

  prepare: (inputs, context, previous, former) =>
    inputs["provider"] === "oidc"
      ? inputs
      : withMetadata(inputs, ["ssoUrl", "certificate"], context, previous, former),

  check: argumentFailures,

  diff(state, inputs, changed, { log }) {
    const declared = parseConfiguration(inputs);
    const remembered = parseConfiguration(state, declared);
    const { result, refusal } = decidePreview(declared, remembered, changed, ssoConfigDefinition);
    return refusing(result, refusal, log);
  },

  async create(inputs, context) {
    const { organization } = inputs;
    const declared = parseConfiguration(inputs);
    const settings = await ssoSettingsOf(organization, context.client);
    const current = settings && parseConfiguration(settings, declared);
    const former = context.former as SsoConfigState | undefined;
    const decision = decideCreation(declared, current?.comparable, former);
    if (decision.refusal !== undefined) throw new LifecycleError(decision.refusal);
    const remembered = current && former && heldBy(former, current);
    if (current && !remembered) await warnOfTakeover(declared, current, former?.appliedAt, context);
    const { update } = decision;
    const at = await send({ organization, update, declared, before: current, remembered }, context);
    const state = settledState(declared, decision.heard, at ?? context.now.toISOString());
    return { id: `${organization}/sso`, state };
  },

  async read(id, state, { client, log }) {
    const organization = parseId(id);
    const remembered = state && parseConfiguration(state);
    const settings = await ssoSettingsOf(organization, client);
    if (!settings) {
      if (!state || !remembered) return undefined;
      // Kept in the state: otherwise `adopt` would overwrite a configuration that someone sets up in its place.
      log.warn("the organization no longer has single sign-on on the Hub.");
      const inputs = { ...inputsIn(ssoConfigModel, state), enabled: false };
      return { inputs: { ...inputs, ...certificateSent(state, remembered) }, state: missingState(state) };
    }
    const current = parseConfiguration(settings, remembered);
    const found = parseConfiguration(observedInputs(organization, current, remembered), current, remembered);
    return {
      inputs: { ...found.values, ...certificateSent(state, found) },
      state: foundState(found, current, state),
    };
  },

  async update(_id, state, inputs, context) {
    const { client, log } = context;
    const { organization } = inputs;
    const declared = parseConfiguration(inputs);
    const remembered = parseConfiguration(state, declared);
    const settings = await ssoSettingsOf(organization, client);
    const current = settings && parseConfiguration(settings, declared, remembered);
    const decision = decide(declared, current?.comparable, state);
    const { update, refusal, changedOnHub } = decision;
    const warnOfChange = async (): Promise<void> => {
      if (changedOnHub.length === 0) return;
      const between = { since: state.appliedAt, until: settings?.updatedAt };
      const author = await authorOfSso(client, organization, between);
      log.warn(
        `someone changed ${changedOnHub.join(", ")} on the Hub since the last \`pulumi up\`${describeAuthor(author)}.`,
      );
    };
    return keepingOnFailure(
      // guard: sso-kept
      (error) => unfinishedState(declared, state, decision, failureOf(error, current, decision)),
      async () => {
        if (refusal !== undefined) {
          await warnOfChange();
          throw new LifecycleError(refusal);
        }
        const delivery = { organization, update, declared, before: current };
        const at = await send({ ...delivery, remembered: lastKnown(remembered, current) }, context);
        await warnOfChange();
        const appliedAt = isApplied(declared, decision, state.applied)
          ? (at ?? context.now.toISOString())
          : state.appliedAt;
        return settledState(declared, decision.heard, appliedAt);
      },
    );
  },

  async delete(_id, state, { client, log }) {
    const { organization, onDestroy } = state;
    if (onDestroy === "retain") {
      log.info('single sign-on was left unchanged on the Hub (onDestroy is "retain").');
      return;
    }
    const settings = await ssoSettingsOf(organization, client);
    if (!settings?.enabled) return;
    // guard: sso-own-object
    if (!isOwn(parseConfiguration(settings).comparable, state)) {
      log.warn(
        'single sign-on was not turned off, although onDestroy is "disable": someone changed it on the Hub since the last `pulumi up`, and ' +
          "people may rely on it to sign in. If no one needs it, turn it off in the organization's settings.",
      );
      return;
    }
    const { enabled } = await client.updateSsoConfig(organization, { enabled: false });
    // guard: sso-off-verified
    if (enabled) {
      throw new LifecycleError(
        `The Hub accepted the request to turn off single sign-on of ${organization}, but it is still on. Run the same command again; if that ` +
          "does not help, turn it off in the organization's settings.",
      );
    }
    log.warn('turned single sign-on off (onDestroy is "disable").');
  },

  imports: { parseId, compare: compareWithHub },
};

/** Reports what a creation takes over before anything is sent, because afterwards it cannot be read any more. */
async function warnOfTakeover(
  declared: Declared,
  current: Current,
  since = BEFORE_ALL,
  { client, log }: LifecycleContext,
): Promise<void> {
  const { values } = current;
  const differing = differingParts(current.comparable, declared.comparable);
  if (differing.length === 0 && values.provider !== "oidc") return;
  const author =
    differing.length > 0
      ? await authorOfSso(client, declared.values.organization, {
          since,
          until: values.updatedAt,
        })
      : undefined;
  const at =
    author === undefined && values.updatedAt !== undefined ? ` (last changed at ${values.updatedAt})` : "";
  const overwrites =
    differing.length > 0 ? `, and overwrites ${differing.join(", ")}${describeAuthor(author)}${at}` : "";
  log.warn(
    `takes over a configuration that is not in the state${overwrites}: if the change fails, it cannot be restored automatically` +
      `${values.provider === "oidc" ? ", and its client secret is not known" : ""}.`,
  );
}

/** The configuration in a state, if the Hub has the same. */
function heldBy(state: SsoConfigState, current: Current): Remembered | undefined {
  const remembered = parseConfiguration(state, current);
  return isRemembered(current, remembered) ? remembered : undefined;
}

/** The known configuration of the Hub. After a failed update, the arguments in the state are the program's, not the Hub's. */
function lastKnown(remembered: Remembered, current: Current | undefined): Delivery["remembered"] {
  const { clientSecret } = remembered.values;
  const isKnown = current && isOwn(current.comparable, { applied: remembered.values.applied });
  return isKnown ? { ...current, values: { ...current.values, clientSecret } } : remembered;
}

/** What is known about the Hub after a failed update. */
function failureOf(error: unknown, current: Current | undefined, { update }: Decision): Failure {
  if (!(error instanceof UndeliveredError)) {
    return { held: current?.comparable, isLost: false, secretIsUnknown: false };
  }
  const { held, isLost } = error;
  return {
    held: held === "unreadable" ? current?.comparable : held?.comparable,
    isLost,
    secretIsUnknown: update.clientSecret !== undefined,
  };
}

/**
 * Sends the update, if it is not empty, after a comparison with what the identity provider publishes.
 *
 * @returns the time of the change on the Hub
 */
async function send(
  delivery: Delivery & { declared: Declared },
  context: LifecycleContext,
): Promise<string | undefined> {
  const { update, declared } = delivery;
  if (Object.keys(update).length === 0) return undefined;
  const problem = lockOutProblem(declared, update, context.now);
  if (problem !== undefined) throw new LifecycleError(`Nothing was sent: the certificate ${problem}.`);
  const { provider, ssoUrl, metadataUrl, verifyIssuer } = declared.values;
  const published =
    provider === "saml"
      ? { metadataUrl, ssoUrl, certificate: declared.certificate }
      : { issuer: verifyIssuer ? ssoUrl : undefined };
  const compared = asksIdentityProvider(update) ? `; ${await compareWithPublished(published, context)}` : "";
  warnOfUnknownBefore(delivery, context.log);
  const { words, at } = await deliver(delivery, context);
  context.log.info(`${words}${compared}. ${NOT_TESTED}`);
  return at;
}

async function compareWithHub(
  id: string,
  inputs: SsoConfigInputs,
  { client, log, former }: LifecycleContext,
): Promise<Imported<SsoConfigState> | undefined> {
  const organization = parseId(id);
  const settings = await ssoSettingsOf(organization, client);
  if (!settings) return undefined;
  const declared = parseConfiguration(inputs);
  const current = parseConfiguration(settings, declared);
  const parts: string[] = differingParts(current.comparable, declared.comparable);
  if (organization !== inputs.organization) parts.unshift("organization");
  if (settings.provider === "oidc") {
    log.warn(
      "the client secret cannot be read back, so it was not compared: the next `pulumi up` sends the program's secret once.",
    );
  }
  // guard: imported-reasons
  const heard = noted((former as SsoConfigState | undefined)?.heard, inputs.acknowledgeOverwrite);
  // The values of a configuration must not appear in logs.
  return {
    differing: Object.fromEntries(parts.map((part) => [part, undefined])),
    state: { ...settledState(declared, heard), clientSecret: undefined },
  };
}
