import type { ErrorObject, ValidateFunction } from "ajv";
import { boundProblem } from "./bounds";
import { type ArgsSchema, type CheckFailure } from "./definition";
import { type Properties, sameData } from "./plain";
import { printableLine } from "../client/printable";
import { containsUnknown, isUnknown } from "./unknown";

/** More failures do not help the user and take long to compare. */
const MAX_FAILURES = 100;

const compiled = new WeakMap<ArgsSchema, ValidateFunction>();

/** Everything that is wrong with the arguments: the property, the problem and what is allowed. */
export function validate(schema: ArgsSchema, secrets: readonly string[], inputs: Properties): CheckFailure[] {
  const check = validator(schema);
  if (check(inputs)) return [];
  const failures = (check.errors ?? [])
    // guard: unknown-not-judged
    .filter((error) => !dependsOnUnknown(error))
    .slice(0, MAX_FAILURES)
    .map((error) => failure(error, schema, secrets));
  return failures.filter((one, index) => failures.findIndex((other) => sameData(one, other)) === index);
}

/** Failures for arguments that are too deep or too large to validate. */
export function outsizedProperties(schema: ArgsSchema, inputs: Properties): CheckFailure[] {
  return Object.entries(inputs)
    .flatMap(([name, value]): CheckFailure[] => {
      const problem = boundProblem(value);
      if (problem === undefined) return [];
      return Object.hasOwn(schema.properties, name)
        ? [{ property: name, reason: problem }]
        : [{ property: "", reason: `unknown property "${named(name)}": ${problem}` }];
    })
    .slice(0, MAX_FAILURES);
}

/** The default values in the schema. */
export function defaultsOf(schema: ArgsSchema): Readonly<Properties> {
  const known = DEFAULTS.get(schema);
  if (known) return known;
  const defaults = Object.fromEntries(
    Object.entries(schema.properties)
      .filter(([, property]) => property["default"] !== undefined)
      .map(([name, property]) => [name, property["default"]]),
  );
  DEFAULTS.set(schema, defaults);
  return defaults;
}

/** Computed once for each resource type, because a run compares thousands of resources. */
const DEFAULTS = new WeakMap<ArgsSchema, Readonly<Properties>>();

/** The arguments with their defaults, and with sorted lists if their order does not matter. */
export function normalise(schema: ArgsSchema, inputs: Properties): Properties {
  const result: Properties = { ...defaultsOf(schema), ...inputs };
  for (const [name, property] of Object.entries(schema.properties)) {
    const value = result[name];
    if (property["uniqueItems"] === true && isStrings(value) && !containsUnknown(value)) {
      result[name] = [...value].sort();
    }
  }
  return result;
}

/** The arguments are not validated yet, and only strings can be sorted here. */
function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** The known name that is most similar to a misspelt one, if it is similar enough. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  // Loaded here, because only an error needs it.
  const { closest, distance } = require("fastest-levenshtein") as typeof import("fastest-levenshtein");
  if (known.length === 0) return undefined;
  const nearest = closest(name.slice(0, 100).toLowerCase(), [...known]);
  return distance(name.slice(0, 100).toLowerCase(), nearest.toLowerCase()) <= Math.max(2, nearest.length / 3)
    ? nearest
    : undefined;
}

function validator(schema: ArgsSchema): ValidateFunction {
  let check = compiled.get(schema);
  if (!check) {
    // Loaded here, because a program does not validate; only the process for dynamic resources does.
    const { Ajv } = require("ajv") as typeof import("ajv");
    check = new Ajv({
      allErrors: true,
      verbose: true,
      strict: true,
      allowUnionTypes: true,
      // Our schemas are constant and a test validates them. Validating them in each process would take most of its time.
      validateSchema: false,
      meta: false,
    }).compile(schema);
    compiled.set(schema, check);
  }
  return check;
}

function dependsOnUnknown(error: ErrorObject): boolean {
  if (isUnknown(error.data)) return true;
  // An unknown part of the value cannot change the result of these checks, because our enums have only plain values.
  const aboutStructure = ["required", "additionalProperties", "type", "enum"].includes(error.keyword);
  return !aboutStructure && containsUnknown(error.data);
}

function failure(error: ErrorObject, schema: ArgsSchema, secrets: readonly string[]): CheckFailure {
  const path = error.instancePath.split("/").slice(1).map(unescapePointer);
  if (error.keyword === "additionalProperties") {
    const name = String((error.params as { additionalProperty: string }).additionalProperty);
    const parts = (error.parentSchema as Partial<ArgsSchema> | undefined)?.properties ?? {};
    const names = Object.keys(parts).filter((property) => property !== "owner");
    const [top, ...rest] = path.map(named);
    const place = `${top === undefined ? "" : `${top}: `}${rest.length > 0 ? `item ${rest.join(".")}: ` : ""}`;
    const nearest = nearestName(name, names);
    return {
      // The value of a misspelt property may be a secret, so the engine must not print it.
      property: "",
      reason: `${place}unknown property "${named(name)}"${nearest ? `; did you mean "${nearest}"?` : ""} Allowed: ${names.join(", ")}`,
    };
  }
  if (error.keyword === "required" && path.length === 0) {
    const name = (error.params as { missingProperty: string }).missingProperty;
    return { property: name, reason: `is required: ${describe(schema.properties[name])}` };
  }
  const top = path[0] ?? "";
  const secret = secrets.includes(top);
  const where = path.length > 1 ? `item ${path.slice(1).map(named).join(".")}: ` : "";
  const reason = `${where}${explain(error)}`;
  return secret ? { property: "", reason: `${top}: ${reason}` } : { property: top, reason };
}

function explain(error: ErrorObject): string {
  const property = (error.parentSchema ?? {}) as Record<string, unknown>;
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case "enum":
      return `must be one of ${(params["allowedValues"] as unknown[]).map((value) => JSON.stringify(value)).join(", ")}`;
    case "type":
      return `must be ${[params["type"]].flat().join(" or ")}, not ${typeName(error.data)}; ${describe(property)}`;
    case "pattern":
      return `does not have the right form; ${describe(property)}`;
    default:
      return `${error.message ?? "is not valid"}; ${describe(property)}`;
  }
}

function describe(property: Record<string, unknown> | undefined): string {
  return typeof property?.["description"] === "string" ? property["description"] : "see the documentation";
}

function named(name: string): string {
  return printableLine(name, 100);
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function unescapePointer(part: string): string {
  return part.replace(/~1/g, "/").replace(/~0/g, "~");
}
