// Describes an error of ajv in plain words.
import { type ErrorObject } from "ajv";

/** Names of fields whose values are secret. */
const SECRET = /token|secret|cert|credential|password|key/i;

/** The value that the document expects. */
export function wanted(error: ErrorObject): string {
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case "additionalProperties":
      return `wanted no field ${String(params["additionalProperty"])}`;
    case "unevaluatedProperties":
      return `wanted no field ${String(params["unevaluatedProperty"])}`;
    case "required":
      return `wanted the field ${String(params["missingProperty"])}`;
    case "type":
      return `wanted ${String(params["type"])}`;
    case "enum":
      return `wanted one of ${list(params["allowedValues"] as unknown[])}`;
    case "const":
      return `wanted ${JSON.stringify(params["allowedValue"])}`;
    case "pattern":
      return `wanted ${short(String(params["pattern"]), 80)}`;
    case "format":
      return `wanted the format ${String(params["format"])}`;
    case "anyOf":
    case "oneOf":
      return "wanted one of the document's forms";
    case "not":
      return "wanted what the document does not exclude";
    default:
      return `wanted: ${error.message ?? error.keyword}`;
  }
}

/** The actual value, unless it could be a secret. */
export function shown(error: ErrorObject): string {
  if (["additionalProperties", "unevaluatedProperties"].includes(error.keyword)) return "it";
  if (error.keyword === "required") return "none";
  const value: unknown = error.data;
  if (value === null) return "null";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object") return "an object";
  const text = JSON.stringify(value) ?? "nothing";
  const secret = SECRET.test(error.instancePath.split("/").pop() ?? "") || text.includes("hf_");
  return typeof value === "string" && secret ? `text of ${value.length} characters` : short(text, 80);
}

function list(values: unknown[]): string {
  const texts = values.map((value) => JSON.stringify(value));
  return texts.length <= 12
    ? texts.join(", ")
    : `${texts.slice(0, 12).join(", ")} and ${texts.length - 12} more`;
}

function short(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
