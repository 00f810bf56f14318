import { type InputsOf, type ResourceModel, type StateOf } from "../../model/fields";
import { flagSchema } from "../../model/schemas";
import { organizationInId, ssoFields, ssoOutputs } from "../../model/ssoFields";

export const ssoCredentialModel = {
  type: "SsoCredential",
  fields: {
    organization: ssoFields.organization,
    clientSecret: ssoFields.clientSecret,
    certificate: ssoFields.certificate,
    metadataXml: ssoFields.metadataXml,
    metadataUrl: ssoFields.metadataUrl,
    warnBeforeDays: ssoFields.warnBeforeDays,
    replaceExisting: { schema: flagSchema },
  },
  outputs: ssoOutputs,
} as const satisfies ResourceModel;

export type SsoCredentialInputs = InputsOf<typeof ssoCredentialModel>;
export type SsoCredentialState = StateOf<typeof ssoCredentialModel>;

/** The organization in `organization/sso`. */
export function parseId(id: string): string {
  return organizationInId(id, "a single sign-on credential");
}
