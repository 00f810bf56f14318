// Names in the program. They do not depend on the place in a list. Only an object with an equal name changes them in a later run.
import { createHash } from "node:crypto";

/** With the longest type and a part of a hash, the first line of a statement fits into 80 columns. */
const LONGEST_IDENTIFIER = 26;
const LONGEST_NAME = 80;

/** Words that cannot be the name of an exported constant, or that have a meaning in a generated file. */
const RESERVED = new Set(
  (
    "abstract any arguments as asserts async await boolean break case catch class const constructor continue debugger declare default " +
    "delete do else enum eval export exports extends false finally for from function get global globalThis huggingface if implements " +
    "import in infer instanceof interface is keyof let module namespace NaN never new null number object of organization package private " +
    "process protected public pulumi readonly require return serviceAccounts set static string super switch symbol then this throw true " +
    "try type typeof undefined unique unknown config var void while with yield"
  ).split(" "),
);

/** The words of a text in ASCII, in lower case. */
function wordsOf(text: string): string[] {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "");
  return (plain.match(/[A-Za-z0-9]+/g) ?? []).map((word) => word.toLowerCase());
}

/** A text as a part of a resource's name, such as `build-pipeline`. May be empty. */
export function slugOf(text: string): string {
  return wordsOf(text).join("-").slice(0, LONGEST_NAME).replace(/-$/, "");
}

/** A name of the Hub that is safe in a resource's name, or its slug. */
export function plainName(text: string): string {
  return /^[A-Za-z0-9_.-]+$/.test(text) && text.length <= LONGEST_NAME ? text : slugOf(text);
}

/** A text as a constant in TypeScript, such as `buildPipeline`. */
export function identifierOf(text: string, noun: string): string {
  const [first = noun, ...others] = wordsOf(text);
  const joined = first + others.map((word) => word[0]?.toUpperCase() + word.slice(1)).join("");
  const named = /^[0-9]/.test(joined) ? noun + joined : joined;
  const short = named.slice(0, LONGEST_IDENTIFIER);
  return RESERVED.has(short) ? `${short}${noun[0]?.toUpperCase()}${noun.slice(1)}` : short;
}

/**
 * Makes names unique. Every object whose wanted name is not unique gets a part of the hash of its id.
 */
export function uniqueNames<T>(
  items: readonly T[],
  {
    wanted,
    id,
    noun,
    join,
  }: {
    wanted: (item: T) => string;
    id: (item: T) => string;
    /** What an item without a wanted name is called. */
    noun: (item: T) => string;
    join: string;
  },
): Map<T, string> {
  const counts = new Map<string, number>();
  for (const item of items) {
    const key = wanted(item).toLowerCase();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const names = new Map<T, string>();
  const taken = new Set<string>();
  const give = (item: T, name: string): void => {
    names.set(item, name);
    taken.add(name.toLowerCase());
  };
  const shared = items.filter((item) => {
    const name = wanted(item);
    if (name === "" || counts.get(name.toLowerCase()) !== 1) return true;
    give(item, name);
    return false;
  });
  for (const item of shared) {
    const hash = createHash("sha256").update(id(item)).digest("hex");
    let length = 6;
    const name = (): string => [wanted(item) || noun(item), hash.slice(0, length)].join(join);
    while (taken.has(name().toLowerCase())) length++;
    give(item, name());
  }
  return names;
}
