// Puts the values that a server has received into its sample answers.
import { type Schema } from "./document";
import { fits } from "./sampleText";
import { formsOf, isObject, propertiesOf } from "./schemaForms";

/** The known values of a thing, by field name. */
export type Fields = Readonly<Record<string, unknown>>;

/** The limits for changes of a sample. */
export interface EchoRules {
  /** Add an optional field that the sample lacks if its value is known. */
  add: boolean;
  /** A JSON pointer to the place that must stay null or absent. */
  gap?: string;
  /** Objects inside the answer describe the same thing, as in the answers to writes. */
  deep?: boolean;
}

/** Returns the sample with the known values of the fields in its schema. */
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

/** The schema of a list's items; undefined if the schema does not describe a list of objects. */
export function itemsOf(schema: Schema): Schema | undefined {
  const items = formsOf(schema).flatMap((form) => (isObject(form["items"]) ? [form["items"]] : []));
  return items.some((item) => fieldsOf(item).size > 0) ? { anyOf: items } : undefined;
}

/** All values of an answer by field name, including those inside objects. */
export function flat(value: unknown): Record<string, unknown> {
  if (!isObject(value)) return {};
  const inner = Object.values(value).map(flat);
  // A whole object would hide later values of its fields.
  const own = Object.fromEntries(Object.entries(value).filter(([, field]) => !isObject(field)));
  return Object.assign({}, ...inner, own) as Record<string, unknown>;
}
