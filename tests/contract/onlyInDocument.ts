// Fields and values in the document that our code does not know.
import { type Route } from "../../local-hub/src/route";
import { partsOf } from "./check";
import { type ApiDocument, type Operation, type Schema } from "./document";

/** A part that only the document has. */
export interface Unknown {
  operation: string;
  /** For example `answer 200 /*\/role: "owner"`. */
  what: string;
}

/** The parts of an operation that the local Hub's routes do not know. */
export function unknownToRoutes(document: ApiDocument, routes: readonly Route[]): Unknown[] {
  return routes.flatMap((route) => {
    const operation = operationOf(document, route);
    if (!operation) return [];
    const found = [
      ...onlyInDocument(queryOf(operation), route.query ?? NOTHING).map((what) => `query ${what}`),
      ...(operation.body ? onlyInDocument(operation.body, route.body ?? NOTHING) : []).map(
        (what) => `body ${what}`,
      ),
      ...answersOf(operation, route),
    ];
    return found.map((what) => ({ operation: operation.id, what }));
  });
}

/** The document's operation for a route. */
export function operationOf(
  document: ApiDocument,
  { method, url }: Pick<Route, "method" | "url">,
): Operation | undefined {
  // An id of 24 digits fits every parameter that requires one; other parameters accept any text.
  return document.match(method, url.replace(/:[^/]+/g, "665000000000000000000000"))?.operation;
}

const NOTHING: Schema = { type: "object", properties: {}, additionalProperties: false };

function queryOf({ parameters }: Operation): Schema {
  const query = parameters.filter((parameter) => parameter.in === "query");
  return {
    type: "object",
    properties: Object.fromEntries(query.map(({ name, schema }) => [name, schema])),
  };
}

function answersOf(operation: Operation, route: Route): string[] {
  return [...operation.answers].flatMap(([status, schema]) => {
    const ours = route.answers[status];
    // The local Hub creates all errors in one place, and no route declares them.
    if (ours === undefined) return status < 300 ? [`answer ${status}`] : [];
    if (ours === null || schema === undefined) return [];
    return onlyInDocument(schema, ours).map((what) => `answer ${status} ${what}`);
  });
}

/** Pointers to the fields and values in a schema of the document that our schema lacks. */
export function onlyInDocument(theirs: Schema, ours: Schema, at = ""): string[] {
  const [them, us] = [partsOf(theirs), partsOf(ours)];
  if (us.some(takesAnything)) return [];
  const found: string[] = [];
  const known = us.flatMap(valuesOf);
  // A form without a list of values accepts every value.
  if (known.length > 0 && !us.some((form) => form["type"] === "string" && valuesOf(form).length === 0)) {
    const values = [...new Set(them.flatMap(valuesOf))].filter((value) => !known.includes(value));
    if (values.length > 0) found.push(`${at || "/"}: ${listed(values)}`);
  }
  const [theirItems, ourItems] = [them.flatMap(itemsOf), us.flatMap(itemsOf)];
  if (theirItems.length > 0 && ourItems.length > 0) {
    found.push(...onlyInDocument({ anyOf: theirItems }, { anyOf: ourItems }, `${at}/*`));
  }
  const ourFields = fieldsOf(us);
  const isObject = us.some((form) => form["properties"] !== undefined);
  for (const [name, schemas] of isObject ? fieldsOf(them) : []) {
    const same = ourFields.get(name);
    if (!same) found.push(`${at}/${name}`);
    else found.push(...onlyInDocument({ anyOf: schemas }, { anyOf: same }, `${at}/${name}`));
  }
  return [...new Set(found)];
}

/** For example `{}`. An open object accepts any field, whatever it names. */
function takesAnything(form: Schema): boolean {
  const { additionalProperties: more } = form;
  const open = more === true || (typeof more === "object" && more !== null);
  const named = ["type", "properties", "items", "enum", "const", "anyOf", "oneOf", "allOf"];
  return open || !named.some((keyword) => keyword in form);
}

function valuesOf(form: Schema): unknown[] {
  return "const" in form ? [form["const"]] : ((form["enum"] ?? []) as unknown[]);
}

function itemsOf(form: Schema): Schema[] {
  return typeof form["items"] === "object" ? [form["items"] as Schema] : [];
}

function fieldsOf(forms: Schema[]): Map<string, Schema[]> {
  const fields = new Map<string, Schema[]>();
  for (const form of forms) {
    for (const [name, schema] of Object.entries((form["properties"] ?? {}) as Record<string, Schema>)) {
      fields.set(name, [...(fields.get(name) ?? []), schema]);
    }
  }
  return fields;
}

/** Lists values in one line, however many. */
export function listed(values: unknown[]): string {
  const texts = values.map((value) => JSON.stringify(value));
  return texts.length <= 8
    ? texts.join(", ")
    : `${texts.slice(0, 8).join(", ")} and ${texts.length - 8} more`;
}
