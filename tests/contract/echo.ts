// Puts what a server has been told into the samples that it answers with.
import { type Schema } from "./document";
import { fits } from "./sampleText";
import { formsOf, isObject, propertiesOf } from "./schemaForms";

/** What is known of a thing, by the names of its fields. */
export type Fields = Readonly<Record<string, unknown>>;

/** How far a sample may be changed. */
export interface EchoRules {
  /** Whether an optional field that the sample lacks is added if its value is known. */
  add: boolean;
  /** The place that has to stay null, or absent: a JSON pointer. */
  gap?: string;
  /** Objects inside the answer are about the same thing. The answers to writes are of this kind. */
  deep?: boolean;
}

/** The sample with the known values of the fields that its schema describes. */
export function echo(
  schema: Schema,
  sample: Record<string, unknown>,
  known: Fields,
  rules: EchoRules,
  at = "",
): Record<string, unknown> {
  const result = { ...sample };
  for (const [name, schemas] of fieldsOf(schema)) {
    const place = `${at}/${name}`;
    if (place === rules.gap) continue;
    const value = result[name];
    if (Object.hasOwn(known, name) && (Object.hasOwn(sample, name) || rules.add)) {
      if (schemas.some((each) => fits(each, known[name]))) result[name] = known[name];
    } else if (rules.deep && isObject(value)) {
      result[name] = echo({ anyOf: schemas }, value, known, rules, place);
    }
  }
  return result;
}

/** All fields that an object of this schema may have. */
export function fieldsOf(schema: Schema): Map<string, Schema[]> {
  const fields = new Map<string, Schema[]>();
  for (const form of formsOf(schema)) {
    for (const [name, field] of Object.entries(propertiesOf(form))) {
      fields.set(name, [...(fields.get(name) ?? []), field]);
    }
  }
  return fields;
}

/** The schema of the items of a list; undefined if the schema is not one of a list of objects. */
export function itemsOf(schema: Schema): Schema | undefined {
  const items = formsOf(schema).flatMap((form) => (isObject(form["items"]) ? [form["items"]] : []));
  return items.some((item) => fieldsOf(item).size > 0) ? { anyOf: items } : undefined;
}

/** All values of an answer by the names of their fields, those inside of objects included. */
export function flat(value: unknown): Record<string, unknown> {
  if (!isObject(value)) return {};
  const inner = Object.values(value).map(flat);
  // An object as a whole would hide what is told of its fields later.
  const own = Object.fromEntries(Object.entries(value).filter(([, field]) => !isObject(field)));
  return Object.assign({}, ...inner, own) as Record<string, unknown>;
}
