// The Markdown documents of the repository, and what is in them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(__dirname, "../..");

const LEFT_OUT = new Set([
  ".git",
  ".work",
  ".vitepress",
  "node_modules",
  "dist",
  "site",
  "packed",
  "fixtures",
]);

/** The paths of all documents, from the root. */
export function documents(folder = ""): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => !LEFT_OUT.has(name))
    .flatMap((entry) => {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory()) return documents(path);
      return path.endsWith(".md") ? [path] : [];
    });
}

export const readDocument = (path: string): string => readFileSync(join(ROOT, path), "utf8");

const FENCED = /^( *)```(\w*)[^\n]*\n([\s\S]*?)^\1```$/gm;

/** The fenced blocks of a text in one language. */
export function blocks(text: string, language: string): string[] {
  return [...text.matchAll(FENCED)]
    .filter(([, , found]) => found === language)
    .map(([, , , block]) => block as string);
}

/** A text without its fenced blocks. */
export const withoutBlocks = (text: string): string => text.replace(FENCED, "");

/** A text without its code, in which brackets and bars are not Markdown. */
export function withoutCode(text: string): string {
  return withoutBlocks(text).replace(/(`+)[^`\n]+\1/g, "code");
}

/** The targets of a text's links. */
export function links(text: string): string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string);
}

/** The anchors of a text's headings, as GitHub makes them. */
export function anchors(text: string): string[] {
  const seen = new Map<string, number>();
  const headings = withoutBlocks(text).matchAll(/^#{1,6} (.+)$/gm);
  return [...headings].map(([, heading = ""]) => {
    const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = words.replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

/** The cells of all tables, without the spaces around them and the lines below headers. */
export function cells(text: string): string[] {
  return withoutBlocks(text)
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .flatMap((line) => line.split(/(?<!\\)\|/).slice(1, -1))
    .map((cell) => cell.trim())
    .filter((cell) => !/^:?-+:?$/.test(cell));
}

const SEPARATOR = /^\|(?: *:?-+:? *\|)+$/;

/** The tables of a text, each as its rows. */
const tables = (text: string): string[][] =>
  [...withoutBlocks(text).matchAll(/(?:^ *\|.*\n?)+/gm)].map(([table]) =>
    table
      .trimEnd()
      .split("\n")
      .map((row) => row.trim()),
  );

/** The first rows of the tables in which not exactly the second row is the line below the header. */
export const malformedTables = (text: string): string[] =>
  tables(text)
    .filter((rows) => rows.length < 2 || rows.some((row, index) => SEPARATOR.test(row) !== (index === 1)))
    .map(([header]) => header as string);
