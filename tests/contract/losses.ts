// What a client has made of an answer: which fields it has lost, and which it says although the answer does not.
import { isObject } from "./schemaForms";

/** A difference between an answer and what the client returns for it. */
export interface Difference {
  /** A JSON pointer. */
  at: string;
  /** In the answer; undefined for a field that it does not have. */
  answer: unknown;
  /** From the client; undefined for a field that it does not have. */
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

/** Whether the answer says nothing: then the client may say nothing as well, in either way. */
export function isUnknown({ answer }: Difference): boolean {
  return answer === null || answer === undefined;
}

/** Whether something was made of nothing: whoever reads it takes it for what the Hub says. */
export function isInvented(difference: Difference): boolean {
  return isUnknown(difference) && difference.result !== null && difference.result !== undefined;
}

/** In words, without long values. */
export function inWords({ at, answer, result }: Difference): string {
  return `${at || "/"}: the Hub answers ${shown(answer)}, the client returns ${shown(result)}`;
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 80);
}
