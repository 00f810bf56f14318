import type * as pulumi from "@pulumi/pulumi";
import { type HubClient, type HubError, type SsoSettings, type SsoUpdate } from "../../client";
import { boolean, filled, object, oneOf, optional, string } from "../../client/shape";
import { type ResourceShape } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import {
  type ArgsSchema,
  type CheckFailure,
  type Imported,
  LifecycleError,
  type LifecycleContext,
  type PureContext,
  type ResourceDefinition,
} from "../../model/definition";
import { diffOf } from "../../model/diff";
import { organizationSchema } from "../../model/schemas";
import { containsUnknown, known } from "../../model/unknown";
import {
  certificateAlone,
  dateProblem,
  fingerprintOf,
  readCertificate,
  refusalOf,
  sameCertificate,
} from "../../rules/certificate";
import { CERTIFICATE_SENT, metadataXmlProblem, withMetadata } from "../../rules/identityProvider";
import { authorOfSso, describeAuthor } from "../../hub/outsideChange";
import { issuerProblem, sameAddress, signInUrlProblem } from "../../rules/signInUrl";
import {
  type Comparable,
  comparable,
  differingParts,
  type Part,
  type SsoValues,
} from "../../rules/ssoComparison";
import { compareWithPublished, deliver, NOT_TESTED, warnOfUnknownBefore } from "../../hub/ssoDelivery";
import {
  certificateSchema,
  clientSecretSchema,
  httpsUrlSchema,
  metadataXmlSchema,
  warnBeforeDaysSchema,
} from "../../model/ssoSchemas";

// --- Arguments ---------------------------------------------------------------------------------------------------

/** What all arguments of an {@link SsoConfig} have in common. */
export interface SsoConfigCommonArgs {
  /** The organization's name. A change replaces the resource. */
  organization: pulumi.Input<string>;
  /**
   * Whether members have to sign in with it. Default true. Changed in place. If someone has turned it on by hand since, it is not
   * turned off again until this argument changes.
   */
  enabled?: pulumi.Input<boolean>;
  /**
   * Overwrites a different configuration that the organization already has. Default false. A secret cannot be compared: if all else
   * is the same, the configuration counts as the same, and gets the program's secret.
   */
  adopt?: pulumi.Input<boolean>;
  /**
   * Why a change that someone made on the Hub is to be reverted, 1 to 500 characters. A protocol, sign-on URL, client id or certificate
   * that was changed by hand is not reverted automatically, because people may rely on it to sign in: `up` refuses until the program
   * declares what is there, or this reason is new. Metadata declares each of its certificates: if someone sets another one of it, that
   * one stays, and a new reason restores the one before. Default none.
   */
  acknowledgeOverwrite?: pulumi.Input<string>;
  /** What a destroy does on the Hub: `retain` leaves single sign-on as it is, `disable` turns it off. Default retain. */
  onDestroy?: pulumi.Input<"retain" | "disable">;
}

/** What both SAML forms of the arguments of an {@link SsoConfig} have in common. */
export interface SsoConfigSamlCommonArgs extends SsoConfigCommonArgs {
  /** saml. A change between saml and oidc is made in place. */
  provider: "saml";
  /**
   * Where the identity provider publishes its metadata, https only. It is fetched before a sign-on URL or a certificate is sent, or
   * single sign-on turned on, without any token; what is not in it is refused. If it cannot be fetched, a warning says so. Nothing is
   * taken from it, so that a plan shows what will be sent. Default: nothing is compared.
   */
  metadataUrl?: pulumi.Input<string>;
  /** Days (0 to 3650) before the certificate's end from which each preview warns. Default 30. */
  warnBeforeDays?: pulumi.Input<number>;
  /** OIDC only. */
  clientId?: undefined;
  /** OIDC only. */
  clientSecret?: undefined;
  /** OIDC only. */
  verifyIssuer?: undefined;
}

/** Arguments of an {@link SsoConfig} for SAML that name the sign-on URL and the certificate. */
export interface SsoConfigSamlArgs extends SsoConfigSamlCommonArgs {
  /** The sign-on URL, https only. Changed in place. */
  ssoUrl: pulumi.Input<string>;
  /**
   * The certificate that signs the identity provider's answers, as PEM. It has to be in force, with an RSA key of at least 2048
   * bits, or an EC key. What is written around it is not sent. Changed in place.
   */
  certificate: pulumi.Input<string>;
  /** With metadata, `ssoUrl` and `certificate` are optional: see {@link SsoConfigSamlMetadataArgs}. */
  metadataXml?: undefined;
}

