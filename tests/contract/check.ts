// Checks requests and answers against the document. Each problem is one line: the place, the expected value, the
// actual value.
import { type ErrorObject, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { type ApiDocument, type Match, type Operation, type Schema } from "./document";
import { shown, wanted } from "./problems";

/** The parts of a request besides its path. */
export interface Sent {
  query: URLSearchParams;
  /** The parsed body; undefined for none. */
  body: unknown;
}

/** The problems of a request. */
export interface RequestFindings {
  violations: string[];
  /**
   * Query parameters and fields of the body that the document does not name. The document allows additional fields,
   * so these violate nothing, and the Hub ignores them.
   */
  beyond: string[];
}

/** Checks the requests to the Hub and its answers. */
export class Checker {
  readonly document: ApiDocument;
  readonly #bodies = newAjv(false);
  /** Paths and queries are text, so a number may be text here. */
  readonly #texts = newAjv("array");
  readonly #compiled = new Map<Schema, ValidateFunction>();
  readonly #textSchemas = new Map<string, Schema>();

  constructor(document: ApiDocument) {
    this.document = document;
  }

  request({ operation, params }: Match, sent: Sent): RequestFindings {
    const query = queryObject(sent.query);
    const violations = [
      ...this.#problems(this.#textSchema(operation, "path"), params, "path "),
      ...this.#problems(this.#textSchema(operation, "query"), query, "query "),
    ];
    const known = operation.parameters.filter((parameter) => parameter.in === "query");
    const beyond = Object.keys(query)
      .filter((name) => !known.some((parameter) => parameter.name === name))
      .map((name) => `query ${name}`);
    if (operation.body === undefined) {
      if (!isEmpty(sent.body)) beyond.push("a body");
    } else if (sent.body === undefined) {
      // A missing body equals `{}`: a schema that accepts `{}` requires no body.
      violations.push(...this.#problems(operation.body, {}, "body ", "no body"));
    } else {
      violations.push(...this.#problems(operation.body, sent.body, "body "));
      beyond.push(...unknownFields(operation.body, sent.body).map((pointer) => `body ${pointer}`));
    }
    return { violations, beyond };
  }

  /** The problems of an answer. Undescribed errors are allowed, because the document describes few errors. */
  answer(operation: Operation, status: number, body: unknown): string[] {
    const { answers } = operation;
    if (!answers.has(status)) {
      if (status >= 400 || answers.size === 0) return [];
      return [`answer ${status}: wanted ${[...answers.keys()].join(" or ")}`];
    }
    const schema = answers.get(status);
    // `{}` accepts everything, including a missing body.
    if (schema === undefined || Object.keys(schema).length === 0) return [];
    const where = `answer ${status} `;
    return body === undefined ? [`${where}/: wanted a body, has none`] : this.#problems(schema, body, where);
  }

  #problems(schema: Schema, value: unknown, where: string, whole?: string): string[] {
    const texts = where === "path " || where === "query ";
    let validate = this.#compiled.get(schema);
    if (!validate) {
      validate = (texts ? this.#texts : this.#bodies).compile(schema);
      this.#compiled.set(schema, validate);
    }
    // Coercion changes its input.
    const copy = texts ? structuredClone(value) : value;
    if (validate(copy)) return [];
    const lines = nearest(validate.errors ?? []).map(
      (error) => `${where}${error.instancePath || "/"}: ${wanted(error)}, has ${whole ?? shown(error)}`,
    );
    return [...new Set(lines)];
  }

  /** One schema for all parameters in the path or in the query. */
  #textSchema(operation: Operation, place: "path" | "query"): Schema {
    const key = `${place} ${operation.id}`;
    let schema = this.#textSchemas.get(key);
    if (!schema) {
      const all = operation.parameters.filter((parameter) => parameter.in === place);
      schema = {
        type: "object",
        properties: Object.fromEntries(all.map((parameter) => [parameter.name, parameter.schema])),
        // The document has a path with two parameters of the same name.
        required: [...new Set(all.filter(({ required }) => required).map(({ name }) => name))],
      };
      this.#textSchemas.set(key, schema);
    }
    return schema;
  }
}

function newAjv(coerceTypes: false | "array"): Ajv2020 {
  // `verbose` keeps the value of each error, so that the report can show it.
  const ajv = new Ajv2020({ strict: false, logger: false, allErrors: true, verbose: true, coerceTypes });
  addFormats(ajv);
  return ajv;
}

function queryObject(query: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(query.keys())].map((name) => {
      const values = query.getAll(name);
      return [name, values.length === 1 ? (values[0] as string) : values];
    }),
  );
}

/** Clients send the content type even without a body. */
function isEmpty(body: unknown): boolean {
  return body === undefined || body === null || (typeof body === "object" && Object.keys(body).length === 0);
}

/** The errors of the form that fits the value best, instead of the errors of all forms. */
function nearest(errors: ErrorObject[]): ErrorObject[] {
  const choice = errors.find(({ keyword }) => keyword === "anyOf" || keyword === "oneOf");
  if (!choice) return errors;
  const inside = (error: ErrorObject) => error !== choice && isBelow(error, choice);
  const forms = new Map<string, ErrorObject[]>();
  for (const error of errors.filter(inside)) {
    const form = error.schemaPath.slice(choice.schemaPath.length + 1).split("/")[0] as string;
    forms.set(form, [...(forms.get(form) ?? []), error]);
  }
  const chosen = [...forms.values()].map(nearest).sort((a, b) => distance(a) - distance(b))[0];
  const others = nearest(errors.filter((error) => error !== choice && !inside(error)));
  return [...others, ...(chosen ?? [choice])];
}

/** A wrong constant or type outweighs any number of other errors: another form is meant. */
function distance(errors: ErrorObject[]): number {
  return errors.reduce((sum, { keyword }) => sum + (["const", "type"].includes(keyword) ? 100 : 1), 0);
}

function isBelow(error: ErrorObject, choice: ErrorObject): boolean {
  return (
    error.schemaPath.startsWith(`${choice.schemaPath}/`) &&
    (error.instancePath === choice.instancePath || error.instancePath.startsWith(`${choice.instancePath}/`))
  );
}

/** Pointers to the fields of a value that no form of its schema names. */
function unknownFields(schema: Schema, value: unknown, at = ""): string[] {
  if (Array.isArray(value)) {
    const items = partsOf(schema).flatMap((form) => (isSchema(form["items"]) ? [form["items"]] : []));
    if (items.length === 0) return [];
    return [...new Set(value.flatMap((item) => unknownFields({ anyOf: items }, item, `${at}/*`)))];
  }
  if (typeof value !== "object" || value === null) return [];
  const forms = partsOf(schema);
  const open = forms.some((form) => isSchema(form["additionalProperties"]));
  const named = forms.filter((form) => isSchema(form["properties"]));
  // A schema without names accepts everything.
  if (open || named.length === 0) return [];
  return Object.entries(value).flatMap(([name, field]) => {
    const schemas = named.flatMap((form) => {
      const found = (form["properties"] as Record<string, Schema>)[name];
      return found === undefined ? [] : [found];
    });
    if (schemas.length === 0) return [`${at}/${name}`];
    return unknownFields({ anyOf: schemas }, field, `${at}/${name}`);
  });
}

/** A schema and all its parts. */
export function partsOf(schema: Schema): Schema[] {
  const parts = ["anyOf", "oneOf", "allOf"].flatMap((key) => (schema[key] ?? []) as Schema[]);
  return [schema, ...parts.flatMap(partsOf)];
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null;
}
