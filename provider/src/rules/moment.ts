import { isTime } from "../client/shape";
import { containsUnknown } from "../model/unknown";

/**
 * A time of the Hub in ISO 8601 and UTC; `undefined` if the text is none, or names no zone: then it would mean another
 * moment on each machine.
 */
export function momentOf(text: string): string | undefined {
  return isTime(text) && /T.*[Z+-]/.test(text) ? new Date(text).toISOString() : undefined;
}

/** A time without fractions of a second, which some answers leave out. A text that is no time stays as it is. */
export function secondOf(text: string): string {
  return momentOf(text)?.replace(/\.\d+Z$/, "Z") ?? text;
}

/** Whether two times are the same moment, however each is written; a time that is not known yet equals nothing. */
export function sameMoment(left: string | undefined, right: string | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  if (containsUnknown(left) || containsUnknown(right)) return false;
  return Date.parse(left) === Date.parse(right);
}

/** Milliseconds by which two answers may tell the same creation differently: one may leave fractions of a second out. */
const SAME_CREATION = 2000;

/** Whether two times that the Hub has told are of one creation. */
export function sameCreation(left: string, right: string): boolean {
  return Math.abs(Date.parse(left) - Date.parse(right)) <= SAME_CREATION;
}

/** Whether the calendar has the day of a time: Date.parse turns the 31st of a shorter month into a day of the next. */
export function dayExists(moment: string): boolean {
  const date = moment.slice(0, "2027-01-31".length);
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}
