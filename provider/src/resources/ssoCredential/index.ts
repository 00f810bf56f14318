import type * as pulumi from "@pulumi/pulumi";
import { filled, object, optional, string } from "../../client/shape";
import { type ResourceShape } from "../../model/fields";
import { HubResource } from "../../program/hubResource";
import {
  type ArgsSchema,
  type CheckFailure,
  LifecycleError,
  type LifecycleContext,
  type ResourceDefinition,
} from "../../model/definition";
import { organizationSchema } from "../../model/schemas";
import { diffOf } from "../../model/diff";
import { isUnknown, known } from "../../model/unknown";
import {
  certificateAlone,
  fingerprintOf,
  readCertificate,
  refusalOf,
  sameCertificate,
} from "../../rules/certificate";
import { metadataXmlProblem, withMetadata } from "../../rules/identityProvider";
import { signInUrlProblem } from "../../rules/signInUrl";
import { compareWithPublished, NOT_TESTED } from "../../hub/ssoDelivery";
import {
  certificateSchema,
  clientSecretSchema,
  httpsUrlSchema,
  metadataXmlSchema,
  warnBeforeDaysSchema,
} from "../../model/ssoSchemas";

// --- Arguments ---------------------------------------------------------------------------------------------------

/** What all arguments of an {@link SsoCredential} have in common. */
export interface SsoCredentialCommonArgs {
  /** The organization's name. A change replaces the resource. */
  organization: pulumi.Input<string>;
  /** Days (0 to 3650) before the certificate's end from which each preview warns. Default 30. */
  warnBeforeDays?: pulumi.Input<number>;
  /**
   * Must be true: the Hub does not tell which credential is there, so the first `up` overwrites an unknown one.
   */
  replaceExisting?: pulumi.Input<boolean>;
}

/** Arguments of an {@link SsoCredential} for OIDC. */
export interface SsoClientSecretArgs extends SsoCredentialCommonArgs {
  /** The client's secret, 1 to 1024 characters. Encrypted in the state. A change is sent at once. */
  clientSecret: pulumi.Input<string>;
  /** SAML only. */
  certificate?: undefined;
  /** SAML only. */
  metadataXml?: undefined;
  /** SAML only. */
  metadataUrl?: undefined;
}

/** What the SAML forms of the arguments of an {@link SsoCredential} have in common. */
export interface SsoSamlArgs extends SsoCredentialCommonArgs {
  /** OIDC only. */
  clientSecret?: undefined;
  /**
   * SAML: where the identity provider publishes its metadata, https only. It is fetched before a certificate is sent, without
   * any token, and a certificate that is not in it is refused. Where it cannot be fetched a warning says so.
   */
  metadataUrl?: pulumi.Input<string>;
}

/** Arguments of an {@link SsoCredential} for SAML that name the certificate. */
export interface SsoCertificateArgs extends SsoSamlArgs {
  /** The certificate that signs the identity provider's answers, as PEM, in force and strong. A change is sent at once. */
  certificate: pulumi.Input<string>;
  /**
   * SAML: the identity provider's metadata, of which `certificate` is taken, as in `SsoConfig`; at most 1 048 576 characters. Of
   * several signing certificates, the one that the stack has already stays; else the one that ends last of those in force is
   * taken. A warning names the others: `certificate` beside it chooses otherwise. The document is not kept; its certificate is, in
   * clear.
   */
  metadataXml?: pulumi.Input<string>;
}

/** Arguments of an {@link SsoCredential} for SAML whose certificate is in the identity provider's metadata. */
export interface SsoMetadataArgs extends SsoSamlArgs {
  /** The certificate that signs the identity provider's answers, as PEM, in force and strong. A change is sent at once. */
  certificate?: pulumi.Input<string>;
  /**
   * SAML: the identity provider's metadata, of which `certificate` is taken, as in `SsoConfig`; at most 1 048 576 characters. Of
   * several signing certificates, the one that the stack has already stays; else the one that ends last of those in force is
   * taken. A warning names the others: `certificate` beside it chooses otherwise. The document is not kept; its certificate is, in
   * clear.
   */
  metadataXml: pulumi.Input<string>;
}

/** Arguments of an {@link SsoCredential}: exactly one of `clientSecret` and `certificate`; `metadataXml` may hold the latter. */
export type SsoCredentialArgs = SsoClientSecretArgs | SsoCertificateArgs | SsoMetadataArgs;

