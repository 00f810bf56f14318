import { type Kind } from "./kinds";

/** What a pattern is compared with. */
export interface Selectable {
  kind: Kind;
  /** The name that patterns are compared with. */
  subject: string;
}

/** Returns whether an object is selected: by any of the patterns to include, if there are any, and by none of those to exclude. */
export function selector(
  include: readonly string[],
  exclude: readonly string[],
): (each: Selectable) => boolean {
  const included = include.map(matcher);
  const excluded = exclude.map(matcher);
  return (each) =>
    (included.length === 0 || included.some((matches) => matches(each))) &&
    !excluded.some((matches) => matches(each));
}

/** A pattern `[kind:]name`, in which `*` is any text and `?` any character. It does not distinguish upper and lower case. */
function matcher(pattern: string): (each: Selectable) => boolean {
  const whole = globOf(pattern);
  return ({ kind, subject }) => whole(subject) || whole(`${kind}:${subject}`);
}

/** Compares without a regular expression, which many stars would make slow. */
function globOf(pattern: string): (text: string) => boolean {
  const wanted = [...pattern.toLowerCase()];
  return (text) => {
    const given = [...text.toLowerCase()];
    let [at, next, star, mark] = [0, 0, -1, 0];
    while (at < given.length) {
      if (next < wanted.length && wanted[next] === "*") {
        star = next++;
        mark = at;
      } else if (next < wanted.length && (wanted[next] === "?" || wanted[next] === given[at])) {
        at++;
        next++;
      } else if (star >= 0) {
        next = star + 1;
        at = ++mark;
      } else return false;
    }
    while (wanted[next] === "*") next++;
    return next === wanted.length;
  };
}
