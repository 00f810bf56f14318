import { boolean, object, oneOf, optional, string } from "../../client/shape";
import { type InputsOf, type ResourceModel, type StateOf } from "../../model/fields";
import { acknowledgeOverwriteSchema, flagSchema } from "../../model/schemas";
import { readHeard } from "../../rules/intent";
import { httpsUrlSchema, organizationInId, ssoFields, ssoOutputs } from "../../model/ssoFields";

const identityProvider = {
  provider: oneOf("saml", "oidc"),
  ssoUrl: optional(string),
  clientId: optional(string),
  certificateFingerprint: optional(string),
};

const facets = object({ enabled: optional(boolean), identityProvider: optional(object(identityProvider)) });

/** A configuration by its facets. An absent facet does not count as applied. */
export type Facets = ReturnType<typeof facets>;

export const ssoConfigModel = {
  type: "SsoConfig",
  fields: {
    organization: ssoFields.organization,
    provider: { schema: { enum: ["saml", "oidc"], description: "saml or oidc" }, required: true },
    enabled: {
      schema: { type: "boolean", default: true, description: "true or false" },
      stored: boolean,
    },
    ssoUrl: { schema: httpsUrlSchema, stored: optional(string) },
    certificate: ssoFields.certificate,
    metadataXml: ssoFields.metadataXml,
    metadataUrl: ssoFields.metadataUrl,
    verifyIssuer: { schema: { type: "boolean", default: true, description: "true or false" } },
    clientId: {
      schema: { type: "string", minLength: 1, maxLength: 1024, description: "1 to 1024 characters" },
      stored: optional(string),
    },
    clientSecret: ssoFields.clientSecret,
    warnBeforeDays: ssoFields.warnBeforeDays,
    adopt: { schema: flagSchema },
    acknowledgeOverwrite: { schema: acknowledgeOverwriteSchema },
    onDestroy: {
      schema: { enum: ["retain", "disable"], default: "retain", description: "retain or disable" },
    },
  },
  outputs: ssoOutputs,
  memory: {
    /** The values that were last applied, to distinguish changes on the Hub from changes of the program. */
    applied: optional(facets),
    /** Values that were sent without a response and may have arrived. */
    tried: optional(facets),
    /** The Hub's values when an update failed. Otherwise they are the same as the arguments. */
    seen: optional(object({ ...identityProvider, enabled: boolean })),
    /** The reasons that runs have seen. */
    heard: readHeard,
    /** When `applied` was applied, by the Hub's clock. */
    appliedAt: optional(string),
    /** The configuration was deleted on the Hub; the other values are the last known ones. */
    missing: optional(oneOf(true)),
    /** A new configuration replaced a deleted one, and no run of the program has reported that yet. */
    unreported: optional(oneOf(true)),
    /** The fingerprint of the certificate that was last sent, kept even if nothing counts as applied any more. */
    lastCertificate: optional(string),
  },
  // They repeat arguments that may be secret. The engine encrypts an output only if the argument with the same name is secret.
  secretOutputs: ["applied", "tried", "seen", "lastCertificate"],
} as const satisfies ResourceModel;

export type SsoConfigInputs = InputsOf<typeof ssoConfigModel>;
export type SsoConfigState = StateOf<typeof ssoConfigModel>;

/** The organization in `organization/sso`. */
export function parseId(id: string): string {
  return organizationInId(id, "a single sign-on configuration");
}