// --- State -------------------------------------------------------------------------------------------------------

export interface SsoCredentialInputs {
  organization: string;
  clientSecret?: string;
  certificate?: string;
  /** Only where it could not be used: what can be is replaced by what it says. */
  metadataXml?: string;
  metadataUrl?: string;
  warnBeforeDays: number;
  replaceExisting: boolean;
}

export interface SsoCredentialState extends SsoCredentialInputs {
  certificateExpiresAt?: string;
  certificateFingerprint?: string;
}

// --- Schema ------------------------------------------------------------------------------------------------------

const schema: ArgsSchema = {
  type: "object",
  required: ["organization"],
  additionalProperties: false,
  properties: {
    organization: organizationSchema,
    clientSecret: clientSecretSchema,
    certificate: certificateSchema,
    metadataXml: metadataXmlSchema,
    metadataUrl: httpsUrlSchema,
    warnBeforeDays: warnBeforeDaysSchema,
    replaceExisting: { type: "boolean", default: false, description: "true or false" },
  },
};

/** What the lifecycle rests on in the state. */
const kept = object({
  organization: filled,
  clientSecret: optional(string),
  certificate: optional(string),
});

// --- Lifecycle ---------------------------------------------------------------------------------------------------

/** The lifecycle of an {@link SsoCredential}, without Pulumi. */
export const ssoCredentialDefinition: ResourceDefinition<SsoCredentialInputs, SsoCredentialState> = {
  type: "SsoCredential",
  schema,
  secrets: ["clientSecret"],
  replaceOn: ["organization"],
  stateReader: kept,
  sharedObject: (id) => id,
  stateVersion: 1,

  label: ({ organization }) => `of ${organization ?? ""}`,

  prepare: (inputs, context, previous) => withMetadata(inputs, ["certificate"], context, previous),

  check(inputs, previous, { now, log }) {
    const failures: CheckFailure[] = [];
    const { metadataXml, metadataUrl } = inputs;
    const hasCertificate = inputs.certificate !== undefined || metadataXml !== undefined;
    if ((inputs.clientSecret === undefined) !== hasCertificate) {
      failures.push({
        property: "",
        reason: "give exactly one of clientSecret (OIDC) and certificate (SAML), which metadataXml may hold",
      });
    }
    const unusable = metadataXmlProblem(inputs);
    if (unusable) failures.push({ property: "", reason: `metadataXml: ${unusable}` });
    const url = known(metadataUrl);
    const urlProblem =
      metadataUrl !== undefined && inputs.clientSecret !== undefined
        ? "belongs to a certificate; leave it out"
        : url === undefined
          ? undefined
          : signInUrlProblem(url);
    if (urlProblem) failures.push({ property: "", reason: `metadataUrl: ${urlProblem}` });
    const sameOrganization = previous?.organization === inputs.organization;
    // One that was imported is in the state without its credential, which is as unknown as before a creation.
    const isKnown = sameOrganization && holdsCredential(previous);
    if (!isKnown && inputs.replaceExisting !== true && !isUnknown(inputs.replaceExisting)) {
      failures.push({
        property: "replaceExisting",
        reason:
          "must be true: the Hub does not tell which credential the organization has, so the first `pulumi up` overwrites an unknown one",
      });
    }
    const certificate = known(inputs.certificate);
    if (certificate !== undefined) {
      const refusal = refusalOf(certificate, {
        now,
        log,
        warnBeforeDays: known(inputs.warnBeforeDays),
        aboutToCount: !sameOrganization || !sameCertificate(certificate, previous?.certificate),
      });
      if (refusal) failures.push({ property: "", reason: `certificate: ${refusal}` });
    }
    return failures;
  },

  diff(state, inputs, changed) {
    // The same certificate may be written with other line ends.
    const differing = changed.filter(
      (property) => property !== "certificate" || !sameCertificate(state.certificate, inputs.certificate),
    );
    return diffOf(ssoCredentialDefinition, differing);
  },

  async create(inputs, context) {
    context.log.warn(REPLACES_UNKNOWN);
    await send(inputs, context);
    return { id: `${inputs.organization}/sso`, state: toState(inputs) };
  },

  async read(id, state, { client }) {
    if (state) {
      // Nothing of a credential can be read back, so there is nothing that could have drifted.
      const { certificateExpiresAt: _e, certificateFingerprint: _f, ...inputs } = state;
      return { inputs, state };
    }
    const organization = parseId(id);
    if ((await client.myOrgRole(organization)) === null) return undefined;
    const inputs = { organization, warnBeforeDays: 30, replaceExisting: false };
    return { inputs, state: toState(inputs) };
  },

  async update(_id, state, inputs, context) {
    const same =
      inputs.clientSecret === state.clientSecret && sameCertificate(inputs.certificate, state.certificate);
    if (!holdsCredential(state)) context.log.warn(REPLACES_UNKNOWN);
    if (!same) await send(inputs, context);
    return toState(inputs);
  },

  delete(_id, _state, { log }) {
    log.info("the credential stays in force on the Hub: the Hub has no way to take one away.");
    return Promise.resolve();
  },

  imports:
    "SsoCredential cannot be imported, because the Hub does not tell which credential is there. Leave the option out and set " +
    "replaceExisting to true: the first `pulumi up` sends the program's credential.",
};

