/** A JSON schema. */
export type Schema = { readonly [keyword: string]: unknown };

/** Makes the schemas of routes short to write and to read. */

export const text = (limits: { min?: number; max?: number } = {}): Schema => ({
  type: "string",
  ...(limits.min !== undefined && { minLength: limits.min }),
  ...(limits.max !== undefined && { maxLength: limits.max }),
});

export const flag: Schema = { type: "boolean" };
export const count: Schema = { type: "integer", minimum: 0 };
export const id: Schema = { type: "string", pattern: "^[0-9a-f]{24}$" };
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

/** An object with exactly these properties; a name that ends in `?` may be left out. */
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

/** Like {@link object}, for what official clients send more of than this Hub looks at. */
export function openObject(properties: Record<string, Schema>): Schema {
  return { ...object(properties), additionalProperties: true };
}
