// Compares the client's result with the answer: fields that it has lost, and values that it has invented.
import { isObject } from "./schemaForms";

/** A difference between an answer and the client's result for it. */
export interface Difference {
  /** A JSON pointer. */
  at: string;
  /** The value in the answer; undefined if the field is missing. */
  answer: unknown;
  /** The value in the client's result; undefined if the field is missing. */
  result: unknown;
}

/** All differences, in the order of the answer. */
export function differences(answer: unknown, result: unknown, at = ""): Difference[] {
  if (Array.isArray(answer) && Array.isArray(result)) {
    const length = Math.max(answer.length, result.length);
    return Array.from({ length }, (_, i) => differences(answer[i], result[i], `${at}/${i}`)).flat();
  }
  if (isObject(answer) && isObject(result)) {
    const names = new Set([...Object.keys(answer), ...Object.keys(result)]);
    return [...names].flatMap((name) => differences(answer[name], result[name], `${at}/${name}`));
  }
  return Object.is(answer, result) ? [] : [{ at, answer, result }];
}

/** Returns true if the answer has no value. The result may then be missing or null too. */
export function isUnknown({ answer }: Difference): boolean {
  return answer === null || answer === undefined;
}

/** Returns true if the client invented the value: a reader would take it for the Hub's. */
export function isInvented(difference: Difference): boolean {
  return isUnknown(difference) && difference.result !== null && difference.result !== undefined;
}

/** Describes a difference, without long values. */
export function inWords({ at, answer, result }: Difference): string {
  return `${at || "/"}: the Hub answers ${shown(answer)}, the client returns ${shown(result)}`;
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 80);
}
