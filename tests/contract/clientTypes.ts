// The parts of the document that the client's types do not name, according to the TypeScript compiler.
import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "../support/lockfile";
import { type ApiDocument, type Schema } from "./document";
import { onlyInDocument, type Unknown } from "./onlyInDocument";

/** A method of the client, and its operation. */
export interface MethodCall {
  method: string;
  operation: string;
}

/** Results that contain the Hub's answer in a field. */
const INSIDE: Record<string, string> = { auditLogs: "event", streamAuditLogs: "event" };

/** Fields that have another name in a method's result or options. */
const RENAMED: Record<string, Record<string, string>> = {
  createServiceAccount: { fullname: "name" },
  setRepoResourceGroup: { resourceGroupId: "groupId" },
  updateSsoCredential: { x509Cert: "certificate" },
};

/** The limit for nested types; it ends recursive ones. */
const MAX_DEPTH = 12;

/** The fields and values of an operation that its methods' results and options do not have. */
export function unknownToClient(document: ApiDocument, calls: readonly MethodCall[]): Unknown[] {
  const types = new ClientTypes();
  const methods = new Map<string, Set<string>>();
  for (const { method, operation } of calls) {
    methods.set(operation, (methods.get(operation) ?? new Set()).add(method));
  }
  return [...methods].flatMap(([id, names]) => {
    const operation = document.operation(id);
    if (!operation) return [];
    const known = [...names].map((name) => types.method(name));
    // A method whose result has no fields does not return the answer.
    const results = known.flatMap(({ result }) =>
      result?.["properties"] || result?.["items"] ? [result] : [],
    );
    const options = known.flatMap((each) => each.options);
    const answer = [...operation.answers].find(([status, schema]) => status < 300 && schema)?.[1];
    const found = [...prefixed("result", answer, results), ...prefixed("options", operation.body, options)];
    return found.map((what) => ({ operation: id, what }));
  });
}

function prefixed(prefix: string, theirs: Schema | undefined, ours: Schema[]): string[] {
  if (!theirs || ours.length === 0) return [];
  return onlyInDocument(theirs, { anyOf: ours }).map((what) => `${prefix} ${what}`);
}

/** The public types of the client, as JSON schemas. */
class ClientTypes {
  readonly #checker: ts.TypeChecker;
  readonly #client: ts.Type;
  readonly #at: ts.Node;

  constructor() {
    const file = join(ROOT, "provider/src/client/hubClient.ts");
    const { config } = ts.readConfigFile(join(ROOT, "provider/tsconfig.json"), (path) =>
      ts.sys.readFile(path),
    ) as {
      config: unknown;
    };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, join(ROOT, "provider"));
    const program = ts.createProgram([file], {
      ...options,
      noEmit: true,
      composite: false,
      incremental: false,
    });
    this.#checker = program.getTypeChecker();
    const source = program.getSourceFile(file);
    const declared = source?.statements.find(
      (each): each is ts.ClassDeclaration => ts.isClassDeclaration(each) && each.name?.text === "HubClient",
    );
    if (!declared) throw new Error(`${file} declares no HubClient.`);
    this.#at = declared;
    this.#client = this.#checker.getTypeAtLocation(declared);
  }

  /** The result of a method, and its options. */
  method(name: string): { result?: Schema; options: Schema[] } {
    const symbol = this.#client.getProperty(name);
    const signature =
      symbol && this.#checker.getTypeOfSymbolAtLocation(symbol, this.#at).getCallSignatures()[0];
    if (!signature) throw new Error(`HubClient has no method ${name}.`);
    const options = signature.parameters
      .map((parameter) => this.#schema(this.#checker.getTypeOfSymbolAtLocation(parameter, this.#at)))
      .flatMap((schema) => ((schema["anyOf"] ?? [schema]) as Schema[]).filter((form) => form["properties"]))
      .map((schema) => renamed(schema, name));
    const [inner] = this.#checker.getTypeArguments(signature.getReturnType() as ts.TypeReference);
    if (!inner) return { options };
    const result = this.#schema(inner);
    const field = INSIDE[name];
    if (field === undefined) return { result: renamed(result, name), options };
    const entry = (result["items"] ?? result) as { properties: Record<string, Schema> };
    return { result: { type: "array", items: entry.properties[field] }, options };
  }

  #schema(type: ts.Type, depth = 0): Schema {
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown) || depth > MAX_DEPTH) return {};
    if (type.isUnion()) return { anyOf: type.types.map((part) => this.#schema(part, depth + 1)) };
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (type.flags & ts.TypeFlags.BooleanLiteral)
      return { const: this.#checker.typeToString(type) === "true" };
    if (type.flags & ts.TypeFlags.StringLike) return { type: "string" };
    if (!(type.flags & ts.TypeFlags.Object)) return { type: "null" };
    const item = this.#checker.isArrayType(type)
      ? this.#checker.getTypeArguments(type as ts.TypeReference)[0]
      : undefined;
    if (item) return { type: "array", items: this.#schema(item, depth + 1) };
    const fields = type.getProperties().map((property): [string, Schema] => {
      return [
        property.name,
        this.#schema(this.#checker.getTypeOfSymbolAtLocation(property, this.#at), depth + 1),
      ];
    });
    // An index signature also allows other fields.
    const open = type.getStringIndexType() !== undefined;
    return {
      type: "object",
      properties: Object.fromEntries(fields),
      ...(open && { additionalProperties: true }),
    };
  }
}

function renamed(schema: Schema, method: string): Schema {
  if (!schema["properties"]) return schema;
  const fields = { ...(schema["properties"] as Record<string, Schema>) };
  for (const [theirs, ours] of Object.entries(RENAMED[method] ?? {})) {
    if (fields[ours]) fields[theirs] = fields[ours];
  }
  return { ...schema, properties: fields };
}