/** Arguments of an {@link SsoConfig} for SAML that take the sign-on URL and the certificate from the identity provider's metadata. */
export interface SsoConfigSamlMetadataArgs extends SsoConfigSamlCommonArgs {
  /**
   * The identity provider's metadata, of which `ssoUrl` (binding HTTP-Redirect, else HTTP-POST) and `certificate` are taken; at most
   * 1 048 576 characters, one identity provider, no document type. Of several signing certificates, the one that the stack already
   * has stays; else the one that ends last of those in force is taken. A warning names the others: `ssoUrl` and `certificate` beside
   * it choose otherwise, and have to be in it. Only the two are kept and compared, not the document, and unencrypted even if the
   * document is a secret. Its signature is not verified.
   */
  metadataXml: pulumi.Input<string>;
  /** Chooses one of the sign-on URLs in the metadata, https only. Changed in place. */
  ssoUrl?: pulumi.Input<string>;
  /** Chooses one of the certificates in the metadata, as PEM. Changed in place. */
  certificate?: pulumi.Input<string>;
}

/** Arguments of an {@link SsoConfig} for OIDC. */
export interface SsoConfigOidcArgs extends SsoConfigCommonArgs {
  /** oidc. A change between saml and oidc is made in place. */
  provider: "oidc";
  /** The issuer, exactly as its discovery document names it, without a query; https only. Changed in place. */
  ssoUrl: pulumi.Input<string>;
  /** The client's id, 1 to 1024 characters. Changed in place. */
  clientId: pulumi.Input<string>;
  /** The client's secret, 1 to 1024 characters. Encrypted in the state. It cannot be read back. Changed in place. */
  clientSecret: pulumi.Input<string>;
  /**
   * Whether the issuer's discovery document (`<issuer>/.well-known/openid-configuration`) is fetched before an issuer is sent or
   * single sign-on turned on, without any token. One that names another issuer, or writes it differently, is refused; if it cannot be
   * fetched, a warning says so. Default true.
   */
  verifyIssuer?: pulumi.Input<boolean>;
  /** SAML only. */
  certificate?: undefined;
  /** SAML only. */
  metadataXml?: undefined;
  /** SAML only. */
  metadataUrl?: undefined;
  /** SAML only. */
  warnBeforeDays?: undefined;
}

/**
 * The same, if `provider` is an Output. It is kept apart because the compiler tells the others apart by a plain `provider`, and names
 * what is missing from the one that was meant.
 */
type WithProviderOutput<Args extends { provider: string }> = Args extends unknown
  ? Omit<Args, "provider"> & { provider: pulumi.Output<Args["provider"]> | Promise<Args["provider"]> }
  : never;

type SsoConfigPlainArgs = SsoConfigOidcArgs | SsoConfigSamlMetadataArgs | SsoConfigSamlArgs;

/**
 * Arguments of an {@link SsoConfig}, by `provider`: SAML with `ssoUrl` and `certificate`, or with `metadataXml`; OIDC with `ssoUrl`,
 * `clientId` and `clientSecret`.
 */
export type SsoConfigArgs = WithProviderOutput<SsoConfigPlainArgs> | SsoConfigPlainArgs;

// --- State -------------------------------------------------------------------------------------------------------

export interface SsoConfigInputs {
  organization: string;
  provider: "saml" | "oidc";
  enabled: boolean;
  ssoUrl: string;
  certificate?: string;
  /** Only where it could not be used: what can be is replaced by what it says. */
  metadataXml?: string;
  metadataUrl?: string;
  verifyIssuer: boolean;
  clientId?: string;
  clientSecret?: string;
  warnBeforeDays: number;
  adopt: boolean;
  acknowledgeOverwrite?: string;
  onDestroy: "retain" | "disable";
}

export interface SsoConfigState extends SsoConfigInputs {
  certificateExpiresAt?: string;
  certificateFingerprint?: string;
  /** What was last sent, so that a change that somebody made on the Hub is told apart from a change of the program. */
  applied: Applied;
  /** Deleted on the Hub: the rest is what was there last. */
  missing?: true;
}

