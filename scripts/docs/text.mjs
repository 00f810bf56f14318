// TSDoc as Markdown that VitePress can take: links go to the right pages, and nothing is left that Vue would interpret.

/** @typedef {import("./library.mjs").Library} Library */
/** @typedef {import("typedoc").CommentDisplayPart} Part */

/**
 * The text of a comment.
 *
 * @param {readonly Part[] | undefined} parts
 * @param {Library} library
 * @returns {string}
 */
export function textOf(parts = [], library) {
  return parts
    .map((part) => {
      if (part.kind === "text") return escaped(part.text);
      if (part.kind === "inline-tag") return linkTo(part, library);
      return part.text;
    })
    .join("")
    .trim();
}

/** A text on one line, so that it can be an item of a list. @param {string} text */
export function onOneLine(text) {
  return text.replace(/\s*\n\s*/g, " ");
}

/** Characters that Markdown or Vue would take for more than a character. @param {string} text */
export function escaped(text) {
  return text
    .replace(/\\(?=<)/g, "")
    .replaceAll("<", "&lt;")
    .replaceAll("{", "&#123;")
    .replaceAll("}", "&#125;");
}

/** Code within a line. @param {string} text */
export function code(text) {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** The line of facts below a heading. @param {(string | false | undefined)[]} facts */
export function factLine(facts) {
  return `${facts.filter(Boolean).join(" · ")} {.facts}`;
}

/** @param {string | undefined} address An address from the root of the site. @param {string} text */
export function linked(address, text) {
  return address ? `[${text}](/${address.replace(/(?=#|$)/, ".md")})` : text;
}

/** @param {import("typedoc").InlineTagDisplayPart} part @param {Library} library */
function linkTo({ target, text }, library) {
  const name = text.trim();
  const parent = typeof target === "object" && "parent" in target ? target.parent : undefined;
  const member = parent?.name === "HubClient" ? `client#${name.replace(/^.*\./, "")}` : undefined;
  return linked(member ?? library.addressOf(name), code(name));
}
