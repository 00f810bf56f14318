// The Hub's OpenAPI document as the contract test uses it: with what has to be amended in it, its operations in one
// list, and each request brought to its operation.
import { readFile } from "node:fs/promises";
import {
  AMENDMENTS,
  type Amendments,
  applyAt,
  type Change,
  type RawOperation,
  type RawParameter,
} from "./amendments";

/** A JSON schema (draft 2020-12), without references. */
export type Schema = Readonly<Record<string, unknown>>;

/** A parameter of an operation. */
export interface Parameter {
  name: string;
  in: "path" | "query";
  required: boolean;
  schema: Schema;
}

/**
 * Where an operation comes from: the Hub's own document, or our additions to it. `extended` operations are not offered
 * by huggingface.co; the official clients use those of the kind `clients`, although the document lacks them.
 */
export type Origin = "document" | "extended" | "clients";

/** One operation of the Hub. */
export interface Operation {
  /** Such as `GET /api/organizations/{name}/members`. */
  id: string;
  method: string;
  /** The path, with its parameters in braces. */
  template: string;
  origin: Origin;
  parameters: Parameter[];
  /** Of a JSON body; undefined if the operation takes none. */
  body?: Schema;
  /** By status. `undefined` as a value: the document says nothing of a body. Empty: it describes no answer at all. */
  answers: ReadonlyMap<number, Schema | undefined>;
}

/** A request, brought to its operation. */
export interface Match {
  operation: Operation;
  /** Values of the path's parameters, decoded. */
  params: Record<string, string>;
}

/** Something that had to be changed in the document, or added to it, and why. */
export interface Amendment {
  what: string;
  reason: string;
}

const METHODS = ["get", "put", "post", "patch", "delete"];

/** The Hub's OpenAPI document, with our amendments. */
export class ApiDocument {
  readonly operations: Operation[];
  /** All amendments that were made, to be printed. */
  readonly amended: Amendment[] = [];
  /** Amendments that do not fit the document any more: they have to be deleted, or written for the new document. */
  readonly stale: Amendment[] = [];
  readonly #patterns: { operation: Operation; pattern: RegExp; names: string[] }[];

  /**
   * @param source - a parsed OpenAPI 3.1 document; it is not changed
   * @throws Error if it is not such a document
   */
  constructor(source: unknown, amendments: Amendments = AMENDMENTS) {
    const raw = structuredClone(source) as {
      openapi?: unknown;
      paths?: Record<string, Record<string, RawOperation & RawParameter[]>>;
      components?: { schemas?: Record<string, Schema> };
    };
    if (typeof raw !== "object" || raw === null || !String(raw.openapi).startsWith("3.1") || !raw.paths) {
      throw new Error("This is not an OpenAPI 3.1 document.");
    }
    for (const change of amendments.changes) this.#apply(raw, change);
    const operations: Operation[] = [];
    for (const [template, item] of Object.entries(raw.paths)) {
      for (const method of METHODS) {
        const operation = item[method] as RawOperation | undefined;
        if (!operation) continue;
        const shared = (item["parameters"] ?? []) as RawParameter[];
        operations.push(operationOf(raw, method, template, operation, shared, "document"));
      }
    }
    const own = { components: { schemas: { ...raw.components?.schemas, ...amendments.schemas } } };
    for (const { kind, method, paths, operation, reason } of amendments.additions) {
      for (const path of paths) {
        const added = operationOf(own, method, path, operation, [], kind);
        const known = operations.some(({ id }) => id === added.id);
        (known ? this.stale : this.amended).push({ what: `${added.id} (${kind})`, reason });
        if (!known) operations.push(added);
      }
    }
    this.operations = operations;
    this.#patterns = operations.map((operation) => ({ operation, ...patternOf(operation.template) }));
    // Of two that fit, the one with more fixed text is meant: `…/scim/v2/Users` before `…/{x}/{y}`.
    this.#patterns.sort((a, b) => fixedLength(b.operation) - fixedLength(a.operation));
  }

  /** The operation with this id, such as `GET /api/whoami-v2`. */
  operation(id: string): Operation | undefined {
    return this.operations.find((operation) => operation.id === id);
  }

  /** The operation that a request is for; undefined if the document has none. `path` has no query. */
  match(method: string, path: string): Match | undefined {
    for (const { operation, pattern, names } of this.#patterns) {
      if (operation.method !== method) continue;
      const found = pattern.exec(path);
      if (!found) continue;
      const values = found.slice(1).map((value) => decode(value));
      return { operation, params: Object.fromEntries(names.map((name, i) => [name, values[i] ?? ""])) };
    }
    return undefined;
  }

