import type * as pulumi from "@pulumi/pulumi";
import { HubResource, type ResourceShape } from "../engine/hubResource";
import {
  type ArgsSchema,
  type CheckFailure,
  LifecycleError,
  type LifecycleContext,
  type ResourceDefinition,
} from "../model/definition";
import { organizationSchema } from "../model/schemas";
import { diffOf } from "../model/diff";
import { isUnknown, known } from "../model/unknown";
import { dateProblem, fingerprintOf, readCertificate, sameCertificate } from "../rules/certificate";

// --- Arguments ---------------------------------------------------------------------------------------------------

/** Arguments of an {@link SsoCredential}: exactly one of `clientSecret` and `certificate`. */
export interface SsoCredentialArgs {
  /** The organization's name. A change replaces the resource. */
  organization: pulumi.Input<string>;
  /** OIDC: the client's secret, 1 to 1024 characters. Encrypted in the state. A change is sent at once. */
  clientSecret?: pulumi.Input<string>;
  /** SAML: the certificate that signs the identity provider's answers, as PEM, in force and strong. A change is sent at once. */
  certificate?: pulumi.Input<string>;
  /**
   * Must be true: the Hub does not tell which credential is there, so the first `up` overwrites an unknown one.
   */
  replaceExisting?: pulumi.Input<boolean>;
}

// --- State -------------------------------------------------------------------------------------------------------

interface SsoCredentialInputs {
  organization: string;
  clientSecret?: string;
  certificate?: string;
  replaceExisting: boolean;
}

interface SsoCredentialState extends SsoCredentialInputs {
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
    clientSecret: { type: "string", minLength: 1, maxLength: 1024, description: "1 to 1024 characters" },
    certificate: {
      type: "string",
      minLength: 1,
      maxLength: 10_000,
      description: "a PEM certificate of at most 10000 characters",
    },
    replaceExisting: { type: "boolean", default: false, description: "true or false" },
  },
};

// --- Lifecycle ---------------------------------------------------------------------------------------------------

/** The lifecycle of an {@link SsoCredential}, without Pulumi. */
export const ssoCredentialDefinition: ResourceDefinition<SsoCredentialInputs, SsoCredentialState> = {
  type: "SsoCredential",
  schema,
  secrets: ["clientSecret"],
  replaceOn: ["organization"],
  stateVersion: 1,

  label: ({ organization }) => `of ${organization ?? ""}`,

  check(inputs, previous, { now, log }) {
    const failures: CheckFailure[] = [];
    if ((inputs.clientSecret === undefined) === (inputs.certificate === undefined)) {
      failures.push({
        property: "",
        reason: "give exactly one of clientSecret (OIDC) and certificate (SAML)",
      });
    }
    const sameOrganization = previous?.organization === inputs.organization;
    if (!sameOrganization && inputs.replaceExisting !== true && !isUnknown(inputs.replaceExisting)) {
      failures.push({
        property: "replaceExisting",
        reason:
          "must be true: the Hub does not tell which credential the organization has, so the first `pulumi up` overwrites an unknown one",
      });
    }
    const certificate = known(inputs.certificate);
    if (certificate !== undefined) {
      const reading = readCertificate(certificate);
      const problem = "problem" in reading ? reading.problem : dateProblem(reading.facts, now);
      const aboutToBeSent = !sameOrganization || !sameCertificate(certificate, previous?.certificate);
      if (problem && aboutToBeSent) failures.push({ property: "", reason: `certificate: ${problem}` });
      else if (problem) log.warn(`the certificate ${problem}.`);
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
    const inputs = { organization, replaceExisting: false };
    return { inputs, state: toState(inputs) };
  },

  async update(_id, state, inputs, context) {
    const same =
      inputs.clientSecret === state.clientSecret && sameCertificate(inputs.certificate, state.certificate);
    if (!same) await send(inputs, context);
    return toState(inputs);
  },

  delete(_id, _state, { log }) {
    log.info("the credential stays in force on the Hub: the Hub has no way to take one away.");
    return Promise.resolve();
  },
};

async function send(
  { organization, clientSecret, certificate }: SsoCredentialInputs,
  { client, log }: LifecycleContext,
): Promise<void> {
  if (clientSecret !== undefined) await client.updateSsoCredential(organization, { clientSecret });
  else if (certificate !== undefined) await client.updateSsoCredential(organization, { certificate });
  log.info(
    "the Hub has the new credential. Whether a login works with it was not tested: try one before you sign out.",
  );
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
