import { withoutTokens } from "../secrets";

/** Characters that JSON may contain unescaped, but that control a terminal or change the direction of a text. */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** The start of a command in the log of a pipeline; see `printableLine`. */
const COMMAND = /#(?=#\w{0,20}\[)/g;

/** A value as one line of JSON that is safe to print. Without tokens of the Hub, it means the same as the output of `JSON.stringify`. */
export function jsonLine(value: unknown): string {
  return escaped(JSON.stringify(value));
}

/** A value as indented JSON that is safe to print. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, undefined, 2).split("\n").map(escaped).join("\n");
}

function escaped(json: string): string {
  return withoutTokens(json)
    .replace(UNSAFE, (character) =>
      [...Array(character.length).keys()]
        .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`)
        .join(""),
    )
    .replace(COMMAND, "\\u0023");
}
