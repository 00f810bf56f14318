/**
 * What the engine sends in a preview in place of a value that only the update will know, for a value of any
 * type, at any depth.
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether the value itself is not known yet. */
export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/** Whether the value, or anything inside it, is not known yet. */
export function containsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (typeof value === "object" && value !== null) return Object.values(value).some(containsUnknown);
  return isUnknown(value);
}

/** The value where it is there and wholly known, else `undefined`: rules about a value wait until it is. */
export function known<T>(value: T | undefined): T | undefined {
  return value === undefined || containsUnknown(value) ? undefined : value;
}