/** What was last sent, and for which reason something that somebody changed on the Hub was put back. */
type Applied = Comparable & { reason?: string };

// --- Schema ------------------------------------------------------------------------------------------------------

const schema: ArgsSchema = {
  type: "object",
  required: ["organization", "provider"],
  additionalProperties: false,
  properties: {
    organization: organizationSchema,
    provider: { enum: ["saml", "oidc"], description: "saml or oidc" },
    enabled: { type: "boolean", default: true, description: "true or false" },
    ssoUrl: httpsUrlSchema,
    certificate: certificateSchema,
    metadataXml: metadataXmlSchema,
    metadataUrl: httpsUrlSchema,
    verifyIssuer: { type: "boolean", default: true, description: "true or false" },
    clientId: { type: "string", minLength: 1, maxLength: 1024, description: "1 to 1024 characters" },
    clientSecret: clientSecretSchema,
    warnBeforeDays: warnBeforeDaysSchema,
    adopt: { type: "boolean", default: false, description: "true or false" },
    acknowledgeOverwrite: {
      type: "string",
      maxLength: 500,
      pattern: "\\S",
      description: "why what somebody changed on the Hub is to be put back, 1 to 500 characters",
    },
    onDestroy: { enum: ["retain", "disable"], default: "retain", description: "retain or disable" },
  },
};

const BELONGS_TO = {
  saml: { needed: ["ssoUrl", "certificate"], refused: ["clientId", "clientSecret"] },
  oidc: {
    needed: ["ssoUrl", "clientId", "clientSecret"],
    refused: ["certificate", "metadataXml", "metadataUrl"],
  },
} as const;

/** What the lifecycle rests on in the state. */
const kept = object({
  organization: filled,
  provider: oneOf("saml", "oidc"),
  enabled: boolean,
  ssoUrl: optional(string),
  certificate: optional(string),
  clientId: optional(string),
  clientSecret: optional(string),
  applied: object({
    provider: oneOf("saml", "oidc"),
    enabled: boolean,
    ssoUrl: optional(string),
    clientId: optional(string),
    certificateFingerprint: optional(string),
    reason: optional(string),
  }),
});

// --- Lifecycle ---------------------------------------------------------------------------------------------------

