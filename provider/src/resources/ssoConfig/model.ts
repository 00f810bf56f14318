import { boolean, object, oneOf, optional, string } from "../../client/shape";
import { type InputsOf, type ResourceModel, type StateOf } from "../../model/fields";
import { flagSchema } from "../../model/schemas";
import { readHeard } from "../../rules/intent";
import { httpsUrlSchema, organizationInId, ssoFields, ssoOutputs } from "../../model/ssoFields";

const identityProvider = {
  provider: oneOf("saml", "oidc"),
  ssoUrl: optional(string),
  clientId: optional(string),
  certificateFingerprint: optional(string),
};

const facets = object({ enabled: optional(boolean), identityProvider: optional(object(identityProvider)) });

/** A configuration by its facets; what is absent does not count as brought about. */
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
    acknowledgeOverwrite: {
      schema: {
        type: "string",
        maxLength: 500,
        pattern: "\\S",
        description: "why what someone changed on the Hub is to be reverted, 1 to 500 characters",
      },
    },
    onDestroy: {
      schema: { enum: ["retain", "disable"], default: "retain", description: "retain or disable" },
    },
  },
  outputs: ssoOutputs,
  memory: {
    /** What was last brought about, which tells a change on the Hub from a change of the program. */
    applied: optional(facets),
    /** What was sent in vain, and may have arrived all the same. */
    tried: optional(facets),
    /** What the Hub had when an update failed; otherwise the arguments say it. */
    seen: optional(object({ ...identityProvider, enabled: boolean })),
    /** The reasons that were given so far. */
    heard: readHeard,
    /** When it was last brought about, by the Hub's clock. */
    appliedAt: optional(string),
    /** Deleted on the Hub: the rest is what was there last. */
    missing: optional(oneOf(true)),
    /** Another configuration has taken the place of one that was deleted, and no run of the program has reported it. */
    unreported: optional(oneOf(true)),
    /** The fingerprint of the certificate that was last sent, also after nothing counts as applied any more. */
    lastCertificate: optional(string),
  },
  // They repeat arguments that may be secret, and the engine encrypts an output only if the argument of its own name is.
  secretOutputs: ["applied", "tried", "seen", "lastCertificate"],
} as const satisfies ResourceModel;

export type SsoConfigInputs = InputsOf<typeof ssoConfigModel>;
export type SsoConfigState = StateOf<typeof ssoConfigModel>;

/** The organization in `organization/sso`. */
export function parseId(id: string): string {
  return organizationInId(id, "a single sign-on configuration");
}
