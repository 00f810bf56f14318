import { sameOrigin } from "./endpoint";

/** The most pages of one list. With a thousand rows each this is ten million rows, so more pages are an error of the Hub. */
export const MAX_PAGES = 10_000;

/** Why a list cannot be continued. */
export class PagingError extends Error {
  override readonly name = "PagingError";

  constructor(
    message: string,
    /** Whether the link leads to another origin, to which the token must not be sent. */
    readonly foreign = false,
  ) {
    super(message);
  }
}

/** Follows `Link` headers from page to page and detects wrong ones. */
export class Pages {
  readonly #seen = new Set<string>();

  /** @param first - the URL of the first page */
  constructor(
    private readonly endpoint: string,
    first: string,
  ) {
    this.#seen.add(new URL(first).href);
  }

  /**
   * The URL of the page after the one with this URL and `Link` header; `undefined` after the last.
   *
   * @throws PagingError for another origin, a loop, or too many pages
   */
  next(current: string, link: string | undefined): string | undefined {
    const target = nextLink(link);
    if (target === undefined) return undefined;
    let url: URL;
    try {
      url = new URL(target, current);
    } catch {
      throw new PagingError("The Hub's link to the next page is not a URL.");
    }
    // guard: link-origin
    if (!sameOrigin(url, this.endpoint)) {
      throw new PagingError(
        "The Hub's link to the next page leads to another origin, to which the token must not be sent.",
        true,
      );
    }
    url.hash = "";
    if (this.#seen.has(url.href)) throw new PagingError("The Hub's links to the next page form a loop.");
    if (this.#seen.size >= MAX_PAGES)
      throw new PagingError(`The Hub's list has more than ${MAX_PAGES} pages.`);
    this.#seen.add(url.href);
    return url.href;
  }
}

/** The target of `rel="next"` in a `Link` header (RFC 8288). */
export function nextLink(header: string | undefined): string | undefined {
  let rest = header?.slice(0, 100_000) ?? "";
  for (;;) {
    const open = rest.indexOf("<");
    const close = rest.indexOf(">", open);
    if (open < 0 || close < 0) return undefined;
    const target = rest.slice(open + 1, close).trim();
    rest = rest.slice(close + 1);
    // The parameters end at the next link. A target may contain commas, but a parameter's value contains no "<".
    const following = rest.indexOf("<");
    const parameters = following < 0 ? rest : rest.slice(0, following);
    for (const parameter of parameters.split(";")) {
      const [name = "", value = ""] = parameter.split("=", 2);
      const relations = value.replace(/[",]/g, " ").trim().toLowerCase().split(/\s+/);
      if (name.trim().toLowerCase() === "rel" && relations.includes("next")) return target;
    }
  }
}