  #apply(raw: unknown, change: Change): void {
    const { pointers, reason } = change;
    for (const pointer of pointers) {
      const done = applyAt(raw, pointer, change);
      (done ? this.amended : this.stale).push({ what: pointer, reason });
    }
  }
}

/** Reads a document from a file or from an address. */
export async function loadDocument(source: string): Promise<ApiDocument> {
  return parseDocument(await readSource(source), source);
}

/** The text of a document in a file or at an address. */
export async function readSource(source: string): Promise<string> {
  try {
    return await (/^https?:/.test(source) ? download(source) : readFile(source, "utf8"));
  } catch (error) {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? `${message}: ${cause.message || cause.name}` : message;
    throw new Error(
      `The Hub's document cannot be read from ${source}: ${why}. Name a file or an address with --openapi.`,
      { cause: error },
    );
  }
}

/** A document from its text. `source` is for errors. */
export function parseDocument(text: string, source: string): ApiDocument {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Error(`${source} is not JSON.`);
  }
  try {
    return new ApiDocument(parsed);
  } catch (error) {
    throw new Error(`${source} cannot be used: ${(error as Error).message}`, { cause: error });
  }
}

async function download(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  if (!answer.ok) throw new Error(`the answer is ${answer.status}`);
  return answer.text();
}

function operationOf(
  raw: unknown,
  method: string,
  template: string,
  operation: RawOperation,
  shared: RawParameter[],
  origin: Origin,
): Operation {
  const name = method.toUpperCase();
  const parameters = [...shared, ...(operation.parameters ?? [])]
    .filter((parameter) => parameter.in === "path" || parameter.in === "query")
    .map((parameter): Parameter => ({
      name: parameter.name,
      in: parameter.in as "path" | "query",
      required: parameter.required ?? false,
      schema: resolve(raw, parameter.schema),
    }));
  const body = operation.requestBody?.content["application/json"]?.schema;
  const answers = new Map<number, Schema | undefined>();
  for (const [status, answer] of Object.entries(operation.responses ?? {})) {
    const schema = answer.content?.["application/json"]?.schema;
    answers.set(Number(status), schema && resolve(raw, schema));
  }
  return {
    id: `${name} ${template}`,
    method: name,
    template,
    origin,
    parameters,
    ...(body && { body: resolve(raw, body) }),
    answers,
  };
}

/**
 * A schema with its references put in. `$schema`, and the `id` that the document gives its components, are no keywords
 * where they stand, and go.
 */
function resolve(raw: unknown, schema: unknown): Schema {
  return resolveAny(raw, schema, 0) as Schema;
}

function resolveAny(raw: unknown, value: unknown, depth: number): unknown {
  if (depth > 100)
    throw new Error("The document's schemas refer to themselves, which this test does not support.");
  if (Array.isArray(value)) return value.map((item) => resolveAny(raw, item, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  const { $ref, ...rest } = value as Record<string, unknown>;
  if (typeof $ref === "string") return resolveAny(raw, lookUp(raw, $ref), depth + 1);
  return Object.fromEntries(
    Object.entries(rest)
      .filter(([key, entry]) => key !== "$schema" && !(key === "id" && typeof entry === "string"))
      .map(([key, entry]) => [key, resolveAny(raw, entry, depth + 1)]),
  );
}

function lookUp(raw: unknown, reference: string): unknown {
  let found = raw;
  for (const step of reference.replace(/^#\//, "").split("/")) {
    found = (found as Record<string, unknown> | undefined)?.[
      step.replaceAll("~1", "/").replaceAll("~0", "~")
    ];
  }
  if (found === undefined) throw new Error(`The document refers to ${reference}, which it does not have.`);
  return found;
}

function patternOf(template: string): { pattern: RegExp; names: string[] } {
  const names: string[] = [];
  const source = template
    .split(/(\{[^}]+\})/)
    .map((part) => {
      const name = /^\{(.+)\}$/.exec(part)?.[1];
      if (name === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      names.push(name);
      // `{slug}-{id}` share one part of a path: an id of the Hub is 24 hex digits.
      return name === "id" && template.includes("-{id}") ? "([0-9a-fA-F]{24})" : "([^/]+)";
    })
    .join("");
  return { pattern: new RegExp(`^${source}$`), names };
}

function fixedLength(operation: Operation): number {
  return operation.template.replace(/\{[^}]+\}/g, "").length;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
