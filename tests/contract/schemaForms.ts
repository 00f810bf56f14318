// A JSON schema as the list of its forms: plain schemas without anyOf, oneOf, allOf, `not` or a list of types. A
// value matches the schema if it matches one of them.
import { type Schema } from "./document";

/** All forms of a schema, in the document's order; none if nothing can match. */
export function formsOf(schema: Schema): Schema[] {
  const { anyOf, oneOf, allOf, not, type, ...rest } = schema;
  // The document uses `not` only as `{"not": {}}`, which means "nothing".
  if (isObject(not) && Object.keys(not).length === 0) return [];
  const types = Array.isArray(type) ? (type as string[]) : [type as string | undefined];
  const parts: Schema[][] = [types.map((each) => (each === undefined ? rest : { type: each, ...rest }))];
  for (const choices of [anyOf, oneOf]) {
    if (Array.isArray(choices)) parts.push((choices as Schema[]).flatMap(formsOf));
  }
  if (Array.isArray(allOf)) parts.push(...(allOf as Schema[]).map(formsOf));
  return parts.reduce<Schema[]>(
    (before, choices) => before.flatMap((form) => choices.flatMap((choice) => both(form, choice))),
    [{}],
  );
}

/** The form that matches both forms at the same time, or none. */
function both(a: Schema, b: Schema): Schema[] {
  const type = commonType(a["type"], b["type"]);
  const values = commonValues(a, b);
  const properties = commonProperties(a, b);
  if (type === "none" || values === "none" || properties === "none") return [];
  const { const: _a, enum: _b, ...others } = { ...a, ...b };
  const form: Schema = {
    ...others,
    ...(type !== undefined && { type }),
    ...(values !== undefined && { enum: values }),
    ...properties,
    ...tightest(a, b, ["minimum", "exclusiveMinimum", "minLength", "minItems"], Math.max),
    ...tightest(a, b, ["maximum", "exclusiveMaximum", "maxLength", "maxItems"], Math.min),
  };
  return [form];
}

function commonType(a: unknown, b: unknown): unknown {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  return [a, b].every((type) => type === "integer" || type === "number") ? "integer" : "none";
}

function commonValues(a: Schema, b: Schema): unknown[] | "none" | undefined {
  const [first, second] = [valuesOf(a), valuesOf(b)];
  if (!first || !second) return first ?? second;
  const shared = first.filter((value) => second.includes(value));
  return shared.length === 0 ? "none" : shared;
}

/** The only values that a form allows; undefined if it does not list values. */
export function valuesOf(form: Schema): unknown[] | undefined {
  if (Object.hasOwn(form, "const")) return [form["const"]];
  return Array.isArray(form["enum"]) ? (form["enum"] as unknown[]) : undefined;
}

/** The properties that an object's form names. */
export function propertiesOf(form: Schema): Record<string, Schema> {
  return (form["properties"] ?? {}) as Record<string, Schema>;
}

/** The names of an object's required properties. */
export function requiredOf(form: Schema): string[] {
  return (form["required"] ?? []) as string[];
}

function commonProperties(a: Schema, b: Schema): Schema | "none" {
  if (!a["properties"] && !b["properties"] && !a["required"] && !b["required"]) return {};
  const [first, second] = [propertiesOf(a), propertiesOf(b)];
  const required = [...new Set([...requiredOf(a), ...requiredOf(b)])];
  const properties: Record<string, Schema> = {};
  for (const name of new Set([...Object.keys(first), ...Object.keys(second)])) {
    const schemas = [first[name], second[name]].filter((schema) => schema !== undefined);
    // A closed form forbids properties that only the other form names.
    const closed = schemas.length === 1 && (first[name] ? b : a)["additionalProperties"] === false;
    if (!closed) properties[name] = schemas.length === 1 ? (schemas[0] as Schema) : { allOf: schemas };
    else if (required.includes(name)) return "none";
  }
  const isClosed = a["additionalProperties"] === false || b["additionalProperties"] === false;
  return { properties, required, ...(isClosed && { additionalProperties: false }) };
}

function tightest(a: Schema, b: Schema, names: string[], choose: (...values: number[]) => number): Schema {
  return Object.fromEntries(
    names.flatMap((name) => {
      const limits = [a[name], b[name]].filter((limit) => typeof limit === "number");
      return limits.length === 0 ? [] : [[name, choose(...limits)]];
    }),
  );
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
