// What has to be changed in the Hub's document, and what it lacks, as data with reasons.
import amendmentsFile from "./amendments.json";
import { type Schema } from "./document";

/** A change of the document. */
export interface Change {
  /** JSON pointers (RFC 6901) to what is changed; each has to be there. */
  pointers: string[];
  /** Replaces the value there, which has to be `was`: a document that says something else may need no change. */
  set?: unknown;
  was?: unknown;
  /** Goes from the list there. */
  removeItem?: unknown;
  /** Comes to the list there. */
  addItem?: unknown;
  /**
   * The parts of the `allOf` there, each of which forbids what it does not name, become open, and the whole forbids
   * what no part names.
   */
  closeWhole?: true;
  reason: string;
}

/** Operations that the document lacks. */
export interface Addition {
  kind: "extended" | "clients";
  method: string;
  /** One operation for each: most differ only in the type of repository. */
  paths: string[];
  operation: RawOperation;
  reason: string;
}

/** All changes and additions. */
export interface Amendments {
  changes: Change[];
  /** What additions refer to as `#/components/schemas/…`, beside the document's own. */
  schemas?: Record<string, Schema>;
  additions: Addition[];
}

/** A parameter as the document writes it. */
export interface RawParameter {
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
}

/** An operation as the document writes it. */
export interface RawOperation {
  parameters?: RawParameter[];
  requestBody?: { content: Record<string, { schema?: Schema }> };
  responses?: Record<string, { content?: Record<string, { schema?: Schema }> }>;
}

/** What has to be changed in the Hub's document, and what it lacks. */
export const AMENDMENTS = amendmentsFile as unknown as Amendments;

/** Makes a change at one place; says whether it was needed there. */
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
  // What the document has by now needs no addition.
  if (has(addItem)) return false;
  parent[last] = [...(list as unknown[]), addItem];
  return true;
}

function isClosed(schema: Schema): boolean {
  return schema["additionalProperties"] === false;
}

/** A schema whose own forms allow more than they name; what is inside of its fields stays as it is. */
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
