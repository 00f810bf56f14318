import { containsUnknown } from "./unknown";

/** Data as the engine stores it: only JSON. */
export type Properties = Record<string, unknown>;

/** The same data without `undefined`, which the engine's wire format does not allow. */
export function withoutUndefined<T>(value: T): T {
  if (Array.isArray(value)) return value.filter((item) => item !== undefined).map(withoutUndefined) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, withoutUndefined(item)]),
  ) as T;
}

/** Compares JSON data. A key with `undefined` counts as absent, and an unknown value differs from every value. */
export function sameData(left: unknown, right: unknown): boolean {
  // guard: unknown-equals-nothing
  if (containsUnknown(left) || containsUnknown(right)) return false;
  // A fast path, because most comparisons are of equal plain values.
  if (left === right) return true;
  return canonical(left) === canonical(right);
}

/** Compares lists as sets of strings, because the Hub does not keep their order. */
export function sameSet(left: readonly string[] = [], right: readonly string[] = []): boolean {
  return sameData([...new Set(left)].sort(), [...new Set(right)].sort());
}

/** The data as one text that is the same for equal data; `undefined` for no data. */
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

/** Whether two names are the same on the Hub, where names are not case-sensitive. */
export function sameName(left: unknown, right: unknown): boolean {
  if (typeof left !== "string" || typeof right !== "string") return left === right;
  return left.toLowerCase() === right.toLowerCase();
}
