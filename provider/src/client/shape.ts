/** Checks one value of an answer, and returns it with its type. `where` names it in the error. */
export type Reader<T> = (value: unknown, where: string) => T;

/**
 * An answer that cannot be used. Turned into a full {@link HubError} by the caller, who knows what was asked.
 * Names the field, never its value.
 */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

function wrong(where: string, wanted: string, value: unknown): never {
  const is =
    value === null
      ? "null"
      : Array.isArray(value)
        ? "a list"
        : value === undefined
          ? "missing"
          : `a ${typeof value}`;
  throw new ShapeError(`${where || "the answer"} should be ${wanted}, but is ${is}`);
}

/** Any string. */
export const string: Reader<string> = (value, where) =>
  typeof value === "string" ? value : wrong(where, "a string", value);

/** A string with something in it. */
export const filled: Reader<string> = (value, where) =>
  typeof value === "string" && value !== "" ? value : wrong(where, "a non-empty string", value);

/** `true` or `false`. */
export const boolean: Reader<boolean> = (value, where) =>
  typeof value === "boolean" ? value : wrong(where, "true or false", value);

/** A finite number. */
export const number: Reader<number> = (value, where) =>
  typeof value === "number" && Number.isFinite(value) ? value : wrong(where, "a number", value);

// In whole: JavaScript also takes texts that only begin so, and makes of them times beyond what it can write.
const ISO_TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/** Whether a text is a time in ISO 8601. */
export const isTime = (text: string): boolean => ISO_TIME.test(text) && !Number.isNaN(Date.parse(text));

/** Whether the day that an ISO 8601 text begins with exists: JavaScript takes 31 February for 3 March. */
export function dayExists(text: string): boolean {
  const day = text.slice(0, "2026-01-31".length);
  const at = Date.parse(day);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

/** A time in ISO 8601. */
export const time: Reader<string> = (value, where) =>
  typeof value === "string" && isTime(value) ? value : wrong(where, "a time (ISO 8601)", value);

/** One of a few words. */
export const oneOf =
  <const T>(...allowed: readonly T[]): Reader<T> =>
  (value, where) =>
    allowed.includes(value as T) ? (value as T) : wrong(where, `one of ${allowed.join(", ")}`, value);

/** What may be left out; a `null` counts as left out. */
export const optional =
  <T>(reader: Reader<T>): Reader<T | undefined> =>
  (value, where) =>
    value === undefined || value === null ? undefined : reader(value, where);

/** What may be `null`; left out counts as `null`. */
export const nullable =
  <T>(reader: Reader<T>): Reader<T | null> =>
  (value, where) =>
    value === undefined || value === null ? null : reader(value, where);

/** A list of things of one kind. */
export const list =
  <T>(reader: Reader<T>): Reader<T[]> =>
  (value, where) =>
    Array.isArray(value)
      ? value.map((item, index) => reader(item, `${where}[${index}]`))
      : wrong(where, "a list", value);

/** An object whose values are all of one kind. */
export const record =
  <T>(reader: Reader<T>): Reader<Record<string, T>> =>
  (value, where) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value).map(([name, item]) => [name, reader(item, `${where}.${name}`)]),
        )
      : wrong(where, "an object", value);

type Fields = Readonly<Record<string, Reader<unknown>>>;
type Read<F extends Fields> = { [K in keyof F]: F[K] extends Reader<infer T> ? T : never };
type OptionalKeys<T> = { [K in keyof T]: undefined extends T[K] ? K : never }[keyof T];
/** What a reader of an object returns: what may be `undefined` may be left out. */
export type Shape<F extends Fields> = Omit<Read<F>, OptionalKeys<Read<F>>> &
  Partial<Pick<Read<F>, OptionalKeys<Read<F>>>>;

/** An object with these fields. Fields beside them pass untouched: the Hub may know more than this library. */
export const object =
  <F extends Fields>(fields: F): Reader<Shape<F>> =>
  (value, where) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return wrong(where, "an object", value);
    // `__proto__` is an ordinary field of parsed JSON; whoever copies it on by assignment would change the prototype.
    // guard: no-prototype
    const { ["__proto__"]: _prototype, ...result } = value as Record<string, unknown>;
    for (const [name, reader] of Object.entries(fields)) {
      const own = Object.hasOwn(result, name) ? result[name] : undefined;
      const read = reader(own, where === "" ? name : `${where}.${name}`);
      if (read === undefined) delete result[name];
      else result[name] = read;
    }
    return result as Shape<F>;
  };

/** Parses a body as JSON and checks it. */
export function parseAnswer<T>(body: string, reader: Reader<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    const looks =
      body.trim() === "" ? "empty" : /^\s*</.test(body) ? "a page for people (HTML)" : "no valid JSON";
    throw new ShapeError(`the body is ${looks}`);
  }
  return reader(value, "");
}
