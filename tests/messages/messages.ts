// Reads the messages of the library from its sources: each text of four words or more, with … for the parts that vary.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import * as ts from "typescript";

const SOURCES = join(__dirname, "../../provider/src");
const LEAST_WORDS = 4;

/** A text of the library, and the file that contains it. */
export interface Message {
  file: string;
  text: string;
}

/** All messages of the library, in the order of the files. */
export function messagesOfSources(): Message[] {
  return readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.split(sep).join("/"))
    .sort()
    .flatMap(messagesOf);
}

function messagesOf(file: string): Message[] {
  const text = readFileSync(join(SOURCES, file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    const words = textOf(node);
    if (words === undefined) return void ts.forEachChild(node, visit);
    if (words.trim().split(/\s+/).length >= LEAST_WORDS) found.add(words);
    // The parts that vary may contain messages too.
    if (!ts.isStringLiteralLike(node)) ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found]
    .filter((each) => !isPart(each, found))
    .map((each) => ({ file: relative(".", file), text: each }));
}

/** The text of a literal, a template or a sum of them. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join("");
  }
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  const [left, right] = [textOf(node.left), textOf(node.right)];
  return left === undefined && right === undefined ? undefined : (left ?? "…") + (right ?? "…");
}

/** Whether a text was only found because the sum that contains it was searched for further texts. */
const isPart = (text: string, found: ReadonlySet<string>): boolean =>
  [...found].some((other) => other !== text && other.includes(text));
