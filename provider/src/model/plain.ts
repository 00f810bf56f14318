import { containsUnknown } from "./unknown";

/** Data as the engine keeps it: JSON, nothing else. */
export type Properties = Record<string, unknown>;

/** The same data without any `undefined`, which the engine's wire format cannot carry. */
export function withoutUndefined<T>(value: T): T {
  if (Array.isArray(value)) return value.filter((item) => item !== undefined).map(withoutUndefined) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, withoutUndefined(item)]),
  ) as T;
}

/** Equality of JSON data; a key with `undefined` counts as absent, and what is unknown equals nothing. */
export function sameData(left: unknown, right: unknown): boolean {
  // guard: unknown-equals-nothing
  if (containsUnknown(left) || containsUnknown(right)) return false;
  // Most of what is compared is the same plain value, for each property of each resource of each run.
  if (left === right) return true;
  return canonical(left) === canonical(right);
}

/** Equality as sets of strings, for lists whose order the Hub does not keep. */
export function sameSet(left: readonly string[] = [], right: readonly string[] = []): boolean {
  return sameData([...new Set(left)].sort(), [...new Set(right)].sort());
}

/** The data as one text, the same for all that counts as equal here; `undefined` for no data. */
export function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(
          Object.entries(item)
            .filter(([, inner]) => inner !== undefined)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : item,
  );
}

/** The data without these keys. */
export function withoutKeys(values: Properties, keys: readonly string[]): Properties {
  const others = { ...values };
  for (const key of keys) delete others[key];
  return others;
}

/** Whether two names are the same to the Hub, which does not tell them by their case. */
export function sameName(left: unknown, right: unknown): boolean {
  if (typeof left !== "string" || typeof right !== "string") return left === right;
  return left.toLowerCase() === right.toLowerCase();
}
