import type { ErrorObject, ValidateFunction } from "ajv";
import { boundProblem } from "./bounds";
import { type ArgsSchema, type CheckFailure } from "./definition";
import { type Properties, sameData } from "./plain";
import { printableLine } from "../client/printable";
import { containsUnknown, isUnknown } from "./unknown";

/** More would help nobody, and take long to compare. */
const MAX_FAILURES = 100;

const compiled = new WeakMap<ArgsSchema, ValidateFunction>();

/** All that is wrong with the arguments, each with its property, what was wrong and what is allowed. */
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

/** Arguments that are too deep or too wide to be looked at any closer. */
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

/** The default values that the schema names. */
export function defaultsOf(schema: ArgsSchema): Properties {
  return Object.fromEntries(
    Object.entries(schema.properties)
      .filter(([, property]) => property["default"] !== undefined)
      .map(([name, property]) => [name, property["default"]]),
  );
}

/** The arguments with defaults filled in and lists that are sets sorted, so that equal ones look equal. */
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

/** Nobody has validated yet what is to be sorted, and not everything has an order. */
function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** The known name nearest to a misspelt one, where one is near enough to be meant. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  // Loaded here because only a mistake needs it.
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
    // Loaded here because a program only declares: the process that serves the engine validates.
    const { Ajv } = require("ajv") as typeof import("ajv");
    check = new Ajv({
      allErrors: true,
      verbose: true,
      strict: true,
      allowUnionTypes: true,
      // Our schemas are constant, and a test holds them against the schema of schemas: to do that in each process takes longer
      // than all the rest.
      validateSchema: false,
      meta: false,
    }).compile(schema);
    compiled.set(schema, check);
  }
  return check;
}

function dependsOnUnknown(error: ErrorObject): boolean {
  if (isUnknown(error.data)) return true;
  // What these ask, nothing that is still unknown inside the value can change; all our enums are of plain values.
  const aboutStructure = ["required", "additionalProperties", "type", "enum"].includes(error.keyword);
  return !aboutStructure && containsUnknown(error.data);
}

function failure(error: ErrorObject, schema: ArgsSchema, secrets: readonly string[]): CheckFailure {
  const path = error.instancePath.split("/").slice(1).map(unescapePointer);
  if (error.keyword === "additionalProperties") {
    const name = String((error.params as { additionalProperty: string }).additionalProperty);
    const names = Object.keys(schema.properties).filter((property) => property !== "owner");
    const nearest = nearestName(name, names);
    return {
      // The value of a misspelt property may well be a secret, so the engine must not print it.
      property: "",
      reason: `unknown property "${named(name)}"${nearest ? `; did you mean "${nearest}"?` : ""} Allowed: ${names.join(", ")}`,
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
