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
  return ajv;
}

/** In a query everything is text, so a number may come as one. */
const forQueries = makeAjv("array");
const forBodies = makeAjv(false);
const compiled = new WeakMap<Schema, ValidateFunction>();

function validator(schema: Schema, query: boolean): ValidateFunction {
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

/**
 * What is wrong with a value, in one line for each failure; empty if nothing is. Names properties and what is allowed,
 * never what was sent: it could be a secret.
 *
 * @param options - `query`: the value is a query, so text that reads as a number is one; it is changed in place.
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
