import { isTime } from "../client/shape";

/**
 * A time of the Hub in ISO 8601 and UTC; `undefined` if the text is none, or names no zone: then it would mean another
 * moment on each machine.
 */
export function momentOf(text: string): string | undefined {
  return isTime(text) && /T.*[Z+-]/.test(text) ? new Date(text).toISOString() : undefined;
}
