/** A JSON schema. */
export type Schema = { readonly [keyword: string]: unknown };

// Helpers that keep the schemas of routes short.

export const text = (limits: { min?: number; max?: number; pattern?: string } = {}): Schema => ({
  type: "string",
  ...(limits.min !== undefined && { minLength: limits.min }),
  ...(limits.max !== undefined && { maxLength: limits.max }),
  ...(limits.pattern !== undefined && { pattern: limits.pattern }),
});

export const flag: Schema = { type: "boolean" };
/** The document's upper limit for integers without another limit. */
export const MAX_INTEGER = Number.MAX_SAFE_INTEGER;
export const count: Schema = { type: "integer", minimum: 0, maximum: MAX_INTEGER };
export const positive: Schema = { type: "integer", exclusiveMinimum: 0, maximum: MAX_INTEGER };
export const id: Schema = { type: "string", pattern: "^[0-9a-f]{24}$" };
/** An id in a request. It may have upper-case letters. */
export const anyId: Schema = { type: "string", pattern: "^[0-9a-fA-F]{24}$" };
/** An email address, with the pattern of the document. */
export const email: Schema = {
  type: "string",
  pattern:
    "^(?!\\.)(?!.*\\.\\.)([A-Za-z0-9_'+\\-\\.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9\\-]*\\.)+[A-Za-z]{2,}$",
};
export const time: Schema = { type: "string", format: "utc-time" };

export const oneOf = (...values: readonly unknown[]): Schema => ({ enum: values });
export const constant = (value: unknown): Schema => ({ const: value });
export const listOf = (items: Schema, limits: { min?: number; max?: number } = {}): Schema => ({
  type: "array",
  items,
  ...(limits.min !== undefined && { minItems: limits.min }),
  ...(limits.max !== undefined && { maxItems: limits.max }),
});
export const either = (...schemas: Schema[]): Schema => ({ anyOf: schemas });
export const nullable = (schema: Schema): Schema => either(schema, { type: "null" });
export const anything: Schema = {};
export const anyObject: Schema = { type: "object" };

/** An object with exactly these properties. A property whose name ends in `?` is optional. */
export function object(properties: Record<string, Schema>): Schema {
  const required = Object.keys(properties).filter((name) => !name.endsWith("?"));
  const schemas = Object.entries(properties).map(([name, schema]) => [name.replace(/\?$/, ""), schema]);
  return {
    type: "object",
    properties: Object.fromEntries(schemas) as Schema,
    required,
    additionalProperties: false,
  };
}

/**
 * An object in a request. Like {@link object}, but unknown fields are allowed, as in the Hub's document. The server removes
 * them before it calls the handler.
 */
export function input(properties: Record<string, Schema>): Schema {
  return { ...object(properties), additionalProperties: true };
}

/** An object with arbitrary property names. */
export const mapOf = (values: Schema, names?: Schema): Schema => ({
  type: "object",
  additionalProperties: values,
  ...(names && { propertyNames: names }),
});