/** The lifecycle of an {@link SsoConfig}, without Pulumi. */
export const ssoConfigDefinition: ResourceDefinition<SsoConfigInputs, SsoConfigState> = {
  type: "SsoConfig",
  schema,
  secrets: ["clientSecret"],
  replaceOn: ["organization"],
  stateReader: kept,
  sharedObject: (id) => id,
  stateVersion: 1,

  label: ({ organization }) => `of ${organization ?? ""}`,

  prepare: (inputs, context, previous) =>
    inputs["provider"] === "oidc"
      ? inputs
      : withMetadata(inputs, ["ssoUrl", "certificate"], context, previous),

  check(inputs, previous, context) {
    const failures: CheckFailure[] = [];
    const provider = known(inputs.provider);
    if (provider) failures.push(...protocolFailures(inputs, provider));
    for (const property of ["ssoUrl", "metadataUrl"] as const) {
      const url = known(inputs[property]);
      const judge = property === "ssoUrl" && provider === "oidc" ? issuerProblem : signInUrlProblem;
      const problem = url === undefined ? undefined : judge(url);
      if (problem) failures.push({ property: "", reason: `${property}: ${problem}` });
    }
    if (provider !== "oidc") {
      const problem = metadataXmlProblem(inputs);
      if (problem) failures.push({ property: "", reason: `metadataXml: ${problem}` });
      const certificate = known(inputs.certificate);
      if (certificate !== undefined) {
        failures.push(...certificateFailures(certificate, inputs, previous, context));
      }
    }
    warnOfUnknownSecret(inputs, previous, context);
    return failures;
  },

  diff(state, inputs, changed, { log }) {
    // The same certificate may be written with other line ends.
    const differing = changed.filter(
      (property) => property !== "certificate" || !sameCertificate(state.certificate, inputs.certificate),
    );
    const result = diffOf(ssoConfigDefinition, differing);
    // Where the program takes over what somebody did on the Hub, nothing is sent, but the decision has to be kept.
    const takesOver = differingParts(state.applied, comparable(inputs)).length > 0;
    // Where nothing is there any more, nothing that somebody changed before is overwritten.
    const refusal =
      result.replaces.length === 0 &&
      state.missing === undefined &&
      !containsUnknown(inputs) &&
      (refusalToTurnOff(state.applied, state, inputs) ?? refusalToPutBack(state.applied, state, inputs));
    if (refusal) log.warn(`\`pulumi up\` will refuse this. ${refusal}`);
    return { ...result, changes: result.changes || takesOver };
  },

  async create(inputs, context) {
    const existing = await currentSettings(context.client, inputs.organization);
    const wanted = comparable(inputs);
    const differences = existing ? differingParts(comparable(existing), wanted) : [];
    if (differences.length > 0 && !inputs.adopt) {
      throw new LifecycleError(
        `The organization ${inputs.organization} already has single sign-on configured, and it differs from the program in ` +
          `${differences.join(", ")}. It was not overwritten. Look at what is there; to overwrite it, set adopt to true in the arguments of this SsoConfig ` +
          "(in the examples: `pulumi config set adopt true`), and run `pulumi up` again.",
      );
    }
    if (existing && (differences.length > 0 || existing.provider === "oidc")) {
      context.log.warn(
        "takes over a configuration that the state does not hold: where the change goes wrong, it cannot be restored from here" +
          `${existing.provider === "oidc" ? ", and its client secret is not known here" : ""}.`,
      );
    }
    await send(inputs, existing, undefined, context);
    return { id: `${inputs.organization}/sso`, state: toState(inputs) };
  },

  async read(id, state, context) {
    const organization = parseId(id);
    const settings = await currentSettings(context.client, organization, "sure");
    if (!settings) {
      if (!state) return undefined;
      // Never forgotten: what somebody sets up in its place must not be taken for a first configuration, and be overwritten by `adopt`.
      context.log.warn("the organization has no single sign-on on the Hub any more.");
      const inputs = { ...inputsOf(state), enabled: false };
      return {
        inputs: { ...inputs, ...certificateSent(state, inputs.certificate) },
        state: { ...state, enabled: false, missing: true },
      };
    }
    const inputs = observedInputs(organization, settings, state);
    return {
      inputs: { ...inputs, ...certificateSent(state, inputs.certificate) },
      state: { ...toState(inputs), applied: state?.applied ?? comparable(settings) },
    };
  },

  async update(_id, state, inputs, context) {
    const { client, log } = context;
    const current = await currentSettings(client, inputs.organization);
    // What is on the Hub as the program wants it is overwritten by nobody: an update whose answer was lost, for one.
    const unwanted = current ? differingParts(comparable(current), comparable(inputs)) : [];
    const outside = current
      ? differingParts(comparable(current), state.applied).filter((part) => unwanted.includes(part))
      : [];
    const warnOfOutside = async (): Promise<void> => {
      const author = await authorOfSso(client, inputs.organization, current?.updatedAt);
      log.warn(
        `somebody changed ${outside.join(", ")} on the Hub since the last \`pulumi up\`${describeAuthor(author)}.`,
      );
    };
    const refusal =
      current &&
      (refusalToTurnOff(state.applied, current, inputs) ?? refusalToPutBack(state.applied, current, inputs));
    if (refusal) {
      await warnOfOutside();
      throw new LifecycleError(refusal);
    }
    await send(inputs, current, state, context);
    if (outside.length > 0) await warnOfOutside();
    return toState(inputs);
  },

  async delete(_id, state, { client, log }) {
    if (state.onDestroy === "retain") {
      log.info('single sign-on stays as it is on the Hub (onDestroy is "retain").');
      return;
    }
    const current = await currentSettings(client, state.organization, "sure");
    if (current?.enabled) {
      await client.updateSsoConfig(state.organization, { enabled: false });
      log.warn('turned single sign-on off (onDestroy is "disable").');
    }
  },

  imports: { parseId, compare: compareWithHub },
};

async function compareWithHub(
  id: string,
  inputs: SsoConfigInputs,
  { client, log }: LifecycleContext,
): Promise<Imported<SsoConfigState> | undefined> {
  const organization = parseId(id);
  const settings = await currentSettings(client, organization, "sure");
  if (!settings) return undefined;
  const parts: string[] = differingParts(comparable(settings), comparable(inputs));
  if (organization !== inputs.organization) parts.unshift("organization");
  if (settings.provider === "oidc") {
    log.warn(
      "the client secret cannot be read back, so it was not compared: the next `pulumi up` sends the program's once.",
    );
  }
  // The values of a configuration are nobody's business who reads a log.
  return {
    differing: Object.fromEntries(parts.map((part) => [part, undefined])),
    state: { ...toState(inputs), clientSecret: undefined },
  };
}

