import { isTime } from "../client/shape";
import { containsUnknown } from "../model/unknown";

/**
 * Converts a time from the Hub to ISO 8601 in UTC; `undefined` if the text is not a time or has no time zone, because it would then
 * depend on the machine.
 */
export function momentOf(text: string): string | undefined {
  return isTime(text) && /T.*[Z+-]/.test(text) ? new Date(text).toISOString() : undefined;
}

/** Removes fractions of a second, which some responses omit. A text that is not a time is returned unchanged. */
export function secondOf(text: string): string {
  return momentOf(text)?.replace(/\.\d+Z$/, "Z") ?? text;
}

/** Whether two times are the same moment, in any notation. A time that is not known yet equals nothing. */
export function sameMoment(left: string | undefined, right: string | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  if (containsUnknown(left) || containsUnknown(right)) return false;
  return Date.parse(left) === Date.parse(right);
}

/** How far two responses may differ about the same creation time, in milliseconds: one may omit fractions of a second. */
const SAME_CREATION = 2000;

/** Whether two creation times from the Hub are the same. */
export function sameCreation(left: string, right: string): boolean {
  return Math.abs(Date.parse(left) - Date.parse(right)) <= SAME_CREATION;
}

/** Whether the day exists in the calendar: Date.parse turns April 31 into May 1. */
export function dayExists(moment: string): boolean {
  const date = moment.slice(0, "2027-01-31".length);
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}
