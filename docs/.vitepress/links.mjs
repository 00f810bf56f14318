// Links of the repository as links of the site: a document is read in both.
import { dirname, join, normalize } from "node:path/posix";

/** Pages that include a document of the repository's root, by the name of that document. */
export const INCLUDED = { "SECURITY.md": "security.md", "CHANGELOG.md": "changelog.md" };

/** Where a document that is not on the site is read: the address of the repository's files, if the site's builder names it. */
const REPOSITORY = process.env.DOCS_REPOSITORY_URL?.replace(/\/?$/, "/");

/**
 * A plugin of markdown-it.
 *
 * @param {import("markdown-it").default} md
 */
export function repositoryLinks(md) {
  md.core.ruler.push("repository-links", ({ tokens, env }) => {
    for (const { children } of tokens) {
      for (const [index, token] of children?.entries() ?? []) {
        if (token.type !== "link_open") continue;
        const target = siteLink(token.attrGet("href") ?? "", env.relativePath);
        if (target !== undefined) token.attrSet("href", target);
        else unlink(/** @type {typeof tokens} */ (children), index);
      }
    }
  });
}

/**
 * The link on the site; `undefined` if the site does not have its target.
 *
 * @param {string} href
 * @param {string} page The path of the page, from `docs`.
 */
export function siteLink(href, page) {
  if (/^([a-z]+:|#|\/)/.test(href)) return href;
  const [path = "", anchor] = href.split("#");
  const included = Object.values(INCLUDED).includes(page);
  const target = normalize(join(included ? "." : join("docs", dirname(page)), decodeURI(path)));
  const end = anchor === undefined ? "" : `#${anchor}`;
  if (target === "README.md") return `/index.md${end}`;
  if (target in INCLUDED) return `/${INCLUDED[target]}${end}`;
  if (target.startsWith("docs/")) return `/${target.slice("docs/".length)}${end}`;
  return REPOSITORY && `${REPOSITORY}${target}${end}`;
}

/** Leaves the text of a link. @param {import("markdown-it").Token[]} tokens @param {number} open */
function unlink(tokens, open) {
  const close = tokens.findIndex(({ type }, index) => index > open && type === "link_close");
  for (const index of [open, close]) {
    Object.assign(tokens[index] ?? {}, { type: "text", tag: "", nesting: 0, content: "", attrs: null });
  }
}
