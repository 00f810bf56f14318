import { isIPv4, isIPv6 } from "node:net";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { type Schema } from "./schema.js";

const UTC_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

function makeAjv(coerceTypes: boolean | "array"): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    coerceTypes,
    useDefaults: true,
    strict: true,
    allowUnionTypes: true,
  });
  ajv.addFormat("utc-time", { type: "string", validate: isUtcTime });
  ajv.addFormat("http-url", { type: "string", validate: isHttpUrl });
  ajv.addFormat("uri", { type: "string", validate: (value: string) => URL.canParse(value) });
  ajv.addFormat("cidr", { type: "string", validate: isCidr });
  return ajv;
}

/** In a query, all values are text, so text is converted to the schema's type. */
const forQueries = makeAjv("array");
const forBodies = makeAjv(false);
const compiledFor = {
  queries: new WeakMap<Schema, ValidateFunction>(),
  bodies: new WeakMap<Schema, ValidateFunction>(),
};

function validator(schema: Schema, query: boolean): ValidateFunction {
  const compiled = query ? compiledFor.queries : compiledFor.bodies;
  let validate = compiled.get(schema);
  if (!validate) {
    validate = (query ? forQueries : forBodies).compile(schema);
    compiled.set(schema, validate);
  }
  return validate;
}

function isUtcTime(value: string): boolean {
  return UTC_TIME.test(value) && !Number.isNaN(Date.parse(value));
}

function isHttpUrl(value: string): boolean {
  try {
    return ["http:", "https:"].includes(new URL(value).protocol);
  } catch {
    return false;
  }
}

/** Accepts every valid IPv6 form. The document's pattern rejects some, such as 2600:1f69:7400::/40. */
function isCidr(value: string): boolean {
  const [, address = "", bits = ""] = /^([^/%]+)\/(0|[1-9]\d{0,2})$/.exec(value) ?? [];
  return (isIPv4(address) && Number(bits) <= 32) || (isIPv6(address) && Number(bits) <= 128);
}

/**
 * Removes fields that the schema does not list from a valid value, at every level. If the schema has alternatives, the first
 * one that matches applies.
 */
export function known(schema: Schema, value: unknown, options: { query?: boolean } = {}): unknown {
  const forms = schema.anyOf as Schema[] | undefined;
  if (forms) {
    const form = forms.find((each) => !problems(each, value, options).length);
    return form ? known(form, value, options) : value;
  }
  if (Array.isArray(value)) {
    const { items } = schema as { items?: Schema };
    return items ? value.map((item) => known(items, item, options)) : value;
  }
  if (typeof value !== "object" || value === null) return value;
  const { properties, if: condition, then } = schema as Record<string, Schema | undefined>;
  if (!properties) return value;
  const also = condition && then && !problems(condition, value, options).length ? then.properties : {};
  const listed = { ...properties, ...(also as object) } as Record<string, Schema>;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => Object.hasOwn(listed, name))
      .map(([name, inner]) => [name, known(listed[name] ?? {}, inner, options)]),
  );
}

/**
 * Returns a line for each error in a value, or an empty list if it is valid. The lines contain the names of properties and
 * the allowed values, but never the value, because it could be a secret.
 *
 * @param options - `query`: the value is a query. Its text is converted to the schema's types, in place.
 */
export function problems(schema: Schema, value: unknown, options: { query?: boolean } = {}): string[] {
  const validate = validator(schema, options.query ?? false);
  if (validate(value)) return [];
  const lines = (validate.errors ?? []).map(describe).filter((line) => line !== undefined);
  return [...new Set(lines)];
}

function describe(error: ErrorObject): string | undefined {
  const path = error.instancePath.slice(1).replaceAll("/", ".");
  const params = error.params as Record<string, unknown>;
  const at = (name: unknown): string => [path, String(name)].filter(Boolean).join(".");
  switch (error.keyword) {
    case "additionalProperties":
      return `${at(params.additionalProperty)}: unknown field`;
    case "required":
      return `${at(params.missingProperty)}: required`;
    case "enum":
      return `${path || "value"}: must be one of ${(params.allowedValues as unknown[]).map(show).join(", ")}`;
    case "const":
      return `${path || "value"}: must be ${show(params.allowedValue)}`;
    case "if":
      // The errors of "then" already describe the problem.
      return undefined;
    case "anyOf":
    case "oneOf":
      return `${path || "value"}: matches none of the allowed forms`;
    default:
      return `${path || "value"}: ${error.message ?? "is not valid"}`;
  }
}

function show(value: unknown): string {
  return JSON.stringify(value);
}
