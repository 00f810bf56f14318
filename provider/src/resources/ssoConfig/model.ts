import { boolean, object, oneOf, optional, string } from "../../client/shape";
import { type InputsOf, type ResourceModel, type StateOf } from "../../model/fields";
import { flagSchema } from "../../model/schemas";
import { httpsUrlSchema, organizationInId, ssoFields, ssoOutputs } from "../../model/ssoFields";

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
    /** What was last sent, which tells a change on the Hub from a change of the program; and the last reason to revert one. */
    applied: object({
      provider: oneOf("saml", "oidc"),
      enabled: boolean,
      ssoUrl: optional(string),
      clientId: optional(string),
      certificateFingerprint: optional(string),
      reason: optional(string),
    }),
    /** Deleted on the Hub: the rest is what was there last. */
    missing: optional(oneOf(true)),
  },
  // It repeats arguments that may be secret, and the engine encrypts an output only if the argument of its own name is.
  secretOutputs: ["applied"],
} as const satisfies ResourceModel;

export type SsoConfigInputs = InputsOf<typeof ssoConfigModel>;
export type SsoConfigState = StateOf<typeof ssoConfigModel>;

/** The organization in `organization/sso`. */
export function parseId(id: string): string {
  return organizationInId(id, "a single sign-on configuration");
}
