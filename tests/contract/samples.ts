// Values that match a JSON schema: the smallest, the fullest, and values that differ in one place.
import { type Schema } from "./document";
import { textFor, otherTexts } from "./sampleText";
import { formsOf, isObject, propertiesOf, requiredOf, valuesOf } from "./schemaForms";

/** How many of the optional parts a sample has. */
export type Amount = "required" | "full";

/** A value that differs from the usual ones in one place. */
export interface Alternative {
  /** A JSON pointer to the place; empty for the whole value. */
  at: string;
  /** A description of the value there. */
  what: string;
  value: unknown;
}

/** Only the required fields; lists are as short as allowed. */
export function required(schema: Schema, at = ""): unknown {
  return sample(schema, "required", at);
}

/** Every field; lists have two items if allowed. */
export function full(schema: Schema, at = ""): unknown {
  return sample(schema, "full", at);
}

/** One of the two amounts. `at` is the place of the value: ids and names depend on it. */
export function sample(schema: Schema, amount: Amount, at = "", pick = 0): unknown {
  const all = formsOf(schema);
  // The alternatives cover null.
  const present = all.filter((form) => form["type"] !== "null");
  const forms = present.length > 0 ? present : all;
  if (forms.length === 0) throw new Error(`Nothing fits the schema at ${at || "/"}.`);
  return ofForm(forms[pick % forms.length] as Schema, amount, at, pick);
}

/**
 * Values that cover each form, listed value, allowed null, optional field, its absence, empty list and filled list.
 * The rest of the value is as small as allowed; for an absence it is as full as allowed.
 */
