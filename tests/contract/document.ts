// The Hub's OpenAPI document for the contract test: with our amendments, a list of its operations, and a search for
// the operation of a request.
import { readFile } from "node:fs/promises";
import {
  AMENDMENTS,
  type Amendments,
  applyAt,
  type Change,
  type RawOperation,
  type RawParameter,
} from "./amendments";

/** A JSON schema (draft 2020-12) without references. */
export type Schema = Readonly<Record<string, unknown>>;

/** A parameter of an operation. */
export interface Parameter {
  name: string;
  in: "path" | "query";
  required: boolean;
  schema: Schema;
}

/**
 * The source of an operation: the Hub's own document, or our additions. huggingface.co does not offer `extended`
 * operations. The official clients use the operations of the kind `clients`, but the document lacks them.
 */
export type Origin = "document" | "extended" | "clients";

/** One operation of the Hub. */
export interface Operation {
  /** For example `GET /api/organizations/{name}/members`. */
  id: string;
  method: string;
  /** The path, with its parameters in braces. */
  template: string;
  origin: Origin;
  parameters: Parameter[];
  /** The schema of a JSON body; undefined if the operation takes none. */
  body?: Schema;
  /**
   * The answers by status. The value `undefined` means that the document does not describe the body. An empty map
   * means that it describes no answer.
   */
  answers: ReadonlyMap<number, Schema | undefined>;
}

/** A request with its operation. */
export interface Match {
  operation: Operation;
  /** Decoded values of the path's parameters. */
  params: Record<string, string>;
}

/** A correction or addition of the document, with its reason. */
export interface Amendment {
  what: string;
  reason: string;
}

const METHODS = ["get", "put", "post", "patch", "delete"];

/** The Hub's OpenAPI document, with our amendments. */
export class ApiDocument {
  readonly operations: Operation[];
  /** All applied amendments, for the report. */
  readonly amended: Amendment[] = [];
  /** Amendments that no longer fit the document: delete them, or rewrite them for the new document. */
  readonly stale: Amendment[] = [];
  readonly #patterns: { operation: Operation; pattern: RegExp; names: string[] }[];

  /**
   * @param source - a parsed OpenAPI 3.1 document; it stays unchanged
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
    // If two match, the one with more fixed text wins: `…/scim/v2/Users` before `…/{x}/{y}`.
    this.#patterns.sort((a, b) => fixedLength(b.operation) - fixedLength(a.operation));
  }

  /** The operation with this id, for example `GET /api/whoami-v2`. */
  operation(id: string): Operation | undefined {
    return this.operations.find((operation) => operation.id === id);
  }

  /** The operation of a request, or undefined if the document has none. `path` has no query. */
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

/** Reads a document from a file or an address. */
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

/** Parses a document. `source` is for error messages. */
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
 * Replaces references by their schemas. Removes `$schema`, and the `id` of a component, because they are not keywords
 * there.
 */
function resolve(raw: unknown, schema: unknown): Schema {
  return resolveAny(raw, schema, 0) as Schema;
}

function resolveAny(raw: unknown, value: unknown, depth: number): unknown {
  if (depth > 100) throw new Error("The document has recursive schemas, which this test does not support.");
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
  if (found === undefined) throw new Error(`The document refers to ${reference}, but does not contain it.`);
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
      // `{slug}-{id}` is one segment of a path: an id of the Hub is 24 hex digits.
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