/** Why the program may not turn off by itself what somebody turned on on the Hub, or `undefined`. */
function refusalToTurnOff(applied: Applied, current: SsoValues, inputs: SsoConfigInputs): string | undefined {
  if (!current.enabled || inputs.enabled || applied.enabled) return undefined;
  return (
    `Single sign-on of ${inputs.organization} was turned on on the Hub since, and the program has not changed there. It is not turned ` +
    "off again by itself. Declare enabled: true; to turn it off, declare enabled: false in a later `pulumi up`."
  );
}

/**
 * Why the program may not put back by itself what somebody changed on the Hub, or `undefined`. Turning single sign-on on again is no
 * matter of this: that only tightens.
 */
function refusalToPutBack(applied: Applied, current: SsoValues, inputs: SsoConfigInputs): string | undefined {
  const { acknowledgeOverwrite } = inputs;
  if (acknowledgeOverwrite !== undefined && acknowledgeOverwrite !== applied.reason) return undefined;
  const wanted = comparable(inputs);
  const unwanted = differingParts(comparable(current), wanted);
  const ofProgram = differingParts(applied, wanted);
  const parts = differingParts(comparable(current), applied).filter(
    (part) => part !== "enabled" && unwanted.includes(part) && !ofProgram.includes(part),
  );
  if (parts.length === 0) return undefined;
  return (
    `Somebody changed ${parts.join(", ")} of the single sign-on of ${inputs.organization} on the Hub, and the program has not changed there. ` +
    "It is not put back by itself: it may be what keeps people able to sign in, and nothing else was sent either. Declare what is on the Hub now, or " +
    "give a new reason in acknowledgeOverwrite to put back what the program says."
  );
}

function protocolFailures(inputs: SsoConfigInputs, provider: "saml" | "oidc"): CheckFailure[] {
  const { needed, refused } = BELONGS_TO[provider];
  const other = provider === "saml" ? "oidc" : "saml";
  return [
    ...needed
      // What is wrong with metadata that stands for it is said apart.
      .filter((property) => inputs[property] === undefined && inputs.metadataXml === undefined)
      .map((property) => ({
        property,
        reason: `is required with provider "${provider}"${provider === "saml" ? ", unless metadataXml is given" : ""}`,
      })),
    ...refused
      .filter((property) => inputs[property] !== undefined)
      // Not by its property, for which the engine would print the value.
      .map((property) => ({
        property: "",
        reason: `${property}: belongs to provider "${other}"; leave it out, or change provider`,
      })),
  ];
}

function certificateFailures(
  certificate: string,
  inputs: SsoConfigInputs,
  previous: SsoConfigInputs | undefined,
  { now, log }: PureContext,
): CheckFailure[] {
  // A certificate that is there already may stay, but nobody is to be made to sign in with it.
  const aboutToBeSent =
    previous?.organization !== inputs.organization ||
    previous.provider !== inputs.provider ||
    !sameCertificate(previous.certificate, certificate);
  const refusal = refusalOf(certificate, {
    now,
    log,
    warnBeforeDays: known(inputs.warnBeforeDays),
    aboutToCount: aboutToBeSent || (inputs.enabled && previous?.enabled === false),
  });
  return refusal === undefined ? [] : [{ property: "", reason: `certificate: ${refusal}` }];
}

/** Said in the preview, when there is still time to write the secret down. */
function warnOfUnknownSecret(
  inputs: SsoConfigInputs,
  previous: SsoConfigInputs | undefined,
  { log }: PureContext,
): void {
  if (previous?.provider !== "oidc" || previous.clientSecret !== undefined) return;
  if (inputs.provider === "oidc" && inputs.clientSecret === undefined) return;
  log.warn(
    "the client secret that is in force is not known here and cannot be read back: once it is replaced, the configuration before " +
      "cannot be restored.",
  );
}

/**
 * What the Hub holds; `undefined` where there is none. A 404 that does not say so may mean as well that this Hub has no such
 * API, or not for these credentials: with `sure` it is thrown.
 */
