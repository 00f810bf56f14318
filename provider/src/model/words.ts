const MOST_NAMES = 10;

/** Names for a message that says how many there are: the first ten of them. */
export function firstOf(names: readonly string[]): string {
  return `${names.slice(0, MOST_NAMES).join(", ")}${names.length > MOST_NAMES ? ", …" : ""}`;
}
