/** Checks one value of an answer and returns it with its type. `where` names the value in the error. */
export type Reader<T> = (value: unknown, where: string) => T;

/** An answer that cannot be used. The message names the field, never its value. The caller converts it to a {@link HubError}. */
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

/** A non-empty string. */
export const filled: Reader<string> = (value, where) =>
  typeof value === "string" && value !== "" ? value : wrong(where, "a non-empty string", value);

/** `true` or `false`. */
export const boolean: Reader<boolean> = (value, where) =>
  typeof value === "boolean" ? value : wrong(where, "true or false", value);

/** A finite number. */
export const number: Reader<number> = (value, where) =>
  typeof value === "number" && Number.isFinite(value) ? value : wrong(where, "a number", value);

// The complete text must match, because JavaScript also accepts other texts that begin in this form.
const ISO_TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/** Whether a text is a time in ISO 8601. */
export const isTime = (text: string): boolean => ISO_TIME.test(text) && !Number.isNaN(Date.parse(text));

/** Whether the day at the start of an ISO 8601 text exists. JavaScript reads 31 February as 3 March. */
export function dayExists(text: string): boolean {
  const day = text.slice(0, "2026-01-31".length);
  const at = Date.parse(day);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

/** A time in ISO 8601. */
export const time: Reader<string> = (value, where) =>
  typeof value === "string" && isTime(value) ? value : wrong(where, "a time (ISO 8601)", value);

/** One of the allowed values. */
export const oneOf =
  <const T>(...allowed: readonly T[]): Reader<T> =>
  (value, where) =>
    allowed.includes(value as T) ? (value as T) : wrong(where, `one of ${allowed.join(", ")}`, value);

/** An optional value. `null` counts as missing. */
export const optional =
  <T>(reader: Reader<T>): Reader<T | undefined> =>
  (value, where) =>
    value === undefined || value === null ? undefined : reader(value, where);

/** A value that may be `null`. A missing value counts as `null`. */
export const nullable =
  <T>(reader: Reader<T>): Reader<T | null> =>
  (value, where) =>
    value === undefined || value === null ? null : reader(value, where);

/** A list of values of one type. */
export const list =
  <T>(reader: Reader<T>): Reader<T[]> =>
  (value, where) =>
    Array.isArray(value)
      ? value.map((item, index) => reader(item, `${where}[${index}]`))
      : wrong(where, "a list", value);

/** An object whose values all have one type. */
export const record =
  <T>(reader: Reader<T>): Reader<Record<string, T>> =>
  (value, where) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            // Copying such an object later could change a prototype.
            .filter(([name]) => name !== "__proto__")
            .map(([name, item]) => [name, reader(item, where ? `${where}.${name}` : name)]),
        )
      : wrong(where, "an object", value);

type Fields = Readonly<Record<string, Reader<unknown>>>;
type Read<F extends Fields> = { [K in keyof F]: F[K] extends Reader<infer T> ? T : never };
type OptionalKeys<T> = { [K in keyof T]: undefined extends T[K] ? K : never }[keyof T];
/** The type that a reader of an object returns. Values that may be `undefined` are optional. */
export type Shape<F extends Fields> = Omit<Read<F>, OptionalKeys<Read<F>>> &
  Partial<Pick<Read<F>, OptionalKeys<Read<F>>>>;

/** An object with these fields. Other fields pass unchanged, because the Hub may have newer ones. */
export const object =
  <F extends Fields>(fields: F): Reader<Shape<F>> =>
  (value, where) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return wrong(where, "an object", value);
    // `__proto__` is an ordinary field of parsed JSON, but a later copy by assignment would change the prototype.
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
    const looks = body.trim() === "" ? "empty" : /^\s*</.test(body) ? "a web page (HTML)" : "not valid JSON";
    throw new ShapeError(`the body is ${looks}`);
  }
  return reader(value, "");
}

/** The value if it is an object, else an empty one. */
export function recordOf(value: unknown): Record<string, unknown> {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return isRecord ? (value as Record<string, unknown>) : {};
}