export function alternatives(schema: Schema): Alternative[] {
  const seen = new Set<string>();
  return [...vary(schema, "")].filter(({ at, what, value }) => {
    // The place identifies a missing field: it must stay missing there, even if the server knows its value.
    const key = JSON.stringify([isGap(what) && at, value]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Returns true if an alternative is about a missing value. */
export function isGap(what: string): boolean {
  return what === "null" || what === "absent";
}

function ofForm(form: Schema, amount: Amount, at: string, pick: number): unknown {
  const values = valuesOf(form);
  if (values) return values[pick % values.length];
  switch (kindOf(form)) {
    case "string":
      return textFor(form, at, pick);
    case "integer":
    case "number":
      return numbersOf(form)[0];
    case "boolean":
      return pick % 2 === 0;
    case "null":
      return null;
    case "array":
      return arrayOf(form, amount, at);
    case "object":
      return objectOf(form, amount, at, pick);
    default:
      return amount === "required" ? {} : { anything: ["at all", 1, null] };
  }
}

function kindOf(form: Schema): unknown {
  if (form["type"] !== undefined) return form["type"];
  if (form["properties"] ?? form["required"]) return "object";
  return form["items"] ? "array" : undefined;
}

function objectOf(form: Schema, amount: Amount, at: string, pick: number): Record<string, unknown> {
  const properties = propertiesOf(form);
  const needed = requiredOf(form);
  const entries: [string, unknown][] = [];
  for (const name of new Set([...Object.keys(properties), ...needed])) {
    const schema = properties[name] ?? {};
    if (!needed.includes(name) && (amount === "required" || formsOf(schema).length === 0)) continue;
    if (!properties[name] && form["additionalProperties"] === false) {
      throw new Error(`${at}/${name} is required, but not described, and nothing else is allowed.`);
    }
    entries.push([name, sample(schema, amount, `${at}/${name}`, pick)]);
  }
  const others = form["additionalProperties"];
  if (amount === "full" && isObject(others) && Object.keys(properties).length === 0) {
    const names = (form["propertyNames"] ?? {}) as Schema;
    const name = String(sample({ type: "string", ...names }, amount, `${at}/key`));
    entries.push([name, sample(others, amount, `${at}/${name}`)]);
  }
  return Object.fromEntries(entries);
}

function arrayOf(form: Schema, amount: Amount, at: string): unknown[] {
  const first = ((form["prefixItems"] ?? []) as Schema[]).map((item, i) =>
    sample(item, amount, `${at}/${i}`),
  );
  const items = form["items"];
  const least = Number(form["minItems"] ?? 0);
  const most = Number(form["maxItems"] ?? Infinity);
  const wanted = amount === "full" && items !== undefined ? 2 : 0;
  const count = Math.min(Math.max(least, wanted), most);
  for (let i = first.length; i < count; i++) {
    if (items === false) break;
    first.push(sample(isObject(items) ? items : {}, amount, `${at}/${i}`, i));
  }
  return first;
}

function numbersOf(form: Schema): number[] {
  const above = form["exclusiveMinimum"] as number | undefined;
  const least = (form["minimum"] as number | undefined) ?? (above === undefined ? 0 : above + 1);
  const most = (form["maximum"] as number | undefined) ?? Number.MAX_SAFE_INTEGER;
  const numbers = [Math.min(least < 0 ? 1 : least + 1, most), least, most];
  return form["type"] === "number" ? [...numbers, Math.min(least + 0.5, most)] : numbers;
}

function* vary(schema: Schema, at: string): Generator<Alternative> {
  for (const form of formsOf(schema)) yield* varyForm(form, at);
}

function* varyForm(form: Schema, at: string): Generator<Alternative> {
  const values = valuesOf(form);
  if (values) {
    yield* values.map((value) => told(at, value));
    return;
  }
  switch (kindOf(form)) {
    case "string":
      yield* [textFor(form, at), ...otherTexts(form, at)].map((value) => told(at, value));
      return;
    case "integer":
    case "number":
      yield* numbersOf(form).map((value) => told(at, value));
      return;
    case "boolean":
      yield* [true, false].map((value) => told(at, value));
      return;
    case "null":
      yield told(at, null);
      return;
    case "array":
      yield* varyArray(form, at);
      return;
    case "object":
      yield* varyObject(form, at);
      return;
    default:
      yield* ["text", 1, true, null, ["item"], { field: null }].map((value) => told(at, value));
  }
}

function* varyObject(form: Schema, at: string): Generator<Alternative> {
  const [least, most] = [objectOf(form, "required", at, 0), objectOf(form, "full", at, 0)];
  yield { at, what: "only what is required", value: least };
  yield { at, what: "everything", value: most };
  for (const [name, schema] of Object.entries(propertiesOf(form))) {
    const place = `${at}/${name}`;
    for (const each of vary(schema, place)) yield { ...each, value: { ...least, [name]: each.value } };
    if (requiredOf(form).includes(name)) continue;
    const { [name]: _absent, ...others } = most;
    yield { at: place, what: "absent", value: others };
  }
}

function* varyArray(form: Schema, at: string): Generator<Alternative> {
  const least = arrayOf(form, "required", at);
  yield { at, what: least.length === 0 ? "an empty list" : "the shortest list", value: least };
  yield { at, what: "a filled list", value: arrayOf(form, "full", at) };
  const items = form["items"];
  if (!isObject(items) || form["prefixItems"] !== undefined) return;
  // One list with all values of an enumeration; one request for each value would show no more.
  const words = formsOf(items).flatMap((item) => valuesOf(item) ?? []);
  const most = Number(form["maxItems"] ?? Infinity);
  if (words.length > 0) yield { at, what: "every word", value: words.slice(0, most) };
  const shortest = Math.max(Number(form["minItems"] ?? 0), 1);
  for (const each of words.length > 0 ? [] : vary(items, `${at}/0`)) {
    const rest = Array.from({ length: shortest - 1 }, (_, i) => sample(items, "required", `${at}/${i + 1}`));
    yield { ...each, value: [each.value, ...rest] };
  }
}

function told(at: string, value: unknown): Alternative {
  return { at, what: JSON.stringify(value), value };
}