async function currentSettings(
  client: HubClient,
  organization: string,
  sure?: "sure",
): Promise<SsoSettings | undefined> {
  try {
    return await client.getSsoConfig(organization);
  } catch (error) {
    const { status, code } = error as Partial<HubError>;
    if (status === 404 && (code === "SsoNotConfigured" || !sure)) return undefined;
    throw error;
  }
}

/** Sends what differs from what the Hub holds; nothing where nothing does. */
async function send(
  inputs: SsoConfigInputs,
  before: SsoSettings | undefined,
  kept: SsoConfigState | undefined,
  context: LifecycleContext,
): Promise<void> {
  const { organization, provider, ssoUrl, certificate, metadataUrl } = inputs;
  const update = updateFor(inputs, before, kept);
  if (Object.keys(update).length === 0) return;
  refuseLockOut(inputs, update, context);
  // To turn single sign-on off, or to change what nobody publishes, nothing has to be asked.
  const counts = [update.provider, update.ssoUrl, update.certificate].some((part) => part !== undefined);
  let compared: string | undefined;
  if (counts || update.enabled === true) {
    compared = await compareWithPublished(
      provider === "saml"
        ? { metadataUrl, ssoUrl, certificate }
        : { issuer: inputs.verifyIssuer ? ssoUrl : undefined },
      context,
    );
  }
  warnOfUnknownBefore({ before, kept }, context.log);
  const outcome = await deliver({ organization, update, wanted: inputs, before, kept }, context);
  context.log.info(`${outcome}${compared === undefined ? "" : `; ${compared}`}. ${NOT_TESTED}`);
}

function updateFor(
  inputs: SsoConfigInputs,
  current: SsoSettings | undefined,
  kept: SsoConfigState | undefined,
): SsoUpdate {
  const { provider, enabled, ssoUrl, clientId, clientSecret } = inputs;
  const certificate = inputs.certificate === undefined ? undefined : certificateAlone(inputs.certificate);
  const secret = clientSecret === undefined ? {} : { clientSecret };
  if (current?.provider !== provider) {
    return {
      provider,
      enabled,
      ssoUrl,
      ...(provider === "saml" ? { certificate } : { clientId, ...secret }),
    };
  }
  const differing = differingParts(comparable(current), comparable(inputs));
  const changed = <P extends Part>(part: P, value: SsoUpdate[P]): Pick<SsoUpdate, P> | undefined =>
    differing.includes(part) ? ({ [part]: value } as Pick<SsoUpdate, P>) : undefined;
  // An issuer is compared letter by letter where people sign in, so a correction of its writing has to arrive.
  const rewritten = kept !== undefined && kept.ssoUrl !== ssoUrl && current.ssoUrl !== ssoUrl;
  return {
    ...changed("enabled", enabled),
    ...(rewritten ? { ssoUrl } : changed("ssoUrl", ssoUrl)),
    ...changed("certificate", certificate),
    ...changed("clientId", clientId),
    ...((!kept || clientSecret !== kept.clientSecret) && secret),
  };
}

/** The same rule as in the check, which does not know what somebody changed on the Hub since. */
function refuseLockOut(inputs: SsoConfigInputs, update: SsoUpdate, { now }: LifecycleContext): void {
  const counts = update.certificate !== undefined || update.enabled === true;
  if (!counts || inputs.certificate === undefined) return;
  const reading = readCertificate(inputs.certificate);
  const problem = "problem" in reading ? reading.problem : dateProblem(reading.facts, now);
  if (problem) throw new LifecycleError(`Nothing was sent: the certificate ${problem}.`);
}

function observedInputs(
  organization: string,
  settings: SsoSettings,
  state: SsoConfigState | undefined,
): SsoConfigInputs {
  const saml = settings.provider === "saml";
  return {
    organization,
    provider: settings.provider,
    enabled: settings.enabled,
    ssoUrl: state && sameAddress(state.ssoUrl, settings.ssoUrl) ? state.ssoUrl : (settings.ssoUrl ?? ""),
    ...(saml
      ? {
          certificate: sameCertificate(state?.certificate, settings.certificate)
            ? state?.certificate
            : settings.certificate,
        }
      : { clientId: settings.clientId, clientSecret: state?.clientSecret }),
    metadataUrl: saml ? state?.metadataUrl : undefined,
    verifyIssuer: state?.verifyIssuer ?? true,
    warnBeforeDays: state?.warnBeforeDays ?? 30,
    adopt: state?.adopt ?? false,
    acknowledgeOverwrite: state?.acknowledgeOverwrite,
    onDestroy: state?.onDestroy ?? "retain",
  };
}