const REPLACES_UNKNOWN =
  "replaces a credential that is not known here and cannot be read back: if the new one does not work, the old one has to come " +
  "from the identity provider.";

function holdsCredential({ clientSecret, certificate }: SsoCredentialInputs): boolean {
  return (clientSecret ?? certificate) !== undefined;
}

async function send(
  { organization, clientSecret, certificate, metadataUrl }: SsoCredentialInputs,
  context: LifecycleContext,
): Promise<void> {
  const { client, log } = context;
  let compared = "";
  if (clientSecret !== undefined) {
    await client.updateSsoCredential(organization, { clientSecret });
  } else if (certificate !== undefined) {
    compared = `; ${await compareWithPublished({ metadataUrl, certificate }, context)}`;
    await client.updateSsoCredential(organization, { certificate: certificateAlone(certificate) });
  }
  log.info(`the Hub accepted the new credential, which cannot be read back${compared}. ${NOT_TESTED}`);
}

function parseId(id: string): string {
  const found = /^([^/]+)\/sso$/.exec(id);
  if (!found)
    throw new LifecycleError(
      `"${id}" is not the id of a single sign-on credential. It has the form organization/sso.`,
    );
  return found[1] as string;
}

/** The one way from what is declared to what is kept. */
function toState(inputs: SsoCredentialInputs): SsoCredentialState {
  const reading = inputs.certificate === undefined ? undefined : readCertificate(inputs.certificate);
  const facts = reading && "facts" in reading ? reading.facts : undefined;
  return {
    ...inputs,
    certificateExpiresAt: facts?.expiresAt,
    certificateFingerprint: facts?.fingerprint ?? fingerprintOf(inputs.certificate),
  };
}

// --- Class -------------------------------------------------------------------------------------------------------

const shape: ResourceShape = {
  type: ssoCredentialDefinition.type,
  secrets: ssoCredentialDefinition.secrets,
  outputs: ["organization", "certificateExpiresAt", "certificateFingerprint"],
};

/**
 * The credential of a working single sign-on configuration (Hub: `PUT …/settings/sso/credentials`): an OIDC client's secret
 * or a SAML certificate. It is replaced without turning single sign-on off. Everything else of the configuration is set in
 * the organization's settings on huggingface.co, or with `SsoConfig` on a Hub with the extended API.
 *
 * The Hub never tells the credential, so drift cannot be seen, and a destroy leaves it in force.
 *
 * @example
 * ```ts
 * new SsoCredential("oidc", { organization: "acme", clientSecret: config.requireSecret("clientSecret"), replaceExisting: true });
 * ```
 */
export class SsoCredential extends HubResource {
  /** The organization's name. */
  declare readonly organization: pulumi.Output<string>;
  /** When the certificate ends (ISO 8601, UTC); `undefined` with a secret. */
  declare readonly certificateExpiresAt: pulumi.Output<string | undefined>;
  /** SHA-256 of the certificate, 64 hex digits; `undefined` with a secret. */
  declare readonly certificateFingerprint: pulumi.Output<string | undefined>;

  constructor(name: string, args: SsoCredentialArgs, options?: pulumi.CustomResourceOptions) {
    super(shape, name, args, options);
  }

  /**
   * Names the credential of an organization, without managing it: `organization/sso`. Nothing of it can be read.
   *
   * @throws when the credentials are not a member's of the organization
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): SsoCredential {
    return new SsoCredential(name, {} as SsoCredentialArgs, { ...options, id });
  }
}
