// Corrections of the Hub's document, and operations that it lacks, as data with reasons.
import amendmentsFile from "./amendments.json";
import { type Schema } from "./document";

/** A change of the document. */
export interface Change {
  /** JSON pointers (RFC 6901) to the changed places. Each of them must exist. */
  pointers: string[];
  /** Replaces the value there, which must equal `was`: a different value may need no change. */
  set?: unknown;
  was?: unknown;
  /** Is removed from the list there. */
  removeItem?: unknown;
  /** Is added to the list there. */
  addItem?: unknown;
  /**
   * In the `allOf` there, each part forbids the fields of the others. The parts become open, and the whole forbids
   * fields that no part names.
   */
  closeWhole?: true;
  reason: string;
}

/** Operations that the document lacks. */
export interface Addition {
  kind: "extended" | "clients";
  method: string;
  /** Each path gets the operation: most differ only in the type of repository. */
  paths: string[];
  operation: RawOperation;
  reason: string;
}

/** All changes and additions. */
export interface Amendments {
  changes: Change[];
  /** The schemas that additions refer to as `#/components/schemas/…`, in addition to the document's own. */
  schemas?: Record<string, Schema>;
  additions: Addition[];
}

/** A parameter in the form of the document. */
export interface RawParameter {
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
}

/** An operation in the form of the document. */
export interface RawOperation {
  parameters?: RawParameter[];
  requestBody?: { content: Record<string, { schema?: Schema }> };
  responses?: Record<string, { content?: Record<string, { schema?: Schema }> }>;
}

/** The corrections and additions for the Hub's document. */
export const AMENDMENTS = amendmentsFile as unknown as Amendments;

/** Makes a change at one place. Returns false if the place does not need it. */
export function applyAt(raw: unknown, pointer: string, change: Change): boolean {
  const steps = pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = steps.pop();
  let parent = raw as Record<string, unknown> | undefined;
  for (const step of steps) parent = parent?.[step] as Record<string, unknown> | undefined;
  if (last === undefined || parent === undefined || !Object.hasOwn(parent, last)) return false;
  const { set, removeItem, addItem } = change;
  if (set !== undefined) {
    if (parent[last] !== change.was) return false;
    parent[last] = set;
    return true;
  }
  if (change.closeWhole) {
    const whole = parent[last] as Schema;
    const parts = (whole["allOf"] ?? []) as Schema[];
    if (!parts.some(isClosed)) return false;
    parent[last] = { allOf: parts.map(opened), unevaluatedProperties: false };
    return true;
  }
  const list = parent[last];
  if (!Array.isArray(list)) return false;
  const has = (item: unknown): boolean => list.some((one) => JSON.stringify(one) === JSON.stringify(item));
  if (removeItem !== undefined) {
    if (!has(removeItem)) return false;
    parent[last] = list.filter((one) => JSON.stringify(one) !== JSON.stringify(removeItem));
    return true;
  }
  // If the document already has the item, it needs no addition.
  if (has(addItem)) return false;
  parent[last] = [...(list as unknown[]), addItem];
  return true;
}

function isClosed(schema: Schema): boolean {
  return schema["additionalProperties"] === false;
}

/** Opens the schema and its forms for other fields. Schemas of its fields stay unchanged. */
function opened(schema: Schema): Schema {
  const { additionalProperties, ...others } = schema;
  const forms = ["anyOf", "oneOf", "allOf"].flatMap((key) =>
    Array.isArray(schema[key]) ? [[key, (schema[key] as Schema[]).map(opened)] as const] : [],
  );
  return {
    ...others,
    ...(additionalProperties !== undefined && additionalProperties !== false && { additionalProperties }),
    ...Object.fromEntries(forms),
  };
}
