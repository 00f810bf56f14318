// The fields that SsoConfig and SsoCredential share. A description says what is allowed, and errors contain it.
import { optional, string } from "../client/shape";
import { type Field } from "./fields";
import { partsOfId } from "./objectId";
import { organizationSchema } from "./schemas";
import { known } from "./unknown";

/** The most characters of a SAML metadata document: far more than any identity provider publishes. */
export const MAX_METADATA = 1024 * 1024;

export const httpsUrlSchema = {
  type: "string",
  minLength: 1,
  maxLength: 2048,
  description: "an https URL of at most 2048 characters",
} as const;

// A refresh may store an empty text from the Hub, although an argument cannot be empty.
const storedText = optional(string);

export const ssoFields = {
  organization: { schema: organizationSchema, required: true, replaces: true },
  certificate: {
    schema: {
      type: "string",
      minLength: 1,
      maxLength: 10_000,
      description: "a PEM certificate of at most 10000 characters",
    },
    stored: storedText,
  },
  /** Stored only if it cannot be used; otherwise the values from the document are stored. */
  metadataXml: {
    schema: {
      type: "string",
      minLength: 1,
      maxLength: MAX_METADATA,
      description: `SAML metadata of at most ${MAX_METADATA} characters`,
    },
  },
  metadataUrl: { schema: httpsUrlSchema },
  clientSecret: {
    schema: { type: "string", minLength: 1, maxLength: 1024, description: "1 to 1024 characters" },
    secret: true,
    stored: storedText,
  },
  warnBeforeDays: {
    schema: { type: "number", minimum: 0, maximum: 3650, default: 30, description: "days, 0 to 3650" },
  },
} as const satisfies Record<string, Field>;

export const ssoOutputs = {
  certificateExpiresAt: optional(string),
  certificateFingerprint: optional(string),
} as const;

/** The organization in the id `organization/sso`; `of` says in words what has this id. */
export function organizationInId(id: string, of: string): string {
  const form = { pattern: /^(?<organization>[^/]+)\/sso$/, of, form: "organization/sso" };
  return partsOfId(id, form)["organization"] as string;
}

/** The id `organization/sso` from the arguments; `undefined` if the organization is not known yet. */
export function declaredOrganization(inputs: { organization: string }): string | undefined {
  const organization = known(inputs.organization);
  return organization === undefined ? undefined : `${organization}/sso`;
}
