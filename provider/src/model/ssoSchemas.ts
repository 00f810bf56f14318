// Pieces of schemas that SsoConfig and SsoCredential share. A description says what is allowed: it is shown in errors.
/** The most characters that a SAML metadata document may have: far more than one identity provider publishes. */
export const MAX_METADATA = 1024 * 1024;

export const httpsUrlSchema = {
  type: "string",
  minLength: 1,
  maxLength: 2048,
  description: "an https URL of at most 2048 characters",
} as const;

export const certificateSchema = {
  type: "string",
  minLength: 1,
  maxLength: 10_000,
  description: "a PEM certificate of at most 10000 characters",
} as const;

export const metadataXmlSchema = {
  type: "string",
  minLength: 1,
  maxLength: MAX_METADATA,
  description: `SAML metadata of at most ${MAX_METADATA} characters`,
} as const;

export const clientSecretSchema = {
  type: "string",
  minLength: 1,
  maxLength: 1024,
  description: "1 to 1024 characters",
} as const;

/** Days before a certificate's end. */
export const warnBeforeDaysSchema = {
  type: "number",
  minimum: 0,
  maximum: 3650,
  default: 30,
  description: "days, 0 to 3650",
} as const;
