/** In a preview, the engine sends this text instead of a value that only the update will know, at any depth. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether the value itself is not known yet. */
export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/** Whether the value, or a part of it, is not known yet. */
export function containsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (typeof value === "object" && value !== null) return Object.values(value).some(containsUnknown);
  return isUnknown(value);
}

/** The value if it is present and completely known, else `undefined`, so that rules about it wait. */
export function known<T>(value: T | undefined): T | undefined {
  return value === undefined || containsUnknown(value) ? undefined : value;
}