function inputsOf({
  applied: _applied,
  certificateExpiresAt: _expiresAt,
  certificateFingerprint: _fingerprint,
  missing: _missing,
  ...inputs
}: SsoConfigState): SsoConfigInputs {
  return inputs;
}

/** What the next check has to know of a certificate that somebody changed: which one the program had sent. */
function certificateSent(
  state: SsoConfigState | undefined,
  found: string | undefined,
): { [CERTIFICATE_SENT]?: string } {
  const sent = state?.applied.certificateFingerprint;
  return sent === undefined || sent === fingerprintOf(found) ? {} : { [CERTIFICATE_SENT]: sent };
}

function parseId(id: string): string {
  const found = /^([^/]+)\/sso$/.exec(id);
  if (!found)
    throw new LifecycleError(
      `"${id}" is not the id of a single sign-on configuration. It has the form organization/sso.`,
    );
  return found[1] as string;
}

/** The one way from what is declared, or observed, to what is kept. */
function toState(inputs: SsoConfigInputs): SsoConfigState {
  const reading = inputs.certificate === undefined ? undefined : readCertificate(inputs.certificate);
  const facts = reading && "facts" in reading ? reading.facts : undefined;
  return {
    ...inputs,
    certificateExpiresAt: facts?.expiresAt,
    certificateFingerprint: facts?.fingerprint ?? fingerprintOf(inputs.certificate),
    applied: { ...comparable(inputs), reason: inputs.acknowledgeOverwrite },
  };
}

// --- Class -------------------------------------------------------------------------------------------------------

const shape: ResourceShape = {
  type: ssoConfigDefinition.type,
  // The engine encrypts an output where the argument of its name is a secret, and `applied` repeats arguments under its own.
  secrets: [...ssoConfigDefinition.secrets, "applied"],
  outputs: [
    "organization",
    "provider",
    "enabled",
    "ssoUrl",
    "certificate",
    "clientId",
    "certificateExpiresAt",
    "certificateFingerprint",
  ],
};

/**
 * The single sign-on configuration of an organization (Hub: `/api/organizations/{org}/settings/sso`, extended API). On a
 * Hub without it, huggingface.co among them, an error says so: there `SsoCredential` changes the credential of a
 * configuration that was set up by hand.
 *
 * A login is never tested: keep an administrator signed in while you change the configuration.
 *
 * @example
 * ```ts
 * new SsoConfig("sso", {
 *   organization: "acme",
 *   provider: "saml",
 *   ssoUrl: "https://idp.acme.example/sso/saml",
 *   certificate: readFileSync("idp.pem", "utf8"),
 * });
 * ```
 */
export class SsoConfig extends HubResource {
  /** The organization's name. */
  declare readonly organization: pulumi.Output<string>;
  /** Whether members have to sign in with it. */
  declare readonly enabled: pulumi.Output<boolean>;
  /** saml or oidc. */
  declare readonly provider: pulumi.Output<"saml" | "oidc">;
  /** SAML: the sign-on URL. OIDC: the issuer. */
  declare readonly ssoUrl: pulumi.Output<string>;
  /** SAML: the certificate, as PEM. */
  declare readonly certificate: pulumi.Output<string | undefined>;
  /** OIDC: the client's id. */
  declare readonly clientId: pulumi.Output<string | undefined>;
  /** When the certificate ends (ISO 8601, UTC); `undefined` with OIDC. */
  declare readonly certificateExpiresAt: pulumi.Output<string | undefined>;
  /** SHA-256 of the certificate, 64 hex digits; `undefined` with OIDC. */
  declare readonly certificateFingerprint: pulumi.Output<string | undefined>;

  constructor(name: string, args: SsoConfigArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
  }

  /**
   * Looks the configuration up by `organization/sso`, without managing it. The client's secret stays unknown.
   *
   * @throws when the organization has none, or the credentials cannot see it
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): SsoConfig {
    return new SsoConfig(name, {} as SsoConfigArgs, { ...options, id });
  }
}
